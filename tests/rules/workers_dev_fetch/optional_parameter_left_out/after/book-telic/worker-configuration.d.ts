declare namespace Cloudflare {
  interface Env {
    API_MOM: Fetcher;
  }
}
interface Env extends Cloudflare.Env {}
