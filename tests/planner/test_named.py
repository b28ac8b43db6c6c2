"""Naming a default object: what is added to the target, and what cannot be named."""

import pytest

from codemod.planner import named
from codemod.planner.named import Naming
from codemod.planner.refusal import Refusal

HONO = 'import { Hono } from "hono";\n'


def naming(target) -> Naming:
    found = named.propose(target.modules, target.worker)
    assert isinstance(found, Naming), found
    return found


def test_a_constant_is_exported_once_more(target):
    made = target("const worker = {\n  fetch() {},\n};\n\nexport default worker;\n")

    found = naming(made)

    assert found.name == "Http"
    assert made.after(found.edits) == {
        "index.ts": "const worker = {\n  fetch() {},\n};\n\n"
        "export default worker;\nexport { worker as Http };\n"
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "/** @type {ExportedHandler<Env>} */\n"
            "export default {\n  fetch() {},\n} satisfies ExportedHandler<Env>;\n",
            "/** @type {ExportedHandler<Env>} */\n"
            "const handler = {\n  fetch() {},\n} satisfies ExportedHandler<Env>;\n\n"
            "export default handler;\nexport { handler as Http };\n",
            id="an object without a name gets one, its comment goes with it",
        ),
        pytest.param(
            "export default { fetch() {} }; // all of it\n",
            "const handler = { fetch() {} }; // all of it\n"
            "export default handler;\nexport { handler as Http };\n",
            id="a comment at the statement's end stays there",
        ),
        pytest.param(
            "export default /* the object */ { fetch() {} };",
            "const handler = /* the object */ { fetch() {} };\n"
            "export default handler;\nexport { handler as Http };",
            id="no line end at the end, a comment before the value",
        ),
        pytest.param(
            "export default ({ fetch() {} } as ExportedHandler<Env>);\n",
            "const handler = ({ fetch() {} } as ExportedHandler<Env>);\n"
            "export default handler;\nexport { handler as Http };\n",
            id="parentheses and a cast stay",
        ),
        pytest.param(
            "import a from 'x'\r\n\r\nexport default { fetch() {} }\r\n",
            "import a from 'x'\r\n\r\nconst handler = { fetch() {} }\r\n"
            "export default handler\r\nexport { handler as Http }\r\n",
            id="no semicolons, CRLF",
        ),
        pytest.param(
            "export default { fetch() { return new Response() } };\n",
            "const handler = { fetch() { return new Response() } };\n"
            "export default handler;\nexport { handler as Http };\n",
            id="a body on one line tells nothing of semicolons",
        ),
        pytest.param(
            "import { helper } from './x';\nexport default { fetch() {} }; helper();\n",
            "import { helper } from './x';\nconst handler = { fetch() {} };\n"
            "export default handler;\nexport { handler as Http }; helper();\n",
            id="more code on the statement's line",
        ),
        pytest.param(
            "const handler = 1;\nconst Http = 2;\n"
            "export default { fetch() { return handler; } };\n",
            "const handler = 1;\nconst Http = 2;\n"
            "const worker = { fetch() { return handler; } };\n"
            "export default worker;\nexport { worker as HttpHandler };\n",
            id="names that the module has are left to it",
        ),
        pytest.param(
            f"{HONO}const app = new Hono();\nexport default app\n",
            f"{HONO}const app = new Hono();\nexport default app\nexport {{ app as Http }};\n",
            id="an app",
        ),
        pytest.param(
            "class App { fetch() {} }\nexport default new App();\n",
            "class App { fetch() {} }\nconst handler = new App();\n"
            "export default handler;\nexport { handler as Http };\n",
            id="an instance",
        ),
        pytest.param(
            'import { withSentry } from "@sentry/cloudflare";\n'
            "export default withSentry(() => ({}), { fetch() {} });\n",
            'import { withSentry } from "@sentry/cloudflare";\n'
            "const handler = withSentry(() => ({}), { fetch() {} });\n"
            "export default handler;\nexport { handler as Http };\n",
            id="what a wrapper gives",
        ),
        pytest.param(
            "const worker = { fetch() {} };\n"
            "export { worker as default, other };\nclass other {}\n",
            "const worker = { fetch() {} };\n"
            "export { worker as default, worker as Http, other };\nclass other {}\n",
            id="a list of exports on one line",
        ),
        pytest.param(
            "const worker = { fetch() {} };\nexport {\n\tworker as default,\n};\n",
            "const worker = { fetch() {} };\n"
            "export {\n\tworker as default,\n\tworker as Http,\n};\n",
            id="a list of exports on several lines",
        ),
        pytest.param(
            'export { default } from "./worker";\n',
            'export { default, default as Http } from "./worker";\n',
            id="another module's default export",
        ),
        pytest.param(
            'export { worker as default } from "./worker";\n',
            'export { worker as default, worker as Http } from "./worker";\n',
            id="another module's export by name",
        ),
        pytest.param(
            'import worker from "./worker";\nexport default worker;\n',
            'import worker from "./worker";\nexport default worker;\nexport { worker as Http };\n',
            id="an import that is exported",
        ),
        pytest.param(
            "const worker = { fetch() {} };\nexport default worker satisfies ExportedHandler;\n",
            "const worker = { fetch() {} };\nexport default worker satisfies ExportedHandler;\n"
            "export { worker as Http };\n",
            id="a name with a type",
        ),
    ],
)
def test_naming(target, before, after):
    worker = "export const worker = { fetch() {} };\nexport default { fetch() {} };\n"
    made = target(before, {"worker.ts": worker})
    assert made.after(naming(made).edits) == {"index.ts": after}


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        pytest.param(
            f"{HONO}export const app = new Hono();\nexport default app;\n", "app", id="a constant"
        ),
        pytest.param(
            "const worker = { fetch() {} };\nexport { worker as default, worker as Main };\n",
            "Main",
            id="a list",
        ),
        pytest.param(
            'export { default, default as Main } from "./worker";\n', "Main", id="re-exports"
        ),
    ],
)
def test_a_name_that_it_has_is_taken(target, entry, name):
    made = target(entry, {"worker.ts": "export default { fetch() {} };\n"})
    assert naming(made) == Naming(name, ())


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(
            "const other = { fetch() {} };\nexport { other };\nexport default { fetch() {} };\n",
            id="another object is exported by name",
        ),
        pytest.param(
            'export { default, Other } from "./worker";\n', id="another export of the module"
        ),
    ],
)
def test_a_name_of_something_else_is_not_taken(target, entry):
    worker = "export class Other {}\nexport default { fetch() {} };\n"
    assert naming(target(entry, {"worker.ts": worker})).name == "Http"


def test_the_name_is_free_among_what_is_passed_on(target):
    made = target(
        'export * from "./other";\nexport default { fetch() {} };\n',
        {"other.ts": "export class Http {}\n"},
    )
    assert naming(made).name == "HttpHandler"


def test_the_workers_name_is_the_last_resort(target):
    taken = "class Http {}\nclass HttpHandler {}\nclass FetchHandler {}\n"
    assert naming(target(f"{taken}export default {{ fetch() {{}} }};\n")).name == "ApiMomHttp"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("export class A {}\n", "it has no default export"),
        ("export default class { fetch() {} }\n", "no plain object"),
        ("export default function () {}\n", "no plain object"),
        ('addEventListener("fetch", () => {});\n', "service worker format"),
        ("module.exports = { fetch() {} };\n", "CommonJS"),
        ('export * from "pkg";\nexport default { fetch() {} };\n', "more names than can be known"),
        ('export * as default from "./worker";\n', "namespace of a module"),
        ("export default { fetch( };\n", "does not parse"),
    ],
)
def test_refusals(target, entry, reason):
    made = target(entry, {"worker.ts": "export function fetch() {}\n"})
    found = named.propose(made.modules, made.worker)
    assert isinstance(found, Refusal)
    assert reason in found.reason


def test_exports_that_cannot_be_known(target):
    made = target("", main="worker.wasm")
    found = named.propose(made.modules, made.worker)
    assert isinstance(found, Refusal)
    assert found.reason.startswith("its exports cannot be known")


SHAPES = {
    "object": "const worker = { fetch };\nexport default worker;\n",
    "expression": "export default { fetch };\n",
    "instance": "class App {\n  fetch = fetch;\n}\nexport default new App();\n",
    "prototype": "class App {\n  fetch(...all) { return fetch(...all); }\n}\n"
    "export default new App();\n",
    "proxy": "const worker = new Proxy({ fetch }, {}) as ExportedHandler;\n"
    "export default worker satisfies ExportedHandler;\n",
    "frozen": "export default Object.freeze({ fetch });\n",
    "app": 'import { Hono } from "hono";\nconst app = new Hono();\n'
    'app.get("/", (c) => c.text(c.env.NAME + typeof c.executionCtx.waitUntil));\n'
    "export default app;\n",
}
FETCH = """
async function fetch(_request, env, ctx) {
  return new Response(env.NAME + typeof ctx.waitUntil);
}
"""


@pytest.mark.slow
def test_every_shape_of_default_object_serves_under_its_name(target, answers, tmp_path):
    modules, entrypoints = {}, {}
    for shape, source in SHAPES.items():
        made = target(FETCH + source)
        found = naming(made)
        modules[shape] = tmp_path / f"{shape}.ts"
        modules[shape].write_text(made.after(found.edits)["index.ts"])
        entrypoints[shape] = found.name

    given = answers(modules, entrypoints)

    for shape in SHAPES:
        assert given[shape][0] == [200, "atlasfunction"], shape
