export const USERS = "/users";
export const ROUTES = { orders: "/orders/", health: "/health" };
