const request = { url: "" };

function fetch(asked: Request, env: Env) {
	request.url = asked.url;
	return new Response(`${request.url} ${env.NAME}`);
}

export default { fetch };
