"""What the generated modules say, and what they are not made for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codemod import plan, scan
from codemod.errors import Refused, UsageError
from codemod.generator import writing
from codemod.settings import Settings
from codemod.syntax import typescript

WORKERS = sorted(path.name for path in (Path(__file__).parent / "workers").iterdir())
KINDS = ["diagnose", "fallback", "health"]
FUNCTIONS = {"diagnose": "handleDiagnose", "health": "bindingHealth"}
MODULES = {
    "diagnose": "diagnose-bindings",
    "fallback": "fetch-with-fallback",
    "health": "binding-health",
}


def module(made) -> str:
    return next(change.after.decode() for change in made.changes if change.before is None)


def worker(*services: str, main: str = "src/index.ts", more: str = "") -> str:
    return f'{{ "name": "caller", "main": "{main}", "services": [{", ".join(services)}]{more} }}'


API = '{ "binding": "API", "service": "api" }'
ENTRY = "export default { async fetch(request, env) { return env.API.fetch(request); } };\n"


@pytest.mark.parametrize("name", WORKERS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_new_is_found_afterwards(with_targets, add, name, kind):
    root = with_targets(name)
    before = plan(scan(root)).findings

    made = add(root, kind)

    assert [change.before for change in made.changes] == [None]
    assert made.news == ()
    assert plan(scan(root)).findings == before


@pytest.mark.parametrize("name", WORKERS)
@pytest.mark.parametrize("kind", ["diagnose", "health"])
def test_nothing_new_is_found_after_wiring_either(with_targets, add, name, kind):
    root = with_targets(name)
    known = [finding.key for finding in plan(scan(root)).findings]

    made = add(root, kind, wire=True)

    assert len(made.changes) == 2
    assert made.news == ()
    assert [finding.key for finding in plan(scan(root)).findings] == known


def test_a_health_check_is_what_the_rule_asks_for(with_targets, add):
    root = with_targets("ts_object")
    asked = Settings(select=("no-health-check",))
    assert plan(scan(root), asked).findings

    add(root, "health", wire=True)

    assert not plan(scan(root), asked).findings


@pytest.mark.parametrize("kind", ["diagnose", "health"])
def test_bindings_are_called_as_what_they_are(with_targets, add, kind):
    text = module(add(with_targets("ts_object"), kind))

    # The path is one that the target's own code knows.
    assert 'url: "https://api/v1/health"' in text
    assert text.count('url: "') == 3  # API, my-binding, STAGED; neither RPC nor Durable Objects
    assert 'value: env["my-binding"]' in text
    assert "// RPC only: purge.\n" in text
    assert "// A namespace of Durable Objects" in text


def test_a_binding_of_one_environment_may_be_missing_elsewhere(with_targets, add):
    text = module(add(with_targets("ts_object"), "health"))

    assert text.count("onlyIn: ") == 1
    assert 'onlyIn: "staging"' in text


def test_only_the_environments_asked_for_count(with_targets, add):
    top_level = Settings(environments=("",))

    text = module(add(with_targets("ts_object"), "health", settings=top_level))

    assert "STAGED" not in text
    assert "onlyIn: " not in text


def test_a_target_elsewhere_is_what_the_code_takes_it_for(repository, add):
    code = """
export default {
  async fetch(request, env) {
    await env.MAIL.send("x");
    return env.WEB.fetch(request);
  },
};
"""
    files = {
        "wrangler.json": worker(
            '{ "binding": "MAIL", "service": "mail" }', '{ "binding": "WEB", "service": "web" }'
        ),
        "src/index.ts": code,
    }

    text = module(add(repository(files), "diagnose"))

    assert 'url: "https://web/health"' in text
    assert "https://mail" not in text


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("ts_object", ['value: env["my-binding"]', '\nimport type { Env } from "./env";\n']),
        ("ts_class", ["value: env['my-binding']\n".replace("\n", ","), "name: 'API',\n"]),
        ("js_object", ["        {\n            name: 'API',\n", "@param {Bindings} env"]),
        ("hono", ['import type { Bindings as Env } from "./index";']),
        ("ts_global", ["\nexport type Bindings = Env & { readonly "]),
        ("js_module", ["/** @typedef {{ API?: object; "]),
        ("ts_untyped", ["export interface Bindings {\n  readonly API: object;\n"]),
    ],
)
def test_the_module_is_written_as_the_entry_is(with_targets, add, name, reads):
    text = module(add(with_targets(name), "health"))

    for part in reads:
        assert part in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_style_without_semicolons_and_with_tabs_is_kept(with_targets, add, kind):
    lines = module(add(with_targets("ts_class"), kind)).splitlines()

    assert [line for line in lines if line.endswith(";")] == []
    assert [line for line in lines if line.startswith("  ")] == []
    assert any(line.startswith("\t\t") for line in lines)


def test_line_breaks_are_those_of_the_entry(repository, add):
    files = {
        "wrangler.json": worker(API),
        "src/index.ts": "// here\n".replace("\n", "\r\n") + ENTRY,
    }

    text = module(add(repository(files), "health"))

    assert text.count("\n") == text.count("\r\n") > 50


ODD_NAMES = [
    'a"b',
    "*/ alert() /*",
    "line\nbreak",
    "${x}`",
    "\u2028",
    "'; x='",
    "__proto__",
    "constructor",
    "\\",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["ts", "js"])
def test_odd_names_stay_names(repository, add, kind, suffix):
    """Read back as strings, and nothing of them is code or the end of a comment."""
    services = (json.dumps({"binding": name, "service": name}) for name in ODD_NAMES)
    main = f"src/index.{suffix}"
    files = {"wrangler.json": worker(*services, main=main), main: "export default {};\n"}

    text = module(add(repository(files), kind))

    source = typescript.parse(f"x.{suffix}", text.encode())
    assert not typescript.is_damaged(source.root)
    nodes = list(typescript.walk(source.root))
    strings = {typescript.string_value(node) for node in nodes if node.type == "string"}
    assert strings.issuperset(ODD_NAMES)
    assert "alert" not in {typescript.text(node) for node in nodes if "identifier" in node.type}


def test_functions_of_a_fallback_have_names_of_their_own(repository, add):
    names = ["API", "api", "API_MOM", "my-binding", "数据"]
    services = [f'{{ "binding": "{name}", "service": "x" }}' for name in names]
    root = repository({"wrangler.json": worker(*services), "src/index.ts": ENTRY})

    text = module(add(root, "fallback"))

    functions = ["fetchApi", "fetchApi2", "fetchApiMom", "fetchMyBinding", "fetchBinding"]
    for function in functions:
        assert text.count(f"function {function}(") == 1
    assert "domain: env.API_MOM_URL," in text
    assert "domain: env.MY_BINDING_URL," in text


def test_a_fallback_says_which_address_goes_where(with_targets, add):
    made = add(with_targets("ts_object"), "fallback")

    assert any(
        "fetchApi(env, request)" in step and "put https://api.example.com into" in step
        for step in made.steps
    )


@pytest.mark.parametrize("kind", ["diagnose", "health"])
def test_without_wiring_the_two_lines_are_told(with_targets, add, kind):
    first, second = add(with_targets("ts_class"), kind).steps[:2]

    assert f"src/worker.ts: import {{ {FUNCTIONS[kind]} }} from './" in first
    assert second.startswith("where it takes requests: if (new URL(request.url).pathname === '/")
    assert second.endswith(f") return {FUNCTIONS[kind]}(this.env)")


# --- Refusals


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param(
            {"wrangler.json": worker(), "src/index.ts": ENTRY}, "nothing to", id="no bindings"
        ),
        pytest.param(
            {"wrangler.json": worker(API, main="dist/index.js"), ".gitignore": "dist/\n"},
            "no entry module in the repository",
            id="built",
        ),
        pytest.param(
            {
                "wrangler.json": '{ "name": "caller", "pages_build_output_dir": "out", '
                f'"services": [{API}] }}',
                "functions/index.ts": "export const onRequest = () => new Response();\n",
            },
            "no entry module in the repository",
            id="pages",
        ),
        pytest.param(
            {
                "wrangler.json": f'{{ "name": "caller", "main": "a.js", "services": [{API}] }}',
                "a.js": "addEventListener('fetch', (event) => event.respondWith(API.fetch('/')))",
            },
            "nothing hands on an environment",
            id="service worker",
        ),
    ],
)
def test_there_must_be_something_to_add_and_a_place_for_it(repository, add, kind, files, reason):
    with pytest.raises(Refused, match=reason):
        add(repository(files), kind)


def test_a_fallback_needs_a_binding_that_takes_requests(repository, add):
    rooms = '"durable_objects": { "bindings": [{ "name": "ROOMS", "class_name": "Room" }] }'
    code = "export class Room {}\nexport default { async fetch() { return new Response(); } };\n"
    root = repository({"wrangler.json": worker(more=f", {rooms}"), "src/index.ts": code})

    with pytest.raises(Refused, match="no service binding that takes requests"):
        add(root, "fallback")
    assert add(root, "health").changes


def test_a_fallback_is_never_wired(with_targets, add):
    with pytest.raises(Refused, match="yours to say"):
        add(with_targets("ts_object"), "fallback", wire=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", [".ts", ".js", ".tsx"])
def test_no_module_is_overwritten_nor_put_beside_one_of_its_name(with_targets, add, kind, suffix):
    root = with_targets("ts_object")
    taken = root / "caller/src" / f"{MODULES[kind]}{suffix}"
    taken.write_text("// mine\n")

    with pytest.raises(Refused, match="exists already"):
        add(root, kind)
    assert taken.read_text() == "// mine\n"


@pytest.mark.parametrize("near", ["binding-healths.ts", "binding-health.md", "health.ts"])
def test_a_file_of_another_name_is_in_nobodys_way(with_targets, add, near):
    root = with_targets("ts_object")
    (root / "caller/src" / near).write_text("")

    assert add(root, "health").changes


def test_what_git_ignores_is_not_written(with_targets, add):
    root = with_targets("ts_object")
    (root / ".gitignore").write_text("binding-*\n")

    with pytest.raises(Refused, match="ignored by git"):
        add(root, "health")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("calller", 'did you mean "caller"'),
        ("nobody", "there are admin, api, caller, rooms"),
        ("caller-prod", 'did you mean "caller"'),
    ],
)
def test_the_worker_must_be_known(with_targets, add, name, message):
    with pytest.raises(UsageError, match=message):
        add(with_targets("ts_object"), "health", name)


@pytest.mark.parametrize("name", ["caller", "caller-staging", "caller/wrangler.jsonc"])
def test_a_worker_goes_by_its_names_and_its_file(with_targets, add, name):
    assert add(with_targets("ts_object"), "health", name).changes


def test_two_workers_of_one_name_are_told_apart_by_their_files(with_targets, add):
    root = with_targets("ts_object")
    (root / "api/wrangler.jsonc").write_text('{ "name": "caller", "main": "src/index.js" }')

    with pytest.raises(UsageError, match="several Workers"):
        add(root, "health")
    assert add(root, "health", "caller/wrangler.jsonc").changes


# --- Templates


@pytest.mark.parametrize("path", sorted(writing.TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_templates_keep_to_what_restyling_takes_for_granted(path):
    source = typescript.parse(path.name, path.read_bytes())

    assert not typescript.is_damaged(source.root)
    lines = path.read_text().splitlines()
    assert [
        line for line in lines if len(line) > 100 or "\t" in line or line != line.rstrip()
    ] == []
    # What begins so would go on with the line before, once that has lost its semicolon.
    assert [line for line in lines if line.lstrip()[:1] in tuple("([`/+-") and _is_code(line)] == []


def _is_code(line: str) -> bool:
    return not line.lstrip().startswith(("//", "/*"))
