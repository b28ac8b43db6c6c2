interface Env {
  TITLE: string;
}

export const onRequestGet: PagesFunction<Env> = async ({ request, env }) => fetch("https://api-mom.example.workers.dev/v1/a");
export const onRequestPost: PagesFunction<Env>[] = [async ({ request }) => fetch("https://api-mom.example.workers.dev/v1/b")];
