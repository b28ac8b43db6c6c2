"""Which calls are made over a binding, and what is said of those that are not."""

from __future__ import annotations

import json

import pytest

from codemod import scan
from codemod.model import Project
from codemod.runtime import calls
from codemod.runtime.calls import BoundCalls, Detour, Fetch

OBJECT = "export default { async fetch() { return new Response(); } };"
CLASS = (
    'import { WorkerEntrypoint } from "cloudflare:workers";\n'
    "export class Admin extends WorkerEntrypoint { add(a, b) { return a + b; } }\n"
    "export default { fetch() { return new Response(); } };"
)
PLAIN = {"binding": "T", "service": "target"}
ADMIN = {**PLAIN, "entrypoint": "Admin"}


def project(repository, uses: str, target: str = OBJECT, **caller) -> Project:
    caller = {"services": [PLAIN], **caller}
    return scan(
        repository(
            {
                "caller/wrangler.json": json.dumps(
                    {"name": "caller", "main": "index.js", **caller}
                ),
                "caller/index.js": f"export default {{ async fetch(request, env) {{ {uses} }} }};",
                "target/wrangler.json": '{ "name": "target", "main": "index.js" }',
                "target/index.js": target,
            }
        )
    )


def planned(found: Project) -> list[BoundCalls]:
    every = calls.of_project(found, lambda _: True)
    return [bound for bound in every if bound.worker.name == "caller"]


def texts(found: Project) -> list[str]:
    return [call.text for bound in planned(found) for call in bound.calls]


@pytest.mark.parametrize(
    ("uses", "expected", "why"),
    [
        ("return env.T.fetch(request);", [".fetch()"], "its URL cannot be told"),
        (
            "await env.T.fetch(`/v1/${id}`); return env.T.fetch(`https://t/${id}`);",
            ['.fetch("/v1/…")', ".fetch()"],
            "a start may tell that it is relative, and nothing else",
        ),
        (
            'await env.T.fetch("/v1"); return env.T.fetch("https://t/v1");',
            ['.fetch("/v1")', '.fetch("https://t/v1")'],
            "a relative URL fails by itself",
        ),
        ("await env.T.fetch(request); await env.T.fetch(request);", [".fetch()"], "both are alike"),
        ("await env.T.add(1, 2);", [".add(2 arguments)"], "the number of arguments matters"),
        ("await env.T.add(1); await env.T.add();", [".add(1 argument)", ".add()"], "so does none"),
        ("await env.T.add(...request.all);", [".add(…)"], "their number cannot be told"),
        ("return await env.T.version;", [".version(…)"], "nor whether it is called at all"),
        (
            'await env[request.body ? "T" : "U"].add(1); await env.T.sub(1);',
            [".sub(1 argument)", ".fetch()"],
            "what may be a call of another binding is none of this one",
        ),
        ("", [".fetch()"], "what is only declared is tried out"),
        ("use(env.T);", [".fetch()"], "and so is what is passed on"),
        (
            "use(env.T); await env.T.add(1);",
            [".add(1 argument)", ".fetch()"],
            "what others make of it cannot be told",
        ),
        ("if (env.T) await env.T.add(1);", [".add(1 argument)"], "to ask for it is no call"),
    ],
)
def test_calls_of_a_service_binding(repository, uses, expected, why):
    assert texts(project(repository, uses)) == expected, why


@pytest.mark.parametrize(
    ("target", "services", "expected", "why"),
    [
        (CLASS, [ADMIN], ["bound"], "it has no fetch that could answer"),
        (CLASS, [PLAIN], [".fetch()"], "the default export has one"),
        (OBJECT, [ADMIN], [".fetch()"], "whatever is missing is told by any call"),
        (
            'import { Base } from "package"; export class Admin extends Base {}',
            [ADMIN],
            [".fetch()"],
            "the class may have one",
        ),
    ],
)
def test_what_is_only_declared_is_tried_where_it_may_answer(
    repository, target, services, expected, why
):
    assert texts(project(repository, "", target, services=services)) == expected, why


@pytest.mark.parametrize(
    ("module", "expected", "why"),
    [
        (
            "export class A extends D { fetch() { return new Response(); } m() {} }",
            [".get(id).fetch()"],
            "fetch comes first",
        ),
        (
            "export class A extends D { a = () => 1; m() {} n() {} }",
            [".get(id).m()"],
            "the first method that can be called",
        ),
        ("export class A extends D { alarm() {} }", ["bound"], "nothing can be called"),
        ("export {};", [".get(id).fetch()"], "a class that is missing is told by any call"),
    ],
)
def test_calls_of_a_durable_object(repository, module, expected, why):
    found = scan(
        repository(
            {
                "wrangler.json": json.dumps(
                    {
                        "name": "caller",
                        "main": "index.js",
                        "durable_objects": {"bindings": [{"name": "DO", "class_name": "A"}]},
                    }
                ),
                "index.js": f'import {{ DurableObject as D }} from "cloudflare:workers";\n{module}',
            }
        )
    )
    assert texts(found) == expected, why


def test_a_path_that_gives_no_response_is_a_call_of_its_own(repository):
    target = (
        "export default { fetch(request) { if (request.url) { return new Response(); } log(); } };"
    )
    found = project(repository, "return env.T.fetch(request);", target)
    fetch, ending = planned(found)[0].calls
    assert isinstance(ending.action, Fetch)
    assert (fetch.action, ending.action.detour) == (Fetch(), Detour.DEAD_END)
    assert ending.text == ".fetch() where it gives nothing"
    assert [place.path for place in ending.uses] == ["target/index.js"]


@pytest.mark.parametrize(
    ("caller", "target", "obstacle"),
    [
        ({"services": [{**PLAIN, "remote": True}]}, OBJECT, "deployed Worker (remote)"),
        ({"services": [{**PLAIN, "service": "other"}]}, OBJECT, 'under the name "other"'),
        ({"services": [], "tail_consumers": [{"service": "target"}]}, OBJECT, "no events are sent"),
        (
            {"services": [], "workflows": [{"binding": "W", "name": "w", "class_name": "W"}]},
            OBJECT,
            "Workflows are not run",
        ),
    ],
)
def test_what_cannot_be_called_has_its_reason(repository, caller, target, obstacle):
    (bound,) = planned(project(repository, "", target, **caller))
    (call,) = bound.calls
    assert call.obstacle
    assert obstacle in call.obstacle


def test_the_fetches_of_stubs_are_made_with_their_urls(repository):
    found = scan(
        repository(
            {
                "wrangler.json": json.dumps(
                    {
                        "name": "caller",
                        "main": "index.js",
                        "durable_objects": {"bindings": [{"name": "DO", "class_name": "A"}]},
                    }
                ),
                "index.js": 'import { DurableObject } from "cloudflare:workers";\n'
                "export class A extends DurableObject { fetch() { return new Response(); } }\n"
                "export default { fetch(request, env) {"
                ' return env.DO.getByName("a").fetch("/x"); } };',
            }
        )
    )
    assert texts(found) == ['.get(id).fetch("/x")']


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ("return env.KV.get(request.url);", "class extends WorkerEntrypoint", True),
        ("return ctx.waitUntil(request.text());", "class extends WorkerEntrypoint", True),
        ("return env?.KV.get(request.url);", "class extends WorkerEntrypoint", False),
        ("return new Response();", "class extends WorkerEntrypoint", False),
        ("return env.KV.get(request.url);", "", False),
    ],
)
def test_parameters_that_a_class_is_not_given_are_a_path_that_fails(
    repository, body, kind, expected
):
    target = (
        'import { WorkerEntrypoint } from "cloudflare:workers";\n'
        f"export default {kind} {{ async fetch(request, env, ctx) {{ {body} }} }}"
    )
    found = project(repository, "return env.T.fetch(request);", target)
    detours = [call for call in planned(found)[0].calls if " where it uses " in call.text]
    assert bool(detours) is expected
    assert all(place.path == "target/index.js" for call in detours for place in call.uses)


@pytest.mark.parametrize("method", ["connect", "queue", "scheduled"])
def test_what_takes_values_of_its_own_kind_is_not_tried(repository, method):
    found = project(repository, f'await env.T.{method}("x"); return env.T.fetch(request);')
    first, second = planned(found)[0].calls
    assert first.text.startswith(f".{method}(")
    assert first.obstacle
    assert (second.text, second.obstacle) == (".fetch()", None)


@pytest.mark.parametrize(
    ("target", "entrypoint", "uses", "assumed"),
    [
        (
            'export { default } from "package";',
            None,
            "await env.T.add(1, 2);",
            "assumed to have add: what its export default is cannot be told",
        ),
        (
            'export * from "package"; export default {};',
            "Admin",
            "return env.T.fetch(request);",
            "assumed to answer: its export Admin is not seen",
        ),
        (
            'import { Base } from "package"; export class Admin extends Base { m() {} }',
            "Admin",
            "await env.T.n();",
            "assumed to have n: what its export Admin is cannot be told",
        ),
        (
            'import { Base } from "package"; import { WorkerEntrypoint } from "cloudflare:workers";'
            "export class Admin extends WorkerEntrypoint { [Base.name]() {} m() {} }",
            "Admin",
            "await env.T.m();",
            None,
        ),
        (CLASS, "Admin", "await env.T.absent();", None),
        ("export default {};", "Admin", "await env.T.fetch(request);", None),
    ],
)
def test_what_cannot_be_seen_is_assumed_and_said(repository, target, entrypoint, uses, assumed):
    services = [{**PLAIN, **({"entrypoint": entrypoint} if entrypoint else {})}]
    (bound,) = planned(project(repository, uses, target, services=services))
    said = bound.calls[0].assumes
    assert (said is None) if assumed is None else (said and said.startswith(assumed))


def test_the_entry_of_a_target_that_cannot_be_read_hinders_its_calls(repository):
    root = repository(
        {
            "caller/wrangler.json": json.dumps({"name": "caller", "services": [PLAIN]}),
            "target/wrangler.json": '{ "name": "target", "main": "dist/index.js" }',
        }
    )
    (bound,) = planned(scan(root))
    assert bound.calls[0].obstacle


@pytest.mark.parametrize(
    ("binding", "obstacle"),
    [(PLAIN, None), (ADMIN, "its target has nothing but static assets")],
)
def test_static_assets_answer_requests_alone(repository, binding, obstacle):
    root = repository(
        {
            "caller/wrangler.json": json.dumps({"name": "caller", "services": [binding]}),
            "target/wrangler.json": '{ "name": "target", "assets": { "directory": "public" } }',
        }
    )
    (bound,) = planned(scan(root))
    assert bound.calls[0].obstacle == obstacle


def test_only_the_environments_asked_for_are_called_from(repository):
    found = project(
        repository, "", env={"staging": {"services": [PLAIN]}, "production": {"services": [PLAIN]}}
    )
    every = calls.of_project(found, lambda environment: environment == "staging")
    assert [bound.deployment.environment for bound in every] == ["staging"]


def test_a_shadowed_configuration_calls_nothing(repository):
    files = {
        "wrangler.json": json.dumps({"name": "one", "services": [PLAIN]}),
        "wrangler.toml": 'name = "two"\nservices = [{ binding = "T", service = "target" }]',
    }
    every = calls.of_project(scan(repository(files)), lambda _: True)
    assert [bound.worker.config_path for bound in every] == ["wrangler.json"]
