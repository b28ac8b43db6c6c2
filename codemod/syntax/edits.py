"""Applying byte-span edits to the content that they were made for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from codemod.errors import EditError
from codemod.model import Edit, Span


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


class Compatible:
    """The edits of one file that can be made together, in its order.

    Each is looked for by bisection: thousands of edits take n log n steps.
    """

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def accepts(self, edits: Iterable[Edit]) -> bool:
        """Whether ``edits`` can be made together with all that were added, and with each other."""
        ordered = _in_order(edits)
        if any(_collide(first, second) for first, second in pairwise(ordered)):
            return False
        return not any(self._meets(edit) for edit in ordered)

    def add(self, edit: Edit) -> None:
        """Takes in an edit that is accepted. Equal edits count once."""
        index = bisect_left(self._edits, _place(edit), key=_place)
        if self._edits[index : index + 1] != [edit]:
            self._edits.insert(index, edit)

    def _meets(self, edit: Edit) -> bool:
        index = bisect_left(self._edits, _place(edit), key=_place)
        if self._edits[index : index + 1] == [edit]:
            return False
        around = [*self._edits[max(0, index - 1) : index], edit, *self._edits[index : index + 1]]
        return any(_collide(first, second) for first, second in pairwise(around))


def followed_by(edits: Iterable[Edit], later: Edit) -> tuple[Edit, ...]:
    """The edits that do at once what ``edits`` do, and then ``later`` to what these leave.

    ``edits`` are of one file, in its order and not overlapping, and so is the result: where
    ``later`` meets what some of them wrote, they are one.
    """
    placed = list(_placed(edits))
    before = [item for item in placed if item.end < later.span.start]
    after = [item for item in placed if item.start > later.span.end]
    met = placed[len(before) : len(placed) - len(after)]
    start = later.span.start - sum(item.growth for item in before)
    end = later.span.end - sum(item.growth for item in (*before, *met))
    head = tail = b""
    if met:
        first, last = met[0], met[-1]
        start, end = min(start, first.edit.span.start), max(end, last.edit.span.end)
        head = first.text[: max(0, later.span.start - first.start)]
        tail = last.text[later.span.end - last.start :]
    text = (head + later.text.encode() + tail).decode()
    together = Edit(later.path, Span(start, end), text)
    return (*(item.edit for item in before), together, *(item.edit for item in after))


@dataclass(frozen=True, slots=True)
class _Placed:
    """An edit, and where its text begins once all edits up to it are made."""

    edit: Edit
    start: int
    text: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def growth(self) -> int:
        return len(self.text) - (self.edit.span.end - self.edit.span.start)


def _placed(edits: Iterable[Edit]) -> Iterator[_Placed]:
    grown = 0
    for edit in edits:
        item = _Placed(edit, edit.span.start + grown, edit.text.encode())
        grown += item.growth
        yield item


def _in_order(edits: Iterable[Edit]) -> list[Edit]:
    return sorted(set(edits), key=_place)


def _place(edit: Edit) -> tuple[Span, str]:
    return edit.span, edit.text


def _collide(first: Edit, second: Edit) -> bool:
    return second.span.start < first.span.end or first.span == second.span
