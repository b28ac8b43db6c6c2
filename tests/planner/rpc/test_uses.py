"""Other modules that use the default object keep it an object; those that only name it do not."""

import pytest

from codemod.planner import rpc
from codemod.planner.refusal import Refusal
from codemod.planner.rpc import Conversion

WORKER = "export class Room {}\n\nexport default {\n  fetch() {},\n};\n"


@pytest.mark.parametrize(
    ("module", "place"),
    [
        pytest.param('import w from "../src/index";\nw.fetch();\n', "w", id="a call"),
        pytest.param('import w from "../src";\nrun(w);\n', "w", id="its folder"),
        pytest.param('import w from "../src/index.ts";\nrun({ w });\n', "w", id="with suffix"),
        pytest.param('import w from "../src/index.js";\nrun([...w]);\n', "w", id="as JavaScript"),
        pytest.param('import { default as w } from "../src";\n(w as X).fetch();\n', "w", id="as"),
        pytest.param('import * as m from "../src";\nm.default.fetch();\n', "m", id="namespace"),
        pytest.param('import * as m from "../src";\nrun(m);\n', "m", id="the whole namespace"),
        pytest.param('import m = require("../src");\nrun(m.default);\n', "m", id="import ="),
        pytest.param('export * as w from "../src";\n', None, id="a namespace that is passed on"),
        pytest.param(
            'const m = await import("../src");\nm.default.fetch();\n', None, id="import()"
        ),
        pytest.param(
            'async function t() {\n  const { default: w } = await import("../src");\n}\n',
            'import("../src")',
            id="import() taken apart",
        ),
        pytest.param(
            'import("../src").then((m) => m.default.fetch());\n', None, id="import() with then"
        ),
        pytest.param('const w = require("../src").default;\nw.fetch();\n', None, id="require"),
        pytest.param(
            'import w from "../src";\nexport default { fetch: w.fetch };\n',
            "w",
            id="another Worker's handler",
        ),
        pytest.param(
            'import w from "../src";\nvi.spyOn(w, "fetch");\n', "w", id="a mock of its handler"
        ),
        pytest.param('import w from "@scope/api";\nw.fetch();\n', "w", id="its package"),
        pytest.param('import w from "~/index";\nw.fetch();\n', "w", id="a path mapping"),
    ],
)
def test_uses(target, module, place):
    made = target(
        WORKER,
        {
            "package.json": '{ "name": "@scope/api", "main": "src/index.ts" }',
            "tsconfig.json": '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
            "test/index.test.ts": module,
        },
        main="src/index.ts",
        around={"package.json": '{ "workspaces": ["target"] }'},
    )

    found = rpc.propose(made.modules, made.project, made.worker)

    assert isinstance(found, Refusal)
    assert found.reason == "the default object is used as a value elsewhere"
    assert found.location is not None
    assert found.location.path == "target/test/index.test.ts"
    assert place in (None, made.place(found))


@pytest.mark.parametrize(
    "module",
    [
        pytest.param('import { Room } from "../src";\nnew Room();\n', id="another export"),
        pytest.param('import type w from "../src";\nlet a: typeof w;\n', id="a type import"),
        pytest.param('import w from "../src";\nlet a: Service<typeof w>;\n', id="in types alone"),
        pytest.param('import w from "../src";\n', id="not at all"),
        pytest.param('type W = Service<import("../src").default>;\n', id="a type's import()"),
        pytest.param(
            'import * as m from "../src";\nnew m.Room();\n', id="a namespace's other name"
        ),
        pytest.param(
            'async function t() {\n  const { Room } = await import("../src");\n}\n',
            id="import() for another export",
        ),
        pytest.param('await import("../src");\n', id="import() for its effect"),
        pytest.param('import "../src";\n', id="an import for its effect"),
        pytest.param('import w from "./index";\nw.fetch();\n', id="another module of that name"),
        pytest.param('import { SELF } from "cloudflare:test";\nSELF.fetch("x");\n', id="SELF"),
        pytest.param('export { Room } from "../src";\n', id="another export is passed on"),
        pytest.param(
            'import w from "../src";\nfunction f(w) { return w.fetch(); }\n', id="a parameter"
        ),
        pytest.param('// import w from "../src"; w.fetch();\n', id="a comment"),
    ],
)
def test_mentions_that_are_no_uses(target, module):
    made = target(
        WORKER,
        {"test/index.test.ts": module, "test/index.ts": "export default { fetch() {} };\n"},
        main="src/index.ts",
    )
    assert isinstance(rpc.propose(made.modules, made.project, made.worker), Conversion)


def test_what_is_installed_or_ignored_is_no_user(target):
    use = 'import worker from "../../../target/src/index";\nworker.fetch();\n'
    made = target(
        WORKER,
        main="src/index.ts",
        around={
            ".gitignore": "built\n",
            "a/b/built/c.js": use,
            "node_modules/a/b/c.js": use,
        },
    )
    assert isinstance(rpc.propose(made.modules, made.project, made.worker), Conversion)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {
                "lib.ts": 'export { default as worker } from "./src/index";\n',
                "test.ts": 'import { worker } from "./lib";\nworker.fetch();\n',
            },
            id="a re-export",
        ),
        pytest.param(
            {
                "lib.ts": 'import worker from "./src/index";\nexport default worker;\n',
                "test.ts": 'import lib from "./lib";\nlib.fetch();\n',
            },
            id="an import that is exported",
        ),
        pytest.param(
            {
                "named.ts": 'export { default as worker } from "./src/index";\n',
                "lib.ts": 'export * from "./named";\n',
                "test.ts": 'import { worker } from "./lib";\nworker.fetch();\n',
            },
            id="everything is passed on",
        ),
    ],
)
def test_uses_are_followed_over_modules(target, files):
    made = target(WORKER, files, main="src/index.ts")

    found = rpc.propose(made.modules, made.project, made.worker)

    assert isinstance(found, Refusal)
    assert found.location is not None
    assert found.location.path == "target/test.ts"


def test_a_use_of_the_module_behind_the_entry_counts_too(target):
    made = target(
        'export { default } from "./worker";\n',
        {"worker.ts": WORKER, "test.ts": 'import w from "./worker";\nw.fetch();\n'},
    )
    assert isinstance(rpc.propose(made.modules, made.project, made.worker), Refusal)


def test_an_app_may_be_used_where_it_stands_apart_from_the_entry(target):
    made = target(
        'import { app } from "./app";\nexport default app;\n',
        {
            "app.ts": 'import { Hono } from "hono";\nexport const app = new Hono();\n',
            "test.ts": 'import { app } from "./app";\napp.request("/");\n',
        },
    )

    found = rpc.propose(made.modules, made.project, made.worker)

    assert isinstance(found, Conversion), "the entry exports a class, the app stays what it is"
    assert made.after(found.edits) == {
        "index.ts": 'import { app } from "./app";\n'
        'import { WorkerEntrypoint } from "cloudflare:workers";\n'
        "export default class ApiMom extends WorkerEntrypoint {\n"
        "  fetch(request: Request) {\n"
        "    return app.fetch(request, this.env, this.ctx);\n  }\n}\n"
    }
