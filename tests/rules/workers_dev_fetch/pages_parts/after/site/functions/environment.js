export const onRequest = async ({
  request,
  env: { TITLE, API_MOM },
}) => {
  return API_MOM.fetch(`https://api-mom.example.workers.dev/v1/${TITLE}`);
};
