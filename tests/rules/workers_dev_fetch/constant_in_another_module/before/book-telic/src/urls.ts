export const API_MOM_URL = "https://api-mom.example.workers.dev";
