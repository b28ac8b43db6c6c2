"""Findings for a person: one paragraph each, then a count."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import Finding, Plan
from codemod.report.display import Display, printable


def render(plan: Plan, display: Display) -> str:
    """All findings of ``plan``, ending in a newline."""
    return "".join(f"{line}\n" for line in _lines(plan, display))


def _lines(plan: Plan, display: Display) -> Iterator[str]:
    for finding in plan.findings:
        yield from _finding(finding, display)
    yield _summary(plan)


def _finding(finding: Finding, display: Display) -> Iterator[str]:
    where = f" (environment {printable(finding.environment)})" if finding.environment else ""
    yield f"{display.place(finding.location)}: {finding.rule}: {printable(finding.message)}{where}"
    if finding.skipped:
        yield f"    skipped: {printable(finding.skipped)}"
    else:
        yield f"    evidence: {finding.evidence.mark}, {finding.evidence.source}"
    if finding.fix:
        yield f"    fix ({finding.fix.safety}): {printable(finding.fix.title)}"
        for reason in finding.fix.reasons:
            yield f"    because: {printable(reason)}"
    if finding.no_fix:
        yield f"    no fix: {printable(finding.no_fix)}"
    for related in finding.locations[1:]:
        yield f"    {display.place(related.location)}: {printable(related.label)}"


def _summary(plan: Plan) -> str:
    judged = [finding for finding in plan.findings if not finding.skipped]
    fixable = sum(finding.fix is not None for finding in judged)
    skipped = len(plan.findings) - len(judged)
    return (
        f"{_count(len(judged), 'finding')}, {fixable} with a fix; {skipped} skipped; "
        f"{_count(len(plan.project.workers), 'Worker')} read"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
