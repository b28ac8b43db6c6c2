"""Templates to modules: their holes filled, in the style of the module they go beside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from codemod.model import Edit, Span
from codemod.planner.layout import Layout
from codemod.syntax import typescript
from codemod.syntax.edits import apply_edits
from codemod.syntax.typescript import Source, text

TEMPLATES = Path(__file__).with_name("templates")

_HOLE = re.compile(r"^// wfix:(\w+)\n", re.MULTILINE)
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_STEP = "  "
_LEADING_STEPS = re.compile(rf"^(?:{_STEP})+", re.MULTILINE)


def render(template: str, holes: Mapping[str, str], layout: Layout) -> str:
    """The template with this file name, its holes filled with what is written as it is.

    A hole is a line ``// wfix:<name>``. Templates and what fills them have double quotes,
    semicolons, and two spaces a step.
    """
    whole = (TEMPLATES / template).read_text(encoding="utf-8")
    return restyled(_HOLE.sub(lambda hole: holes[hole[1]], whole), template, layout)


def restyled(module: str, path: str, layout: Layout) -> str:
    """``module`` with the quotes, statement ends, indentation and line breaks of ``layout``."""
    content = module.encode()
    source = typescript.parse(path, content)
    module = apply_edits(content, _edits(source, layout)).decode()
    module = _LEADING_STEPS.sub(lambda found: layout.indent * (len(found[0]) // 2), module)
    return module.replace("\n", layout.line_break)


def quoted(value: str) -> str:
    """``value`` as a string literal that may stand in a comment, too, with the fewest escapes."""
    literal = json.dumps(value, ensure_ascii=not value.isprintable()).replace("*/", "*\\/")
    if '"' in value and not any(char in value for char in "'\\") and value.isprintable():
        return "'" + literal[1:-1].replace('\\"', '"') + "'"
    return literal


def is_identifier(name: str) -> bool:
    return _IDENTIFIER.fullmatch(name) is not None


def key(name: str) -> str:
    """``name`` as a key of an object or a type."""
    return name if is_identifier(name) else quoted(name)


def access(owner: str, name: str) -> str:
    """The expression for the property ``name`` of ``owner``."""
    return f"{owner}.{name}" if is_identifier(name) else f"{owner}[{quoted(name)}]"


def _edits(source: Source, layout: Layout) -> Iterator[Edit]:
    for node in typescript.walk(source.root):
        ends_line = source.content[node.end_byte : node.end_byte + 1] == b"\n"
        if node.type == ";" and ends_line and not layout.end:
            yield Edit(source.path, typescript.span(node), "")
        elif node.type == "string" and layout.quote == "'" and _takes_single_quotes(text(node)):
            yield Edit(source.path, Span(node.start_byte, node.start_byte + 1), "'")
            yield Edit(source.path, Span(node.end_byte - 1, node.end_byte), "'")


def _takes_single_quotes(literal: str) -> bool:
    return literal.startswith('"') and not any(char in literal for char in "'\\")
