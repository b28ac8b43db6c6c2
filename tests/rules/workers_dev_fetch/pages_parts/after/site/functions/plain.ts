interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

export const onRequestGet: PagesFunction<Env> = async ({ request, env }) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/a");
export const onRequestPost: PagesFunction<Env>[] = [async ({ request, env }) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/b")];
