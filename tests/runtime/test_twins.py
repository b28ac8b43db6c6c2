"""A twin behaves as what it is the twin of: both are run beside each other.

The modules here are code that the runtime takes as it stands. They are called directly, and so are
the twins that are made of what the scanner reads in them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from codemod import scan
from codemod.model import ExportKind, Exports, Project, Unknown
from codemod.runtime import configuration, twins
from codemod.runtime.calls import Bind, Call, Detour, Fetch, Rpc
from codemod.runtime.configuration import NamespaceBinding, Service, ServiceBinding
from codemod.runtime.twins import Needs
from codemod.runtime.workerd import watched

TOKEN = "report "
IMPORT = 'import * as w from "cloudflare:workers";\n'
OK = 'return new Response("x");'


@dataclass(frozen=True)
class Case:
    """Calls of an export of a module, which is bound as a service or as a Durable Object class."""

    why: str
    module: str
    export: str
    calls: tuple[Fetch | Rpc, ...]
    is_class: bool = False


FETCH = (Fetch(),)
CASES = [
    Case("an object", f"export default {{ async fetch() {{ {OK} }} }};", "default", FETCH),
    Case("not async", f"export default {{ fetch() {{ {OK} }} }};", "default", FETCH),
    Case("an arrow", f"export default {{ fetch: () => {{ {OK} }} }};", "default", FETCH),
    Case("returns nothing", "export default { fetch() { Date.now(); } };", "default", FETCH),
    Case("resolves to it", "export default { async fetch() { Date.now(); } };", "default", FETCH),
    Case("no fetch", "export default { scheduled() {} };", "default", FETCH),
    Case("no default", f"export const a = {{ fetch() {{ {OK} }} }};", "default", FETCH),
    Case("a class", f"export default class {{ fetch() {{ {OK} }} }}", "default", FETCH),
    Case("a function", f"export default function f() {{ {OK} }}", "default", FETCH),
    Case(
        "an entrypoint class",
        f"export default class extends w.WorkerEntrypoint {{ fetch() {{ {OK} }} m() {{}} }}",
        "default",
        (Fetch(), Rpc("m", 0), Rpc("m", 2), Rpc("other", 0)),
    ),
    Case(
        "an arrow as a field serves HTTP",
        f"export default class extends w.WorkerEntrypoint {{ fetch = async () => {{ {OK} }} }}",
        "default",
        FETCH,
    ),
    Case(
        "what of a class is called over RPC",
        "export class E extends w.WorkerEntrypoint { m() {} _m() {} get g() { return () => 1; } "
        "a = () => 1; static s() {} #p() {} scheduled() {} }",
        "E",
        tuple(Rpc(name, 0) for name in ("m", "_m", "g", "a", "s", "p", "scheduled")),
    ),
    Case(
        "what of an object is called over RPC",
        "export default { m(a) {}, n: 1, fetch() {}, get g() { return (a) => 1; } };",
        "default",
        (Rpc("m", 1), Rpc("m", 0), Rpc("m", 2), Rpc("n", 1), Rpc("none", 1), Rpc("g", 1)),
    ),
    Case(
        "what of an instance is called over RPC",
        f"class A {{ inherited(a) {{}} own = (a) => 1; fetch() {{ {OK} }} }} "
        "export default new A();",
        "default",
        (Fetch(), Rpc("inherited", 1), Rpc("own", 1)),
    ),
    Case(
        "a class with an odd name",
        f"const a = {{ fetch() {{ {OK} }} }}; export {{ a as class }};",
        "class",
        FETCH,
    ),
    Case(
        "members with odd names",
        'export default class extends w.WorkerEntrypoint { "a b"() {} "ü\\"\\n"() {} static name() '
        '{} static prototypes() {} "__proto__"() {} }',
        "default",
        (Rpc("a b", 0), Rpc('ü"\n', 0)),
    ),
    Case("a Workflow", "export class F extends w.WorkflowEntrypoint { run() {} }", "F", FETCH),
    Case("a target of RPC", "export class T extends w.RpcTarget { m() {} }", "T", FETCH),
    Case("a function", "export function f() {}", "f", FETCH),
    Case("an object without handlers", "export const o = {};", "o", FETCH),
    Case(
        "a Durable Object class as an entrypoint",
        f"export class d extends w.DurableObject {{ fetch() {{ {OK} }} }}",
        "d",
        FETCH,
    ),
    Case(
        "a Durable Object",
        f"export class DO extends w.DurableObject {{ fetch() {{ {OK} }} m() {{}} a = () => 1; }}",
        "DO",
        (Fetch(), Rpc("m", 0), Rpc("a", 0), Rpc("none", 0)),
        is_class=True,
    ),
    Case(
        "a Durable Object of before RPC",
        f"export class OLD {{ fetch() {{ {OK} }} m() {{}} }}",
        "OLD",
        (Fetch(), Rpc("m", 0)),
        is_class=True,
    ),
    Case(
        "a Durable Object without fetch",
        "export class N extends w.DurableObject {}",
        "N",
        FETCH,
        True,
    ),
    Case("a Durable Object that is not there", "export default {};", "GONE", FETCH, True),
]


def service(name: str, module: str, latest) -> Service:
    classes = tuple(dict.fromkeys(case.export for case in CASES if case.is_class))
    return Service(name, module, latest, classes=classes)


def bound(position: int, case: Case) -> list[ServiceBinding | NamespaceBinding]:
    names = [(f"{kind}{position}", f"{kind} {position}") for kind in ("original", "twin")]
    if case.is_class:
        return [NamespaceBinding(name, target, case.export) for name, target in names]
    entrypoint = None if case.export == "default" else case.export
    return [ServiceBinding(name, target, entrypoint) for name, target in names]


def outcomes(workerd, tmp_path: Path) -> dict[tuple[int, int, str], str | None]:
    """What was thrown, by case, call, and whether the original or the twin was called."""
    (tmp_path / "wrangler.json").write_text('{ "name": "w", "main": "main.js" }')
    services, bindings, calls, keys = [], [], [], []
    for position, case in enumerate(CASES):
        (tmp_path / "main.js").write_text(IMPORT + case.module)
        exports = scan(tmp_path).workers[0].exports
        services += [
            service(f"original {position}", IMPORT + case.module, workerd.latest),
            service(f"twin {position}", twins.module(exports, {}), workerd.latest),
        ]
        both = bound(position, case)
        bindings += both
        for index, action in enumerate(case.calls):
            for binding in both:
                is_namespace = isinstance(binding, NamespaceBinding)
                calls.append((len(keys), binding.name, is_namespace, Call(action, "")))
                keys.append((position, index, re.sub(r"\d", "", binding.name)))
    caller = twins.module(Unknown(""), {}, twins.calling(calls, TOKEN, len(calls)))
    services.append(Service("caller", caller, workerd.latest, bindings=tuple(bindings)))
    config = tmp_path / "config.capnp"
    config.write_text(configuration.render(services, workerd.latest, TOKEN))
    return dict(zip(keys, reported(workerd, config, len(keys)), strict=True))


def reported(workerd, config: Path, count: int) -> list[str | None]:
    thrown: dict[int, str | None] = {}
    with watched(workerd, config, 60) as lines:
        while len(thrown) <= count:
            _, found, report = next(lines).partition(TOKEN)
            if found and report != "[]":
                number, message = json.loads(report)
                thrown[number] = message
    return [thrown[number] for number in range(count)]


@pytest.fixture(scope="module")
def found(workerd, tmp_path_factory):
    return outcomes(workerd, tmp_path_factory.mktemp("twins"))


CALLS = [
    pytest.param(position, index, id=f"{case.why}: {action}")
    for position, case in enumerate(CASES)
    for index, action in enumerate(case.calls)
]


def without_reference(message: str | None) -> str | None:
    return message and re.sub("reference = .*", "", message)


@pytest.mark.parametrize(("position", "index"), CALLS)
def test_a_twin_answers_as_its_original_does(found, position, index):
    original = without_reference(found[position, index, "original"])
    assert without_reference(found[position, index, "twin"]) == original


def test_calls_of_both_outcomes_are_among_the_cases(found):
    """Else the comparison would hold for a runtime that answers nothing."""
    thrown = [message for message in found.values() if message]
    assert 20 < len(thrown) < len(found) - 20
    assert any("expected 'Promise'" in message for message in thrown)
    assert any("does not implement the method" in message for message in thrown)


# --- The text


def exports_of(tmp_path: Path, module: str) -> Exports:
    (tmp_path / "wrangler.json").write_text('{ "name": "w", "main": "main.js" }')
    (tmp_path / "main.js").write_text(IMPORT + module)
    project: Project = scan(tmp_path)
    exports = project.workers[0].exports
    assert isinstance(exports, Exports)
    return exports


def test_nothing_of_the_code_is_in_a_twin(tmp_path):
    exports = exports_of(
        tmp_path,
        "export default { async fetch(request, env) { const secret = await env.KV.get('k');"
        " return new Response(secret); } };",
    )
    text = twins.module(exports, {})
    assert "fetch" in text
    assert not {"secret", "KV", "await"} & set(re.findall(r"\w+", text))


def test_values_and_what_is_unknown_are_left_out_unless_needed(tmp_path):
    module = (
        'import { made } from "elsewhere"; export const VERSION = "1"; export const A = made();'
    )
    exports = exports_of(tmp_path, module)
    assert "export {" not in twins.module(exports, {})
    needed = {"A": Needs(ExportKind.WORKER_ENTRYPOINT, True, frozenset({"m"}))}
    text = twins.module(exports, needed)
    assert '["m"]()' in text
    assert 'as "A"' in text


def test_what_callers_use_is_added_where_members_are_open(tmp_path):
    exports = exports_of(
        tmp_path,
        'import { Base } from "elsewhere"; export class A extends w.mixed(Base) { m() {} }',
    )
    needs = {"A": Needs(ExportKind.WORKER_ENTRYPOINT, True, frozenset({"m", "n"}))}
    text = twins.module(exports, needs)
    assert text.count('["m"]()') <= 1
    assert '["n"]()' in text
    assert "fetch" in text


def test_a_path_that_gives_no_response_is_taken_on_demand(tmp_path):
    exports = exports_of(
        tmp_path,
        "export default { fetch(request) { if (request.method === 'GET') { return new Response(); }"
        " Date.now(); } };",
    )
    default = exports.default
    assert default
    assert default.handlers[0].dead_ends
    assert f'=== "{Detour.DEAD_END}") return undefined' in twins.module(exports, {})


def test_the_name_of_the_calls_is_free(tmp_path):
    exports = exports_of(tmp_path, "export const wfix_calls = {}; export default {};")
    text = twins.module(exports, {}, "{}")
    assert "calls as wfix_calls_ }" in text


def test_a_name_that_is_no_text_is_left_out(tmp_path):
    exports = exports_of(tmp_path, 'const a = {}; export { a as "\\ud800" }; export { a as b };')
    text = twins.module(exports, {})
    assert 'as "b"' in text
    assert "ud800" not in text


def test_a_call_is_written_with_its_arguments():
    text = twins.calling(
        [
            (0, "A", False, Call(Rpc("m", 2), "")),
            (1, 'B"\n', False, Call(Fetch("/v1"), "")),
            (2, "DO", True, Call(Rpc("m", 0), "")),
            (3, "C", False, Call(Bind(), "")),
            (4, "C", False, Call(Fetch(detour=Detour.DEAD_END), "")),
        ],
        TOKEN,
        5,
    )
    assert 'env["A"]["m"]("https://wfix.invalid/", "https://wfix.invalid/")' in text
    assert 'env["B\\"\\n"].fetch("/v1")' in text
    assert 'env["DO"].get(env["DO"].idFromName("twin"))["m"]()' in text
    assert '[3, (env) => env["C"]]' in text
    assert f'headers: {{ "{twins.DETOUR}"' in text
