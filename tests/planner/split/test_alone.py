"""Classes that the entry module declares itself: into a module of their own, or not at all."""

import pytest

HANDLERS = 'export default {\n  fetch() {\n    return new Response("api");\n  },\n};\n'


@pytest.mark.parametrize(
    ("before", "after", "module"),
    [
        pytest.param(
            'import { DurableObject } from "cloudflare:workers";\n\n'
            "export class Room extends DurableObject {}\n\n" + HANDLERS,
            HANDLERS,
            'import { DurableObject } from "cloudflare:workers";\n\n'
            "export class Room extends DurableObject {}\n",
            id="with the import that nothing else needs",
        ),
        pytest.param(
            'import { DurableObject, env } from "cloudflare:workers";\n'
            'import * as rooms from "./rooms";\nimport limits, { type Limit } from "./limits";\n'
            'import { log } from "./log";\n\n'
            "// One room.\n/** It forgets nothing. */\n"
            "export class Room extends DurableObject {\n"
            "  find(limit: Limit) {\n    return rooms.find(limit);\n  }\n\n"
            "  answer() {\n    return log(limits);\n  }\n}\n\n"
            f"{HANDLERS}log(env);\n",
            'import { env } from "cloudflare:workers";\nimport { log } from "./log";\n\n'
            f"{HANDLERS}log(env);\n",
            'import { DurableObject } from "cloudflare:workers";\n'
            'import * as rooms from "./rooms";\nimport limits, { type Limit } from "./limits";\n'
            'import { log } from "./log";\n\n'
            "// One room.\n/** It forgets nothing. */\n"
            "export class Room extends DurableObject {\n"
            "  find(limit: Limit) {\n    return rooms.find(limit);\n  }\n\n"
            "  answer() {\n    return log(limits);\n  }\n}\n",
            id="with its comments, and of each import what it needs",
        ),
        pytest.param(
            'import { DurableObject } from "cloudflare:workers";\n\n'
            "interface Env {\n  ROOM: DurableObjectNamespace<Room>;\n}\n\n"
            "export class Room extends DurableObject<Env> {}\n\n" + HANDLERS,
            'import type { Room } from "./room";\n\n'
            "export interface Env {\n  ROOM: DurableObjectNamespace<Room>;\n}\n\n" + HANDLERS,
            'import { DurableObject } from "cloudflare:workers";\n'
            'import type { Env } from "./index";\n\n'
            "export class Room extends DurableObject<Env> {}\n",
            id="types come from the entry, and the class as a type goes back",
        ),
        pytest.param(
            'import { DurableObject } from "cloudflare:workers";\nimport { a } from "./a";\n\n'
            "type Text = string;\ntype Env = {\n  ROOM: DurableObjectNamespace<Room>;\n};\n"
            "export type { Text };\n\n"
            "export class Room extends DurableObject<Env> {\n  last?: Text;\n}\n\n"
            f"{HANDLERS}a();\n",
            'import { a } from "./a";\nimport type { Room } from "./room";\n\n'
            "type Text = string;\nexport type Env = {\n  ROOM: DurableObjectNamespace<Room>;\n};\n"
            "export type { Text };\n\n"
            f"{HANDLERS}a();\n",
            'import { DurableObject } from "cloudflare:workers";\n'
            'import type { Text, Env } from "./index";\n\n'
            "export class Room extends DurableObject<Env> {\n  last?: Text;\n}\n",
            id="a type that is exported already is not exported twice",
        ),
        pytest.param(
            'import { DurableObject } from "cloudflare:workers";\n\n'
            "export interface Env {}\ninterface Env {\n  KEY: string;\n}\n\n"
            "export class Room extends DurableObject<Env> {}\n\n" + HANDLERS,
            "export interface Env {}\nexport interface Env {\n  KEY: string;\n}\n\n" + HANDLERS,
            'import { DurableObject } from "cloudflare:workers";\n'
            'import type { Env } from "./index";\n\n'
            "export class Room extends DurableObject<Env> {}\n",
            id="all declarations of a merged interface are exported",
        ),
        pytest.param(
            "export class Room {\n  constructor(state: DurableObjectState) {}\n}\n" + HANDLERS,
            HANDLERS,
            "export class Room {\n  constructor(state: DurableObjectState) {}\n}\n",
            id="a class without base or import",
        ),
        pytest.param(
            "interface Env {\n  ROOM: DurableObjectNamespace<Room>;\n}\n\n"
            "export class Room {\n  constructor(state: DurableObjectState, env: Env) {}\n}\n"
            + HANDLERS,
            'import type { Room } from "./room";\n\n'
            "export interface Env {\n  ROOM: DurableObjectNamespace<Room>;\n}\n\n" + HANDLERS,
            'import type { Env } from "./index";\n\n'
            "export class Room {\n  constructor(state: DurableObjectState, env: Env) {}\n}\n",
            id="an entry that begins with a type",
        ),
        pytest.param(
            'import { DurableObject } from "cloudflare:workers";\n'
            'import { check } from "./log.js";\n'
            "export class Room extends DurableObject {\n"
            '  async draw() {\n    const { paint } = await import("./paint.js");\n'
            "    return paint(check(this.env));\n  }\n}\n\n" + HANDLERS,
            HANDLERS,
            'import { DurableObject } from "cloudflare:workers";\n'
            'import { check } from "./log.js";\n\n'
            "export class Room extends DurableObject {\n"
            '  async draw() {\n    const { paint } = await import("./paint.js");\n'
            "    return paint(check(this.env));\n  }\n}\n",
            id="an import in its body means the same beside the entry",
        ),
    ],
)
def test_it_moves_into_a_module_of_its_own(splitting, before, after, module):
    made = splitting(
        {
            "api/src/room.ts": None,
            "api/src/index.ts": before,
            "api/src/a.ts": "export const a = () => 1;\n",
            "api/src/limits.ts": "export type Limit = number;\nexport default { most: 3 };\n",
            "api/src/log.ts": "export const log = console.log;\nexport const check = String;\n",
            "api/src/paint.ts": "export const paint = String;\n",
            "api/src/rooms.ts": "export const find = String;\n",
        }
    )
    assert made.changed["api/src/index.ts"] == after
    assert made.new["api/src/room.ts"] == module
    suffix = ".js" if '"./log.js"' in before else ""
    where = f'export {{ Room }} from "../../api/src/room{suffix}";'
    assert made.new["api-dos/src/index.ts"].startswith(where)


def test_the_module_is_called_after_the_class(splitting):
    """No file that exists is written over."""
    made = splitting(
        {
            "api/wrangler.jsonc": """{
  "name": "api", "main": "src/index.ts",
  "durable_objects": { "bindings": [
    { "name": "A", "class_name": "RunnerDO" }, { "name": "B", "class_name": "MyMCP2" }
  ] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["RunnerDO", "MyMCP2"] }]
}""",
            "api/src/index.ts": 'import { DurableObject } from "cloudflare:workers";\n\n'
            "export class RunnerDO extends DurableObject {}\n\n"
            "export class MyMCP2 extends DurableObject {}\n\n" + HANDLERS,
            "api/src/my-mcp-2.ts": "export const version = 2;\n",
        }
    )
    assert {path for path in made.new if path.startswith("api/")} == {
        "api/src/runner-do.ts",
        "api/src/my-mcp-2-2.ts",
    }
    assert made.changed["api/src/index.ts"] == HANDLERS
    assert made.new["api-dos/src/index.ts"].startswith(
        'export { RunnerDO } from "../../api/src/runner-do";\n'
        'export { MyMCP2 } from "../../api/src/my-mcp-2-2";\n'
    )


def test_a_client_that_imports_its_type_still_can(splitting):
    made = splitting(
        {
            "api/src/room.ts": None,
            "api/src/index.ts": 'import { DurableObject } from "cloudflare:workers";\n\n'
            "export class Room extends DurableObject {}\n\n" + HANDLERS,
            "web/client.ts": 'import type { Room } from "../api/src";\nexport let room: Room;\n',
        }
    )
    assert made.changed["api/src/index.ts"] == (
        'export type { Room } from "./room";\n\n' + HANDLERS
    )


@pytest.mark.parametrize(
    ("entry", "reason", "place"),
    [
        pytest.param(
            "const rooms = 3;\nexport class Room extends DurableObject {\n"
            "  size() {\n    return rooms;\n  }\n}\n" + HANDLERS,
            "Room uses rooms, which the entry module declares as well",
            "rooms",
            id="a constant of the entry",
        ),
        pytest.param(
            "function open() {}\nexport class Room extends DurableObject {\n"
            "  constructor() {\n    open();\n  }\n}\n" + HANDLERS,
            "Room uses open, which the entry module declares as well",
            "open",
            id="a function of the entry",
        ),
        pytest.param(
            "class Base extends DurableObject {}\nexport class Room extends Base {}\n" + HANDLERS,
            "Room uses Base, which the entry module declares as well",
            "Base",
            id="a base class of the entry",
        ),
        pytest.param(
            "enum Kind { Big }\nexport class Room extends DurableObject {\n  kind?: Kind;\n}\n"
            + HANDLERS,
            "Room uses Kind, which the entry module declares as well",
            "Kind",
            id="an enum is a value too",
        ),
        pytest.param(
            "declare namespace Types { type Text = string }\n"
            "export class Room extends DurableObject {\n  text?: Types.Text;\n}\n" + HANDLERS,
            "Room mentions Types, a type that cannot be imported from the entry",
            "Types",
            id="an ambient namespace",
        ),
        pytest.param(
            "export const Room = class extends DurableObject {};\n" + HANDLERS,
            "Room is made in the entry module: move it to a module of its own",
            "Room = class extends DurableObject {}",
            id="a class expression",
        ),
        pytest.param(
            "class Room extends DurableObject {}\nexport { Room };\n" + HANDLERS,
            "Room is not exported where it is declared, plainly: move it to a module of its own",
            "class Room extends DurableObject {}",
            id="exported elsewhere in the module",
        ),
        pytest.param(
            "export class Room extends DurableObject {\n  open() { return `${ ; }\n}\n" + HANDLERS,
            None,
            None,
            id="broken syntax",
        ),
    ],
)
def test_it_stays_where_more_would_have_to_move(splitting, entry, reason, place):
    made = splitting(
        {
            "api/src/room.ts": None,
            "api/src/index.ts": f'import {{ DurableObject }} from "cloudflare:workers";\n{entry}',
        }
    )
    if reason is not None:
        assert made.refusal.reason == reason
        assert made.text(made.refusal.location) == place
    assert made.refusal


def test_a_class_that_is_not_utf_8_stays(splitting, tmp_path):
    """What cannot be read as text cannot be written elsewhere."""
    entry = tmp_path / "api" / "src" / "index.ts"
    entry.parent.mkdir(parents=True)
    entry.write_bytes(b'export class Room { name = "\xff"; }\nexport default { fetch() {} };\n')
    made = splitting({"api/src/room.ts": None, "api/src/index.ts": None})
    assert made.refusal.reason == "Room does not parse"


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(
            "const rooms = 3;\nexport class Room extends DurableObject {\n"
            "  size() {\n    return this.rooms + this.env.rooms;\n  }\n}\n"
            "export default { fetch: () => new Response(String(rooms)) };\n",
            id="a property that is called like a constant of the entry",
        ),
        pytest.param(
            "export class Room extends DurableObject {\n  static make() {\n"
            "    return new Room();\n  }\n}\n" + HANDLERS,
            id="the class itself",
        ),
    ],
)
def test_it_moves_where_it_uses_nothing_of_the_entry(splitting, entry):
    made = splitting(
        {
            "api/src/room.ts": None,
            "api/src/index.ts": f'import {{ DurableObject }} from "cloudflare:workers";\n{entry}',
        }
    )
    assert "api/src/room.ts" in made.new
