"""What a configuration file says, whichever language it is written in: values with their places.

``jsonc.parse`` and ``toml.parse`` both give a ``Document``, so that a reader of
configurations needs to know neither language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from codemod.errors import EditError
from codemod.model import Edit, Location, Span

Primitive = str | int | float | bool | date | datetime | time | None


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, boolean, null or (TOML) date."""

    value: Primitive
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    """A JSON array, a TOML array or an array of tables (``[[name]]``, the span of them all)."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """One ``key: value`` of a mapping. ``span`` runs from the first byte of both to the last."""

    key: str
    key_span: Span
    value: Node

    @property
    def span(self) -> Span:
        return Span(min(self.key_span.start, self.value.span.start), self.value.span.end)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A JSON object, a TOML table or a TOML inline table. Members stand in the order of the file.

    Duplicate keys (JSON only) all stand in ``members``; the last one counts, as in ``JSON.parse``.
    """

    members: tuple[Member, ...]
    span: Span

    def member(self, key: str) -> Member | None:
        return next((member for member in reversed(self.members) if member.key == key), None)

    def get(self, key: str) -> Node | None:
        member = self.member(key)
        return member.value if member else None


Node = Scalar | Sequence | Mapping


class Document(Protocol):
    """A parsed configuration file. Its edits leave every byte outside their span alone."""

    @property
    def source(self) -> bytes:
        """The file's bytes, byte order mark included."""

    @property
    def root(self) -> Mapping | Sequence | Scalar:
        """The outermost value."""

    def location(self, path: str, span: Span) -> Location:
        """``span`` with its line and column."""

    def insert_member(self, path: str, mapping: Mapping, key: str, value: str) -> Edit:
        """The edit that adds ``key`` with the string ``value`` after ``mapping``'s last member.

        The new text copies the mapping's layout: one line or several, indentation, spacing,
        quotes, trailing comma, line ends. Raises ``EditError`` where ``mapping`` is not of this
        document or holds ``key`` already.
        """

    def remove_member(self, path: str, mapping: Mapping, key: str) -> Edit:
        """The edit that takes ``key``, its value and its separator out. Comments of others stay.

        Raises ``EditError`` where ``mapping`` has no ``key``.
        """

    def replace_scalar(self, path: str, scalar: Scalar, value: str) -> Edit:
        """The edit that puts the string ``value`` in ``scalar``'s place, in its quote style."""

    def comments(self) -> Iterator[Span]:
        """Every comment, in order."""


def mapping_at(root: Node, span: Span) -> Mapping:
    """The mapping that takes up exactly ``span``. Raises ``EditError`` where there is none."""
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            if node.span == span:
                return node
            pending += [member.value for member in node.members]
        elif isinstance(node, Sequence):
            pending += node.items
    raise EditError(f"no table or object at bytes {span.start} to {span.end}")
