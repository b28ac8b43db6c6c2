export const onRequest = async ({
  request,
  env: { TITLE },
}) => {
  return fetch(`https://api-mom.example.workers.dev/v1/${TITLE}`);
};
