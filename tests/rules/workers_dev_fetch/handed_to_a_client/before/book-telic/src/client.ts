interface Options {
  fetch: typeof fetch;
  baseUrl: string;
}

export const createClient = (options: Options) => ({
  get: (path: string) => options.fetch(options.baseUrl + path),
});
