"""What keeps a default object an object, and what comes near to that and does not."""

import pytest

from codemod.planner import rpc
from codemod.planner.refusal import Refusal
from codemod.planner.rpc import Conversion

FETCH = "fetch() { return new Response(); }"

OBJECTS = """
export function counting() { return new Response(String(arguments.length)); }
export const H = {
  x: 1,
  method(request) { return new Response(this.x); },
  inner() { return [1].map(() => this.x); },
  plain(request, env) { return new Response(env.A); },
  arrow: () => new Response(),
  outer() { return function () { return this; }; },
  counting,
};
"""


def proposed(target) -> Conversion | Refusal:
    return rpc.propose(target.modules, target.project, target.worker)


def refused(target) -> tuple[str, str | None]:
    """The reason of a refusal, and the source that it points at."""
    found = proposed(target)
    assert isinstance(found, Refusal), found
    return found.reason, target.place(found)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("export class A {}\n", "it has no default export"),
        ("export default class { fetch() {} }\n", "its default export is no plain object"),
        ('addEventListener("fetch", () => {});\n', "service worker format"),
        ("module.exports = { fetch() {} };\n", "CommonJS"),
        (
            'import { withSentry } from "@sentry/cloudflare";\n'
            "export default withSentry(() => ({}), { fetch() {} });\n",
            "made or wrapped by a call",
        ),
        (
            'import OAuthProvider from "@cloudflare/workers-oauth-provider";\n'
            "export default new OAuthProvider({ defaultHandler: { fetch() {} } });\n",
            "made or wrapped by a call",
        ),
        ("class App { fetch() {} }\nexport default new App();\n", "no object literal"),
        ("export default { fetch( };\n", "does not parse"),
        ("const a = 1, b = { fetch() {} };\nexport default b;\n", "declares other names"),
        ("export const b = { fetch() {} };\nexport default b;\n", "exports it by name as well"),
        ('export * as default from "./worker";\n', "namespace of a module"),
    ],
)
def test_the_object_is_found(target, entry, reason):
    worker = "export function fetch() {}\n"
    assert reason in refused(target(entry, {"worker.ts": worker}))[0]


@pytest.mark.parametrize(
    ("members", "reason", "place"),
    [
        ("...base, fetch() {}", "spreads another one", "...base"),
        ('["fetch"]() {}', "computed key", '["fetch"]() {}'),
        ("get fetch() { return base.fetch; }", "fetch is a getter", None),
        ("fetch() {}, set queue(value) {}", "queue is a setter", None),
        ("*fetch() {}", "fetch is a generator", None),
        ("async *fetch() {}", "fetch is a generator", None),
        ("fetch: function* () {}", "neither a function nor the name of one", None),
        ("fetch() {}, name: 'api'", "name is neither a function", "name: 'api'"),
        ("fetch() {}, fetch() {}", "fetch stands twice", None),
        ("fetch: make()", "neither a function nor the name of one", None),
        ("fetch: base.fetch.bind(other)", "neither a function nor the name of one", None),
        ("fetch: (() => new Response())", "neither a function nor the name of one", None),
        ("fetch() {}, 'a-b'() {}", "'a-b' cannot be the name of a method", None),
        ("fetch() {}, constructor() {}", "constructor cannot be the name", None),
    ],
)
def test_properties_are_functions(target, members, reason, place):
    made = target(f"const base = {{ fetch() {{}} }};\nexport default {{ {members} }};\n")
    said, at = refused(made)
    assert reason in said
    assert place in (None, at)


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        (
            "const worker = { fetch() { return worker.fetch(); } };\nexport default worker;\n",
            "worker",
        ),
        (
            "const worker = { fetch() {} };\nworker.queue = () => {};\nexport default worker;\n",
            None,
        ),
        ("const worker = { fetch() {} };\nexport default worker;\nserve(worker);\n", "worker"),
        (
            "const worker = {\n  fetch() { return () => function () { worker.help(); }; },\n"
            "  help() {},\n};\nexport default worker;\n",
            "worker",
        ),
    ],
)
def test_the_objects_name_is_not_used(target, entry, place):
    said, at = refused(target(entry))
    assert "worker is used here as an object" in said
    assert place in (None, at)


def test_the_objects_name_is_not_used_for_its_type(target):
    entry = (
        "const worker = { fetch() {} };\nexport default worker;\n"
        'export type Fetch = typeof worker["fetch"];\n'
    )
    assert "worker is used here for its type" in refused(target(entry))[0]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(
            "const worker = { fetch(worker) { return worker.url; } };\nexport default worker;\n",
            id="a parameter has the same name",
        ),
        pytest.param(
            "const worker = { fetch(r: Request) { let a: typeof worker_; } };\n"
            "const worker_ = 1;\nexport default worker;\n",
            id="a type is made of another name",
        ),
    ],
)
def test_the_objects_name_may_seem_used(target, entry):
    assert isinstance(proposed(target(entry)), Conversion)


@pytest.mark.parametrize(
    ("member", "special"),
    [
        ("fetch() { return this.count; }", "this"),
        ("fetch() { return this.fetch(); }", "this"),
        ("fetch() { const { help } = this; }, help() {}", None),
        ("fetch() { return this.help.call(null); }, help() { return this.help(); }", "this"),
        ("fetch: () => this.help(), help() {}", "this"),
        ("fetch() { return () => this; }", "this"),
        ("fetch() { return { [this.x]() {} }; }", "this"),
        ("fetch() { return arguments.length; }", "arguments"),
        ("fetch() { return () => arguments[1]; }", "arguments"),
        ("fetch() { return super.toString(); }", "super"),
        ("fetch: function () { return new.target; }", "new.target"),
    ],
)
def test_functions_have_no_this_of_their_own(target, member, special):
    made = target(f"export default {{ {member} }};\n")
    said, _ = refused(made)
    assert special is None or f"fetch uses {special}" in said


@pytest.mark.parametrize(
    "member",
    [
        "fetch() { return function () { return this; }; }",
        "fetch() { return function () { return arguments; }; }",
        "fetch() { class A { b = this; c() { return super.c(); } } return new A(); }",
        "fetch() { return { get() { return this; } }; }",
        "fetch(request, arguments_) { return arguments_; }",
        "fetch() { return import.meta.url; }",
    ],
)
def test_inner_functions_have_a_this_of_theirs(target, member):
    assert isinstance(
        proposed(target(f"export default {{ {member} }};\n", main="a.js")), Conversion
    )


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("fetch(...all) {}", "fetch has a rest parameter"),
        ("fetch(request, ...rest) {}", "fetch has a rest parameter"),
        ("fetch(request, env, ctx, more) {}", "fetch has a fourth parameter"),
        ("fetch(request, env = {}) {}", "fetch has a default value for env"),
        ("fetch(request, { DB } = {}) {}", "fetch has a default value for env"),
        ("fetch(request, [first]) {}", "takes env apart as something else"),
        ("fetch(request, env) { var env = 1; }", "fetch declares env again"),
        ("fetch(request, env) { { var { env } = x; } }", "fetch declares env again"),
        ("fetch(request = () => env.X, env) {}", "fetch uses env among its parameters"),
        ("fetch(this: Handlers, request: Request) {}", "fetch uses this"),
        (
            "fetch: function again(n) { return n ? again(n - 1) : new Response(); }",
            "fetch calls itself by a name",
        ),
    ],
)
def test_parameters_are_simple(target, member, reason):
    assert reason in refused(target(f"export default {{ {member} }};\n"))[0]


@pytest.mark.parametrize(
    "member",
    [
        "fetch({ url } = {}, env) { return env.X + url; }",
        "fetch(request, env) { function env() {} return env(); }",
        "fetch(request, env) { { let env = 1; } return env.X; }",
        "fetch(request, env) { return [1].map(function (env) { var ctx; return env; }); }",
        "fetch: function again(n) { return again => again(n); }",
    ],
)
def test_parameters_may_seem_difficult(target, member):
    assert isinstance(
        proposed(target(f"export default {{ {member} }};\n", main="a.js")), Conversion
    )


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(
            "fetch(request, { A = KEY }) { const KEY = A + 1; return KEY; }",
            id="a constant would be read before it is there",
        ),
        pytest.param(
            "fetch(request, { A = KEY }) { return A; function KEY() {} }",
            id="a function of the body would be the default",
        ),
        pytest.param(
            "fetch(request, { A = KEY }) { class KEY {} return A; }",
            id="a class would be read before it is there",
        ),
        pytest.param(
            "fetch(request, { A = KEY }) { for (;;) { if (A) { var KEY = 1; } } }",
            id="a variable is hoisted out of its blocks",
        ),
        pytest.param(
            "fetch(request, { A = KEY }) { for (var KEY of A) {} }",
            id="so is that of a loop",
        ),
        pytest.param(
            "fetch(request, { [KEY]: a }) { let { KEY } = a; return KEY; }",
            id="a computed key is evaluated too",
        ),
        pytest.param(
            "fetch(request, env, { props: { a = { KEY } } }) { let [KEY] = a; }",
            id="a default of an inner pattern is",
        ),
        pytest.param(
            "fetch(request, { A = () => KEY }) { const KEY = A(); return KEY; }",
            id="a function in a default sees the body's name",
        ),
    ],
)
def test_patterns_do_not_meet_names_of_the_body(target, member):
    made = target(f'const KEY = "outer";\nexport default {{ {member} }};\n', main="a.js")
    said, at = refused(made)
    assert said == "fetch uses KEY among its parameters and declares it in its body"
    assert at == "KEY"


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(
            "fetch(request, { A = KEY }) { if (A) { const KEY = 1; return KEY; } }",
            id="the constant holds in a block alone",
        ),
        pytest.param(
            "fetch(request, { A = KEY }) { return () => { var KEY = A; return KEY; }; }",
            id="the variable is an inner function's",
        ),
        pytest.param(
            "fetch(request, { A = KEY }) { return function KEY() { return A; }; }",
            id="the name of a function expression holds inside it",
        ),
        pytest.param(
            "fetch(request, { A = (KEY) => KEY }) { const KEY = A(1); return KEY; }",
            id="the default declares the name itself",
        ),
        pytest.param(
            "fetch(request, { KEY: a = 1 }) { const KEY = a; return KEY; }",
            id="a key that is not computed is no name",
        ),
        pytest.param(
            "fetch(request = KEY, { A }) { const b = A; return b; }",
            id="the first parameter stays where it is",
        ),
    ],
)
def test_patterns_may_seem_to_meet_names_of_the_body(target, member):
    made = target(f'const KEY = "outer";\nexport default {{ {member} }};\n', main="a.js")
    assert isinstance(proposed(made), Conversion)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("export default { fetch };\n", "refers to fetch, which the module does not declare"),
        ("let run = () => {};\nrun = other;\nexport default { fetch: run };\n", "assigned again"),
        (
            'import { app } from "./other";\napp.fetch = wrap(app.fetch);\n'
            "export default { fetch: app.fetch };\n",
            "refers to app.fetch, which is assigned again",
        ),
        ("function* run() {}\nexport default { fetch: run };\n", "which is a generator"),
        ("function run() { this.x(); }\nexport default { fetch: run };\n", "which uses this"),
        ("function run() { arguments; }\nexport default { fetch: run };\n", "which uses arguments"),
        ("class Run {}\nexport default { fetch: Run };\n", "which is no function"),
        ("const run = 'x';\nexport default { fetch: run };\n", "which is no function"),
        ("const app = make();\nexport default { fetch: app?.fetch };\n", "may be undefined"),
        ("export default { fetch: (1, run).fetch };\n", "neither a function nor the name of one"),
    ],
)
def test_references_can_be_called(target, entry, reason):
    made = target(entry, {"other.ts": "export const app = { fetch() {} };\n"}, main="a.js")
    said = refused(made)[0]
    assert reason in said or "is no name of a function" in said


@pytest.mark.parametrize(
    "entry",
    [
        "const run = make();\nexport default { fetch: run };\n",
        'import { run } from "pkg";\nexport default { fetch: run };\n',
        "let run = () => {};\nexport default { fetch: run };\n",
        'import * as api from "./other";\nexport default { fetch: api.run };\n',
    ],
)
def test_references_may_be_to_things_unseen(target, entry):
    made = target(entry, {"other.ts": "export function run() {}\n"})
    assert isinstance(proposed(made), Conversion)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        pytest.param(
            'import { H } from "./h";\nexport default { fetch: H.method };\n',
            "fetch refers to H.method, which uses this",
            id="a method is called on its own object, no longer on the default one",
        ),
        pytest.param(
            'import * as h from "./h";\nexport default { fetch: h.counting };\n',
            "fetch refers to h.counting, which uses arguments",
            id="a namespace's function gets fewer arguments",
        ),
        pytest.param(
            'import { H } from "./h";\nexport default { fetch: H.counting.bind(H) };\n',
            "fetch refers to H.counting, which uses arguments",
            id="bind keeps this alone",
        ),
        pytest.param(
            'import { H } from "./h";\nexport default { fetch: H.inner };\n',
            "fetch refers to H.inner, which uses this",
            id="arrow functions inside have the same this",
        ),
        pytest.param(
            "class App { fetch() { return this.x; } }\nconst app = new App();\n"
            "export default { fetch: app.fetch };\n",
            "fetch refers to app.fetch, which uses this",
            id="the method of an instance is not bound",
        ),
        pytest.param(
            'import { router } from "pkg";\nexport default { fetch: router.handle };\n',
            "fetch refers to router.handle, which may use this and cannot be read",
            id="the package may do with this what it likes",
        ),
        pytest.param(
            'import { Hono } from "hono";\nconst app = new Hono();\n'
            "export default { fetch: app.request };\n",
            "fetch refers to app.request, which may use this and cannot be read",
            id="only fetch is known to be bound",
        ),
        pytest.param(
            'import * as pkg from "pkg";\nexport default { fetch: pkg.fetch };\n',
            "fetch refers to pkg.fetch, which may use this and cannot be read",
            id="a namespace is not made by a class",
        ),
        pytest.param(
            'function run() { eval("this"); }\nexport default { fetch: run };\n',
            "fetch refers to run, which uses eval",
            id="eval sees this",
        ),
    ],
)
def test_references_do_not_lose_their_this(target, entry, reason):
    assert refused(target(entry, {"h.ts": OBJECTS}))[0].startswith(reason)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(
            'import { H } from "./h";\nexport default { fetch: H.plain };\n',
            id="the method uses no this",
        ),
        pytest.param(
            'import { H } from "./h";\nexport default { fetch: H.arrow };\n',
            id="an arrow function has no this of its own",
        ),
        pytest.param(
            'import { H } from "./h";\nexport default { fetch: H.outer };\n',
            id="an inner function has a this of its own",
        ),
        pytest.param(
            'import { H } from "./h";\nexport default { fetch: H.method.bind(H) };\n',
            id="it was called on its own object before",
        ),
        pytest.param(
            'import { Hono } from "hono";\nconst app = new Hono();\n'
            "export default { fetch: app.fetch };\n",
            id="the framework binds fetch",
        ),
        pytest.param(
            'import { Hono } from "hono";\nclass App extends Hono {}\nconst app = new App();\n'
            "export default { fetch: app.fetch };\n",
            id="a class of the framework's kind does",
        ),
        pytest.param(
            'import { createYoga } from "graphql-yoga";\nconst yoga = createYoga({});\n'
            "export default { fetch: yoga.fetch };\n",
            id="a package's function made the instance",
        ),
        pytest.param(
            'import { router } from "pkg";\n'
            "export default { fetch: router.handle.bind(router) };\n",
            id="what cannot be read is bound here",
        ),
    ],
)
def test_references_may_seem_to_lose_their_this(target, entry):
    assert isinstance(proposed(target(entry, {"h.ts": OBJECTS})), Conversion)


@pytest.mark.parametrize(
    ("member", "found"),
    [
        pytest.param('fetch(r, env) { return eval("env"); }', "eval", id="it finds parameters"),
        pytest.param("fetch(r, env) { return () => (eval)(r); }", "eval", id="so in a function"),
        pytest.param(
            "fetch(r, env) { with (r) { return env; } }", "with", id="any name may be r's"
        ),
        pytest.param("fetch(r, e = eval('r')) {}", None, id="among the parameters"),
    ],
)
def test_names_are_not_made_at_run_time(target, member, found):
    said, _ = refused(target(f"export default {{ {member} }};\n", main="a.js"))
    assert found is None or said == f"fetch uses {found}"


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("fetch(r) { return r.eval('r'); }", id="a method of something"),
        pytest.param("fetch(r) { return eval?.('r'); }", id="an indirect call sees globals alone"),
        pytest.param("fetch(r) { const eval = r; return eval('r'); }", id="another eval"),
        pytest.param("fetch(r) { return r.with(1); }", id="a method called with"),
    ],
)
def test_names_may_seem_to_be_made_at_run_time(target, member):
    made = target(f"export default {{ {member} }};\n", main="a.js")
    assert isinstance(proposed(made), Conversion)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (f"{FETCH}, help() {{}}", "help is no handler, and nothing in the repository calls it"),
        ("help() { return this.help(); }", "the default object has no handler"),
        (f"{FETCH}, alarm() {{}}", "alarm is no handler"),
        ("fetch() { return this.help(); }, help: other", "help is no handler and not written"),
    ],
)
def test_functions_beside_the_handlers_are_helpers(target, members, reason):
    made = target(f"function other() {{}}\nexport default {{ {members} }};\n")
    assert reason in refused(made)[0]


@pytest.mark.parametrize(
    ("members", "is_followed"),
    [
        pytest.param(
            "fetch() { const { help } = this; help(); }, help() {}", False, id="taken apart"
        ),
        pytest.param("fetch() { go(this); }, help() {}", False, id="passed on"),
        pytest.param('fetch() { this["help"](); }, help() {}', False, id="called by a string"),
        pytest.param("fetch() { this.other(); }, help() {}", True, id="something else is called"),
        pytest.param(
            "fetch() { return function () { go(this); }; }, help() {}", True, id="another this"
        ),
    ],
)
def test_helpers_are_called_in_a_way_that_is_followed(target, members, is_followed):
    said, _ = refused(target(f"export default {{ {members} }};\n"))
    known, unknown = (
        "nothing in the repository calls it",
        "this is used in a way that is not followed",
    )
    assert said == f"help is no handler, and {known if is_followed else unknown}"


def calling(body: str) -> dict[str, str]:
    return {
        "caller/wrangler.jsonc": '{ "name": "caller", "main": "index.js", "services": ['
        '{ "binding": "TARGET", "service": "api-mom" }] }',
        "caller/index.js": f"export default {{ async fetch(request, env) {{ {body} }} }};\n",
    }


@pytest.mark.parametrize(
    ("members", "body", "reason"),
    [
        (
            "fetch() { return this.help(1, 2); }, help(a, b) { return a + b; }",
            "return env.TARGET.help(1);",
            "help gets env and ctx from its callers over RPC, and other arguments here",
        ),
        (
            "fetch() { return this.help(); }, help() {}",
            "return send(env.TARGET);",
            "help may be called over RPC: a binding is passed on at caller/index.js:1",
        ),
        (f"{FETCH}, dup() {{}}", "return env.TARGET.dup();", "dup"),
    ],
)
def test_functions_that_callers_may_use_stay_what_they_are(target, members, body, reason):
    made = target(f"export default {{ {members} }};\n", around=calling(body), main="a.js")
    assert reason in refused(made)[0]


@pytest.mark.parametrize(
    ("entry", "reason", "place"),
    [
        (
            "export default { fetch(r: Request, env: A) {}, scheduled(c: X, env: B) {} };\n",
            "env is of type B here and of type A elsewhere",
            "scheduled(c: X, env: B) {}",
        ),
        (
            "export default { fetch(r, env: A) {} } satisfies ExportedHandler<B>;\n",
            "env is of type A here and of type B elsewhere",
            None,
        ),
        (
            "export default { fetch(r, env) { return env.X; } } satisfies Handlers;\n",
            "the type of env cannot be told",
            "env",
        ),
        (
            'import type { ExportedHandler } from "@cloudflare/workers-types";\n'
            "export default { fetch(r, env) {} } satisfies ExportedHandler<A>;\n",
            "the types of its parameters come from an import",
            None,
        ),
    ],
)
def test_the_environment_has_one_type(target, entry, reason, place):
    said, at = refused(target(entry))
    assert reason in said
    assert place in (None, at)


@pytest.mark.parametrize(
    "entry",
    [
        "export default { fetch(r: Request, env: A) {}, scheduled(c: X, e : A) {} };\n",
        "export default { fetch(r: Request, env: A) {} } satisfies ExportedHandler<A>;\n",
        "export default { fetch(r: Request, env: any) {}, scheduled(c: X, env: A) {} };\n",
        "export default { fetch(r: Request, env: A) {}, scheduled(c: X, env: any) {} };\n",
        "export default { fetch(r: Request, env: A) {} } satisfies Handlers;\n",
        "export default { fetch(r: Request) {} } satisfies Handlers;\n",
        "export default { fetch(r, env) { return env.X; } } satisfies ExportedHandler;\n",
        'import type { ExportedHandler } from "@cloudflare/workers-types";\n'
        "export default { fetch() {} } satisfies ExportedHandler<A>;\n",
    ],
)
def test_types_agree(target, entry):
    assert isinstance(proposed(target(entry)), Conversion)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (
            'import { Thing } from "pkg";\nconst thing = new Thing();\nexport default thing;\n',
            None,
        ),
        (
            'import { Hono } from "hono";\nlet app = new Hono();\napp = new Hono();\n'
            "export default app;\n",
            None,
        ),
        ("class App { alarm() {} }\nconst app = new App();\nexport default app;\n", "alarm"),
        ("class App { help() {} }\nconst app = new App();\nexport default app;\n", None),
    ],
)
def test_instances_whose_handlers_are_not_known(target, entry, reason):
    said = refused(target(entry))[0]
    assert reason is None or reason in said


def test_instances_are_not_called_over_rpc(target):
    made = target(
        "class App { fetch() {} add(a) { return a; } }\n"
        "const app = new App();\nexport default app;\n",
        around=calling("return env.TARGET.add(1);"),
    )
    assert refused(made)[0] == "app.add is called over RPC"


def test_the_first_condition_that_fails_is_named(target):
    made = target(
        "export default { fetch(...all) { return this.x; } };\n",
        around={"test.ts": 'import worker from "./target/index";\nworker.fetch();\n'},
    )
    assert refused(made)[0] == "fetch uses this"
