"""Findings as SARIF 2.1.0, for code scanning and viewers.

- A measured fault is an ``error``, another claim a ``warning``. What is ``skipped`` is
  ``informational``, what a comment or a baseline calls known is suppressed.
- Fingerprints are those of a baseline: they stay where lines move.
- A fix is there where it is edits alone and nobody has to ask for it by name. Its regions are text
  regions, since the text of a replacement may not stand on a region of bytes (section 3.57.2).
- Braces in messages stay single, against section 3.11.5: no message has arguments, and consumers
  show those as they are.
"""

from __future__ import annotations

from importlib.metadata import version as installed_version
from typing import Any
from urllib.parse import quote

from codemod.model import Edit, Finding, Fix, Location, Plan, Related, Safety, Unreadable
from codemod.planner.baseline import fingerprint
from codemod.report import prose
from codemod.report.display import Display, printable, well_formed
from codemod.report.json_text import dumps
from codemod.report.severity import level, level_of
from codemod.report.sources import Region, Sources
from codemod.rules import Rule, all_rules
from codemod.scanner.files import Files

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_ROOT = "%SRCROOT%"
_UNREADABLE = "unreadable-file"
_UNREADABLE_MEANS = "What this file says is not known, and nothing is claimed that depends on it."


def render(plan: Plan, display: Display) -> str:
    """A SARIF log with one run, indented, ending in a newline."""
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_Run(plan, display).content()]})


class _Run:
    """One run: what its results share."""

    def __init__(self, plan: Plan, display: Display) -> None:
        self._plan = plan
        self._display = display
        self._sources = Sources(plan.project)
        self._files = Files(plan.project.root, plan.project.overlay)
        self._rules = {rule.name: index for index, rule in enumerate(all_rules())}

    def content(self) -> dict[str, Any]:
        version = installed_version("wfix")
        return {
            "tool": {
                "driver": {
                    "name": "wfix",
                    "version": version,
                    "semanticVersion": version,
                    "rules": [_rule(rule) for rule in all_rules()],
                    "notifications": [
                        {
                            "id": _UNREADABLE,
                            "name": "UnreadableFile",
                            "shortDescription": {"text": "A file cannot be read."},
                            "fullDescription": {"text": _UNREADABLE_MEANS},
                            "help": {"text": _UNREADABLE_MEANS},
                        }
                    ],
                }
            },
            "invocations": [
                {
                    "executionSuccessful": True,
                    "toolExecutionNotifications": [
                        self._notification(item) for item in self._plan.project.unreadable
                    ],
                }
            ],
            "originalUriBaseIds": {
                _ROOT: {"description": {"text": "The folder that wfix was run in."}}
            },
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "defaultEncoding": "utf-8",
            "results": [self._result(finding) for finding in self._plan.findings],
        }

    def _notification(self, item: Unreadable) -> dict[str, Any]:
        return {
            "descriptor": {"id": _UNREADABLE, "index": 0},
            "level": "warning",
            "message": {"text": _text(item.reason)},
            "locations": [{"physicalLocation": {"artifactLocation": self._artifact(item.path)}}],
        }

    def _result(self, finding: Finding) -> dict[str, Any]:
        kind = {"kind": "informational", "level": "none"}
        result = {
            "ruleId": finding.rule,
            "ruleIndex": self._rules.get(finding.rule, -1),
            **(kind if finding.skipped else {"kind": "fail", "level": level(finding)}),
            "message": {"text": "\n".join(_text(line) for line in prose.of_finding(finding))},
            "locations": [self._location(finding)],
            "relatedLocations": [
                self._related(number, related)
                for number, related in enumerate(prose.other_places(finding), start=1)
            ],
            "partialFingerprints": {"wfix/v1": fingerprint(finding, self._files)},
            "suppressions": self._suppressions(finding),
            "properties": _properties(finding),
        }
        fix = self._fix(finding.fix) if finding.fix else None
        return {**result, "fixes": [fix]} if fix else result

    def _location(self, finding: Finding) -> dict[str, Any]:
        name = f"{finding.worker}.{finding.binding}" if finding.binding else finding.worker
        return {
            "physicalLocation": self._place(finding.location),
            "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}],
        }

    def _related(self, number: int, related: Related) -> dict[str, Any]:
        return {
            "id": number,
            "physicalLocation": self._place(related.location),
            "message": {"text": _text(related.label)},
        }

    def _place(self, location: Location) -> dict[str, Any]:
        region = self._sources.region(location.path, location.span)
        artifact = {"artifactLocation": self._artifact(location.path)}
        if region is None:
            start = {"startLine": location.line, "startColumn": location.column}
            return {**artifact, "region": start}
        span = location.span
        offsets = {"byteOffset": span.start, "byteLength": span.end - span.start}
        return {**artifact, "region": {**_region(region), **offsets}}

    def _artifact(self, path: str) -> dict[str, Any]:
        return {"uri": quote(well_formed(self._display.path(path))), "uriBaseId": _ROOT}

    def _suppressions(self, finding: Finding) -> list[dict[str, Any]]:
        if not finding.suppressed:
            return []
        comments = [
            {
                "kind": "inSource",
                "justification": _text(item.reason or ""),
                "location": {"physicalLocation": self._place(item.location)},
            }
            for item in self._plan.project.suppressions
            if item.covers(finding.rule, finding.location)
        ]
        return comments or [{"kind": "external"}]

    def _fix(self, fix: Fix) -> dict[str, Any] | None:
        if fix.new_files or not fix.edits or fix.safety is Safety.MANUAL:
            return None
        changes: dict[str, list[dict[str, Any]]] = {}
        for edit in fix.edits:
            region = self._sources.region(edit.path, edit.span)
            if region is None:
                return None
            changes.setdefault(edit.path, []).append(_replacement(edit, region))
        return {
            "description": {"text": _text(f"{fix.title} ({fix.safety})")},
            "artifactChanges": [
                {"artifactLocation": self._artifact(path), "replacements": replacements}
                for path, replacements in changes.items()
            ],
        }


def _rule(rule: Rule) -> dict[str, Any]:
    introduction = rule.documentation.partition("\n## ")[0]
    severity = level_of(rule.evidence.mark)
    return {
        "id": rule.name,
        "name": rule.name.title().replace("-", ""),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {
            "text": introduction.removeprefix(rule.summary).strip() or rule.summary
        },
        "help": {"text": rule.documentation, "markdown": f"# {rule.name}\n\n{rule.documentation}"},
        "defaultConfiguration": {"enabled": rule.default, "level": severity},
        "properties": {
            "evidence": rule.evidence.mark,
            "source": rule.evidence.source,
            "problem.severity": severity,
        },
    }


def _properties(finding: Finding) -> dict[str, Any]:
    return {
        "worker": finding.worker,
        "environment": finding.environment,
        "binding": finding.binding,
        "target": finding.target,
        "evidence": finding.evidence.mark,
        "safety": finding.fix.safety if finding.fix else None,
    }


def _replacement(edit: Edit, region: Region) -> dict[str, Any]:
    return {"deletedRegion": _region(region), "insertedContent": {"text": edit.text}}


def _region(region: Region) -> dict[str, Any]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _text(text: str) -> str:
    # "[x](1)" would be taken for a link.
    return printable(text).replace("](", "]\\(")
