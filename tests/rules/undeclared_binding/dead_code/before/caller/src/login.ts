interface Env {
  AUTH: Fetcher;
}

export const none = "none";

export function login(env: Env): Promise<Response> {
  return env.AUTH.fetch("https://auth/");
}
