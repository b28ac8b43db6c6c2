import { Hono } from "hono"

type App = { Bindings: Env }

const app = new Hono<App>()

app.get('/name', (c) => c.text(c.env.NAME))

export { app as default, app }
