export const blurbs = (env) => fetch("https://api-mom.example.workers.dev/v1/blurbs");
