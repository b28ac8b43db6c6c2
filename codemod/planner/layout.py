"""How a module is written: what new text copies of its neighbourhood."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from tree_sitter import Node

from codemod.syntax import typescript
from codemod.syntax.text import line_break_at, line_break_near, line_tail, skip_blanks
from codemod.syntax.typescript import Source, text

COMMENT = re.compile(rb"//[^\r\n]*|/\*(?s:.*?)\*/")

_INDENTED_LINE = re.compile(rb"(?m)^(\t| +)(?=[^\s*])")
_ENDED = frozenset(
    {"expression_statement", "import_statement", "lexical_declaration", "return_statement"}
)


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
    ended: Counter[bool] = Counter()
    for node in typescript.walk(source.root):
        if node.type == "string":
            quotes[text(node)[:1]] += 1
        elif node.type in _ENDED:
            ended[text(node).endswith(";")] += 1
    indented = _INDENTED_LINE.search(source.content)
    return Layout(
        quote="'" if quotes["'"] > quotes['"'] else '"',
        end=";" if ended[True] >= ended[False] else "",
        line_break=line_break_near(source.content, 0),
        indent=indented.group(1).decode() if indented else "  ",
    )


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
