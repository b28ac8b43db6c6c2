export async function onRequest({ request, ...rest }) {
  return rest.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/c");
}
