"""Findings of several rules about one target: one repair mends them together."""

import json

import pytest

from codemod import planner
from codemod.model import Strategy
from codemod.scanner import scan
from codemod.settings import Settings

CLASS = 'export { Cart } from "./cart";'
OBJECT = "export default { fetch() { return new Response() }, total(item, amount) {} };"
BY_RPC = "export default { fetch: (request, env) => env.PRICES.total('shoes', 3) };"
BY_HTTP = "export default { fetch: (request, env) => env.PRICES.fetch(request) };"


@pytest.fixture
def planned(tmp_path):
    """The plan for a target and its two callers, one over RPC and one over HTTP."""

    def run(strategy: Strategy | None = None, target: str = OBJECT):
        modules = {"prices": target, "rpc": BY_RPC, "http": BY_HTTP}
        for name, code in modules.items():
            folder = tmp_path / name
            folder.mkdir()
            services = [] if name == "prices" else [{"binding": "PRICES", "service": "prices"}]
            configuration = {"name": name, "main": "index.js", "services": services}
            (folder / "wrangler.json").write_text(json.dumps(configuration))
            (folder / "index.js").write_text(code)
        cart = 'import { DurableObject } from "cloudflare:workers";\n'
        (tmp_path / "prices/cart.js").write_text(
            f"{cart}export class Cart extends DurableObject {{}}"
        )
        return planner.plan(scan(tmp_path), Settings(strategy=strategy))

    return run


def outcomes(plan) -> dict[tuple[str, str], str]:
    return {
        (finding.rule, finding.worker): finding.fix.strategy
        if finding.fix
        else finding.no_fix or finding.skipped
        for finding in plan.findings
    }


def test_calls_that_an_object_cannot_take_share_the_repair_of_poisoned_bindings(planned):
    plan = planned(target=f"{CLASS} {OBJECT}")
    assert outcomes(plan) == {
        ("poisoned-binding", "http"): Strategy.RPC,
        ("rpc-on-object", "rpc"): Strategy.RPC,
    }
    assert len({finding.fix.edits for finding in plan.findings}) == 1
    assert [change.path for change in plan.changes] == ["prices/index.js"]


def test_what_another_strategy_mends_leaves_the_calls_unmended(planned):
    plan = planned(Strategy.ENTRYPOINT, f"{CLASS} {OBJECT}")
    assert outcomes(plan) == {
        ("poisoned-binding", "http"): Strategy.ENTRYPOINT,
        ("rpc-on-object", "rpc"): "only the strategy rpc mends it: --strategy entrypoint",
    }


def test_a_refused_conversion_leaves_the_calls_unmended_and_says_why(planned):
    spread = OBJECT.replace("{ fetch", "{ ...{}, fetch")
    found = outcomes(planned(target=f"{CLASS} {spread}"))
    assert found["poisoned-binding", "http"] is Strategy.ENTRYPOINT
    reason = "rpc is not possible: the default object spreads another one (prices/index.js:1)"
    assert found["rpc-on-object", "rpc"] == reason


@pytest.mark.parametrize("strategy", [Strategy.NAMED, Strategy.SPLIT, Strategy.LEAVE])
def test_a_target_without_classes_gets_the_strategy_rpc_or_none(planned, strategy):
    found = outcomes(planned(strategy))
    assert found == {
        ("rpc-on-object", "rpc"): f"only the strategy rpc mends it: --strategy {strategy}"
    }
