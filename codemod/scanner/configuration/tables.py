"""Typed access to the values of a configuration: what has the wrong type is left out and noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from codemod.model import Location, Note, Span
from codemod.syntax.tree import Document, Mapping, Member, Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Text:
    """A string of a configuration and where it stands."""

    value: str
    location: Location


@dataclass(frozen=True, slots=True)
class Scope:
    """The settings of one deployment: its own table, and the top level that it may inherit."""

    environment: str | None
    own: Mapping
    top: Mapping

    def holder(self, key: str) -> Mapping:
        """The table whose ``key`` counts where environments inherit it."""
        return self.own if present(self.own, key) is not None else self.top


class Tables:
    """The tables of one configuration file.

    A key that is absent and one whose value is ``null`` are the same, as they are to wrangler.
    ``notes`` tells of every value that was left out.
    """

    def __init__(self, path: str, document: Document) -> None:
        self._path = path
        self._document = document
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(Note(self._path, text) for text in self._notes)

    def location(self, span: Span) -> Location:
        return self._document.location(self._path, span)

    def text(self, table: Mapping, key: str) -> Text | None:
        """The string under ``key``; a date of TOML counts as one."""
        node = present(table, key)
        return None if node is None else self.as_text(node, key)

    def required(self, table: Mapping, key: str) -> Text | None:
        """The string under ``key``, with a note where there is none."""
        if present(table, key) is None:
            self.note(table.span, f'"{key}" is missing here: ignored')
        return self.text(table, key)

    def texts(self, table: Mapping, key: str) -> tuple[Text, ...]:
        """The strings of the array under ``key``."""
        found = (self.as_text(item, key) for item in self.items(table, key))
        return tuple(text for text in found if text)

    def is_true(self, table: Mapping, key: str) -> bool:
        node = present(table, key)
        if node is None:
            return False
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.reject(node, key, "a boolean")
        return False

    def table(self, table: Mapping, key: str) -> Mapping | None:
        """The object or table under ``key``."""
        node = present(table, key)
        if node is None or isinstance(node, Mapping):
            return node
        self.reject(node, key, "an object")
        return None

    def tables(self, table: Mapping, key: str) -> Iterator[Mapping]:
        """The objects or tables of the array under ``key``."""
        for item in self.items(table, key):
            if isinstance(item, Mapping):
                yield item
            else:
                self.reject(item, key, "an array of objects")

    def items(self, table: Mapping, key: str) -> tuple[Node, ...]:
        """The items of the array under ``key``."""
        node = present(table, key)
        if node is None:
            return ()
        if isinstance(node, Sequence):
            return node.items
        self.reject(node, key, "an array")
        return ()

    def as_text(self, node: Node, key: str) -> Text | None:
        """The string that ``node``, the value of ``key`` or one of its items, is."""
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, date):
            value = value.isoformat()
        if isinstance(value, str):
            return Text(value, self.location(node.span))
        self.reject(node, key, "a string")
        return None

    def reject(self, node: Node, key: str, expected: str) -> None:
        """Notes that the value ``node`` of ``key`` is left out."""
        self.note(node.span, f'"{key}" should be {expected}, not {_kind(node)}: ignored')

    def note(self, span: Span, text: str) -> None:
        """Notes ``text`` about the place ``span``, once."""
        place = self.location(span)
        self._notes[f"line {place.line}, column {place.column}: {text}"] = None


def present(table: Mapping, key: str) -> Node | None:
    """The value under ``key``, None where there is none or it is ``null``."""
    node = table.get(key)
    return None if isinstance(node, Scalar) and node.value is None else node


def entries(table: Mapping) -> tuple[Member, ...]:
    """The members of ``table`` that count: the last of each key, as in ``JSON.parse``."""
    return tuple({member.key: member for member in table.members}.values())


def _kind(node: Node) -> str:
    if isinstance(node, Mapping):
        return "an object"
    if isinstance(node, Sequence):
        return "an array"
    match node.value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case date() | time():
            return "a date or time"
        case _:
            return "a number"
