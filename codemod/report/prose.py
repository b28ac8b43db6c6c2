"""What is said of findings, and the words around a diff: what each change is for, what was left
out and why.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import Finding, FindingKey, Plan, Related, Safety
from codemod.report.counts import with_unsafe_fixes
from codemod.report.display import Display
from codemod.report.sharing import join


def of_finding(finding: Finding) -> Iterator[str]:
    """What is said of a finding wherever it is shown, its place aside: the message, then more."""
    yield _message(finding)
    if finding.skipped:
        yield f"skipped: {finding.skipped}"
        return
    yield f"evidence: {finding.evidence.mark}, {finding.evidence.source}"
    if finding.fix:
        yield f"fix ({finding.fix.safety}): {finding.fix.title}"
        yield from (f"because: {reason}" for reason in finding.fix.reasons)
    if finding.no_fix:
        yield f"no fix: {finding.no_fix}"


def _message(finding: Finding) -> str:
    return f"{finding.message}{_deployments(finding)}"


def _deployments(finding: Finding) -> str:
    """Which deployments a finding is about, where that is not the top level alone."""
    if not finding.also:
        return f" (environment {finding.environment})" if finding.environment else ""
    keys = (finding.key, *finding.also)
    names = dict.fromkeys(key.worker for key in keys)
    if len(names) == len(keys):
        return f" (in {', '.join(names)})"
    return f" (in {', '.join(map(_with_environment, keys))})"


def _with_environment(key: FindingKey) -> str:
    where = f"environment {key.environment}" if key.environment else "the top level"
    return f"{where} of {key.worker}"


def other_places(finding: Finding) -> list[Related]:
    """The places that a finding rests on beside its own."""
    return [item for item in finding.locations if item.location != finding.location]


def of_plan(plan: Plan, display: Display) -> Iterator[str]:
    """One paragraph a finding, then what else could be done."""
    edits = {planned.edit for change in plan.changes for planned in change.edits}
    fixes_made = waiting = 0
    for finding in join(plan.findings):
        if finding.suppressed:
            continue
        made = finding.fix is not None and edits.issuperset(finding.fix.edits)
        fixes_made += made
        waiting += finding.fix is not None and not made and finding.fix.safety is Safety.UNSAFE
        yield from _paragraph(finding, display, made=made)
    yield from _steps(plan)
    if waiting:
        yield with_unsafe_fixes(waiting, made=fixes_made)
    if not plan.changes:
        yield "no changes"


def _steps(plan: Plan) -> Iterator[str]:
    every = dict.fromkeys(finding.fix.steps for finding in plan.findings if finding.fix)
    for steps in filter(None, every):
        yield "what is left to a person, in this order:"
        yield from (f"    {number}. {step}" for number, step in enumerate(steps, start=1))


def _paragraph(finding: Finding, display: Display, *, made: bool) -> Iterator[str]:
    yield f"{display.place(finding.location)}: {finding.rule}: {_message(finding)}"
    if finding.skipped:
        yield f"    skipped: {finding.skipped}"
        return
    yield f"    evidence: {finding.evidence.mark}, {finding.evidence.source}"
    if finding.no_fix:
        yield f"    no fix: {finding.no_fix}"
    if finding.fix is None:
        return
    yield f"    {finding.fix.safety} fix{'' if made else ', not made'}: {finding.fix.title}"
    for reason in finding.fix.reasons:
        yield f"    because: {reason}"
