"""What a configuration file says, whichever language it is written in: values with their places.

``jsonc.parse`` and ``toml.parse`` both give a ``Document``, so that a reader of
configurations needs to know neither language.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from codemod.errors import EditError
from codemod.model import Edit, Location, Span

Primitive = str | int | float | bool | date | datetime | time | None

Plain = str | bool | int | abc.Sequence["Plain"] | abc.Mapping[str, "Plain"]
"""A value to be written: what JSON and TOML can both hold, without a place."""


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
    The span of a TOML table runs from its header to its last own pair, tables below it left out.
    A table that only longer headers or dotted keys imply has the span of its name in the first of
    these; the outermost has that of the file.
    """

    members: tuple[Member, ...]
    span: Span

    def member(self, key: str) -> Member | None:
        return next((member for member in reversed(self.members) if member.key == key), None)

    def get(self, key: str) -> Node | None:
        member = self.member(key)
        return member.value if member else None


Node = Scalar | Sequence | Mapping


def children(node: Node) -> list[Node]:
    """The values right below ``node``, in their order."""
    if isinstance(node, Mapping):
        return [member.value for member in node.members]
    return list(node.items) if isinstance(node, Sequence) else []


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the members and items, without recursion."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(children(current)))


def check_part(root: Node, node: Node) -> None:
    """Raises ``EditError`` where ``node`` is no part of the tree ``root``, though equal to one."""
    if not any(node is other for other in walk(root)):
        raise EditError("the value to edit is not of this document")


def mapping_at(root: Node, span: Span) -> Mapping:
    """The innermost mapping with exactly this span. Raises ``EditError`` where there is none."""
    found = [node for node in walk(root) if isinstance(node, Mapping) and node.span == span]
    if not found:
        raise EditError(f"no table or object at bytes {span.start} to {span.end}")
    return found[-1]


class Document(Protocol):
    """A parsed configuration file. Its edits leave every byte outside their span alone.

    New text copies the layout of its neighbours: one line or several, indentation, spacing,
    quotes, trailing comma, line ends.
    """

    @property
    def source(self) -> bytes:
        """The file's bytes, byte order mark included."""

    @property
    def root(self) -> Node:
        """The outermost value."""

    def location(self, path: str, span: Span) -> Location:
        """``span`` with its line and column."""

    def comments(self) -> Iterator[Span]:
        """Every comment, in order."""

    def insert_member(self, path: str, mapping: Mapping, key: str, value: Plain) -> Edit:
        """The edit that adds ``key`` with ``value`` after ``mapping``'s last member.

        Comments stay where they are; the new member comes after those on the last one's line.
        Raises ``EditError`` where ``mapping`` is not of this document or holds ``key`` already.
        """

    def insert_list(self, path: str, mapping: Mapping, key: str, item: Plain) -> Edit:
        """The edit that adds ``key`` with a list of one item.

        As ``insert_member`` does it; a table in TOML gets a header of its own (``[[key]]``) after
        the other tables of ``mapping``, unless the file writes such lists within a line. Raises
        ``EditError`` where ``insert_member`` does.
        """

    def append_item(self, path: str, sequence: Sequence, value: Plain) -> Edit:
        """The edit that adds ``value`` after ``sequence``'s last item.

        Raises ``EditError`` where ``sequence`` is not of this document or cannot hold ``value``
        (an array of tables holds tables alone).
        """

    def remove_member(self, path: str, mapping: Mapping, key: str) -> Edit:
        """The edit that takes ``key``, its value and its separator out.

        A member alone on its line takes the line, with a comment at its end; all other comments
        stay. Undoes ``insert_member`` to the byte, but for blanks between the brackets of an
        empty mapping and for a TOML header that had to be added. Raises ``EditError`` where
        ``mapping`` is not of this document or does not hold ``key`` in exactly one place.
        """

    def replace_scalar(self, path: str, scalar: Scalar, value: str) -> Edit:
        """The edit that puts the string ``value`` in ``scalar``'s place, in its quote style.

        Raises ``EditError`` where ``scalar`` is not of this document.
        """
