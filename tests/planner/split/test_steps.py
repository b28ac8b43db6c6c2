"""What a person is told: the order of deploys, what happens to data, the way back."""

import json

import pytest

BINDINGS = {"bindings": [{"name": "ROOM", "class_name": "Room"}]}
SQLITE = {"migrations": [{"tag": "v1", "new_sqlite_classes": ["Room"]}]}
KEY_VALUE = {"migrations": [{"tag": "v1", "new_classes": ["Room"]}]}
EXPORTS = {"exports": {"Room": {"type": "durable-object", "storage": "sqlite"}}}


def configuration(**settings) -> dict[str, str]:
    content = {"name": "api", "main": "src/index.ts", "durable_objects": BINDINGS, **settings}
    return {"api/wrangler.jsonc": json.dumps(content)}


def deploys(made) -> list[str]:
    """The configurations that are deployed, in order."""
    return [
        line.split("wrangler deploy -c ")[1].split(". ")[0]
        for line in made.steps
        if "wrangler deploy -c " in line
    ]


@pytest.mark.parametrize("lives", [SQLITE, EXPORTS])
@pytest.mark.parametrize("fresh", [True, False])
def test_the_new_worker_is_deployed_first(splitting, lives, fresh):
    made = splitting(configuration(**lives), fresh=fresh)
    assert deploys(made) == ["api-dos/wrangler.jsonc", "api/wrangler.jsonc"]


@pytest.mark.parametrize("lives", [SQLITE, KEY_VALUE, EXPORTS])
@pytest.mark.parametrize("fresh", [True, False])
def test_no_class_is_ever_deleted(splitting, lives, fresh):
    """Neither an edit nor a new file says so; a step speaks of it to forbid it."""
    made = splitting(configuration(**lives), fresh=fresh)
    written = json.dumps([made.changed, made.new])
    assert "deleted" not in written
    assert all(step.startswith(("Never", "Keep")) for step in made.steps if "deleted" in step)


def test_a_transfer_tells_what_becomes_of_data(splitting):
    told = " ".join(splitting(configuration(**SQLITE)).steps)
    assert "the namespaces change hands at once, with all objects, their storage" in told
    assert "Until their own next deploy the bindings of api and of other Workers forward" in told
    assert '{"from": "Room", "from_script": "api-dos", "to": "Room"}' in told


@pytest.mark.parametrize(
    ("lives", "rewritten", "is_told"),
    [
        (SQLITE, '{"tag": "v1", "new_sqlite_classes": ["Room"]}', True),
        (KEY_VALUE, '{"tag": "v1", "new_classes": ["Room"]}', False),
    ],
)
def test_the_transfer_is_rewritten_once_it_is_done(splitting, lives, rewritten, is_told):
    """wrangler dev gives SQL to classes that a migration creates, not to those it transfers."""
    told = " ".join(splitting(configuration(**lives)).steps)
    assert f"replace the migration of api-dos by {rewritten}" in told
    assert ("gives the classes no SQL storage" in told) is is_told


def test_fresh_warns_of_what_is_deployed(splitting):
    first = splitting(configuration(**SQLITE), fresh=True).steps[0]
    assert first.startswith("This is for classes that were never deployed.")
    assert "out of reach" in first


def test_the_exports_map_takes_a_third_deploy(splitting):
    """The new Worker can bind its own class only then."""
    steps = splitting(
        {
            **configuration(**EXPORTS),
            "api/src/room.ts": 'import { DurableObject } from "cloudflare:workers";\n'
            "export class Room extends DurableObject {\n  act() { this.env.ROOM.get(1); }\n}\n",
        }
    ).steps
    third = next(step for step in steps if step.startswith("Then tell api-dos"))
    assert json.dumps(BINDINGS) in third
    assert "Until then env.ROOM may be missing in the classes." in third


def test_each_environment_is_deployed_by_itself(splitting):
    made = splitting(configuration(**SQLITE, env={"live": {"durable_objects": BINDINGS}}))
    told = next(step for step in made.steps if step.startswith("Each environment"))
    assert "api to api-dos and api-live to api-dos-live" in told


def test_one_environment_is_not_spoken_of(splitting):
    made = splitting(configuration(**SQLITE))
    assert not [step for step in made.steps if step.startswith("Each environment")]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return this.env.KEY;", "The classes read env.KEY, which the configuration gives"),
        ("return this.env[key];", "A secret belongs to one Worker: give api-dos those that"),
        ("return this.env.LIMIT;", None),
    ],
)
def test_secrets(splitting, body, told):
    made = splitting(
        {
            **configuration(**SQLITE, vars={"LIMIT": "1"}),
            "api/src/room.ts": 'import { DurableObject } from "cloudflare:workers";\n'
            f"export class Room extends DurableObject {{\n  act() {{ {body} }}\n}}\n",
        }
    )
    found = [step for step in made.steps if "secret" in step]
    assert [step for step in found if told and step.startswith(told)] == found


def test_other_workers_are_deployed_after_both(splitting):
    binding = {"name": "ROOM", "class_name": "Room", "script_name": "api"}
    other = {"name": "web", "durable_objects": {"bindings": [binding]}}
    made = splitting({**configuration(**SQLITE), "web/wrangler.json": json.dumps(other)})
    last = next(index for index, step in enumerate(made.steps) if "wrangler deploy -c api/" in step)
    assert "whose bindings follow: web." in made.steps[last + 1]


def test_two_new_workers_that_bind_each_other(splitting):
    made = splitting(
        {
            **configuration(**SQLITE, services=[{"binding": "SELF", "service": "api"}]),
            "api/src/room.ts": 'import { DurableObject } from "cloudflare:workers";\n'
            "export class Room extends DurableObject {\n"
            "  act() { return this.env.SELF.fetch('http://api/'); }\n}\n",
        },
        fresh=True,
    )
    assert any("leave SELF out of the first deploy of api-dos" in step for step in made.steps)


@pytest.mark.parametrize("exists", [True, False])
def test_generated_types(splitting, exists):
    files = {"api/worker-configuration.d.ts": "interface Env {}\n"} if exists else {}
    steps = splitting(files).steps
    assert (
        any(step.startswith("Generate api/worker-configuration.d.ts") for step in steps) is exists
    )


def test_modules_of_both_workers_are_named(splitting):
    made = splitting(
        {
            "api/src/a.ts": "export const a = 1;\n",
            "api/src/room.ts": 'import { DurableObject } from "cloudflare:workers";\n'
            'import { a } from "./a";\n'
            "export class Room extends DurableObject {\n  a = a;\n}\n",
            "api/src/index.ts": 'import { a } from "./a";\nexport { Room } from "./room";\n'
            "export default { fetch: () => new Response(a) };\n",
        }
    )
    assert any(step.startswith("api/src/a.ts run in both Workers") for step in made.steps)
