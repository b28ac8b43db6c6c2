"""Near misses of the rules about what bindings lead to, each in two Workers of one line or two.

Whatever is called here works on the runtime, may work for all that can be seen, or is what another
rule tells.
"""

import json

import pytest

from codemod.rules import all_rules
from codemod.scanner import scan

HEAD = 'import { WorkerEntrypoint, WorkflowEntrypoint } from "cloudflare:workers"; '
FETCH = "fetch() { return new Response() }"
ENTRYPOINT = f"export default class extends WorkerEntrypoint {{ {FETCH} m(a, b) {{}} }};"
RULES = {rule.name: rule.check for rule in all_rules()}


@pytest.fixture
def findings(tmp_path):
    """What a rule claims of a caller whose ``fetch`` gives ``use``, and of its target."""

    def run(rule, use, target, entrypoint=None, **settings):
        settings = {"compatibility_date": "2025-06-01", **settings}
        service = {"binding": "X", "service": "target"}
        if entrypoint:
            service["entrypoint"] = entrypoint
        code = f"export default {{ async fetch(request, env) {{ return {use}; }} }};"
        workers = {
            "caller": ({"services": [service], **settings}, code),
            "target": ({"compatibility_date": "2025-06-01"}, HEAD + target),
        }
        for name, (configuration, module) in workers.items():
            folder = tmp_path / name
            folder.mkdir()
            named = {"name": name, "main": "index.js", **configuration}
            (folder / "wrangler.json").write_text(json.dumps(named))
            (folder / "index.js").write_text(module)
        return [item for item in RULES[rule](scan(tmp_path)) if not item.skipped]

    return run


@pytest.mark.parametrize(
    ("export", "why"),
    [
        ("export class A extends WorkerEntrypoint {}", "a class without members can be bound to"),
        ("export class A extends WorkerEntrypoint { m() {} }", "a class without fetch too"),
        ("class B extends WorkerEntrypoint {} export class A extends B {}", "over a class between"),
        ("export const A = class extends WorkerEntrypoint {};", "a class as a value"),
        ("class B extends WorkerEntrypoint {} export { B as A };", "under another name"),
        ("class B extends WorkerEntrypoint {} export const A = B;", "by a constant"),
        ("export const A = { fetch() {} };", "an object with a handler"),
        ("export const A = { m(a) {} };", "an object with a function"),
        ("export const A = {};", "an object without anything starts"),
        ("class B { fetch() {} } export const A = new B();", "an instance"),
        ("export class A extends WorkflowEntrypoint {}", "a Workflow class"),
        ("export class A extends make(WorkerEntrypoint) {}", "a mixin cannot be seen through"),
        ('export { A } from "@acme/shop";', "what a package gives cannot be seen"),
        ('export * from "@acme/shop";', "it may be among what a package gives"),
        ('export * from "./absent";', "it may be in a file that is not there"),
        ("export const { A } = make();", "what is taken out of a call cannot be seen"),
        ("export let A = make();", "what a call gives cannot be seen"),
        ('import { B } from "@acme/shop"; export { B as A };', "an import of a package"),
        ("export const A = wrap(class extends WorkerEntrypoint {});", "a wrapped class"),
        ("export class A extends (WorkerEntrypoint) {}", "a base in parentheses"),
        (
            "export class A extends WorkerEntrypoint { broken( }",
            "what does not parse is not judged",
        ),
    ],
)
def test_an_entrypoint_that_is_or_may_be_there(findings, export, why):
    target = f"{export} export default {{ {FETCH} }};"
    assert findings("missing-entrypoint", "env.X", target, entrypoint="A") == [], why


@pytest.mark.parametrize(
    ("use", "target", "why"),
    [
        ("env.X.m(1, 2)", ENTRYPOINT, "a class takes any number"),
        ("env.X.m()", ENTRYPOINT, "none as well"),
        ("env.X.m(1)", "export default { m(a) {} };", "one argument"),
        ("env.X.m([1, 2])", "export default { m(a) {} };", "an array is one"),
        ("env.X.m(...list)", "export default { m(a) {} };", "a spread may be one"),
        ("env.X.m(1, ...[])", "export default { m(a) {} };", "a spread may be none"),
        ("await env.X.m", "export default { m: 1 };", "reading is no call"),
        ("env.X.n.m(1)", "export default { n: { m() {} } };", "one within another object"),
        ("env.X[request.url](1, 2)", "export default { m(a) {} };", "the name is not known"),
        ("env.X.m.call(null, 1)", "export default { m(a) {} };", "what call passes on is one"),
        (
            "env.X.m.bind(env.X)(1)",
            "export default { m(a) {} };",
            "what is bound is called with one",
        ),
        ("typeof env.X.m", "export default { m(a) {} };", "asking for the type is no call"),
        ("env.X.fetch('https://x/', {})", f"export default {{ {FETCH} }};", "HTTP has two"),
        ("env.X.connect('x:1', {})", f"export default {{ {FETCH} }};", "sockets have two"),
        ("env.X.propertyIsEnumerable('m', 1)", f"export default {{ {FETCH} }};", "of every object"),
        ("env.X.m(1, 2)", "export default make();", "what a call gives cannot be seen"),
        ("env.X.m(1, 2)", 'export { default } from "@acme/shop";', "nor what a package gives"),
        ("env.X.m(1, 2)", "export default class {}", "another rule says that nothing answers"),
        ("env.X.m(1, 2)", "addEventListener('fetch', (event) => {});", "nor a service worker"),
        ("env.X.m(1, 2)", f"export const A = {{ {FETCH} }};", "there is no default export"),
        ("[env.X, env.Y].map((it) => it.m(1, 2))", "export default { m() {} };", "one of several"),
        ("(env.X ?? env.Y).m(1, 2)", "export default { m() {} };", "the one or the other"),
        ("env.Y.m(1, 2)", "export default { m(a) {} };", "another binding"),
        ("m(1, 2)", "export default { m(a) {} };", "a function of the caller's"),
        ("other.X.m(1, 2)", "export default { m(a) {} };", "not of the environment"),
        (
            "env.X.put('https://x/', 'body')",
            "export default { put() {} };",
            "a helper of old times",
        ),
    ],
)
def test_calls_that_an_object_takes_or_may_take(findings, use, target, why):
    flags = ["fetcher_has_get_put_delete"] if "put(" in use else []
    assert findings("rpc-on-object", use, target, compatibility_flags=flags) == [], why


def class_with(member: str) -> str:
    return f"export default class extends WorkerEntrypoint {{ {member} }}"


@pytest.mark.parametrize(
    ("use", "target", "why"),
    [
        ("env.X.m()", class_with("m() {}"), "a method"),
        ("env.X.m()", class_with("async m() {}"), "an async one"),
        ("env.X.m()", class_with("async *m() {}"), "a generator"),
        ("env.X.m()", class_with('"m"() {}'), "a quoted name"),
        ("env.X.m()", class_with('["m"]() {}'), "a name in brackets"),
        ("env.X.m()", class_with("m() {} static m() {}"), "beside a static one"),
        ("env.X.m()", class_with("m() {} #m() {}"), "beside a #private one"),
        ("env.X.m()", class_with("get m() { return () => 1 }"), "what a getter gives"),
        ("await env.X.m", class_with("get m() { return 1 }"), "a getter is read"),
        ("env.X.m.n()", class_with("get m() { return { n() {} } }"), "what is within a getter"),
        ("env.X._m()", class_with("_m() {}"), "an underscore"),
        ("env.X.tail([])", class_with("tail() {}"), "the handler tail"),
        ("env.X.queue({})", class_with("queue() {}"), "the handler queue"),
        ("env.X.email({})", class_with("email() {}"), "the handler email"),
        ("env.X.m()", class_with("[name]() {}"), "a computed name may be it"),
        ("env.X.m()", "export default class extends make() { }", "the base cannot be seen"),
        (
            "env.X.m()",
            "class A extends WorkerEntrypoint {} A.prototype.m = () => 1; export default A;",
            "a method that is added to the prototype",
        ),
        (
            "env.X.m()",
            class_with("constructor(c, e) { super(c, e); return new Proxy(this, {}) }"),
            "a proxy has whatever it likes",
        ),
        ("env.X.m(1)", "export default { m: (a) => a };", "an arrow function of an object"),
        ("env.X.m(1)", "const m = (a) => a; export default { m };", "a shorthand"),
        ("env.X.m(1)", "export default { get m() { return (a) => a } };", "a getter of an object"),
        ("await env.X.m", "export default { m: 1 };", "a value of an object is read"),
        ("env.X.m(1)", "export default { ...rest };", "what is spread may have it"),
        ("env.X.m(1)", "const o = {}; o.m = (a) => a; export default o;", "what is set afterwards"),
        ("env.X.m(1)", "export default Object.assign({}, rest);", "what a call gives"),
        ("env.X.m(1)", "class A { m = (a) => a } export default new A();", "an instance's own"),
        (
            "env.X.m(1)",
            "class A { constructor() { this.m = bound(this) } m(a) {} } export default new A();",
            "what a constructor makes the instance's own",
        ),
        ("env.X.valueOf()", class_with(""), "of every object"),
        ("env.X.hasOwnProperty('m')", class_with(""), "of every object too"),
        ("env.X.fetch(request)", class_with(""), "HTTP is no RPC"),
        ("env.X.connect('x:1')", class_with(""), "a socket is none"),
        ("env.X[request.method]()", class_with(""), "the name is not known"),
        ("'m' in env.X", class_with(""), "asking is no call"),
        ("env.X.m", class_with(""), "what is not awaited is not read"),
        ("env.X.m()", "export default function () {}", "another rule says that nothing answers"),
        ("env.X.get('https://x/')", class_with(""), "a helper of old times"),
        ("(request.url ? env.X : env.Y).m()", class_with(""), "the one or the other"),
    ],
)
def test_methods_that_are_or_may_be_there(findings, use, target, why):
    flags = ["fetcher_has_get_put_delete"] if "get(" in use else []
    assert findings("rpc-method-missing", use, target, compatibility_flags=flags) == [], why


@pytest.mark.parametrize(
    ("use", "settings", "why"),
    [
        ("env.X.m()", {"compatibility_date": "2024-04-03"}, "the first day"),
        ("env.X.m()", {"compatibility_date": "2030-01-01"}, "a day to come"),
        ("env.X.m()", {"compatibility_flags": ["rpc"]}, "the flag"),
        ("env.X.m()", {"compatibility_flags": ["nodejs_compat", "rpc"]}, "the flag among others"),
        ("env.X.m()", {"compatibility_flags": ["experimental"]}, "the flag for experiments"),
        ("env.X.m()", {"compatibility_date": None}, "no date"),
        ("env.X.m()", {"compatibility_date": ""}, "an empty date"),
        ("env.X.m()", {"compatibility_date": "2023"}, "a year is no date"),
        ("env.X.m()", {"compatibility_date": "latest"}, "a word is no date"),
        ("env.X.m()", {"compatibility_date": 20231121}, "a number is no date"),
        ("env.X.fetch(request)", {}, "HTTP"),
        ("env.X.connect('x:1')", {}, "a socket"),
        ("env.X.get('https://x/')", {}, "a binding's own get"),
        ("env.X.put('https://x/', 'a')", {}, "a binding's own put"),
        ("env.X.delete('https://x/')", {}, "a binding's own delete"),
        ("env.X.toString()", {}, "of every object"),
        ("env.X?.m ? 1 : 0", {}, "asking is no call"),
        ("other.m()", {}, "not of the environment"),
        ("(env.X ?? env.STORE).m()", {}, "it may be another kind of binding"),
        ("env.STORE.m()", {}, "another kind of binding"),
        ("run(env.X)", {}, "what becomes of it is not seen"),
        ("env.X[request.method]()", {}, "the name is not known"),
    ],
)
def test_calls_that_a_compatibility_date_allows(findings, use, settings, why):
    old = {"compatibility_date": "2023-11-21", **settings}
    assert findings("rpc-compatibility", use, ENTRYPOINT, **old) == [], why


@pytest.mark.parametrize(
    ("use", "target", "why"),
    [
        ("env.X.fetch(request)", f"export default {{ {FETCH} }};", "an object"),
        ("env.X.fetch(request)", ENTRYPOINT, "a class"),
        ("env.X.fetch(request)", "export default { fetch: () => new Response() };", "an arrow"),
        (
            "env.X.fetch(request)",
            "const fetch = () => {}; export default { fetch };",
            "a shorthand",
        ),
        ("env.X.fetch(request)", "export default { get fetch() { return f } };", "a getter"),
        ("env.X.fetch(request)", "export default { fetch: make() };", "what a call gives"),
        ("env.X.fetch(request)", "export default { ...rest };", "what is spread"),
        ("env.X.fetch(request)", "export default { [name]() {} };", "a computed name"),
        ("env.X.fetch(request)", "export default make();", "a made default"),
        ("env.X.fetch(request)", 'export { default } from "@acme/shop";', "one of a package"),
        ("env.X.fetch(request)", "export default { fetch } satisfies unknown;", "a cast"),
        (
            "env.X.fetch(request)",
            class_with("fetch = () => new Response();"),
            "a class's own arrow",
        ),
        ("env.X.fetch(request)", class_with("get fetch() { return f }"), "a class's getter"),
        ("env.X.fetch(request)", "export default class extends make() {}", "an unseen base"),
        ("env.X.fetch(request)", f"class A {{ {FETCH} }} export default new A();", "an instance"),
        (
            "env.X.fetch(request)",
            f"export default class extends WorkflowEntrypoint {{ {FETCH} }}",
            "a Workflow",
        ),
        ("env.X.fetch(request)", "addEventListener('fetch', (event) => {});", "a service worker"),
        (
            "env.X.fetch(request)",
            "addEventListener('scheduled', (event) => {});",
            "more may listen",
        ),
        (
            "env.X.fetch(request)",
            'import { Hono } from "hono"; export default new Hono();',
            "an app",
        ),
        ("env.X.fetch(request)", "const o = {}; o.fetch = f; export default o;", "set afterwards"),
        ("env.X.fetch(request)", "export default { fetch( };", "what does not parse is not judged"),
        ("env.X.m(1)", "export default { m(a) {} };", "nobody fetches the object"),
        ("env.X.m(1)", class_with("m() {}"), "nobody fetches the class"),
        ("env.X.m(1)", "export default {};", "that m is not there says another rule"),
        ("1", "export default class {}", "nobody uses the binding"),
        ("1", "export default function () {}", "nor here"),
        ("1", "export const a = 1;", "nor where there is no default"),
        ("typeof env.X", "export default class {}", "asking is no use"),
        ("env.Y.fetch(request)", "export default class {}", "another binding"),
        ("fetch(request)", "export default class {}", "the Internet"),
        ("(env.X ?? env.Y).fetch(request)", "export default class {}", "the one or the other"),
        ("env.X.fetch(request)", 'export * from "./absent";', "what is there cannot be told"),
    ],
)
def test_exports_that_answer_or_may_answer(findings, use, target, why):
    assert findings("not-an-entrypoint", use, target) == [], why


@pytest.mark.parametrize(
    ("rule", "use", "target", "entrypoint"),
    [
        ("missing-entrypoint", "env.X", f"export default {{ {FETCH} }};", "A"),
        ("rpc-on-object", "env.X.m(1, 2)", "export default { m(a) {} };", None),
        ("rpc-method-missing", "env.X.m(1)", class_with(""), None),
        ("rpc-compatibility", "env.X.m(1)", ENTRYPOINT, None),
        ("not-an-entrypoint", "env.X.fetch(request)", "export default class {}", None),
    ],
)
def test_what_the_near_misses_miss(findings, rule, use, target, entrypoint):
    date = "2023-11-21" if rule == "rpc-compatibility" else "2025-06-01"
    found = findings(rule, use, target, entrypoint=entrypoint, compatibility_date=date)
    assert [item.rule for item in found] == [rule]
