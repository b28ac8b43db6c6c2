type Bindings = { TITLE: string };

export const blurbs = (env: Bindings, method: string) => {
  const body = env.TITLE;
  return fetch("https://api-mom.example.workers.dev/v1/blurbs", { method, body });
};
