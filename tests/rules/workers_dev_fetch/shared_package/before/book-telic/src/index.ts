import { blurbs } from "client";

export default { fetch: () => blurbs() };
