export * from "@acme/shop";
