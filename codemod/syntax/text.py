"""Bytes and text: what both configuration languages need to know of characters and lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from codemod.errors import SourceError
from codemod.model import Span
from codemod.syntax.lines import BOM, LineIndex

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BREAK = re.compile(rb"\r\n|\n|\r")
_BREAK_AT_END = re.compile(rb"(?:\r\n|\n|\r)\Z")
_GAP = re.compile(rb"([ \t]*)([:=])([ \t]*)")
_BLANKS = re.compile(rb"[ \t]*")


def decode(source: bytes, limit: int) -> str:
    """The text of a file of at most ``limit`` bytes.

    Raises ``SourceError`` for a larger one, and at the first byte that is not UTF-8.
    """
    if len(source) > limit:
        raise SourceError(f"the file is larger than the {limit // 1024} KiB of a configuration")
    if source.startswith(_UTF_16):
        raise SourceError("the file is in UTF-16; save it as UTF-8")
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        line, column = LineIndex(source).position(error.start)
        reason = f"byte 0x{source[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise SourceError(reason, line, column) from None


def byte_offsets(text: str) -> Sequence[int]:
    """For every index of ``text``, its end included, the offset of that character in UTF-8."""
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((len(character.encode()) for character in text), initial=0))


def line_start(source: bytes, offset: int) -> int:
    """Where the line of ``offset`` begins, after a byte order mark."""
    start = max(source.rfind(b"\n", 0, offset), source.rfind(b"\r", 0, offset)) + 1
    return min(len(BOM), offset) if not start and source.startswith(BOM) else start


def line_break_at(source: bytes, offset: int) -> Span | None:
    """The line break that begins at ``offset``, if one does."""
    match = _BREAK.match(source, offset)
    return Span(*match.span()) if match else None


def line_break_before(source: bytes, offset: int) -> Span | None:
    """The line break that ends the line before that of ``offset``, None on the first line."""
    end = line_start(source, offset)
    match = _BREAK_AT_END.search(source, max(end - 2, 0), end)
    return Span(*match.span()) if match else None


def line_break_near(source: bytes, offset: int) -> str:
    """The line break that a new line near ``offset`` should use."""
    before = line_break_before(source, offset)
    if before:
        return source[before.start : before.end].decode()
    following = _BREAK.search(source, offset)
    return following.group().decode() if following else "\n"


def is_empty_line(source: bytes, end: int) -> bool:
    """Whether the line whose content ends at ``end`` holds nothing but blanks."""
    return skip_blanks_back(source, end) == line_start(source, end)


def skip_blanks(source: bytes, offset: int) -> int:
    """The first offset from ``offset`` on that holds neither space nor tab."""
    match = _BLANKS.match(source, offset)
    return match.end() if match else offset


def skip_blanks_back(source: bytes, offset: int) -> int:
    """The smallest offset such that only spaces and tabs lie between it and ``offset``."""
    start = line_start(source, offset)
    return start + len(source[start:offset].rstrip(b" \t"))


def indentation(source: bytes, offset: int) -> str:
    """The blanks at the beginning of ``offset``'s line."""
    start = line_start(source, offset)
    return source[start : min(skip_blanks(source, start), offset)].decode()


def line_tail(source: bytes, end: int, comment: re.Pattern[bytes]) -> tuple[int, bool]:
    """Where the comments on the line of ``end`` end, and whether there are any and they end it.

    A comment that goes on in the next line, right below its beginning, is one with it.
    """
    point, column = end, -1
    while match := _tail_comment(source, point, column, comment):
        point = match.end()
        column = _column(source, match.start()) if column < 0 else column
    return point, point > end and bool(line_break_at(source, skip_blanks(source, point)))


def _tail_comment(
    source: bytes, point: int, column: int, comment: re.Pattern[bytes]
) -> re.Match[bytes] | None:
    start = skip_blanks(source, point)
    line_break = line_break_at(source, start)
    if not line_break:
        return comment.match(source, start)
    below = skip_blanks(source, line_break.end)
    return comment.match(source, below) if _column(source, below) == column else None


def _column(source: bytes, offset: int) -> int:
    return offset - line_start(source, offset)


def has_line_break(source: bytes, span: Span) -> bool:
    return _BREAK.search(source, span.start, span.end) is not None


@dataclass(frozen=True, slots=True)
class KeyGap:
    """What stands between a key and its value on one line: a sign with blanks around it."""

    before: str
    sign: str
    after: str
    key_length: int = 0

    @property
    def width(self) -> int:
        return self.key_length + len(str(self))

    def __str__(self) -> str:
        return self.before + self.sign + self.after

    def narrow(self) -> str:
        """The gap without the blanks that put values in one column."""
        return self.before[:1] + self.sign + self.after[:1]


def key_gaps(source: bytes, pairs: Iterable[tuple[Span, Span]]) -> list[KeyGap]:
    """The gaps of those pairs (key, value) that have nothing but blanks and the sign there."""
    gaps = []
    for key, value in pairs:
        match = _GAP.fullmatch(source, key.end, value.start)
        if match:
            before, sign, after = (part.decode() for part in match.groups())
            length = len(source[key.start : key.end].decode())
            gaps.append(KeyGap(before, sign, after, length))
    return gaps


def usual_gap(gaps: Iterable[KeyGap], default: KeyGap) -> KeyGap:
    """The most frequent of the gaps, the first one of these where there are several."""
    alike: dict[str, list[KeyGap]] = {}
    for gap in gaps:
        alike.setdefault(str(gap), []).append(gap)
    return max(alike.values(), key=len)[0] if alike else default


def gap_for(key: str, gaps: Sequence[KeyGap], default: KeyGap) -> str:
    """The gap after the new key ``key``: the usual one.

    Where the values of keys of several lengths stand in one column, the new one does too.
    """
    usual = usual_gap(gaps, default)
    lengths = {gap.key_length for gap in gaps}
    if len(lengths) < 2 or len({gap.width for gap in gaps}) > 1:
        return str(usual)
    room = usual.width - len(key) - len(usual.sign)
    if len({gap.before for gap in gaps}) > 1:
        return " " * max(room - len(usual.after), 1) + usual.sign + usual.after
    return usual.before + usual.sign + " " * max(room - len(usual.before), 1)
