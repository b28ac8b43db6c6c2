#!/usr/bin/env node
/* eslint-disable no-console */

// The Worker that does it all.
// Second line.

import { WorkerEntrypoint } from "cloudflare:workers";

// Right above.
export default class ApiMom extends WorkerEntrypoint {
  fetch() {
    return new Response("ok");
  }
}
