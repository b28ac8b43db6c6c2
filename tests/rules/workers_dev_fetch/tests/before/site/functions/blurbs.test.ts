export const onRequest = () => fetch("https://api-mom.example.workers.dev/v1/blurbs");
