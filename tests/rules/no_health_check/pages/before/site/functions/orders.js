export const onRequest = (context) => context.env.ORDERS.fetch(context.request);
