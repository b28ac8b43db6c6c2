export const ANSWER = "caller";
