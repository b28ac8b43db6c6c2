interface Env {
  IMAGES: ImagesBinding;
  ORIGINALS: R2Bucket;
  RENDITIONS: R2Bucket;
}

const WIDTHS = [320, 640, 1280, 2560];

/** `GET /images/<key>?width=640`: the picture in WebP, scaled once and kept. */
const scalableMedia: ExportedHandler<Env> = {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const key = /^\/images\/([\w.-]+)$/.exec(pathname)?.[1];
    if (key === undefined) {
      return new Response("Not Found", { status: 404 });
    }
    const width = Number(searchParams.get("width") ?? 1280);
    if (!WIDTHS.includes(width)) {
      return new Response(`width must be one of ${WIDTHS.join(", ")}`, { status: 400 });
    }

    const kept = await env.RENDITIONS.get(`${width}/${key}`);
    if (kept) {
      return webp(kept.body);
    }
    const original = await env.ORIGINALS.get(key);
    if (!original) {
      return new Response("Not Found", { status: 404 });
    }
    const picture = await scale(original.body, width, env);
    await env.RENDITIONS.put(`${width}/${key}`, picture);
    return webp(picture);
  },
};

export default scalableMedia;

async function scale(original: ReadableStream, width: number, env: Env): Promise<ArrayBuffer> {
  const result = await env.IMAGES.input(original)
    .transform({ width, fit: "scale-down" })
    .output({ format: "image/webp" });
  return result.response().arrayBuffer();
}

function webp(body: ReadableStream | ArrayBuffer): Response {
  return new Response(body, {
    headers: { "content-type": "image/webp", "cache-control": "public, max-age=86400" },
  });
}
