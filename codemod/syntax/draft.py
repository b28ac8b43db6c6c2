"""A configuration file under several edits, each made on what the last one left."""

from __future__ import annotations

from codemod.errors import EditError
from codemod.model import Edit, Span
from codemod.syntax import documents, text
from codemod.syntax.edits import apply_edits, followed_by
from codemod.syntax.tree import Document, Mapping, Node, Plain, Scalar, Sequence, walk

Key = str | int
"""One step from a value to one inside it: a member's key, or an item's place in a sequence."""


class Draft:
    """The file at ``path`` as it is after the edits so far; ``edits`` are they all together.

    Values are named by the keys that lead to them from the root. The methods that edit raise
    ``EditError`` where there is no such value, and where ``Document``'s own methods do.
    """

    def __init__(self, path: str, content: bytes) -> None:
        """Raises ``SourceError`` where the file is not valid."""
        self.document: Document = documents.parse(path, content)
        self._path = path
        self._edits: tuple[Edit, ...] = ()

    def node(self, *keys: Key) -> Node | None:
        """The value that ``keys`` lead to, None where there is none."""
        node: Node | None = self.document.root
        for key in keys:
            node = _inner(node, key)
        return node

    def insert(self, keys: tuple[Key, ...], key: str, value: Plain) -> None:
        self._apply(self.document.insert_member(self._path, self._mapping(keys), key, value))

    def append(self, keys: tuple[Key, ...], key: str, item: Plain) -> None:
        """Adds ``item`` to the list under ``key``, which is made where there is none."""
        listed = self.node(*keys, key)
        if listed is None:
            edit = self.document.insert_list(self._path, self._mapping(keys), key, item)
        elif isinstance(listed, Sequence):
            edit = self.document.append_item(self._path, listed, item)
        else:
            raise EditError(f"{self._path}: {key!r} is no list")
        self._apply(edit)

    def replace(self, keys: tuple[Key, ...], value: str) -> None:
        node = self.node(*keys)
        if not isinstance(node, Scalar):
            raise EditError(f"{self._path}: there is no single value to replace")
        self._apply(self.document.replace_scalar(self._path, node, value))

    def remove(self, keys: tuple[Key, ...], key: str) -> None:
        """Takes ``key`` out with all below it, tables of TOML that have headers included."""
        mapping = self._mapping(keys)
        tables = _tables_with_headers(self.document.source, mapping.get(key))
        if not tables:
            self._apply(self.document.remove_member(self._path, mapping, key))
            return
        for span in reversed(tables):
            self._apply(self._cut(span))

    def edits(self) -> tuple[Edit, ...]:
        """The edits that make the file as it was what it is now, in its order."""
        return self._edits

    def _mapping(self, keys: tuple[Key, ...]) -> Mapping:
        node = self.node(*keys)
        if not isinstance(node, Mapping):
            raise EditError(f"{self._path}: there is no table or object to edit")
        return node

    def _apply(self, edit: Edit) -> None:
        self._edits = followed_by(self._edits, edit)
        content = apply_edits(self.document.source, [edit])
        self.document = documents.parse(self._path, content)

    def _cut(self, span: Span) -> Edit:
        """The edit that takes a table's lines out, and an empty line before them."""
        source = self.document.source
        start = text.line_start(source, span.start)
        before = text.line_break_before(source, start)
        if before and text.is_empty_line(source, before.start):
            start = text.line_start(source, before.start)
        end = source.find(b"\n", span.end) + 1
        return Edit(self._path, Span(start, end or len(source)), "")


def _inner(node: Node | None, key: Key) -> Node | None:
    if isinstance(node, Mapping) and isinstance(key, str):
        return node.get(key)
    if isinstance(node, Sequence) and isinstance(key, int) and key < len(node.items):
        return node.items[key]
    return None


def _tables_with_headers(source: bytes, node: Node | None) -> list[Span]:
    """The tables of TOML at and below ``node`` that have lines of their own, in order."""
    return sorted(
        item.span
        for item in (walk(node) if node else ())
        if isinstance(item, Mapping) and source.startswith(b"[", item.span.start)
    )
