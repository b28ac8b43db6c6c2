export const onRequest: PagesFunction<Env> = (context) => context.env.AUTH.fetch(context.request);
