const blurbs = () => fetch("https://api-mom.example.workers.dev/v1/blurbs");

export const onRequestGet = () => blurbs();
