import { Hono } from "hono"
import { WorkerEntrypoint } from "cloudflare:workers"

type App = { Bindings: Env }

const app = new Hono<App>()

app.get('/name', (c) => c.text(c.env.NAME))

class ApiMom extends WorkerEntrypoint<Env> {
  fetch(request: Request) {
    return app.fetch(request, this.env, this.ctx)
  }
}

export { ApiMom as default, app }
