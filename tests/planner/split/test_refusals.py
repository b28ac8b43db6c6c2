"""Targets that cannot be split cleanly, each with its near misses that can."""

import json

import pytest

CLASS = 'import { DurableObject } from "cloudflare:workers";\nexport class Room '
ENTRY = 'export { Room } from "./room";\n'
HANDLERS = 'export default { fetch: () => new Response("") };\n'


def configuration(**settings) -> dict[str, str]:
    """The target's configuration with some settings changed; None takes one away."""
    default = {
        "name": "api",
        "main": "src/index.ts",
        "durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]},
        "migrations": [{"tag": "v1", "new_sqlite_classes": ["Room"]}],
    }
    found = {key: item for key, item in {**default, **settings}.items() if item is not None}
    return {"api/wrangler.jsonc": json.dumps(found)}


def entry(code: str) -> dict[str, str]:
    return {"api/src/index.ts": code}


def room(body: str = "", before: str = "") -> dict[str, str]:
    return {"api/src/room.ts": f"{before}{CLASS}extends DurableObject {{ {body} }}\n"}


def shared(code: str, *, by_class: str, by_handlers: str) -> dict[str, str]:
    """A module that both sides import under the name ``state``."""
    return {
        "api/src/state.ts": code,
        **room(f"act() {{ {by_class} }}", 'import * as state from "./state";\n'),
        **entry(
            f'import * as state from "./state";\n{ENTRY}'
            f"export default {{ fetch() {{ {by_handlers} }} }};\n"
        ),
    }


def check(made, reason: str, place: str | None) -> None:
    assert made.refusal.reason == reason
    if place is not None:
        assert made.refusal.location is not None
        assert made.text(made.refusal.location).startswith(place)


# --- Exports --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "reason", "place"),
    [
        pytest.param(
            entry(HANDLERS), "it exports no Durable Object class", "export default", id="no class"
        ),
        pytest.param(
            entry(ENTRY),
            "it has no default export: it hosts nothing but classes already",
            None,
            id="no handlers",
        ),
        pytest.param(
            entry(
                f"{ENTRY}export default {{\n"
                '  fetch: () => new Response("This Worker only hosts Durable Objects"),\n};\n'
            ),
            "it hosts nothing but classes already",
            None,
            id="it was split off itself",
        ),
        pytest.param(
            entry('export { Room as default, Room } from "./room";\n'),
            "its default export is itself a Durable Object class",
            None,
            id="the default export is a class",
        ),
        pytest.param(
            entry(
                f'import {{ WorkerEntrypoint }} from "cloudflare:workers";\n{ENTRY}{HANDLERS}'
                "export class Admin extends WorkerEntrypoint {}\n"
            ),
            "it would still export Admin, a WorkerEntrypoint class",
            "class Admin",
            id="an entrypoint class stays",
        ),
        pytest.param(
            entry(
                f'import {{ WorkflowEntrypoint }} from "cloudflare:workers";\n{ENTRY}{HANDLERS}'
                "export class Job extends WorkflowEntrypoint {}\n"
            ),
            "it would still export Job, a Workflow class",
            "class Job",
            id="a Workflow stays",
        ),
        pytest.param(
            entry(f'{ENTRY}{HANDLERS}export {{ thing }} from "./gone";\n'),
            "it would still export thing, which may be a class: no module at api/src/gone",
            "export { thing }",
            id="an export that cannot be seen stays",
        ),
        pytest.param(
            entry(f'{ENTRY}{HANDLERS}export * from "somewhere";\n'),
            "it may export more names than can be known: everything that somewhere exports is "
            "passed on",
            "export * from",
            id="open exports",
        ),
        pytest.param(
            entry(
                'import { make } from "somewhere";\n'
                f"export const {{ Room }} = make();\n{HANDLERS}"
            ),
            "what Room is cannot be seen, it is destructured from a call: only the configuration "
            "calls it a class",
            "Room",
            id="destructured from a call",
        ),
        pytest.param(
            {"api/src/room.ts": 'import { make } from "somewhere";\nexport const Room = make();\n'},
            "what Room is cannot be seen, it is wrapped by a call: only the configuration calls "
            "it a class",
            "Room = make()",
            id="made by a call that is not known",
        ),
        pytest.param(
            {
                **entry(f'export * from "./all";\n{HANDLERS}'),
                "api/src/all.ts": 'export { Room } from "./room";\nexport const LIMIT = 1;\n',
            },
            "one statement exports Room and LIMIT: name what it exports",
            "export * from",
            id="a whole module with more than classes",
        ),
        pytest.param(
            {
                "api/wrangler.jsonc": '{ "name": "api", "main": "src/index.js", '
                '"migrations": [{ "tag": "v1", "new_classes": ["Room"] }] }',
                "api/src/index.js": "exports.Room = class {};\n"
                'module.exports = { fetch: () => new Response("") };\n',
            },
            "it exports the CommonJS way",
            None,
            id="CommonJS",
        ),
        pytest.param(
            configuration(main="src/gone.ts"),
            "its exports cannot be known: its main api/src/gone.ts does not exist",
            '"src/gone.ts"',
            id="no entry",
        ),
        pytest.param(
            entry(f"{ENTRY}{HANDLERS}export class {{\n"),
            "it may export more names than can be known: exports may stand in a part that does "
            "not parse",
            None,
            id="a damaged entry",
        ),
    ],
)
def test_exports(splitting, files, reason, place):
    check(splitting(files), reason, place)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            entry(f"{ENTRY}{HANDLERS}export const LIMIT = 1;\nexport function help() {{}}\n"),
            id="constants and functions may stay",
        ),
        pytest.param(
            entry(f'{ENTRY}{HANDLERS}export type {{ Thing }} from "./gone";\n'),
            id="types are nothing at run time",
        ),
        pytest.param(
            {
                "api/src/room.ts": 'import { Base } from "somewhere";\n'
                "export class Room extends Base {}\n"
            },
            id="a class that the configuration alone calls a Durable Object",
        ),
        pytest.param(
            {
                "api/src/room.ts": 'import * as Sentry from "@sentry/cloudflare";\n'
                'import { DurableObject } from "cloudflare:workers";\n'
                "export const Room = Sentry.instrumentDurableObjectWithSentry(\n"
                "  () => ({}),\n  class extends DurableObject {},\n);\n"
            },
            id="made by a call that is known",
        ),
        pytest.param(
            entry(
                f'import {{ WorkerEntrypoint }} from "cloudflare:workers";\n{ENTRY}'
                "export default class extends WorkerEntrypoint { fetch() { return null; } }\n"
            ),
            id="the default export may be an entrypoint class",
        ),
    ],
)
def test_exports_that_do_not_matter(splitting, files):
    assert splitting(files).split.name == "api-dos"


# --- Code -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "reason", "place"),
    [
        pytest.param(
            entry(
                'import { Room } from "./room";\nexport { Room };\n'
                "export default { fetch() { return new Room().answer(); } };\n"
            ),
            "the handlers use the class Room as a value",
            "Room",
            id="instantiated in the entry",
        ),
        pytest.param(
            {
                **entry(
                    f'import {{ route }} from "./route";\n{ENTRY}'
                    "export default { fetch: route };\n"
                ),
                "api/src/route.ts": 'import { Room as Hall } from "./barrel";\n'
                "export const route = () => Hall.serve();\n",
                "api/src/barrel.ts": 'export { Room } from "./room";\n',
            },
            "the handlers use the class Room as a value",
            "Hall",
            id="a static method, over a barrel and under another name",
        ),
        pytest.param(
            entry(
                f'import * as rooms from "./room";\n{ENTRY}'
                "export default { fetch: () => new rooms.Room() };\n"
            ),
            "the handlers use the class Room as a value",
            "rooms",
            id="out of a namespace",
        ),
        pytest.param(
            {
                **entry(
                    f'import {{ open }} from "./room";\n{ENTRY}export default {{ fetch: open }};\n'
                ),
                "api/src/room.ts": f"{CLASS}extends DurableObject {{}}\n"
                "export const open = () => new Room();\n",
            },
            "the handlers use the class Room as a value",
            "Room",
            id="in the module that declares it",
        ),
        pytest.param(
            entry(
                f"{ENTRY}export default {{ fetch(request, env, ctx) {{\n"
                "  return ctx.exports.Room.getByName('a').fetch(request);\n} };\n"
            ),
            "the handlers reach Room by ctx.exports, not by a binding",
            "ctx.exports",
            id="by ctx.exports",
        ),
        pytest.param(
            entry(
                f'import {{ exports }} from "cloudflare:workers";\n{ENTRY}'
                "export default { fetch: (request) => open(exports) };\n"
            ),
            "the handlers reach classes by ctx.exports, not by a binding",
            "exports",
            id="by all exports",
        ),
        pytest.param(
            room("act() { return this.ctx.exports.default.fetch('http://a/'); }"),
            "the classes reach default by ctx.exports, not by a binding",
            "this.ctx.exports",
            id="the class calls the handlers by ctx.exports",
        ),
        pytest.param(
            room("act() { return handlers; }", 'import handlers from "./index";\n'),
            "api/src/room.ts loads the entry module, which holds the handlers",
            '"./index"',
            id="the class loads the entry",
        ),
        pytest.param(
            room("act() { return text; }", 'import { text } from "./text";\n'),
            "no module at api/src/text: what it shares with the rest cannot be told",
            '"./text"',
            id="a module that is not there",
        ),
        pytest.param(
            {
                **entry(f'export {{ Agent as Room }} from "agents";\n{HANDLERS}'),
                "api/package.json": '{ "dependencies": { "agents": "*" } }',
            },
            "nothing installs the package agents for api-dos",
            "export { Agent as Room }",
            id="a class of a package that only the target has",
        ),
        pytest.param(
            {
                "api/test/room.test.ts": 'import { Room } from "../src/index";\nnew Room();\n',
            },
            "api/test/room.test.ts imports Room from the entry module",
            "Room",
            id="a test imports the class from the entry",
        ),
        pytest.param(
            {"other/index.ts": 'export * from "../api/src/index";\n// Room\n'},
            "other/index.ts imports everything from the entry module",
            "export *",
            id="another module passes the entry on",
        ),
        pytest.param(
            {"other/wrangler.json": '{ "name": "other", "main": "../api/src/index.ts" }'},
            "api/src/index.ts is the entry of other/wrangler.json as well",
            None,
            id="another Worker with the same entry",
        ),
    ],
)
def test_code(splitting, files, reason, place):
    check(splitting(files), reason, place)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            entry(
                f'import {{ Room }} from "./room";\n{ENTRY}'
                "const rooms = (env: { ROOM: DurableObjectNamespace<Room> }) => env.ROOM;\n"
                "export default { fetch: (request, env) => rooms(env).getByName('a') };\n"
            ),
            id="the class as a type",
        ),
        pytest.param(
            entry(f"{ENTRY}export default {{ fetch: () => new Hall() }};\nclass Hall {{}}\n"),
            id="another class",
        ),
        pytest.param(
            {
                **entry(
                    f'import {{ open }} from "./room";\n{ENTRY}export default {{ fetch: open }};\n'
                ),
                "api/src/room.ts": f"{CLASS}extends DurableObject {{ act() {{ Room.name; }} }}\n"
                "export const open = () => 1;\n",
            },
            id="the class uses itself in a module that the handlers use too",
        ),
        pytest.param(
            entry(
                f"{ENTRY}export default {{ fetch(request, env, ctx) {{\n"
                "  return ctx.exports.Admin.fetch(request);\n} };\n"
            ),
            id="ctx.exports for something else",
        ),
        pytest.param(
            room("act() { return this.ctx.exports.Room; }"),
            id="the class reaches itself by ctx.exports",
        ),
        pytest.param(
            room("act(handlers: Handlers) {}", 'import type { Handlers } from "./index";\n'),
            id="the class imports types of the entry",
        ),
        pytest.param(
            {
                **room("act() { return hono; }", 'import { hono } from "hono";\n'),
                "api/package.json": '{ "dependencies": { "hono": "*" } }',
            },
            id="packages are not read",
        ),
        pytest.param(
            {"api/test/room.test.ts": 'import { Room } from "../src/room";\nnew Room();\n'},
            id="a test imports the class from where it is declared",
        ),
        pytest.param(
            {"api/test/api.test.ts": 'import api from "../src/index";\napi.fetch(); // Room\n'},
            id="a test imports the handlers from the entry",
        ),
    ],
)
def test_code_that_does_not_matter(splitting, files):
    assert splitting(files).split.name == "api-dos"


# --- Memory ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param(
            shared(
                "let count = 0;\nexport const next = () => ++count;\n"
                "export const last = () => count;\n",
                by_class="state.next()",
                by_handlers="state.last()",
            ),
            "handlers and classes share count, which changes while they run",
            id="a variable",
        ),
        pytest.param(
            shared(
                "const cache = new Map();\nexport const get = (key) => cache.get(key);\n"
                "export const put = (key, value) => cache.set(key, value);\n",
                by_class="state.put('a', 1)",
                by_handlers="state.get('a')",
            ),
            "handlers and classes share cache, which changes while they run",
            id="a collection",
        ),
        pytest.param(
            shared(
                "export const rooms = [];\n",
                by_class="state.rooms.push(1)",
                by_handlers="state.rooms.length",
            ),
            "handlers and classes share state, which changes while they run",
            id="changed from another module, out of a namespace",
        ),
        pytest.param(
            {
                "api/src/state.ts": "export const limits = { most: 1 };\n",
                **room("act() { limits.most = 2; }", 'import { limits } from "./state";\n'),
                **entry(
                    f'import {{ limits }} from "./state";\n{ENTRY}'
                    "export default { fetch: () => limits.most };\n"
                ),
            },
            "handlers and classes share limits, which changes while they run",
            id="a property of an imported object",
        ),
        pytest.param(
            shared(
                "export class Counter { static count = 0; act() { Counter.count += 1; } }\n",
                by_class="new state.Counter().act()",
                by_handlers="state.Counter.count",
            ),
            "handlers and classes share Counter, which changes while they run",
            id="a static field",
        ),
        pytest.param(
            shared(
                "const seen = new Set();\nexport const use = (f) => f(seen);\n",
                by_class="state.use(f)",
                by_handlers="state.use(g)",
            ),
            "handlers and classes share seen, which changes while they run",
            id="a collection that is given away",
        ),
        pytest.param(
            shared(
                "let db;\nexport const open = (env) => { [db] = connect(env); return db; };\n",
                by_class="state.open(this.env)",
                by_handlers="state.open(env)",
            ),
            "handlers and classes share db, which changes while they run",
            id="assigned by a pattern",
        ),
        pytest.param(
            shared(
                "export const flags = {};\n"
                "export const drop = (name) => { delete flags[name]; };\n",
                by_class="state.drop('a')",
                by_handlers="state.flags.a",
            ),
            "handlers and classes share flags, which changes while they run",
            id="a property that is deleted",
        ),
    ],
)
def test_memory(splitting, files, reason):
    check(splitting(files), reason, None)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            shared(
                "export let limit = 1;\nlimit = 2;\nexport const names = new Map([['a', 1]]);\n"
                "names.set('b', 2);\n",
                by_class="state.names.get('a')",
                by_handlers="state.limit",
            ),
            id="what only changes while the module is loaded",
        ),
        pytest.param(
            {
                **shared("export const a = 1;\n", by_class="state.a", by_handlers="state.a"),
                "api/src/room.ts": 'import { a } from "./state";\nlet count = a;\n'
                f"{CLASS}extends DurableObject {{ act() {{ count += 1; }} }}\n",
            },
            id="memory of the class's own module",
        ),
        pytest.param(
            {
                **shared("export const a = 1;\n", by_class="state.a", by_handlers="state.a"),
                "api/src/index.ts": f'import {{ a }} from "./state";\n{ENTRY}'
                "const cache = new Map();\nexport default { fetch: () => cache.set(a, a) };\n",
            },
            id="memory of the entry",
        ),
        pytest.param(
            shared(
                "const TABLE = { a: 1 };\nexport const keys = () => Object.keys(TABLE);\n",
                by_class="state.keys()",
                by_handlers="state.keys()",
            ),
            id="a table that is only read",
        ),
        pytest.param(
            shared(
                "export const make = () => { const seen = new Set(); return seen.add(1); };\n",
                by_class="state.make()",
                by_handlers="state.make()",
            ),
            id="a collection of one call",
        ),
        pytest.param(
            {
                "api/src/room.ts": "const open = new Set();\n"
                f"{CLASS}extends DurableObject {{ act() {{ open.add(1); }} }}\n",
                "api/src/index.ts": f'import {{ Room }} from "./room";\n{ENTRY}'
                "type Rooms = DurableObjectNamespace<Room>;\n" + HANDLERS,
            },
            id="the handlers import the class as a type alone",
        ),
    ],
)
def test_memory_that_is_not_shared(splitting, files):
    assert splitting(files).split.name == "api-dos"


# --- Configuration --------------------------------------------------------------------------

EXPORTS = {"Room": {"type": "durable-object", "storage": "sqlite"}}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param(
            configuration(migrations=None),
            "neither migrations nor an exports map creates its classes",
            id="no lifecycle",
        ),
        pytest.param(
            configuration(exports=EXPORTS), "it has both migrations and an exports map", id="both"
        ),
        pytest.param(
            configuration(name=None), "it has no name to transfer its classes from", id="no name"
        ),
        pytest.param(
            configuration(migrations=[{"tag": "v1", "new_classes": ["Room", "Gone"]}]),
            "its migrations create Gone, which its entry does not export",
            id="a class that is created and not exported",
        ),
        pytest.param(
            configuration(migrations=[{"tag": "v1", "new_classes": ["Hall"]}]),
            "its migrations create Hall, which its entry does not export",
            id="another class is created",
        ),
        pytest.param(
            configuration(migrations=None, exports={"Job": {"type": "workflow"}}),
            "neither migrations nor an exports map creates its classes",
            id="an exports map without classes",
        ),
        pytest.param(
            configuration(
                durable_objects={
                    "bindings": [
                        {"name": "ROOM", "class_name": "Room"},
                        {"name": "HALL", "class_name": "Hall"},
                    ]
                }
            ),
            "HALL is bound to Hall, which is not exported",
            id="a bound class that is not exported",
        ),
        pytest.param(
            configuration(durable_objects=None),
            "no binding of api names Room, which its migrations create: wrangler dev would not "
            "start there without the class",
            id="created and not bound",
        ),
        pytest.param(
            configuration(env={"staging": {}}),
            "no binding of api-staging names Room, which its migrations create: wrangler dev "
            "would not start there without the class",
            id="not bound in one environment",
        ),
        pytest.param(
            configuration(
                migrations=None,
                exports={
                    "Room": {
                        "type": "durable-object",
                        "state": "expecting-transfer",
                        "storage": "sqlite",
                        "transfer_from": "old",
                    }
                },
            ),
            "Room is itself expected from old",
            id="a transfer is pending",
        ),
        pytest.param(
            configuration(
                durable_objects={
                    "bindings": [
                        {
                            "name": "ROOM",
                            "class_name": "Room",
                            "script_name": "api",
                            "environment": "x",
                        },
                    ]
                }
            ),
            'the binding ROOM has the deprecated key "environment"',
            id="the deprecated environment of a binding",
        ),
        pytest.param(
            configuration(
                migrations=None,
                exports={**EXPORTS, "Job": {"type": "workflow", "limits": {"steps": 1}}},
                env={"staging": {"durable_objects": {"bindings": []}}},
            ),
            "env.staging inherits an exports map with more than classes, and needs one of its own "
            "to name its own Worker",
            id="an environment inherits more than classes",
        ),
        pytest.param(
            configuration(containers=[{"class_name": "Room", "image": "./Dockerfile"}]),
            "containers: a container that belongs to a class does not move",
            id="containers",
        ),
        pytest.param(
            configuration(build={"command": "npm run build"}),
            "build: a build of its own runs before it is deployed",
            id="a build",
        ),
        pytest.param(
            configuration(no_bundle=True),
            "no_bundle: its modules are uploaded as they are, so that none from elsewhere can be "
            "added",
            id="not bundled",
        ),
        pytest.param(
            {
                **configuration(
                    env={
                        "staging": {
                            "main": "src/staging.ts",
                            "durable_objects": {
                                "bindings": [{"name": "ROOM", "class_name": "Room"}]
                            },
                        }
                    }
                ),
                "api/src/staging.ts": HANDLERS,
            },
            "main: env.staging has a main of its own",
            id="an environment with another module",
        ),
        pytest.param(
            {
                **configuration(assets={"directory": "public", "binding": "ASSETS"}),
                **room("act() { return this.env.ASSETS.fetch('http://a/'); }"),
            },
            "the classes may use ASSETS, files that are deployed with the target",
            id="the classes use static assets",
        ),
        pytest.param(
            {
                ".gitignore": "generated\n",
                "generated/wrangler.json": json.dumps(
                    {
                        "name": "web",
                        "durable_objects": {
                            "bindings": [
                                {"name": "ROOM", "class_name": "Room", "script_name": "api"}
                            ]
                        },
                    }
                ),
                "dist/wrangler.json": json.dumps(
                    {
                        "name": "site",
                        "durable_objects": {
                            "bindings": [
                                {"name": "ROOM", "class_name": "Room", "script_name": "api"}
                            ]
                        },
                    }
                ),
            },
            "dist/wrangler.json binds Room, and a build writes it",
            id="a follower that is generated",
        ),
        pytest.param(
            configuration(
                migrations=None, exports={"Room": {"type": "durable-object", "state": "created"}}
            ),
            "a configuration cannot be edited: api/wrangler.jsonc: the object holds 'storage' 0 "
            "times, not once",
            id="a class without storage, which wrangler refuses",
        ),
        pytest.param(
            {"api/wrangler.json": '{ "name": "api", "main": "src/index.ts" }'},
            "api/wrangler.jsonc: wrangler reads api/wrangler.json instead of it",
            id="another configuration counts",
        ),
    ],
)
def test_configurations(splitting, files, reason):
    check(splitting(files), reason, None)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param(
            configuration(
                migrations=[
                    {
                        "tag": "v1",
                        "transferred_classes": [
                            {"from": "Room", "from_script": "old", "to": "Room"}
                        ],
                    }
                ]
            ),
            "Room came from another Worker, so it was deployed: --fresh is not for it",
            id="a class that came by a transfer",
        ),
        pytest.param(
            configuration(
                migrations=None,
                exports={"Room": {"type": "durable-object", "storage": "legacy-kv"}},
            ),
            "an exports map cannot create Room anew: its storage is legacy-kv",
            id="storage that is no longer created",
        ),
    ],
)
def test_what_cannot_be_created_anew_can_be_transferred(splitting, files, reason):
    check(splitting(files, fresh=True), reason, None)
    assert splitting(files).split.name == "api-dos"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            configuration(
                migrations=[
                    {"tag": "v1", "new_classes": ["Old", "Room"]},
                    {"tag": "v2", "deleted_classes": ["Old"]},
                ]
            ),
            id="a class that was deleted",
        ),
        pytest.param(
            configuration(
                migrations=None, exports={**EXPORTS, "Job": {"type": "workflow"}}, env={}
            ),
            id="an exports map with more than classes",
        ),
        pytest.param(
            configuration(no_bundle=False, containers=[], build={}), id="settings that are off"
        ),
        pytest.param(
            configuration(assets={"directory": "public", "binding": "ASSETS"}),
            id="static assets that only the handlers use",
        ),
        pytest.param(
            configuration(
                env={
                    "unnamed": {
                        "durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]}
                    }
                }
            ),
            id="an environment",
        ),
    ],
)
def test_configurations_that_can_be_split(splitting, files):
    assert splitting(files).split.name == "api-dos"
