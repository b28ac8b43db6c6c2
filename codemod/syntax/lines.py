"""Byte offsets to the lines and columns that people count."""

from __future__ import annotations

from bisect import bisect_right

from codemod.model import Location, Span

BOM = b"\xef\xbb\xbf"


class LineIndex:
    r"""Where the lines of a source begin. ``\n``, ``\r\n`` and a lone ``\r`` end a line."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._starts = [0]
        offset = 0
        for line in source.splitlines(keepends=True):
            offset += len(line)
            if line.endswith((b"\n", b"\r")):
                self._starts.append(offset)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column (in code points, a byte order mark not counted) of a byte."""
        line = bisect_right(self._starts, offset)
        before = self._source[self._starts[line - 1] : offset]
        if line == 1:
            before = before.removeprefix(BOM)
        return line, len(before.decode("utf-8", "replace")) + 1

    def line(self, number: int) -> Span | None:
        """Where a line lies without byte order mark and line break, None where there is none."""
        if not 1 <= number <= len(self._starts):
            return None
        start = self._starts[number - 1]
        following = self._starts[number : number + 1]
        content = self._source[start : following[0] if following else None]
        begin = len(BOM) if number == 1 and content.startswith(BOM) else 0
        return Span(start + begin, start + max(len(content.rstrip(b"\r\n")), begin))

    def location(self, path: str, span: Span) -> Location:
        line, column = self.position(span.start)
        return Location(path, line, column, span)
