// Passes everything on but its own page.
const answer = 'caller';

const handler = {
    fetch: async (req, environment) => {
        const { pathname } = new URL(req.url);
        return pathname === '/' ? new Response(answer) : environment.API.fetch(req);
    },
};

export { handler as default };
