"""The generated modules on the real runtime, in the Workers that they were generated for.

One process runs them all. Each Worker of ``workers`` stands there twice: with bindings that work,
and with bindings that fail. A Worker that has no binding of a name has ``undefined`` in its place.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

WORKERS = sorted(path.name for path in (Path(__file__).parent / "workers").iterdir())
TARGETS = ["admin", "api", "rooms"]
WITH_FALLBACK = ["ts_object", "js_object"]
DATE = "2026-05-12"
ENOUGH = 60  # seconds for everything
QUICK = 300  # milliseconds, in place of what the modules wait for an answer
DONE = "that is all"

ROOMS = (
    ', durableObjectNamespaces = [(className = "Room", uniqueKey = "room")], '
    "durableObjectStorage = (inMemory = void)"
)
BUNDLE = """
const { entryPoints, outdir, packages } = JSON.parse(require("fs").readFileSync(0, "utf8"));
require("esbuild").buildSync({
  entryPoints, outdir, bundle: true, format: "esm", target: "esnext", logLevel: "error",
  external: ["cloudflare:*", "node:*"], nodePaths: [packages], tsconfigRaw: {},
});
"""
FAILING = {
    "broken": "async fetch() { throw new Error('kaput ' + 'x'.repeat(500)); }",
    "busy": "async fetch() { return new Response('busy', { status: 503 }); }",
    "hanging": "async fetch() { await scheduler.wait(60000); }",
    "mute": "fetch() {}",
    "zone": "async fetch() { return new Response('error code: 1042', { status: 404 }); }",
    "slow_body": """async fetch() {
      const { readable, writable } = new TransformStream();
      const writer = writable.getWriter();
      (async () => {
        for (let part = 0; part < 4; part++) {
          await scheduler.wait(200);
          await writer.write(new TextEncoder().encode("part "));
        }
        await writer.close();
      })().catch(() => {});
      return new Response(readable, { headers: { "content-type": "text/plain" } });
    }""",
    "internet": """async fetch(request) {
      return new Response(`internet ${request.method} ${request.url} ${await request.text()}`);
    }""",
}
SITUATIONS = {
    "sound": {"API": "api", "my-binding": "api", "ADMIN": "admin#Admin", "ROOMS": "rooms*Room"},
    "faulty": {"API": "hanging", "my-binding": "broken", "ROOMS": "rooms*Room"},
    "wrong": {"API": "mute", "my-binding": "busy", "ADMIN": "admin#Admin", "ROOMS": "rooms*Room"},
    "odd": {"API": "rooms*Room", "my-binding": "zone", "ADMIN": "admin#Admin", "ROOMS": "api"},
    "late": {"API": "slow_body", "my-binding": "api", "ADMIN": "admin#Admin", "ROOMS": "api"},
}
ASKING = """
import * as ts_object from "./ts_object/fallback.js";
import * as js_object from "./js_object/fallback.js";

const ADDRESS = "https://api.example.com/base/";
const put = () => new Request("https://x/a?b=1", { method: "PUT", body: "body" });
const post = () => new Request("https://x/a?b=1", { method: "POST", body: "body" });
const given = (response) => response.text().then((text) => `${response.status} ${text}`.trim());

async function made(call) {
  try {
    return await given(await call());
  } catch (error) {
    return `threw ${error.name}: ${error.message}`;
  }
}

const CALLS = {
  "works": ({ api }, f) => f({ API: api, API_URL: ADDRESS }, put()),
  "a path": ({ api }, f) => f({ API: api, API_URL: ADDRESS }, "/v2/x?y=1", { method: "DELETE" }),
  "not found counts": ({ zone }, f) => f({ API: zone, API_URL: ADDRESS }, "/a"),
  "throws": ({ broken }, f) => f({ API: broken, API_URL: ADDRESS }, put()),
  "busy": ({ busy }, f) => f({ API: busy, API_URL: ADDRESS }, put()),
  "hangs": ({ hanging }, f) => f({ API: hanging, API_URL: ADDRESS }, put(), undefined, QUICK),
  "missing": (_, f) => f({ API_URL: ADDRESS }, put()),
  "missing, post": (_, f) => f({ API_URL: ADDRESS }, post()),
  "no binding": ({ namespace }, f) => f({ API: namespace, API_URL: ADDRESS }, put()),
  "throws, post": ({ broken }, f) => f({ API: broken, API_URL: ADDRESS }, post()),
  "busy, post": ({ busy }, f) => f({ API: busy, API_URL: ADDRESS }, post()),
  "throws, any": ({ broken }, f) =>
    f({ API: broken, API_URL: ADDRESS }, post(), undefined, { anyMethod: true }),
  "no address": ({ broken }, f) => f({ API: broken }, put()),
  "nothing": (_, f) => f({}, put()),
  "workers.dev": ({ broken }, f) =>
    f({ API: broken, API_URL: "https://api.example.workers.dev" }, put()),
  "near workers.dev": ({ broken }, f) =>
    f({ API: broken, API_URL: "https://notworkers.dev" }, put()),
  "not https": ({ broken }, f) => f({ API: broken, API_URL: "http://api.example.com" }, put()),
  "no url": ({ broken }, f) => f({ API: broken, API_URL: "api.example.com" }, put()),
  "slow body": ({ slow_body }, f) =>
    f({ API: slow_body, API_URL: ADDRESS }, "/", undefined, QUICK),
  "given up": ({ hanging }, f) => {
    const request = new Request("https://x/", { signal: AbortSignal.timeout(50) });
    return f({ API: hanging, API_URL: ADDRESS }, request);
  },
};
const QUICK = { timeoutMs: 300 };

export default {
  async test(controller, env) {
    for (const [key, service] of Object.entries(env)) {
      if (key.startsWith("facade ")) {
        const answer = await made(() => service.fetch(put()));
        console.log(JSON.stringify([key, answer]));
      }
      if (!/ (sound|faulty|wrong|odd|late)$/.test(key)) continue;
      for (const path of ["/health/bindings", "/__wfix/diagnose", "/"]) {
        const response = await service.fetch(`https://caller${path}`);
        console.log(JSON.stringify([`${key} ${path}`, [response.status, await response.text()]]));
      }
    }
    for (const [name, { fetchApi }] of Object.entries({ ts_object, js_object })) {
      for (const [call, make] of Object.entries(CALLS)) {
        const answer = await made(() => make(env, fetchApi));
        console.log(JSON.stringify([`${name} ${call}`, answer]));
      }
    }
    console.log("%s");
  },
};
"""


def bound(name: str, to: str) -> str:
    if "*" in to:
        service, class_name = to.split("*")
        value = f'durableObjectNamespace = (className = "{class_name}", serviceName = "{service}")'
    else:
        service, _, entrypoint = to.partition("#")
        named = f', entrypoint = "{entrypoint}"' if entrypoint else ""
        value = f'service = (name = "{service}"{named})'
    return f'(name = "{name}", {value})'


def service(name: str, module: str, bindings: dict[str, str], more: str = "") -> str:
    listed = ", ".join(bound(key, to) for key, to in bindings.items())
    return (
        f'(name = "{name}", worker = (modules = [(name = "index", esModule = embed "{module}")], '
        f'compatibilityDate = "{DATE}", bindings = [{listed}]{more}))'
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("generated")


@pytest.fixture
def tmp_path(folder) -> Path:
    """The repositories are written once, for all tests here."""
    return folder


@pytest.fixture(scope="module")
def kept() -> dict[str, object]:
    return {}


@pytest.fixture
def answers(kept, folder, node_tools, with_targets, add) -> dict[str, object]:
    """The answer to each request, by the Worker, its situation and the path."""
    if not kept:
        entries = {}
        for name in WORKERS:
            entries |= generated(with_targets(name), add, name)
        kept.update(run(node_tools, folder, entries))
    return kept


def generated(root: Path, add, name: str) -> dict[str, Path]:
    """The modules of a Worker with additions, by what they are bundled as."""
    add(root, "diagnose", wire=True)
    add(root, "health", wire=True)
    made = add(root, "fallback")
    for path in [*root.glob("caller/**/diagnose-*.*"), *root.glob("caller/**/binding-*.*")]:
        text, count = re.subn(r"TIMEOUT_MS = 5000", f"TIMEOUT_MS = {QUICK}", path.read_text())
        assert count == 1
        path.write_text(text)
    main = next(
        path for stem in ("index", "worker") for path in root.glob(f"caller/**/{stem}.[jtm]*s")
    )
    found = {f"{name}/index": main, f"{name}/fallback": root / made.changes[0].path}
    if name == WORKERS[0]:
        found |= {target: root / target / "src/index.js" for target in TARGETS}
        add(root, "facade", "api")
        found["facade"] = root / "api-facade/src/index.js"
    return found


def bundle(node_tools, out: Path, entries: dict[str, Path]) -> None:
    points = [{"in": str(path), "out": name} for name, path in entries.items()]
    given = {"entryPoints": points, "outdir": str(out), "packages": str(node_tools.packages)}
    node_tools.run(BUNDLE, json.dumps(given))


def services() -> list[str]:
    variants = {
        f"{name} {situation}": bindings
        for name in WORKERS
        for situation, bindings in SITUATIONS.items()
    }
    facades = {"facade to api": {"TARGET": "api"}, "facade to rooms": {"TARGET": "rooms"}}
    services = {**variants, **facades, **dict.fromkeys((*FAILING, *TARGETS))}
    asked = {name: name for name in services} | {"namespace": "rooms*Room"}
    return [
        service("asking", "asked.js", asked, ', globalOutbound = "internet"'),
        service("rooms", "rooms.js", {}, ROOMS),
        *(service(name, f"{name}.js", {}) for name in (*FAILING, "api", "admin")),
        *(service(name, f"{name.split()[0]}/index.js", to) for name, to in variants.items()),
        *(service(name, "facade.js", to) for name, to in facades.items()),
    ]


def run(node_tools, folder: Path, entries: dict[str, Path]) -> dict[str, object]:
    out = folder / "out"
    bundle(node_tools, out, entries)
    for name, handler in FAILING.items():
        (out / f"{name}.js").write_text(f"export default {{ {handler} }};")
    (out / "asking.js").write_text(ASKING % DONE)
    bundle(node_tools, out, {"asked": out / "asking.js"})
    (out / "config.capnp").write_text(
        'using Workerd = import "/workerd/workerd.capnp";\n'
        f"const config :Workerd.Config = (services = [{', '.join(services())}]);\n"
    )
    program = node_tools.run("process.stdout.write(require('workerd').default)")
    process = subprocess.run(
        [program, "test", "--experimental", out / "config.capnp", "asking"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        timeout=ENOUGH,
    )
    assert DONE in process.stdout, process.stdout[-5000:]
    lines = process.stdout.splitlines()
    return dict(json.loads(line) for line in lines if line.startswith('["'))


# --- Diagnosis and health


def health(answers, name: str, situation: str) -> tuple[int, dict]:
    status, body = answers[f"{name} {situation} /health/bindings"]
    told = json.loads(body)
    return status, {item["name"]: item for item in told["bindings"]} | {"all": told["healthy"]}


def diagnosis(answers, name: str, situation: str) -> dict:
    status, body = answers[f"{name} {situation} /__wfix/diagnose"]
    assert status == 200
    return json.loads(body)


@pytest.mark.parametrize("name", WORKERS)
def test_the_worker_answers_as_before(answers, name):
    for situation in SITUATIONS:
        assert answers[f"{name} {situation} /"] == [200, "caller"]


@pytest.mark.parametrize("name", WORKERS)
def test_bindings_that_work_are_healthy(answers, name):
    status, bindings = health(answers, name, "sound")

    assert (status, bindings["all"]) == (200, True)
    assert [bindings[key]["status"] for key in ("API", "my-binding", "ADMIN", "ROOMS")] == [
        "up",
        "up",
        "present",
        "present",
    ]
    assert bindings["API"]["httpStatus"] == 200


@pytest.mark.parametrize("name", WORKERS)
def test_one_that_hangs_throws_or_is_missing_is_down(answers, name):
    status, bindings = health(answers, name, "faulty")

    assert (status, bindings["all"]) == (503, False)
    assert bindings["API"]["error"] == "The operation was aborted due to timeout"
    assert bindings["my-binding"]["error"].startswith("kaput xx")
    assert len(bindings["my-binding"]["error"]) == 200
    assert bindings["ADMIN"]["error"] == "the binding is not configured"
    assert bindings["ROOMS"]["status"] == "present"


@pytest.mark.parametrize("name", WORKERS)
def test_one_that_answers_that_it_cannot_is_down(answers, name):
    status, bindings = health(answers, name, "wrong")

    assert status == 503
    assert bindings["my-binding"] == bindings["my-binding"] | {"status": "down", "httpStatus": 503}


@pytest.mark.parametrize("name", WORKERS)
def test_another_kind_of_binding_is_down_and_a_404_is_up(answers, name):
    _, bindings = health(answers, name, "odd")

    assert bindings["API"]["error"] == "the binding has no fetch"
    assert bindings["my-binding"]["status"] == "up"


def test_a_binding_of_one_environment_fails_nothing_elsewhere(answers):
    _, bindings = health(answers, "ts_object", "sound")

    assert bindings["STAGED"] == {"name": "STAGED", "status": "not configured here"}
    assert diagnosis(answers, "ts_object", "sound")["STAGED"]["note"] == (
        "configured only in: staging"
    )


@pytest.mark.parametrize("name", WORKERS)
def test_what_works_is_described(answers, name):
    found = diagnosis(answers, name, "sound")

    api = found["API"]
    assert api["kind"] == "http"
    assert api["leadsTo"] == "api"
    assert (api["status"], api["ok"], api["fetchType"]) == (200, True, "function")
    assert len(api["bodyPreview"]) == 200
    assert found["ADMIN"]["kind"] == "rpc"
    assert found["ADMIN"]["leadsTo"] == "admin#Admin"
    assert found["ROOMS"]["kind"] == "durable object"
    assert found["ROOMS"]["note"] == "it is there; it was not called"


@pytest.mark.parametrize("name", WORKERS)
def test_failures_are_told_with_their_causes(answers, name):
    found = diagnosis(answers, name, "faulty")

    assert found["API"]["errorName"] == "TimeoutError"
    assert found["API"]["note"].startswith(f"no answer within {QUICK} ms")
    assert found["my-binding"]["error"].startswith("kaput xx")
    assert len(found["my-binding"]["error"]) == 200
    assert found["my-binding"]["causes"] == []
    assert found["ADMIN"]["exists"] is False
    assert found["ADMIN"]["causes"][0]["cause"].startswith("the binding is not configured")


@pytest.mark.parametrize("name", WORKERS)
def test_the_measured_cause_of_the_articles_message_comes_first(answers, name):
    api = diagnosis(answers, name, "wrong")["API"]

    assert api["error"] == "Callback returned incorrect type; expected 'Promise'"
    assert [cause["evidence"] for cause in api["causes"]] == ["measured", "reported", "reported"]
    assert "is not async" in api["causes"][0]["cause"]
    assert "exports Durable Object" in api["causes"][1]["cause"]


@pytest.mark.parametrize("name", WORKERS)
def test_a_namespace_in_place_of_a_service_and_a_platform_page_are_told(answers, name):
    found = diagnosis(answers, name, "odd")

    assert found["API"]["fetchType"] == "undefined"
    assert found["API"]["causes"][0]["cause"].startswith("the binding is no service")
    assert found["my-binding"]["bodyPreview"] == "error code: 1042"
    assert found["my-binding"]["causes"][0]["evidence"] == "documented"


@pytest.mark.parametrize("name", WORKERS)
def test_a_body_that_comes_too_late_is_not_waited_for(answers, name):
    assert diagnosis(answers, name, "late")["API"]["errorName"] == "TimeoutError"
    assert health(answers, name, "late")[1]["API"]["status"] == "up"


def test_a_facade_passes_requests_on_whatever_the_target_exports_beside_its_object(answers):
    assert answers["facade to api"] == "200 api PUT /a?b=1 body"
    assert answers["facade to rooms"] == "200 rooms"


# --- Fallback

INTERNET = "200 internet PUT https://api.example.com/base/a?b=1 body"
NOTHING = '502 {"error":"no way to API gave an answer"}'


@pytest.mark.parametrize("name", WITH_FALLBACK)
@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("works", "200 api PUT /a?b=1 body"),
        ("a path", "200 api DELETE /v2/x?y=1"),
        ("not found counts", "404 error code: 1042"),
        ("throws", INTERNET),
        ("busy", INTERNET),
        ("hangs", INTERNET),
        ("missing", INTERNET),
        ("missing, post", INTERNET.replace("PUT", "POST")),
        ("no binding", INTERNET),
        ("throws, post", NOTHING),
        ("busy, post", "503 busy"),
        ("throws, any", INTERNET.replace("PUT", "POST")),
        ("no address", NOTHING),
        ("nothing", NOTHING),
        ("workers.dev", NOTHING),
        ("near workers.dev", "200 internet PUT https://notworkers.dev/a?b=1 body"),
        ("not https", NOTHING),
        ("no url", NOTHING),
        ("slow body", "200 part part part part"),
        ("given up", "threw TimeoutError: The operation was aborted due to timeout"),
    ],
)
def test_the_second_way_is_taken_where_it_is_said_to_be(answers, name, call, answer):
    assert answers[f"{name} {call}"] == answer
