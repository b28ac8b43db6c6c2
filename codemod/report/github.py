"""Findings as workflow commands: GitHub Actions annotates the lines with them.

How values are escaped is what the runner undoes (``ActionCommand`` of `actions/runner`).
"""

from __future__ import annotations

from collections.abc import Iterable

from codemod.model import Finding, Plan
from codemod.report import prose
from codemod.report.display import Display, printable
from codemod.report.severity import Level, level
from codemod.report.sources import Sources

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def render(plan: Plan, display: Display) -> str:
    """A command for each finding that is not known, and for each file that cannot be read."""
    sources = Sources(plan.project)
    commands = [
        _command(
            _COMMANDS[level(finding)], _place(finding, sources, display), prose.of_finding(finding)
        )
        for finding in plan.findings
        if not finding.suppressed
    ]
    for item in plan.project.unreadable:
        place = {"file": display.path(item.path), "title": "wfix cannot read this"}
        commands.append(_command("warning", place, [item.reason]))
    return "".join(commands)


def _place(finding: Finding, sources: Sources, display: Display) -> dict[str, str]:
    location = finding.location
    region = sources.region(location.path, location.span)
    place = {"file": display.path(location.path), "line": f"{location.line}"}
    if region is None or region.line == region.end_line:
        # GitHub takes columns only where a place is within a line.
        place["col"] = f"{location.column}"
    if region:
        place["endLine"] = f"{region.end_line}"
        if region.line == region.end_line:
            place["endColumn"] = f"{region.end_column}"
    return {**place, "title": finding.rule}


def _command(name: str, properties: dict[str, str], lines: Iterable[str]) -> str:
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = "%0A".join(_escaped(line) for line in lines)
    return f"::{name} {listed}::{message}\n"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(line: str) -> str:
    return printable(line).replace("%", "%25")
