"""Where a route is put into the entry, and where it is not for want of proof."""

import pytest

from codemod.errors import Refused

CONFIGURATION = (
    '{ "name": "caller", "main": "src/index.ts", '
    '"services": [{ "binding": "API", "service": "api" }] }'
)
IMPORT = 'import { bindingHealth } from "./binding-health";'
CONDITION = 'new URL(request.url).pathname === "/health/bindings"'


def files(code: str, **more: str) -> dict[str, str]:
    return {
        "wrangler.json": CONFIGURATION,
        "src/index.ts": code,
        **{f"src/{name}.ts": text for name, text in more.items()},
    }


WIRED = [
    pytest.param(
        """\
export default {
  async fetch(request, env) {
    return env.API.fetch(request);
  },
};
""",
        f"""\
{IMPORT}

export default {{
  async fetch(request, env) {{
    if ({CONDITION}) {{
      return bindingHealth(env);
    }}
    return env.API.fetch(request);
  }},
}};
""",
        id="a method",
    ),
    pytest.param(
        """\
#!/usr/bin/env node
// What comes in is passed on.
import a from "a"; // for its effects

const app = {
    fetch: async function (req: Request, bindings: Env, ctx: ExecutionContext) {
        return bindings.API.fetch(req);
    },
} satisfies ExportedHandler<Env>;
export default app as ExportedHandler<Env>;
""",
        """\
#!/usr/bin/env node
// What comes in is passed on.
import a from "a"; // for its effects
import { bindingHealth } from "./binding-health";

const app = {
    fetch: async function (req: Request, bindings: Env, ctx: ExecutionContext) {
        if (new URL(req.url).pathname === "/health/bindings") {
            return bindingHealth(bindings);
        }
        return bindings.API.fetch(req);
    },
} satisfies ExportedHandler<Env>;
export default app as ExportedHandler<Env>;
""",
        id="a function with names of its own",
    ),
    pytest.param(
        """\
export default { fetch: async (request, env) => { return env.API.fetch(request) } }
const bindingHealth = 1
""",
        """\
import { bindingHealth as bindingHealth2 } from "./binding-health"

export default { fetch: async (request, env) => {
  if (new URL(request.url).pathname === "/health/bindings") {
    return bindingHealth2(env)
  }
  return env.API.fetch(request) } }
const bindingHealth = 1
""",
        id="a body on one line, and a name that is taken",
    ),
    pytest.param(
        """\
import { WorkerEntrypoint } from 'cloudflare:workers';
import { other } from './other.js';

export default class extends WorkerEntrypoint<Env> {
\tasync fetch(request) {
\t\t// all of them
\t\treturn this.env.API.fetch(request);
\t}
}
""",
        """\
import { WorkerEntrypoint } from 'cloudflare:workers';
import { other } from './other.js';
import { bindingHealth } from './binding-health.js';

export default class extends WorkerEntrypoint<Env> {
\tasync fetch(request) {
\t\tif (new URL(request.url).pathname === '/health/bindings') {
\t\t\treturn bindingHealth(this.env);
\t\t}
\t\t// all of them
\t\treturn this.env.API.fetch(request);
\t}
}
""",
        id="a class",
    ),
    pytest.param(
        """\
import { Hono } from "hono";

const app = new Hono<{ Bindings: Env }>();
app.get("/", (c) => c.text("here"));
app.use("/admin/*", guard).get("/admin", page); // guarded
app.all("*", (c) => c.env.API.fetch(c.req.raw));

export type App = typeof app;
export default app;
""",
        """\
import { Hono } from "hono";
import { bindingHealth } from "./binding-health";

const app = new Hono<{ Bindings: Env }>();
app.get("/", (c) => c.text("here"));
app.use("/admin/*", guard).get("/admin", page); // guarded
app.get("/health/bindings", (c) => bindingHealth(c.env));
app.all("*", (c) => c.env.API.fetch(c.req.raw));

export type App = typeof app;
export default app;
""",
        id="a Hono app, behind its last middleware and before what takes everything",
    ),
    pytest.param(
        """\
import { Hono } from 'hono'
const app = new Hono<{ Bindings: Env }>()
app.use(guard); start()
export default app
""",
        """\
import { Hono } from 'hono'
import { bindingHealth } from './binding-health'
const app = new Hono<{ Bindings: Env }>()
app.use(guard); app.get('/health/bindings', (c) => bindingHealth(c.env)); start()
export default app
""",
        id="a Hono app with other code in its line",
    ),
    pytest.param(
        """\
import { Hono } from "hono";
type E = { Bindings: Env };
export default new Hono<E>().get("/", one);
""",
        """\
import { Hono } from "hono";
import { bindingHealth } from "./binding-health";
type E = { Bindings: Env };
export default new Hono<E>().get("/health/bindings", (c) => bindingHealth(c.env)).get("/", one);
""",
        id="a Hono app without a name, in one line",
    ),
    pytest.param(
        """\
import { Hono } from "hono";

export default new Hono<{ Bindings: Env }>()
  .use("/admin/*", guard)
  .use(log)
  .all("*", (c) => c.env.API.fetch(c.req.raw));
""",
        """\
import { Hono } from "hono";
import { bindingHealth } from "./binding-health";

export default new Hono<{ Bindings: Env }>()
  .use("/admin/*", guard)
  .use(log)
  .get("/health/bindings", (c) => bindingHealth(c.env))
  .all("*", (c) => c.env.API.fetch(c.req.raw));
""",
        id="a Hono app without a name, behind its last middleware",
    ),
    pytest.param(
        """\
import { WorkerEntrypoint } from "cloudflare:workers";
export default class extends WorkerEntrypoint<Env> {
  fetch = async (request: Request) => {
    return this.env.API.fetch(request);
  };
}
""",
        """\
import { WorkerEntrypoint } from "cloudflare:workers";
import { bindingHealth } from "./binding-health";
export default class extends WorkerEntrypoint<Env> {
  fetch = async (request: Request) => {
    if (new URL(request.url).pathname === "/health/bindings") {
      return bindingHealth(this.env);
    }
    return this.env.API.fetch(request);
  };
}
""",
        id="a field of a class",
    ),
]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "after"), WIRED)
def test_the_route_is_asked_first(repository, add, before, after, line_break):
    root = repository(files(before.replace("\n", line_break), other="export const other = 1;\n"))

    add(root, "health", wire=True)

    text = (root / "src/index.ts").read_bytes().decode()
    assert text == after.replace("\n", line_break)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "export default { fetch(request, env) { return env.API.fetch(request); } };",
            "not async",
        ),
        (
            "export default { fetch: (request, env) => env.API.fetch(request) };",
            "not async",
        ),
        (
            "export default { fetch: async (request, env) => env.API.fetch(request) };",
            "without a body",
        ),
        (
            "export default { async *fetch(request, env) { yield env.API.fetch(request); } };",
            "not async",
        ),
        (
            "export default { async fetch({ url }, env) { return env.API.fetch(url); } };",
            "plain parameters",
        ),
        (
            "export default { async fetch(request, { API }) { return API.fetch(request); } };",
            "plain parameters",
        ),
        (
            "export default { async fetch(request) { return new Response(request.url); } };",
            "plain parameters",
        ),
        (
            "export default { async fetch(request, env = {}) { return env.API.fetch(request); } };",
            "plain parameters",
        ),
        (
            "export default { async fetch(request, env?: E) { return env.API.fetch(request); } };",
            "plain parameters",
        ),
        (
            "async function fetch(request, env) { return env.API.fetch(request); }\n"
            "export default { fetch };",
            "refers to a function",
        ),
        (
            "export default wrap({ async fetch(request, env) { return env.API.fetch(''); } });",
            "no object or entrypoint class",
        ),
        (
            "class App { async fetch(request, env) { return env.API.fetch(request); } }\n"
            "export default new App();",
            "no object or entrypoint class",
        ),
        (
            "import { URL } from './url';\n"
            "export default { async fetch(request, env) { return env.API.fetch(request); } };",
            "URL is a name of its own",
        ),
        (
            "export default { async fetch(request, env) { const URL = 1; return URL; } };",
            "URL is a name of its own",
        ),
        (
            "export default { async fetch(request, env) { return env.API.fetch(; } };",
            "does not parse",
        ),
        ("export { default } from './other';", "another module"),
        ("export const fetch = 1;", "no default export"),
        (
            "import { WorkerEntrypoint } from 'cloudflare:workers';\n"
            "export default class extends WorkerEntrypoint { async fetch() { return 1; } }",
            "plain parameters",
        ),
        (
            "import { DurableObject } from 'cloudflare:workers';\n"
            "export default class extends DurableObject { async fetch(request) { return 1; } }",
            "no object or entrypoint class",
        ),
        (
            "import { Hono } from 'hono';\nconst app = new Hono().basePath('/api');\n"
            "export default app;",
            "no plain `new Hono",
        ),
        (
            "import { Hono } from './hono';\nconst app = new Hono();\nexport default app;",
            "default",
        ),
        (
            "import { Hono } from 'hono';\nconst app = new Hono();\naddRoutes(app);\n"
            "export default app;",
            "more ways than to add routes",
        ),
        (
            "import { Hono } from 'hono';\nconst app = new Hono();\n"
            "app.all('*', one);\napp.use(guard);\nexport default app;",
            "may answer before its last middleware",
        ),
        (
            "import { Hono } from 'hono';\nconst app = new Hono();\n"
            "app.get('/:any/:other', one).use(guard);\nexport default app;",
            "may answer before its last middleware",
        ),
        (
            "import { Hono } from 'hono';\nconst app = new Hono();\n"
            "for (const path of paths) app.get(path, one);\nexport default app;",
            "more ways than to add routes",
        ),
        (
            "import { Hono } from 'hono';\nexport default new Hono<{ Bindings: Env }>()"
            ".basePath('/api').get('/', one);",
            "no plain `new Hono",
        ),
        (
            "import { Hono } from './hono';\nexport default new Hono().get('/', one);",
            "no object or entrypoint class",
        ),
        (
            "import { Hono } from 'hono';\n"
            "export default new Hono<{ Bindings: Env }>().get('*', one).use(guard);",
            "may answer before the last middleware",
        ),
        (
            "import { WorkerEntrypoint } from 'cloudflare:workers';\n"
            "export default class extends WorkerEntrypoint<Env> { fetch = handle; }",
            "no function that is written there|refers to a function|no object or entrypoint",
        ),
        (
            "import { WorkerEntrypoint } from 'cloudflare:workers';\n"
            "export default class extends WorkerEntrypoint<Env> "
            "{ fetch = (request) => this.env.API.fetch(request); }",
            "not async",
        ),
    ],
)
def test_what_is_not_proved_is_left_alone_and_told(repository, add, code, reason):
    other = "export default { async fetch(request, env) { return env.API.fetch(request); } };"
    root = repository(
        files(code, other=other, hono="export class Hono {}", url="export class URL {}")
    )

    with pytest.raises(Refused, match=reason) as refused:
        add(root, "health", wire=True)

    assert "by hand: `import { bindingHealth }" in str(refused.value)
    assert (root / "src/index.ts").read_text() == code
    assert add(root, "health").changes  # without wiring


BODY = "{ return new Response(request.url); }"
ENTRYPOINT = "import { WorkerEntrypoint } from 'cloudflare:workers';\n"
HONO = "import { Hono } from 'hono';\n"


@pytest.mark.parametrize(
    ("code", "is_wired"),
    [
        (f"export default {{ async fetch(request, env: any) {BODY} }};", True),
        (f"export default {{ async fetch(request, env: Env) {BODY} }};", True),
        (f"export default {{ async fetch(request, env: {{ API: Fetcher }}) {BODY} }};", False),
        (f"export default {{ async fetch(request, env) {BODY} }} as ExportedHandler;", False),
        (
            "interface Env { KV: KVNamespace }\n"
            f"export default {{ async fetch(request, env: Env) {BODY} }};",
            False,
        ),
        (
            "interface Env { KV: KVNamespace; API: Fetcher }\n"
            f"export default {{ async fetch(request, env: Env) {BODY} }};",
            True,
        ),
        (
            ENTRYPOINT
            + "export default class extends WorkerEntrypoint<Env> { async fetch(request) "
            + f"{BODY} }}",
            True,
        ),
        (
            ENTRYPOINT
            + "function help(env: Env) {}\n"
            + f"export default class extends WorkerEntrypoint {{ async fetch(request) {BODY} }}",
            False,
        ),
        (f"{HONO}const app = new Hono<{{ Bindings: Env }}>();\nexport default app;\n", True),
        (f"{HONO}const app = new Hono();\nexport default app;\n", False),
        (
            f"{HONO}import {{ T }} from './t';\nconst app = new Hono<T>();\nexport default app;\n",
            False,
        ),
    ],
)
def test_the_types_must_be_known_to_fit(repository, add, code, is_wired):
    root = repository(files(code))

    if is_wired:
        assert len(add(root, "health", wire=True).changes) == 2
    else:
        with pytest.raises(Refused, match="whether its environment has the type"):
            add(root, "health", wire=True)


KNOWS = """\
export default {
  async fetch(request, env) {
    return new URL(request.url).pathname === "%s" ? new Response() : env.API.fetch(request);
  },
};
"""


def test_a_path_that_the_code_answers_itself_stays_its_own(repository, add):
    with pytest.raises(Refused, match="knows /health/bindings already"):
        add(repository(files(KNOWS % "/health/bindings")), "health", wire=True)


@pytest.mark.parametrize("path", ["/health", "/health/bindings/all"])
def test_a_path_like_it_is_another_one(repository, add, path):
    assert len(add(repository(files(KNOWS % path)), "health", wire=True).changes) == 2


@pytest.mark.parametrize("main", ["src/index.ts", "src/other.ts"])
def test_a_module_of_two_workers_is_not_wired_for_one(repository, add, main):
    code = KNOWS % "/"
    more = {"b/wrangler.json": f'{{ "name": "b", "main": "../{main}" }}'}
    root = repository({**files(code, other=code), **more})

    if main == "src/other.ts":
        assert len(add(root, "health", wire=True).changes) == 2
    else:
        with pytest.raises(Refused, match="has the same entry module"):
            add(root, "health", wire=True)


def test_javascript_has_no_types_to_fit(with_targets, add):
    assert len(add(with_targets("hono_js"), "health", wire=True).changes) == 2


def test_both_routes_go_into_one_entry(with_targets, add):
    root = with_targets("ts_object")

    add(root, "diagnose", wire=True)
    add(root, "health", wire=True)

    text = (root / "caller/src/index.ts").read_text()
    assert text.count("return handleDiagnose(env);") == 1
    assert text.count("return bindingHealth(env);") == 1


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (
            "export default { fetch(request, env) { return env.API.fetch(request); } };",
            f"if ({CONDITION}) return bindingHealth(env);",
        ),
        (
            f"{ENTRYPOINT}export default class extends WorkerEntrypoint "
            "{ fetch(request) { return this.env.API.fetch(request); } }",
            "return bindingHealth(this.env);",
        ),
        (
            f"{HONO}const api = new Hono();\nexport default api;",
            "api.get('/health/bindings', (c) => bindingHealth(c.env));",
        ),
        (
            f"{HONO}export default new Hono();",
            "app.get('/health/bindings', (c) => bindingHealth(c.env));",
        ),
    ],
)
def test_what_to_write_by_hand_is_for_what_the_entry_has(repository, add, code, line):
    made = add(repository(files(code)), "health")

    assert line.replace("'", '"') in "".join(made.steps).replace("'", '"')
