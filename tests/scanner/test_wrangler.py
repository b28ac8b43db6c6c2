"""What one configuration says, its environments expanded."""

import json
import textwrap

import pytest

from codemod.model import BindingKind, Language, LifecycleAction
from codemod.scanner import wrangler
from codemod.scanner.wrangler import Configuration
from codemod.syntax import jsonc, toml

NAME = {"name": "api"}


def read(content: object) -> Configuration:
    """Reads JSON, or TOML from a string."""
    if isinstance(content, str):
        found = wrangler.read("wrangler.toml", toml.parse(textwrap.dedent(content).encode()))
    else:
        found = wrangler.read("wrangler.json", jsonc.parse(json.dumps(content).encode()))
    assert found is not None
    return found


def deployment(content: object, environment: str | None = None):
    found = {item.environment: item for item in read(content).deployments}
    return found[environment]


def texts(content: object) -> list[str]:
    return [note.text for note in read(content).notes]


# --- Environments and names -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "names"),
    [
        pytest.param(NAME, {None: "api"}, id="no environment"),
        pytest.param(
            {"name": "api", "env": {"staging": {}}},
            {None: "api", "staging": "api-staging"},
            id="the environment's name is added",
        ),
        pytest.param(
            {"name": "api", "env": {"staging": {"name": "staged"}}},
            {None: "api", "staging": "staged"},
            id="a name of its own is taken as it is",
        ),
        pytest.param(
            {"env": {"staging": {"name": "staged"}, "dev": {}}},
            {None: None, "staging": "staged", "dev": None},
            id="nothing to add to",
        ),
        pytest.param(
            {"name": "", "env": {"staging": {"name": ""}}},
            {None: None, "staging": None},
            id="an empty name is none",
        ),
        pytest.param(
            {"name": "api", "env": {"staging": {"name": None}}},
            {None: "api", "staging": "api-staging"},
            id="null is as good as absent",
        ),
        pytest.param(
            {"name": "site", "pages_build_output_dir": "out", "env": {"preview": {}}},
            {None: "site", "preview": "site"},
            id="the environments of Pages belong to one project",
        ),
        pytest.param(
            'name = "api"\n[env.staging.vars]\nA = "1"',
            {None: "api", "staging": "api-staging"},
            id="a table of TOML that only a longer one implies",
        ),
        pytest.param(
            {"name": "api", "[env.staging]": {"name": "x"}},
            {None: "api"},
            id="a header of TOML is no environment of JSON",
        ),
    ],
)
def test_deployed_names(content, names):
    assert {item.environment: item.name for item in read(content).deployments} == names


INHERITED = {
    "compatibility_date": "2026-01-01",
    "compatibility_flags": ["nodejs_compat"],
    "routes": [{"pattern": "api.example.com", "custom_domain": True}],
    "migrations": [{"tag": "v1", "new_classes": ["Room"]}],
    "assets": {"binding": "ASSETS"},
    "logfwdr": {"bindings": [{"name": "LOG", "destination": "x"}]},
}


def test_what_environments_inherit():
    found = deployment({**NAME, **INHERITED, "env": {"staging": {}}}, "staging")
    assert found.compatibility_date == "2026-01-01"
    assert found.compatibility_flags == ("nodejs_compat",)
    assert [(route.pattern, route.custom_domain) for route in found.routes] == [
        ("api.example.com", True)
    ]
    assert [step.class_name for step in found.lifecycle] == ["Room"]
    assert [(item.key, item.name) for item in found.other_bindings] == [
        ("assets", "ASSETS"),
        ("logfwdr", "LOG"),
    ]
    assert found.has_assets


def test_what_environments_have_of_their_own_replaces_what_they_would_inherit():
    own = {
        "compatibility_date": "2025-01-01",
        "compatibility_flags": [],
        "routes": [],
        "migrations": [],
        "assets": {"directory": "x"},
    }
    found = deployment({**NAME, **INHERITED, "env": {"staging": own}}, "staging")
    assert found.compatibility_date == "2025-01-01"
    assert found.compatibility_flags == ()
    assert found.routes == ()
    assert found.lifecycle == ()
    assert [item.name for item in found.other_bindings] == ["LOG"]


@pytest.mark.parametrize(
    "setting",
    [
        {"services": [{"binding": "A", "service": "a"}]},
        {"durable_objects": {"bindings": [{"name": "A", "class_name": "A"}]}},
        {"workflows": [{"binding": "A", "name": "a", "class_name": "A"}]},
        {"tail_consumers": [{"service": "a"}]},
        {"streaming_tail_consumers": [{"service": "a"}]},
        {"vars": {"A": "1"}},
        {"secrets": {"required": ["A"]}},
        {"kv_namespaces": [{"binding": "A", "id": "1"}]},
        {"queues": {"producers": [{"binding": "A", "queue": "a"}]}},
        {"send_email": [{"name": "A"}]},
        {"version_metadata": {"binding": "A"}},
        {"unsafe": {"bindings": [{"name": "A", "type": "x"}]}},
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_bindings_and_variables_are_not_inherited(setting):
    content = {**NAME, **setting, "env": {"staging": {}, "with": setting}}

    def shown(environment):
        found = deployment(content, environment)
        return [item.name for item in (*found.bindings, *found.variables, *found.other_bindings)]

    assert shown(None) == shown("with") != []
    assert shown("staging") == []


def test_blobs_belong_to_the_top_level_and_count_everywhere():
    content = {**NAME, "wasm_modules": {"W": "w.wasm"}, "env": {"staging": {}}}
    assert [item.name for item in deployment(content, "staging").other_bindings] == ["W"]


# --- Bindings -------------------------------------------------------------------------------


def test_a_service_binding_in_full():
    source = b"""{
  "name": "api",
  "services": [
    { "binding": "AUTH", "service": "auth", "entrypoint": "Admin", "remote": true },
    { "binding": "OLD", "service": "old", "environment": "production" }
  ]
}"""
    found = wrangler.read("a/wrangler.json", jsonc.parse(source))
    auth, old = found.deployments[0].bindings
    assert (auth.kind, auth.name, auth.service) == (BindingKind.SERVICE, "AUTH", "auth")
    assert (auth.entrypoint, auth.remote, auth.service_environment) == ("Admin", True, None)
    assert (old.entrypoint, old.remote, old.service_environment) == (None, False, "production")
    assert (auth.location.path, auth.location.line, auth.location.column) == (
        "a/wrangler.json",
        4,
        5,
    )
    text = source[auth.location.span.start : auth.location.span.end]
    assert text.startswith(b'{ "binding": "AUTH"')
    assert text.endswith(b"true }")
    assert source[auth.service_location.span.start : auth.service_location.span.end] == b'"auth"'
    place = auth.entrypoint_location.span
    assert source[place.start : place.end] == b'"Admin"'


@pytest.mark.parametrize(
    "toml_text",
    [
        '[[services]]\nbinding = "A"\nservice = "a"',
        'services = [{ binding = "A", service = "a" }]',
        'services = [\n  { binding = "A", service = "a" }, # why\n]',
    ],
)
def test_every_way_to_write_a_binding_in_toml(toml_text):
    found = deployment(f'name = "api"\n{toml_text}\n').bindings
    assert [(item.name, item.service, item.location.line) for item in found] == [
        ("A", "a", 3 if "\n  {" in toml_text else 2)
    ]


def test_classes_of_this_and_of_other_workers():
    found = deployment(
        {
            **NAME,
            "durable_objects": {
                "bindings": [
                    {"name": "OWN", "class_name": "Room"},
                    {"name": "OTHER", "class_name": "Room", "script_name": "rooms"},
                ]
            },
            "workflows": [
                {"binding": "FLOW", "name": "flow", "class_name": "Flow"},
                {"binding": "FAR", "name": "far", "class_name": "Far", "script_name": "flows"},
            ],
        }
    ).bindings
    assert [(item.kind, item.name, item.class_name, item.service) for item in found] == [
        (BindingKind.DURABLE_OBJECT, "OWN", "Room", None),
        (BindingKind.DURABLE_OBJECT, "OTHER", "Room", "rooms"),
        (BindingKind.WORKFLOW, "FLOW", "Flow", None),
        (BindingKind.WORKFLOW, "FAR", "Far", "flows"),
    ]


def test_tail_consumers_of_both_kinds():
    found = deployment(
        {
            **NAME,
            "tail_consumers": [{"service": "tail", "environment": "staging"}],
            "streaming_tail_consumers": [{"service": "stream"}],
        }
    ).bindings
    assert [(item.kind, item.name, item.service_environment) for item in found] == [
        (BindingKind.TAIL_CONSUMER, "tail", "staging"),
        (BindingKind.TAIL_CONSUMER, "stream", None),
    ]


LISTS_WITH_BINDING = [
    "agent_memory",
    "ai_search",
    "ai_search_namespaces",
    "analytics_engine_datasets",
    "artifacts",
    "d1_databases",
    "dispatch_namespaces",
    "flagship",
    "hyperdrive",
    "k2",
    "kv_namespaces",
    "mtls_certificates",
    "pipelines",
    "r2_buckets",
    "secrets_store_secrets",
    "unsafe_hello_world",
    "vectorize",
    "vpc_networks",
    "vpc_services",
    "worker_loaders",
    "a_kind_of_the_future",
]
OBJECTS_WITH_BINDING = [
    "ai",
    "analytics",
    "assets",
    "browser",
    "images",
    "media",
    "stream",
    "version_metadata",
]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, [{"binding": "A"}]) for key in LISTS_WITH_BINDING),
        *((key, {"binding": "A"}) for key in OBJECTS_WITH_BINDING),
        ("queues", {"producers": [{"binding": "A", "queue": "q"}], "consumers": [{"queue": "q"}]}),
        ("ratelimits", [{"name": "A", "namespace_id": "1"}]),
        ("send_email", [{"name": "A"}]),
        ("unsafe", {"bindings": [{"name": "A", "type": "x"}]}),
        ("logfwdr", {"bindings": [{"name": "A", "destination": "x"}]}),
        ("secrets", {"required": ["A"]}),
        ("wasm_modules", {"A": "a.wasm"}),
        ("text_blobs", {"A": "a.txt"}),
        ("data_blobs", {"A": "a.bin"}),
    ],
)
def test_every_other_kind_of_binding(key, value):
    found = deployment({**NAME, key: value})
    assert [(item.key, item.name) for item in found.other_bindings] == [(key, "A")]
    assert found.bindings == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("containers", [{"name": "A", "class_name": "A"}]),
        ("triggers", {"crons": ["* * * * *"]}),
        ("queues", {"consumers": [{"queue": "q"}]}),
        ("assets", {"directory": "public"}),
        ("previews", {"kv_namespaces": [{"binding": "A"}]}),
        ("define", {"A": "1"}),
        ("alias", {"A": "a"}),
    ],
)
def test_settings_that_put_nothing_into_the_environment(key, value):
    found = deployment({**NAME, key: value})
    assert (found.other_bindings, found.bindings, found.variables) == ((), (), ())


def test_bindings_that_other_settings_imply():
    pages = deployment({"name": "site", "pages_build_output_dir": "out"})
    assert [item.name for item in pages.other_bindings] == ["ASSETS"]
    site = deployment({**NAME, "main": "a.js", "site": {"bucket": "public"}})
    assert [item.name for item in site.other_bindings] == [
        "__STATIC_CONTENT",
        "__STATIC_CONTENT_MANIFEST",
    ]


def test_variables_and_the_values_that_are_strings():
    found = deployment({**NAME, "vars": {"URL": "https://x", "N": 1, "J": {"a": 1}}}).variables
    assert [(item.name, item.value) for item in found] == [
        ("URL", "https://x"),
        ("N", None),
        ("J", None),
    ]


def test_of_a_key_that_stands_twice_the_last_one_counts():
    found = wrangler.read(
        "wrangler.json",
        jsonc.parse(b'{"name": "a", "vars": {"A": "1", "A": "2"}, "name": "b"}'),
    )
    assert found.name == "b"
    assert [item.value for item in found.deployments[0].variables] == ["2"]


# --- Classes and routes ---------------------------------------------------------------------


def test_migrations():
    steps = deployment(
        {
            **NAME,
            "migrations": [
                {"tag": "v1", "new_classes": ["A"], "new_sqlite_classes": ["B"]},
                {"tag": "v2", "renamed_classes": [{"from": "A", "to": "C"}]},
                {
                    "tag": "v3",
                    "deleted_classes": ["B"],
                    "transferred_classes": [{"from": "X", "from_script": "other", "to": "Y"}],
                },
            ],
        }
    ).lifecycle
    assert [
        (step.class_name, step.action, step.previous_name, step.other_script) for step in steps
    ] == [
        ("A", LifecycleAction.CREATED, None, None),
        ("B", LifecycleAction.CREATED_SQLITE, None, None),
        ("C", LifecycleAction.RENAMED, "A", None),
        ("B", LifecycleAction.DELETED, None, None),
        ("Y", LifecycleAction.TRANSFERRED_IN, "X", "other"),
    ]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (
            {"type": "durable-object", "storage": "sqlite"},
            ("Room", LifecycleAction.CREATED_SQLITE, None, None),
        ),
        (
            {"type": "durable-object", "storage": "legacy-kv", "state": "created"},
            ("Room", LifecycleAction.CREATED, None, None),
        ),
        (
            {"type": "durable-object", "state": "deleted"},
            ("Room", LifecycleAction.DELETED, None, None),
        ),
        (
            {"type": "durable-object", "state": "renamed", "renamed_to": "Hall"},
            ("Hall", LifecycleAction.RENAMED, "Room", None),
        ),
        (
            {"type": "durable-object", "state": "transferred", "transferred_to": "rooms"},
            ("Room", LifecycleAction.TRANSFERRED_OUT, None, "rooms"),
        ),
        (
            {
                "type": "durable-object",
                "state": "expecting-transfer",
                "storage": "sqlite",
                "transfer_from": "old",
            },
            ("Room", LifecycleAction.EXPECTING_TRANSFER, None, "old"),
        ),
        ({"type": "worker"}, None),
        ({"type": "workflow", "name": "flow"}, None),
        ({"type": "durable-object", "state": "dreaming"}, None),
        ({"type": "durable-object", "state": "renamed"}, None),
        ("durable-object", None),
    ],
)
def test_the_exports_map(declared, expected):
    steps = deployment({**NAME, "exports": {"Room": declared}}).lifecycle
    assert [
        (step.class_name, step.action, step.previous_name, step.other_script) for step in steps
    ] == ([expected] if expected else [])


def test_workflows_of_the_exports_map():
    content = {
        **NAME,
        "exports": {"Flow": {"type": "workflow", "name": "f"}, "X": {"type": "worker"}},
    }
    assert read(content).workflow_classes == ("Flow",)


@pytest.mark.parametrize(
    ("content", "routes"),
    [
        ({"route": "example.com/*"}, [("example.com/*", False)]),
        ({"route": {"pattern": "a.com/*", "zone_name": "a.com"}}, [("a.com/*", False)]),
        ({"routes": ["a.com/*", "b.com/*"]}, [("a.com/*", False), ("b.com/*", False)]),
        ({"routes": [{"pattern": "a.com", "custom_domain": True}]}, [("a.com", True)]),
        ({"routes": [{"pattern": "a.com", "custom_domain": False}]}, [("a.com", False)]),
        ({"routes": ["a.com/*"], "route": "b.com/*"}, [("a.com/*", False)]),
        ({"routes": [{"custom_domain": True}]}, []),
        ({"route": ""}, []),
        ({"route": 7}, []),
    ],
)
def test_routes(content, routes):
    found = deployment({**NAME, **content}).routes
    assert [(route.pattern, route.custom_domain) for route in found] == routes


@pytest.mark.parametrize(
    ("content", "environment", "expected"),
    [
        ({}, None, True),
        ({"routes": []}, None, True),
        # wrangler takes a Worker with a route for one that needs no other address.
        ({"route": "a.com/*"}, None, False),
        ({"route": "a.com/*", "workers_dev": True}, None, True),
        ({"workers_dev": False}, None, False),
        ({"workers_dev": "no"}, None, False),
        ({"workers_dev": False, "env": {"staging": {}}}, "staging", False),
        ({"workers_dev": False, "env": {"staging": {"workers_dev": True}}}, "staging", True),
        ({"env": {"staging": {"routes": ["a.com/*"]}}}, "staging", False),
        ({"routes": ["a.com/*"], "env": {"staging": {"routes": []}}}, "staging", True),
    ],
)
def test_whether_it_is_on_workers_dev(content, environment, expected):
    assert deployment({**NAME, **content}, environment).on_workers_dev is expected


# --- The module -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "language"),
    [
        ({"main": "src/index.ts"}, Language.JAVASCRIPT),
        ({"main": "src/happy.js"}, Language.JAVASCRIPT),
        ({"main": "src/entry.py"}, Language.PYTHON),
        ({"main": "src/entry", "compatibility_flags": ["python_workers"]}, Language.PYTHON),
        ({"main": "src/entry.js", "compatibility_flags": ["python"]}, Language.JAVASCRIPT),
        ({"main": "build/worker/shim.mjs"}, Language.RUST),
        ({"main": "rebuild/worker/shim.mjs"}, Language.JAVASCRIPT),
        (
            {"main": "build/index.js", "build": {"command": "worker-build --release"}},
            Language.RUST,
        ),
        (
            {"main": "build/index.js", "build": {"command": "cargo install -q worker-build"}},
            Language.RUST,
        ),
        ({"main": "build/index.js", "build": {"command": "npm run cargos"}}, Language.JAVASCRIPT),
        ({"assets": {"directory": "public"}}, Language.ASSETS),
        ({"main": "a.js", "assets": {"directory": "public"}}, Language.JAVASCRIPT),
        ({"pages_build_output_dir": "out"}, Language.PAGES),
        ({}, Language.UNKNOWN),
    ],
)
def test_languages(content, language):
    assert read({**NAME, **content}).language is language


@pytest.mark.parametrize(
    ("content", "main", "others"),
    [
        pytest.param({"main": "a.ts"}, "a.ts", {}, id="the top level"),
        pytest.param({"main": ""}, None, {}, id="an empty name is none"),
        pytest.param({"env": {"x": {"main": "a.ts"}}}, "a.ts", {}, id="an environment's alone"),
        pytest.param(
            {"env": {"x": {"main": "a.ts"}, "y": {"main": "a.ts"}}},
            "a.ts",
            {},
            id="all environments agree",
        ),
        pytest.param(
            {"main": "a.ts", "env": {"x": {"main": "b.ts"}, "y": {"main": "a.ts"}}},
            "a.ts",
            {"x": "b.ts"},
            id="another one in an environment",
        ),
        pytest.param(
            {"env": {"x": {"main": "b.ts"}, "y": {"main": "a.ts"}}},
            None,
            {"x": "b.ts", "y": "a.ts"},
            id="no two agree",
        ),
        pytest.param(
            {"site": {"bucket": "b", "entry-point": "site"}}, "site", {}, id="Workers Sites"
        ),
        pytest.param({"site": {"bucket": "b"}}, "workers-site", {}, id="Workers Sites' default"),
        pytest.param(
            {"main": "a.ts", "site": {"bucket": "b"}}, "a.ts", {}, id="main beside Workers Sites"
        ),
        pytest.param(
            {"build": {"upload": {"format": "modules", "main": "./x.mjs"}}},
            "dist/./x.mjs",
            {},
            id="wrangler 1",
        ),
    ],
)
def test_modules(content, main, others):
    found = read({**NAME, **content})
    assert (found.main.value if found.main else None) == main
    assert {name: text.value for name, text in found.environment_mains.items()} == others


@pytest.mark.parametrize(
    ("content", "builder"),
    [
        ({"build": {"command": "npm run build"}}, "build.command"),
        ({"no_bundle": True}, "no_bundle"),
        ({"env": {"x": {"build": {"command": "make"}}}}, "build.command"),
        ({"build": {"command": ""}}, None),
        ({"build": {"watch_dir": "src"}}, None),
        ({"no_bundle": False}, None),
    ],
)
def test_signs_that_a_build_writes_the_module(content, builder):
    found = read({**NAME, "main": "a.js", **content}).builder
    assert (found.value if found else None) == builder


def test_aliases():
    assert read({**NAME, "alias": {"a": "./b", "c": 1}}).alias == {"a": "./b"}


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        pytest.param("./src/b", "./apps/api/src/b", id="relative to the configuration"),
        pytest.param("../shared/b.ts", "./apps/shared/b.ts", id="beside its folder"),
        pytest.param("../../../b", "../b", id="out of the root"),
        pytest.param("some-package/b", "some-package/b", id="a package stays one"),
    ],
)
def test_an_alias_is_relative_to_its_configuration(value, resolved):
    document = jsonc.parse(json.dumps({**NAME, "alias": {"a": value}}).encode())
    found = wrangler.read("apps/api/wrangler.json", document)
    assert found is not None
    assert found.alias == {"a": resolved}


# --- What is not as it should be ------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        "x",
        {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"main": {}}},
        {"$schema": "config-schema.json"},
        {"extends": "./other.json"},
    ],
)
def test_files_that_are_no_configurations(content):
    assert wrangler.read("wrangler.json", jsonc.parse(json.dumps(content).encode())) is None


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (
            '{"name": 1}',
            'line 1, column 10: "name" should be a string, not a number: ignored',
        ),
        (
            '{"name": "a",\n "services": {"binding": "A"}}',
            'line 2, column 14: "services" should be an array, not an object: ignored',
        ),
        (
            '{"name": "a", "services": ["A"]}',
            'line 1, column 28: "services" should be an array of objects, not a string: ignored',
        ),
        (
            '{"name": "a", "services": [{"binding": "A"}]}',
            'line 1, column 28: "service" is missing here: ignored',
        ),
        (
            '{"name": "a", "services": [{"binding": 1, "service": "a"}]}',
            'line 1, column 40: "binding" should be a string, not a number: ignored',
        ),
        (
            '{"name": "a", "env": "staging"}',
            'line 1, column 22: "env" should be an object, not a string: ignored',
        ),
        (
            '{"name": "a", "env": {"staging": true}}',
            'line 1, column 34: "env.staging" should be an object, not a boolean: ignored',
        ),
        (
            '{"name": "a", "durable_objects": []}',
            'line 1, column 34: "durable_objects" should be an object, not an array: ignored',
        ),
        (
            '{"name": "a", "no_bundle": "yes"}',
            'line 1, column 28: "no_bundle" should be a boolean, not a string: ignored',
        ),
        (
            '{"name": "a", "pages_build_output_dir": "o", "env": {"staging": {}}}',
            'line 1, column 54: "env.staging" is ignored: a Pages project has only the '
            "environments preview and production",
        ),
        (
            '{"name": "a", "main": "a.ts", "env": {"x": {"main": "b.ts"}}}',
            'line 1, column 53: "env.x" runs a module of its own, b.ts: not analysed',
        ),
    ],
)
def test_notes_name_the_place_once(content, note):
    found = wrangler.read("wrangler.json", jsonc.parse(content.encode()))
    assert [item.text for item in found.notes] == [note]


def test_an_inherited_mistake_is_told_once():
    content = {**NAME, "migrations": "v1", "env": {"a": {}, "b": {}}}
    assert len(texts(content)) == 1


def test_a_mistake_does_not_hide_what_stands_beside_it():
    found = deployment(
        {**NAME, "services": [7, {"binding": "A", "service": "a"}, {"service": "b"}], "vars": []}
    )
    assert [item.name for item in found.bindings] == ["A"]


def test_dates_of_toml_are_strings_to_wrangler():
    found = deployment('name = "a"\ncompatibility_date = 2026-01-02\n')
    assert found.compatibility_date == "2026-01-02"


WRONG = [
    0,
    -1.5,
    "",
    "x",
    True,
    None,
    [],
    {},
    [None],
    [[[]]],
    [1, "x", {}],
    {"bindings": 1},
    {"bindings": [1]},
    {"": {"": {}}},
    {"a": {"type": "durable-object"}},
    [{"binding": [], "name": {}, "service": None, "class_name": 1, "pattern": 2}],
    [{"new_classes": "A", "renamed_classes": [1], "transferred_classes": [{}]}],
    {"command": 1, "upload": "x", "producers": {}, "required": [1], "entry-point": []},
    {"upload": {"main": "x", "dir": 1}},
]
SETTINGS = [
    *("name", "main", "env", "services", "durable_objects", "workflows", "vars", "secrets"),
    *("tail_consumers", "streaming_tail_consumers", "migrations", "exports", "routes", "route"),
    *("compatibility_date", "compatibility_flags", "alias", "site", "assets", "build", "unsafe"),
    *("pages_build_output_dir", "no_bundle", "queues", "wasm_modules", "logfwdr", "kv_namespaces"),
]


@pytest.mark.parametrize("key", SETTINGS)
def test_no_value_of_any_setting_breaks_the_reading(key):
    for wrong in WRONG:
        for content in (
            {"account_id": "1", key: wrong},
            {"account_id": "1", "env": {"x": {key: wrong}}},
            {"account_id": "1", "env": {"x": wrong, "": {key: wrong}}},
        ):
            assert read(content).deployments[0].environment is None
