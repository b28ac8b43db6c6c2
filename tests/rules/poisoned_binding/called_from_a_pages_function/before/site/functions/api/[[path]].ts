export const onRequest: PagesFunction<Env> = async (context) => {
  return context.env.TARGET.fetch(context.request);
};
