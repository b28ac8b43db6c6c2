export default { fetch: () => {} };
