"""What editors underline: the findings, and what cannot be read."""

from __future__ import annotations

import re

from lsprotocol.types import (
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Location,
)

from codemod.errors import SettingsError
from codemod.lsp.analysis import Analysis, Misconfigured
from codemod.lsp.positions import Text
from codemod.model import Finding, Span, Unreadable
from codemod.report import prose
from codemod.report.severity import Level, level
from codemod.rules import service_environment_key, unused_binding
from codemod.settings import FILE_NAME

SOURCE = "wfix"
UNREADABLE = "unreadable-file"
CONFIGURATION = "configuration"

_SEVERITIES = {
    Level.ERROR: DiagnosticSeverity.Error,
    Level.WARNING: DiagnosticSeverity.Warning,
    Level.NOTE: DiagnosticSeverity.Information,
}
_TAGS = {
    service_environment_key.NAME: [DiagnosticTag.Deprecated],
    unused_binding.NAME: [DiagnosticTag.Unnecessary],
}
_PLACE = re.compile(r"line (\d+), column (\d+): (.*)", re.DOTALL)


def diagnostics(outcome: Analysis | Misconfigured) -> dict[str, list[Diagnostic]]:
    """What is to be said of each file, by its path; a file without anything is left out."""
    if isinstance(outcome, Misconfigured):
        return {FILE_NAME: [_of_fault(outcome)]}
    return _of_analysis(outcome)


def _of_analysis(analysis: Analysis) -> dict[str, list[Diagnostic]]:
    found: dict[str, list[Diagnostic]] = {}
    for finding in analysis.findings:
        made = of_finding(analysis, finding)
        if made:
            found.setdefault(finding.location.path, []).append(made)
    for item in analysis.plan.project.unreadable:
        made = _of_unreadable(analysis, item)
        if made:
            found.setdefault(item.path, []).append(made)
    return found


def of_finding(analysis: Analysis, finding: Finding) -> Diagnostic | None:
    """One finding, None where its file changed since it was judged."""
    text = analysis.texts.get(finding.location.path)
    if text is None:
        return None
    return Diagnostic(
        range=text.range(_underlined(text, finding.location.span)),
        severity=_SEVERITIES[level(finding)],
        code=finding.rule,
        source=SOURCE,
        message="\n".join(prose.of_finding(finding)),
        related_information=_related(analysis, finding) or None,
        tags=_TAGS.get(finding.rule) if analysis.client.tags else None,
    )


def _underlined(text: Text, span: Span) -> Span:
    """``span``, but of a finding about the whole file no more than its first line."""
    return text.rest_of_line(1, 1) if text.is_whole(span) else span


def _related(analysis: Analysis, finding: Finding) -> list[DiagnosticRelatedInformation]:
    if not analysis.client.related_information:
        return []
    related = []
    for item in prose.other_places(finding):
        text = analysis.texts.get(item.location.path)
        if text:
            shown = text.range(_underlined(text, item.location.span))
            place = Location(analysis.snapshot.uri_of(item.location.path), shown)
            related.append(DiagnosticRelatedInformation(place, item.label))
    return related


def _of_unreadable(analysis: Analysis, item: Unreadable) -> Diagnostic | None:
    text = analysis.texts.get(item.path)
    if text is None:
        return None
    match = _PLACE.fullmatch(item.reason)
    line, column, reason = match.groups() if match else (1, 1, item.reason)
    shown = text.range(text.rest_of_line(int(line), int(column)))
    message = f"cannot be read: {reason}\nnothing is claimed that depends on this file"
    return Diagnostic(shown, message, DiagnosticSeverity.Warning, UNREADABLE, source=SOURCE)


def _of_fault(misconfigured: Misconfigured) -> Diagnostic:
    fault = misconfigured.fault
    reason, line, column = str(fault), 1, 1
    if isinstance(fault, SettingsError):
        reason, line, column = fault.reason, fault.line, fault.column
    text = misconfigured.text
    shown = text.range(text.rest_of_line(line, column))
    return Diagnostic(shown, reason, DiagnosticSeverity.Error, CONFIGURATION, source=SOURCE)
