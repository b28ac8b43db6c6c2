declare namespace Cloudflare {
  interface Env {
    TITLE: string;
    API_MOM: Fetcher;
  }
}
