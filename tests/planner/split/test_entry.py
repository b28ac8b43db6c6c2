"""The entry modules: what the target's loses, and what the new one says."""

import pytest

HANDLERS = 'export default {\n  fetch() {\n    return new Response("api");\n  },\n};\n'
CONSTANT = "const HOUR = 3600;\n"
CLASS = """\
import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {}
"""
MODULES = {
    "api/src/a.ts": "export const a = () => 1;\n",
    "api/src/barrel.ts": 'export { Room } from "./room";\n',
    "api/src/chat.ts": CLASS.replace("Room", "Chat"),
    "api/src/lone.ts": CLASS.replace("export", "export default") + "export const LIMIT = 1;\n",
    "api/src/only.ts": CLASS + "export type Message = string;\n",
    "api/src/room.ts": CLASS + "export const LIMIT = 1;\nexport type Message = string;\n",
    "api/src/setup.ts": "globalThis.ready = true;\n",
}
NEW = """\
{exports}

export default {{
  async fetch(): Promise<Response> {{
    return new Response("This Worker only hosts Durable Objects", {{ status: 404 }});
  }},
}};
"""


@pytest.mark.parametrize(
    ("before", "after", "exports"),
    [
        pytest.param(
            f'import {{ a }} from "./a";\n\nexport {{ Room }} from "./room";\n\n{HANDLERS}a();\n',
            f'import {{ a }} from "./a";\n\n{HANDLERS}a();\n',
            'export { Room } from "../../api/src/room";',
            id="a paragraph of its own goes with the empty line after it",
        ),
        pytest.param(
            f'import {{ a }} from "./a";\n\n'
            '// The objects behind it.\nexport { Room } from "./room"; // one\n\n'
            f"{HANDLERS}a();\n",
            f'import {{ a }} from "./a";\n\n{HANDLERS}a();\n',
            'export { Room } from "../../api/src/room";',
            id="comments of a paragraph that goes whole go along",
        ),
        pytest.param(
            f'// What this is.\nexport {{ Room }} from "./room";\n\n{HANDLERS}',
            f"// What this is.\n\n{HANDLERS}",
            'export { Room } from "../../api/src/room";',
            id="a comment at the top of the file may be about the file",
        ),
        pytest.param(
            f'export {{ Room }} from "./room";\n{CONSTANT}\n{HANDLERS}HOUR;\n',
            f"{CONSTANT}\n{HANDLERS}HOUR;\n",
            'export { Room } from "../../api/src/room";',
            id="a line of a paragraph goes alone",
        ),
        pytest.param(
            f"{HANDLERS}\nexport {{ Room }} from './room'",
            HANDLERS.rstrip("\n"),
            'export { Room } from "../../api/src/room";',
            id="the last paragraph goes with the empty line before it",
        ),
        pytest.param(
            f'{HANDLERS}export {{ Room }} from "./room"; HOUR();\n',
            f"{HANDLERS} HOUR();\n",
            'export { Room } from "../../api/src/room";',
            id="what else stands on the line stays",
        ),
        pytest.param(
            f'export {{ Room, LIMIT }} from "./room";\n\n{HANDLERS}',
            f'export {{ LIMIT }} from "./room";\n\n{HANDLERS}',
            'export { Room } from "../../api/src/room";',
            id="the first of a list",
        ),
        pytest.param(
            f'export {{ LIMIT, Room }} from "./room";\n\n{HANDLERS}',
            f'export {{ LIMIT }} from "./room";\n\n{HANDLERS}',
            'export { Room } from "../../api/src/room";',
            id="the last of a list",
        ),
        pytest.param(
            f'export {{\n  LIMIT,\n  Room,\n  type Message,\n}} from "./room";\n\n{HANDLERS}',
            f'export {{\n  LIMIT,\n  type Message,\n}} from "./room";\n\n{HANDLERS}',
            'export { Room } from "../../api/src/room";',
            id="a line of a long list, types stay",
        ),
        pytest.param(
            f'import {{ Room }} from "./room";\n\nexport {{ Room }};\n\n{HANDLERS}',
            HANDLERS,
            'export { Room } from "../../api/src/room";',
            id="an import that only served the export goes too",
        ),
        pytest.param(
            f'import {{ LIMIT, Room }} from "./room";\n\nexport {{ Room }};\n\n{HANDLERS}LIMIT;\n',
            f'import {{ LIMIT }} from "./room";\n\n{HANDLERS}LIMIT;\n',
            'export { Room } from "../../api/src/room";',
            id="one of several imported names goes",
        ),
        pytest.param(
            f'import {{ Room }} from "./room";\n\nexport {{ Room }};\n\n'
            f"interface Env {{\n  ROOM: DurableObjectNamespace<Room>;\n}}\n\n{HANDLERS}",
            f'import {{ Room }} from "./room";\n\n'
            f"interface Env {{\n  ROOM: DurableObjectNamespace<Room>;\n}}\n\n{HANDLERS}",
            'export { Room } from "../../api/src/room";',
            id="an import that types need stays",
        ),
        pytest.param(
            f'import Room, {{ LIMIT }} from "./lone";\n\nexport {{ Room }};\n\n{HANDLERS}LIMIT;\n',
            f'import Room, {{ LIMIT }} from "./lone";\n\n{HANDLERS}LIMIT;\n',
            'export { default as Room } from "../../api/src/lone";',
            id="a default import beside a name that stays is left alone",
        ),
        pytest.param(
            f'export {{ default as Room }} from "./lone";\n\n{HANDLERS}',
            HANDLERS,
            'export { default as Room } from "../../api/src/lone";',
            id="a default export of another module",
        ),
        pytest.param(
            f'export {{ Chat as Room }} from "./chat";\n\n{HANDLERS}',
            HANDLERS,
            'export { Chat as Room } from "../../api/src/chat";',
            id="a class renamed on export keeps that name",
        ),
        pytest.param(
            f'import {{ Chat as Local }} from "./chat";\nexport {{ Local as Room }};\n\n{HANDLERS}',
            HANDLERS,
            'export { Chat as Room } from "../../api/src/chat";',
            id="renamed twice",
        ),
        pytest.param(
            f'export * from "./only";\n\n{HANDLERS}',
            HANDLERS,
            'export { Room } from "../../api/src/only";',
            id="a whole module that holds nothing but the class is named by the class",
        ),
        pytest.param(
            f'export {{ Room }} from "./barrel";\n\n{HANDLERS}',
            HANDLERS,
            'export { Room } from "../../api/src/barrel";',
            id="over two modules, by the one that the entry names",
        ),
        pytest.param(
            f'export {{ Room }} from "./room.ts";\n\n{HANDLERS}',
            HANDLERS,
            'export { Room } from "../../api/src/room.ts";',
            id="a suffix is written as the entry writes it",
        ),
        pytest.param(
            f'import "./setup";\nexport {{ Room }} from "./room";\n\n{HANDLERS}',
            f'import "./setup";\n\n{HANDLERS}',
            'import "../../api/src/setup";\nexport { Room } from "../../api/src/room";',
            id="what the entry loads for its effects runs before the classes there too",
        ),
    ],
)
def test_the_entry_loses_the_class(splitting, before, after, exports):
    made = splitting({"api/src/index.ts": before, **MODULES})
    assert made.changed["api/src/index.ts"] == after
    assert made.new["api-dos/src/index.ts"] == NEW.format(exports=exports)


def test_two_classes_stand_in_the_order_of_the_entry(splitting):
    made = splitting(
        {
            "api/wrangler.jsonc": """{
  "name": "api",
  "main": "src/index.ts",
  "durable_objects": { "bindings": [
    { "name": "ROOM", "class_name": "Room" },
    { "name": "LOBBY", "class_name": "Lobby" }
  ] },
  "migrations": [{ "tag": "v1", "new_classes": ["Room", "Lobby"] }]
}
""",
            "api/src/index.ts": 'import { HOUR } from "./time";\n\n'
            'export { Lobby } from "./lobby";\nexport { Room } from "./room";\n\n'
            "export default { fetch: () => new Response(String(HOUR)) };\n",
            "api/src/lobby.ts": 'import { DurableObject } from "cloudflare:workers";\n'
            "export class Lobby extends DurableObject {}\n",
            "api/src/time.ts": "export const HOUR = 1;\n",
        }
    )
    assert made.changed["api/src/index.ts"] == (
        'import { HOUR } from "./time";\n\n'
        "export default { fetch: () => new Response(String(HOUR)) };\n"
    )
    assert made.new["api-dos/src/index.ts"].startswith(
        'export { Lobby } from "../../api/src/lobby";\n'
        'export { Room } from "../../api/src/room";\n\nexport default {\n'
    )


def test_the_new_entry_is_written_as_the_target_is(splitting):
    made = splitting(
        {
            "api/wrangler.jsonc": None,
            "api/src/index.ts": None,
            "api/src/room.ts": None,
            "api/wrangler.toml": "name = 'api'\r\nmain = 'worker.mjs'\r\n"
            "[[durable_objects.bindings]]\r\nname = 'ROOM'\r\nclass_name = 'Room'\r\n"
            "[[migrations]]\r\ntag = 'v1'\r\nnew_classes = ['Room']\r\n",
            "api/worker.mjs": "import { answer } from './answer.mjs'\r\n"
            "export { Room } from './room.mjs'\r\n\r\n"
            "export default {\r\n\tfetch() {\r\n\t\treturn answer()\r\n\t}\r\n}\r\n",
            "api/answer.mjs": "export const answer = () => new Response('api')\r\n",
            "api/room.mjs": "import { DurableObject } from 'cloudflare:workers'\r\n"
            "export class Room extends DurableObject {}\r\n",
        },
        worker="api/wrangler.toml",
    )
    assert made.new["api-dos/src/index.mjs"] == (
        "export { Room } from '../../api/room.mjs'\r\n\r\n"
        "export default {\r\n\tasync fetch() {\r\n"
        "\t\treturn new Response('This Worker only hosts Durable Objects', { status: 404 })\r\n"
        "\t},\r\n}\r\n"
    )
    assert made.changed["api/worker.mjs"] == (
        "import { answer } from './answer.mjs'\r\n\r\n"
        "export default {\r\n\tfetch() {\r\n\t\treturn answer()\r\n\t}\r\n}\r\n"
    )


@pytest.mark.parametrize(
    ("specifier", "style", "written"),
    [
        ("@/room", "", "../../api/src/room"),
        ("@/room", "./time.js", "../../api/src/room.js"),
        ("@/room", "./time.ts", "../../api/src/room.ts"),
    ],
)
def test_a_mapped_specifier_becomes_a_path(splitting, specifier, style, written):
    """The mapping governs the target's folder alone."""
    made = splitting(
        {
            "api/tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
            "api/src/time.ts": "export const HOUR = 1;\n",
            "api/src/index.ts": (f'import {{ HOUR }} from "{style}";\n' if style else "")
            + f'export {{ Room }} from "{specifier}";\n\n'
            "export default { fetch: () => new Response(String(HOUR)) };\n",
        }
    )
    assert f'export {{ Room }} from "{written}";' in made.new["api-dos/src/index.ts"]


def test_types_that_other_modules_import_stay_exported(splitting):
    made = splitting(
        {"api/src/client.ts": 'import type { Room } from "./index";\nexport let room: Room;\n'}
    )
    assert made.changed["api/src/index.ts"] == (
        'export type { Room } from "./room";\n\n'
        'export default {\n  async fetch() {\n    return new Response("api");\n  },\n};\n'
    )
