export function notAllowed(method: string): never {
  throw new Error(`${method} is not allowed`);
}

export const missing = () => {
  throw new Error("missing");
};
