"""Writes the comments that say of findings that they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codemod.model import (
    Edit,
    FileChange,
    Finding,
    Plan,
    PlannedEdit,
    Safety,
    Span,
)
from codemod.planner.rereading import changed_meanwhile, rereading
from codemod.rules import ignore_comment
from codemod.scanner.commenting import Commenting, of_configuration, of_module
from codemod.scanner.files import Files
from codemod.scanner.suppressions import MARKER
from codemod.syntax import documents, typescript
from codemod.syntax.edits import apply_edits
from codemod.syntax.lines import BOM


def comments(plan: Plan, reason: str) -> tuple[FileChange, ...]:
    """The changes that put a comment above the line of each finding that stands.

    One line gets one comment for all its rules. Where a line begins inside a literal, the comment
    goes above the line that this begins on. What ``obstacle`` has a reason for gets none.
    ``reason`` is one line, not empty. Raises ``StalePlan`` where a file changed since it was
    scanned.
    """
    files = Files(plan.project.root, plan.project.overlay)
    by_path: dict[str, list[Finding]] = {}
    for finding in plan.findings:
        if finding.stands and obstacle(plan, finding) is None:
            by_path.setdefault(finding.location.path, []).append(finding)
    changes = []
    for path in sorted(by_path):
        with rereading(plan.project):
            content = files.read(path)
        if plan.project.read[path] != files.hashes[path]:
            raise changed_meanwhile(path)
        edits = tuple(edits_in(path, content, by_path[path], reason))
        after = apply_edits(content, [item.edit for item in edits])
        changes.append(FileChange(path, content, after, edits))
    return tuple(changes)


def obstacle(plan: Plan, finding: Finding) -> str | None:
    """Why no comment is written for ``finding``, None where one is."""
    if finding.rule == ignore_comment.NAME:
        return "it is about such a comment"
    worker = plan.project.worker(finding.location.path)
    if worker is not None and worker.generated:
        return "a build step writes the file, and would leave the comment out"
    return None


def edits_in(
    path: str, content: bytes, findings: Iterable[Finding], reason: str
) -> Iterator[PlannedEdit]:
    """What ``comments`` does to one file with ``content``, for ``findings`` in it."""
    commenting = _commenting(path, content)
    lines: dict[int, set[str]] = {}
    for finding in findings:
        start = _start_with_room(content, finding.location.span.start, commenting)
        lines.setdefault(start, set()).add(finding.rule)
    end = "\r\n" if b"\r\n" in content else "\n"
    mark = "#" if path.endswith(".toml") else "//"
    for start, rules in sorted(lines.items()):
        names = ", ".join(sorted(rules))
        text = f"{_indentation(content, start)}{mark} {MARKER} {names}: {reason}{end}"
        edit = Edit(path, Span(start, start), text)
        yield PlannedEdit(edit, ignore_comment.NAME, None, Safety.SAFE, (reason,))


def _commenting(path: str, content: bytes) -> Commenting:
    if path.endswith(typescript.SUFFIXES):
        return of_module(typescript.parse(path, content))
    return of_configuration(documents.parse(path, content))


def _start_with_room(content: bytes, offset: int, commenting: Commenting) -> int:
    """Where the line of ``offset`` begins, or the last one before it that can have a comment."""
    start = _line_start(content, offset)
    while commenting.has_no_room(start):
        start = _line_start(content, start - 1)
    return start


def _line_start(content: bytes, offset: int) -> int:
    start = content.rfind(b"\n", 0, offset) + 1
    return len(BOM) if start == 0 and content.startswith(BOM) else start


def _indentation(content: bytes, start: int) -> str:
    rest = content[start:]
    return rest[: len(rest) - len(rest.lstrip(b" \t"))].decode("ascii")
