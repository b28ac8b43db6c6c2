// Blurbs of the book.

import { env } from "cloudflare:workers";

const blurbs = () => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");

export default { fetch: () => blurbs() };
