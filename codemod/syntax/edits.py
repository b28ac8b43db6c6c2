"""Applying byte-span edits to the content that they were made for."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from codemod.errors import EditError
from codemod.model import Edit


def apply_edits(content: bytes, edits: Iterable[Edit]) -> bytes:
    """``content`` with ``edits`` made; every byte outside their spans stays.

    Equal edits count once. Raises ``EditError`` where two edits overlap, where two different
    texts go to the same place, or where an edit lies outside the content.
    """
    parts: list[bytes] = []
    end_of_last = 0
    previous: Edit | None = None
    for edit in _in_order(edits):
        if not 0 <= edit.span.start <= edit.span.end <= len(content):
            raise EditError(f"{edit.path}: an edit lies outside the file ({edit.span})")
        if previous and _collide(previous, edit):
            raise EditError(
                f"{edit.path}: two edits meet at bytes {edit.span.start} to {previous.span.end}"
            )
        parts += [content[end_of_last : edit.span.start], edit.text.encode()]
        end_of_last = edit.span.end
        previous = edit
    parts.append(content[end_of_last:])
    return b"".join(parts)


def conflicts(edits: Iterable[Edit], others: Iterable[Edit]) -> bool:
    """Whether some edit of one side cannot be made together with one of the other."""
    ordered = _in_order([*edits, *others])
    return any(
        _collide(first, second) for first, second in pairwise(ordered) if first.path == second.path
    )


def _in_order(edits: Iterable[Edit]) -> list[Edit]:
    return sorted(set(edits), key=lambda edit: (edit.path, edit.span, edit.text))


def _collide(first: Edit, second: Edit) -> bool:
    return second.span.start < first.span.end or first.span == second.span
