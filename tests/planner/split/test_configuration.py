"""Configurations: the new Worker's, the target's, and those of Workers whose bindings follow."""

import json

import pytest

CLASS = 'import {{ DurableObject }} from "cloudflare:workers";\nexport class {name} {body}\n'


def room(body: str) -> str:
    return CLASS.format(name="Room", body=f"extends DurableObject {{\n  act() {{ {body} }}\n}}")


# --- As a whole -----------------------------------------------------------------------------


def test_jsonc(splitting):
    """Only what the classes run under comes along; tabs, comments and order stay the target's."""
    made = splitting(
        {
            "api/wrangler.jsonc": """\
/** Configured by hand. */
{
\t"$schema": "node_modules/wrangler/config-schema.json",
\t"name": "api",
\t"main": "src/index.ts",
\t"compatibility_date": "2026-03-10",
\t"compatibility_flags": ["nodejs_compat"],
\t"observability": { "enabled": true, "head_sampling_rate": 0.5 },
\t"routes": [{ "pattern": "api.example.com", "custom_domain": true }],
\t"workers_dev": false,
\t"triggers": { "crons": ["0 * * * *"] },
\t"durable_objects": {
\t\t"bindings": [
\t\t\t// one per room
\t\t\t{ "name": "ROOM", "class_name": "Room" },
\t\t\t{ "name": "OTHER", "class_name": "Other", "script_name": "elsewhere" },
\t\t],
\t},
\t"migrations": [{ "tag": "v1", "new_sqlite_classes": ["Room"] }],
\t"vars": { "LIMIT": 3, "UNUSED": "x" },
\t"secrets": { "required": ["KEY", "PASSWORD"] },
\t"d1_databases": [
\t\t{ "binding": "DB", "database_name": "a", "database_id": "1", "migrations_dir": "sql/a" },
\t\t{ "binding": "LOGS", "database_name": "b", "database_id": "2" },
\t],
\t"queues": {
\t\t"producers": [{ "binding": "JOBS", "queue": "jobs" }],
\t\t"consumers": [{ "queue": "jobs" }],
\t},
\t"services": [
\t\t{ "binding": "SELF", "service": "api" },
\t\t{ "binding": "WEB", "service": "web" },
\t],
\t"dev": { "port": 9000 },
}
""",
            "api/src/room.ts": room(
                "this.env.DB.prepare(''); this.env.JOBS.send(this.env.LIMIT + this.env.KEY);"
                " this.env.SELF.fetch('http://api/')"
            ),
        }
    )
    assert (
        made.new["api-dos/wrangler.jsonc"]
        == """\
{
\t"$schema": "../api/node_modules/wrangler/config-schema.json",
\t"name": "api-dos",
\t"main": "src/index.ts",
\t"compatibility_date": "2026-03-10",
\t"compatibility_flags": ["nodejs_compat"],
\t"observability": {
\t\t"enabled": true,
\t\t"head_sampling_rate": 0.5,
\t},
\t"workers_dev": false,
\t"durable_objects": {
\t\t"bindings": [
\t\t\t{ "name": "ROOM", "class_name": "Room" },
\t\t],
\t},
\t"migrations": [
\t\t{
\t\t\t"tag": "v1",
\t\t\t"transferred_classes": [
\t\t\t\t{ "from": "Room", "from_script": "api", "to": "Room" },
\t\t\t],
\t\t},
\t],
\t"vars": {
\t\t"LIMIT": 3,
\t},
\t"secrets": {
\t\t"required": ["KEY"],
\t},
\t"d1_databases": [
\t\t{
\t\t\t"binding": "DB",
\t\t\t"database_name": "a",
\t\t\t"database_id": "1",
\t\t\t"migrations_dir": "../api/sql/a",
\t\t},
\t],
\t"queues": {
\t\t"producers": [
\t\t\t{ "binding": "JOBS", "queue": "jobs" },
\t\t],
\t},
\t"services": [
\t\t{ "binding": "SELF", "service": "api" },
\t],
}
"""
    )
    before = (made.root / "api/wrangler.jsonc").read_text()
    assert made.changed["api/wrangler.jsonc"] == before.replace(
        '"class_name": "Room" }', '"class_name": "Room", "script_name": "api-dos" }'
    )


def test_toml(splitting):
    made = splitting(
        {
            "api/wrangler.jsonc": None,
            "api/wrangler.toml": """\
name = "api" # the gateway
main = "src/index.ts"
compatibility_date = 2026-03-10

[observability]
enabled = true

[vars]
LIMIT = 3

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[migrations]]
tag = "v1"
new_classes = ["Room"]

[[kv_namespaces]]
binding = "CACHE"
id = "1"

[env.staging.vars]
LIMIT = 1

[[env.staging.durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[env.live]
name = "api-live"
durable_objects.bindings = [{ name = "ROOM", class_name = "Room" }]
""",
            "api/src/room.ts": room("return this.env.LIMIT"),
        },
        worker="api/wrangler.toml",
    )
    assert (
        made.new["api-dos/wrangler.toml"]
        == """\
name = "api-dos"
main = "src/index.ts"
compatibility_date = 2026-03-10

[observability]
enabled = true

[vars]
LIMIT = 3

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[migrations]]
tag = "v1"
transferred_classes = [{ from = "Room", from_script = "api", to = "Room" }]

[env.staging.vars]
LIMIT = 1

[[env.staging.durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[env.staging.migrations]]
tag = "v1"
transferred_classes = [{ from = "Room", from_script = "api-staging", to = "Room" }]

[env.live]
name = "api-live-dos"

[[env.live.durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[env.live.migrations]]
tag = "v1"
transferred_classes = [{ from = "Room", from_script = "api-live", to = "Room" }]
"""
    )
    changed = made.changed["api/wrangler.toml"]
    assert [line for line in changed.splitlines() if "script_name" in line] == [
        'script_name = "api-dos"',
        'script_name = "api-dos-staging"',
        'durable_objects.bindings = [{ name = "ROOM", class_name = "Room", '
        'script_name = "api-live-dos" }]',
    ]
    assert "transferred" not in changed
    assert 'new_classes = ["Room"]' in changed


# --- Lifecycles -----------------------------------------------------------------------------


CREATED = {
    "name": "api",
    "main": "src/index.ts",
    "durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]},
}


def test_fresh_classes_are_created_as_the_target_would_have(splitting):
    """Nothing of the creating migrations is left in the target: a deploy would refuse them."""
    migrations = [{"tag": "one", "new_classes": ["Room"]}]
    made = splitting(
        {"api/wrangler.jsonc": json.dumps({**CREATED, "migrations": migrations}, indent=2)},
        fresh=True,
    )
    assert json.loads(made.new["api-dos/wrangler.jsonc"])["migrations"] == migrations
    assert "migrations" not in json.loads(made.changed["api/wrangler.jsonc"])


def test_a_history_of_renames_is_no_way_to_begin(splitting):
    migrations = [
        {"tag": "v1", "new_sqlite_classes": ["Hall"]},
        {"tag": "v2", "renamed_classes": [{"from": "Hall", "to": "Room"}]},
    ]
    made = splitting(
        {"api/wrangler.jsonc": json.dumps({**CREATED, "migrations": migrations})}, fresh=True
    )
    assert json.loads(made.new["api-dos/wrangler.jsonc"])["migrations"] == [
        {"tag": "v1", "new_sqlite_classes": ["Room"]}
    ]


def test_fresh_in_toml_takes_whole_tables_out(splitting):
    made = splitting(
        {
            "api/wrangler.jsonc": None,
            "api/wrangler.toml": """\
name = "api"
main = "src/index.ts"

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[migrations]] # never again
tag = "v1"
new_sqlite_classes = ["Hall"]

[[migrations]]
tag = "v2"

  [[migrations.renamed_classes]]
  from = "Hall"
  to = "Room"

# Nothing else.
[vars]
A = "b"
""",
        },
        worker="api/wrangler.toml",
        fresh=True,
    )
    assert (
        made.changed["api/wrangler.toml"]
        == """\
name = "api"
main = "src/index.ts"

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"
script_name = "api-dos"

# Nothing else.
[vars]
A = "b"
"""
    )


def test_environments_inherit_what_is_created_anew(splitting):
    configuration = {
        **CREATED,
        "migrations": [{"tag": "v1", "new_sqlite_classes": ["Room"]}],
        "env": {"staging": {"durable_objects": CREATED["durable_objects"]}},
    }
    made = splitting({"api/wrangler.jsonc": json.dumps(configuration)}, fresh=True)
    staging = json.loads(made.new["api-dos/wrangler.jsonc"])["env"]["staging"]
    assert staging == {"durable_objects": CREATED["durable_objects"]}


EXPORTS = {"Room": {"type": "durable-object", "storage": "sqlite"}}


def test_the_exports_map_hands_over_in_two_phases(splitting):
    """The new Worker binds its class only when it has arrived: there is nothing to bind before."""
    made = splitting({"api/wrangler.jsonc": json.dumps({**CREATED, "exports": EXPORTS}, indent=2)})
    new = json.loads(made.new["api-dos/wrangler.jsonc"])
    assert new == {
        "name": "api-dos",
        "main": "src/index.ts",
        "exports": {
            "Room": {
                "type": "durable-object",
                "state": "expecting-transfer",
                "storage": "sqlite",
                "transfer_from": "api",
            }
        },
    }
    assert json.loads(made.changed["api/wrangler.jsonc"]) == {
        "name": "api",
        "main": "src/index.ts",
        "durable_objects": {
            "bindings": [{"name": "ROOM", "class_name": "Room", "script_name": "api-dos"}]
        },
        "exports": {
            "Room": {
                "type": "durable-object",
                "state": "transferred",
                "transferred_to": "api-dos",
            }
        },
    }


def test_an_environment_that_inherits_the_exports_map_gets_its_own(splitting):
    """Each environment hands its namespace to another Worker."""
    configuration = {
        **CREATED,
        "exports": {"Room": {**EXPORTS["Room"], "state": "created"}},
        "env": {"staging": {"durable_objects": CREATED["durable_objects"]}},
    }
    made = splitting({"api/wrangler.jsonc": json.dumps(configuration)})
    changed = json.loads(made.changed["api/wrangler.jsonc"])
    assert changed["exports"]["Room"]["transferred_to"] == "api-dos"
    assert changed["env"]["staging"]["exports"] == {
        "Room": {
            "type": "durable-object",
            "state": "transferred",
            "transferred_to": "api-dos-staging",
        }
    }
    staging = json.loads(made.new["api-dos/wrangler.jsonc"])["env"]["staging"]
    assert staging["exports"]["Room"]["transfer_from"] == "api-staging"


@pytest.mark.parametrize(
    ("others", "left"),
    [({}, None), ({"Jobs": {"type": "workflow"}}, {"Jobs": {"type": "workflow"}})],
)
def test_fresh_leaves_the_exports_map_what_is_no_class(splitting, others, left):
    configuration = {**CREATED, "exports": {**EXPORTS, **others}}
    made = splitting({"api/wrangler.jsonc": json.dumps(configuration, indent=2)}, fresh=True)
    assert json.loads(made.changed["api/wrangler.jsonc"]).get("exports") == left
    new = json.loads(made.new["api-dos/wrangler.jsonc"])
    assert new["exports"] == EXPORTS
    assert new["durable_objects"] == CREATED["durable_objects"]


# --- Bindings -------------------------------------------------------------------------------


def test_bindings_of_other_workers_follow(splitting):
    """Those to another class, and to a Worker of another name, stay."""
    other = {
        "name": "web",
        "durable_objects": {
            "bindings": [
                {"name": "ROOM", "class_name": "Room", "script_name": "api"},
                {"name": "HALL", "class_name": "Hall", "script_name": "api"},
                {"name": "ELSE", "class_name": "Room", "script_name": "elsewhere"},
            ]
        },
        "env": {
            "staging": {
                "durable_objects": {
                    "bindings": [
                        {"name": "ROOM", "class_name": "Room", "script_name": "api-staging"}
                    ]
                }
            }
        },
    }
    configuration = {
        **CREATED,
        "migrations": [{"tag": "v1", "new_classes": ["Room"]}],
        "env": {"staging": {"durable_objects": CREATED["durable_objects"]}},
    }
    made = splitting(
        {
            "api/wrangler.jsonc": json.dumps(configuration),
            "web/wrangler.json": json.dumps(other),
        }
    )
    before = json.dumps(other)
    assert made.changed["web/wrangler.json"] == before.replace(
        '"Room", "script_name": "api"', '"Room", "script_name": "api-dos"'
    ).replace('"api-staging"', '"api-dos-staging"')


def test_a_binding_that_names_its_own_worker_is_told_the_new_one(splitting):
    made = splitting(
        {
            "api/wrangler.jsonc": """{
  "name": "api", "main": "src/index.ts",
  "durable_objects": { "bindings": [
    { "name": "ROOM", "class_name": "Room", "script_name": "api" },
    { "name": "FAR", "class_name": "Room", "script_name": "elsewhere" }
  ] },
  "migrations": [{ "tag": "v1", "new_classes": ["Room"] }]
}""",
        }
    )
    changed = json.loads(made.changed["api/wrangler.jsonc"])["durable_objects"]["bindings"]
    assert [item["script_name"] for item in changed] == ["api-dos", "elsewhere"]
    new = json.loads(made.new["api-dos/wrangler.jsonc"])["durable_objects"]["bindings"]
    assert new == [{"name": "ROOM", "class_name": "Room"}]


def test_all_bindings_come_along_where_uses_are_open(splitting):
    made = splitting(
        {
            "api/wrangler.jsonc": """{
  "name": "api", "main": "src/index.ts",
  "durable_objects": { "bindings": [{ "name": "ROOM", "class_name": "Room" }] },
  "migrations": [{ "tag": "v1", "new_classes": ["Room"] }],
  "vars": { "A": "b" },
  "ai": { "binding": "AI" },
  "kv_namespaces": [{ "binding": "CACHE", "id": "1" }]
}""",
            "api/src/room.ts": room("return this.env[name]"),
        }
    )
    new = json.loads(made.new["api-dos/wrangler.jsonc"])
    assert (new["vars"], new["ai"]) == ({"A": "b"}, {"binding": "AI"})
    assert new["kv_namespaces"] == [{"binding": "CACHE", "id": "1"}]
    assert any("all bindings and variables of api" in step for step in made.steps)


def test_what_only_the_handlers_use_stays(splitting):
    made = splitting(
        {
            "api/wrangler.jsonc": """{
  "name": "api", "main": "src/index.ts",
  "durable_objects": { "bindings": [{ "name": "ROOM", "class_name": "Room" }] },
  "migrations": [{ "tag": "v1", "new_classes": ["Room"] }],
  "vars": { "A": "b" },
  "ai": { "binding": "AI" }
}""",
            "api/src/index.ts": 'export { Room } from "./room";\n'
            "export default { fetch: (request, env) => new Response(env.A + env.AI.run('x')) };\n",
        }
    )
    new = json.loads(made.new["api-dos/wrangler.jsonc"])
    assert new.keys() == {"name", "main", "durable_objects", "migrations"}


# --- Names and places -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "folder", "name"),
    [
        pytest.param({}, "api-dos", "api-dos", id="beside the target"),
        pytest.param({"api-dos/README.md": ""}, "api-dos-2", "api-dos-2", id="the folder is taken"),
        pytest.param(
            {"other/wrangler.json": '{ "name": "api-dos", "main": "x.js" }'},
            "api-dos-2",
            "api-dos-2",
            id="the name is taken",
        ),
    ],
)
def test_the_first_free_place_and_name(splitting, others, folder, name):
    made = splitting(others)
    assert f"{folder}/wrangler.jsonc" in made.new
    assert made.split.name == name
    assert f'"script_name": "{name}"' in made.changed["api/wrangler.jsonc"]


def test_a_target_at_the_root_gets_a_folder_below(splitting):
    """What the new Worker imports from packages is installed there too."""
    made = splitting(
        {
            "api/wrangler.jsonc": None,
            "package.json": '{ "dependencies": { "agents": "*" } }',
            "wrangler.jsonc": """{
  "$schema": "./node_modules/wrangler/config-schema.json",
  "name": "app", "main": "src/server.ts",
  "durable_objects": { "bindings": [{ "name": "ROOM", "class_name": "Room" }] },
  "migrations": [{ "tag": "v1", "new_classes": ["Room"] }]
}""",
            "src/server.ts": 'export { Agent as Room } from "agents";\n'
            'export default { fetch: () => new Response("") };\n',
        },
        worker="wrangler.jsonc",
    )
    assert made.new.keys() == {"app-dos/wrangler.jsonc", "app-dos/src/index.ts"}
    assert made.new["app-dos/src/index.ts"].startswith('export { Agent as Room } from "agents";\n')
    schema = json.loads(made.new["app-dos/wrangler.jsonc"])["$schema"]
    assert schema == "../node_modules/wrangler/config-schema.json"


def test_only_environments_have_names(splitting):
    made = splitting(
        {
            "api/wrangler.jsonc": """{
  "main": "src/index.ts",
  "migrations": [{ "tag": "v1", "new_classes": ["Room"] }],
  "env": { "live": {
    "name": "live",
    "durable_objects": { "bindings": [{ "name": "ROOM", "class_name": "Room" }] }
  } }
}""",
        }
    )
    new = json.loads(made.new["api-dos/wrangler.jsonc"])
    assert new.keys() == {"main", "env"}
    assert new["env"]["live"]["name"] == "live-dos"
    assert made.split.name == "live-dos"
    assert '"script_name": "live-dos"' in made.changed["api/wrangler.jsonc"]


def test_paths_are_written_from_the_new_folder(splitting):
    made = splitting(
        {
            "api/tsconfig.json": "{}",
            "api/wrangler.jsonc": """{
  "$schema": "https://example.com/schema.json",
  "name": "api", "main": "src/index.ts", "tsconfig": "tsconfig.json",
  "alias": { "db": "./src/db.ts", "pg": "pg-lite" },
  "durable_objects": { "bindings": [{ "name": "ROOM", "class_name": "Room" }] },
  "migrations": [{ "tag": "v1", "new_classes": ["Room"] }]
}""",
        }
    )
    new = json.loads(made.new["api-dos/wrangler.jsonc"])
    assert new["$schema"] == "https://example.com/schema.json"
    assert new["tsconfig"] == "../api/tsconfig.json"
    assert new["alias"] == {"db": "../api/src/db.ts", "pg": "pg-lite"}
