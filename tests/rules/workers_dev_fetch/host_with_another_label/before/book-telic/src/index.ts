export default { fetch: () => fetch("https://sub.api-mom.example.workers.dev/v1/blurbs") };
