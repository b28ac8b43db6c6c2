interface Env {
  API_MOM: Fetcher;
}

export const onRequestGet: PagesFunction<Env> = async (context) => {
  return context.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
};
