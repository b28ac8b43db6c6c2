export const onRequest = (context) => context.env.ORDERS.fetch("https://orders/");
