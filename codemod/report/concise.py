"""Findings for editors and scripts: a line each, and nothing else."""

from __future__ import annotations

from codemod.model import Finding, Plan, Safety
from codemod.report import prose
from codemod.report.display import Display, printable


def render(plan: Plan, display: Display) -> str:
    """All findings of ``plan`` but the known ones: ``path:line:column: rule: message [fix]``."""
    return "".join(
        f"{_line(finding, display)}\n" for finding in plan.findings if not finding.suppressed
    )


def _line(finding: Finding, display: Display) -> str:
    message, *_ = prose.of_finding(finding)
    place = display.place(finding.location)
    return f"{place}: {finding.rule}: {printable(message)}{_mark(finding)}"


def _mark(finding: Finding) -> str:
    if finding.skipped:
        return f" [skipped: {printable(finding.skipped)}]"
    if finding.fix is None:
        return ""
    return " [fix]" if finding.fix.safety is Safety.SAFE else f" [{finding.fix.safety} fix]"
