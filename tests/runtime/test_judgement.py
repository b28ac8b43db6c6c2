"""Which repairs a proof is against, and which rows a reader of a plan is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from codemod.model import (
    BindingKind,
    DeploymentRef,
    Edit,
    Evidence,
    FileChange,
    Finding,
    Fix,
    Language,
    Location,
    Mark,
    Outcome,
    Plan,
    PlannedEdit,
    Project,
    Proof,
    ProofRow,
    Related,
    Result,
    Safety,
    Span,
    Unknown,
    Usages,
    Worker,
)
from codemod.runtime.judgement import concerned, disproved

PASSED = Result(Outcome.PASSED)
FAILED = Result(Outcome.FAILED, "Error: no")
OTHERWISE = Result(Outcome.FAILED, "Error: other")
EXPECTED = Result(Outcome.FAILED, "Error: local", expected="once deployed it works")
NOT_RUN = Result(Outcome.NOT_RUN, "a reason")


def at(path: str, line: int) -> Location:
    return Location(path, line, 1, Span(line * 10, line * 10 + 5))


BINDING = at("caller/wrangler.json", 1)
OTHER_BINDING = at("caller/wrangler.json", 2)
FIRST_USE, SECOND_USE = at("caller/index.js", 3), at("caller/index.js", 4)


def finding(
    location: Location = BINDING,
    *,
    rule: str = "rule",
    mark: Mark = Mark.MEASURED,
    edited: str | None = "caller/wrangler.json",
    related: tuple[Location, ...] = (),
    environment: str | None = None,
) -> Finding:
    span = Span(location.span.start, location.span.end)
    fix = Fix(None, Safety.SAFE, "mend it", (), (Edit(edited, span, ""),)) if edited else None
    return Finding(
        rule=rule,
        worker="caller",
        environment=environment,
        binding=f"at {location.line}",
        target="target",
        location=location,
        message="",
        evidence=Evidence(mark, ""),
        locations=tuple(Related("", place) for place in related),
        fix=fix,
    )


def row(
    before: Result | None,
    after: Result | None,
    location: Location = BINDING,
    uses: tuple[Location, ...] = (FIRST_USE,),
) -> ProofRow:
    return ProofRow(
        worker="caller",
        deployment=DeploymentRef("caller/wrangler.json", None),
        binding="T",
        kind=BindingKind.SERVICE,
        target="target",
        location=location,
        call=".fetch()",
        before=before,
        after=after,
        uses=uses,
    )


def plan(*findings: Finding, made: tuple[Finding, ...] | None = None) -> Plan:
    caller = Worker(
        "caller/wrangler.json", "caller", Language.JAVASCRIPT, None, Unknown(""), Usages(), ()
    )
    edits = tuple(
        PlannedEdit(edit, item.rule, None, Safety.SAFE, ())
        for item in (findings if made is None else made)
        for edit in (item.fix.edits if item.fix else ())
    )
    change = FileChange("caller/wrangler.json", b"", b"", edits)
    return Plan(Project(Path("/"), (caller,)), findings, (change,))


@pytest.mark.parametrize(
    ("before", "after", "against", "why"),
    [
        (PASSED, FAILED, True, "it breaks what worked"),
        (FAILED, FAILED, True, "it mends nothing"),
        (FAILED, PASSED, False, "it mends the call"),
        (PASSED, PASSED, False, "it keeps the call"),
        (FAILED, OTHERWISE, True, "it mends nothing, though the call fails in another way"),
        (PASSED, EXPECTED, False, "only the local runtime fails"),
        (EXPECTED, EXPECTED, False, "and it failed so before"),
        (EXPECTED, FAILED, False, "the fault after it is another one"),
        (PASSED, NOT_RUN, False, "nothing is known"),
        (NOT_RUN, FAILED, False, "nothing was known"),
        (None, FAILED, False, "the call is a new one"),
        (PASSED, None, False, "the call is no longer made"),
    ],
)
def test_a_repair_of_the_binding(before, after, against, why):
    found = finding()
    reasons = disproved(plan(found), Proof("", (row(before, after),)))
    assert bool(reasons) is against, why


def test_the_reason_quotes_the_runtime():
    found = finding()
    worked = disproved(plan(found), Proof("", (row(PASSED, FAILED),)))
    assert worked == {
        found.key: "its proof fails: caller.T.fetch() works before it and fails after it: Error: no"
    }
    failed = disproved(plan(found), Proof("", (row(FAILED, FAILED),)))
    assert "fails after it as before: Error: no" in failed[found.key]


def test_a_precaution_need_not_mend_what_fails_otherwise():
    found = finding(mark=Mark.REPORTED)
    assert not disproved(plan(found), Proof("", (row(FAILED, FAILED),)))
    assert disproved(plan(found), Proof("", (row(PASSED, FAILED),)))


@pytest.mark.parametrize("made", [True, False])
def test_only_repairs_that_are_made_are_judged(made):
    found = finding()
    made_plan = plan(found, made=(found,) if made else ())
    assert bool(disproved(made_plan, Proof("", (row(FAILED, FAILED),)))) is made


def test_a_repair_of_another_binding_or_environment_is_not_meant():
    rows = (row(FAILED, FAILED), row(FAILED, PASSED, OTHER_BINDING))
    for other in (finding(OTHER_BINDING), finding(environment="staging")):
        assert not disproved(plan(other), Proof("", rows))


def test_a_call_fails_on_while_another_fault_of_it_stands():
    mended, standing = finding(), finding(rule="other", edited=None)
    assert not disproved(plan(mended, standing), Proof("", (row(FAILED, FAILED),)))


def test_a_repair_that_leaves_its_call_failing_in_another_way_goes_on_only_with_a_reason():
    changed = row(FAILED, OTHERWISE)
    named, standing = finding(related=(FIRST_USE,)), finding(rule="other", edited=None)
    assert disproved(plan(named), Proof("", (changed,)))
    assert not disproved(plan(named, standing), Proof("", (changed,)))
    mended = row(FAILED, PASSED, uses=(SECOND_USE,))
    assert disproved(plan(named), Proof("", (changed, mended)))
    of_binding = finding()
    assert not disproved(plan(of_binding), Proof("", (changed, mended)))
    same = row(FAILED, FAILED)
    assert disproved(plan(of_binding), Proof("", (same, mended)))


def test_a_repair_in_the_code_is_meant_by_its_place():
    mended = finding(FIRST_USE, edited="caller/index.js")
    first, second = row(FAILED, FAILED), row(FAILED, FAILED, uses=(SECOND_USE,))
    assert disproved(plan(mended), Proof("", (first,)))
    assert not disproved(plan(mended), Proof("", (second,)))


def test_a_finding_that_names_its_calls_is_about_these_alone():
    mended = finding(related=(SECOND_USE,))
    first, second = row(FAILED, FAILED), row(FAILED, PASSED, uses=(SECOND_USE,))
    assert not disproved(plan(mended), Proof("", (first, second)))
    again = row(FAILED, FAILED, uses=(SECOND_USE,))
    assert disproved(plan(mended), Proof("", (first, again)))


def test_what_one_repair_mends_together_is_disproved_together():
    shared = finding().fix
    one, two = (replace(item, fix=shared) for item in (finding(), finding(OTHER_BINDING)))
    reasons = disproved(plan(one, two), Proof("", (row(PASSED, FAILED),)))
    assert reasons.keys() == {one.key, two.key}


@pytest.mark.parametrize(
    ("edited", "against"), [("caller/wrangler.json", True), ("elsewhere/index.js", False)]
)
def test_a_call_that_no_repair_is_about_is_held_against_those_that_touch_its_workers(
    edited, against
):
    found = finding(at("target/index.js", 9), edited=edited)
    assert bool(disproved(plan(found), Proof("", (row(PASSED, FAILED),)))) is against


def test_a_reader_is_shown_what_is_repaired_what_comes_and_goes_and_what_fails():
    rows = (
        row(PASSED, PASSED),
        row(PASSED, PASSED, OTHER_BINDING),
        row(FAILED, FAILED, OTHER_BINDING),
        row(None, PASSED, OTHER_BINDING),
        row(NOT_RUN, NOT_RUN, OTHER_BINDING),
    )
    assert concerned(plan(finding()), Proof("", rows)) == (rows[0], rows[2], rows[3])
