#!/usr/bin/env node
/* eslint-disable no-console */

// The Worker that does it all.
// Second line.

// Right above.
export default {
  fetch: () => new Response("ok"),
};
