import Shop from "../src/index";

export const shop = new Shop();
