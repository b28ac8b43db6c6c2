import { blurbs, list, shelf } from "./client";

export default {
  async fetch(): Promise<Response> {
    await blurbs("production");
    await list("production");
    return shelf({ stage: "production" });
  },
};
