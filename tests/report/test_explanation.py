"""What ``wfix explain`` says of one binding."""

import json

import pytest

from codemod import planner
from codemod.errors import UsageError
from codemod.planner.verdicts import named
from codemod.report import explanation
from codemod.report.display import Display
from codemod.scanner import scan

TARGET = """import { DurableObject, WorkflowEntrypoint } from "cloudflare:workers";
export class Room extends DurableObject {}
export class Order extends WorkflowEntrypoint {}
export default { async fetch() { return new Response(""); }, tail() {} };
"""
SERVICES = [{"binding": "PLAIN", "service": "target"}]
ROOM = {"name": "ROOM", "class_name": "Room", "script_name": "target"}
ORDER = {"name": "order", "binding": "ORDER", "class_name": "Order", "script_name": "target"}


@pytest.fixture
def explain(tmp_path):
    """Explains a binding of the Worker called ``caller``, whose configuration is given."""

    def explain(binding, code="export default {};", target=TARGET, **settings):
        files = {
            "caller/wrangler.json": json.dumps(
                {"name": "caller", "main": "index.js", **settings}, indent=1
            ),
            "caller/index.js": code,
            "target/wrangler.json": json.dumps({"name": "target", "main": "index.js"}),
            "target/index.js": target,
        }
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(content)
        project = scan(tmp_path)
        plan = planner.plan(project)
        subjects = named(binding, project)
        return "".join(explanation.render(plan, item, Display()) for item in subjects)

    return explain


def test_a_durable_object_of_another_worker(explain):
    code = "export default { async fetch(r, env) { return env.ROOM.getByName('a').fetch(r); } };"
    text = explain("caller.ROOM", code, durable_objects={"bindings": [ROOM]})
    assert 'is bound to the Durable Object Room of "target"' in text
    assert 'target/wrangler.json:1:1: deploys "target"' in text
    assert "target/index.js:2:8: export Room, durable-object" in text
    assert "caller/index.js:1:47: ROOM is used (getByName)" in text


def test_a_workflow_of_another_worker(explain):
    text = explain("caller.ORDER", workflows=[ORDER])
    assert 'is bound to the Workflow Order of "target"' in text
    assert "target/index.js:3:8: export Order, workflow" in text


def test_a_tail_consumer_shows_what_handles_the_events(explain):
    text = explain("caller.target", tail_consumers=[{"service": "target"}])
    assert 'its events go to "target"' in text
    assert "default export, object literal with fetch, tail" in text
    assert "no use of" not in text


def test_a_durable_object_of_its_own(explain):
    own = {"name": "OWN", "class_name": "Own"}
    code = 'import { DurableObject as D } from "cloudflare:workers"; export class Own extends D {}'
    text = explain("caller.OWN", code, durable_objects={"bindings": [own]})
    assert "is bound to the Durable Object Own of the same Worker" in text
    assert "export Own, durable-object" in text


@pytest.mark.parametrize(
    ("target", "expected", "why"),
    [
        ("export default {};", "  no export Room is seen\n", "the class is not there"),
        ("export class room {}", "  no export Room is seen\n", "its name is told apart by case"),
        ('export * from "elsewhere";', "it may export more", "it may be among others"),
        ("export { Room } from './absent';", "export Room, durable-object", "it is by its name"),
    ],
)
def test_whether_the_class_is_exported(explain, target, expected, why):
    text = explain("caller.ROOM", target=target, durable_objects={"bindings": [ROOM]})
    assert expected in text, why


@pytest.mark.parametrize(
    ("binding", "settings"),
    [
        ("caller.ROOM", {"durable_objects": {"bindings": [ROOM]}}),
        ("caller.ORDER", {"workflows": [ORDER]}),
        ("caller.target", {"tail_consumers": [{"service": "target"}]}),
    ],
)
def test_only_service_bindings_are_judged(explain, binding, settings):
    assert "verdict" not in explain(binding, **settings)
    assert "verdict: " in explain("caller.PLAIN", services=SERVICES, **settings)


@pytest.mark.parametrize(
    ("code", "expected", "why"),
    [
        ("export default {};", "verdict: Works (no use is seen)\n", "it is never used"),
        (
            "export default { fetch(r, env) { return env.PLAIN.fetch(r); } };",
            "verdict: Needs fix\n",
            "it is fetched",
        ),
        (
            "export default { fetch(r, env) { return env.PLAIN.tail([]); } };",
            "verdict: Works\n",
            "a call over RPC is a use",
        ),
        (
            "export default { fetch(r, env) { return env.PLAIN.hello(); } };",
            "verdict: Needs fix (measured to fail: hello cannot be called over RPC",
            "a call over RPC of what is not there fails",
        ),
        (
            "import { run } from 'elsewhere'; export default { fetch(r, e) { return run(e); } };",
            "verdict: Unknown (whether the code fetches it cannot be told",
            "it may be used where nothing is seen",
        ),
    ],
)
def test_a_binding_that_works_since_nothing_uses_it(explain, code, expected, why):
    assert expected in explain("caller.PLAIN", code, services=SERVICES), why


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("CALLER.plain", 'did you mean "caller.PLAIN"?'),
        ("caller.PLAN", 'did you mean "caller.PLAIN"?'),
        ("caller.rooms", 'did you mean "caller.ROOM"?'),
        ("x", "`wfix map` lists the bindings"),
    ],
)
def test_a_name_that_is_none_is_met_with_the_nearest(explain, asked, hint):
    with pytest.raises(UsageError) as raised:
        explain(asked, services=SERVICES, durable_objects={"bindings": [ROOM]})
    assert hint in str(raised.value)
