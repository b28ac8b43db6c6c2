"""What ``cloudflare:workers`` exports, in a module: found among its imports, or added to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from tree_sitter import Node

from codemod.model import Span
from codemod.planner.layout import Layout, end_of_line
from codemod.planner.rewrite import Rewrite
from codemod.scanner.modules import imports, is_type_only, names_of_specifier
from codemod.scanner.resolving.platform import RUNTIME
from codemod.syntax.lines import BOM
from codemod.syntax.text import has_line_break, indentation, line_break_at, skip_blanks
from codemod.syntax.typescript import Source, children_of_type, string_value, text

# What only counts above the first statement: shebangs, directives, and comments for tools.
_HEADER = frozenset({"hash_bang_line", "comment"})
# Relative paths, and the usual beginnings of a project's own aliases for its folders.
_LOCAL = (".", "/", "#", "@/", "~")
_PRAGMA = re.compile(
    r"///|/\*!|(?://|/\*)[\s*]*"
    r"(?:eslint|global|prettier|biome|oxlint|#|@(?:ts-|jsx|flow|file|format|licen|copyr|preserve))"
)


def runtime_export(rewrite: Rewrite, source: Source, layout: Layout, name: str, local: str) -> str:
    """The expression for the export ``name``, imported as ``local`` where it is not yet there."""
    for known, imported in imports(source).items():
        if imported.specifier != RUNTIME or imported.type_only:
            continue
        if imported.imported == name:
            return known
        if imported.imported == "*":
            return f"{known}.{name}"
    statements = [item for item in _imports_of(source, RUNTIME) if not is_type_only(item)]
    for specifier in _specifiers(statements):
        exported, known = names_of_specifier(specifier)
        if exported == name:
            kind = specifier.children[0]
            start = specifier.child_by_field_name("name") or kind
            rewrite.replace(Span(kind.start_byte, start.start_byte), "")
            return known
    item = name if local == name else f"{name} as {local}"
    last = next(iter(reversed(list(_specifiers(statements)))), None)
    if last is not None:
        _add_specifier(rewrite, source, last, item, layout)
    else:
        _add_import(rewrite, source, item, layout)
    return local


def _imports_of(source: Source, specifier: str) -> Iterator[Node]:
    for statement in children_of_type(source.root, "import_statement"):
        named = statement.child_by_field_name("source")
        if named is not None and string_value(named) == specifier:
            yield statement


def _specifiers(statements: list[Node]) -> Iterator[Node]:
    for statement in statements:
        for clause in children_of_type(statement, "import_clause"):
            for names in children_of_type(clause, "named_imports"):
                yield from children_of_type(names, "import_specifier")


def _add_specifier(rewrite: Rewrite, source: Source, last: Node, item: str, layout: Layout) -> None:
    listed = last.parent or last
    separator = " "
    if has_line_break(source.content, Span(listed.start_byte, last.start_byte)):
        separator = layout.line_break + indentation(source.content, last.start_byte)
    rewrite.insert(last.end_byte, f",{separator}{item}")


def _add_import(rewrite: Rewrite, source: Source, item: str, layout: Layout) -> None:
    quote, line_break = layout.quote, layout.line_break
    before = _import_before(source)
    end = layout.end
    if before is not None:
        named = before.child_by_field_name("source")
        quote = text(named)[:1] if named is not None else quote
        end = ";" if text(before).endswith(";") else ""
    line = f"import {{ {item} }} from {quote}{RUNTIME}{quote}"
    if before is None:
        point = after_header(source)
        is_apart = line_break_at(source.content, skip_blanks(source.content, point)) is not None
        rewrite.insert(point, f"{line}{end}{line_break}{'' if is_apart else line_break}")
        return
    point, ends_line = end_of_line(source, before)
    rewrite.insert(point, f"{line_break}{line}{end if ends_line else ';'}")


def _import_before(source: Source) -> Node | None:
    """The import that another one of a package goes after.

    The last of those that the module begins with, or of the packages where these come first; the
    last one anywhere where it begins with none.
    """
    leading, others = [], None
    is_leading = True
    for statement in source.root.named_children:
        if statement.type == "import_statement":
            others = statement
            if is_leading:
                leading.append(statement)
        elif statement.type not in _HEADER and not _is_directive(statement):
            is_leading = False
    if not leading:
        return others
    packages = list(takewhile(_is_of_package, leading))
    is_ordered = packages and not any(map(_is_of_package, leading[len(packages) :]))
    return packages[-1] if is_ordered else leading[-1]


def _is_of_package(statement: Node) -> bool:
    named = statement.child_by_field_name("source")
    specifier = string_value(named) if named is not None else None
    return specifier is not None and not specifier.startswith(_LOCAL)


def after_header(source: Source) -> int:
    """Where a module's first statement goes: a comment right above another one stays with that."""
    content = source.content
    point = len(BOM) if content.startswith(BOM) else 0
    for node in source.root.named_children:
        if node.type not in _HEADER and not _is_directive(node):
            break
        line_break = line_break_at(content, skip_blanks(content, node.end_byte))
        if line_break is None:
            continue
        is_apart = node.type != "comment" or _PRAGMA.match(text(node)) is not None
        blank_line = line_break_at(content, skip_blanks(content, line_break.end))
        if is_apart or blank_line:
            point = (blank_line or line_break).end
    return point


def _is_directive(statement: Node) -> bool:
    inner = statement.named_children[:1]
    return statement.type == "expression_statement" and [node.type for node in inner] == ["string"]
