"""The lines of a file around a span, laid out in the columns of a terminal."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from codemod.report.display import printable
from codemod.report.sources import Region, Source

WIDTH = 100
"""Columns shown of one line: a fixed number, so that output is the same everywhere."""

_MOST_LINES = 6
_COLUMNS_BEFORE = 30
_TAB = 4
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an excerpt, split where the span begins and ends; nothing in it steers a terminal.

    ``number`` is None where lines are left out. ``span`` fills ``width`` columns from ``column``
    (0-based) on; an empty one counts as one column wide. Lines around the span have width 0.
    """

    number: int | None
    before: str
    span: str = ""
    after: str = ""
    column: int = 0
    width: int = 0


def rows(source: Source, region: Region) -> list[Row]:
    """The lines of ``region`` between one before and one after; of many, the middle is left out."""
    last = region.end_line
    if region.end_column == 1 and last > region.line:
        last -= 1  # it ends with the line break
    laid = [
        _around(source, region.line - 1),
        *(_marked(source, number, region) for number in _shown(range(region.line, last + 1))),
        _around(source, last + 1),
    ]
    return [row for row in laid if row]


def _shown(covered: range) -> Iterator[int | None]:
    if len(covered) <= _MOST_LINES:
        yield from covered
        return
    yield from covered[: _MOST_LINES - 2]
    yield None
    yield covered[-1]


def _around(source: Source, number: int) -> Row | None:
    line = source.line(number)
    if not line or not line.strip():
        return None
    row = _laid_out(number, _decoded(line), 0, 0)
    return Row(number, row.before + row.span + row.after)


def _marked(source: Source, number: int | None, region: Region) -> Row | None:
    if number is None:
        return Row(None, _CUT)
    line = source.line(number)
    if line is None:
        return None
    text = _decoded(line)
    start = region.column - 1 if number == region.line else len(text) - len(text.lstrip())
    end = region.end_column - 1 if number == region.end_line else len(text)
    return _laid_out(number, text, min(start, len(text)), max(start, min(end, len(text))))


def _laid_out(number: int, text: str, start: int, end: int) -> Row:
    """The line ``text`` with the span from ``start`` to ``end``, cut where it is too long."""
    low = max(0, start - WIDTH)
    cells = list(_cells(text[low : start + WIDTH]))
    columns = list(accumulate((_width(cell) for cell in cells), initial=0))
    begin, stop = start - low, min(end - low, len(cells))
    first, last = 0, len(cells)
    if low or len(text) > low + last or columns[-1] > WIDTH:
        if low or columns[stop] >= WIDTH:
            first = bisect_left(columns, columns[begin] - _COLUMNS_BEFORE)
        last = bisect_right(columns, columns[first] + WIDTH - 1) - 1
    stop = min(stop, last)
    cut_before = _CUT if low + first else ""
    cut_after = _CUT if low + last < len(text) else ""
    return Row(
        number,
        before=cut_before + "".join(cells[first:begin]),
        span="".join(cells[begin:stop]),
        after="".join(cells[stop:last]) + cut_after,
        column=len(cut_before) + columns[begin] - columns[first],
        width=max(columns[stop] - columns[begin], 1),
    )


def _cells(text: str) -> Iterator[str]:
    column = 0
    for char in text:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else printable(char)
        column += _width(cell)
        yield cell


def _width(cell: str) -> int:
    if cell.isascii():
        return len(cell)
    if unicodedata.category(cell) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(cell) in {"W", "F"} else 1


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "replace")
