export type Bindings = { TITLE: string; API_MOM: Fetcher };

export const blurbs = ({ env }: { env: Bindings }) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs/" + env.TITLE);

export const title = ({ env }: { env: Bindings } = { env: { TITLE: "" } }) => env.TITLE;
