declare namespace Cloudflare {
  interface Env {
    TITLE: string;
  }
}
