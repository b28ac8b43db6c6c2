class ApiMom {}

type ApiMomWorker = ApiMom;

export const made: ApiMomWorker = new ApiMom();

export default {
  fetch: () => new Response("ok"),
};
