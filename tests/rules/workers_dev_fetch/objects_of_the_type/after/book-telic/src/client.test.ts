import { type Bindings, title } from "./client";

const env: Bindings = { TITLE: "Telic" };
const made = (): Bindings => ({ TITLE: "Telic" });
const copied: Bindings = { ...env };
const part: Partial<Bindings> = {};
console.assert(title({ env }) === made().TITLE, copied, part);
