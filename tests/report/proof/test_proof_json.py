"""The keys of a proof that programs read."""

from __future__ import annotations

import json

from codemod.model import (
    BindingKind,
    DeploymentRef,
    Location,
    Outcome,
    Proof,
    ProofRow,
    Result,
    Span,
)
from codemod.report.display import Display
from codemod.report.proof import json as renderer

HERE = Location("a/wrangler.json", 7, 1, Span(0, 1))


def test_a_row_has_all_keys_and_the_summary_counts_the_side_after():
    failed = Result(Outcome.FAILED, "no", "a cause", "it works deployed")
    row = ProofRow(
        worker="api",
        deployment=DeploymentRef("a/wrangler.json", "staging"),
        binding="T",
        kind=BindingKind.SERVICE,
        target="t",
        location=HERE,
        call=".fetch()",
        before=None,
        after=failed,
    )
    content = json.loads(renderer.render(Proof("workerd", (row,), ("a note",)), Display("here")))
    assert content == {
        "version": 1,
        "runtime": "workerd",
        "summary": {"rows": 1, "pass": 0, "fail": 1, "expected": 1, "not_run": 0},
        "rows": [
            {
                "worker": "api",
                "environment": "staging",
                "binding": "T",
                "kind": "services",
                "target": "t",
                "path": "here/a/wrangler.json",
                "line": 7,
                "call": ".fetch()",
                "before": None,
                "after": "fail",
                "message": "no",
                "message_before": None,
                "message_after": "no",
                "cause": "a cause",
                "expected": "it works deployed",
                "trial": False,
            }
        ],
        "notes": ["a note"],
    }


def test_what_is_not_known_is_null():
    passed = Result(Outcome.PASSED)
    row = ProofRow(
        "api", DeploymentRef("a", None), "T", BindingKind.SERVICE, None, HERE, "", passed, passed
    )
    (shown,) = json.loads(renderer.render(Proof("w", (row,)), Display()))["rows"]
    nulls = {key for key, value in shown.items() if value is None}
    messages = {"message", "message_before", "message_after"}
    assert nulls == {"environment", "target", "cause", "expected"} | messages


def test_each_side_keeps_its_message():
    one, other = Result(Outcome.FAILED, "before"), Result(Outcome.FAILED, "after")
    row = ProofRow(
        "api", DeploymentRef("a", None), "T", BindingKind.SERVICE, None, HERE, "", one, other
    )
    (shown,) = json.loads(renderer.render(Proof("w", (row,)), Display()))["rows"]
    assert [shown["message"], shown["message_before"], shown["message_after"]] == [
        "after",
        "before",
        "after",
    ]
