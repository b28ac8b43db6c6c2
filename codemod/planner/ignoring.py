"""Writes the comments that say of findings that they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codemod.errors import StalePlan
from codemod.model import (
    Edit,
    FileChange,
    Finding,
    Plan,
    PlannedEdit,
    Safety,
    Span,
)
from codemod.rules import ignore_comment
from codemod.scanner.files import Files
from codemod.scanner.suppressions import MARKER
from codemod.syntax import typescript
from codemod.syntax.edits import apply_edits
from codemod.syntax.lines import BOM
from codemod.syntax.typescript import Source

_LITERALS = frozenset({"template_string", "string", "jsx_text", "comment"})


def comments(plan: Plan, reason: str) -> tuple[FileChange, ...]:
    """The changes that put a comment above the line of each finding that stands.

    One line gets one comment for all its rules. A line that starts inside a template or a comment
    is left alone, and so are files that a build step writes. ``reason`` is one line, not empty.
    Raises ``StalePlan`` where a file changed since it was scanned.
    """
    files = Files(plan.project.root)
    generated = {worker.config_path for worker in plan.project.workers if worker.generated}
    by_path: dict[str, list[Finding]] = {}
    for finding in plan.findings:
        if finding.stands and finding.rule != ignore_comment.NAME:
            by_path.setdefault(finding.location.path, []).append(finding)
    changes = []
    for path in sorted(by_path.keys() - generated):
        content = files.read(path)
        if plan.project.read[path] != files.hashes[path]:
            raise StalePlan(f"{path} changed while the repository was being read: run again")
        edits = tuple(edits_in(path, content, by_path[path], reason))
        if edits:
            after = apply_edits(content, [item.edit for item in edits])
            changes.append(FileChange(path, content, after, edits))
    return tuple(changes)


def edits_in(
    path: str, content: bytes, findings: Iterable[Finding], reason: str
) -> Iterator[PlannedEdit]:
    """What ``comments`` does to one file with ``content``, for ``findings`` in it."""
    lines: dict[int, set[str]] = {}
    for finding in findings:
        lines.setdefault(_line_start(content, finding.location.span.start), set()).add(finding.rule)
    end = "\r\n" if b"\r\n" in content else "\n"
    mark = "#" if path.endswith(".toml") else "//"
    module = typescript.parse(path, content) if path.endswith(typescript.SUFFIXES) else None
    for start, rules in sorted(lines.items()):
        if module and _is_inside_literal(module, start):
            continue
        names = ", ".join(sorted(rules))
        text = f"{_indentation(content, start)}{mark} {MARKER} {names}: {reason}{end}"
        edit = Edit(path, Span(start, start), text)
        yield PlannedEdit(edit, ignore_comment.NAME, None, Safety.SAFE, (reason,))


def _line_start(content: bytes, offset: int) -> int:
    start = content.rfind(b"\n", 0, offset) + 1
    return len(BOM) if start == 0 and content.startswith(BOM) else start


def _indentation(content: bytes, start: int) -> str:
    rest = content[start:]
    return rest[: len(rest) - len(rest.lstrip(b" \t"))].decode("ascii")


def _is_inside_literal(module: Source, start: int) -> bool:
    node = module.root.descendant_for_byte_range(start, start)
    while node is not None:
        if node.type in _LITERALS and node.start_byte < start:
            return True
        node = node.parent
    return False
