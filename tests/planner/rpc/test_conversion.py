"""Every folder of ``conversions`` is a default object before, and the class it becomes after."""

import pytest

from codemod.model import ExportKind, Exports
from codemod.planner import rpc
from codemod.planner.rpc import Conversion


def converted(target) -> str:
    """The module ``index.ts`` as a conversion leaves it."""
    found = rpc.propose(target.modules, target.project, target.worker)
    assert isinstance(found, Conversion), found
    return target.after(found.edits)["index.ts"]


def test_conversion(target, case):
    made = target(case.before.read_text(), case.others, main=case.before.name)

    found = rpc.propose(made.modules, made.project, made.worker)

    assert isinstance(found, Conversion), found
    assert made.after(found.edits) == {case.before.name: case.after.read_text()}
    assert f"class {found.class_name} " in case.after.read_text()


def test_what_comes_out_is_a_class_for_the_scanner_too(target, case):
    made = target(case.after.read_text(), case.others, main=case.after.name)

    exports = made.worker.exports

    assert isinstance(exports, Exports)
    assert exports.default is not None
    assert exports.default.kind is ExportKind.WORKER_ENTRYPOINT
    assert not isinstance(rpc.propose(made.modules, made.project, made.worker), Conversion)


def test_the_module_of_the_object_changes_wherever_it_stands(target):
    worker = "const worker = {\n  fetch() {},\n};\nexport default worker;\n"
    made = target(
        'export { Room } from "./room";\nexport { worker as default } from "./lib";\n',
        {
            "lib.ts": 'import worker from "./worker";\nexport { worker };\n',
            "worker.ts": worker,
            "room.ts": "export class Room {}\n",
        },
    )

    found = rpc.propose(made.modules, made.project, made.worker)

    assert isinstance(found, Conversion)
    assert made.after(found.edits) == {
        "worker.ts": 'import { WorkerEntrypoint } from "cloudflare:workers";\n\n'
        "class ApiMom extends WorkerEntrypoint {\n  fetch() {}\n}\nexport default ApiMom;\n"
    }


def test_line_ends_tabs_and_the_byte_order_mark_stay(target):
    made = target(
        "\ufeff// The Worker.\r\n\r\nexport default {\r\n"
        "\tfetch: (request, env) => env.ASSETS.fetch(request),\r\n};\r\n"
    )
    assert converted(made) == (
        "\ufeff// The Worker.\r\n\r\n"
        'import { WorkerEntrypoint } from "cloudflare:workers";\r\n\r\n'
        "export default class ApiMom extends WorkerEntrypoint<any> {\r\n"
        "\tfetch(request) {\r\n\t\treturn this.env.ASSETS.fetch(request);\r\n\t}\r\n}\r\n"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("api-mom", "ApiMom"),
        ("book_telic.v2", "BookTelicV2"),
        ("3d-viewer", "Worker3dViewer"),
        ("cache", "CacheWorker"),
        ("env", "EnvWorker"),
        ("requests", "Requests"),
    ],
)
def test_the_class_is_called_after_the_worker(target, name, expected):
    made = target("export default { fetch() {} };\n", name=name)
    assert f"class {expected} extends" in converted(made)


RPC_CALLER = """
export default {
  async fetch(request, env) {
    return Response.json([await env.TARGET.add(1, 2), await env.TARGET.greet("a")]);
  },
};
"""
CALLER = {
    "caller/wrangler.jsonc": '{ "name": "caller", "main": "index.js", "services": ['
    '{ "binding": "TARGET", "service": "api-mom" }] }',
    "caller/index.js": RPC_CALLER,
}


def test_functions_that_callers_use_over_rpc_are_methods(target):
    made = target(
        "export default {\n"
        "  async fetch() { return new Response(); },\n"
        "  add: (a: number, b: number) => a + b,\n"
        "  greet(name: string, env: Env) { return env.HELLO + name; },\n"
        "};\n",
        around=CALLER,
    )
    assert converted(made) == (
        'import { WorkerEntrypoint } from "cloudflare:workers";\n\n'
        "export default class ApiMom extends WorkerEntrypoint<Env> {\n"
        "  async fetch() { return new Response(); }\n\n"
        "  add(a: number, b: number) {\n    return a + b;\n  }\n\n"
        "  greet(name: string) { return this.env.HELLO + name; }\n}\n"
    ), "two arguments are the caller's own; after a single one the runtime puts env"


@pytest.mark.parametrize(
    ("imports", "position"),
    [
        pytest.param(['"hono"', '"zod"', '"./a"', '"../b"'], 2, id="packages come first"),
        pytest.param(['"hono"', '"@/a"', '"~/b"', '"#c"'], 1, id="aliases are no packages"),
        pytest.param(['"hono"', '"@scope/a"', '"./b"'], 2, id="a scope is no alias"),
        pytest.param(['"hono"', '"./a"', '"zod"'], 3, id="packages and files are mixed"),
        pytest.param(['"./a"', '"hono"'], 2, id="files come first"),
        pytest.param(['"./a"', '"./b"'], 2, id="files alone"),
    ],
)
def test_the_import_goes_among_those_of_packages(target, imports, position):
    lines = [f"import {specifier};" for specifier in imports]
    made = target("\n".join([*lines, "", "export default { fetch() {} };", ""]))

    assert converted(made).splitlines()[position] == (
        'import { WorkerEntrypoint } from "cloudflare:workers";'
    )


@pytest.mark.parametrize(
    ("types", "arguments"),
    [
        pytest.param(("any", "Env"), "<Env>", id="the type that says more counts"),
        pytest.param(("Env", "any"), "<Env>", id="in whatever order"),
        pytest.param(("any", "any"), "<any>", id="no other type is made up"),
    ],
)
def test_any_agrees_with_every_type(target, types, arguments):
    first, second = types
    made = target(
        f"export default {{ fetch(r: Request, env: {first}) {{}}, "
        f"scheduled(c: ScheduledController, env: {second}) {{}} }};\n"
    )

    assert f"extends WorkerEntrypoint{arguments} {{" in converted(made)
