let ran = 0
let sum = 0
let all = ""
const sep = ","

export default {
  async fetch(request, env, ctx) {
    ctx.waitUntil(Promise.resolve());
    ctx.passThroughOnException?.();
    return new Response(env.NAME + request.method + sep + all + ran + sum);
  },
}
