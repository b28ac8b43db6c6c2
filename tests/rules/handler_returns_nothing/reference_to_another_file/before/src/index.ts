import { handleRequest } from "./handler";

export default { fetch: handleRequest } satisfies ExportedHandler;
