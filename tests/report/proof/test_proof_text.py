"""The table of a proof as a person reads it."""

from __future__ import annotations

from dataclasses import replace

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
from codemod.report.proof import text

HERE = Location("a/wrangler.json", 1, 1, Span(0, 1))
PASSED = Result(Outcome.PASSED)


def row(call: str, before: Result | None, after: Result | None, environment=None) -> ProofRow:
    return ProofRow(
        "api",
        DeploymentRef("a", environment),
        "T",
        BindingKind.SERVICE,
        "t",
        HERE,
        call,
        before,
        after,
    )


def test_columns_line_up_and_notes_stand_below():
    failed = Result(Outcome.FAILED, "Error: no", cause="a reason")
    local = Result(Outcome.FAILED, "no entrypoint", cause="default", expected="it works deployed")
    rows = (
        row(".fetch()", PASSED, PASSED),
        row(".add(2 arguments)", failed, failed, "staging"),
        row(".fetch()", PASSED, local),
        row("any", None, Result(Outcome.NOT_RUN, "it is remote")),
    )
    assert text.render(Proof("workerd 2026-01-01", rows), Display()) == (
        "binding          call               before  after    message\n"
        "api.T            .fetch()           pass    pass\n"
        "api.T (staging)  .add(2 arguments)  fail    fail     Error: no\n"
        "    cause: a reason\n"
        "api.T            .fetch()           pass    fail     no entrypoint\n"
        "    expected locally: it works deployed\n"
        "api.T            any                -       not run  it is remote\n"
        "4 calls on workerd 2026-01-01, 1 pass, 2 fail (1 only locally), 1 not run\n"
    )


def test_a_message_cannot_steer_the_terminal():
    rows = (row(".\x1b[2J()", PASSED, Result(Outcome.FAILED, "a\nb\x1b[0m")),)
    rendered = text.render(Proof("w", rows), Display())
    assert "\x1b" not in rendered
    assert "a\\x0ab" in rendered


def test_both_messages_are_shown_where_they_differ():
    one, other = Result(Outcome.FAILED, "Error: one"), Result(Outcome.FAILED, "Error: other")
    mended = text.render(Proof("w", (row(".fetch()", one, PASSED),)), Display())
    assert mended.count("Error: one") == 1
    same = text.render(Proof("w", (row(".fetch()", one, one),)), Display())
    assert "before: " not in same
    changed = text.render(Proof("w", (row(".fetch()", one, other),)), Display())
    assert "fail   Error: other\n    before: Error: one\n" in changed


def test_no_calls_are_said_in_a_sentence_and_a_trial_call_is_marked():
    nothing = text.render(Proof("w", ()), Display())
    assert nothing == "no call between Workers is found: there is nothing to prove\n"
    tried = replace(row(".fetch()", PASSED, PASSED), is_trial=True)
    shown = text.render(Proof("w", (tried, row(".add()", PASSED, PASSED))), Display())
    assert shown.count("(trial)") == 1
    assert ".fetch() (trial)  pass" in shown
