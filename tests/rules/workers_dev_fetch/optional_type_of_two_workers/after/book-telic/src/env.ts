export interface Env {
  MOM?: Fetcher;
}
