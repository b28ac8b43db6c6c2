// Blurbs of the book.


const blurbs = () => fetch("https://api-mom.example.workers.dev/v1/blurbs");

export default { fetch: () => blurbs() };
