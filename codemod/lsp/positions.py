"""Byte offsets to the positions that editors count, and back."""

from __future__ import annotations

from lsprotocol.types import Position, PositionEncodingKind, Range

from codemod.model import Span
from codemod.syntax.lines import BOM, LineIndex

_FIRST_OF_TWO_UNITS = 0x10000


class Text:
    r"""A document as an editor that counts columns in ``encoding`` shows it.

    Lines end as the protocol has it, at ``\n``, ``\r\n`` and ``\r``. A byte order mark on the disk
    is none of the document's characters; ``holds_mark`` says that the editor handed it over as one.
    Bytes that are not UTF-8 count as one character each.
    """

    def __init__(
        self, content: bytes, encoding: PositionEncodingKind | str, *, holds_mark: bool = False
    ) -> None:
        self.content = content
        self._encoding = encoding
        self._index = LineIndex(content)
        self._has_mark_as_text = holds_mark and content.startswith(BOM)

    def position(self, offset: int) -> Position:
        """Where the byte at ``offset`` stands; one of a line break stands at its line's end."""
        number, _ = self._index.position(offset)
        line = self._line(number)
        before = self.content[line.start : min(max(offset, line.start), line.end)]
        return Position(number - 1, sum(map(self._units, _decoded(before))))

    def offset(self, position: Position) -> int:
        """The byte at ``position``; beyond a line its end, beyond the document the last byte."""
        line = self._line(position.line + 1)
        offset, units = line.start, 0
        for character in _decoded(self.content[line.start : line.end]):
            units += self._units(character)
            if units > position.character:
                break
            offset += len(character.encode("utf-8", "surrogateescape"))
        return offset

    def range(self, span: Span) -> Range:
        return Range(self.position(span.start), self.position(span.end))

    def span(self, range_: Range) -> Span:
        return Span(self.offset(range_.start), self.offset(range_.end))

    def rest_of_line(self, number: int, column: int) -> Span:
        """From a line and column as people count them, 1-based and in characters, to its end."""
        line = self._line(number)
        before = _decoded(self.content[line.start : line.end])[: column - 1]
        return Span(line.start + len(before.encode("utf-8", "surrogateescape")), line.end)

    def is_whole(self, span: Span) -> bool:
        return span.start == 0 and span.end == len(self.content)

    def _line(self, number: int) -> Span:
        line = self._index.line(number)
        if line is None:
            return Span(len(self.content), len(self.content))
        return Span(0, line.end) if number == 1 and self._has_mark_as_text else line

    def _units(self, character: str) -> int:
        match self._encoding:
            case PositionEncodingKind.Utf8:
                return len(character.encode("utf-8", "surrogatepass"))
            case PositionEncodingKind.Utf32:
                return 1
        return 1 + (ord(character) >= _FIRST_OF_TWO_UNITS)


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
