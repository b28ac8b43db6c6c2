"""TypeScript and JavaScript through tree-sitter: parsing, and what every reader of a tree needs.

A syntax error never fails a parse: tree-sitter recovers, and ``is_damaged`` tells the parts that
it had to guess at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from codemod.model import Location, Span
from codemod.syntax.lines import LineIndex

SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_WITHOUT_JSX = frozenset({".ts", ".mts", ".cts"})

TRANSPARENT = frozenset(
    {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
    }
)
"""The nodes that have the value of the expression inside them: parentheses and casts."""


_SIMPLE_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
}


@dataclass(frozen=True)
class Source:
    """A parsed module. ``root`` is tree-sitter's ``program`` node."""

    path: str
    content: bytes
    root: Node
    lines: LineIndex = field(repr=False)

    def location(self, node: Node) -> Location:
        return self.lines.location(self.path, span(node))


@cache
def _parser(*, jsx: bool) -> Parser:
    grammar = (
        tree_sitter_typescript.language_tsx()
        if jsx
        else tree_sitter_typescript.language_typescript()
    )
    return Parser(Language(grammar))


def parse(path: str, content: bytes) -> Source:
    """Parses a module; the grammar goes by the path's suffix (JavaScript is read as TSX)."""
    jsx = PurePosixPath(path).suffix.lower() not in _WITHOUT_JSX
    tree = _parser(jsx=jsx).parse(content)
    return Source(path, content, tree.root_node, LineIndex(content))


def span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)


def text(node: Node) -> str:
    """The node's source text; bytes that are no UTF-8 become U+FFFD."""
    return (node.text or b"").decode("utf-8", "replace")


def operand(node: Node) -> Node | None:
    """What stands inside parentheses or a cast; None for any other node."""
    if node.type not in TRANSPARENT:
        return None
    inner = [child for child in node.named_children if child.type != "comment"]
    if not inner:
        return None
    return inner[-1] if node.type == "type_assertion" else inner[0]


def unwrap(node: Node) -> Node:
    """The expression inside parentheses, ``as``, ``satisfies``, ``!`` and ``<T>`` casts."""
    inner = operand(node)
    while inner is not None:
        node, inner = inner, operand(inner)
    return node


def string_value(node: Node) -> str | None:
    """The value of a string literal, or of a template without substitutions; None for the rest.

    Half a surrogate pair counts as U+FFFD, as when it is sent anywhere.
    """
    if node.type not in ("string", "template_string"):
        return None
    parts = [_part(child) for child in node.named_children]
    return None if None in parts else _well_formed("".join(filter(None, parts)))


def fragment_value(node: Node) -> str | None:
    """The value of a part of a string or template, None for a substitution."""
    value = _part(node)
    return None if value is None else _well_formed(value)


def _well_formed(value: str) -> str:
    if value.isascii():
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _part(node: Node) -> str | None:
    if node.type == "string_fragment":
        return text(node)
    return _unescape(text(node)) if node.type == "escape_sequence" else None


def _unescape(sequence: str) -> str:
    body = sequence[1:]
    if body in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[body]
    if body[0] in "\r\n\u2028\u2029":
        return ""
    digits = body[1:].strip("{}") if body[0] in "ux" else ""
    try:
        return chr(int(digits, 16)) if digits else body
    except (ValueError, OverflowError):
        return "\ufffd"


def is_constant(declarator: Node) -> bool:
    """Whether a variable declarator stands in a ``const`` statement."""
    statement = declarator.parent
    return statement is not None and any(child.type == "const" for child in statement.children)


def property_name(key: Node) -> str | None:
    """The name that a key of a class or an object means, without ``#``; None: it is computed."""
    if key.type == "computed_property_name":
        inner = next(iter(key.named_children), None)
        return string_value(inner) if inner is not None else None
    value = string_value(key)
    return text(key).removeprefix("#") if value is None else value


def superclass(node: Node) -> Node | None:
    """The expression after ``extends`` in a class."""
    for heritage in children_of_type(node, "class_heritage"):
        for clause in children_of_type(heritage, "extends_clause"):
            return clause.child_by_field_name("value")
    return None


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the source, without recursion."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.children))


def children_of_type(node: Node, *types: str) -> Iterator[Node]:
    """The direct named children of these types."""
    return (child for child in node.named_children if child.type in types)


def statements(root: Node) -> Iterator[Node]:
    """The top-level statements of a module, those inside a damaged part included."""
    pending = list(reversed(root.named_children))
    while pending:
        node = pending.pop()
        if node.type == "ERROR":
            pending.extend(reversed(node.named_children))
        else:
            yield node


def is_damaged(node: Node) -> bool:
    """Whether the parser had to guess somewhere inside the node."""
    return node.has_error
