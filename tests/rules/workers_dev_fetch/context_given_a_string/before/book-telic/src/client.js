export const blurbs = (context) => fetch("https://api-mom.example.workers.dev/v1/" + context.env);

export const shelf = (c) => fetch("https://api-mom.example.workers.dev/v1/shelf", { headers: { stage: c.env } });
