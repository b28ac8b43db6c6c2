"""The Worker that stands before another one, and the callers that go to it."""

import json

import pytest

from codemod import plan, scan
from codemod.errors import Refused
from codemod.model import Strategy
from codemod.settings import Settings

FETCHING = "export default { async fetch(request, env) { return env.API.fetch(request); } };\n"
POISONED = """\
import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {}

export default {
  async fetch() {
    return new Response("api");
  },
};
"""
TARGET = """\
{
  // what everybody calls
  "name": "api",
  "main": "src/index.ts",
  "compatibility_date": "2026-05-12",
  "compatibility_flags": ["nodejs_compat"],
  "routes": [{ "pattern": "api.example.com", "custom_domain": true }],
  "vars": { "SECRET": "x" },
  "durable_objects": { "bindings": [{ "name": "ROOMS", "class_name": "Room" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Room"] }],
  "env": { "staging": {}, "production": { "name": "api-live" } }
}
"""
CALLER = """\
{
  "name": "%s",
  "main": "index.js",
  "services": [%s]
}
"""
PLAIN = '{ "binding": "API", "service": "api" }'
TOGETHER = '{ "scripts": { "dev": "wrangler dev -c caller/wrangler.json -c api/wrangler.jsonc" } }'


def files(caller: str = PLAIN, code: str = FETCHING, **more: str) -> dict[str, str]:
    return {
        "api/wrangler.jsonc": TARGET,
        "api/src/index.ts": POISONED,
        "caller/wrangler.json": CALLER % ("caller", caller),
        "caller/index.js": code,
        **more,
    }


def test_it_is_a_worker_of_its_own_in_the_style_of_the_target(repository, add):
    root = repository(files())

    add(root, "facade", "api")

    assert (
        (root / "api-facade/wrangler.jsonc").read_text()
        == """\
{
  "name": "api-facade",
  "main": "src/index.ts",
  "compatibility_date": "2026-05-12",
  "workers_dev": false,
  "preview_urls": false,
  "services": [
    { "binding": "TARGET", "service": "api", "entrypoint": "default" }
  ],
  "env": {
    "staging": {
      "services": [
        { "binding": "TARGET", "service": "api-staging", "entrypoint": "default" }
      ]
    },
    "production": {
      "name": "api-live-facade",
      "services": [
        { "binding": "TARGET", "service": "api-live", "entrypoint": "default" }
      ]
    }
  }
}
"""
    )
    facade = next(item for item in scan(root).workers if item.name == "api-facade")
    assert facade.exports.named == ()
    assert facade.exports.default.handler("fetch")


def test_a_sound_target_is_bound_plainly(repository, add):
    root = repository(files(**{"api/src/index.ts": FETCHING}))

    add(root, "facade", "api")

    assert '"entrypoint"' not in (root / "api-facade/wrangler.jsonc").read_text()


def test_it_is_told_by_toml_where_the_target_is(with_targets, add):
    root = with_targets("ts_class")
    target = 'name = \'api\'\nmain = "src/index.js"\n\n[env.staging]\nname = "other"\n'
    (root / "api/wrangler.jsonc").unlink()
    (root / "api/wrangler.toml").write_text(target)

    add(root, "facade", "api")

    assert (
        (root / "api-facade/wrangler.toml").read_text()
        == """\
name = 'api-facade'
main = 'src/index.js'
workers_dev = false
preview_urls = false

[[services]]
binding = 'TARGET'
service = 'api'

[env.staging]
name = 'other-facade'

[[env.staging.services]]
binding = 'TARGET'
service = 'other'
"""
    )


def test_beside_a_target_at_the_root_it_lies_in_a_folder_of_its_name(repository, add):
    root = repository({"wrangler.json": '{ "name": "@x/api", "main": "a.js" }', "a.js": FETCHING})

    made = add(root, "facade", "@x/api")

    assert [change.path for change in made.changes] == [
        "@x-api-facade/src/index.js",
        "@x-api-facade/wrangler.json",
    ]


@pytest.mark.parametrize("wire", [False, True])
def test_nothing_new_is_found_afterwards(repository, add, wire):
    root = repository(files())
    before = [finding.binding for finding in plan(scan(root)).findings]

    made = add(root, "facade", "api", wire=wire)

    after = [finding.binding for finding in plan(scan(root)).findings]
    assert made.news == ()
    assert before == ["API"]
    assert after == ([] if wire else ["API"])


def test_wiring_binds_the_callers_to_it_in_every_environment(repository, add):
    caller = """\
{ "binding": "API", "service": "api" }],
  "env": { "live": { "services": [{ "service": "api-live", "binding": "API" }] } },
  "compatibility_flags": ["x\""""
    root = repository(files(caller))

    made = add(root, "facade", "api", wire=True)

    configuration = json.loads((root / "caller/wrangler.json").read_text())
    assert configuration["services"] == [{"binding": "API", "service": "api-facade"}]
    assert configuration["env"]["live"]["services"] == [
        {"service": "api-live-facade", "binding": "API"}
    ]
    assert "caller.API is bound to api-facade" in made.steps


@pytest.mark.parametrize(
    ("binding", "bound"),
    [
        (
            '{ "binding": "API", "service": "api", "entrypoint": "default" }',
            '{ "binding": "API", "service": "api-facade" }',
        ),
        (
            '{ "binding": "API", "entrypoint": "default", "service": "api" }',
            '{ "binding": "API", "service": "api-facade" }',
        ),
        (
            '{ "binding": "API", "service": "api", "props": {} }',
            '{ "binding": "API", "service": "api-facade", "props": {} }',
        ),
    ],
)
def test_a_caller_is_bound_to_it_without_the_entrypoint_of_the_target(
    repository, add, binding, bound
):
    """The facade has no classes: the key would only keep it from starting locally."""
    root = repository(files(binding))
    before = (root / "caller/wrangler.json").read_text()

    made = add(root, "facade", "api", wire=True)

    assert (root / "caller/wrangler.json").read_text() == before.replace(binding, bound)
    told = [step for step in made.steps if step.startswith("caller.API is bound to api-facade")]
    assert told[0].endswith(', without "entrypoint": "default"') is ("entrypoint" in binding)


@pytest.mark.parametrize(
    ("binding", "code", "obstacle"),
    [
        (
            '{ "binding": "API", "service": "api", "entrypoint": "Admin" }',
            FETCHING,
            "bound to the entrypoint Admin",
        ),
        (
            PLAIN,
            "export default { async fetch(r, env) { return env.API.list(r) ?? env.API.fetch(r) } }",
            "methods are called over it",
        ),
        (PLAIN, "export default { async fetch(r, env) { return go(env.API, r) } }", "be told"),
        (PLAIN, "export default { async fetch(r, env) { return env[r.x].fetch(r) } }", "be told"),
        (PLAIN, "export default { async fetch() { return new Response() } }", "be told"),
        (
            '{ "binding": "API", "service": "api", "environment": "staging" }',
            FETCHING,
            "deprecated key",
        ),
    ],
)
def test_a_caller_of_more_than_requests_stays(repository, add, binding, code, obstacle):
    root = repository(files(binding, code))
    before = (root / "caller/wrangler.json").read_bytes()

    made = add(root, "facade", "api", wire=True)

    assert (root / "caller/wrangler.json").read_bytes() == before
    assert any("stays bound to" in step and obstacle in step for step in made.steps)


def test_without_wiring_it_is_told_which_callers_to_bind(repository, add):
    root = repository(files())
    before = (root / "caller/wrangler.json").read_bytes()

    made = add(root, "facade", "api")

    assert "bind caller.API to api-facade" in made.steps
    assert (root / "caller/wrangler.json").read_bytes() == before


# --- Refusals


def test_where_workers_run_together_a_poisoned_target_needs_a_repair_of_its_own(repository, add):
    root = repository(files(**{"package.json": TOGETHER}))

    with pytest.raises(Refused, match="repair the target with `wfix apply` first"):
        add(root, "facade", "api")
    assert not (root / "api-facade").exists()


@pytest.mark.parametrize("settled", ["sound", "left", "entrypoint"])
def test_unless_it_is_sound_or_the_user_has_decided(repository, add, settled):
    more = {"package.json": TOGETHER}
    if settled == "sound":
        more["api/src/index.ts"] = FETCHING
    if settled == "entrypoint":
        more["package.json"] = "{}"
    settings = Settings(targets={"api": Strategy.LEAVE} if settled == "left" else {})

    assert add(repository(files(**more)), "facade", "api", settings=settings).changes


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [
        ("export default { async scheduled() {} };", True),
        (
            "import { WorkerEntrypoint } from 'cloudflare:workers';\n"
            "export default class extends WorkerEntrypoint { list() {} }",
            True,
        ),
        ("export default make();", False),
        ("import { Hono } from 'hono';\nconst app = new Hono();\nexport default app;", False),
    ],
)
def test_a_target_without_a_fetch_has_no_use_for_it(repository, add, code, is_refused):
    root = repository(files(**{"api/src/index.ts": code}))

    if is_refused:
        with pytest.raises(Refused, match="it has no fetch"):
            add(root, "facade", "api")
    else:
        assert add(root, "facade", "api").changes


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("api-facade/README.md", "api-facade exists already"),
        ("api-facade", "api-facade exists already"),
        ("other/wrangler.json", "a Worker called"),
    ],
)
def test_its_folder_and_its_names_must_be_free(repository, add, path, reason):
    root = repository(files(**{path: CALLER % ("api-facade", "")}))

    with pytest.raises(Refused, match=reason):
        add(root, "facade", "api")


@pytest.mark.parametrize("name", ["a\\u0000b", "a\\nb", "a\\u2028b"])
def test_a_name_must_be_one_that_a_folder_can_have(repository, add, name):
    root = repository(files(**{"api/wrangler.jsonc": f'{{ "name": "{name}", "main": "x.js" }}'}))

    with pytest.raises(Refused, match="none that a folder could have"):
        add(root, "facade", "api/wrangler.jsonc")


@pytest.mark.parametrize("path", ["api-facades/README.md", "facade/README.md"])
def test_near_names_are_in_nobodys_way(repository, add, path):
    assert add(repository(files(**{path: ""})), "facade", "api").changes
