"""The changes as bytes for standard output: a patch, or the counts of one."""

from __future__ import annotations

from collections.abc import Sequence

from codemod.model import FileChange
from codemod.report.display import Display, printable
from codemod.syntax import diff


def patch(changes: Sequence[FileChange], display: Display) -> bytes:
    """A unified diff that ``git apply`` takes where the user stands (see ``Display``)."""
    parts = (
        diff.unified(display.path(change.path), change.before, change.after) for change in changes
    )
    return "".join(parts).encode("utf-8", "surrogateescape")


def stat(changes: Sequence[FileChange], display: Display) -> bytes:
    """A line a file with what is added and removed, then a line for all."""
    lines = []
    total_added = total_removed = 0
    for change in changes:
        added, removed = diff.stat(change.path, change.before, change.after)
        total_added += added
        total_removed += removed
        lines.append(f" {printable(display.path(change.path))} | +{added} -{removed}\n")
    noun = "file" if len(changes) == 1 else "files"
    lines.append(f" {len(changes)} {noun} changed, +{total_added} -{total_removed}\n")
    return "".join(lines).encode("utf-8", "surrogateescape")
