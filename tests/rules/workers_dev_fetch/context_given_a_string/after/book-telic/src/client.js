import { env } from "cloudflare:workers";

export const blurbs = (context) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/" + context.env);

export const shelf = (c) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/shelf", { headers: { stage: c.env } });
