"""Findings that a file lists as known, whatever lines they have moved to."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import replace

import msgspec

from codemod.errors import UsageError
from codemod.model import Finding, Location, Plan
from codemod.scanner.files import Files, UnreadableFile
from codemod.syntax.typescript import SUFFIXES

VERSION = 1

_HEAD = re.compile(rb"[^({]*")
_COMMENT_OR_BLANK = re.compile(rb"/\*.*?\*/|//[^\r\n]*|\s+", re.DOTALL)


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
    files = Files(plan.project.root, plan.project.overlay)
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
        raise UsageError(
            f"baseline of version {baseline.version}, expected {VERSION}: "
            "--write-baseline writes it anew"
        )
    return baseline


def with_known(plan: Plan, baseline: Baseline) -> tuple[Plan, int]:
    """``plan`` with the findings of ``baseline`` marked, and how many of these are gone."""
    left = Counter(entry.fingerprint for entry in baseline.findings)
    files = Files(plan.project.root, plan.project.overlay)
    findings = []
    for finding in plan.findings:
        key = fingerprint(finding, files)
        is_known = left[key] > 0 and finding.stands
        left[key] -= is_known
        findings.append(replace(finding, suppressed=True) if is_known else finding)
    return replace(plan, findings=tuple(findings)), sum(left.values())


def fingerprint(finding: Finding, files: Files) -> str:
    """What a finding is known by: SHA-256 (hex) of what outlives edits around it.

    That is its rule, the file, the Worker and environment, the binding (or the target, where it is
    about none), and in code how that begins which it is about, blanks and comments aside. How a
    configuration is laid out, and what else stands in the binding's object, plays no part.
    """
    parts = (
        finding.rule,
        finding.location.path,
        finding.worker,
        finding.environment,
        finding.binding,
        None if finding.binding else finding.target,
        _beginning(finding.location, files),
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


def _beginning(location: Location, files: Files) -> str:
    """What stands in a module at ``location``, up to the first bracket."""
    if not location.path.endswith(SUFFIXES):
        return ""
    try:
        content = files.read(location.path)
    except UnreadableFile:
        return ""
    text = _COMMENT_OR_BLANK.sub(b"", content[location.span.start : location.span.end])
    head = _HEAD.match(text)
    return head[0].decode("utf-8", "replace") if head else ""
