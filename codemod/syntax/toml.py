"""TOML through tomlkit: parsing and edits.

wrangler reads TOML 1.0 (with ``smol-toml``), without a byte order mark. tomlkit also takes some of
what came later, so the standard library's parser, which is as strict, has to accept a file first.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import abc
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from tomlkit.exceptions import ParseError, TOMLKitError

from codemod.errors import EditError, SourceError
from codemod.model import Edit, Location, Span
from codemod.syntax import text
from codemod.syntax.brackets import Brackets, Spacing
from codemod.syntax.lines import BOM, LineIndex
from codemod.syntax.text import KeyGap
from codemod.syntax.toml_tree import (
    COMMENT,
    Header,
    Pair,
    Part,
    Place,
    StatementParser,
    Table,
    Tables,
)
from codemod.syntax.tree import Mapping, Node, Plain, Scalar, Sequence, check_part, children, walk

MAX_SIZE = 128 * 1024
"""Bytes of a file: tomlkit reads hardly more of them in a second."""

MAX_DEPTH = 200
"""Tables and arrays inside one another; tomlkit itself reads no more than 100 brackets."""

_ERROR_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_COMMENTS_BELOW = re.compile(
    rb"(?:[ \t]*\r?\n[ \t]*#[^\r\n]*)+(?=[ \t]*(?:\r?\n[ \t]*(?:\r?\n|\Z)|\Z))"
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NOT_LITERAL = re.compile(r"['\x00-\x08\x0a-\x1f\x7f]")
# Its names are each a table in the one before: the time to read a longer key grows as its square.
_DEEP_KEY = re.compile(
    r"""(?:^|[{,])[ \t]*\[{0,2}[ \t]*(?:(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+)[ \t]*\.[ \t]*)"""
    rf"{{{MAX_DEPTH}}}",
    re.MULTILINE,
)
_TOO_DEEP = f"more than {MAX_DEPTH} tables and arrays inside one another"
_DEFAULT_GAP = KeyGap(" ", "=", " ")
_DEFAULT_INDENT = "  "


@dataclass(frozen=True, slots=True)
class _Style:
    """How new keys and values are written."""

    gap: KeyGap
    quote: str
    spacing: Spacing

    def render(self, value: Plain) -> str:
        """``value`` on one line."""
        if isinstance(value, str):
            return _string(value, self.quote)
        if isinstance(value, abc.Mapping):
            gap = self.gap.narrow()
            pairs = [f"{_key(key)}{gap}{self.render(item)}" for key, item in value.items()]
            padding = self.spacing.padding if pairs else ""
            return "{" + padding + ", ".join(pairs) + padding + "}"
        if isinstance(value, abc.Sequence):
            return "[" + ", ".join(map(self.render, value)) + "]"
        return json.dumps(value)

    def lines(self, table: abc.Mapping[str, Plain]) -> Iterator[str]:
        """The pairs of ``table``, each on a line of its own."""
        for key, value in table.items():
            yield f"{_key(key)}{self.gap}{self.render(value)}"


def _is_table(value: Plain) -> TypeGuard[abc.Mapping[str, Plain]]:
    return isinstance(value, abc.Mapping)


def _string(value: str, quote: str) -> str:
    if quote == "'" and not _NOT_LITERAL.search(value):
        return f"'{value}'"
    return _basic(value)


def _basic(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _basic(name)


@dataclass(frozen=True)
class TomlDocument:
    """A parsed file."""

    source: bytes
    root: Mapping
    _statements: tuple[Pair | Header, ...] = field(repr=False)
    _tables: Tables = field(repr=False)
    _comments: tuple[Span, ...] = field(repr=False)
    _lines: LineIndex = field(repr=False)

    def location(self, path: str, span: Span) -> Location:
        return self._lines.location(path, span)

    def comments(self) -> Iterator[Span]:
        return iter(self._comments)

    def insert_member(self, path: str, mapping: Mapping, key: str, value: Plain) -> Edit:
        place = self._place(mapping)
        if mapping.member(key):
            raise EditError(f"{path}: the table holds {key!r} already")
        style = self._style(place.pairs)
        name = self._prefix(place) + _key(key)
        gap = text.gap_for(name, self._gaps(place.pairs), style.gap)
        item = name + gap + style.render(value)
        if place.brackets:
            return place.brackets.append(path, item, style.spacing)
        if place.pairs:
            margin = text.indentation(self.source, place.pairs[-1].span.start)
            return self._below(path, place.pairs[-1].span.end, [margin + item])
        if place.header:
            margin = text.indentation(self.source, place.header.span.start)
            return self._below(path, place.header.span.end, [margin + item])
        if place.implied_by:
            return self._with_header(path, place.implied_by, place.depth, item)
        return self._on_top(path, item)

    def insert_list(self, path: str, mapping: Mapping, key: str, item: Plain) -> Edit:
        names = self._names_before(mapping, self._place(mapping))
        last = self._last_below(names) if names is not None else None
        if names is None or last is None or mapping.member(key) or not _is_table(item):
            return self.insert_member(path, mapping, key, [item])
        prefix = self._text(names[0].span.start, names[-1].span.end) + "." if names else ""
        statement, margin = last
        header = f"[[{prefix}{_key(key)}]]"
        lines = [margin + line for line in (header, *self._style(()).lines(item))]
        return self._below(path, self._after_comments(statement.span.end), ["", *lines])

    def append_item(self, path: str, sequence: Sequence, value: Plain) -> Edit:
        check_part(self.root, sequence)
        last = self._tables.arrays.get(id(sequence))
        if last:
            return self._append_table(path, last, value, len(sequence.items))
        tables = [item for item in sequence.items if isinstance(item, Mapping)]
        style = self._style(self._place(tables[-1]).pairs if tables else (), sequence.items)
        items = tuple(item.span for item in sequence.items)
        brackets = Brackets(self.source, sequence.span, items, COMMENT)
        spacing = replace(style.spacing, padding="")
        return brackets.append(path, style.render(value), spacing)

    def remove_member(self, path: str, mapping: Mapping, key: str) -> Edit:
        place = self._place(mapping)
        pairs = [pair for pair in place.pairs if pair.key[place.depth].name == key]
        if len(pairs) != 1 or len(pairs[0].key) > place.depth + 1:
            raise EditError(f"{path}: no single line or inline pair is all of {key!r}")
        if place.brackets:
            return place.brackets.remove(path, place.brackets.items.index(pairs[0].span))
        is_last_on_top = mapping is self.root and len(place.pairs) == 1
        return self._cut_line(path, pairs[0].span, takes_gap=is_last_on_top)

    def replace_scalar(self, path: str, scalar: Scalar, value: str) -> Edit:
        check_part(self.root, scalar)
        return Edit(path, scalar.span, _string(value, self._quote(scalar)))

    def _place(self, mapping: Mapping) -> Place:
        check_part(self.root, mapping)
        return self._tables.places[id(mapping)]

    def _names_before(self, mapping: Mapping, place: Place) -> tuple[Part, ...] | None:
        """The names in the header of a table right below ``mapping``, but for its own.

        None where ``mapping`` can hold no such table, or where the file writes lists of tables
        within a line.
        """
        lists = (node for node in walk(self.root) if isinstance(node, Sequence) and node.items)
        if place.brackets or any(map(self._is_inline_list, lists)):
            return None
        if place.header is not None:
            return None if place.header.is_array else place.header.key
        if place.implied_by is not None:
            return place.implied_by.key[: place.depth]
        return () if mapping is self.root else None

    def _is_inline_list(self, node: Sequence) -> bool:
        return id(node) not in self._tables.arrays and isinstance(node.items[0], Mapping)

    def _last_below(self, names: tuple[Part, ...]) -> tuple[Pair | Header, str] | None:
        """The last statement of the table ``names`` and of those right below it.

        What a longer header begins on its own does not count. The second value is the indentation
        of the last header, or pair, that begins a table.
        """
        prefix = [part.name for part in names]
        begun: set[str] = set()
        counts, found, margin = not prefix, None, ""
        for statement in self._statements:
            if isinstance(statement, Header):
                path = [part.name for part in statement.key]
                depth = len(path) - len(prefix)
                begun.update(path[-1:] if depth == 1 and path[:-1] == prefix else ())
                is_below = path[: len(prefix)] == prefix
                counts = is_below and (depth == 0 or path[len(prefix)] in begun)
                margin = text.indentation(self.source, statement.span.start) if counts else margin
            if counts:
                found = statement
        return (found, margin) if found is not None else None

    def _prefix(self, place: Place) -> str:
        """The names before the last one that a pair of ``place`` is written with."""
        if not place.depth or not place.pairs:
            return ""
        key = place.pairs[-1].key
        return self._text(key[0].span.start, key[place.depth].span.start)

    def _below(self, path: str, end: int, lines: list[str]) -> Edit:
        """The edit that adds lines after that of ``end``."""
        tail, _ = text.line_tail(self.source, end, COMMENT)
        point = text.skip_blanks(self.source, tail)
        following = text.line_break_at(self.source, point)
        line_break = (
            self._text(following.start, following.end)
            if following
            else text.line_break_near(self.source, end)
        )
        return Edit(path, Span(point, point), "".join(line_break + line for line in lines))

    def _with_header(self, path: str, longer: Header, depth: int, item: str) -> Edit:
        """The edit that begins a table with ``item`` before the table that implies it."""
        name = self._text(longer.key[0].span.start, longer.key[depth - 1].span.end)
        margin = text.indentation(self.source, longer.span.start)
        return self._above(path, longer, [f"{margin}[{name}]", margin + item])

    def _on_top(self, path: str, item: str) -> Edit:
        """The edit that adds ``item``, the first pair outside all tables that have headers."""
        header = next((item for item in self._statements if isinstance(item, Header)), None)
        if header:
            return self._above(path, header, [item])
        end = len(self.source)
        line_break = text.line_break_near(self.source, end)
        is_line = text.line_start(self.source, end) < end
        new = line_break + item if is_line else item + line_break
        return Edit(path, Span(end, end), new)

    def _above(self, path: str, header: Header, lines: list[str]) -> Edit:
        """The edit that adds lines and an empty one before ``header`` and comments on it."""
        point = text.line_start(self.source, header.span.start)
        while before := text.line_break_before(self.source, point):
            above = text.line_start(self.source, before.start)
            if not COMMENT.match(self.source, text.skip_blanks(self.source, above)):
                break
            point = above
        line_break = text.line_break_near(self.source, header.span.start)
        return Edit(path, Span(point, point), "".join(line + line_break for line in [*lines, ""]))

    def _append_table(self, path: str, last: Table, value: Plain, count: int) -> Edit:
        """The edit that adds a table to an array of tables, laid out like its last one."""
        header = last.header
        if header is None or not isinstance(value, abc.Mapping):
            raise EditError(f"{path}: an array of tables holds tables alone")
        style = self._style(tuple(last.pairs))
        margin = text.indentation(self.source, header.span.start)
        first = last.pairs[0].span.start if last.pairs else header.span.start
        pair_margin = text.indentation(self.source, first)
        lines = [margin + self._text(header.span.start, header.span.end)]
        for key, item in value.items():
            name = _key(key)
            gap = text.gap_for(name, self._gaps(tuple(last.pairs)), style.gap)
            lines.append(pair_margin + name + gap + style.render(item))
        above = text.line_break_before(self.source, header.span.start)
        is_tight = count > 1 and above and not text.is_empty_line(self.source, above.start)
        end = self._after_comments(last.end)
        return self._below(path, end, lines if is_tight else ["", *lines])

    def _after_comments(self, end: int) -> int:
        """``end``, or the end of the comment lines below it where no further line adjoins them."""
        tail, _ = text.line_tail(self.source, end, COMMENT)
        match = _COMMENTS_BELOW.match(self.source, tail)
        return match.end() if match else end

    def _cut_line(self, path: str, unit: Span, *, takes_gap: bool) -> Edit:
        """The edit that removes a line, and with ``takes_gap`` an empty one that follows."""
        start = text.line_start(self.source, unit.start)
        tail, _ = text.line_tail(self.source, unit.end, COMMENT)
        end = text.skip_blanks(self.source, tail)
        before = text.line_break_before(self.source, unit.start)
        after = text.line_break_at(self.source, end)
        if after and (takes_gap or not before):
            gap = text.line_break_at(self.source, after.end) if takes_gap else None
            return Edit(path, Span(start, gap.end if gap else after.end), "")
        return Edit(path, Span(before.start if before else start, end), "")

    def _style(self, pairs: tuple[Pair, ...], items: tuple[Node, ...] = ()) -> _Style:
        """The style of ``pairs`` and ``items``, or of the document in what they do not show."""
        everywhere = tuple(item for item in self._statements if isinstance(item, Pair))
        gap = text.usual_gap(self._gaps(pairs or everywhere), _DEFAULT_GAP)
        examples = [*(pair.value for pair in everywhere), *items, *(pair.value for pair in pairs)]
        quote = next(filter(None, map(self._quote, reversed(examples))), '"')
        paddings = (self._padding(place) for place in self._tables.places.values())
        padding = next((padding for padding in paddings if padding is not None), " ")
        return _Style(gap, quote, Spacing(comma=" ", padding=padding, indent=_DEFAULT_INDENT))

    def _padding(self, place: Place) -> str | None:
        """The blanks inside the brace of an inline table that is not empty."""
        if not place.brackets or not place.pairs:
            return None
        return self._text(place.brackets.span.start + 1, place.brackets.items[0].start)

    def _gaps(self, pairs: tuple[Pair, ...]) -> list[KeyGap]:
        return text.key_gaps(self.source, ((pair.key_span, pair.value.span) for pair in pairs))

    def _quote(self, node: Node) -> str:
        """The quote that a string begins with, nothing for other values."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return ""
        return self._text(node.span.start, node.span.start + 1)

    def _text(self, start: int, end: int) -> str:
        return self.source[start:end].decode()


def parse(source: bytes) -> TomlDocument:
    """Reads a file. Raises ``SourceError`` where it is not TOML 1.0.

    Also raises it on bytes that are not UTF-8, on more of them than ``MAX_SIZE`` and
    on nesting deeper than ``MAX_DEPTH``.
    """
    content = text.decode(source, MAX_SIZE).removeprefix("\ufeff")
    start = len(BOM) if source.startswith(BOM) else 0
    lines = LineIndex(source)
    _check_strictly(content, source)
    tables = Tables(source)
    parser = StatementParser(content, start, tables)
    try:
        parser.read()
    except ParseError as error:
        reason = str(error).removesuffix(f" at line {error.line} col {error.col}")
        raise SourceError(reason, error.line, error.col + 1) from None
    except (TOMLKitError, RecursionError) as error:
        raise SourceError(f"tomlkit cannot read the file: {error}") from None
    root = tables.outermost(parser.statements)
    _check_depth(root, lines)
    return TomlDocument(
        source, root, tuple(parser.statements), tables, tuple(parser.comments), lines
    )


def _check_strictly(content: str, source: bytes) -> None:
    if deep := _DEEP_KEY.search(content):
        position = LineIndex(source).position(text.byte_offsets(content)[deep.start()])
        raise SourceError(_TOO_DEEP, *position)
    try:
        tomllib.loads(content)
    except RecursionError:
        raise SourceError(_TOO_DEEP) from None
    except ValueError as error:
        reason = str(error)
        place = _ERROR_PLACE.search(reason)
        if not place:
            raise SourceError("a number is too long to be read") from None
        line, column = place.groups()
        if not line:
            line, column = LineIndex(source).position(len(source))
        raise SourceError(reason[: place.start()], int(line), int(column)) from None


def _check_depth(root: Mapping, lines: LineIndex) -> None:
    level: list[Node] = [root]
    for _ in range(MAX_DEPTH + 1):
        level = [child for node in level for child in children(node)]
    if level:
        raise SourceError(_TOO_DEEP, *lines.position(level[0].span.start))
