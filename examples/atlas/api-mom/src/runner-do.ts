import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env";

/** The tunnel to one local machine: the machine holds a WebSocket open, jobs go down it. */
export class RunnerDO extends DurableObject<Env> {
	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		// Heartbeats are answered without waking the object.
		ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
	}

	async fetch(request: Request): Promise<Response> {
		if (request.headers.get("Upgrade") !== "websocket") {
			return new Response("Expected a WebSocket", { status: 426 });
		}
		for (const stale of this.ctx.getWebSockets()) {
			stale.close(1000, "The machine connected again.");
		}
		const { 0: client, 1: server } = new WebSocketPair();
		this.ctx.acceptWebSocket(server);
		return new Response(null, { status: 101, webSocket: client });
	}

	/** Whether a machine was there to take the job. */
	async dispatch(job: string): Promise<boolean> {
		const socket = this.ctx
			.getWebSockets()
			.find(({ readyState }) => readyState === WebSocket.READY_STATE_OPEN);
		socket?.send(job);
		return socket !== undefined;
	}
}
