interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

const onGet: PagesFunction<Env> = async (context) => context.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
const onPost: PagesFunction<Env> = async ({ request, env }) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/add", { method: request.method });
const onPut: PagesFunction<Env> = async ({ env: { TITLE, API_MOM } }) => API_MOM.fetch(`https://api-mom.example.workers.dev/v1/${TITLE}`);

export default { onGet, onPost, onPut, fetch: () => new Response("book-telic") };
