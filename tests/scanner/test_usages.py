"""How the code of a Worker uses its environment.

A use is written as its binding and kind, with the method and the number of arguments of RPC and
the URL of a fetch: ``API fetch https://api/x``, ``API rpc get/2``. API and AUTH are declared.
"""

import pytest

from codemod.model import Usage, UsageKind, Usages
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.scanner.usages import collect

DECLARED = ("API", "AUTH")


@pytest.fixture
def read(repository):
    """Collects the uses of a Worker of the given files, whose entry is ``index.ts``."""

    def read(entry, files=(), *, roots=("index.ts",), variables=None, alias=None) -> Usages:
        root = repository({"index.ts": entry, **dict(files)})
        return collect(Modules(Files(root)), roots, DECLARED, [variables or {}], alias)

    return read


def written(usage: Usage) -> str:
    words = [usage.binding, usage.kind.value]
    if usage.kind is UsageKind.RPC:
        count = "?" if usage.argument_count is None else usage.argument_count
        words.append(f"{usage.method}/{count}")
    if usage.url is not None:
        words.append(usage.url)
    return " ".join(words)


def uses(usages: Usages) -> list[str]:
    return [written(usage) for usage in usages.uses]


def reasons(usages: Usages) -> list[str]:
    return [unknown.reason for unknown in usages.open]


def urls(usages: Usages) -> list[str]:
    return [fetch.url for fetch in usages.global_fetches if fetch.url]


def handler(body: str) -> str:
    return f"export default {{ async fetch(request, env, ctx) {{ {body} }} }};"


# Every case has one use, the fetch of API, and nothing else.
REACHED = [
    (
        "export default { fetch(req, e) { return e.API.fetch(req); } }",
        "a handler's second parameter",
    ),
    (
        "export default { fetch: (req, e) => e.API.fetch(req) } satisfies ExportedHandler",
        "an arrow as handler, with an expression for a body",
    ),
    (
        "export default { fetch: async (req, { API }) => API.fetch(req) }",
        "the parameter is destructured",
    ),
    (
        "const worker = { async queue(batch, b) { await b.API.fetch(batch); } };"
        "export default worker",
        "the object has a name",
    ),
    (
        "async function handle(req, b) { return b.API.fetch(req); }"
        "export default { fetch: handle }",
        "the handler is a reference",
    ),
    (
        "export default withSentry(() => ({}), { scheduled(event, b) { b.API.fetch(event); } })",
        "the object is wrapped by a call",
    ),
    (
        "export default { fetch(...args) { return handle(...args); } };"
        "function handle(request, vars) { return vars.API.fetch(request); }",
        "all arguments of a handler, passed on",
    ),
    (
        "export default { fetch(...a) { const [r, vars] = a; return vars.API.fetch(r); } }",
        "all arguments of a handler, taken apart",
    ),
    (
        "export default { fetch(r, ...rest) { return rest[0].API.fetch(r); } }",
        "what is left of the arguments",
    ),
    (
        "export default { fetch() { return arguments[1].API.fetch(arguments[0]); } }",
        "the arguments of a handler without parameters",
    ),
    (
        "export class Room extends DurableObject { constructor(state, vars)"
        " { super(state, vars); vars.API.fetch(state); } }",
        "the second parameter of a Durable Object's constructor",
    ),
    (
        "export class Room implements DurableObject { constructor(state, vars)"
        " { vars.API.fetch(state); } }",
        "a Durable Object that extends nothing",
    ),
    ("export class A extends WorkerEntrypoint { m() { this.env.API.fetch(1); } }", "this.env"),
    (
        "export class A extends WorkerEntrypoint { m() { const go = () => this.env.API.fetch(1);"
        " go(); } }",
        "an arrow has the this of its method",
    ),
    ("export class A extends WorkerEntrypoint { m = () => this.env.API.fetch(1) }", "a field"),
    (
        "export class A extends WorkerEntrypoint {"
        " m() { const { env } = this; env.API.fetch(1); } }",
        "env is taken out of this",
    ),
    ("function f(env) { env.API.fetch(1); } export { f }", "a parameter called env"),
    ("function f(env: any) { env.API.fetch(1); } export { f }", "any is no other type"),
    ("export const f = env => env.API.fetch(1)", "an arrow's only parameter"),
    ("export function f(e: Env) { e.API.fetch(1); }", "a parameter of type Env"),
    ("export function f(e: CloudflareEnv) { e.API.fetch(1); }", "a type whose name ends in Env"),
    ("export function f(e: Bindings) { e.API.fetch(1); }", "a parameter of type Bindings"),
    ("export function f(e: Cloudflare.Env) { e.API.fetch(1); }", "a type in a namespace"),
    ("export function f(e?: Env | undefined) { e?.API.fetch(1); }", "an optional parameter"),
    ("export function f(e: Pick<Env, 'API'> & X) { e.API.fetch(1); }", "a part of the type"),
    ("export function f({ API }: Env) { API.fetch(1); }", "a typed and destructured parameter"),
    (
        "export function f({ API: api, ...rest }: Env) { api.fetch(1); }",
        "a typed parameter, destructured with a rename",
    ),
    ("export function f({ env: { API } }) { API.fetch(1); }", "nested patterns"),
    ("export function f({ env: { API: x = y } }) { x.fetch(1); }", "a default does not matter"),
    ("export const f = ({ env }) => env.API.fetch(1)", "env out of a context"),
    ("export const f = ({ env: e }) => e.API.fetch(1)", "env out of a context, renamed"),
    ("app.get('/', (c) => c.env.API.fetch(1))", "Hono"),
    ("app.get('/', async (ctx) => ctx.env.API.fetch(1))", "Hono under another name"),
    ("app.get('/', (c) => { const { API } = c.env; return API.fetch(1); })", "Hono, destructured"),
    ("app.get('/', (c) => { const { env } = c; return env.API.fetch(1); })", "Hono, twice"),
    (
        "import { env } from 'hono/adapter'; app.get('/', (c) => env(c).API.fetch(1))",
        "Hono's adapter helper",
    ),
    ("export const onRequest = (context) => context.env.API.fetch(1)", "a Pages Function"),
    ("export const onRequestGet = async ({ env, request }) => env.API.fetch(1)", "the same"),
    (
        "export default defineEventHandler((event) => event.context.cloudflare.env.API.fetch(1))",
        "Nuxt",
    ),
    ("export const load = ({ platform }) => platform.env.API.fetch(1)", "SvelteKit"),
    ("export const GET = (event) => event.platform?.env?.API.fetch(1)", "SvelteKit, optional"),
    ("export const GET = ({ locals }) => locals.runtime.env.API.fetch(1)", "Astro"),
    ("export const loader = ({ context }) => context.cloudflare.env.API.fetch(1)", "Remix"),
    (
        "import { getCloudflareContext } from '@opennextjs/cloudflare';"
        "export const GET = () => getCloudflareContext().env.API.fetch(1)",
        "OpenNext",
    ),
    (
        "import { getCloudflareContext } from '@opennextjs/cloudflare'; export async function GET()"
        " { return (await getCloudflareContext({ async: true })).env.API.fetch(1); }",
        "OpenNext, awaited",
    ),
    (
        "export async function GET() { const { env } = await getCloudflareContext({ async: true });"
        " return env.API.fetch(1); }",
        "OpenNext, awaited and destructured",
    ),
    ("export const GET = () => getRequestContext().env.API.fetch(1)", "next-on-pages"),
    ("import { env } from 'cloudflare:workers'; env.API.fetch(1)", "the runtime's module"),
    ("import { env as vars } from 'cloudflare:workers'; vars.API.fetch(1)", "the same, renamed"),
    ("import * as cf from 'cloudflare:workers'; cf.env.API.fetch(1)", "its namespace"),
    ("const cf = require('cloudflare:workers'); cf.env.API.fetch(1)", "required"),
    (
        "const { env } = await import('cloudflare:workers'); env.API.fetch(1)",
        "imported where it is used",
    ),
    ("export class A extends McpAgent { constructor(c, v) { v.API.fetch(1); } }", "an agent"),
    (
        "import { AutoRouter } from 'itty-router'; const router = AutoRouter();"
        "router.get('/', (req, vars) => vars.API.fetch(req)); export default router;",
        "the parameter of a function that a package's object is given",
    ),
    (
        "import { wrap } from 'wrap';"
        "export default { fetch: wrap(async (req, { API }) => API.fetch(req)) };",
        "the parameter of a function that a package is given, destructured",
    ),
    (
        "class Config { env = build(); m() { return this.env.API.fetch(1); } } new Config().m()",
        "a field that may be the environment",
    ),
    ("const o = { env: build() }; o.env.API.fetch(1)", "the same in an object"),
    (
        "export default { fetch(r, e) { globalThis.env = e; go(); } };"
        "const go = () => globalThis.env.API.fetch(1);",
        "a global that the program sets",
    ),
    (handler("env['API'].fetch(request)"), "brackets"),
    (handler("env[`API`].fetch(request)"), "brackets and a template"),
    (handler("env?.API?.fetch(request)"), "optional chaining"),
    (handler("env.API.fetch?.(request)"), "an optional call"),
    (handler("(env as any).API.fetch(request)"), "a cast of env"),
    (handler("(env.API as unknown as Fetcher).fetch(request)"), "casts of the binding"),
    (handler("(<Fetcher>env.API).fetch(request)"), "the old form of a cast"),
    (handler("env.API!.fetch(request)"), "an assertion"),
    (handler("((env.API)).fetch(request)"), "parentheses"),
    (handler("(env.API satisfies Fetcher).fetch(request)"), "satisfies"),
    (handler("env.API['fetch'](request)"), "a method in brackets"),
    (handler("(request.x ? env.API : other).fetch(request)"), "one side of a choice"),
    (handler("(env.API ?? fallback).fetch(request)"), "a fallback"),
    (handler("(request, env.API).fetch(request)"), "a comma"),
    (handler("Reflect.get(env, 'API').fetch(request)"), "reflection"),
    (handler("const e = env; e.API.fetch(request)"), "an alias of env"),
    (handler("const e = { ...env, more: 1 }; e.API.fetch(request)"), "a copy of env"),
    (handler("let e; e = env; e.API.fetch(request)"), "an assignment"),
    (handler("const { API } = env; API.fetch(request)"), "destructured"),
    (handler("const { API: api } = env; api.fetch(request)"), "destructured and renamed"),
    (handler("const { 'API': api } = env; api.fetch(request)"), "a quoted key"),
    (handler("const { OTHER, ...rest } = env; rest.API.fetch(request)"), "what is left of env"),
    (handler("let API; ({ API } = env); API.fetch(request)"), "an assignment to a pattern"),
    (handler("const api = env.API; api.fetch(request)"), "an alias of the binding"),
    (handler("const a = env.API, b = a; b.fetch(request)"), "an alias of an alias"),
    (handler("const api = env.API; const go = () => api.fetch(request); go()"), "a closure"),
    (handler("const o = { api: env.API }; o.api.fetch(request)"), "an object"),
    (handler("const o = { env }; o.env.API.fetch(request)"), "env in an object"),
    (handler("const { API } = env; const o = { API }; o.API.fetch(request)"), "a shorthand"),
    (handler("const o = { a: { b: env.API } }; o.a.b.fetch(request)"), "an object in an object"),
    (handler("const o = {}; o.api = env.API; o.api.fetch(request)"), "a property set later"),
    (handler("const o = { api: env.API }; o[request.x].fetch(request)"), "a computed property"),
    (handler("const { api } = { api: env.API }; api.fetch(request)"), "out of an object at once"),
    (handler("for (const api of [env.API]) api.fetch(request)"), "a loop"),
    (handler("const [api] = [env.API]; api.fetch(request)"), "an array's pattern"),
    (handler("[env.API].map((api) => api.fetch(request))"), "an array's method"),
    (handler("[{ s: env.API }].filter(Boolean).forEach(({ s }) => s.fetch(request))"), "both"),
    (handler("[env.API].find((api) => api)?.fetch(request)"), "an element that is found"),
    (
        handler("for (const [name, s] of Object.entries({ a: env.API })) s.fetch(name)"),
        "an object's entries",
    ),
    (handler("for (const s of Object.values({ a: env.API })) s.fetch(1)"), "an object's values"),
    (
        handler("call(env.API, request)") + "function call(api, x) { return api.fetch(x); }",
        "an argument to a function",
    ),
    (
        handler("call(request, env)") + "const call = (x, vars) => vars.API.fetch(x);",
        "the whole environment to a function, whatever its parameter is called",
    ),
    (
        handler("call({ api: env.API })") + "function call({ api }) { return api.fetch(1); }",
        "an object to a function",
    ),
    (
        handler("new Client(env.API).go()")
        + "class Client { constructor(api) { this.api = api; } go() { this.api.fetch(1); } }",
        "an argument to a class, kept in a field",
    ),
    (
        handler("new Client(env).go()")
        + "class Client { constructor(private vars) {} go() { return this.vars.API.fetch(1); } }",
        "a parameter that is a field",
    ),
    (
        handler("new Client(env).go()")
        + "class Client { #a; constructor(v) { this.#a = v.API; } go() { this.#a.fetch(1); } }",
        "a private field",
    ),
    (
        "class Base { constructor(e) { this.e = e; } }"
        "class Derived extends Base { go() { return this.e.API.fetch(1); } }"
        + handler("new Derived(env).go()"),
        "a field of a base class",
    ),
    (
        "class Client { constructor(private readonly vars: Env) {}"
        " go() { const { vars } = this; return vars.API.fetch(1); } } export { Client }",
        "a typed field",
    ),
    (
        "class Client { vars: Env; go() { return this.vars.API.fetch(1); } } export { Client }",
        "a typed field that is declared",
    ),
    (
        "export class A extends WorkerEntrypoint { a = this.env.API; m() { this.a.fetch(1); } }",
        "a field that is given its value where it is declared",
    ),
    (
        "export class A extends WorkerEntrypoint { private get api() { return this.env.API; }"
        " m() { return this.api.fetch(1); } }",
        "a getter",
    ),
    (
        "export class A extends WorkerEntrypoint { #api() { return this.env.API; }"
        " m() { return this.#api().fetch(1); } }",
        "a method that gives the binding",
    ),
    (
        handler("api(env).fetch(request)") + "function api(vars) { return vars.API; }",
        "a function that gives the binding",
    ),
    (
        handler("(await api(env)).fetch(request)") + "const api = async (vars) => vars.API;",
        "an async function that gives the binding",
    ),
    (
        handler("(await api<Fetcher>(env)).fetch(request)")
        + "async function api<T>(vars) { return vars.API; }",
        "the grammar takes await f<T>() for a call of await f",
    ),
    (
        handler("services(env).api.fetch(request)")
        + "function services(vars) { return { api: vars.API }; }",
        "a function that gives an object",
    ),
    (
        "const env = { ...process.env, ...ctx.env }; env.API.fetch(1)",
        "what is spread into an object called env",
    ),
    (
        "addEventListener('fetch', (event) => event.respondWith(API.fetch(event.request)))",
        "bindings are globals in the service worker format",
    ),
    (
        "self.addEventListener('fetch', (event) => event.respondWith(API.fetch(event.request)))",
        "the same, listening through the global object",
    ),
    (
        "globalThis.addEventListener('scheduled', (event) => event.waitUntil(API.fetch(1)))",
        "another name of the global object, another event",
    ),
]


@pytest.mark.parametrize(("source", "why"), REACHED)
def test_reaches_the_environment(read, source, why):
    found = read(source)
    assert [use for use in uses(found) if not use.endswith("compared")] == ["API fetch"], why
    assert not found.open, why


# No case has a use.
NOT_REACHED = [
    ("process.env.API.fetch(1)", "the process's environment"),
    ("const { env } = process; env.API.fetch(1)", "the same, destructured"),
    ("import process from 'node:process'; process.env.API.fetch(1)", "the same, imported"),
    ("import { env } from 'node:process'; env.API.fetch(1)", "the same, its name imported"),
    ("import.meta.env.API.fetch(1)", "the bundler's environment"),
    ("const { API } = import.meta.env; API.fetch(1)", "the same, destructured"),
    ("Deno.env.API.fetch(1)", "another runtime's environment"),
    ("Bun.env.API.fetch(1)", "another runtime's environment"),
    ("const env = process.env; env.API.fetch(1)", "a variable called env that is not it"),
    ("import { loadEnv } from 'vite'; const env = loadEnv(); env.API.fetch(1)", "a package's"),
    ("const env = { API: { fetch() {} } }; env.API.fetch(1)", "an object that is written out"),
    ("const env = 'production'; env.API.fetch(1)", "a string"),
    ("import { env } from '$env/dynamic/private'; env.API.fetch(1)", "a module of another kind"),
    (
        handler("{ const env = { API: other }; env.API.fetch(request); }"),
        "the parameter is shadowed in a block",
    ),
    (handler("((env: string) => env.API.fetch())('x')"), "shadowed by a parameter of another type"),
    ("export function f(env: NodeJS.ProcessEnv) { env.API.fetch(1); }", "another type"),
    ("export function f(env: Record<string, string | undefined>) { env.API.fetch(1); }", "strings"),
    ("export function f(env: 'dev' | 'prod') { env.API.fetch(1); }", "a union of literals"),
    ("export function f(e: Environ) { e.API.fetch(1); }", "a type of another name"),
    ("export function f(e: Context<Env>) { e.API.fetch(1); }", "a type that only holds Env"),
    ("export function f(e: ImportMetaEnv) { e.API.fetch(1); }", "the bundler's type"),
    ("export function f({ API }: Services) { API.fetch(1); }", "a pattern of another type"),
    ("export function f({ options: { API } }) { API.fetch(1); }", "a pattern under another key"),
    ("const o = { fetch(url, init) { init.API.fetch(url); } }; o", "not what is exported"),
    ("export default { handle(req, e) { e.API.fetch(req); } }", "no handler's name"),
    ("export default { fetch(...a) { a[0].API.fetch(a[2]); } }", "the first of all arguments"),
    (
        "export default { fetch() { function f() { arguments[1].API.fetch(1); } f(); } }",
        "the arguments of another function",
    ),
    ("export default { handle(...a) { a[1].API.fetch(1); } }", "all arguments of no handler"),
    (
        "import { wrap } from 'wrap'; wrap((vars) => { vars.NEW.fetch('API'); })",
        "what a package gives to a function is no environment for certain",
    ),
    (
        "wrap((vars) => vars.API.fetch(1)); function wrap(f) { f({}); }",
        "a function of the program gives something to a function",
    ),
    (
        "import { wrap } from 'wrap'; wrap((vars) => vars.x.API.fetch(1))",
        "a property of what a package gives to a function",
    ),
    (
        "class Config { env = { API: { x() {} } }; m() { return this.env.API.x(); } }"
        "new Config().m()",
        "a field that is written out",
    ),
    ("const o = { env: { API: { fetch() {} } } }; o.env.API.fetch()", "the same in an object"),
    ("globalThis.env.API.fetch(1)", "a global that nothing sets"),
    ("export default { fetch(e) { e.API.fetch(); } }", "the first parameter"),
    ("export class A { constructor(state, e) { e.API.fetch(); } }", "not the runtime's class"),
    ("export class A extends WorkerEntrypoint { m() { this.vars.API.fetch(1); } }", "not env"),
    ("app.get('/', (c) => c.environment.API.fetch(1))", "not env"),
    (handler("const env2 = { API: 1 }; env2.API.fetch(request)"), "another variable"),
    (handler("const API = other; API.fetch(request)"), "a name alone"),
    (handler("other.API.fetch(request)"), "a property of something else"),
    (handler("x({ API: fetch })"), "a key of an object"),
    (handler("type T = typeof env.API; const s = 'env.API.fetch()'"), "a type and a string"),
    (handler("/* env.API.fetch(1) */ // env.API.fetch(1)"), "comments"),
    ("interface Env { API: Fetcher } declare const API: Fetcher;", "declarations"),
    ("API.fetch(1); export default {}", "globals are bindings in the old format alone"),
    ("addEventListener('fetch', () => {}); const API = x; API.fetch(1)", "no global"),
    ("socket.addEventListener('fetch', () => API.fetch(1))", "something else is listened to"),
    ("self.addEventListener('unload', () => API.fetch(1))", "no event of a Worker"),
    ("const self = x; self.addEventListener('fetch', () => API.fetch(1))", "no global object"),
    (handler("env.API = mock"), "writing is no use"),
    (handler("const { API } = env;"), "taking it out alone is no use"),
    (handler("let e = env; e = other"), "an alias that nothing uses"),
    (handler("call(env.API)") + "function call(other) { other2.fetch(1); }", "never used there"),
    (handler("const f = (API) => API.fetch(1); f(other)"), "a parameter of the binding's name"),
    (handler("const { x: { API } } = other; API.fetch(1)"), "out of something else"),
    (handler("for (const env of ['a']) env.API.fetch(1)"), "a loop over strings"),
    ("export const f = ({ env }: { env: string }) => env.API.fetch(1)", "a typed key"),
]


@pytest.mark.parametrize(("source", "why"), NOT_REACHED)
def test_near_misses(read, source, why):
    found = read(source)
    assert uses(found) == [], why
    assert not found.open, why


# What is done with env.API in a handler, and the uses that this is.
CLASSIFIED = [
    ("env.API.fetch('https://api/x')", ["API fetch https://api/x"], "a constant URL"),
    ("env.API.fetch(`/x`)", ["API fetch /x"], "a template without substitutions"),
    ("env.API.fetch(`/x/${id}`)", ["API fetch"], "a substitution is no constant"),
    ("env.API.fetch('/a' + id)", ["API fetch"], "a sum is no constant"),
    ("env.API.fetch('https://x/' + 'y')", ["API fetch https://x/y"], "a sum of constants"),
    ("const B = 'https://x'; env.API.fetch(B + '/p')", ["API fetch https://x/p"], "by a name"),
    ("const B = '/x'; env.API.fetch(`${B}/p`)", ["API fetch /x/p"], "a template of constants"),
    ("let B = '/x'; B = x; env.API.fetch(`${B}/p`)", ["API fetch"], "a template of a variable"),
    ("env.API.fetch(new URL('/p', 'https://x'))", ["API fetch https://x/p"], "a URL object"),
    ("env.API.fetch(new URL(p, 'https://x'))", ["API fetch"], "a URL object of unknown path"),
    ("env.API.fetch(new URL('/p', request.url))", ["API fetch"], "a URL object of unknown base"),
    ("env.API.fetch('/\\u0061')", ["API fetch /a"], "escapes are read"),
    ("const u = '/x'; env.API.fetch(u)", ["API fetch /x"], "a constant"),
    ("let u = '/x'; u = y; env.API.fetch(u)", ["API fetch"], "a variable is no constant"),
    ("env.API.fetch(new Request('/x', request))", ["API fetch /x"], "the URL of a request"),
    ("env.API.fetch(new Request(request))", ["API fetch"], "a request of unknown URL"),
    ("env.API.fetch()", ["API fetch"], "no argument"),
    ("env.API.connect('a:1')", ["API connect"], "a socket"),
    ("env.API.get(1, 'b')", ["API rpc get/2"], "RPC"),
    ("env.API.get()", ["API rpc get/0"], "RPC without arguments"),
    ("env.API.get(/* none */)", ["API rpc get/0"], "a comment is no argument"),
    ("env.API.get(...list)", ["API rpc get/?"], "a spread argument"),
    ("env.API.get(1, ...list)", ["API rpc get/?"], "a spread argument after another"),
    ("env.API.get?.(1)", ["API rpc get/1"], "an optional call"),
    ("env.API?.get(1)", ["API compared", "API rpc get/1"], "?. asks whether it is there"),
    ("env?.API.get(1)", ["API rpc get/1"], "?. asks for the environment alone"),
    ("const { get } = env.API ?? {}; get(1)", ["API compared", "API rpc get/1"], "so does ??"),
    ("(env.API || x).fetch(1)", ["API compared", "API fetch"], "and ||"),
    ("(x || env.API).fetch(1)", ["API fetch"], "the side of || that stands in"),
    ("const { API = x } = env; API.fetch(1)", ["API compared", "API fetch"], "and a default"),
    ("env.API['get'](1)", ["API rpc get/1"], "brackets"),
    ("env.API.get(1).then((x) => x.fetch(2))", ["API rpc get/1"], "what RPC gives is not followed"),
    ("(await env.API.get<T>(1)).more()", ["API rpc get/1"], "an awaited result"),
    ("await env.API.get<T>(1)", ["API rpc get/1"], "the grammar takes this for a call of await"),
    ("using x = env.API.get(1)", ["API rpc get/1"], "a result that is disposed of"),
    ("await using x = await env.API.get(1)", ["API rpc get/1"], "the same, asynchronously"),
    ("env.API.users.get(1)", ["API rpc users/?"], "a call of a property of a property"),
    ("env.API.users.all.get(1)", ["API rpc users/?"], "the same, deeper"),
    (
        "const id = env.API.idFromName('a'); env.API.get(id)",
        ["API rpc idFromName/1", "API rpc get/1"],
        "a namespace",
    ),
    ("return env.API.fetch(request)", ["API fetch"], "a result that is returned"),
    ("Promise.all([env.API.fetch(1)])", ["API fetch"], "a call among others"),
    ("const f = env.API.fetch; f(1)", ["API fetch"], "a method without its object"),
    ("const { fetch } = env.API; fetch(1)", ["API fetch"], "a method that is taken out"),
    ("const { API: { fetch } } = env; fetch(1)", ["API fetch"], "the same, at once"),
    ("const f = env.API.fetch; x(f)", ["API passed on"], "a method that something else gets"),
    ("const f = env.API.fetch; if (f) {}", ["API compared"], "a method that is not called"),
    ("const [f] = env.API.list; f(1)", ["API passed on"], "an element of a property"),
    ("env.API.fetch.call(env.API, '/x')", ["API fetch /x"], "a call in another way"),
    ("env.API.get.call(env.API, 1, 2)", ["API rpc get/2"], "its arguments but the first"),
    ("env.API.get.apply(env.API, [1, 2])", ["API rpc get/2"], "an array of arguments"),
    ("env.API.get.apply(env.API, list)", ["API rpc get/?"], "an unknown array"),
    ("env.API.fetch.bind(env.API)('/x')", ["API fetch /x"], "a bound method that is called"),
    ("x(env.API.fetch.bind(env.API))", ["API passed on"], "a bound method that is not"),
    ("env.API.get.bind(env.API, 1)(2)", ["API passed on"], "a bound argument"),
    ("Reflect.apply(env.API.get, env.API, [1, 2])", ["API rpc get/2"], "reflection"),
    ("Reflect.apply(x.get, env.API, [1, 2])", ["API passed on"], "something else's method"),
    ("x.get.call(env.API, 1)", ["API passed on"], "the same, without reflection"),
    ("env.API.call(env.AUTH)", ["API rpc call/1", "AUTH passed on"], "a method called call"),
    ("x(env.API.fetch)", ["API passed on"], "a method as an argument"),
    ("const v = await env.API.version", ["API rpc version/?"], "a property that is read"),
    ("await env.API.version;", ["API rpc version/?"], "the same, for nothing"),
    ("await (env.API.version)", ["API rpc version/?"], "the same, in parentheses"),
    ("await env.API", ["API compared"], "no property"),
    ("await env.API[name]", ["API passed on"], "a property whose name is not known"),
    ("env.API[method](1)", ["API passed on"], "a method whose name is not known"),
    ("external(env.API)", ["API passed on"], "an argument to something unknown"),
    ("new External(env.API)", ["API passed on"], "an argument to an unknown class"),
    ("external({ deep: { api: env.API } })", ["API passed on"], "in an object"),
    ("external([env.API])", ["API passed on"], "in an array"),
    ("external(...[env.API])", ["API passed on"], "spread"),
    ("Promise.all([env.API])", ["API passed on"], "an element of an array"),
    ("return env.API", ["API passed on"], "returned by a handler"),
    ("c.set('api', env.API)", ["API passed on"], "stored in something unknown"),
    ("globalThis.api = env.API", ["API passed on"], "stored where all can read it"),
    ("list[0] = env.API", ["API passed on"], "stored under a computed name"),
    ("const { x = env.API } = o; x.fetch(1)", ["API fetch"], "a default"),
    ("throw env.API", ["API passed on"], "thrown"),
    ("`${env.API}`", ["API passed on"], "in a string"),
    ("env.API()", ["API passed on"], "called itself"),
    ("this.api = env.API", ["API passed on"], "a property of an object that is not known"),
    ("if (env.API) {}", ["API compared"], "a condition"),
    ("if (!env.API) {}", ["API compared"], "a negation"),
    ("if (env.API === undefined) {}", ["API compared"], "a comparison"),
    ("if (undefined != env.API) {}", ["API compared"], "a comparison the other way round"),
    ("typeof env.API", ["API compared"], "its type"),
    ("typeof env.API.fetch === 'function'", ["API compared"], "a method's type"),
    ("'API' in env", ["API compared"], "whether there is one"),
    ("Object.hasOwn(env, 'API')", ["API compared"], "the same, in another way"),
    ("Reflect.has(env, 'API')", ["API compared"], "the same, in another way"),
    ("env.API instanceof Fetcher", ["API compared"], "its class"),
    ("env.API && x()", ["API compared"], "the side of && that is tested"),
    ("x && env.API.fetch(1)", ["API fetch"], "the side of && that is a value"),
    ("env.API ? 1 : 2", ["API compared"], "the condition of a choice"),
    ("while (env.API) {}", ["API compared"], "the condition of a loop"),
    ("switch (env.API) {}", ["API compared"], "a switch"),
    ("env.API", ["API compared"], "evaluated for nothing"),
    ("Boolean(env.API)", ["API passed on"], "a function is not known to look only"),
    ("env.NEW.fetch(1)", ["NEW fetch"], "a binding that is not declared"),
    ("const { NEW } = env; NEW.get(1)", ["NEW rpc get/1"], "the same, destructured"),
    ("env.VALUE.split(',')", ["VALUE rpc split/1"], "a variable looks the same"),
    ("env.hasOwnProperty('API')", ["API compared"], "a method of all objects that asks for one"),
    ("env.hasOwnProperty(name); env.toString()", [], "methods that all objects have"),
    ("Object.keys(env).includes('API')", ["API compared"], "its name is looked for among all"),
    ("console.log(env); JSON.stringify(env)", [], "what makes text of it all"),
    ("env.API = env.AUTH", ["AUTH passed on"], "one written to the other"),
    ("env.NEW = make(); env.NEW.get(1)", [], "a property that the program sets itself"),
    ("env.NEW ??= make(); env.NEW.get(1)", [], "the same, where there is none"),
    ("go({ ...env, NEW: x }); env.NEW.get(1)", [], "an environment with more in it"),
    ("go({ ...env, NEW }); env.NEW.get(1)", [], "the same, in short"),
    ("go({ ...env, NEW() {} }); env.NEW.get(1)", [], "the same, as a method"),
    ("go({ NEW: x }); env.NEW.get(1)", ["NEW rpc get/1"], "an object that is no environment"),
    ("env.API = make(); env.API.get(1)", ["API rpc get/1"], "a binding that is declared stays one"),
    ("other.NEW = make(); env.NEW.get(1)", ["NEW rpc get/1"], "a property of something else"),
]


@pytest.mark.parametrize(("body", "expected", "why"), CLASSIFIED)
def test_classifies_uses(read, body, expected, why):
    found = uses(read(handler(body)))
    assert sorted(found) == sorted(expected), why


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("function f(env) {} function g(x) { x.env.NEW.fetch(1); }", "a property of anything"),
        ("const env = build(); env.NEW.fetch(1); function build() { return x; }", "unknown origin"),
        ("list.map((env) => env.NEW.fetch(1))", "the parameter of a callback"),
        ("export const f = ({ env }: Options) => env.NEW.fetch(1)", "a type that is not known"),
        ("export function f(env: Settings) { env.NEW.fetch(1); }", "another type's name"),
    ],
)
def test_only_declared_names_count_where_env_may_be_something_else(read, source, why):
    assert uses(read(source)) == [], why
    assert uses(read(source.replace("NEW", "API"))) == ["API fetch"], why


OPEN = [
    ("env[name]", "the whole environment is read under a computed name", "a variable name"),
    ("env[request.x].fetch(1)", "the whole environment is read under a computed name", "the same"),
    ("const { [name]: x } = env", "the whole environment is read under a computed name", "pattern"),
    ("Object.keys(env)", "the whole environment is passed to Object.keys", "all names"),
    ("Object.entries(env)", "the whole environment is passed to Object.entries", "all bindings"),
    ("Object.values(env)", "the whole environment is passed to Object.values", "all bindings"),
    ("Object.assign({}, env)", "the whole environment is passed to Object.assign", "a copy"),
    ("for (const name in env) x(name)", "the whole environment is looped over", "a loop"),
    ("external(env)", "the whole environment is passed to external", "an unknown function"),
    ("x.external(env)", "the whole environment is passed to x.external", "an unknown method"),
    ("new External(env)", "the whole environment is passed to External", "an unknown class"),
    ("external({ ...env })", "the whole environment is passed to external", "a copy"),
    ("external({ vars: env })", "the whole environment is passed to external", "in an object"),
    ("external([env])", "the whole environment is passed to external", "in an array"),
    ("external(...[0, env])", "the whole environment is spread", "among other arguments"),
    ("return env", "the whole environment is returned", "returned by a handler"),
    ("globalThis.vars = env", "the whole environment is stored where it cannot be followed", ""),
    ("Reflect.get(env, name)", "the whole environment is passed to Reflect.get", "reflection"),
    (
        "createRequestHandler(build)(request, env)",
        "the whole environment is passed to createRequestHandler(build)",
        "a package's handler",
    ),
]


@pytest.mark.parametrize(("body", "reason", "why"), OPEN)
def test_says_why_there_may_be_more(read, body, reason, why):
    found = read(handler(body))
    assert reasons(found) == [reason], why
    assert found.open[0].location is not None


CLOSED = [
    ("app.fetch(request, env, ctx)", "a router gives it back as c.env"),
    ("other.scheduled(event, env, ctx)", "another handler"),
    ("app.request('/x', {}, env)", "the same in Hono's words"),
    ("external({ env })", "whoever gets it reads .env, and that is recognised"),
    ("external({ cloudflare: { env, ctx } })", "the same, deeper"),
    ("x.env = env", "the same, set later"),
    ("local(env); function local(env) {}", "a function of the program"),
    ("local(env); function local({ API }) {}", "a function that takes something out"),
    ("local(env); const local = (e) => {}", "an arrow"),
    ("new Local(env); class Local { constructor(e) {} }", "a class of the program"),
    ("(async (e) => {})(env)", "a function that is called at once"),
    ("if (env) {}", "a condition"),
    ("const cache = new WeakMap(); cache.get(env); cache.set(env, 1)", "a key of a weak map"),
    ("x[env.API]", "a name that is read from it"),
    ("env['API'].x()", "a constant name"),
    ("external(process.env)", "another environment"),
    ("external(import.meta.env)", "another environment"),
    ("const { env } = await spawn({ env: process.env }); external(x.env)", "not certain to be it"),
]


@pytest.mark.parametrize(("body", "why"), CLOSED)
def test_knows_that_there_is_no_more(read, body, why):
    assert reasons(read(handler(body))) == [], why


NAMES = [
    ("const name = 'API'; env[name].fetch(1)", "a constant"),
    ("for (const name of ['API']) env[name].fetch(1)", "a loop over an array"),
    ("for (const name of NAMES) env[name].fetch(1)", "a loop over a constant array"),
    ("NAMES.forEach((name) => env[name].fetch(1))", "an array's method"),
    ("await Promise.all(NAMES.map(async name => env[name].fetch(1)))", "the same, awaited"),
    ("for (const { binding } of ROUTES) env[binding].fetch(1)", "a loop over objects"),
    ("for (const route of ROUTES) env[route.binding].fetch(1)", "the same, undestructured"),
    ("for (const { binding: b } of ROUTES) env[b].fetch(1)", "the same, renamed"),
    ("env[ROUTES[x].binding].fetch(1)", "an element of an array of objects"),
    ("env[TABLE[x]].fetch(1)", "a value of an object"),
    ("env[TABLE.a].fetch(1)", "a property of an object"),
    ("env[x ? 'API' : 'API'].fetch(1)", "a choice"),
    ("env[pick('x')].fetch(1)", "what a function gives"),
    ("call('API'); function call(name) { env[name].fetch(1); }", "what all calls pass"),
    ("x(call); function call(name: 'API') { env[name].fetch(1); }", "a type of literals"),
    ("x(call); function call(name: Name) { env[name].fetch(1); }", "an alias of such a type"),
    ("env[`AP${x}`].fetch(1)", "a template that starts as one declared binding does"),
    ("const name = `AP${x}`; env[name].fetch(1)", "the same, by a name"),
]


@pytest.mark.parametrize(("body", "why"), NAMES)
def test_reads_names_that_are_spelled_out(read, body, why):
    constants = (
        "const NAMES = ['API'] as const; const ROUTES = [{ path: '/', binding: 'API' }];"
        "const TABLE = { a: 'API' }; type Name = 'API';"
        "const pick = (x) => { if (x) return 'API'; return TABLE.a; };"
    )
    found = read(constants + handler(body))
    assert "API fetch" in uses(found), why
    assert not found.open, why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("let name = 'API'; name = x; env[name].fetch(1)", "a variable"),
        ("for (const name of ['API', x]) env[name].fetch(1)", "an element is unknown"),
        ("for (const name of [...list, 'API']) env[name].fetch(1)", "elements are spread"),
        ("for (const name in { API: 1 }) env[name].fetch(1)", "the keys of an object"),
        ("list.map((name) => env[name].fetch(1))", "an unknown array"),
        ("['API'].reduce((name) => env[name].fetch(1))", "not an element"),
        ("['API'].map((x, name) => env[name].fetch(1))", "not an element"),
        ("call('API', env); call(x, env); function call(n, env) { env[n].get(1); }", "one call"),
        ("f(call); call('API'); function call(n) { env[n].get(1); }", "calls that are unseen"),
        ("f('API'); function f(name: string) { env[name].get(1); } x(f)", "any string"),
        ("env[x ? 'API' : y].fetch(1)", "one side of a choice"),
        ("env[`${x}API`].fetch(1)", "a template's start is unknown"),
    ],
)
def test_does_not_guess_names(read, body, why):
    assert reasons(read(handler(body))) == [
        "the whole environment is read under a computed name"
    ], why


MODULES = [
    (
        "import { call } from './b'; addEventListener('fetch', (e) => e.respondWith(call(e)));",
        {"b.ts": "export const call = (e) => API.fetch(e.request);"},
        ["API fetch"],
        "bindings are globals in all modules of a service worker",
    ),
    (
        "import { call } from './b'; addEventListener('message', (e) => call(e));",
        {"b.ts": "export const call = (e) => API.fetch(e.request);"},
        [],
        "but in no other module",
    ),
    (
        "import { api } from './b'; " + handler("api.get(1)"),
        {"b.ts": "import { env } from 'cloudflare:workers'; export const api = env.API;"},
        ["API rpc get/1"],
        "a binding that another module exports",
    ),
    (
        "import api from './b'; " + handler("api.get(1)"),
        {"b.ts": "import { env } from 'cloudflare:workers'; export default env.API;"},
        ["API rpc get/1"],
        "as its default export",
    ),
    (
        "import api from './b'; " + handler("api.get(1)"),
        {
            "b.ts": "import { env } from 'cloudflare:workers';"
            "const api = env.API; export default api;"
        },
        ["API rpc get/1"],
        "as its default export, by a name",
    ),
    (
        "import * as b from './b'; " + handler("b.api.get(1)"),
        {"b.ts": "import { env } from 'cloudflare:workers'; export const api = env.API;"},
        ["API rpc get/1"],
        "through its namespace",
    ),
    (
        "import { vars } from './b'; " + handler("vars.API.get(1)"),
        {"b.ts": "export { env as vars } from 'cloudflare:workers';"},
        ["API rpc get/1"],
        "the environment, passed on under another name",
    ),
    (
        "import { vars } from './b'; " + handler("vars.API.get(1)"),
        {"b.ts": "export * from './c'; export * from './d';", "c.ts": "", "d.ts": ""}
        | {"d.ts": "import { env } from 'cloudflare:workers'; export const vars = env;"},
        ["API rpc get/1"],
        "over export *",
    ),
    (
        "import { call as go } from './b'; " + handler("go(env)"),
        {"b.ts": "export function call(e) { return e.API.get(1); }"},
        ["API rpc get/1"],
        "the environment to a function of another module",
    ),
    (
        "import go from './b'; " + handler("go(env.API)"),
        {"b.ts": "export default (api) => api.get(1);"},
        ["API rpc get/1"],
        "a binding to a default export",
    ),
    (
        "import * as b from './b'; " + handler("b.go(env.API)"),
        {"b.ts": "export { call as go } from './c';", "c.ts": "export const call = a => a.get(1)"},
        ["API rpc get/1"],
        "to a member of a namespace, over a re-export",
    ),
    (
        handler("const { go } = await import('./b'); go(env.API)"),
        {"b.ts": "export const go = (api) => api.get(1);"},
        ["API rpc get/1"],
        "to a function of a module that is imported there",
    ),
    (
        handler("const b = await import('./b'); b.go(env.API)"),
        {"b.ts": "export const go = (api) => api.get(1);"},
        ["API rpc get/1"],
        "to its namespace",
    ),
    (
        "import { Client } from './b'; " + handler("new Client(env.API).go()"),
        {"b.ts": "export class Client { constructor(a) { this.a = a; } go() { this.a.get(1); } }"},
        ["API rpc get/1"],
        "to a class",
    ),
    (
        "import { Base } from './b';"
        "class Client extends Base { go() { this.a.get(1); } }" + handler("new Client(env.API)"),
        {"b.ts": "export class Base { constructor(a) { this.a = a; } }"},
        ["API rpc get/1"],
        "to a class whose base class is elsewhere",
    ),
    (
        "import { api } from './b'; " + handler("api(env).get(1)"),
        {"b.ts": "export const api = (e) => e.API;"},
        ["API rpc get/1"],
        "what a function of another module gives",
    ),
    (
        "import { routes } from './b'; " + handler("for (const r of routes) r.run(env)"),
        {"b.ts": "export const routes = [{ run: (e) => e.API.get(1) }];"},
        ["API rpc get/1"],
        "to a function of an array of objects",
    ),
    (
        "import { table } from './b'; " + handler("table[request.x](env)"),
        {"b.ts": "export const table = { a: (e) => e.API.get(1), b: (e) => e.AUTH.get(2) };"},
        ["API rpc get/1", "AUTH rpc get/1"],
        "to the functions of an object",
    ),
    (
        "import { make } from './b'; const service = make(); " + handler("service.run(env)"),
        {"b.ts": "export function make() { return { run(e) { return e.API.get(1); } }; }"},
        ["API rpc get/1"],
        "to a method of an object that a function gives",
    ),
    (
        "import { wrap } from './b'; const run = wrap((e) => e.API.get(1)); " + handler("run(env)"),
        {"b.ts": "export const wrap = (inner) => (vars) => inner(vars);"},
        ["API rpc get/1"],
        "through a function that wraps another",
    ),
    (
        "import handle from './b'; export default { fetch: handle }",
        {"b.ts": "export default async function (request, e) { return e.API.get(1); }"},
        ["API rpc get/1"],
        "a handler from another module",
    ),
    (
        "export { default } from './b'",
        {"b.ts": "export default { fetch(request, e) { return e.API.get(1); } }"},
        ["API rpc get/1"],
        "the default export of another module",
    ),
    (
        "import type { T } from './b'; export default {}",
        {"b.ts": "export const f = (env) => env.API.get(1); export type T = string;"},
        [],
        "a module that only a type comes from does not run",
    ),
    (
        "import 'pkg'; export default {}",
        {"node_modules/pkg/index.js": "exports.f = (env) => env.API.get(1);"},
        [],
        "packages are not entered",
    ),
    (
        "export default {}",
        {"b.ts": "export const f = (env) => env.API.get(1);"},
        [],
        "a module that nothing imports",
    ),
    (
        "import { api } from './b'; " + handler("((api) => api.get(1))(x)"),
        {"b.ts": "import { env } from 'cloudflare:workers'; export const api = env.API;"},
        [],
        "an imported name that is shadowed",
    ),
    (
        "import { api } from './b'; " + handler("api.get(1)"),
        {"b.ts": "export const api = other.API;"},
        [],
        "something else under the binding's name",
    ),
]


@pytest.mark.parametrize(("entry", "files", "expected", "why"), MODULES)
def test_follows_modules(read, entry, files, expected, why):
    found = read(entry, files)
    assert uses(found) == expected, why
    assert not found.open, why


def test_names_where_a_use_stands(read):
    found = read(
        "import { f } from './b';\nf();", {"b.ts": "\n  export const f = (env) => env.API.get(1);"}
    )
    location = found.uses[0].location
    assert (location.path, location.line, location.column) == ("b.ts", 2, 29)
    assert location.span.end - location.span.start == len("env.API.get(1)")


@pytest.mark.parametrize(
    ("argument", "literal"),
    [
        ("'/x'", "'/x'"),
        ("('/x' as string)", "'/x'"),
        ("new Request(`/x`, request)", "`/x`"),
        ("path", None),
        ("request", None),
        ("'/x' + id", None),
    ],
)
def test_names_where_a_url_is_spelled_out(read, argument, literal):
    source = f"const path = '/x'; {handler(f'env.API.fetch({argument})')}"
    location = read(source).uses[0].url_location
    assert (location and source[location.span.start : location.span.end]) == literal


def test_all_modules_of_a_pages_project_are_roots(read):
    files = {
        "functions/a.ts": "export const onRequest = (context) => context.env.API.get(1);",
        "functions/b.ts": "export const onRequest = ({ env }) => env.AUTH.get(1);",
    }
    roots = ("functions/a.ts", "functions/b.ts")
    assert uses(read("", files, roots=roots)) == ["API rpc get/1", "AUTH rpc get/1"]


def test_an_import_that_leads_nowhere_leaves_the_uses_open(read):
    found = read(
        "import { a } from './gone'; import b from 'package'; import type { C } from './no'"
    )
    assert len(found.open) == 1
    assert "gone" in found.open[0].reason
    assert found.open[0].location
    assert found.open[0].location.line == 1


def test_says_once_why_a_module_is_missing(read):
    files = {"b.ts": "import './gone'"}
    assert len(read("import './b'; import './gone'", files).open) == 1


def test_an_alias_of_the_configuration_is_followed(read):
    files = {"shim.ts": "export const f = (env) => env.API.get(1);"}
    found = read("import { f } from 'virtual'; f(x)", files, alias={"virtual": "./shim.ts"})
    assert uses(found) == ["API rpc get/1"]


def test_modules_may_import_each_other_in_a_circle(read):
    files = {
        "b.ts": "import { a } from './index';export const b = (env) => { a(env); env.API.get(1); }",
    }
    entry = "import { b } from './b'; export const a = (env) => { b(env); env.AUTH.get(1); }"
    assert uses(read(entry, files)) == ["API rpc get/1", "AUTH rpc get/1"]


# What stands in index.ts, in b.ts, and whether the use in b.ts can run.
LIVE = [
    ("import { a } from './b'; a();", "export const a = (env) => env.API.get(1);", True, "called"),
    (
        "import { a } from './b'; x(a);",
        "export function a(env) { env.API.get(1); }",
        True,
        "passed",
    ),
    ("export { a } from './b';", "export class a { m(env) { env.API.get(1); } }", True, "exported"),
    ("export * from './b';", "export function a(env) { env.API.get(1); }", True, "all exported"),
    (
        "export * as b from './b';",
        "export function a(env) { env.API.get(1); }",
        True,
        "exported as a namespace",
    ),
    (
        "import * as b from './b'; x(b);",
        "export function a(env) { env.API.get(1); }",
        True,
        "a namespace whose members are not named",
    ),
    (
        "import * as b from './b'; b[x]();",
        "export function a(env) { env.API.get(1); }",
        True,
        "a member that is not known",
    ),
    (
        "import('./b').then((b) => b.a());",
        "export function a(env) { env.API.get(1); }",
        True,
        "a module that is loaded at run time",
    ),
    (
        "const { a } = await import('./b'); a();",
        "export function a(env) { env.API.get(1); }",
        True,
        "a name of such a module",
    ),
    (
        "const f = async () => (await import('./b')).a();",
        "export function a(env) { env.API.get(1); }",
        True,
        "a member of such a module",
    ),
    (
        "import { a } from './b'; a();",
        "export const a = () => c(); const c = () => d; function d(env) { env.API.get(1); }",
        True,
        "reached over two functions",
    ),
    (
        "import './b';",
        "(() => { x.env.API.get(1); })();",
        True,
        "a function that is called at once",
    ),
    ("import './b';", "app.get('/', (c) => c.env.API.get(1));", True, "a callback on loading"),
    ("import './b';", "const app = on((c) => c.env.API.get(1));", True, "the same, with a result"),
    ("import './b';", "const r = [f(x.env.API.get(1))];", True, "an expression on loading"),
    ("import './b';", "export default { fetch(r, e) { e.API.get(1); } };", True, "an expression"),
    ("import { no } from './b';", "export const a = (env) => env.API.get(1);", False, "not used"),
    (
        "import './b';",
        "export function a(env) { env.API.get(1); }",
        False,
        "a module for its effects",
    ),
    ("import './b';", "export class a { m(env) { env.API.get(1); } }", False, "a class"),
    ("import './b';", "export const a = { m(env) { env.API.get(1); } };", False, "an object"),
    ("import './b';", "export const a = [(env) => env.API.get(1)];", False, "an array"),
    (
        "import './b';",
        "export function a(env) { env.API.get(1); a(env); }",
        False,
        "a function that only calls itself",
    ),
    (
        "import './b';",
        "export const a = (env) => { env.API.get(1); b(env); }; const b = (env) => a(env);",
        False,
        "functions that only call each other",
    ),
    (
        "import * as b from './b'; b.c();",
        "export function a(env) { env.API.get(1); } export const c = () => 1;",
        False,
        "another member of a namespace",
    ),
    (
        "const { c } = await import('./b'); c();",
        "export function a(env) { env.API.get(1); } export const c = () => 1;",
        False,
        "another name of a module that is loaded at run time",
    ),
    (
        "import { a } from './b'; let y: typeof a;",
        "export const a = (env) => env.API.get(1);",
        False,
        "type",
    ),
]


@pytest.mark.parametrize(("entry", "module", "live", "why"), LIVE)
def test_leaves_out_what_cannot_run(read, entry, module, live, why):
    found = read(entry, {"b.ts": module})
    assert uses(found) == (["API rpc get/1"] if live else []), why


@pytest.mark.parametrize(
    ("source", "expected", "why"),
    [
        (
            "const build = () => import('virtual:server-build')",
            ["a bundler makes up the module virtual:server-build"],
            "it holds code of the repository",
        ),
        ("import type { Build } from 'virtual:server-build'", [], "types run nothing"),
        ("import { env } from 'cloudflare:workers'", [], "a module of the runtime"),
        ("import fs from 'node:fs'", [], "another one"),
        ("import { Hono } from 'hono'", [], "a package has no code of the repository"),
    ],
)
def test_a_module_that_a_bundler_makes_up_is_a_gap(read, source, expected, why):
    assert reasons(read(source)) == expected, why


def test_what_is_imported_from_an_unknown_module_may_run(read):
    files = {
        "b.ts": "export * from 'package'; export * from './c'; export * from './d';",
        "c.ts": "export const a = (env) => env.API.get(1);",
        "d.ts": "export const a = (env) => env.AUTH.get(1);",
    }
    assert uses(read("import { a } from './b'; a();", files)) == ["API rpc get/1", "AUTH rpc get/1"]


def test_a_fetch_that_cannot_run_is_left_out(read):
    files = {"b.ts": "export const a = () => fetch('https://a.b'); fetch('https://c.d');"}
    assert [fetch.url for fetch in read("import './b'", files).global_fetches] == ["https://c.d"]


def test_what_cannot_run_leaves_nothing_open(read):
    files = {"b.ts": "export const a = (env) => { external(env); const { [x]: y } = env; };"}
    assert reasons(read("import './b'", files)) == []


# What stands in index.ts, and the declared types that are found.
TYPES = [
    ("interface Env { API: Fetcher }", [("API", "Fetcher")], "an interface"),
    ("type Bindings = { API: Fetcher, AUTH?: Service<Auth> }", None, "an object type"),
    ("interface Env { 'API': Fetcher }", [("API", "Fetcher")], "a quoted name"),
    (
        "declare namespace Cloudflare { interface Env { API: Fetcher } }",
        [("API", "Fetcher")],
        "a namespace",
    ),
    ("function f(env: { API: Fetcher }) {}", [("API", "Fetcher")], "a type in place"),
    ("interface Env { OTHER: Fetcher }", [], "a name that is neither declared nor used"),
    (
        "interface Env { NEW: Fetcher } export const f = (env: Env) => env.NEW.fetch(1)",
        [("NEW", "Fetcher")],
        "a name that is used and not declared",
    ),
    ("class Env { API: Fetcher }", [], "a field of a class"),
    ("const x = { API: Fetcher }", [], "an object"),
    ("interface Env { API(): void }", [], "a method"),
]


@pytest.mark.parametrize(("source", "expected", "why"), TYPES)
def test_reads_declared_types(read, source, expected, why):
    found = [(declared.binding, declared.type) for declared in read(source).declared_types]
    assert found == (
        expected if expected is not None else [("API", "Fetcher"), ("AUTH", "Service<Auth>")]
    ), why


def test_tells_optional_types(read):
    found = read("interface Env { API?: Fetcher; AUTH: Fetcher | undefined }").declared_types
    assert [(declared.binding, declared.optional) for declared in found] == [
        ("API", True),
        ("AUTH", False),
    ]


def test_reads_declared_types_of_modules_that_only_types_come_from(read):
    files = {
        "src/index.ts": "import type { Env } from './types'",
        "src/types.ts": "export interface Env { API: Fetcher }",
        "worker-configuration.d.ts": "interface Env { AUTH: Fetcher }",
        "src/other.d.ts": "interface Env { API: Other }",
    }
    found = read("", files, roots=("src/index.ts",)).declared_types
    assert [(declared.binding, declared.location.path) for declared in found] == [
        ("API", "src/types.ts"),
        ("AUTH", "worker-configuration.d.ts"),
    ]


# A call of the global fetch, the URL that is found, and whether it is all of it.
FETCHES = [
    ("fetch('https://a.workers.dev/x')", "https://a.workers.dev/x", True, "a string"),
    ("fetch(`https://a.workers.dev`)", "https://a.workers.dev", True, "a template"),
    ("globalThis.fetch('https://a.b')", "https://a.b", True, "by the global object"),
    ("self.fetch('https://a.b')", "https://a.b", True, "by the worker's scope"),
    ("await fetch<T>('https://a.b')", "https://a.b", True, "with a type argument"),
    ("fetch(('https://a.b' as string)!)", "https://a.b", True, "casts"),
    ("fetch(`https://a.b/${id}/c`)", "https://a.b/", False, "a template with an unknown part"),
    ("fetch(`${BASE}/x`)", "https://a.b/x", True, "a template with a constant part"),
    ("fetch(`\\u0068ttps://a.b`)", "https://a.b", True, "escapes in a template"),
    ("fetch(BASE)", "https://a.b", True, "a constant"),
    ("fetch(BASE + '/x')", "https://a.b/x", True, "a sum"),
    ("fetch(BASE + '/x/' + id + '/y')", "https://a.b/x/", False, "a sum with an unknown part"),
    ("fetch(URLS.api)", "https://u.b", True, "a member of an object"),
    ("fetch(URLS['api'])", "https://u.b", True, "the same in brackets"),
    ("fetch(IMPORTED + '/x')", "https://i.b/x", True, "a constant of another module"),
    ("fetch(constants.IMPORTED)", "https://i.b", True, "the same by its namespace"),
    ("fetch(new URL('https://a.b/x'))", "https://a.b/x", True, "a URL"),
    ("fetch(new URL('/x', BASE))", "https://a.b/x", True, "a URL with a base"),
    ("fetch(new URL('https://c.d/x', BASE))", "https://c.d/x", True, "the base does not matter"),
    ("fetch(new URL(`/x/${id}`, BASE).toString())", "https://a.b/x/", False, "a URL as text"),
    ("fetch(new URL('/x', `${BASE}${id}`))", "https://a.b", False, "a base that is not all known"),
    ("fetch(new URL('/x', BASE).href)", "https://a.b/x", True, "a URL's href"),
    ("const u = new URL('/x', BASE); fetch(u)", "https://a.b/x", True, "a URL with a name"),
    ("fetch(new Request('https://a.b/x', request))", "https://a.b/x", True, "a request"),
    ("const r = new Request(BASE); fetch(r)", "https://a.b", True, "a request with a name"),
    ("fetch(String(BASE))", "https://a.b", True, "a conversion"),
    ("fetch(BASE.replace(/\\/$/, '') + '/x')", "https://a.b/x", True, "no slash at the end"),
    ("fetch(x ? BASE : BASE)", "https://a.b", True, "a choice of the same"),
    ("fetch.call(null, BASE)", "https://a.b", True, "by way of call"),
    ("fetch.call(globalThis, BASE, init)", "https://a.b", True, "the same with a receiver"),
    ("globalThis.fetch.apply(null, [BASE, init])", "https://a.b", True, "by way of apply"),
    ("fetch.bind(globalThis)(BASE)", "https://a.b", True, "bound for this call"),
    ("const f = fetch; f.call(null, BASE)", "https://a.b", True, "another name by way of call"),
    ("fetch([BASE, 'x'].join('/'))", "https://a.b/x", True, "a list that is joined"),
    ("fetch([BASE, 'x', id].join('/'))", "https://a.b/x/", False, "one that ends unknown"),
    ("fetch([BASE + '/x', 'y',].join())", "https://a.b/x,y", True, "joined by a comma"),
    ("fetch([BASE].join(x))", "https://a.b", True, "nothing to join"),
    ("fetch(BASE.concat('/x', '/y'))", "https://a.b/x/y", True, "strings that are joined"),
    ("let u = BASE; fetch(u)", "https://a.b", True, "a variable that is never assigned to"),
    ("let u = BASE; u.x = 1; fetch(u)", "https://a.b", True, "only a property is assigned"),
    ("get(); function get(u = BASE) { fetch(u); }", "https://a.b", True, "a default"),
    (
        "get(x); get(y); function get(x, u = BASE) { fetch(u); }",
        "https://a.b",
        True,
        "of all calls",
    ),
    (
        "get(); get(BASE); function get(u = BASE) { fetch(u); }",
        "https://a.b",
        True,
        "the same given",
    ),
    (
        "class A { constructor(u = BASE) { this.u = u; } m() { fetch(this.u); } } new A().m();",
        "https://a.b",
        True,
        "a default that is kept in a field",
    ),
    ("fetch(BASE || x)", "https://a.b", True, "a fallback that is not needed"),
    (
        "class A { u = 'https://f.b'; m() { fetch(this.u + '/x'); } }",
        "https://f.b/x",
        True,
        "field",
    ),
    (
        "const u = new URL('https://a.b/c'); u.pathname = x; fetch(u)",
        "https://a.b",
        False,
        "the path of a URL is set",
    ),
    (
        "const u = new URL('https://a.b/c?d'); u.search = x; fetch(u.href)",
        "https://a.b/c",
        False,
        "the query of a URL is set",
    ),
    (
        "const u = new URL('https://a.b/c'); u.searchParams.set('d', x); fetch(u)",
        "https://a.b/c",
        False,
        "a parameter of a URL is set",
    ),
    (
        "const u = new URL('https://a.b/c'); x.host = u.host; fetch(u)",
        "https://a.b/c",
        True,
        "a part of a URL is read",
    ),
    (
        "const u = new URL('https://a.b/c'); Object.assign(x, u); fetch(u)",
        "https://a.b/c",
        True,
        "something else is assigned to",
    ),
    ("class A { static U = 'https://s.b'; m() { fetch(A.U); } }", "https://s.b", True, "static"),
    ("get(BASE); function get(u) { fetch(u + '/x'); }", "https://a.b/x", True, "an argument"),
    (
        "get(BASE + '/x'); get(BASE + '/y'); function get(u) { fetch(u); }",
        "https://a.b",
        False,
        "arguments that lead to the same host",
    ),
    (
        "class A { constructor(private u: string) {} m() { fetch(this.u); } } new A(BASE).m();",
        "https://a.b",
        True,
        "a parameter that is a field",
    ),
    (
        "class A { constructor(u) { this.u = u; } m() { fetch(this.u); } } new A(BASE).m();",
        "https://a.b",
        True,
        "a parameter that is kept in a field",
    ),
]


@pytest.mark.parametrize(("source", "url", "complete", "why"), FETCHES)
def test_folds_the_url_of_a_global_fetch(read, source, url, complete, why):
    constants = (
        "import { IMPORTED } from './b'; import * as constants from './b';"
        "const BASE = 'https://a.b'; const URLS = { api: 'https://u.b' };"
    )
    files = {"b.ts": "export const IMPORTED = 'https://i.b';"}
    found = read(f"{constants} async function f() {{ {source} }}", files).global_fetches
    assert [(fetch.url, fetch.complete) for fetch in found] == [(url, complete)], why


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("fetch(url)", "nothing is known"),
        ("fetch(`${id}https://a.b`)", "the start is unknown"),
        ("fetch(id + 'https://a.b')", "the start is unknown"),
        ("fetch(env.API_URL ?? 'https://a.b')", "a fallback that may not be needed"),
        ("let u = 'https://a.b'; u = x; fetch(u)", "a variable"),
        ("fetch(new URL(path, 'https://a.b'))", "a path may be a URL"),
        ("fetch(new URL(`http${x}`, 'https://a.b'))", "a path that may become a URL"),
        ("fetch(request)", "a request"),
        ("fetch()", "no argument"),
        ("const fetch = other; fetch('https://a.b')", "another function"),
        ("function f(fetch) { fetch('https://a.b'); }", "a parameter"),
        ("import { fetch } from 'undici'; fetch('https://a.b')", "a package's"),
        ("client.fetch('https://a.b')", "a method"),
        ("env.API.fetch('https://a.b')", "a binding"),
        ("const globalThis = x; globalThis.fetch('https://a.b')", "not the global object"),
        ("fetchIt('https://a.b')", "another name"),
        (
            "class A { u = 'https://a.b'; m() { fetch(this.u); this.u = x; } }",
            "a field that varies",
        ),
        ("class A { constructor(u = 'https://a.b') { fetch(u); } }", "a default"),
        ("f('https://a.b'); f('https://c.d'); function f(u) { fetch(u); }", "two arguments"),
        ("f('https://a.b'); f(x); function f(u) { fetch(u); }", "an unknown argument"),
        ("f('https://a.b'); go(f); function f(u) { fetch(u); }", "a function that is passed on"),
        ("f('https://a.b'); f(); function f(u) { fetch(u); }", "an argument that is left out"),
        ("f(...x, 'https://a.b'); function f(y, u) { fetch(u); }", "arguments that are spread"),
        (
            "class A { constructor(private u) {} m() { fetch(this.u); } } new A('https://a.b').m();"
            "new A('https://c.d').m();",
            "instances that differ",
        ),
        ("let f = fetch; f = other; f('https://a.b')", "a variable that may be another function"),
        ("const { f } = fetch; f('https://a.b')", "a property of the function"),
        ("const f = fetch.call; f('https://a.b')", "a method of the function"),
        ("fetch.call('https://a.b')", "the receiver of the call"),
        ("fetch.call(...x, 'https://a.b')", "what is spread may be more than a receiver"),
        ("fetch.apply(null, x, 'https://a.b')", "a list that is not written out"),
        ("fetch.apply(null, [...x, 'https://a.b'])", "a list that begins with another"),
        ("fetch.apply(null, [, 'https://a.b'])", "a list that begins with nothing"),
        ("fetch.bind(null, 'https://a.b')", "bound, not called"),
        ("fetch.toString('https://a.b')", "another function"),
        ("fetch([x, 'https://a.b'].join(''))", "a list that begins unknown"),
        ("fetch([, 'https://a.b'].join(''))", "an item that is left out"),
        ("fetch([...x, 'https://a.b'].join(''))", "a list that begins with another"),
        ("fetch(x.join('https://a.b'))", "a list of which nothing is known"),
        ("const l = ['https://a.b']; l.unshift(x); fetch(l.join('/'))", "a list with a name"),
        ("fetch(['https://a.b'].concat(x))", "a list"),
        ("fetch(x.concat('https://a.b'))", "a string that begins unknown"),
        *(
            (f"let u = 'https://a.b'; {assigned}; fetch(u)", "a variable that is assigned to")
            for assigned in (
                "[u] = x",
                "({ u } = x)",
                "({ y: u } = x)",
                "({ u = 1 } = x)",
                "[...u] = x",
                "u += x",
                "u ??= x",
                "u++",
                "(u as any) = x",
                "for (u of x) y()",
                "() => { u = x }",
            )
        ),
        ("var u = 'https://a.b'; var u = x; fetch(u)", "a variable that is declared again"),
        ("get(); get(x); function get(u = 'https://a.b') { fetch(u); }", "a default, or not"),
        ("get(x); function get(u = 'https://a.b') { fetch(u); }", "a default that is not used"),
        ("get(...x); function get(u = 'https://a.b') { fetch(u); }", "what is spread may be it"),
        ("go(get); function get(u = 'https://a.b') { fetch(u); }", "calls that are not seen"),
        ("get(); get('https://c.d'); function get(u = 'https://a.b') { fetch(u); }", "two URLs"),
        ("get(); function get(u = 'https://a.b') { u = x; fetch(u); }", "assigned to later"),
        ("get('https://a.b'); function get(u) { u ||= x; fetch(u); }", "assigned to, if empty"),
        ("const f = wrap(fetch); f('https://a.b')", "a function that is made of it"),
        ("const f = fetch; { const f = other; f('https://a.b'); }", "a name that is hidden"),
        (
            "createClient({ fetch: other, baseUrl: 'https://a.b' })",
            "a client with another function",
        ),
        ("createClient({ fetch, baseUrl: url })", "a client of which nothing is known"),
        ("createClient({ fetch, name: 'a.b' })", "a string that is no URL"),
        ("fetch('https://a.b'.replace('a', x))", "a string that is changed"),
        *(
            (f"const u = new URL('https://a.b/c'); u.{part} = x; fetch(u)", "a URL that is changed")
            for part in ("host", "hostname", "href", "port", "protocol")
        ),
        (
            "const u = new URL('https://a.b'); Object.assign(u, { host: x }); fetch(u)",
            "a URL that is changed by a function",
        ),
    ],
)
def test_does_not_guess_the_url_of_a_global_fetch(read, source, why):
    assert urls(read(source)) == [], why


@pytest.mark.parametrize(
    ("source", "found", "why"),
    [
        ("fetch(x ? A : 'https://c.d')", ["https://a.b", "https://c.d"], "one of two"),
        ("fetch((x ? A : y ? 'https://c.d' : A))", ["https://a.b", "https://c.d"], "nested"),
        ("const u = x ? A : z; fetch(u + '/v1')", ["", "https://a.b/v1"], "one is not known"),
        (
            "fetch(`https://${x ? 'e' : 'f'}.g/${y}`)",
            ["https://e.g/", "https://f.g/"],
            "a part of the host",
        ),
        ("fetch(new URL('/v', x ? A : 'https://c.d'))", ["https://a.b/v", "https://c.d/v"], "base"),
        ("new Client(x ? A : 'https://c.d', fetch)", ["https://a.b", "https://c.d"], "handed on"),
    ],
)
def test_tells_each_url_that_a_condition_chooses_from(read, source, found, why):
    fetches = read(f"const A = 'https://a.b'; {source};").global_fetches
    assert [fetch.url for fetch in fetches] == found, why
    assert all(fetch.chosen for fetch in fetches), why


@pytest.mark.parametrize(
    ("source", "found", "why"),
    [
        ("fetch(x ? `${A}/c` : `${A}/d`)", ["https://a.b"], "both have one origin"),
        ("fetch(x ? A : A)", ["https://a.b"], "no choice at all"),
        ("fetch(x ? y : z)", [""], "nothing is known of either"),
        (
            "fetch('https://' + [" + "(x ? 'a' : 'b') + " * 5 + "'.c'][0])",
            ["https://"],
            "an expression that is not followed",
        ),
        ("fetch('https://' + " + "(x ? 'a' : 'b') + " * 5 + "'.c')", [], "too many to tell"),
    ],
)
def test_a_url_that_no_condition_decides_on_is_told_once(read, source, found, why):
    fetches = read(f"const A = 'https://a.b'; {source};").global_fetches
    assert [fetch.url for fetch in fetches if not fetch.chosen] == found, why


def test_the_variables_of_a_choice_are_told_apart(read):
    source = handler("const u = x ? env.HOST : env.SECOND; fetch(u)")
    found = read(source, variables={"HOST": "https://a.b", "SECOND": "https://c.d"}).global_fetches
    assert [(fetch.url, fetch.vars) for fetch in found] == [
        ("https://a.b", ("HOST",)),
        ("https://c.d", ("SECOND",)),
    ]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("const f = fetch; f('https://a.b')", "a constant"),
        ("const f = fetch.bind(globalThis); f('https://a.b')", "bound to an object"),
        ("const f = globalThis.fetch as typeof fetch; f('https://a.b')", "with a cast"),
        ("const f = self.fetch.bind(self); new Client('https://a.b', f)", "handed on"),
        ("import { g } from './b'; g('https://a.b')", "of another module"),
    ],
)
def test_finds_calls_of_constants_that_are_fetch(read, source, why):
    assert urls(read(source, {"b.ts": "export const g = fetch;"})) == ["https://a.b"], why


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("fetch(env.HOST)", "a property of env"),
        ("fetch(`${env.HOST}/x`)", "in a template"),
        ("fetch(new URL('/x', env.HOST))", "as a base"),
        ("const { HOST } = env; fetch(HOST + '/x')", "destructured"),
        ("const { HOST: base } = env; const u = base + '/x'; fetch(u)", "destructured and renamed"),
        ("const base = env.HOST; fetch(base)", "an alias"),
        ("fetch(env.HOST || 'https://c.d')", "a fallback that is not needed"),
        ("fetch(env['HOST'])", "in brackets"),
        ("call(env.HOST); function call(u) { fetch(u); }", "an argument"),
    ],
)
def test_reads_variables_of_the_configuration(read, source, why):
    found = read(handler(source), variables={"HOST": "https://a.b", "OTHER": None})
    assert [fetch.vars for fetch in found.global_fetches if fetch.url] == [("HOST",)], why
    assert found.global_fetches[0].url.startswith("https://a.b"), why


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("get(env.HOST); get(env.SECOND); function get(u) { fetch(u); }", "arguments that differ"),
        ("const { HOST } = env; let u = HOST; u = env.SECOND; fetch(u)", "one after the other"),
    ],
)
def test_variables_are_not_mixed_up(read, source, why):
    values = {"HOST": "https://a.b", "SECOND": "https://c.d"}
    assert urls(read(handler(source), variables=values)) == [], why


def test_a_url_that_differs_between_deployments_is_told_for_each(repository):
    root = repository({"index.ts": handler("fetch(env.HOST + '/x'); fetch('https://e.f')")})
    variables = [{"HOST": "https://a.b"}, {"HOST": "https://c.d"}, {"HOST": "https://a.b"}, {}]
    found = collect(Modules(Files(root)), ["index.ts"], DECLARED, variables).global_fetches
    assert [(fetch.url, fetch.vars, fetch.values) for fetch in found] == [
        ("", (), ()),
        ("https://a.b/x", ("HOST",), ("https://a.b",)),
        ("https://c.d/x", ("HOST",), ("https://c.d",)),
        ("https://e.f", (), ()),
    ]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("createClient({ fetch, baseUrl: BASE })", "in one object"),
        ("createClient({ baseUrl: `${BASE}`, fetch: globalThis.fetch })", "of the global object"),
        ("hc(BASE, { fetch })", "in an argument beside it"),
        ("new Client(BASE, fetch)", "as an argument, to a constructor"),
        ("createClient({ fetch: fetch as any, baseUrl: BASE } as Options)", "with casts"),
    ],
)
def test_finds_fetch_handed_on_with_a_url(read, source, why):
    found = read(f"const BASE = 'https://a.b'; {source};").global_fetches
    assert [(fetch.url, fetch.handed_on) for fetch in found] == [("https://a.b", True)], why


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("fetch(env.OTHER)", "a variable that is no string"),
        ("fetch(env.MISSING)", "a secret, perhaps"),
        ("fetch(process.env.HOST)", "another environment"),
        ("fetch(HOST)", "no property of env"),
    ],
)
def test_reads_no_other_variables(read, source, why):
    found = read(handler(source), variables={"HOST": "https://a.b", "OTHER": None})
    assert urls(found) == [], why


def test_a_variable_of_the_configuration_is_no_constant_url_of_a_binding(read):
    found = read(handler("env.API.fetch(env.HOST + '/x')"), variables={"HOST": "https://a.b"})
    assert [usage.url for usage in found.of("API")] == [None]


DAMAGED = [
    ("const x = ; env.API.get(1)", "before"),
    ("env.API.get(1); const y = {{{", "after"),
    ("f(x { env.API.get(1) }", "around"),
    ("@@@ env.API.get(1) ###", "on both sides"),
    ("if (x) { env.API.get(1)", "a block without an end"),
    ("sql<T>`a ${env.API.get(1)}`", "a tag with a type argument"),
]


@pytest.mark.parametrize(("body", "why"), DAMAGED)
def test_a_syntax_error_costs_only_what_stands_in_it(read, body, why):
    found = read(f"import {{ env }} from 'cloudflare:workers';\n{body}")
    assert "API rpc get/1" in uses(found), why


HIDING = [
    (
        "export class A { b( { c: } \n d(){} }\n"
        "export default { async fetch(r, vars) { return vars.API.fetch(r) } }",
        "the whole module is one error",
    ),
    ("export class A { b( { c: } \n d(){} }\nconst { x } = env;", "the environment is mentioned"),
]


@pytest.mark.parametrize(("source", "why"), HIDING)
def test_a_syntax_error_that_may_hide_a_use_leaves_the_uses_open(read, source, why):
    found = read(source)
    assert [reason for reason in reasons(found) if "syntax error" in reason], why
    assert found.open[0].location is not None


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("const x = ; " + handler("return new Response(environment.APIS)"), "longer words"),
        ("const x = ; " + handler("env.API.fetch(request)"), "the use is found all the same"),
        (handler("env.API.fetch(request)") + " const a = ;\nconst b = 1;", "what stands intact"),
        ("// env.API is not used here\nconst x = ;", "a comment"),
    ],
)
def test_a_syntax_error_that_hides_nothing_leaves_nothing_open(read, source, why):
    assert not read(source).open, why


HOSTILE = [
    ("(" * 3000 + "env.API" + ")" * 3000 + ".get(1)", "parentheses in parentheses"),
    ("f(" * 3000 + "env.API.get(1)" + ")" * 3000, "calls in calls"),
    ("env.API.get(1)" + ".then(x)" * 3000, "a long chain"),
    ("{" * 3000 + "env.API.get(1)" + "}" * 3000, "blocks in blocks"),
    ("x" + " + 1" * 5000 + "; env.API.get(1)", "a long sum"),
    ("fetch('a'" + " + 'a'" * 5000 + "); env.API.get(1)", "a long sum as a URL"),
    ("x = " * 3000 + "1; env.API.get(1)", "assignments in assignments"),
    ("[" * 3000 + "]" * 3000 + "; env.API.get(1)", "arrays in arrays"),
    ("const a = b, b = a; a.x(); fetch(a); env[a].get(1); env.API.get(1)", "names in a circle"),
    ("const a = { b: a.b }; a.b(env); fetch(a.b); env.API.get(1)", "an object in itself"),
    ("const o = { o: env }; o.o = o; o.o.o.API.get(1); env.API.get(1)", "the same, holding env"),
    (
        "function f(e) { if (x) return e; return f(e); } f(env.API).get(1)",
        "a function that calls itself",
    ),
    ("class A extends A { m() { this.m(); } } new A(env).x; env.API.get(1)", "its own base class"),
    ("const f = (n: T) => env[n]; type T = T | 'API'; f(1).get(1)", "a type in itself"),
    ("const { API: { API: { API } } } = env; env.API.get(1)", "patterns in patterns"),
    (
        "const a20 = 'x'; env.API.get(1); fetch(a0);"
        + "".join(f"const a{i} = `{f'${{a{i + 1}}}' * 10}`;" for i in range(20)),
        "a text that grows tenfold with each of twenty names",
    ),
    (
        "const b20 = 'API'; env[b0].get(1); env.API.get(1);"
        + "".join(f"const b{i} = x ? b{i + 1} : b{i + 1};" for i in range(20)),
        "choices among choices",
    ),
    (
        "env.API.get(1); const e0 = env; e2000.API.get(2);"
        + "".join(f"const e{i + 1} = e{i};" for i in range(2000)),
        "an alias of an alias, two thousand times",
    ),
]


@pytest.mark.parametrize(("body", "why"), HOSTILE, ids=[why for _, why in HOSTILE])
def test_survives_hostile_code(read, body, why):
    found = read(f"import {{ env }} from 'cloudflare:workers';\n{body}")
    assert "API rpc get/1" in uses(found), why


def test_gives_up_where_values_multiply(read):
    knots = "".join(f"o.k{i} = o;" for i in range(60))
    found = read(f"{handler(f'const o = {{}}; o.a = env; {knots} env.API.get(1)')}")
    assert uses(found) == ["API rpc get/1"]
    assert "the environment goes to more places than are followed" in reasons(found)


def test_survives_bytes_that_are_no_text(repository):
    root = repository({})
    (root / "index.ts").write_bytes(b"export const f = (env) => env.API.get(1) // \xff\xfe '\xc3")
    found = collect(Modules(Files(root)), ["index.ts"], DECLARED, {})
    assert "API rpc get/1" in uses(found)


@pytest.mark.parametrize("roots", [(), ("missing.ts",), ("data.json",)])
def test_an_entry_that_is_no_module_has_no_uses(read, roots):
    found = read("", {"data.json": "{}"}, roots=roots)
    assert not found.uses
    assert len(found.open) == len(roots)


@pytest.mark.parametrize(
    ("source", "start", "why"),
    [
        ("env.API.fetch('https://a/b')", "https://a/b", "all of a constant"),
        ("env.API.fetch('')", "", "all of an empty one"),
        ("env.API.fetch(`/users/${id}`)", "/users/", "a template as far as it is constant"),
        ("env.API.fetch('/users/' + id)", "/users/", "and a sum"),
        ("env.API.fetch(new Request(`/users/${id}`))", "/users/", "and the one of a Request"),
        ("env.API.fetch(a ? '/users' : '/users/1')", "/users", "what choices have in common"),
        ("env.API.fetch(a ? '/users' : 'orders')", None, "nothing in common"),
        ("env.API.fetch(`${base}/users`)", None, "nothing is known of the start"),
        ("env.API.fetch(env.BASE + '/users')", None, "the configuration says it"),
        ("env.API.fetch(request)", None, "it comes from outside"),
        ("env.API.fetch()", None, "there is none"),
        (
            "get('/users'); get('/orders'); function get(path) { return env.API.fetch(path) }",
            "/",
            "the calls of a function give it paths",
        ),
        (
            "get('/users'); get(a); function get(path) { return env.API.fetch(path) }",
            None,
            "one of the calls may give it something else",
        ),
    ],
)
def test_tells_how_the_url_of_a_binding_starts(read, source, start, why):
    found = read(handler(source), variables={"BASE": "https://a"})

    assert [usage.url_start for usage in found.of("API")] == [start], why


@pytest.mark.parametrize(
    ("source", "found", "why"),
    [
        ("env.ROOMS.get(id).fetch('/a')", ["ROOMS /a"], "a stub of an id"),
        ("const stub = env.ROOMS.getByName('b'); await stub.fetch(url)", ["ROOMS None"], "a name"),
        ("send(env.ROOMS.get(id)); function send(s) { s.fetch('/a') }", ["ROOMS /a"], "passed on"),
        ("env.ROOMS.get(id).count(1)", [], "RPC to it"),
        ("env.ROOMS.get(id)", [], "nothing is done with it"),
        ("env.ROOMS.idFromName('a').fetch('/a')", [], "an id is no stub"),
        ("env.API.get(id).fetch('/a')", [], "not a namespace"),
        ("env.ROOMS.fetch('/a')", [], "the namespace itself"),
    ],
)
def test_follows_the_stubs_that_namespaces_give(tmp_path, source, found, why):
    (tmp_path / "index.ts").write_text(handler(source))
    modules = Modules(Files(tmp_path))

    usages = collect(modules, ["index.ts"], DECLARED, [], namespaces=["ROOMS"])

    assert [f"{usage.binding} {usage.url}" for usage in usages.stub_fetches] == found, why
    assert all(usage.kind is not UsageKind.FETCH for usage in usages.of("API")), why


@pytest.mark.parametrize(
    ("source", "expected", "why"),
    [
        ("env.API.fetch('https://a/b')", False, "nothing beside the URL"),
        ("env.API.fetch(`https://a/${id}`, { method: 'POST' })", False, "options without one"),
        ("env.API.fetch(new URL('/b', base))", False, "a URL"),
        ("env.API.fetch(new Request('https://a/b'))", False, "a request with nothing else"),
        ("env.API.fetch('https://a/b', { signal: AbortSignal.timeout(5) })", True, "a signal"),
        ("env.API.fetch('https://a/b', { signal })", True, "a signal with a name"),
        ("Promise.race([env.API.fetch('https://a/b'), timeout])", True, "a race"),
        ("env.API.fetch(request)", None, "a request may have one"),
        ("env.API.fetch(new Request('https://a/b', request))", None, "as may what it is made of"),
        ("env.API.fetch('https://a/b', { ...init })", None, "and spread options"),
        ("env.API.fetch('https://a/b', init)", None, "and options with a name"),
        ("Promise.all([env.API.fetch('https://a/b'), x])", False, "all wait for the last"),
    ],
)
def test_tells_whether_a_fetch_has_a_signal(read, source, expected, why):
    (found,) = read(handler(source)).of("API")
    assert found.has_signal is expected, why


@pytest.mark.parametrize(
    ("source", "reading", "why"),
    [
        ("const b = await request.json(); return env.API.fetch(request)", "request.json()", "read"),
        ("log(await request.text()); { env.API.fetch(request) }", "request.text()", "further in"),
        ("if (x) { await request.text(); env.API.fetch(request) }", "request.text()", "a block"),
        (
            "await env.AUTH.fetch(request); env.API.fetch(request)",
            "env.AUTH.fetch(request)",
            "sent",
        ),
        ("await fetch(request); env.API.fetch(request)", "fetch(request)", "sent elsewhere"),
        ("await request.clone().json(); env.API.fetch(request)", None, "a clone is read"),
        ("await request.json(); env.API.fetch(request.clone())", None, "not the request itself"),
        ("if (x) { await request.json(); return } env.API.fetch(request)", None, "another way"),
        ("x && (await request.json()); env.API.fetch(request)", None, "perhaps"),
        ("const b = x ? await request.json() : 0; env.API.fetch(request)", None, "perhaps"),
        ("env.API.fetch(request); await request.json()", None, "afterwards"),
        ("const f = () => request.json(); env.API.fetch(request)", None, "in a function"),
        ("await request.json(); request = x; env.API.fetch(request)", None, "another request"),
        ("await other.json(); env.API.fetch(request)", None, "another body"),
        ("try { await request.json() } catch {} env.API.fetch(request)", None, "perhaps"),
        ("await request.headers; env.API.fetch(request)", None, "no body"),
        ("await env.AUTH.fetch('https://a', request); env.API.fetch(request)", None, "as options"),
    ],
)
def test_tells_where_the_body_of_a_request_was_read(read, source, reading, why):
    entry = handler(source)
    (found,) = read(entry).of("API")
    spans = [location.span for location in found.body_reads]
    assert [entry[span.start : span.end] for span in spans] == ([reading] if reading else []), why


def test_tells_every_place_where_a_body_was_read(read):
    source = "await request.json(); await env.AUTH.fetch(request); return env.API.fetch(request);"
    found = read(handler(source))
    assert [len(usage.body_reads) for usage in found.uses] == [1, 2]


@pytest.mark.parametrize(
    ("source", "expected", "why"),
    [
        ("Object.keys(env.API)", [("API", "Object.keys")], "its keys"),
        ("const api = env.API; Reflect.ownKeys(api!)", [("API", "Reflect.ownKeys")], "an alias"),
        ("Object.keys(env)", [], "those of the environment"),
        ("Object.keys(await env.API.get())", [], "those of an answer"),
        ("Object.freeze(env.API)", [], "no keys"),
        ("keys(env.API)", [], "another function"),
    ],
)
def test_tells_where_the_keys_of_a_binding_are_read(read, source, expected, why):
    found = read(handler(source)).keys_read
    assert [(item.binding, item.function) for item in found] == expected, why


def test_lists_what_the_code_may_route_by(read):
    source = "if (url.pathname === '/health' || p.startsWith(`/v1/`) || 'a/b') return `/x/${y}`"
    assert read(handler(source)).paths == ("/health", "/v1/")


@pytest.mark.parametrize(
    ("body", "is_caught", "why"),
    [
        ("try { await env.API.fetch(request); } catch {}", True, "a catch around it"),
        ("try { await list(() => env.API.get(1)); } catch {}", True, "around a function of it"),
        ("try { try { env.API.connect(x); } finally {} } catch {}", True, "the outer one has one"),
        ("try { await env.API.fetch(request); } finally {}", False, "there is no catch"),
        ("try {} catch { await env.API.fetch(request); }", False, "it is in the catch itself"),
        ("try {} catch {} finally { await env.API.fetch(request); }", False, "behind the catch"),
        ("env.API.fetch(request).catch(() => null);", False, "a Promise comes too late"),
    ],
)
def test_a_call_is_caught_within_a_try_with_a_catch(read, body, is_caught, why):
    (use,) = read(handler(body)).uses

    assert use.is_caught is is_caught, why
