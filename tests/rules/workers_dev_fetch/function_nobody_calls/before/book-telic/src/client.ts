export const TITLE = "Book Telic";

export function blurbs(): Promise<Response> {
  return fetch("https://api-mom.example.workers.dev/v1/blurbs");
}
