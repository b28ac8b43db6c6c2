"""Findings as GitHub Flavored Markdown: for a job's summary or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from codemod.model import Finding, Plan
from codemod.report import inert, prose
from codemod.report.display import Display
from codemod.report.sources import Sources
from codemod.report.styled import plain
from codemod.report.text import excerpt_lines, summary

LIMIT = 60_000
"""Characters of the whole: GitHub takes 65,536 in a comment."""

_LEFT_OUT = "\nMore is left out here: `wfix check` lists everything.\n"
_HEADER = "| place | rule | finding | fix |\n|---|---|---|---|\n"


def render(plan: Plan, display: Display) -> str:
    """A heading, a table of the findings that stand, then details; ends in a newline."""
    return "".join(_within(LIMIT - len(_LEFT_OUT), _parts(plan, display)))


def _parts(plan: Plan, display: Display) -> Iterator[str]:
    standing = [finding for finding in plan.findings if finding.stands]
    skipped = [finding for finding in plan.findings if finding.skipped and not finding.suppressed]
    yield f"## wfix\n\n{summary(plan)}\n"
    if standing:
        yield f"\n{_HEADER}{_row(standing[0], display)}"
    for finding in standing[1:]:
        yield _row(finding, display)
    if skipped:
        yield "\nNot judged:\n\n"
    for finding in skipped:
        message, why = map(inert.text, prose.of_finding(finding))
        yield f"- {inert.code(display.place(finding.location))} {finding.rule}: {message}; {why}\n"
    if plan.project.unreadable:
        yield "\nNot read:\n\n"
    for item in plan.project.unreadable:
        yield f"- {inert.code(display.path(item.path))}: {inert.text(item.reason)}\n"
    sources = Sources(plan.project)
    for finding in standing:
        yield _details(finding, sources, display)


def _within(room: int, parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        room -= len(part)
        if room < 0:
            yield _LEFT_OUT
            return
        yield part


def _row(finding: Finding, display: Display) -> str:
    message, *_ = prose.of_finding(finding)
    place = inert.code(display.place(finding.location))
    fix = finding.fix.safety if finding.fix else ""
    cells = (place, inert.code(finding.rule), inert.text(message), fix)
    return inert.row(*cells)


def _details(finding: Finding, sources: Sources, display: Display) -> str:
    place = escape(display.place(finding.location))
    _, *more = prose.of_finding(finding)
    # Lines of theirs cannot close the block: each stands behind a margin.
    shown = plain(excerpt_lines(finding, sources))
    related = [
        f"{inert.code(display.place(item.location))}: {inert.text(item.label)}"
        for item in prose.other_places(finding)
    ]
    return "\n".join(
        [
            "",
            "<details>",
            f"<summary><code>{place}</code> {finding.rule}</summary>",
            "",
            *([f"```text\n{shown}```", ""] if shown else []),
            *(f"- {line}" for line in [*map(inert.text, more), *related]),
            "",
            "</details>",
            "",
        ]
    )
