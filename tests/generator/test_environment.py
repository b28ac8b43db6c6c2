"""How a generated module names the type of the Worker's environment."""

import pytest

from codemod import scan
from codemod.generator import entry, environment, writing
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.syntax import typescript

CONFIGURATION = '{ "name": "caller", "main": "src/index.ts" }'
WANTED = {"API": "object", "my-binding": "object"}
HANDLER = "export default { async fetch(request, env) {} } satisfies ExportedHandler<%s>;\n"
STRUCTURAL = "export interface Bindings {"


def declared(root) -> str:
    modules = Modules(Files(root))
    place = entry.read(modules, scan(root).workers[0])
    found = environment.find(modules, place)
    return environment.declared(found, WANTED, is_typed=True).strip()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "src/index.ts": 'import { type Env } from "./env.js";\n' + HANDLER % "Env",
                "src/env.ts": 'export interface Env { API: Fetcher; "my-binding": Fetcher }',
            },
            'import type { Env } from "./env.js";\n\nexport type Bindings = Env;',
            id="imported, by its specifier",
        ),
        pytest.param(
            {
                "src/index.ts": 'import { Vars as E } from "./env";\n' + HANDLER % "E",
                "src/env.ts": "export type Vars = { API: Fetcher };",
            },
            'import type { Vars as Env } from "./env";\n\n'
            'export type Bindings = Env & { readonly "my-binding"?: object };',
            id="imported under another name, without one of the bindings",
        ),
        pytest.param(
            {"src/index.ts": 'import type Env from "@x/types";\n' + HANDLER % "Env"},
            'import type Env from "@x/types";\n\nexport type Bindings = '
            'Env & { readonly API?: object; readonly "my-binding"?: object };',
            id="of a package, which cannot be seen",
        ),
        pytest.param(
            {
                "src/index.ts": 'export interface Env { API: Fetcher; "my-binding": Fetcher }\n'
                + HANDLER % "Env"
            },
            'import type { Env } from "./index";\n\nexport type Bindings = Env;',
            id="exported by the entry",
        ),
        pytest.param(
            {"src/index.ts": "interface Env { API: Fetcher }\n" + HANDLER % "Env"},
            STRUCTURAL + '\n  readonly API: object;\n  readonly "my-binding"?: object;\n}',
            id="the entry's own",
        ),
        pytest.param(
            {
                "src/index.ts": HANDLER % "Env",
                "worker-configuration.d.ts": "interface Env { API: Fetcher }",
            },
            'export type Bindings = Env & { readonly "my-binding"?: object };',
            id="global",
        ),
        pytest.param(
            {
                "src/index.ts": HANDLER % "Cloudflare.Env",
                "worker-configuration.d.ts": "declare namespace Cloudflare { interface Env "
                '{ API: Fetcher; "my-binding": Fetcher } }',
            },
            "export type Bindings = Cloudflare.Env;",
            id="global, in a namespace",
        ),
        pytest.param(
            {"src/index.ts": "export default { async fetch(request, env: Env) {} };\n"},
            "export type Bindings = "
            'Env & { readonly API?: object; readonly "my-binding"?: object };',
            id="of a parameter",
        ),
        pytest.param(
            {
                "src/index.ts": 'import { Env } from "./env";\n'
                "function narrow(env: Pick<Env, 'API'>, x: Other) {}\n"
                "class Room extends DurableObject<RoomEnv> {}\n"
                "export default class extends WorkerEntrypoint<Env> {}\n"
            },
            'import type { Env } from "./env";\n\nexport type Bindings = '
            'Env & { readonly API?: object; readonly "my-binding"?: object };',
            id="of the entrypoint, not of another class",
        ),
    ],
)
def test_the_type_is_named_as_the_code_has_it(repository, files, expected):
    assert declared(repository({"wrangler.json": CONFIGURATION, **files})) == expected


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("export default { async fetch(request, env) {} };\n", id="none is named"),
        pytest.param(HANDLER % "{ API: Fetcher }", id="written out"),
        pytest.param(HANDLER % "Env<string>", id="generic"),
        pytest.param('import * as t from "./env";\n' + HANDLER % "t.Env", id="of a namespace"),
        pytest.param("class Env {}\n" + HANDLER % "Env", id="a class of the entry"),
        pytest.param("type Env<T> = { API: T };\n" + HANDLER % "Env", id="with parameters"),
        pytest.param(HANDLER % "Bindings", id="global, of a name that the module has itself"),
        pytest.param(
            "function f<E>(env: E) {}\nexport default { async fetch(request, env) {} };\n",
            id="a type parameter",
        ),
    ],
)
def test_what_cannot_be_named_is_spelled_out(repository, code):
    files = {"wrangler.json": CONFIGURATION, "src/index.ts": code}

    assert declared(repository(files)).startswith(STRUCTURAL)


def test_the_names_that_are_taken_are_those_of_the_templates():
    types = set()
    for path in writing.TEMPLATES.glob("*.ts"):
        for node in typescript.walk(typescript.parse(path.name, path.read_bytes()).root):
            if node.type in ("interface_declaration", "type_alias_declaration"):
                types.add(typescript.text(node.child_by_field_name("name")))

    assert {environment.BINDINGS, *types - {"Env"}} == environment.TAKEN
