import { fetch } from "./http";

export default class Shop {
  fetch = fetch;
}
