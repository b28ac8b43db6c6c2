"""What an entry module exports, and what the runtime makes of it."""

import pytest

from codemod.model import (
    Export,
    ExportForm,
    ExportKind,
    Exports,
    FunctionForm,
    MethodKind,
    ParameterRole,
    Returns,
    Unknown,
)
from codemod.scanner.exports import ClassHints, collect
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules

DO = ExportKind.DURABLE_OBJECT
ENTRYPOINT = ExportKind.WORKER_ENTRYPOINT
WORKFLOW = ExportKind.WORKFLOW
TARGET = ExportKind.RPC_TARGET
OBJECT = ExportKind.OBJECT
CLASS = ExportKind.CLASS
FUNCTION = ExportKind.FUNCTION
VALUE = ExportKind.VALUE
UNKNOWN = ExportKind.UNKNOWN

BASES = (
    "import { DurableObject, WorkerEntrypoint, WorkflowEntrypoint, RpcTarget }"
    ' from "cloudflare:workers";'
)


@pytest.fixture
def read(repository):
    """Collects the exports of ``index.ts`` in a folder of the given files."""

    def read(entry, files=(), *, hints=None, name="index.ts") -> Exports:
        root = repository({name: entry, **dict(files)})
        found = collect(Modules(Files(root)), name, hints or ClassHints())
        assert isinstance(found, Exports)
        return found

    return read


def kinds(exports: Exports) -> dict[str, ExportKind]:
    return {export.name: export.kind for export in exports.named}


def default(exports: Exports) -> Export:
    assert exports.default is not None
    return exports.default


def members(export: Export) -> dict[str, MethodKind]:
    return {member.name: member.kind for member in export.members}


def shape(export: Export) -> tuple[ExportKind, ExportForm, bool, list[str]]:
    """Kind, form, whether all members are known, and the handlers."""
    handlers = [handler.name for handler in export.handlers]
    return export.kind, export.form, export.open_members is None, handlers


# --- Default exports ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("export default { fetch() {} }", id="plain"),
        pytest.param(
            "export default { fetch() {} } satisfies ExportedHandler<Env>;", id="satisfies"
        ),
        pytest.param("export default { fetch() {} } as ExportedHandler;", id="as"),
        pytest.param("export default <ExportedHandler<Env>>{ fetch() {} };", id="angle brackets"),
        pytest.param("export default ({ fetch() {} });", id="parentheses"),
        pytest.param(
            "const a: ExportedHandler<Env> = { fetch() {} }; export default a;", id="typed"
        ),
        pytest.param("const a = { fetch() {} }; export { a as default };", id="export as default"),
        pytest.param("const a = { fetch() {} }; const b = a; export default b;", id="renamed"),
        pytest.param("export default b; const b = { fetch() {} };", id="declared after"),
        pytest.param("var a = { fetch() {} }; export default a;", id="var that stays"),
        pytest.param("export default Object.freeze({ fetch() {} });", id="frozen"),
        pytest.param("const fetch = () => {}; export default { fetch };", id="shorthand"),
        pytest.param('export default { "fetch": () => {} };', id="quoted key"),
        pytest.param('export default { ["fetch"]() {} };', id="constant computed key"),
        pytest.param("const a = {}; a.fetch = () => {}; export default a;", id="assigned after"),
        pytest.param("const p = { fetch() {} }; export default { ...p };", id="spread"),
        pytest.param(
            "const p = { fetch() {} }; export default { ...(p as any) };", id="spread cast"
        ),
        pytest.param("export default { ...null, fetch() {} };", id="spread of nothing"),
        pytest.param("export default { fetch() {}, queue: undefined };", id="an undefined handler"),
    ],
)
def test_a_default_object_with_its_handlers(read, entry):
    kind, _, complete, handlers = shape(default(read(entry)))
    assert (kind, complete, handlers) == (OBJECT, True, ["fetch"])


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("export default { fetch() {}, ...x() };", id="spread of a call"),
        pytest.param(
            'import o from "pkg"; export default { fetch() {}, ...o };', id="spread foreign"
        ),
        pytest.param("export default { fetch() {}, [x]: 1 };", id="computed key"),
        pytest.param("const a = { fetch() {} }; a[x] = 1; export default a;", id="computed member"),
        pytest.param("const a = { fetch() {} }; if (x) a.queue = f; export default a;", id="if"),
        pytest.param("const a = { fetch() {} }; add(a); export default a;", id="passed on"),
        pytest.param(
            "const a = { fetch() {} }; Object.assign(a, b); export default a;", id="Object.assign"
        ),
        pytest.param(
            "export default Object.assign({ fetch() {} }, x);", id="made by Object.assign"
        ),
        pytest.param("export default x ? { fetch() {} } : { queue() {} };", id="one of two"),
        pytest.param("export default make() as ExportedHandler;", id="only the type is known"),
        pytest.param("const a: ExportedHandler<Env> = make(); export default a;", id="annotation"),
        pytest.param(
            "const a = { ...b }; const b = { ...a }; export default a;", id="spread circle"
        ),
    ],
)
def test_a_default_object_that_may_have_other_members(read, entry):
    kind, _, complete, _ = shape(default(read(entry)))
    assert (kind, complete) == (OBJECT, False)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param(
            "class App { fetch() {} } export default new App();",
            (OBJECT, ExportForm.INSTANCE, True, ["fetch"]),
            id="instance",
        ),
        pytest.param(
            'import App from "pkg"; export default new App({});',
            (OBJECT, ExportForm.INSTANCE, False, []),
            id="instance of a package's class",
        ),
        pytest.param(
            'import { Hono } from "hono"; const app = new Hono(); export default app;',
            (OBJECT, ExportForm.APP, False, []),
            id="Hono",
        ),
        pytest.param(
            'import { Hono as H } from "hono/tiny"; export default new H<E>().get("/").put("/");',
            (OBJECT, ExportForm.APP, False, []),
            id="Hono in one chain",
        ),
        pytest.param(
            'import * as h from "hono"; const a = new h.Hono(); const b = a.get();'
            "export default b;",
            (OBJECT, ExportForm.APP, False, []),
            id="what a method of an app gives",
        ),
        pytest.param(
            'import { AutoRouter } from "itty-router"; export default AutoRouter();',
            (OBJECT, ExportForm.APP, False, []),
            id="itty-router",
        ),
        pytest.param(
            'import { Hono } from "./hono"; export default new Hono();',
            (OBJECT, ExportForm.INSTANCE, True, []),
            id="another Hono",
        ),
        pytest.param(
            'import { Hono } from "hono"; const app = new Hono();'
            "export default { fetch: app.fetch };",
            (OBJECT, ExportForm.OBJECT_LITERAL, True, ["fetch"]),
            id="a member of an app as a handler",
        ),
        pytest.param(
            "const app = { worker: { fetch() {} } }; export default app.worker;",
            (OBJECT, ExportForm.MEMBER, True, ["fetch"]),
            id="member",
        ),
        pytest.param(
            "export default app.worker;",
            (UNKNOWN, ExportForm.MEMBER, False, []),
            id="member of nothing",
        ),
        pytest.param(
            'import * as S from "@sentry/cloudflare";'
            "export default S.withSentry(o, { fetch() {} });",
            (OBJECT, ExportForm.WRAPPED, False, ["fetch"]),
            id="Sentry",
        ),
        pytest.param(
            'import { withSentry } from "@sentry/cloudflare"; class A {}'
            "export default withSentry(o, A);",
            (CLASS, ExportForm.WRAPPED, False, []),
            id="Sentry keeps the kind",
        ),
        pytest.param(
            'import { withSentry } from "./own"; export default withSentry(o, { fetch() {} });',
            (UNKNOWN, ExportForm.WRAPPED, False, []),
            id="another withSentry",
        ),
        pytest.param(
            'import { instrument } from "@microlabs/otel-cf-workers";'
            "const h = { fetch() {} }; export default instrument(h, c);",
            (OBJECT, ExportForm.WRAPPED, False, ["fetch"]),
            id="instrument",
        ),
        pytest.param(
            'import { OAuthProvider } from "@cloudflare/workers-oauth-provider";'
            "export default new OAuthProvider({ apiHandler: {} });",
            (OBJECT, ExportForm.WRAPPED, False, []),
            id="OAuthProvider",
        ),
        pytest.param(
            'import Provider from "@cloudflare/workers-oauth-provider";'
            "export default new Provider({ apiHandler: {} });",
            (OBJECT, ExportForm.WRAPPED, False, []),
            id="OAuthProvider as default import",
        ),
        pytest.param(
            "const a: ExportedHandlerFetchHandler = make(); export default a;",
            (UNKNOWN, ExportForm.WRAPPED, False, []),
            id="another type",
        ),
        pytest.param(
            'import { make } from "pkg"; export default make();',
            (UNKNOWN, ExportForm.WRAPPED, False, []),
            id="a package's factory",
        ),
        pytest.param(
            "function createApp() { return { fetch() {} } } export default createApp();",
            (OBJECT, ExportForm.WRAPPED, True, ["fetch"]),
            id="a factory",
        ),
        pytest.param(
            "const createApp = () => ({ fetch() {} }); export default await createApp();",
            (OBJECT, ExportForm.WRAPPED, True, ["fetch"]),
            id="an awaited arrow",
        ),
        pytest.param(
            'import { createApp } from "./app"; export default createApp();',
            (OBJECT, ExportForm.APP, False, []),
            id="a factory of an app, elsewhere",
        ),
        pytest.param(
            "const wrap = (h) => h; export default wrap({ fetch() {} });",
            (OBJECT, ExportForm.WRAPPED, True, ["fetch"]),
            id="a wrapper that gives its argument",
        ),
        pytest.param(
            "const wrap = (h) => ({ ...h, queue() {} }); export default wrap({ fetch() {} });",
            (OBJECT, ExportForm.WRAPPED, True, ["fetch", "queue"]),
            id="a wrapper that adds a handler",
        ),
        pytest.param(
            "function make(x) { if (x) return { fetch() {} }; return other(x) }"
            "export default make();",
            (UNKNOWN, ExportForm.WRAPPED, False, []),
            id="a factory of several things",
        ),
        pytest.param(
            "function make() { const o = {}; for (const k of ks) o[k] = f; return o }"
            "export default make();",
            (OBJECT, ExportForm.WRAPPED, False, []),
            id="a factory that fills an object",
        ),
        pytest.param(
            "export default function handler() {}",
            (FUNCTION, ExportForm.FUNCTION, True, []),
            id="function",
        ),
        pytest.param(
            "export default async () => {};", (FUNCTION, ExportForm.FUNCTION, True, []), id="arrow"
        ),
        pytest.param("export default class {}", (CLASS, ExportForm.CLASS, True, []), id="class"),
        pytest.param(
            f"{BASES} export default class extends WorkerEntrypoint {{ fetch() {{}} }}",
            (ENTRYPOINT, ExportForm.CLASS, True, ["fetch"]),
            id="entrypoint class",
        ),
        pytest.param(
            f"{BASES} export default class A extends DurableObject {{}}",
            (DO, ExportForm.CLASS, True, []),
            id="Durable Object as default",
        ),
        pytest.param(
            "export = { fetch() {} };",
            (OBJECT, ExportForm.COMMONJS, True, ["fetch"]),
            id="export =",
        ),
        pytest.param(
            "module.exports = { fetch() {} };",
            (OBJECT, ExportForm.COMMONJS, True, ["fetch"]),
            id="module.exports",
        ),
        pytest.param(
            'import * as h from "./handlers"; export default h;',
            (OBJECT, ExportForm.OTHER, True, ["fetch"]),
            id="a namespace",
        ),
        pytest.param('export default "text";', (VALUE, ExportForm.OTHER, True, []), id="text"),
        pytest.param(
            "let a = { fetch() {} }; a = b; export default a;",
            (UNKNOWN, ExportForm.OBJECT_LITERAL, False, []),
            id="reassigned",
        ),
        pytest.param(
            "let a; export default a;", (UNKNOWN, ExportForm.OTHER, False, []), id="no value"
        ),
        pytest.param(
            "const a = b; const b = a; export default a;",
            (UNKNOWN, ExportForm.OTHER, False, []),
            id="circle",
        ),
        pytest.param(
            "const { worker } = make(); export default worker;",
            (UNKNOWN, ExportForm.DESTRUCTURED, False, []),
            id="destructured",
        ),
        pytest.param(
            "const { worker: w } = { worker: { fetch() {} } }; export default w;",
            (OBJECT, ExportForm.DESTRUCTURED, True, ["fetch"]),
            id="destructured from a literal",
        ),
    ],
)
def test_default_exports(read, entry, expected):
    files = {
        "hono.ts": "export class Hono {}",
        "own.ts": 'export { wrap as withSentry } from "pkg";',
        "app.ts": 'import { Hono } from "hono"; export function createApp()'
        '{ const app = new Hono(); app.get("/"); return app; }',
        "handlers.ts": "export function fetch() {} export const x = 1; export type T = 1;",
    }
    assert shape(default(read(entry, files))) == expected


@pytest.mark.parametrize(
    ("entry", "handlers"),
    [
        pytest.param(
            'addEventListener("fetch", (e) => e.respondWith(f(e)));', ["fetch"], id="fetch"
        ),
        pytest.param(
            'self.addEventListener("fetch", f); addEventListener("scheduled", g);',
            ["fetch", "scheduled"],
            id="two",
        ),
        pytest.param(
            'export const a = 1; addEventListener("fetch", f);', ["fetch"], id="exports too"
        ),
    ],
)
def test_service_workers(read, entry, handlers):
    found = default(read(entry))
    assert shape(found) == (OBJECT, ExportForm.SERVICE_WORKER, True, handlers)
    assert all(handler.returns is Returns.UNKNOWN for handler in found.handlers)


@pytest.mark.parametrize(
    ("listener", "expected"),
    [
        ("(e) => e.respondWith(f(e))", (FunctionForm.ARROW, False, ["e"])),
        ("async function (event) {}", (FunctionForm.FUNCTION, True, ["event"])),
        ("handle", (FunctionForm.REFERENCE, True, ["e"])),
        ("imported", (FunctionForm.REFERENCE, False, ["x"])),
        ("undeclared", (FunctionForm.REFERENCE, None, [])),
        ("...handle", (FunctionForm.REFERENCE, None, [])),
        ("{ handleEvent(e) {} }", (FunctionForm.REFERENCE, None, [])),
    ],
)
@pytest.mark.parametrize("target", ["", "self.", "globalThis."])
def test_the_function_of_a_listener(read, target, listener, expected):
    entry = f"""
        import {{ imported }} from "./b";
        async function handle(e) {{ return 1 }}
        {target}addEventListener("fetch", /* ours */ {listener});
    """
    (found,) = default(read(entry, {"b.ts": "export function imported(x) {}"})).handlers
    names = [parameter.name for parameter in found.parameters]
    assert (found.form, found.is_async, names) == expected
    assert found.returns is Returns.UNKNOWN


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("", id="empty"),
        pytest.param("export const a = 1;", id="named exports alone"),
        pytest.param('addEventListener("message", f);', id="another event"),
        pytest.param('function f() { addEventListener("fetch", g) }', id="not at the top level"),
        pytest.param('ws.addEventListener("fetch", f);', id="another object's"),
        pytest.param("export default interface A {}", id="a type"),
        pytest.param("type A = 1; export { A as default };", id="a type by name"),
        pytest.param('export * from "./b";', id="a star passes no default on"),
        pytest.param("export type { default } from './b';", id="a type re-export"),
    ],
)
def test_no_default_export(read, entry):
    assert read(entry, {"b.ts": "export default { fetch() {} }"}).default is None


def test_a_default_export_beside_listeners_is_the_module_itself(read):
    found = default(read('addEventListener("fetch", f); export default { queue() {} };'))
    assert shape(found)[1:] == (ExportForm.OBJECT_LITERAL, True, ["queue"])


# --- Handlers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("fetch() { return 1 }", (FunctionForm.METHOD, False, Returns.ALWAYS)),
        ("async fetch() { return 1 }", (FunctionForm.METHOD, True, Returns.ALWAYS)),
        ("fetch() { }", (FunctionForm.METHOD, False, Returns.NEVER)),
        ("fetch() { if (a) return 1 }", (FunctionForm.METHOD, False, Returns.SOMETIMES)),
        ("fetch: async () => 1", (FunctionForm.ARROW, True, Returns.ALWAYS)),
        ("fetch: r => r", (FunctionForm.ARROW, False, Returns.ALWAYS)),
        ("fetch: (() => 1) as Handler", (FunctionForm.ARROW, False, Returns.ALWAYS)),
        ("fetch: function () { return 1 }", (FunctionForm.FUNCTION, False, Returns.ALWAYS)),
        ("fetch: handle", (FunctionForm.REFERENCE, True, Returns.ALWAYS)),
        ("fetch: other", (FunctionForm.REFERENCE, False, Returns.NEVER)),
        ("fetch: o.handle", (FunctionForm.REFERENCE, True, Returns.ALWAYS)),
        ("fetch: foreign", (FunctionForm.REFERENCE, None, Returns.UNKNOWN)),
        ("fetch: wrap(handle)", (FunctionForm.REFERENCE, None, Returns.UNKNOWN)),
        ("get fetch() { return handle }", (FunctionForm.REFERENCE, None, Returns.UNKNOWN)),
    ],
)
def test_how_a_handler_is_written(read, member, expected):
    entry = (
        'import { other } from "./other"; import { foreign } from "pkg";'
        "async function handle() { return 1 } const o = { handle };"
        f"export default {{ {member} }};"
    )
    found = default(read(entry, {"other.ts": "export const other = () => {};"})).handler("fetch")
    assert found is not None
    assert (found.form, found.is_async, found.returns) == expected


@pytest.mark.parametrize(
    ("members", "handlers"),
    [
        ("scheduled() {}, queue() {}, email() {}", ["scheduled", "queue", "email"]),
        ("tail() {}, tailStream() {}, trace() {}", ["tail", "tailStream", "trace"]),
        ("test() {}, connect() {}, alarm() {}", ["test", "connect", "alarm"]),
        ("fetch() {}, fetch: undefined", []),
        ("fetch: 1, helper() {}", []),
        ("set fetch(x) {}", []),
        ("Fetch() {}, fetches() {}", []),
        ("nested: { fetch() {} }", []),
        ("fetch() {}, queue() {}, fetch: f", ["queue", "fetch"]),
    ],
)
def test_which_members_are_handlers(read, members, handlers):
    found = default(read(f"function f() {{}} export default {{ {members} }};"))
    assert [handler.name for handler in found.handlers] == handlers


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ("", []),
        ("request", ["request"]),
        ("_req, workerEnv, execCtx", ["_req", "workerEnv", "execCtx"]),
        ("request: Request, env: Env = {}", ["request", "env"]),
        ("request, { DB }", ["request", None]),
        ("request, env?, ctx?, more", ["request", "env", "ctx", "more"]),
        ("...all", [None]),
        ("this: Handler, request", ["request"]),
    ],
)
def test_parameters(read, parameters, names):
    (handler,) = default(read(f"export default {{ fetch({parameters}) {{}} }};")).handlers
    assert [parameter.name for parameter in handler.parameters] == names
    roles = [ParameterRole.EVENT, ParameterRole.ENV, ParameterRole.CONTEXT, ParameterRole.EXTRA]
    assert [parameter.role for parameter in handler.parameters] == roles[: len(names)]


def test_the_single_parameter_of_an_arrow_without_parentheses(read):
    (handler,) = default(read("export default { fetch: request => request };")).handlers
    assert [parameter.name for parameter in handler.parameters] == ["request"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("helper() {}", {"helper": MethodKind.METHOD}),
        ("helper: () => {}", {"helper": MethodKind.METHOD}),
        ("helper: f", {"helper": MethodKind.METHOD}),
        ("get helper() {}", {"helper": MethodKind.METHOD}),
        ("helper: unknown()", {"helper": MethodKind.METHOD}),
        ("scheduled() {}", {}),
        ("fetch: 1", {}),
        ("set helper(x) {}", {}),
        ("version: 1", {"version": MethodKind.PROPERTY}),
        ("nested: {}", {"nested": MethodKind.PROPERTY}),
        ("A: class {}", {"A": MethodKind.PROPERTY}),
        ("helper() {}, helper: 1", {"helper": MethodKind.PROPERTY}),
    ],
)
def test_members_of_an_object_that_are_no_handlers(read, written, expected):
    found = default(read(f"function f() {{}} export default {{ {written} }};"))
    assert members(found) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("m() {}", {"m": MethodKind.INHERITED}),
        ("get m() {}", {"m": MethodKind.INHERITED}),
        ("scheduled() {}", {"scheduled": MethodKind.INHERITED}),
        ("m = () => {}", {"m": MethodKind.METHOD}),
        ("scheduled = () => {}", {}),
        ("m() {} constructor() { this.m = this.m.bind(this) }", {"m": MethodKind.METHOD}),
        ("constructor() { this.m = () => {} }", {"m": MethodKind.METHOD}),
        ("constructor() { other.m = () => {} }", {}),
        ("static m() {} #n() {}", {}),
    ],
)
def test_members_of_an_instance_are_its_own_or_of_its_class(read, body, expected):
    found = default(read(f"class App {{ {body} }} export default new App();"))
    assert members(found) == expected


def test_members_of_the_namespace_of_a_module(read):
    entry = 'import * as api from "./api"; export default api;'
    api = "export function f() {} export const n = 1; export type T = 1; export * from './more';"
    found = default(read(entry, {"api.ts": api, "more.ts": "export const g = () => {};"}))
    assert members(found) == {
        "f": MethodKind.METHOD,
        "g": MethodKind.METHOD,
        "n": MethodKind.PROPERTY,
    }


# --- Classes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declaration", "kind"),
    [
        pytest.param("class X extends DurableObject {}", DO, id="Durable Object"),
        pytest.param("class X extends WorkerEntrypoint<Env> {}", ENTRYPOINT, id="entrypoint"),
        pytest.param("class X extends WorkflowEntrypoint {}", WORKFLOW, id="workflow"),
        pytest.param("class X extends RpcTarget {}", TARGET, id="RpcTarget"),
        pytest.param("abstract class X extends DurableObject {}", DO, id="abstract"),
        pytest.param("class X\n  extends DurableObject<Env>\n  implements Y\n{}", DO, id="lines"),
        pytest.param("class X extends (DurableObject as any) {}", DO, id="cast base"),
        pytest.param("class X extends cf.DurableObject {}", DO, id="namespace import"),
        pytest.param("class X extends Renamed {}", DO, id="renamed import"),
        pytest.param("class X extends Local {}", ENTRYPOINT, id="a class between"),
        pytest.param("class X extends Far {}", WORKFLOW, id="classes between, over modules"),
        pytest.param("class X extends far.Far {}", WORKFLOW, id="over a namespace of ours"),
        pytest.param("class X extends Constant {}", DO, id="a base in a constant"),
        pytest.param("class X extends bases.Own {}", DO, id="a base in an object"),
        pytest.param("class X extends mixin(DurableObject) {}", DO, id="mixin"),
        pytest.param("class X extends mixin(mixin(DurableObject)) {}", DO, id="mixin twice"),
        pytest.param("class X extends curried({})(DurableObject) {}", DO, id="curried mixin"),
        pytest.param("class X extends configured({ base: DurableObject }) {}", DO, id="by pattern"),
        pytest.param("class X extends defaulted() {}", DO, id="a parameter's default"),
        pytest.param("class X extends named(WorkerEntrypoint) {}", ENTRYPOINT, id="named inside"),
        pytest.param("class X extends Agent {}", DO, id="agents"),
        pytest.param("class X extends McpAgent {}", DO, id="agents/mcp"),
        pytest.param("class X {}", CLASS, id="no base"),
        pytest.param("class X implements DurableObject {}", CLASS, id="an interface is no base"),
        pytest.param("class X extends Error {}", CLASS, id="Error"),
        pytest.param("class X extends EventEmitter {}", CLASS, id="Node's class"),
        pytest.param("class X extends null {}", CLASS, id="null"),
        pytest.param("class X extends f {}", CLASS, id="a function as base"),
        pytest.param("class X extends Empty {}", CLASS, id="a base without base"),
        pytest.param("class X extends Alien {}", UNKNOWN, id="a package's class"),
        pytest.param("class X extends NotThere {}", UNKNOWN, id="an undeclared base"),
        pytest.param("class X extends X {}", UNKNOWN, id="itself"),
        pytest.param("class X extends alien(DurableObject) {}", UNKNOWN, id="a package's mixin"),
        pytest.param("class X extends (c ? DurableObject : RpcTarget) {}", UNKNOWN, id="a choice"),
        pytest.param("class X extends Lone {}", UNKNOWN, id="another module's missing class"),
        pytest.param("class X extends circle() {}", UNKNOWN, id="a factory that calls itself"),
        pytest.param("class X extends {} {}", CLASS, id="an object as base"),
        pytest.param("class X extends DurableObject.# {}", UNKNOWN, id="a damaged head"),
        pytest.param("class X<@> extends DurableObject {}", UNKNOWN, id="damaged type parameters"),
        pytest.param("class X extends Loaded {}", DO, id="a base that is loaded"),
    ],
)
def test_a_class_is_what_its_base_chain_says(read, declaration, kind):
    entry = f"""{BASES}
        import * as cf from "cloudflare:workers";
        import {{ DurableObject as Renamed }} from "cloudflare:workers";
        import {{ Far }} from "./far"; import * as far from "./far";
        import {{ Lone }} from "./gone";
        import {{ Agent }} from "agents"; import {{ McpAgent }} from "agents/mcp";
        import {{ Alien, alien }} from "pkg"; import {{ EventEmitter }} from "node:events";
        const {{ DurableObject: Loaded }} = await import("cloudflare:workers");
        class Local extends WorkerEntrypoint {{}} class Empty {{}}
        const Constant = DurableObject; const bases = {{ Own: DurableObject }};
        function f() {{}} function circle() {{ return circle() }}
        const mixin = (Base) => class extends Base {{}};
        const curried = (options) => (Base) => class extends Base {{}};
        function configured({{ base }}) {{ return class extends base {{}} }}
        function defaulted(Base = DurableObject) {{ return class extends Base {{}} }}
        function named(Base) {{ class Inner extends Base {{}} return Inner }}
        export {declaration}
    """
    files = {
        "far.ts": 'export { Far } from "./further";',
        "further.ts": 'import { Base } from "./base"; export class Far extends Base {}',
        "base.ts": f"{BASES} export abstract class Base extends WorkflowEntrypoint {{}}",
    }
    assert kinds(read(entry, files)) == {"X": kind}


@pytest.mark.parametrize(
    ("expression", "kind", "form"),
    [
        ("class extends DurableObject {}", DO, ExportForm.CLASS),
        ("class {}", CLASS, ExportForm.CLASS),
        ("mixin(DurableObject)", DO, ExportForm.WRAPPED),
        ("make()", DO, ExportForm.WRAPPED),
        ("Sentry.instrumentDurableObjectWithSentry(() => ({}), Inner)", DO, ExportForm.WRAPPED),
        ("Sentry.instrumentWorkflowWithSentry(() => ({}), Inner)", WORKFLOW, ExportForm.WRAPPED),
        ("instrumentDO(Inner, config)", DO, ExportForm.WRAPPED),
        ("alien(Inner)", UNKNOWN, ExportForm.WRAPPED),
        ("new Proxy(Inner, {})", DO, ExportForm.INSTANCE),
        ("new Other(Inner, {})", OBJECT, ExportForm.INSTANCE),
        ("getter.Inner", DO, ExportForm.MEMBER),
        ("changed.Inner", UNKNOWN, ExportForm.MEMBER),
        ("Statics.Inner", DO, ExportForm.MEMBER),
        ("new Statics().own", VALUE, ExportForm.MEMBER),
        ("new Statics().given", UNKNOWN, ExportForm.MEMBER),
        ("generated()", UNKNOWN, ExportForm.WRAPPED),
        ("chosen ? () => 1 : () => 2", UNKNOWN, ExportForm.OTHER),
        ("Inner", DO, ExportForm.CLASS),
        ("all.Inner", DO, ExportForm.MEMBER),
        ("{ fetch() {} }", OBJECT, ExportForm.OBJECT_LITERAL),
        ("() => 1", FUNCTION, ExportForm.FUNCTION),
        ("1", VALUE, ExportForm.OTHER),
        ("`a${b}`", VALUE, ExportForm.OTHER),
        ("[Inner]", VALUE, ExportForm.OTHER),
        ("a + b", VALUE, ExportForm.OTHER),
        ("['a', 'b'].join(', ')", VALUE, ExportForm.WRAPPED),
        ("[Inner].at(0)", UNKNOWN, ExportForm.WRAPPED),
        ("alien.join(', ')", UNKNOWN, ExportForm.WRAPPED),
        ("Symbol('a')", VALUE, ExportForm.WRAPPED),
        ("schema.parse(1)", UNKNOWN, ExportForm.WRAPPED),
        ("sql`select`", UNKNOWN, ExportForm.WRAPPED),
    ],
)
def test_constants(read, expression, kind, form):
    found = read(f"""{BASES}
        import * as Sentry from "@sentry/cloudflare"; import {{ alien, schema, sql }} from "pkg";
        import {{ instrumentDO }} from "@microlabs/otel-cf-workers";
        class Inner extends DurableObject {{}} const all = {{ Inner }};
        const mixin = (Base) => class extends Base {{}};
        const getter = {{ get Inner() {{ return Inner }} }};
        const changed = {{ Inner }}; changed[key] = 1;
        class Statics {{ static Inner = Inner; own = 1; given; }}
        function* generated() {{ return Inner }}
        function make() {{ return class Made extends DurableObject {{}} }}
        export const X = {expression};
    """)
    assert [(export.name, export.kind, export.form) for export in found.named] == [
        ("X", kind, form)
    ]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("let X; X = class extends DurableObject {};", DO),
        ("var X; X = { fetch() {} };", OBJECT),
        ("let X = class X extends DurableObject {}; X = __decorate([x()], X);", DO),
        ("let X = class extends DurableObject {}; X = __decorateClass([x()], X);", DO),
        ("let X = class extends DurableObject {}; X = tslib_1.__decorate([x()], X);", DO),
        ("let X; X = class extends DurableObject {}; X = y;", UNKNOWN),
        ("let X; if (a) X = class extends DurableObject {};", UNKNOWN),
        ("let X; function f() { X = class extends DurableObject {} }", UNKNOWN),
        ("let X; X ||= class extends DurableObject {};", UNKNOWN),
        ("let X; X = X;", UNKNOWN),
        ("let { X } = o; X = class extends DurableObject {};", UNKNOWN),
        ("let X = class extends DurableObject {}; X = wrap([x()], X);", UNKNOWN),
        ("let X = class extends DurableObject {}; X = __decorate([x()], Y);", UNKNOWN),
        ("let X = class extends DurableObject {}; X = __decorate;", UNKNOWN),
    ],
)
def test_names_that_are_assigned_to_once(read, code, kind):
    assert kinds(read(f"{BASES} {code} export {{ X }};")) == {"X": kind}


def test_members_of_an_object_that_is_assigned_after_its_declaration(read):
    found = default(read("let w; w = { fetch() {} }; w.queue = () => {}; export default w;"))
    assert shape(found)[2:] == (True, ["fetch", "queue"])


@pytest.mark.parametrize(
    ("package", "name", "kind"),
    [
        ("agents", "Agent", DO),
        ("agents/mcp", "McpAgent", DO),
        ("agents/ai-chat-agent", "AIChatAgent", DO),
        ("agents/workflows", "AgentWorkflow", WORKFLOW),
        ("@cloudflare/ai-chat", "AIChatAgent", DO),
        ("partyserver", "Server", DO),
        ("y-durableobjects", "YDurableObjects", DO),
        ("y-durableobjects", "upgrade", UNKNOWN),
        ("@cloudflare/containers", "Container", DO),
        ("@cloudflare/containers", "ContainerProxy", ENTRYPOINT),
        ("@cloudflare/sandbox", "Sandbox", DO),
        ("@cloudflare/actors", "Actor", DO),
        ("@cloudflare/sandbox", "Other", UNKNOWN),
        ("sandbox", "Sandbox", UNKNOWN),
        ("agents-of-mine", "Agent", UNKNOWN),
    ],
)
@pytest.mark.parametrize(
    "entry",
    [
        'export {{ {name} as X }} from "{package}";',
        'import {{ {name} }} from "{package}"; export {{ {name} as X }};',
        'import {{ {name} as B }} from "{package}"; export class X extends B {{}}',
    ],
    ids=["straight", "imported", "extended"],
)
def test_classes_of_packages(read, entry, package, name, kind):
    assert kinds(read(entry.format(name=name, package=package))) == {"X": kind}


def test_a_known_package_that_the_repository_builds_itself_is_known_too(read):
    files = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/agents/package.json": '{"name": "agents", "main": "dist/index.js"}',
    }
    entry = 'import { Agent, Other } from "agents"; export class A extends Agent {}'
    assert kinds(read(entry + "export class B extends Other {}", files)) == {"A": DO, "B": UNKNOWN}


def test_a_package_of_the_repository_under_a_known_name_is_read(read):
    files = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/agents/package.json": '{"name": "agents", "main": "index.ts"}',
        "packages/agents/index.ts": "export class Agent {}",
    }
    entry = 'import { Agent } from "agents"; export class A extends Agent {}'
    assert kinds(read(entry, files)) == {"A": CLASS}


HINTS = ClassHints(frozenset({"A", "fn", "Two"}), frozenset({"W", "Two"}))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param("export class A {}", {"A": DO}, id="no base"),
        pytest.param("export class W {}", {"W": WORKFLOW}, id="workflow"),
        pytest.param(
            'import { B } from "pkg"; export class A extends B {}', {"A": DO}, id="unknown base"
        ),
        pytest.param('export { A } from "pkg";', {"A": DO}, id="straight from a package"),
        pytest.param(
            "export const { A, B } = make().dos;", {"A": DO, "B": UNKNOWN}, id="destructured"
        ),
        pytest.param("export const [A] = make();", {"A": DO}, id="out of an array"),
        pytest.param('import { m } from "pkg"; export const A = m(B);', {"A": DO}, id="wrapped"),
        pytest.param("class B {} export { B as A };", {"A": DO}, id="the exported name counts"),
        pytest.param("class A {} export { A as B };", {"B": CLASS}, id="the local name does not"),
        pytest.param(
            f"{BASES} export class A extends RpcTarget {{}}", {"A": TARGET}, id="the base wins"
        ),
        pytest.param("export function fn() {}", {"fn": FUNCTION}, id="a function stays one"),
        pytest.param("export const A = 1;", {"A": VALUE}, id="a value stays one"),
        pytest.param("export const A = { fetch() {} };", {"A": OBJECT}, id="an object stays one"),
        pytest.param("export class Two {}", {"Two": DO}, id="named as both"),
    ],
)
def test_configuration_decides_what_the_code_leaves_open(read, entry, expected):
    assert kinds(read(entry, hints=HINTS)) == expected


@pytest.mark.parametrize(
    ("entry", "because"),
    [
        (
            f"{BASES} export class A extends RpcTarget {{}}",
            "extends RpcTarget from cloudflare:workers",
        ),
        (
            'import { B } from "./b"; export class A extends B {}',
            "extends DurableObject from cloudflare:workers, over 1 class between",
        ),
        ("export class A {}", "a class that extends nothing"),
        ("export class A extends Error {}", "extends Error"),
        (
            "export class A extends A {}",
            "its base class cannot be told: it leads back to itself",
        ),
        (
            "class B extends A {} export class A extends B {}",
            "its base class cannot be told, over 1 class between: it leads back to itself",
        ),
        (
            "const m = (B) => class extends B {}; export class A extends m(m(Error)) {}",
            "extends Error, over 2 classes between",
        ),
        (
            'import { B } from "pkg"; export class A extends B {}',
            "its base class cannot be told: B from pkg is not in the repository",
        ),
        ('export { A } from "pkg";', "A from pkg is not in the repository"),
        ('export { Agent as A } from "agents";', "it is Agent from agents"),
        ('export { A } from "./gone";', "no module at gone"),
        ('export { A } from "./b";', "b.ts exports no A"),
        (
            'import { make } from "pkg"; export const A = make();',
            "made by make from pkg, which is not in the repository",
        ),
        (
            'import * as S from "@sentry/cloudflare"; export const A ='
            " S.instrumentDurableObjectWithSentry(o, B);",
            "wrapped by instrumentDurableObjectWithSentry from @sentry/cloudflare",
        ),
    ],
)
def test_what_a_kind_rests_on(read, entry, because):
    files = {"b.ts": f"{BASES} export class B extends DurableObject {{}}"}
    assert read(entry, files).named[0].because == because


def test_a_hint_is_named_as_the_reason(read):
    found = read("export class A {} export class W {}", hints=HINTS)
    assert [export.because for export in found.named] == [
        "the configuration names it as a Durable Object",
        "the configuration names it as a Workflow",
    ]


# --- Members of classes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("m() {}", {"m": MethodKind.METHOD}),
        ("async m() {}", {"m": MethodKind.METHOD}),
        ("async *m() {}", {"m": MethodKind.METHOD}),
        ("_m() {}", {"_m": MethodKind.METHOD}),
        ("private m() {}", {"m": MethodKind.METHOD}),
        ("protected override async m() {}", {"m": MethodKind.METHOD}),
        ("@decorated() m() {}", {"m": MethodKind.METHOD}),
        ('"quoted name"() {}', {"quoted name": MethodKind.METHOD}),
        ('["m"]() {}', {"m": MethodKind.METHOD}),
        ("m(a: string): void; m(a) {}", {"m": MethodKind.METHOD}),
        ("get m() { return 1 }", {"m": MethodKind.GETTER}),
        ("get m() { return 1 } set m(x) {}", {"m": MethodKind.GETTER}),
        ("set m(x) {} get m() { return 1 }", {"m": MethodKind.GETTER}),
        ("set m(x) {}", {"m": MethodKind.PROPERTY}),
        ("m = () => {}", {"m": MethodKind.PROPERTY}),
        ("m = 1", {"m": MethodKind.PROPERTY}),
        ("m: string", {"m": MethodKind.PROPERTY}),
        (
            "constructor(private m: X, readonly n: Y, o: Z) { super() }",
            {"m": MethodKind.PROPERTY, "n": MethodKind.PROPERTY},
        ),
        ("static m() {}", {"m": MethodKind.STATIC}),
        ("#m() {}", {"m": MethodKind.PRIVATE}),
        ("static #m() {}", {"m": MethodKind.PRIVATE}),
        ("scheduled() {}", {"scheduled": MethodKind.METHOD}),
        ("queue() {} email() {}", {"queue": MethodKind.METHOD, "email": MethodKind.METHOD}),
        ("declare m: string", {}),
        ("abstract m(): void", {}),
        ("m?(): void", {}),
        ("[key: string]: any", {}),
        ("static { x() }", {}),
        ("[Symbol.dispose]() {}", {}),
        ("constructor(ctx, env) { super(ctx, env) }", {}),
        ("fetch() {} connect() {} alarm() {} dup() {}", {}),
        ("webSocketMessage() {} webSocketClose() {} webSocketError() {}", {}),
        ("env = 1; ctx = 2", {}),
    ],
)
def test_members_of_an_entrypoint(read, member, expected):
    found = default(
        read(f"{BASES} export default abstract class X extends WorkerEntrypoint {{ {member} }}")
    )
    assert members(found) == expected
    assert found.open_members is None


@pytest.mark.parametrize(
    ("own", "inherited", "expected"),
    [
        ("a() {}", "b() {}", {"a": MethodKind.METHOD, "b": MethodKind.METHOD}),
        ("m() {}", "get m() { return 1 }", {"m": MethodKind.METHOD}),
        ("m = 1", "m() {}", {"m": MethodKind.PROPERTY}),
        ("m() {}", "m = 1", {"m": MethodKind.PROPERTY}),
        ("m() {}", "set m(x) {}", {"m": MethodKind.METHOD}),
        ("set m(x) {}", "m() {}", {"m": MethodKind.PROPERTY}),
    ],
)
def test_inherited_members(read, own, inherited, expected):
    entry = f'import {{ B }} from "./b"; export default class extends B {{ {own} }}'
    base = f"{BASES} export class B extends WorkerEntrypoint {{ {inherited} }}"
    assert members(default(read(entry, {"b.ts": base}))) == expected


def test_static_and_private_members_hide_no_others(read):
    found = default(read("export default class { m() {} static m() {} #m() {} }"))
    assert sorted(member.kind for member in found.members) == ["method", "private", "static"]


def test_an_inherited_handler_stands_where_it_is_declared(read):
    entry = 'import { B } from "./b"; export default class extends B {}'
    found = default(
        read(entry, {"b.ts": f"{BASES} export class B extends WorkerEntrypoint {{ fetch() {{}} }}"})
    )
    (handler,) = found.handlers
    assert handler.location.path == "b.ts"
    assert found.location.path == "index.ts"


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("fetch() {}", [("fetch", FunctionForm.METHOD)]),
        ("fetch = async () => {}", [("fetch", FunctionForm.ARROW)]),
        ("fetch = handle", [("fetch", FunctionForm.REFERENCE)]),
        ("get fetch() { return 1 }", [("fetch", FunctionForm.REFERENCE)]),
        (
            "alarm() {} webSocketMessage() {}",
            [("alarm", FunctionForm.METHOD), ("webSocketMessage", FunctionForm.METHOD)],
        ),
        ("static fetch() {}", []),
        ("#fetch() {}", []),
        ("fetch = 1", []),
        ("fetch: Handler", []),
        ("fetching() {}", []),
    ],
)
def test_handlers_of_a_class(read, member, expected):
    found = read(
        f"function handle() {{}} {BASES} export class X extends DurableObject {{ {member} }}"
    )
    assert [(handler.name, handler.form) for handler in found.named[0].handlers] == expected


@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param(
            'import { B } from "pkg"; export class X extends B {}', id="a package's class"
        ),
        pytest.param('import { Agent } from "agents"; export class X extends Agent {}', id="known"),
        pytest.param("export class X extends make() {}", id="a call"),
        pytest.param("export class X { [name]() {} }", id="a computed name"),
        pytest.param(
            "export class X { constructor() { return new Proxy(this, {}) } }", id="a proxy"
        ),
        pytest.param("export class X {} X.prototype.m = f;", id="a changed prototype"),
        pytest.param("export class X { m() {} @@@ n() {} }", id="a damaged body"),
        pytest.param('export { X } from "pkg";', id="straight from a package"),
    ],
)
def test_members_that_cannot_all_be_known(read, declaration):
    (found,) = read(declaration).named
    assert found.open_members is not None


# --- Names over modules ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        pytest.param("export class A {}", ["A"], id="declaration"),
        pytest.param("class A {} export { A };", ["A"], id="list"),
        pytest.param("class A {} export { A as B, A as C };", ["B", "C"], id="two names"),
        pytest.param('class A {} export { A as "a b" };', ["a b"], id="string name"),
        pytest.param("export const a = 1, b = 2;", ["a", "b"], id="two constants"),
        pytest.param(
            "export const { a, b: c, ...d } = x, [e] = y;", ["a", "c", "d", "e"], id="patterns"
        ),
        pytest.param("export enum E {} export const enum F {}", ["E", "F"], id="enums"),
        pytest.param("export namespace N { export const a = 1 }", ["N"], id="namespace"),
        pytest.param("export function f(a: 1): 1; export function f(a) {}", ["f"], id="overloads"),
        pytest.param("export default class A {} export { A };", ["A"], id="default by name too"),
        pytest.param(
            "export interface A {} export class A {}", ["A"], id="a class merged with a type"
        ),
        pytest.param("export type A = 1; export const A = 1;", ["A"], id="a type and a value"),
        pytest.param(
            "@dec() export class A {} export @dec class B {}", ["A", "B"], id="decorators"
        ),
        pytest.param('export * as ns from "./a";', ["ns"], id="star as"),
        pytest.param('export { A } from "./a";', ["A"], id="re-export"),
        pytest.param('export { A as B } from "./a";', ["B"], id="renamed"),
        pytest.param('export { default as A } from "./a";', ["A"], id="a default by name"),
        pytest.param('import { A } from "./a"; export { A };', ["A"], id="import, then export"),
        pytest.param('import D from "./a"; export { D };', ["D"], id="a default import"),
        pytest.param('import * as ns from "./a"; export { ns };', ["ns"], id="a namespace import"),
        pytest.param('export * from "./a";', ["A", "a"], id="star"),
        pytest.param('export * from "./star";', ["A", "a"], id="star over star"),
        pytest.param('export * from "./a"; export class A {}', ["A", "a"], id="own before star"),
        pytest.param(
            'export * from "./a"; export * from "./star";', ["A", "a"], id="twice the same"
        ),
        pytest.param(
            'export * from "./circle"; export class B {}', ["B", "C"], id="circle of stars"
        ),
        pytest.param("export interface A {} export type B = 1;", [], id="types"),
        pytest.param("type A = 1; interface B {} export { A, B };", [], id="types in a list"),
        pytest.param("class A {} export type { A };", [], id="export type"),
        pytest.param("class A {} export { type A };", [], id="type in a list"),
        pytest.param('import type { A } from "./a"; export { A };', [], id="an imported type"),
        pytest.param('import { T } from "./a"; export { T };', [], id="a type, not said so"),
        pytest.param('export { T } from "./a";', [], id="a re-exported type, not said so"),
        pytest.param('export type * from "./a";', [], id="type star"),
        pytest.param('export type * as ns from "./a";', [], id="type star as"),
        pytest.param('export type { A } from "./a";', [], id="type re-export"),
        pytest.param("export declare class A {} export declare const b: 1;", [], id="declare"),
        pytest.param("export abstract class A {}", ["A"], id="abstract"),
        pytest.param("export namespace N { export type A = 1 }", [], id="a namespace of types"),
        pytest.param("namespace N { export class A {} }", [], id="exports of a namespace"),
        pytest.param('declare module "m" { export class A {} }', [], id="a declared module"),
        pytest.param("export as namespace N;", [], id="export as namespace"),
        pytest.param(
            '// export class A {}\nconst a = "export class B {}";', [], id="comments, strings"
        ),
        pytest.param(
            'export * from "./data.json"; export * from "./types.d.ts";', [], id="no code"
        ),
    ],
)
def test_the_names_of_a_module(read, entry, names):
    files = {
        "a.ts": "export class A {} export const a = 1; export type T = 1;export default class D {}",
        "star.ts": 'export * from "./a";',
        "circle.ts": 'export * from "./index"; export class C {}',
        "data.json": "{}",
        "types.d.ts": "export class A {}",
    }
    found = read(entry, files)
    assert [export.name for export in found.named] == names
    assert found.open == ()


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param('export * as ns from "./a";', {"ns": VALUE}, id="star as"),
        pytest.param('import * as ns from "./a"; export { ns };', {"ns": VALUE}, id="namespace"),
        pytest.param('import d from "./d.json"; export { d };', {"d": VALUE}, id="data"),
        pytest.param("export enum E {}", {"E": VALUE}, id="enum"),
        pytest.param(
            "export namespace N { export const a = 1 }", {"N": VALUE}, id="namespace block"
        ),
        pytest.param('export { A as B } from "./hops";', {"B": DO}, id="three renames"),
        pytest.param('export { X } from "./clash";', {"X": UNKNOWN}, id="an ambiguous name"),
        pytest.param('export * from "./clash";', {"X": UNKNOWN}, id="an ambiguous name by star"),
        pytest.param('export { X } from "./shadow";', {"X": CLASS}, id="a name that hides another"),
        pytest.param('export { Y } from "./both";', {"Y": DO}, id="one class over two ways"),
        pytest.param('export { P } from "./loop";', {"P": UNKNOWN}, id="a circle"),
        pytest.param("export import A = B.C;", {"A": UNKNOWN}, id="an alias"),
        pytest.param('export { f, g } from "./cjs";', {"f": FUNCTION, "g": UNKNOWN}, id="CommonJS"),
    ],
)
def test_kinds_over_modules(read, entry, expected):
    files = {
        "a.ts": f"{BASES} export class A extends DurableObject {{}}",
        "d.json": "{}",
        "hops.ts": 'export { Q as A } from "./hop";',
        "hop.ts": 'import { A as Z } from "./a"; const Q = Z; export { Q };',
        "clash.ts": 'export * from "./x"; export * from "./y";',
        "x.ts": "export class X {}",
        "y.ts": f"{BASES} export class X extends DurableObject {{}}",
        "shadow.ts": 'export * from "./upper";',
        "upper.ts": 'export * from "./y"; export class X {}',
        "both.ts": 'export * from "./one"; export * from "./two";',
        "one.ts": 'export { A as Y } from "./a";',
        "two.ts": 'import { A } from "./a"; export { A as Y };',
        "loop.ts": 'export { P } from "./pool";',
        "pool.ts": 'export { P } from "./loop";',
        "cjs.js": "exports.f = function () {};",
    }
    assert kinds(read(entry, files)) == expected


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('export * from "pkg";', "everything that pkg exports is passed on"),
        ('export * from "./b";', "everything that pkg exports is passed on"),
        ('export * from "./gone";', "no module at gone"),
        ("export class A { m( { export class B {} }", None),
        ("function f() { export class B {}", None),
    ],
)
def test_more_names_may_be_exported(read, entry, reason):
    found = read(entry, {"b.ts": 'export * from "pkg";'})
    assert found.open
    if reason is not None:
        assert found.open[0].reason == reason
        assert found.open[0].location is not None


DAMAGED = "export class A { b( { c: } \n d(){} }\n"
HIDING = "exports may stand in a part that does not parse"


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(f"{DAMAGED}export default {{ async fetch(r) {{}} }}", id="after a class"),
        pytest.param(f"{DAMAGED}const a = {{}}; export {{ a as default }}", id="in a list"),
        pytest.param(
            f'addEventListener("fetch", f);\n{DAMAGED}export default {{ async fetch(r) {{}} }}',
            id="beside a listener",
        ),
    ],
)
def test_a_default_export_in_a_part_that_does_not_parse_is_unknown(read, entry):
    found = default(read(entry))
    assert (found.kind, found.because) == (UNKNOWN, HIDING)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(DAMAGED, id="no default export in it"),
        pytest.param("const a = @@@; // export default\nexport class B {}", id="in a comment"),
        pytest.param("export class A { m( { export class B {} }", id="another export in it"),
    ],
)
def test_damage_that_hides_no_default_export(read, entry):
    assert read(entry).default is None


def test_a_name_of_a_damaged_module_is_not_said_to_be_missing(read):
    (found,) = read('export { B } from "./b";', {"b.ts": f"{DAMAGED}export class B {{}}"}).named
    assert (found.kind, found.because) == (UNKNOWN, HIDING)


@pytest.mark.parametrize("specifier", ["./do", "./do.js"])
def test_a_module_of_which_only_the_declarations_are_there(read, specifier):
    files = {"do.d.ts": "export declare class D {}"}
    reason = "do.d.ts declares a module that is not in the repository"
    starred = read(f'export * from "{specifier}";', files)
    assert [item.reason for item in starred.open] == [reason]
    (named,) = read(f'export {{ D }} from "{specifier}";', files).named
    assert (named.kind, named.because) == (UNKNOWN, reason)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param('export * from "./do.d.ts";', id="the declarations themselves: no code"),
        pytest.param('export * from "./text.txt";', id="data beside declarations of it"),
        pytest.param('export type { D } from "./do";', id="a type alone"),
        pytest.param('import { D } from "./do"; const d: D = 1;', id="imported, not passed on"),
    ],
)
def test_declarations_that_hide_no_export(read, entry):
    found = read(entry, {"do.d.ts": "", "text.txt": "", "text.txt.d.ts": ""})
    assert (found.named, found.open) == ((), ())


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param('export type * from "./b"; export class A {}', id="type star"),
        pytest.param("const q = sql<T>`select`; export class A {}", id="a typed tagged template"),
        pytest.param("const a = @@@; export class A {}", id="an error in another statement"),
        pytest.param("export class A { m() { @@@ } }", id="an error in a method"),
        pytest.param('export class A {} const s = "class B', id="an open string"),
    ],
)
def test_errors_that_hide_no_export(read, entry):
    found = read(entry, {"b.ts": ""})
    assert kinds(found) == {"A": CLASS}
    assert found.open == ()


def test_locations_and_the_way_to_a_declaration(read):
    entry = 'export { B as C } from "./b";\nexport class Own {}\nclass L {}\nexport { L };'
    files = {
        "b.ts": 'import { A } from "./a";\nexport { A as B };',
        "a.ts": "\n\nexport class A {}",
    }
    moved, own, listed = read(entry, files).named
    assert [(place.path, place.line) for place in moved.via] == [("index.ts", 1), ("b.ts", 2)]
    assert (moved.location.path, moved.location.line, moved.location.column) == ("a.ts", 3, 8)
    assert moved.local_name == "A"
    assert (own.via, own.location.line, own.local_name) == ((), 2, "Own")
    assert [place.line for place in listed.via] == [4]
    assert listed.location.line == 3


@pytest.mark.parametrize(
    ("entry", "local_name", "line", "steps"),
    [
        ("const a = {};\nexport default a;", "a", 1, 1),
        ("\nexport default {};", None, 2, 0),
        ("\nexport default class A {}", "A", 2, 0),
        ("\nexport default class {}", None, 2, 0),
        ('\nexport { default } from "./b";', "b", 1, 2),
        ("const {\n a } = f();\nexport default a;", "a", 2, 1),
    ],
)
def test_where_a_default_export_is_declared(read, entry, local_name, line, steps):
    found = default(read(entry, {"b.ts": "const b = {}; export default b;"}))
    assert (found.local_name, found.location.line, len(found.via)) == (local_name, line, steps)


def test_an_alias_of_the_configuration_is_followed(repository):
    root = repository({"index.ts": 'export { A } from "lib";', "own.ts": "export class A {}"})
    found = collect(Modules(Files(root)), "index.ts", ClassHints(), {"lib": "./own.ts"})
    assert isinstance(found, Exports)
    assert kinds(found) == {"A": CLASS}


@pytest.mark.parametrize("name", ["gone.ts", "index.py", "index.wasm"])
def test_an_entry_that_cannot_be_read(repository, name):
    root = repository({"index.py": "", "index.wasm": ""})
    assert isinstance(collect(Modules(Files(root)), name, ClassHints()), Unknown)


@pytest.mark.parametrize("name", ["index.js", "index.mjs", "index.tsx", "index.jsx", "index.mts"])
def test_every_suffix_is_read(read, name):
    entry = "export default { fetch() {} }; export class A {}"
    found = read(entry, name=name)
    assert (default(found).kind, kinds(found)) == (OBJECT, {"A": CLASS})


# --- Hostile input --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("export default " + "(" * 9000 + "{}" + ")" * 9000, id="parentheses"),
        pytest.param("export default a" + ".b" * 9000, id="members"),
        pytest.param("export default f" + "()" * 9000, id="calls"),
        pytest.param("export default " + "a ? b : " * 9000 + "c", id="choices"),
        pytest.param("export default " + "a || " * 9000 + "c", id="alternatives"),
        pytest.param("export default " + "await " * 9000 + "c", id="awaits"),
        pytest.param("export default " + "{ a: " * 9000 + "1" + "}" * 9000, id="objects"),
        pytest.param("export class A { " * 3000, id="classes in classes"),
        pytest.param(
            "export class A0 extends A1 {}"
            + "".join(f"class A{i} extends A{i + 1} {{}}" for i in range(1, 999)),
            id="bases",
        ),
        pytest.param(
            "export default a0;" + "".join(f"const a{i} = a{i + 1};" for i in range(999)),
            id="names",
        ),
        pytest.param(
            "const a = { " + "...a, " * 99 + "}; export default a;", id="spreads of itself"
        ),
        pytest.param(
            "".join(
                f"const f{i} = x => x ? f{i + 1}(x) : f{i + 1}(f{i + 1}(x));" for i in range(60)
            )
            + "export default f0(1);",
            id="calls that double",
        ),
        pytest.param(
            "const m = B => class extends m(B) {}; export default m(m(1));", id="a mixin of itself"
        ),
    ],
)
def test_hostile_modules_end_soon(read, entry):
    assert isinstance(read(entry), Exports)


def test_an_app_with_many_routes_is_still_an_app(read):
    routes = '.get("/", (c) => c.text(""))' * 500
    found = default(read(f'import {{ Hono }} from "hono"; export default new Hono(){routes};'))
    assert (found.kind, found.form) == (OBJECT, ExportForm.APP)


def test_many_modules_that_pass_each_other_on(read):
    files = {
        f"{name}{i}.ts": f'export * from "./a{i + 1}"; export * from "./b{i + 1}";'
        f"export class C{i} {{}}"
        for i in range(40)
        for name in "ab"
    }
    assert isinstance(read('export * from "./a0";', files), Exports)
