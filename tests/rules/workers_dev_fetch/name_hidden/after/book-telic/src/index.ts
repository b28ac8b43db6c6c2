import { Client } from "./client.js";

export default {
  fetch: () => new Client().blurbs(),
};
