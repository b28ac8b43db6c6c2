import { AutoRouter } from "itty-router";

const router = AutoRouter();
router.get("/", () => "home");

export default { ...router, port: 8787 };
