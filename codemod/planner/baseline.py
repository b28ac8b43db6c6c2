"""Findings that a file lists as known, whatever lines they have moved to."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace

import msgspec

from codemod.errors import UsageError
from codemod.model import Finding, Location, Plan
from codemod.scanner.files import Files, UnreadableFile

VERSION = 1


class BaselineEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One known finding; all but ``fingerprint`` is for people who read the file."""

    fingerprint: str
    rule: str
    worker: str
    binding: str | None
    path: str


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. Findings that are alike in everything stand in it once each."""

    version: int
    findings: tuple[BaselineEntry, ...]


def encode(plan: Plan) -> bytes:
    """A baseline of all that ``plan`` finds: JSON, indented, ending in a newline."""
    files = Files(plan.project.root)
    entries = [_entry(finding, files) for finding in plan.findings if finding.stands]
    ordered = sorted(entries, key=lambda item: (item.path, item.rule, item.fingerprint))
    content = Baseline(VERSION, tuple(ordered))
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def decode(content: bytes) -> Baseline:
    """Reads a baseline. Raises ``UsageError`` where it is none, or of another version."""
    try:
        baseline = msgspec.json.decode(content, type=Baseline)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"not a baseline of wfix: {error}") from error
    if baseline.version != VERSION:
        raise UsageError(f"baseline of version {baseline.version}, expected {VERSION}")
    return baseline


def with_known(plan: Plan, baseline: Baseline) -> tuple[Plan, int]:
    """``plan`` with the findings of ``baseline`` marked, and how many of these are gone."""
    left = Counter(entry.fingerprint for entry in baseline.findings)
    files = Files(plan.project.root)
    findings = []
    for finding in plan.findings:
        key = fingerprint(finding, files)
        is_known = left[key] > 0 and finding.stands
        left[key] -= is_known
        findings.append(replace(finding, suppressed=True) if is_known else finding)
    return replace(plan, findings=tuple(findings)), sum(left.values())


def fingerprint(finding: Finding, files: Files) -> str:
    """What a finding is known by: SHA-256 (hex) of what does not change where lines are moved.

    That is its rule, the names of what it is about, and the text of the line that it stands on,
    blanks at both ends aside.
    """
    parts = (
        finding.rule,
        finding.worker,
        finding.environment,
        finding.binding,
        finding.target,
        finding.location.path,
        _line(finding.location, files),
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _entry(finding: Finding, files: Files) -> BaselineEntry:
    return BaselineEntry(
        fingerprint(finding, files),
        finding.rule,
        _well_formed(finding.worker),
        None if finding.binding is None else _well_formed(finding.binding),
        _well_formed(finding.location.path),
    )


def _well_formed(text: str) -> str:
    # JSON's escapes can spell half a character, and file names can hold one.
    return text.encode("utf-8", "backslashreplace").decode()


def _line(location: Location, files: Files) -> str:
    try:
        content = files.read(location.path)
    except UnreadableFile:
        return ""
    start = content.rfind(b"\n", 0, location.span.start) + 1
    end = content.find(b"\n", location.span.start)
    line = content[start:] if end < 0 else content[start:end]
    return line.decode("utf-8", "replace").strip()
