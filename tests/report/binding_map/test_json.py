import json

from codemod.report.binding_map.json import render


def test_the_example_is_told_key_by_key(atlas):
    content = json.loads(render(atlas))
    assert list(content) == ["version", "workers", "services", "bindings", "unreadable"]
    assert content["version"] == 1
    assert content["workers"][0] == {
        "name": "api-mom",
        "environment": None,
        "path": "api-mom/wrangler.jsonc",
        "exports": [
            {"name": "default", "kind": "object"},
            {"name": "CapabilityRegistryDO", "kind": "durable-object"},
            {"name": "RunnerDO", "kind": "durable-object"},
        ],
        "unknown": None,
        "open": None,
    }
    (binding,) = [item for item in content["bindings"] if item["name"] == "API_MOM"]
    assert binding == {
        "kind": "services",
        "worker": "book-telic",
        "environment": None,
        "name": "API_MOM",
        "target": "api-mom",
        "target_path": "api-mom/wrangler.jsonc",
        "target_environment": None,
        "entrypoint": None,
        "class_name": None,
        "status": "Needs fix",
        "reason": None,
        "path": "book-telic/wrangler.jsonc",
        "line": 10,
        "column": 5,
    }


def test_what_is_not_known_is_null_with_its_reason(varied):
    content = json.loads(render(varied))
    (built,) = [item for item in content["workers"] if item["name"] == "built"]
    assert built["exports"] is None
    assert built["unknown"] == "its main dist/index.js is absent: a build writes it"
    assert content["services"] == [
        {
            "name": "legacy",
            "kind": "external",
            "reason": 'no Worker that was read is deployed under the name "legacy"',
        },
        {"name": "twin", "kind": "unknown", "reason": 'two Workers are called "twin"'},
    ]
    legacy, room = (
        next(item for item in content["bindings"] if item["name"] == name)
        for name in ("LEGACY", "ROOM")
    )
    assert (legacy["target"], legacy["target_path"], legacy["status"]) == (
        "legacy",
        None,
        "Unknown",
    )
    assert (room["kind"], room["class_name"], room["status"]) == ("durable_objects", "Room", None)
    assert content["unreadable"] == [
        {"path": "broken/wrangler.jsonc", "reason": "line 2, column 1: expected a value"}
    ]


def test_names_are_told_as_they_are(hostile):
    content = json.loads(render(hostile))
    name = hostile.nodes[0].name
    assert content["workers"][0]["name"] == name
    assert content["bindings"][0]["name"] == name
    assert render(hostile).isascii()
