"""What stands in the box of a Worker or a service in the drawn map, line by line.

Names are set in a monospaced font, whose width is known without the font; the width of other
words is an upper bound for the usual ones.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from codemod.planner.verdicts import DEFAULT_ENTRYPOINT, Status
from codemod.report.binding_map.graph import EXPORT_WORDS, Arrow, Node, NodeKind
from codemod.report.display import Display, printable

PADDING = 12.0
STATUS_CLASSES: Mapping[Status | None, str] = {
    Status.NEEDS_FIX: "needs-fix",
    Status.UNKNOWN: "not-known",
    Status.FIXED: "fixed",
    Status.WORKS: "works",
    None: "other",
}
"""The style classes of arrows and words, the most urgent first; None is not judged."""

_MIN_WIDTH, _MAX_WIDTH = 190.0, 380.0
_ADVANCES = {"name": 8.45, "code": 7.25, "path": 6.65, "text": 6.6, "head": 7.4}
_HEIGHTS = {"name": 22.0, "head": 20.0, "rule": 9.0}
_LINE_HEIGHT = 17.0
_BETWEEN = 20.0
_MAX_EXPORTS = 14
_REASON_COLUMNS, _REASON_LINES = 44, 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a card, ``y`` its middle below the card's top.

    ``style`` is ``name``, ``path``, ``head``, ``text``, ``rule`` or ``row``. A row has ``text`` in
    the colour of text, ``rest`` muted behind it, ``word`` at the right edge in the colour of the
    style class ``word_class``.
    """

    style: str
    y: float
    text: str = ""
    rest: str = ""
    word: str = ""
    word_class: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A box of the map before it has a place.

    ``ends`` say how far below the top an arrow ends that leads to an export of this name, and
    ``starts`` where the arrows begin, in the order they were given.
    """

    node: Node
    width: float
    height: float
    lines: tuple[Line, ...]
    ends: Mapping[str, float]
    starts: tuple[float, ...]

    def end(self, arrow: Arrow) -> float:
        """How far below the top ``arrow`` ends: at the export it names, else at the name."""
        return self.ends.get(arrow.entrypoint or DEFAULT_ENTRYPOINT, self.lines[0].y)


def card(node: Node, arrows: Sequence[Arrow], display: Display) -> Card:
    """The box of ``node``, whose bindings are ``arrows``."""
    writer = _Writer()
    writer.line("name", _fit(node.name, _columns("name")))
    if node.environment:
        writer.line("text", f"environment {_fit(node.environment, 40)}")
    if node.path is not None:
        writer.line("path", _fit_end(display.path(node.path), _columns("path")))
    if node.kind is NodeKind.WORKER:
        ends = _write_exports(writer, node)
    else:
        ends = {}
        writer.line("text", "not in this repository" if _is_external(node) else "unknown:")
        writer.lines("text", [] if _is_external(node) else _wrapped(node.reason))
    starts = _write_bindings(writer, arrows)
    return Card(node, writer.width, writer.y + PADDING / 2, writer.result(), ends, starts)


class _Writer:
    """Puts lines below each other."""

    def __init__(self) -> None:
        self.y = PADDING / 2
        self._lines: list[Line] = []

    @property
    def width(self) -> float:
        inner = max(_width(line) for line in self._lines)
        return min(max(inner + 2 * PADDING, _MIN_WIDTH), _MAX_WIDTH)

    def result(self) -> tuple[Line, ...]:
        return tuple(self._lines)

    def lines(self, style: str, texts: Iterable[str]) -> None:
        for text in texts:
            self.line(style, text)

    def line(
        self, style: str, text: str = "", rest: str = "", word: str = "", word_class: str = ""
    ) -> float:
        """Appends a line and says where its middle is."""
        height = _HEIGHTS.get(style, _LINE_HEIGHT)
        middle = self.y + height / 2
        self._lines.append(Line(style, middle, text, rest, word, word_class))
        self.y += height
        return middle


def _write_exports(writer: _Writer, node: Node) -> dict[str, float]:
    writer.line("rule")
    if node.reason:
        writer.line("head", "exports unknown")
        writer.lines("text", _wrapped(node.reason))
        return {}
    writer.line("head", "exports" if node.exports or node.open else "no exports")
    ends = {}
    for export in node.exports[:_MAX_EXPORTS]:
        word = EXPORT_WORDS[export.kind]
        ends[export.name] = writer.line("row", *_row(export.name, "", word), word)
    if len(node.exports) > _MAX_EXPORTS:
        middle = writer.line("text", f"and {len(node.exports) - _MAX_EXPORTS} more")
        ends |= {export.name: middle for export in node.exports[_MAX_EXPORTS:]}
    if node.open:
        writer.lines("text", _wrapped(f"may export more: {node.open}"))
    return ends


def _write_bindings(writer: _Writer, arrows: Sequence[Arrow]) -> tuple[float, ...]:
    if not arrows:
        return ()
    writer.line("rule")
    writer.line("head", "bindings")
    return tuple(_write_binding(writer, arrow) for arrow in arrows)


def _write_binding(writer: _Writer, arrow: Arrow) -> float:
    entrypoint = f": {arrow.entrypoint}" if arrow.entrypoint else ""
    text, rest = _row(arrow.binding.name, entrypoint, arrow.word)
    return writer.line("row", text, rest, arrow.word, STATUS_CLASSES[arrow.status])


def _row(text: str, rest: str, word: str) -> tuple[str, str]:
    """``text`` and ``rest`` cut to what ``word`` leaves of the widest card."""
    room = _MAX_WIDTH - 2 * PADDING - _BETWEEN - len(word) * _ADVANCES["text"]
    columns = int(room / _ADVANCES["code"])
    text = _fit(text, max(columns - _measure(rest), columns // 2))
    return text, _fit(rest, columns - _measure(text))


def _width(line: Line) -> float:
    if line.style == "row":
        code = (_measure(line.text) + _measure(line.rest)) * _ADVANCES["code"]
        return code + _BETWEEN + len(line.word) * _ADVANCES["text"]
    return _measure(line.text) * _ADVANCES.get(line.style, 0.0)


def _columns(style: str) -> int:
    return int((_MAX_WIDTH - 2 * PADDING) / _ADVANCES[style])


def _is_external(node: Node) -> bool:
    return node.kind is NodeKind.EXTERNAL


def _wrapped(text: str) -> list[str]:
    lines = textwrap.wrap(
        printable(text), _REASON_COLUMNS, max_lines=_REASON_LINES, placeholder=" …"
    )
    return [_fit(line, _columns("text")) for line in lines]


def _measure(text: str) -> int:
    """The columns that ``text`` takes up in a monospaced font."""
    return sum(_column_width(char) for char in text)


def _column_width(char: str) -> int:
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in ("W", "F") else 1


def _fit(text: str, columns: int) -> str:
    text = printable(text)
    if _measure(text) <= columns:
        return text
    kept = list(_taken(text, columns - 1))
    return "".join(kept) + "…"


def _fit_end(text: str, columns: int) -> str:
    """``text`` cut at its start: the end of a path says more."""
    text = printable(text)
    if _measure(text) <= columns:
        return text
    return "…" + "".join(reversed(list(_taken(reversed(text), columns - 1))))


def _taken(text: Iterable[str], columns: int) -> Iterator[str]:
    for char in text:
        columns -= _column_width(char)
        if columns < 0:
            return
        yield char
