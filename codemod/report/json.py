"""Findings for programs. ``version`` grows when a key changes its meaning or goes away."""

from __future__ import annotations

import json
from typing import Any

from codemod.model import Finding, Fix, Location, Plan, Related
from codemod.report.display import Display

VERSION = 1


def render(plan: Plan, display: Display) -> str:
    """One JSON object, indented, ending in a newline. Lines and columns are 1-based."""
    content = {
        "version": VERSION,
        "findings": [finding_for_programs(finding, display) for finding in plan.findings],
        "workers": len(plan.project.workers),
        "unreadable": [
            {"path": display.path(item.path), "reason": item.reason}
            for item in plan.project.unreadable
        ],
    }
    return json.dumps(content, indent=2) + "\n"


def finding_for_programs(finding: Finding, display: Display) -> dict[str, Any]:
    """A finding before it is written, for formats that carry it along."""
    return {
        "rule": finding.rule,
        "worker": finding.worker,
        "environment": finding.environment,
        "binding": finding.binding,
        "target": finding.target,
        **place_for_programs(finding.location, display),
        "message": finding.message,
        "evidence": finding.evidence.mark,
        "source": finding.evidence.source,
        "fix": _fix(finding.fix),
        "no_fix": finding.no_fix,
        "skipped": finding.skipped,
        "suppressed": finding.suppressed,
        "locations": [_related(related, display) for related in finding.locations],
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    return {
        "strategy": fix.strategy,
        "safety": fix.safety,
        "title": fix.title,
        "reasons": fix.reasons,
    }


def _related(related: Related, display: Display) -> dict[str, Any]:
    return {"label": related.label, **place_for_programs(related.location, display)}


def place_for_programs(location: Location, display: Display) -> dict[str, Any]:
    """A place before it is written: ``path`` as the user would type it, ``line``, ``column``."""
    return {
        "path": display.path(location.path),
        "line": location.line,
        "column": location.column,
    }
