import { parse } from "./parse.js";
import { env } from "cloudflare:workers";

const BASE = "https://api-mom.example.workers.dev";

export const blurbs = async (path) => parse(await env.API_MOM.fetch(BASE + path));
