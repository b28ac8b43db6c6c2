"""Findings for programs: one JSON object.

``version`` grows when a key changes its meaning or goes away; new keys may come at any time. What
does not apply or cannot be known is null. Paths are given as the user would type them. Lines and
columns count from 1 and in code points, ``start`` and ``end`` are offsets in bytes, and ends are
exclusive; a line or column that is not known is null: the file changed since it was read.

- ``findings``: each ``rule``, the names of what it is about (``worker``, ``environment``,
  ``binding``, ``target``), its place, ``message``, ``evidence`` (the mark) and its ``source``,
  ``fix``, ``no_fix`` (why a fault that stands has none), ``skipped`` (why nothing is claimed),
  ``suppressed`` (whether a comment or a baseline calls it known), and ``locations``: the places
  that it rests on, each with a ``label``.
- a ``fix`` has ``strategy``, ``safety``, ``title``, ``reasons``, ``edits`` (places with the
  ``text`` that replaces them), ``new_files`` and ``steps`` that are left to a person.
- ``workers``: how many were read; ``unreadable``: ``path`` and ``reason`` of what could not be.
"""

from __future__ import annotations

from typing import Any

from codemod.model import Finding, Fix, Location, Plan, Span
from codemod.report.display import Display
from codemod.report.json_text import dumps
from codemod.report.sources import Sources

VERSION = 1


def render(plan: Plan, display: Display) -> str:
    """The object, indented, ending in a newline."""
    places = _Places(Sources(plan.project), display)
    return dumps(
        {
            "version": VERSION,
            "findings": [_finding(finding, places) for finding in plan.findings],
            "workers": len(plan.project.workers),
            "unreadable": [
                {"path": display.path(item.path), "reason": item.reason}
                for item in plan.project.unreadable
            ],
        }
    )


class _Places:
    """Gives places their lines and columns."""

    def __init__(self, sources: Sources, display: Display) -> None:
        self._sources = sources
        self._display = display

    def path(self, path: str) -> str:
        return self._display.path(path)

    def of(self, location: Location) -> dict[str, Any]:
        known = {"line": location.line, "column": location.column}
        return self.of_span(location.path, location.span) | known

    def of_span(self, path: str, span: Span) -> dict[str, Any]:
        region = self._sources.region(path, span)
        return {
            "path": self.path(path),
            "line": region.line if region else None,
            "column": region.column if region else None,
            "end_line": region.end_line if region else None,
            "end_column": region.end_column if region else None,
            "start": span.start,
            "end": span.end,
        }


def _finding(finding: Finding, places: _Places) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "worker": finding.worker,
        "environment": finding.environment,
        "binding": finding.binding,
        "target": finding.target,
        **places.of(finding.location),
        "message": finding.message,
        "evidence": finding.evidence.mark,
        "source": finding.evidence.source,
        "fix": _fix(finding.fix, places) if finding.fix else None,
        "no_fix": finding.no_fix,
        "skipped": finding.skipped,
        "suppressed": finding.suppressed,
        "locations": [
            {"label": related.label, **places.of(related.location)} for related in finding.locations
        ],
    }


def _fix(fix: Fix, places: _Places) -> dict[str, Any]:
    return {
        "strategy": fix.strategy,
        "safety": fix.safety,
        "title": fix.title,
        "reasons": fix.reasons,
        "edits": [
            {**places.of_span(edit.path, edit.span), "text": edit.text} for edit in fix.edits
        ],
        "new_files": [
            {"path": places.path(file.path), "text": file.text} for file in fix.new_files
        ],
        "steps": fix.steps,
    }
