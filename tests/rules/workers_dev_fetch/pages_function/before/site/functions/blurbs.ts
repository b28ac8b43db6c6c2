interface Env {}

export const onRequestGet: PagesFunction<Env> = async (context) => {
  return fetch("https://api-mom.example.workers.dev/v1/blurbs");
};
