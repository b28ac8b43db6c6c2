/** The bindings that every case of this folder has. */
interface Env {
  NAME: string;
  OTHER: string;
  LIMITS: Record<string, number>;
}

/** The elements that the case with JSX makes, which are plain strings. */
declare namespace JSX {
  type Element = string;
  interface IntrinsicElements {
    p: { children?: unknown };
  }
}
