export async function blurbs(env) {
  if (env === "production") return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  return fetch(`https://api-mom.example.workers.dev/${env}/blurbs`);
}
