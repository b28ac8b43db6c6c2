"""Methods over RPC for fetched routes: which ones there are, and how they are written."""

import json

import pytest

from codemod.planner import rpc
from codemod.planner.rpc import Conversion, stubs

OBJECT = (
    "export default {\n  async fetch(request: Request) {\n    return new Response();\n  },\n};\n"
)


def caller(*calls: str, service: str = "api-mom", entrypoint: str | None = None) -> dict[str, str]:
    """The files of a Worker that makes ``calls`` on its binding ``API``."""
    binding = {"binding": "API", "service": service}
    if entrypoint:
        binding["entrypoint"] = entrypoint
    configuration = {"name": "caller", "main": "index.js", "services": [binding]}
    lines = "".join(f"    await {call};\n" for call in calls)
    return {
        "caller/wrangler.jsonc": json.dumps(configuration),
        "caller/index.js": f"export default {{\n  async fetch(request, env) {{\n{lines}"
        "    return new Response();\n  },\n};\n",
    }


def names(made, taken=()) -> dict[str, str]:
    return {stub.path: stub.name for stub in stubs.methods(made.project, made.worker, taken)}


def converted(made, file: str = "index.ts") -> str:
    found = rpc.propose(made.modules, made.project, made.worker, with_stubs=True)
    assert isinstance(found, Conversion), found
    return made.after(found.edits)[file]


@pytest.mark.parametrize(
    ("url", "path", "name"),
    [
        ("http://api/v1/health", "/v1/health", "v1Health"),
        ("https://api", "/", "root"),
        ("http://api/user-profile/get_all", "/user-profile/get_all", "userProfileGetAll"),
        ("http://api/items?full=1#top", "/items?full=1", "itemsFull1"),
        ("http://api/API/getUser", "/API/getUser", "apiGetUser"),
        ("http://api/3d", "/3d", "route3d"),
        ("http://api/a%20b", "/a%20b", "aB"),
        ("http://api/fetch", "/fetch", "fetchRoute"),
        ("http://api/then", "/then", "thenRoute"),
        ("http://api/constructor", "/constructor", "constructorRoute"),
        ("http://api/greet", "/greet", "greetRoute"),
    ],
)
def test_a_route_has_a_name_that_reads_well(target, url, path, name):
    made = target(OBJECT, around=caller(f'env.API.fetch("{url}")'))
    assert names(made, {"greet"}) == {path: name}


@pytest.mark.parametrize(
    ("calls", "why"),
    [
        (["env.API.fetch(request)"], "the URL is the caller's own"),
        (["env.API.fetch(`http://api/${request.method}`)"], "only a part of it is constant"),
        (['env.API.fetch("/v1/health")'], "a relative URL fails at run time"),
        (['env.API.fetch("http://[/v1")'], "what is no URL fails at run time"),
        (['env.API.fetch("http://api/\\u0000")'], "a control character has no place in a text"),
        (['env.API.health("http://api/v1")'], "an RPC call is no fetch"),
        (['fetch("http://api/v1/health")'], "the global fetch does not go through the binding"),
        (['env.OTHER.fetch("http://api/v1/health")'], "another binding leads elsewhere"),
    ],
)
def test_what_is_no_literal_route_has_no_method(target, calls, why):
    made = target(OBJECT, around=caller(*calls))
    assert names(made) == {}, why


@pytest.mark.parametrize(
    ("elsewhere", "why"),
    [
        ({"service": "other"}, "another Worker answers"),
        ({"entrypoint": "Admin"}, "another class of the same Worker answers"),
    ],
)
def test_routes_of_other_targets_are_left_out(target, elsewhere, why):
    made = target(OBJECT, around=caller('env.API.fetch("http://api/v1/health")', **elsewhere))
    assert names(made) == {}, why


def test_the_same_route_by_several_hosts_and_requests_is_one_method(target):
    calls = [
        'env.API.fetch("http://api/v1/health")',
        'env.API.fetch("https://internal:8080/v1/health", { method: "POST" })',
    ]
    made = target(OBJECT, around=caller(*calls))
    assert names(made) == {"/v1/health": "v1Health"}


def test_routes_whose_words_are_the_same_have_names_of_their_own(target):
    calls = [f'env.API.fetch("http://api/{path}")' for path in ("a/b", "a-b", "a_b", "a/b/")]
    made = target(OBJECT, around=caller(*calls))
    assert names(made) == {"/a-b": "aB", "/a/b": "aBRoute", "/a/b/": "aB2", "/a_b": "aB3"}


HEALTH = caller('env.API.fetch("http://x/v1/health")')
TYPED = (
    "  async v1Health(init?: RequestInit): Promise<Response> {\n"
    '    return this.fetch(new Request("http://api-mom/v1/health", init));\n'
    "  }\n"
)


def test_methods_stand_last_in_the_class(target):
    made = target(
        OBJECT, around=caller('env.API.fetch("http://x/v1/health")', 'env.API.fetch("http://x")')
    )
    assert converted(made) == (
        'import { WorkerEntrypoint } from "cloudflare:workers";\n\n'
        "export default class ApiMom extends WorkerEntrypoint {\n"
        "  async fetch(request: Request) {\n    return new Response();\n  }\n\n"
        "  async root(init?: RequestInit): Promise<Response> {\n"
        '    return this.fetch(new Request("http://api-mom/", init));\n'
        f"  }}\n\n{TYPED}}}\n"
    )


def test_javascript_has_no_types_and_the_layout_is_the_modules(target):
    made = target(
        "export default {\r\n\tfetch(request) {\r\n\t\treturn new Response('')\r\n\t},\r\n}\r\n",
        main="index.js",
        around=caller('env.API.fetch("http://x/it\'s")'),
    )
    assert converted(made, "index.js") == (
        "import { WorkerEntrypoint } from 'cloudflare:workers'\r\n\r\n"
        "export default class ApiMom extends WorkerEntrypoint {\r\n"
        "\tfetch(request) {\r\n\t\treturn new Response('')\r\n\t}\r\n\r\n"
        "\tasync itS(init) {\r\n"
        "\t\treturn this.fetch(new Request('http://api-mom/it\\'s', init))\r\n\t}\r\n}\r\n"
    )


@pytest.mark.parametrize(
    ("entry", "body"),
    [
        (
            "export default { fetch(request: Request) { return new Response(); } };\n",
            f"\n  fetch(request: Request) {{ return new Response(); }}\n\n{TYPED}",
        ),
        (
            "export default {\n  fetch(request: Request) { return new Response(); } };\n",
            f"\n  fetch(request: Request) {{ return new Response(); }}\n\n{TYPED}",
        ),
        (
            "export default {\n  fetch() { return new Response(); },\n};\n",
            "\n  fetch() { return new Response(); }\n\n"
            "  async v1Health(): Promise<Response> {\n    return this.fetch();\n  }\n",
        ),
        (
            "export default {\n  fetch(request: Request<unknown, Cf>) { return new Response(); }\n"
            "};\n",
            "\n  fetch(request: Request<unknown, Cf>) { return new Response(); }\n\n"
            + TYPED.replace("RequestInit", "RequestInit<any>"),
        ),
        (
            "export default {\n  fetch(request: Authorized) { return new Response(); }\n};\n",
            "\n  fetch(request: Authorized) { return new Response(); }\n",
        ),
        ("export default {\n  scheduled() {},\n};\n", "\n  scheduled() {}\n"),
    ],
    ids=["one line", "brace at the end", "no request", "own properties", "own request", "no fetch"],
)
def test_methods_follow_how_fetch_is_written(target, entry, body):
    assert converted(target(entry, around=HEALTH)) == (
        'import { WorkerEntrypoint } from "cloudflare:workers";\n\n'
        f"export default class ApiMom extends WorkerEntrypoint {{{body}}}\n"
    )


def test_an_app_has_them_beside_its_handler(target):
    made = target(
        'import { Hono } from "hono";\n\nconst app = new Hono();\n\nexport default app;\n',
        around=HEALTH,
    )
    assert f"\n  }}\n\n{TYPED}}}\n" in converted(made)


def test_nothing_is_added_unasked(target):
    made = target(OBJECT, around=HEALTH)
    found = rpc.propose(made.modules, made.project, made.worker)
    assert isinstance(found, Conversion)
    assert "v1Health" not in made.after(found.edits)["index.ts"]
