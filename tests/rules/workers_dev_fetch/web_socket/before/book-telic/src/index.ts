interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const socket = new WebSocket("wss://api-mom.example.workers.dev/v1/events");
    socket.accept();
    return new Response(env.TITLE);
  },
};
