import { app } from "@acme/prices";

export default app;
