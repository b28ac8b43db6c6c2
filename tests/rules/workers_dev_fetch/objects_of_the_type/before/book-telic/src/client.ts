export type Bindings = { TITLE: string };

export const blurbs = ({ env }: { env: Bindings }) => fetch("https://api-mom.example.workers.dev/v1/blurbs/" + env.TITLE);

export const title = ({ env }: { env: Bindings } = { env: { TITLE: "" } }) => env.TITLE;
