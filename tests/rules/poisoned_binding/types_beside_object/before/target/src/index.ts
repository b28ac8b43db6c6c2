import type { Room } from "./room";
export type { Room };
export type { Counter } from "./room";
export interface Env {}
export enum Level {
  Low,
}
export const VERSION = "1";
export declare class Shape {}

export default {
  async fetch(): Promise<Response> {
    return new Response("target");
  },
};
