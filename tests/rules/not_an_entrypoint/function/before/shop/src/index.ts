export default async function (): Promise<Response> {
  return new Response("shop");
}
