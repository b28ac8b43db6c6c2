interface Env {
  TITLE: string;
}

const onGet: PagesFunction<Env> = async (context) => fetch("https://api-mom.example.workers.dev/v1/blurbs");
const onPost: PagesFunction<Env> = async ({ request }) => fetch("https://api-mom.example.workers.dev/v1/add", { method: request.method });
const onPut: PagesFunction<Env> = async ({ env: { TITLE } }) => fetch(`https://api-mom.example.workers.dev/v1/${TITLE}`);

export default { onGet, onPost, onPut, fetch: () => new Response("book-telic") };
