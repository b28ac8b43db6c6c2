export async function onRequest({ request, ...rest }) {
  return fetch("https://api-mom.example.workers.dev/v1/c");
}
