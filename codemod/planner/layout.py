"""How a module is written: what new text copies of its neighbourhood."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from tree_sitter import Node

from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS
from codemod.syntax.text import line_break_at, line_break_near, line_tail, skip_blanks
from codemod.syntax.typescript import Source, text

COMMENT = re.compile(rb"//[^\r\n]*|/\*(?s:.*?)\*/")

_INDENTED_LINE = re.compile(rb"(?m)^(\t| +)(?=[^\s*])")
_ENDED = frozenset(
    {
        "break_statement",
        "continue_statement",
        "debugger_statement",
        "expression_statement",
        "import_statement",
        "lexical_declaration",
        "return_statement",
        "throw_statement",
        "type_alias_declaration",
        "variable_declaration",
    }
)
_DECLARED_BY_VALUE = FUNCTIONS | CLASSES


@dataclass(frozen=True, slots=True)
class Layout:
    """The usual quote, statement end (``;`` or nothing), line break and step of indentation."""

    quote: str
    end: str
    line_break: str
    indent: str


def layout_of(source: Source) -> Layout:
    """What is usual in a module; double quotes, semicolons and two spaces where nothing tells."""
    quotes: Counter[str] = Counter()
    for node in typescript.walk(source.root):
        if node.type == "string":
            quotes[text(node)[:1]] += 1
    indented = _INDENTED_LINE.search(source.content)
    return Layout(
        quote="'" if quotes["'"] > quotes['"'] else '"',
        end=statement_end(source.root, ";"),
        line_break=line_break_near(source.content, 0),
        indent=indented.group(1).decode() if indented else "  ",
    )


def statement_end(root: Node, otherwise: str) -> str:
    """What most statements inside ``root`` end in, ``;`` or nothing; ``otherwise`` at a tie."""
    votes: Counter[bool] = Counter()
    for node in typescript.walk(root):
        if _tells_end(node):
            votes[node.children[-1].type == ";"] += 1
    if votes[True] == votes[False]:
        return otherwise
    return ";" if votes[True] > votes[False] else ""


def _tells_end(node: Node) -> bool:
    """Whether a node is a statement that ends in ``;`` where that is the style.

    Before a brace on the same line it is left out in any style.
    """
    if node.type == "export_statement":
        value = node.child_by_field_name("value")
        is_declaration = value is not None and value.type in _DECLARED_BY_VALUE
        if is_declaration or node.child_by_field_name("declaration") is not None:
            return False
    elif node.type not in _ENDED or not node.children:
        return False
    if node.children[-1].type == ";":
        return node.parent is None or node.parent.type != "for_statement"
    following = node.next_sibling
    if following is None or following.type != "}":
        return True
    return following.start_point.row > node.end_point.row


def end_of_line(source: Source, statement: Node) -> tuple[int, bool]:
    """Where a line after ``statement`` begins: behind the comments on the statement's last line.

    The second value says whether nothing else follows on that line.
    """
    content, end = source.content, statement.end_byte
    point, closes_line = line_tail(content, end, COMMENT)
    if closes_line:
        return point, True
    point = skip_blanks(content, point)
    if point == len(content) or line_break_at(content, point):
        return point, True
    return end, False
