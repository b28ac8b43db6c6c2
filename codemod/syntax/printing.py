"""Writing a whole configuration file, laid out as another one is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from codemod.syntax import text
from codemod.syntax.tree import Document, Mapping, Node, Primitive, Scalar, Sequence, walk

Value = Primitive | list["Value"] | dict[str, "Value"]
"""What a configuration says, without its places."""

_WIDTH = 100
_TAB_WIDTH = 4
_DEFAULT_INDENT = "  "
_TRAILING_COMMA = re.compile(rb"(?:\s|//[^\r\n]*|/\*(?s:.*?)\*/)*,")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NOT_LITERAL = re.compile(r"['\x00-\x08\x0a-\x1f\x7f]")


def value_of(node: Node) -> Value:
    """The value of a node of a document. Of duplicate keys the last one counts."""
    if isinstance(node, Mapping):
        return {member.key: value_of(member.value) for member in node.members}
    if isinstance(node, Sequence):
        return [value_of(item) for item in node.items]
    return node.value


def json_like(document: Document, value: dict[str, Value]) -> str:
    """``value`` as a JSON file with the indentation, commas and line ends of ``document``."""
    source, root = document.source, document.root
    members = root.members if isinstance(root, Mapping) else ()
    indent = text.indentation(source, members[0].span.start) if members else ""
    trailing = bool(members) and _TRAILING_COMMA.match(source, members[-1].span.end) is not None
    style = _JsonStyle(indent or _DEFAULT_INDENT, "," if trailing else "")
    return _with_line_ends(style.render(value, 0) + "\n", document)


def toml_like(document: Document, value: dict[str, Value]) -> str:
    """``value`` as a TOML file with the quotes and line ends of ``document``.

    Tables get headers, arrays of tables too, but for those inside an item of another array.
    """
    strings = (node for node in walk(document.root) if isinstance(node, Scalar))
    first = next((node for node in strings if isinstance(node.value, str)), None)
    is_literal = first is not None and document.source.startswith(b"'", first.span.start)
    blocks = list(_TomlStyle("'" if is_literal else '"').blocks((), value))
    return _with_line_ends("\n\n".join(blocks) + "\n", document)


def _with_line_ends(written: str, document: Document) -> str:
    return written.replace("\n", text.line_break_near(document.source, 0))


@dataclass(frozen=True, slots=True)
class _JsonStyle:
    indent: str
    trailing_comma: str

    def render(self, value: Value, depth: int) -> str:
        """``value`` from where it begins on its line, ``depth`` levels deep."""
        flat = _flat_json(value)
        if depth > 1 and _is_flat(value) and self._fits(flat, depth):
            return flat
        if isinstance(value, dict) and value:
            items = [
                f"{_quoted(key)}: {self.render(item, depth + 1)}" for key, item in value.items()
            ]
            return self._enclose("{", items, "}", depth)
        if isinstance(value, list) and value and not (_is_flat(value) and self._fits(flat, depth)):
            return self._enclose("[", [self.render(item, depth + 1) for item in value], "]", depth)
        return flat

    def _fits(self, flat: str, depth: int) -> bool:
        return len((self.indent * depth).expandtabs(_TAB_WIDTH)) + len(flat) <= _WIDTH

    def _enclose(self, start: str, items: list[str], end: str, depth: int) -> str:
        inner = "\n" + self.indent * (depth + 1)
        body = ",".join(inner + item for item in items)
        return start + body + self.trailing_comma + "\n" + self.indent * depth + end


def _is_flat(value: Value) -> bool:
    """Whether ``value`` may stand on one line: nothing in it holds further objects."""
    if isinstance(value, dict):
        return not any(
            isinstance(item, dict) or (isinstance(item, list) and not _is_flat(item))
            for item in value.values()
        )
    if isinstance(value, list):
        return not any(isinstance(item, dict | list) for item in value)
    return True


def _flat_json(value: Value) -> str:
    if isinstance(value, dict):
        items = [f"{_quoted(key)}: {_flat_json(item)}" for key, item in value.items()]
        return "{ " + ", ".join(items) + " }" if items else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat_json, value)) + "]"
    return _quoted(value.isoformat()) if isinstance(value, date | time) else _quoted(value)


def _quoted(value: str | float | bool | None) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _TomlStyle:
    quote: str

    def blocks(self, path: tuple[str, ...], table: dict[str, Value]) -> Iterator[str]:
        """The parts of ``table`` that empty lines divide: its own pairs, then what it holds."""
        lines = [
            f"{_key(key)} = {self.render(value)}"
            for key, value in table.items()
            if not _is_table(value) and value is not None
        ]
        inner = {key: value for key, value in table.items() if _is_table(value)}
        if path and (lines or not inner):
            lines.insert(0, f"[{_dotted(path)}]")
        if lines:
            yield "\n".join(lines)
        for key, value in inner.items():
            if isinstance(value, dict):
                yield from self.blocks((*path, key), value)
            elif isinstance(value, list):
                yield from self._items((*path, key), value)

    def _items(self, path: tuple[str, ...], items: list[Value]) -> Iterator[str]:
        for item in items:
            if isinstance(item, dict):
                pairs = (f"{_key(key)} = {self.render(value)}" for key, value in item.items())
                yield "\n".join((f"[[{_dotted(path)}]]", *pairs))

    def render(self, value: Value) -> str:
        """``value`` on one line."""
        if isinstance(value, dict):
            pairs = [f"{_key(key)} = {self.render(item)}" for key, item in value.items()]
            return "{ " + ", ".join(pairs) + " }" if pairs else "{}"
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, list):
            return "[" + ", ".join(map(self.render, value)) + "]"
        if isinstance(value, date | datetime | time):
            return value.isoformat()
        return json.dumps(value)

    def _string(self, value: str) -> str:
        if self.quote == "'" and not _NOT_LITERAL.search(value):
            return f"'{value}'"
        return _basic(value)


def _is_table(value: Value) -> bool:
    """Whether ``value`` is written under headers: a table, or an array of nothing but tables."""
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and value != [] and all(isinstance(item, dict) for item in value)


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(map(_key, path))


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _basic(name)


def _basic(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
