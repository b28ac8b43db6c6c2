"""How many findings each rule has, in place of the findings."""

from __future__ import annotations

from codemod.model import Finding, Plan
from codemod.report.counts import Counts, counted, notes
from codemod.report.json_text import dumps
from codemod.report.text import summary

VERSION = 1


def render(plan: Plan) -> str:
    """A line a rule, the most frequent first, then the count of all; ends in a newline."""
    by_rule = _by_rule(plan)
    digits = max((len(str(counts.findings)) for _, counts in by_rule), default=0)
    width = max((len(rule) for rule, _ in by_rule), default=0)
    lines = [
        f"{counts.findings:>{digits}}  {rule:<{width}}  {', '.join(notes(counts))}".rstrip()
        for rule, counts in by_rule
    ]
    return "".join(f"{line}\n" for line in [*lines, summary(plan)])


def render_json(plan: Plan) -> str:
    """The same as one JSON object with ``version`` and ``statistics``, ending in a newline."""
    content = [
        {
            "rule": rule,
            "findings": counts.findings,
            "fixable": counts.fixable,
            "unsafe": counts.unsafe,
            "skipped": counts.skipped,
            "suppressed": counts.suppressed,
        }
        for rule, counts in _by_rule(plan)
    ]
    return dumps({"version": VERSION, "statistics": content})


def _by_rule(plan: Plan) -> list[tuple[str, Counts]]:
    findings: dict[str, list[Finding]] = {}
    for finding in plan.findings:
        findings.setdefault(finding.rule, []).append(finding)
    by_rule = [(rule, counted(of_rule)) for rule, of_rule in findings.items()]
    return sorted(by_rule, key=lambda item: (-item[1].findings, item[0]))
