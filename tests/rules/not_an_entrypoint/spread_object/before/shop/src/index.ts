import { handlers } from "@acme/shop";

export default { ...handlers };
