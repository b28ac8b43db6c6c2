"""What a proposal is known by, whatever moves around it.

It changes where other faults are found, where a repair does something else or is chosen in another
way, and where another line is repaired; not where lines move, and not with the release of wfix.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from codemod.model import FileChange, Finding
from codemod.planner.baseline import fingerprint as fingerprint_of_finding
from codemod.scanner.files import Files


def of_repairs(findings: Sequence[Finding], changes: Sequence[FileChange], files: Files) -> str:
    """SHA-256 (hex) of the repairs of ``findings``, which make ``changes``."""
    found = sorted(
        [*_choice(finding), fingerprint_of_finding(finding, files)] for finding in findings
    )
    made = [_effect(change) for change in changes]
    return hashlib.sha256(json.dumps([found, made]).encode()).hexdigest()


def of_text(text: str) -> str:
    """SHA-256 (hex) of a text that is proposed, or complained about, as it is."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _choice(finding: Finding) -> list[str]:
    fix = finding.fix
    return [str(fix.strategy), fix.safety, *fix.steps] if fix else []


def _effect(change: FileChange) -> list[object]:
    """What is replaced by what in a file, in order, without where."""
    before = change.before or b""
    replaced = [
        (before[planned.edit.span.start : planned.edit.span.end].hex(), planned.edit.text)
        for planned in sorted(change.edits, key=lambda item: item.edit.span.start)
    ]
    return [change.path, change.before is None, replaced]
