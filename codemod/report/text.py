"""Findings for a person: a paragraph with the source each, then a count."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import Finding, Plan
from codemod.report import excerpt, prose
from codemod.report.counts import amount, counted, notes
from codemod.report.display import Display, printable
from codemod.report.severity import level
from codemod.report.sources import Sources
from codemod.report.styled import Line, Part, Role, plain

_INDENT = "    "


def render(plan: Plan, display: Display) -> str:
    """All findings of ``plan`` but the known ones, ending in a newline."""
    return plain(lines(plan, display))


def lines(plan: Plan, display: Display) -> Iterator[Line]:
    """What ``render`` joins, for a terminal to colour."""
    sources = Sources(plan.project)
    for finding in plan.findings:
        if not finding.suppressed:
            yield from _finding(finding, sources, display)
            yield ()
    yield (Part(summary(plan)),)


def summary(plan: Plan) -> str:
    """The counts in one line."""
    counts = counted(plan.findings)
    parts = [
        amount(counts.findings, "finding", "findings"),
        *notes(counts),
        f"{amount(len(plan.project.workers), 'Worker', 'Workers')} read",
    ]
    return ", ".join(parts)


def _finding(finding: Finding, sources: Sources, display: Display) -> Iterator[Line]:
    role = Role(level(finding))
    first, *more = prose.of_finding(finding)
    yield (
        Part(f"{display.place(finding.location)}: ", Role.PLACE),
        Part(finding.rule, role),
        Part(f": {printable(first)}"),
    )
    yield from excerpt_lines(finding, sources)
    for line in more:
        label, colon, rest = line.partition(":")
        part = Part(_INDENT + label, Role.REPAIR if label.startswith("fix") else None)
        yield part, Part(printable(colon + rest))
    for related in prose.other_places(finding):
        place = display.place(related.location)
        yield (Part(f"{_INDENT}{place}: {printable(related.label)}", Role.MARGIN),)


def excerpt_lines(finding: Finding, sources: Sources) -> Iterator[Line]:
    """The source at a finding, with carets.

    Nothing where the file changed since, or is meant as a whole.
    """
    role = Role(level(finding))
    source = sources.get(finding.location.path)
    if source is None or source.is_whole(finding.location.span):
        return
    region = source.region(finding.location.span)
    rows = excerpt.rows(source, region)
    digits = max(len(str(row.number or "")) for row in rows)
    for row in rows:
        sign = ">" if row.width else " "
        margin = Part(f"{_INDENT}{sign} {row.number or '':>{digits}} | ", Role.MARGIN)
        yield margin, Part(row.before), Part(row.span, role), Part(row.after)
        if row.number == region.line:
            margin = Part(f"{_INDENT}  {'':>{digits}} | ", Role.MARGIN)
            yield margin, Part(" " * row.column), Part("^" * row.width, role)
