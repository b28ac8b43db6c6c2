"""Diagnoses for programs: one JSON object a line, so that a stream can be read as it comes.

``version`` grows when a key changes its meaning or goes away.

- ``{"kind": "diagnosis"}``: ``message`` (its name in the table), ``text`` (as it was written),
  ``parts`` (what it names), ``causes`` (each ``summary``, ``evidence``, ``source``, ``advice``,
  ``rules``, ``places`` and ``undecided``), ``unseen``. Places have ``path``, ``line``, ``column``
  and the rule's finding in short; those of ``places`` also ``fits`` (whether they are of the names
  that the message says), ``command`` (what makes the fix) and ``no_command`` (why none does).
- ``{"kind": "count"}``, at the end, for each message: ``message``, ``text``, ``count``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from codemod.diagnosis.places import Answer, Blind, Diagnosis, Place
from codemod.diagnosis.recognition import Recognised
from codemod.model import Finding, Location
from codemod.report.display import Display

VERSION = 1


def render(diagnosis: Diagnosis, display: Display) -> str:
    """One line. It is ASCII: any encoding carries it."""
    recognised = diagnosis.recognised
    return _line(
        "diagnosis",
        {
            "message": recognised.message.name,
            "text": recognised.text,
            "parts": {name: value for name, value in asdict(recognised.parts).items() if value},
            "causes": [_answer(answer, display) for answer in diagnosis.answers],
            "unseen": [_blind(item, display) for item in diagnosis.unseen],
        },
    )


def totals(counts: Iterable[tuple[Recognised, int]]) -> str:
    """One line for each message of a stream."""
    return "".join(
        _line("count", {"message": item.message.name, "text": item.text, "count": count})
        for item, count in counts
    )


def _line(kind: str, content: dict[str, Any]) -> str:
    return json.dumps({"version": VERSION, "kind": kind, **content}) + "\n"


def _answer(answer: Answer, display: Display) -> dict[str, Any]:
    cause = answer.cause
    return {
        "summary": cause.summary,
        "evidence": cause.evidence.mark,
        "source": cause.evidence.source,
        "advice": cause.advice,
        "rules": cause.rules,
        "places": [_place(place, display) for place in answer.places],
        "undecided": [_finding(item, display) for item in answer.undecided],
    }


def _place(place: Place, display: Display) -> dict[str, Any]:
    return {
        **_finding(place.finding, display),
        "fits": place.fits,
        "command": place.command,
        "no_command": place.no_command,
    }


def _finding(finding: Finding, display: Display) -> dict[str, Any]:
    fix = finding.fix
    return {
        "rule": finding.rule,
        "worker": finding.worker,
        "environment": finding.environment,
        "binding": finding.binding,
        "target": finding.target,
        **_where(finding.location, display),
        "message": finding.message,
        "fix": {"safety": fix.safety, "title": fix.title} if fix else None,
        "no_fix": finding.no_fix,
        "skipped": finding.skipped,
        "suppressed": finding.suppressed,
    }


def _blind(blind: Blind, display: Display) -> dict[str, Any]:
    return {"what": blind.what, "reason": blind.reason, **_where(blind.location, display)}


def _where(location: Location, display: Display) -> dict[str, Any]:
    return {
        "path": display.path(location.path),
        "line": location.line,
        "column": location.column,
    }
