"""The examples under every strategy, given to the compiler and to wrangler."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

EXAMPLES = ["atlas", "workspace"]
STRATEGIES = ["auto", "entrypoint", "named", "rpc", "split"]
SPLIT_OFF = {
    "atlas": {"api-mom-dos/wrangler.jsonc"},
    "workspace": {"apps/orders-dos/wrangler.toml", "apps/seats-dos/wrangler.jsonc"},
}


def sources(root: Path) -> set[str]:
    return {
        str(path)
        for path in root.rglob("*")
        if "src" in path.parts and path.suffix in {".ts", ".js"}
    }


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("strategy", [None, *STRATEGIES])
def test_types(example, programs, name, strategy):
    root = example(name, strategy)

    checked = programs.tsc(root)

    assert checked.code == 0, checked.output
    assert sources(root) <= set(checked.output.splitlines())


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("strategy", [None, *STRATEGIES])
def test_schema(example, configurations, violations, name, strategy):
    found = configurations(example(name, strategy))

    assert {path: violations(found[path]) for path in found} == {path: [] for path in found}


def test_schema_knows_the_keys_of_a_binding(violations):
    binding = {"binding": "TARGET", "service": "target"}
    assert violations({"name": "caller", "services": [binding | {"entrypoint": "Http"}]}) == []
    assert violations({"name": "caller", "services": [binding | {"entrypont": "Http"}]})
    assert violations({"name": "caller", "services": [binding | {"entrypoint": True}]})


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_dry_run(example, configurations, dry_run, name, strategy):
    before = configurations(Path(__file__).parents[2] / "examples" / name)

    root = example(name, strategy)

    created = configurations(root).keys() - before.keys()
    assert created == (SPLIT_OFF[name] if strategy == "split" else set())
    assert dry_run(root) == {}
