export const blurbs = async (env: any) => fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers: { env } });

export const list = async (env: unknown) => fetch("https://api-mom.example.workers.dev/v1/list");

export const shelf = async (env: { stage: string }) => fetch("https://api-mom.example.workers.dev/v1/" + env.stage);
