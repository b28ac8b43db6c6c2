"""Editing comma-separated lists in brackets: JSON's objects and arrays, TOML's inline ones.

The edits read the layout off the text around them, so they need to know of the language only
where the items lie and what a comment looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from codemod.model import Edit, Span
from codemod.syntax import text

_WHITESPACE = re.compile(rb"[ \t\r\n]*")
_NO_TAB = re.compile(r"[^\t]")


@dataclass(frozen=True, slots=True)
class Spacing:
    """What goes into a list whose own text does not show it.

    ``comma`` follows a comma within a line, ``padding`` stands between a bracket and an item on
    its line, ``indent`` is one level of indentation.
    """

    comma: str
    padding: str
    indent: str


@dataclass(frozen=True, slots=True)
class Brackets:
    """One list.

    ``span`` includes the brackets. ``comment`` matches one comment, in its group ``line`` where
    the comment runs to the end of the line.
    """

    source: bytes
    span: Span
    items: tuple[Span, ...]
    comment: re.Pattern[bytes]

    @property
    def has_trailing_comma(self) -> bool:
        return bool(self.items) and self._comma_after(len(self.items) - 1) is not None

    @property
    def has_lines(self) -> bool:
        """Whether a further item would begin a line, as the last one does."""
        if not self.items:
            return text.has_line_break(self.source, self.span)
        return self._begins_line(self._head(len(self.items) - 1))

    def append(self, path: str, item: str, spacing: Spacing) -> Edit:
        r"""The edit that adds ``item`` at the end.

        Lines of ``item`` end in ``\n`` and are indented as from column zero.
        """
        if not self.items:
            return self._fill(path, item, spacing)
        index = len(self.items) - 1
        last, head, comma = self.items[index], self._head(index), self._comma_after(index)
        point, breaks = text.line_tail(self.source, comma.end if comma else last.end, self.comment)
        if breaks or self._begins_line(head):
            point = self._to_line_end(point)
            margin = _NO_TAB.sub(" ", self._text(text.line_start(self.source, head), head))
            new = self._on_new_line(head, margin, self._text(head, last.start) + item)
        else:
            margin = text.indentation(self.source, last.start)
            new = self._space_after_comma(spacing) + self._indented(last.start, margin, item)
        if comma:
            return Edit(path, Span(point, point), new + ",")
        if head < last.start:
            return Edit(path, Span(point, point), new)
        return Edit(path, Span(last.end, point), "," + self._text(last.end, point) + new)

    def remove(self, path: str, index: int) -> Edit:
        """The edit that takes an item out, with the comma that no item needs any more."""
        item, head = self.items[index], self._head(index)
        before = self._comma_after(index - 1) if index else None
        after = self._comma_after(index)
        unit = Span(head, item.end)
        cuts: list[Span] = []
        if head == item.start and after and self._is_blank(item.end, after.start):
            unit = Span(head, after.end)
        elif head == item.start and (comma := after or before):
            cuts.append(comma)
        anchor = before.end if before and before.end <= head else self._previous_end(index)
        cuts.append(self._with_space(unit, anchor, is_last=index == len(self.items) - 1))
        return self._cut(path, sorted(cuts))

    def _cut(self, path: str, cuts: list[Span]) -> Edit:
        kept = "".join(self._text(cut.end, following.start) for cut, following in pairwise(cuts))
        return Edit(path, Span(cuts[0].start, cuts[-1].end), kept)

    def _with_space(self, unit: Span, anchor: int, *, is_last: bool) -> Span:
        """``unit`` with the white space that goes with it; ``anchor`` ends what comes before."""
        tail, _ = text.line_tail(self.source, unit.end, self.comment)
        line_end = text.skip_blanks(self.source, tail)
        line_break = text.line_break_before(self.source, unit.start)
        if line_break and self._begins_line(unit.start) and self._is_line_end(line_end):
            return Span(line_break.start, line_end)
        left = text.skip_blanks_back(self.source, unit.start)
        right = text.skip_blanks(self.source, unit.end)
        if not is_last:
            return Span(left, unit.end) if self._is_line_end(right) else Span(unit.start, right)
        comments = list(self._comments(anchor))
        if not comments or comments[-1].lastgroup != "line":
            left = comments[-1].end() if comments else anchor
        is_alone = left == self.span.start + 1 and right == self.span.end - 1
        return Span(left, right if is_alone else unit.end)

    def _fill(self, path: str, item: str, spacing: Spacing) -> Edit:
        """The edit that puts the first item in."""
        inside = Span(self.span.start + 1, self.span.end - 1)
        comments = list(self._comments(inside.start))
        point = comments[-1].end() if comments else inside.start
        if self.has_lines:
            margin = text.indentation(self.source, self.span.start) + spacing.indent
            if comments and self._begins_line(comments[-1].start()):
                margin = text.indentation(self.source, comments[-1].start())
            point = self._to_line_end(point)
            return Edit(path, Span(point, point), self._on_new_line(point, margin, item))
        new = self._indented(point, text.indentation(self.source, point), item)
        if comments:
            return Edit(path, Span(point, point), " " + new)
        return Edit(path, inside, spacing.padding + new + spacing.padding)

    def _head(self, index: int) -> int:
        """Where an item begins, or the comma before it where commas begin the lines."""
        item = self.items[index]
        is_closed = item == self.items[-1] and self._comma_after(index)
        comma = self._comma_after(index - 1) if index and not is_closed else None
        if comma and self._begins_line(comma.start) and self._is_blank(comma.end, item.start):
            return comma.start
        return item.start

    def _previous_end(self, index: int) -> int:
        return self.items[index - 1].end if index else self.span.start + 1

    def _comments(self, start: int) -> Iterator[re.Match[bytes]]:
        """The comments between ``start`` and whatever else comes next."""
        while match := self.comment.match(self.source, self._skip_whitespace(start)):
            yield match
            start = match.end()

    def _comma_after(self, index: int) -> Span | None:
        end = self.items[index].end
        for comment in self._comments(end):
            end = comment.end()
        end = self._skip_whitespace(end)
        return Span(end, end + 1) if self.source.startswith(b",", end) else None

    def _space_after_comma(self, spacing: Spacing) -> str:
        if len(self.items) < 2:
            return spacing.comma
        comma = self._comma_after(len(self.items) - 2)
        start = self.items[-1].start
        return self._text(comma.end, start) if comma and self._is_blank(comma.end, start) else " "

    def _on_new_line(self, near: int, margin: str, item: str) -> str:
        line_break = text.line_break_near(self.source, near)
        return line_break + margin + item.replace("\n", line_break + margin)

    def _indented(self, near: int, margin: str, item: str) -> str:
        return item.replace("\n", text.line_break_near(self.source, near) + margin)

    def _skip_whitespace(self, offset: int) -> int:
        match = _WHITESPACE.match(self.source, offset)
        return match.end() if match else offset

    def _begins_line(self, offset: int) -> bool:
        start = text.line_start(self.source, offset)
        return start > self.span.start and self._is_blank(start, offset)

    def _to_line_end(self, offset: int) -> int:
        """The end of the line where only blanks lie before it, else ``offset``."""
        end = text.skip_blanks(self.source, offset)
        return end if self._is_line_end(end) else offset

    def _is_line_end(self, offset: int) -> bool:
        return text.line_break_at(self.source, offset) is not None

    def _is_blank(self, start: int, end: int) -> bool:
        return not self.source[start:end].strip(b" \t")

    def _text(self, start: int, end: int) -> str:
        return self.source[start:end].decode()
