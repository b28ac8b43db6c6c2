"""TOML's statements and the tree they make, read by tomlkit's parser.

tomlkit keeps no offsets, and spreads a table over many objects. So its parser is made to note where
keys, values, headers and comments stand, and the tree is built from these notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tomlkit.items import Array, InlineTable, Item, Key
from tomlkit.parser import Parser

from codemod.model import Span
from codemod.syntax import text
from codemod.syntax.brackets import Brackets
from codemod.syntax.tree import Mapping, Member, Node, Scalar, Sequence

COMMENT = re.compile(rb"(?P<line>#[^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Part:
    """One name of a dotted key. ``span`` includes its quotes."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Pair:
    key: tuple[Part, ...]
    value: Node

    @property
    def span(self) -> Span:
        return Span(self.key[0].span.start, self.value.span.end)

    @property
    def key_span(self) -> Span:
        return Span(self.key[0].span.start, self.key[-1].span.end)


@dataclass(frozen=True, slots=True)
class Header:
    """``[key]``, or ``[[key]]`` where ``is_array``. ``span`` includes the brackets."""

    key: tuple[Part, ...]
    span: Span
    is_array: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pairs of a mapping stand, or would.

    ``pairs`` lie in it; the first ``depth`` names of their keys lead to it. They are items of the
    inline table ``brackets``, or else lines below ``header``. Where there are no pairs and no
    header either, the first ``depth`` names of the header ``implied_by`` lead to the mapping; it
    is None for the outermost table.
    """

    pairs: tuple[Pair, ...]
    depth: int
    brackets: Brackets | None
    header: Header | None
    implied_by: Header | None


@dataclass(eq=False, slots=True)
class Table:
    """A table while its statements come in. ``end`` is where the last of them ends so far."""

    span: Span
    depth: int = 0
    header: Header | None = None
    implied_by: Header | None = None
    end: int = 0
    pairs: list[Pair] = field(default_factory=list)
    entries: dict[str, tuple[Span, Table | list[Table] | Node]] = field(default_factory=dict)

    def add(self, pair: Pair) -> None:
        table = self
        table.pairs.append(pair)
        for depth, part in enumerate(pair.key[:-1], 1):
            table = table.child(part)
            table.depth = depth
            table.pairs.append(pair)
        table.entries[pair.key[-1].name] = pair.key[-1].span, pair.value

    def child(self, part: Part) -> Table:
        """The table of that name, made if there is none; of an array of tables, the last one."""
        entry = self.entries.setdefault(part.name, (part.span, Table(part.span)))[1]
        table = entry[-1] if isinstance(entry, list) else entry
        assert isinstance(table, Table), "the standard library's parser lets no value be a table"
        return table

    def append(self, part: Part, span: Span) -> Table:
        """A new last table of the array of tables of that name."""
        tables = self.entries.setdefault(part.name, (part.span, []))[1]
        assert isinstance(tables, list), "the standard library's parser lets no value be an array"
        tables.append(Table(span))
        return tables[-1]

    def open(self, header: Header) -> list[Table]:
        """The tables from this one, the outermost, to the one that ``header`` begins."""
        path = [self]
        for depth, part in enumerate(header.key[:-1], 1):
            table = path[-1].child(part)
            if not (table.pairs or table.header or table.implied_by):
                table.implied_by, table.depth = header, depth
            path.append(table)
        parent, part = path[-1], header.key[-1]
        table = parent.append(part, header.span) if header.is_array else parent.child(part)
        table.header, table.depth = header, 0
        return [*path, table]


class Tables:
    """Makes the tree of values out of statements; ``places`` and ``arrays`` go by ``id()``."""

    def __init__(self, source: bytes) -> None:
        self.places: dict[int, Place] = {}
        self.arrays: dict[int, Table] = {}
        self._source = source

    def outermost(self, statements: Iterable[Pair | Header]) -> Mapping:
        root = Table(Span(0, len(self._source)))
        path = [root]
        for statement in statements:
            if isinstance(statement, Header):
                path = root.open(statement)
            else:
                path[-1].add(statement)
            for table in path:
                table.end = statement.span.end
        return self._mapping(root, None)

    def inline(self, pairs: list[Pair], span: Span) -> Mapping:
        table = Table(span)
        for pair in pairs:
            table.add(pair)
        items = tuple(pair.span for pair in pairs)
        return self._mapping(table, Brackets(self._source, span, items, COMMENT))

    def _mapping(self, table: Table, brackets: Brackets | None) -> Mapping:
        members = []
        for name, (key_span, entry) in table.entries.items():
            if isinstance(entry, Table):
                value: Node = self._mapping(entry, brackets)
            elif isinstance(entry, list):
                value = self._array(entry)
            else:
                value = entry
            members.append(Member(name, key_span, value))
        span = table.span
        if table.header:
            own_end = table.pairs[-1].span.end if table.pairs else table.header.span.end
            span = Span(table.header.span.start, own_end)
        mapping = Mapping(tuple(members), span)
        self.places[id(mapping)] = Place(
            tuple(table.pairs), table.depth, brackets, table.header, table.implied_by
        )
        return mapping

    def _array(self, tables: list[Table]) -> Sequence:
        elements = tuple(self._mapping(table, None) for table in tables)
        sequence = Sequence(elements, Span(tables[0].span.start, tables[-1].end))
        self.arrays[id(sequence)] = tables[-1]
        return sequence


class StatementParser(Parser):
    """tomlkit's parser, which notes the pairs, headers and comments as it comes by them.

    Keys, values and the pairs of inline tables wait on stacks until what holds them is read.
    """

    def __init__(self, content: str, start: int, tables: Tables) -> None:
        super().__init__(content)
        self.statements: list[Pair | Header] = []
        self.comments: list[Span] = []
        self._offsets = text.byte_offsets(content)
        self._start = start
        self._tables = tables
        self._keys: list[list[Part]] = []
        self._values: list[Node] = []
        self._pairs: list[Pair] = []

    def read(self) -> None:
        """Reads all statements. tomlkit's own tree of tables, which ``parse`` makes, is not made.

        It refuses some orders of tables that TOML allows.
        """
        while not self.end():
            if self._parse_item() is None:
                self._read_header()

    def _read_header(self) -> None:
        start = self._idx
        self.inc()
        is_array = self._current == "["
        if is_array:
            self.inc()
        self._parse_key()
        for _ in "]]" if is_array else "]":
            self.inc()
        span = self._span(start, self._idx)
        self.statements.append(Header(tuple(self._keys.pop()), span, is_array))
        self._parse_comment_trail()

    def _parse_key(self) -> Key:
        self._keys.append([])
        return super()._parse_key()

    def _parse_simple_key(self) -> Key:
        start = self._idx
        key = super()._parse_simple_key()
        written = self._src[start : self._idx]
        start += len(written) - len(written.lstrip(" \t"))
        self._keys[-1].append(Part(key.key, self._span(start, start + len(written.strip(" \t")))))
        return key

    def _parse_key_value(self, parse_comment: bool = False) -> tuple[Key, Item]:
        pair = super()._parse_key_value(parse_comment)
        noted = Pair(tuple(self._keys.pop()), self._values.pop())
        (self.statements if parse_comment else self._pairs).append(noted)
        return pair

    def _parse_value(self) -> Item:
        start, values, pairs = self._idx, len(self._values), len(self._pairs)
        item = super()._parse_value()
        # A date swallows the blanks after it, in case a time follows.
        span = self._span(start, self._idx - len(item.trivia.comment_ws))
        if isinstance(item, Array):
            node: Node = Sequence(tuple(self._values[values:]), span)
        elif isinstance(item, InlineTable):
            node = self._tables.inline(self._pairs[pairs:], span)
        else:
            node = Scalar(item.unwrap(), span)
        del self._values[values:], self._pairs[pairs:]
        self._values.append(node)
        return item

    def _parse_comment_trail(self, parse_trail: bool = True) -> tuple[str, str, str]:
        start = self._idx
        trail = super()._parse_comment_trail(parse_trail)
        blanks, comment, _ = trail
        if comment:
            start += len(blanks)
            self.comments.append(self._span(start, start + len(comment)))
        return trail

    def _span(self, start: int, end: int) -> Span:
        return Span(self._start + self._offsets[start], self._start + self._offsets[end])
