import axios from "axios";

interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const blurbs = await axios.get("https://api-mom.example.workers.dev/v1/blurbs");
    return new Response(blurbs.data);
  },
};
