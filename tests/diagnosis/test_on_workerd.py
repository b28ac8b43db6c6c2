"""The measured causes of the table, made to happen: workerd says what the table takes it to say.

Only what one Worker and its caller can show is here; wrangler, the network and the upload API have
messages of their own.
"""

import os
import subprocess
from dataclasses import dataclass

import pytest

from codemod.diagnosis.messages import MESSAGES, Parts
from codemod.diagnosis.recognition import recognise_all
from codemod.model import Mark

MODULE = 'import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";\n'
OBJECT = "export default { async fetch() { return new Response(); } };\n"
CLASS = "export default class extends WorkerEntrypoint { %s }\n"
ROOM = "export class Room extends DurableObject {}\n"
FETCH = 'await env.X.fetch("https://target/")'
DATE = "2024-04-03"


@dataclass(frozen=True)
class Case:
    """A target's module, a call through the binding X, and what has to be recognised.

    ``binding`` is what X leads to in workerd's configuration, ``date`` the caller's.
    """

    message: str
    parts: Parts
    target: str
    call: str = FETCH
    binding: str = '"target"'
    date: str = DATE


def named(entrypoint: str) -> str:
    return f'(name = "target", entrypoint = "{entrypoint}")'


METHOD = Parts(method="list")
CASES = {
    "a fetch that returns nothing": Case(
        "callback-returned-incorrect-type", Parts(), "export default { fetch() {} };"
    ),
    "a fetch that returns a string": Case(
        "callback-returned-incorrect-type", Parts(), 'export default { fetch() { return "x"; } };'
    ),
    "a class's fetch that returns nothing": Case(
        "callback-returned-incorrect-type", Parts(), CLASS % "fetch() {}"
    ),
    "a fetch that resolves to nothing": Case(
        "promise-did-not-resolve-to-response", Parts(), "export default { async fetch() {} };"
    ),
    "a method that is not there": Case(
        "rpc-method-missing", METHOD, CLASS % "fetch() {}", "await env.X.list()"
    ),
    "an arrow function": Case(
        "rpc-method-missing", METHOD, CLASS % "list = () => 1;", "await env.X.list()"
    ),
    "a reserved name": Case(
        "rpc-name-is-reserved", Parts(method="dup"), CLASS % "dup() {}", "await env.X.dup()"
    ),
    "the constructor": Case(
        "illegal-constructor", Parts(), CLASS % "list() {}", "await env.X.constructor()"
    ),
    "an export that is a string": Case(
        "export-is-no-entrypoint",
        Parts(entrypoint="VERSION"),
        OBJECT + 'export const VERSION = "1.0";',
    ),
    "a URL without its scheme": Case(
        "relative-url",
        Parts(path="localhost:8787/x"),
        OBJECT,
        'await env.X.fetch("localhost:8787/x")',
    ),
    "a getter that is called": Case(
        "rpc-member-is-no-function",
        METHOD,
        CLASS % "get list() { return 1; }",
        "await env.X.list()",
    ),
    "RPC before its date": Case(
        "rpc-not-enabled",
        Parts(binding="X", method="list"),
        CLASS % "list() {}",
        "await env.X.list()",
        date="2024-04-02",
    ),
    "a warning before its date": Case(
        "rpc-not-enabled", METHOD, CLASS % "list() {}", "await env.X.list()", date="2024-04-02"
    ),
    "two arguments for an object": Case(
        "rpc-wrong-number-of-arguments",
        METHOD,
        "export default { list(a, b, c) {} };",
        "await env.X.list(1, 2)",
    ),
    "a function of four parameters": Case(
        "rpc-wrong-number-of-arguments",
        METHOD,
        "export default { list(a, b, c, d) {} };",
        "await env.X.list(1)",
    ),
    "a binding that is not there": Case(
        "property-of-undefined",
        Parts(member="fetch"),
        OBJECT,
        'await env.OTHER.fetch("https://target/")',
    ),
    "the environment of a class's handler": Case(
        "property-of-undefined", Parts(member="API"), CLASS % "fetch(request, env) { env.API; }"
    ),
    "a relative URL": Case("relative-url", Parts(path="/v1"), OBJECT, 'await env.X.fetch("/v1")'),
    "an entrypoint called default": Case(
        "default-entrypoint-refused",
        Parts(worker="caller", binding="X", service="target"),
        OBJECT,
        binding=named("default"),
    ),
    "an entrypoint that is not there": Case(
        "entrypoint-missing",
        Parts(worker="caller", binding="X", service="target", entrypoint="Admin"),
        OBJECT,
        binding=named("Admin"),
    ),
    "an entrypoint that is a Durable Object": Case(
        "class-is-no-entrypoint", Parts(entrypoint="Room"), ROOM + OBJECT, binding=named("Room")
    ),
    "a call of an entrypoint that is a Durable Object": Case(
        "internal-error", Parts(), ROOM + OBJECT, binding=named("Room")
    ),
    "no default export": Case("internal-error", Parts(), ROOM),
    "a default that is a class without a base": Case(
        "internal-error", Parts(), "export default class { fetch() {} }"
    ),
    "a default without fetch": Case(
        "handler-missing", Parts(method="fetch"), "export default { scheduled() {} };"
    ),
    "a service that is not there": Case(
        "service-missing",
        Parts(worker="caller", binding="X", service="tagret"),
        OBJECT,
        binding='"tagret"',
    ),
}
CONFIGURATION = """using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "caller", worker = (modules = [(name = "caller.js", esModule = embed "caller.js")],
    compatibilityDate = "{date}", bindings = [(name = "X", service = {binding})])),
  (name = "target", worker = (modules = [(name = "target.js", esModule = embed "target.js")],
    compatibilityDate = "2024-04-03"))
]);
"""
RELEASES = [
    "current",
    *(
        pytest.param(release, marks=pytest.mark.slow)
        for release in ("workerd-2024", "workerd", "workerd-2025")
    ),
]


@pytest.fixture(params=RELEASES)
def workerd(request):
    if request.param == "current":
        folder = request.getfixturevalue("node_tools").packages / "workerd"
    else:
        folder = request.getfixturevalue("older_tools").packages / request.param
    platforms = [*folder.glob("node_modules/@cloudflare/*"), *folder.parent.glob("@cloudflare/*")]
    name = "workerd.exe" if os.name == "nt" else "workerd"
    return next(path for item in platforms if (path := item / "bin" / name).is_file())


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_workerd_says_so(workerd, tmp_path, case):
    caller = f"export default {{ async test(controller, env) {{ {case.call}; }} }};\n"
    (tmp_path / "caller.js").write_text(caller)
    (tmp_path / "target.js").write_text(MODULE + case.target)
    configuration = CONFIGURATION.format(date=case.date, binding=case.binding)
    (tmp_path / "config.capnp").write_text(configuration)
    ran = subprocess.run(
        [workerd, "test", "--experimental", tmp_path / "config.capnp", "caller"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=60,
    )
    lines = (ran.stdout + ran.stderr).splitlines(keepends=True)
    said = {item.recognised for item in recognise_all(lines)}
    assert (case.message, case.parts) in {(item.message.name, item.parts) for item in said}, lines


SHOWN_ELSEWHERE = {
    "class-as-default": "only releases from 2025 on write it into their log",
    "config-is-invalid": "wrangler says it, after what is measured here",
    "durable-object-namespace-missing": "its binding is none to a service",
    "durable-object-class-missing": "wrangler says it when it bundles",
}


def test_what_is_measured_is_made_to_happen():
    measured = {item.name for item in MESSAGES if item.causes[0].evidence.mark is Mark.MEASURED}
    assert measured == {case.message for case in CASES.values()} | SHOWN_ELSEWHERE.keys()
