"""JSON with comments, read as wrangler reads it, through json5kit's nodes and visitors.

wrangler calls ``parse(text, errors, {allowTrailingComma: true})`` of Microsoft's npm package
``jsonc-parser``, without a byte order mark, and stops at the first error (cloudflare/workers-sdk,
``packages/workers-utils/src/parse.ts``). json5kit's own parser reads another language, so all of
its rules are replaced; what is accepted and what it means is the same as there, and tested to be.
"""

# ruff: noqa: N802 - json5kit finds the methods of a visitor by these names.

from __future__ import annotations

import json
import re
from collections import abc
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from json5kit import (
    Json5Array,
    Json5Boolean,
    Json5Comma,
    Json5Comment,
    Json5File,
    Json5Key,
    Json5Newline,
    Json5Node,
    Json5Null,
    Json5Number,
    Json5Object,
    Json5ParseError,
    Json5Parser,
    Json5Primitive,
    Json5String,
    Json5Trivia,
    Json5Visitor,
    Json5Whitespace,
)

from codemod.errors import EditError, SourceError
from codemod.model import Edit, Location, Span
from codemod.syntax import text
from codemod.syntax.brackets import Brackets, Spacing
from codemod.syntax.lines import LineIndex
from codemod.syntax.text import KeyGap
from codemod.syntax.tree import (
    Mapping,
    Member,
    Node,
    Plain,
    Primitive,
    Scalar,
    Sequence,
    check_part,
    walk,
)

MAX_SIZE = 512 * 1024
"""Bytes of a file. One of a million values would be read for minutes."""

MAX_DEPTH = 200
"""Objects and arrays inside one another. json5kit's tree is recursive, and so is Python."""

_TRIVIA = re.compile(
    r"(?P<newline>\r\n|\n|\r)|(?P<blank>[ \t]+)|(?P<comment>//[^\r\n]*|/\*(?s:.*?)\*/)"
)
_STRING = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*+')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r'[^ \t\r\n{}\[\]",:/]+')
_COMMENT = re.compile(rb"(?P<line>//[^\r\n]*)|/\*(?s:.*?)\*/")

_EXACT_INTEGERS = 2**53
_DEFAULT_GAP = KeyGap("", ":", " ")
_DEFAULT_INDENT = "  "


class _Parser(Json5Parser):
    """json5kit's parser with the grammar of ``jsonc-parser``.

    An error carries the index of the character that is wrong, or that opens what is not closed.
    """

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self._depth = 0
        # One node serves all trivia of the same text: a large file has few kinds of them.
        self._trivia: dict[str, Json5Trivia] = {",": Json5Comma()}

    def parse(self) -> Json5File:
        leading: list[Json5Trivia] = []
        if self.match_next("\ufeff"):
            leading.append(Json5Whitespace("\ufeff"))
        leading += self.parse_trivia()
        if self.scanned:
            has_comment = any(isinstance(trivia, Json5Comment) for trivia in leading)
            raise self._error(
                "the file holds only comments" if has_comment else "the file is empty"
            )
        value = self.parse_node()
        if not self.scanned:
            raise self._error(f"the file should end here, but goes on with {self._seen()}")
        return Json5File(value, leading, [])

    def parse_node(self) -> Json5Node:
        if self._depth == MAX_DEPTH and self.peek() in ("{", "["):
            raise self._error(f"more than {MAX_DEPTH} objects and arrays inside one another")
        self._depth += 1
        node = super().parse_node()
        self._depth -= 1
        return node

    def parse_primitive(self) -> Json5Primitive:
        node = self._string() if self.match_next('"') else self._word()
        node.trailing_trivia_nodes = self.parse_trivia()
        return node

    def parse_array(self) -> Json5Array:
        start = self.current - 1
        leading = self.parse_trivia()
        members: list[Json5Node] = []
        while not self.match_next("]"):
            self._check_open(start)
            members.append(self.parse_node())
            self._end_item(members[-1], start, "]")
        return Json5Array(members, leading, self.parse_trivia())

    def parse_object(self) -> Json5Object:
        start = self.current - 1
        leading = self.parse_trivia()
        members: list[tuple[Json5Key, Json5Node]] = []
        while not self.match_next("}"):
            self._check_open(start)
            key = self._key()
            self._check_open(start)
            value = self.parse_node()
            self._end_item(value, start, "}")
            members.append((key, value))
        return Json5Object(members, leading, self.parse_trivia())

    def parse_trivia(self) -> list[Json5Trivia]:
        nodes: list[Json5Trivia] = []
        while match := _TRIVIA.match(self.source, self.current):
            written = match.group()
            if written not in self._trivia:
                self._trivia[written] = _trivia_node(match)
            nodes.append(self._trivia[written])
            self.current = match.end()
        if self.source.startswith("/*", self.current):
            raise self._error("this comment has no closing '*/'")
        return nodes

    def _key(self) -> Json5Key:
        if not self.match_next('"'):
            raise self._error(f"a key in double quotes should stand here, not {self._seen()}")
        key = self._string()
        key.trailing_trivia_nodes = self.parse_trivia()
        if not self.match_next(":"):
            raise self._error(f"':' should stand between key and value, not {self._seen()}")
        return Json5Key(key, self.parse_trivia())

    def _end_item(self, value: Json5Node, start: int, close: str) -> None:
        self._check_open(start)
        if self.match_next(","):
            value.trailing_trivia_nodes.append(self._trivia[","])
            value.trailing_trivia_nodes.extend(self.parse_trivia())
        elif self.peek() != close:
            raise self._error(f"',' or '{close}' should stand here, not {self._seen()}")

    def _check_open(self, start: int) -> None:
        if self.scanned:
            raise self._error(f"this '{self.source[start]}' is never closed", start)

    def _string(self) -> Json5String:
        """The string whose opening quote has just been read."""
        start = self.current - 1
        match = _STRING.match(self.source, start)
        self.current = match.end() if match else self.current
        if not self.match_next('"'):
            raise self._string_error(start)
        source = self.source[start : self.current]
        return Json5String(source, _string_value(source), [])

    def _string_error(self, start: int) -> Json5ParseError:
        wrong = self.peek()
        if wrong == "\\" and self.peek_next():
            size = 6 if self.peek_next() == "u" else 2
            escape = self.source[self.current : self.current + size]
            return self._error(f"{escape!r} is no escape sequence of JSON")
        if wrong in ("", "\\", "\r", "\n"):
            return self._error("this string has no closing quote on its line", start)
        return self._error(f"a string must not hold U+{ord(wrong):04X}; write \\u{ord(wrong):04x}")

    def _word(self) -> Json5Primitive:
        match = _WORD.match(self.source, self.current)
        word = match.group() if match else ""
        if word == "null":
            node: Json5Primitive = Json5Null([])
        elif word in ("true", "false"):
            node = Json5Boolean(word, word == "true", [])
        elif _NUMBER.fullmatch(word):
            node = Json5Number(word, float(word), [])
        else:
            raise self._error(f"a value should stand here, not {self._seen()}")
        self.current += len(word)
        return node

    def _seen(self) -> str:
        """What stands at the current place, for a message."""
        if self.scanned:
            return "the end of the file"
        match = _WORD.match(self.source, self.current)
        seen = match.group() if match else self.peek()
        if seen.startswith("'"):
            return "a string in single quotes"
        return f"{seen[:40]!r}" if match else f"'{seen}'"

    def _error(self, message: str, index: int | None = None) -> Json5ParseError:
        return Json5ParseError(message, self.current if index is None else index)


def _trivia_node(match: re.Match[str]) -> Json5Trivia:
    if match.lastgroup == "comment":
        return Json5Comment(match.group())
    if match.lastgroup == "blank":
        return Json5Whitespace(match.group())
    newline = Json5Newline()
    newline.source = match.group()
    return newline


def _string_value(source: str) -> str:
    """What a string means; half a surrogate pair counts as U+FFFD, as when it is sent anywhere."""
    if "\\" not in source:
        return source[1:-1]
    value: str = json.loads(source)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number_value(value: float) -> int | float:
    """A number as JavaScript knows it: an integer where it is one without loss."""
    return int(value) if value.is_integer() and abs(value) <= _EXACT_INTEGERS else value


class _TreeBuilder(Json5Visitor):
    """Makes the tree of values, counting off the bytes of the nodes in the order of the file."""

    def __init__(self) -> None:
        self.comments: list[Span] = []
        self._value: Node
        self._offset = 0

    def build(self, file: Json5File) -> Node:
        self.visit(file)
        return self._value

    def visit_File(self, node: Json5File) -> None:
        self._pass_trivia(node.leading_trivia_nodes)
        self.visit(node.value)

    def visit_Object(self, node: Json5Object) -> None:
        start = self._open(node)
        members = []
        for key, value in zip(node.keys, node.values, strict=True):
            key_span = self._pass(key.value.source)
            self._pass_trivia(key.value.trailing_trivia_nodes)
            self._offset += len(":")
            self._pass_trivia(key.trailing_trivia_nodes)
            self.visit(value)
            members.append(Member(key.value.value, key_span, self._value))
        self._value = Mapping(tuple(members), self._close(node, start))

    def visit_Array(self, node: Json5Array) -> None:
        start = self._open(node)
        items = []
        for member in node.members:
            self.visit(member)
            items.append(self._value)
        self._value = Sequence(tuple(items), self._close(node, start))

    def visit_String(self, node: Json5String) -> None:
        self._scalar(node, node.value)

    def visit_Number(self, node: Json5Number) -> None:
        self._scalar(node, _number_value(node.value))

    def visit_Boolean(self, node: Json5Boolean) -> None:
        self._scalar(node, node.value)

    def visit_Null(self, node: Json5Null) -> None:
        self._scalar(node, None)

    def _scalar(self, node: Json5Primitive, value: Primitive) -> None:
        self._value = Scalar(value, self._pass(node.source))
        self._pass_trivia(node.trailing_trivia_nodes)

    def _open(self, node: Json5Object | Json5Array) -> int:
        start = self._pass("{").start
        self._pass_trivia(node.leading_trivia_nodes)
        return start

    def _close(self, node: Json5Object | Json5Array, start: int) -> Span:
        end = self._pass("}").end
        self._pass_trivia(node.trailing_trivia_nodes)
        return Span(start, end)

    def _pass_trivia(self, nodes: abc.Iterable[Json5Trivia]) -> None:
        for node in nodes:
            if isinstance(node, Json5Comment):
                self.comments.append(self._pass(node.source))
            else:
                self._offset += _size(node.source)

    def _pass(self, source: str) -> Span:
        start = self._offset
        self._offset += _size(source)
        return Span(start, self._offset)


def _size(source: str) -> int:
    return len(source) if source.isascii() else len(source.encode())


@dataclass(frozen=True, slots=True)
class _Style:
    """How new values are written."""

    spacing: Spacing
    gap: KeyGap
    trailing_comma: bool

    def render(self, value: Plain, *, is_long: bool) -> str:
        """``value`` as JSON; with ``is_long``, objects and lists of values get a line each."""
        if isinstance(value, abc.Mapping):
            items = [
                f"{_quoted(key)}{self.gap.narrow()}{self.render(item, is_long=is_long)}"
                for key, item in value.items()
            ]
            return self._enclose("{", items, "}", self.spacing.padding, is_long=is_long)
        if isinstance(value, abc.Sequence) and not isinstance(value, str):
            items = [self.render(item, is_long=is_long) for item in value]
            is_long = is_long and any(item.endswith(("}", "]")) for item in items)
            return self._enclose("[", items, "]", "", is_long=is_long)
        return json.dumps(value, ensure_ascii=False)

    def _enclose(
        self, start: str, items: list[str], end: str, padding: str, *, is_long: bool
    ) -> str:
        if not items:
            return start + end
        if not is_long:
            return start + padding + f",{self.spacing.comma}".join(items) + padding + end
        lines = "".join(f",\n{item}" for item in items)[1:]
        comma = "," if self.trailing_comma else ""
        return start + lines.replace("\n", "\n" + self.spacing.indent) + comma + "\n" + end


@dataclass(frozen=True)
class JsoncDocument:
    """A parsed file. ``nodes`` is json5kit's tree: its ``to_source()`` is the file's text."""

    source: bytes
    nodes: Json5File
    root: Node
    _comments: tuple[Span, ...] = field(repr=False)
    _lines: LineIndex = field(repr=False)

    def location(self, path: str, span: Span) -> Location:
        return self._lines.location(path, span)

    def comments(self) -> Iterator[Span]:
        return iter(self._comments)

    def insert_member(self, path: str, mapping: Mapping, key: str, value: Plain) -> Edit:
        check_part(self.root, mapping)
        if mapping.member(key):
            raise EditError(f"{path}: the object holds {key!r} already")
        brackets, style = self._brackets(mapping), self._style(mapping)
        name = _quoted(key)
        gap = text.gap_for(name, self._gaps(mapping), style.gap)
        item = name + gap + style.render(value, is_long=brackets.has_lines)
        return brackets.append(path, item, style.spacing)

    def insert_list(self, path: str, mapping: Mapping, key: str, item: Plain) -> Edit:
        return self.insert_member(path, mapping, key, [item])

    def append_item(self, path: str, sequence: Sequence, value: Plain) -> Edit:
        check_part(self.root, sequence)
        last = sequence.items[-1].span if sequence.items else sequence.span
        style = self._style(sequence)
        item = style.render(value, is_long=text.has_line_break(self.source, last))
        spacing = replace(style.spacing, padding="")
        return self._brackets(sequence).append(path, item, spacing)

    def remove_member(self, path: str, mapping: Mapping, key: str) -> Edit:
        check_part(self.root, mapping)
        places = [index for index, member in enumerate(mapping.members) if member.key == key]
        if len(places) != 1:
            raise EditError(f"{path}: the object holds {key!r} {len(places)} times, not once")
        return self._brackets(mapping).remove(path, places[0])

    def replace_scalar(self, path: str, scalar: Scalar, value: str) -> Edit:
        check_part(self.root, scalar)
        return Edit(path, scalar.span, _quoted(value))

    def _brackets(self, node: Mapping | Sequence) -> Brackets:
        items = node.members if isinstance(node, Mapping) else node.items
        return Brackets(self.source, node.span, tuple(item.span for item in items), _COMMENT)

    def _gaps(self, node: Node) -> list[KeyGap]:
        members = node.members if isinstance(node, Mapping) else ()
        return text.key_gaps(self.source, ((item.key_span, item.value.span) for item in members))

    def _style(self, node: Mapping | Sequence) -> _Style:
        """The style of ``node``, or of the document in what ``node`` does not show."""
        everywhere = (gap for other in walk(self.root) for gap in self._gaps(other))
        gap = text.usual_gap(self._gaps(node) or everywhere, _DEFAULT_GAP)
        indents = (self._indent(other) for other in walk(self.root))
        indent = next((indent for indent in indents if indent), _DEFAULT_INDENT)
        paddings = (self._padding(other) for other in walk(self.root))
        padding = next((padding for padding in paddings if padding is not None), gap.after[:1])
        comma = self._brackets(node).has_trailing_comma
        return _Style(Spacing(gap.after[:1], padding, indent), gap, comma)

    def _indent(self, node: Node) -> str:
        """By how much what begins a line in ``node`` is indented more than ``node``, if so."""
        first = _first_item(node)
        if not first or text.line_start(self.source, first.start) < node.span.start:
            return ""
        outer = text.indentation(self.source, node.span.start)
        inner = text.indentation(self.source, first.start)
        return inner.removeprefix(outer) if inner.startswith(outer) else ""

    def _padding(self, node: Node) -> str | None:
        """The blanks after the opening brace of an object that goes on on the same line."""
        first = _first_item(node) if isinstance(node, Mapping) else None
        gap = self.source[node.span.start + 1 : first.start] if first else b"{"
        return None if gap.strip(b" \t") else gap.decode()


def _first_item(node: Node) -> Span | None:
    if isinstance(node, Mapping):
        return node.members[0].span if node.members else None
    return node.items[0].span if isinstance(node, Sequence) and node.items else None


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def parse(source: bytes) -> JsoncDocument:
    """Reads a file. Raises ``SourceError`` where wrangler's parser reports an error.

    Also raises it on bytes that are not UTF-8, on more of them than ``MAX_SIZE`` and
    on nesting deeper than ``MAX_DEPTH``.
    """
    content = text.decode(source, MAX_SIZE)
    lines = LineIndex(source)
    try:
        nodes = _Parser(content).parse()
    except Json5ParseError as error:
        line, column = lines.position(len(content[: error.index].encode()))
        raise SourceError(str(error), line, column) from None
    builder = _TreeBuilder()
    root = builder.build(nodes)
    return JsoncDocument(source, nodes, root, tuple(builder.comments), lines)
