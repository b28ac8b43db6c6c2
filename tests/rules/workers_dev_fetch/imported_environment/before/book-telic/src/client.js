import { parse } from "./parse.js";

const BASE = "https://api-mom.example.workers.dev";

export const blurbs = async (path) => parse(await fetch(BASE + path));
