import { API_MOM_URL } from "./urls";
import type { Env } from "./env";

export async function blurbs(env: Env, init?: RequestInit): Promise<Response> {
  return await fetch(`${API_MOM_URL}/v1/blurbs`, init);
}
