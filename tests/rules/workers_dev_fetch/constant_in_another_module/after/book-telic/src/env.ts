export type Env = {
  TITLE: string,
  API_MOM: Fetcher,
};
