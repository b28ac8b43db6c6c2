export * from "rooms";
