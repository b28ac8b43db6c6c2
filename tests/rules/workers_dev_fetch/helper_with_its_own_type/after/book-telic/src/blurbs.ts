type Bindings = { TITLE: string; API_MOM: Fetcher };

export const blurbs = (env: Bindings, method: string) => {
  const body = env.TITLE;
  return env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs", { method, body });
};
