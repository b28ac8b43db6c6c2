export const parse = (response) => response.text();
