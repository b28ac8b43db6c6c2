"""What the entry module loses: the exports of the classes, and imports that only served them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from tree_sitter import Node

from codemod.model import Edit, Span
from codemod.planner.layout import COMMENT, end_of_line, layout_of
from codemod.planner.rewrite import Rewrite
from codemod.planner.split.alone import NAMES, TYPED, unexported
from codemod.planner.split.target import Moved, Target
from codemod.planner.split.written import renamed
from codemod.scanner.modules import names_of_specifier
from codemod.syntax import typescript
from codemod.syntax.text import (
    is_empty_line,
    line_break_at,
    line_break_before,
    line_break_near,
    line_start,
    line_tail,
    skip_blanks,
)
from codemod.syntax.typescript import Source, children_of_type, span, text

_BREAK = re.compile(rb"[\r\n]")
_EMPTY_LINES = re.compile(rb"(?:[ \t]*(?:\r\n|\n|\r))+")


def removed(target: Target) -> tuple[Span, ...]:
    """The spans of the entry module that go, in order: statements, or parts of their lists."""
    exported = _of_exports(target.moved)
    imported = _of_imports(target, exported)
    return tuple(sorted({*exported, *imported}))


def edits(target: Target, spans: Sequence[Span], types: Collection[str]) -> tuple[Edit, ...]:
    """The edits that take ``spans`` out, and leave the types that are still asked for.

    ``types`` are the classes that other modules import as types: those stay exported as such.
    Statements go with their lines. Where they are all of a paragraph, the comments in it go along,
    and so do the empty lines after it; the first lines of a file may be about the file and stay.
    """
    source, rewrite = target.entry, Rewrite(target.entry)
    replaced = _bring_in(rewrite, source, spans, list(_types(target, spans, types)))
    alone = [item.alone for item in target.moved if item.alone]
    for offset in sorted({at for item in alone for at in unexported(target.names, item)}):
        rewrite.insert(offset, "export ")
    going = set(spans) - replaced
    starts = {node.start_byte for node in source.root.named_children}
    statements = {item for item in going if item.start in starts}
    for cut in {_lines(source, item, going) for item in statements} | (going - statements):
        rewrite.replace(cut, "")
    return rewrite.edits()


def _types(target: Target, spans: Sequence[Span], types: Collection[str]) -> Iterator[str]:
    """The statements that bring in a class as a type, and pass one on."""
    layout = layout_of(target.entry)
    kept = mentioned(target.entry, spans) if target.entry.path.endswith(TYPED) else set()
    for item in target.moved:
        origin = f"from {layout.quote}{item.specifier}{layout.quote}{layout.end}"
        if item.alone and item.name in kept:
            yield f"import type {{ {item.name} }} {origin}"
        if item.name in types:
            yield f"export type {{ {renamed(item.imported, item.name)} }} {origin}"


def _bring_in(
    rewrite: Rewrite, source: Source, spans: Sequence[Span], lines: list[str]
) -> set[Span]:
    """Adds import statements; gives the spans of those that go and whose place they take."""
    if not lines:
        return set()
    line_break = line_break_near(source.content, 0)
    written = line_break.join(lines)
    imports = list(children_of_type(source.root, "import_statement"))
    kept = [item for item in imports if span(item) not in spans]
    if kept:
        point, _ = end_of_line(source, kept[-1])
        rewrite.insert(point, line_break + written)
        return set()
    if imports:
        rewrite.replace(span(imports[-1]), written)
        return {span(imports[-1])}
    rewrite.insert(source.root.named_children[0].start_byte, written + line_break * 2)
    return set()


def _lines(source: Source, statement: Span, going: set[Span]) -> Span:
    """What goes with a statement that goes."""
    content = source.content
    paragraph = _paragraph(content, statement)
    if _is_all(source, paragraph, going):
        after = _EMPTY_LINES.match(content, paragraph.end)
        end = after.end() if after else paragraph.end
        if end < len(content):
            return Span(paragraph.start, end)
        before = content[: paragraph.start].rstrip()
        return Span(len(before), paragraph.end)
    start, end = line_start(content, statement.start), statement.end
    tail, _ = line_tail(content, end, COMMENT)
    line_end = skip_blanks(content, tail)
    after_line = line_break_at(content, line_end)
    if skip_blanks(content, start) < statement.start:
        return Span(statement.start, end)
    if after_line:
        return Span(start, after_line.end)
    return Span(start, line_end) if line_end == len(content) else Span(start, end)


def _is_all(source: Source, paragraph: Span, going: set[Span]) -> bool:
    """Whether a paragraph holds nothing but statements that go, and comments about them."""
    is_first = line_break_before(source.content, paragraph.start) is None
    inside = [
        node
        for node in source.root.children
        if node.start_byte < paragraph.end and node.end_byte > paragraph.start
    ]
    return all(
        paragraph.start <= node.start_byte
        and node.end_byte <= paragraph.end
        and (_lies_in(node, going) or (node.type == "comment" and not is_first))
        for node in inside
    )


def _paragraph(content: bytes, around: Span) -> Span:
    """The lines around a span up to the next empty ones, without the last line break."""
    start = line_start(content, around.start)
    while above := line_break_before(content, start):
        if is_empty_line(content, above.start):
            break
        start = line_start(content, above.start)
    end = _line_end(content, around.end)
    while below := line_break_at(content, end):
        following = _line_end(content, below.end)
        if is_empty_line(content, following):
            break
        end = following
    return Span(start, end)


def _line_end(content: bytes, offset: int) -> int:
    found = _BREAK.search(content, offset)
    return found.start() if found else len(content)


def _of_exports(moved: Iterable[Moved]) -> list[Span]:
    by_statement: dict[int, tuple[Node, list[Moved]]] = {}
    for item in moved:
        by_statement.setdefault(item.statement.id, (item.statement, []))[1].append(item)
    return [
        cut for statement, items in by_statement.values() for cut in _of_export(statement, items)
    ]


def _of_export(statement: Node, items: list[Moved]) -> list[Span]:
    alone = items[0].alone
    if alone:
        first = (*alone.comments, statement)[0]
        return [Span(first.start_byte, statement.end_byte)]
    names = {item.name for item in items}
    specifiers = [
        part
        for clause in children_of_type(statement, "export_clause")
        for part in children_of_type(clause, "export_specifier")
    ]
    going = [names_of_specifier(part)[1] in names for part in specifiers]
    if all(going):
        return [span(statement)]
    return list(_runs(specifiers, going))


def _of_imports(target: Target, exported: list[Span]) -> list[Span]:
    """The imports of names that only what goes has mentioned, types included."""
    served = {item.local for item in target.moved if item.local}
    served.update(*(item.alone.imported for item in target.moved if item.alone))
    unused = served - mentioned(target.entry, exported)
    cuts = []
    for statement in children_of_type(target.entry.root, "import_statement"):
        cuts += _of_import(statement, unused)
    return cuts


def mentioned(source: Source, going: Iterable[Span]) -> set[str]:
    """The names that stay in a module after ``going`` has gone, imports themselves left out."""
    spans = list(going)
    return {
        text(node)
        for statement in source.root.named_children
        if statement.type != "import_statement"
        for node in typescript.walk(statement)
        if node.type in NAMES and not _lies_in(node, spans)
    }


def _of_import(statement: Node, unused: set[str]) -> list[Span]:
    clauses = list(children_of_type(statement, "import_clause"))
    parts = [part for clause in clauses for part in clause.named_children]
    items = [
        item
        for part in parts
        if part.type == "named_imports"
        for item in children_of_type(part, "import_specifier")
    ]
    going = [names_of_specifier(item)[1] in unused for item in items]
    others = [part for part in parts if part.type not in ("named_imports", "comment")]
    kept = [part for part in others if text((part, *part.named_children)[-1]) not in unused]
    if parts and not kept and all(going) and (items or others):
        return [span(statement)]
    # A default import beside names that stay, and names beside one that stays, are left alone.
    return list(_runs(items, going)) if not all(going) else []


def _runs(items: list[Node], going: list[bool]) -> Iterator[Span]:
    """The spans of the items that go, each run of them with the commas that nothing needs."""
    index = 0
    while index < len(items):
        start = index
        while index < len(items) and going[index]:
            index += 1
        if index == start:
            index += 1
        elif index < len(items):
            yield Span(items[start].start_byte, items[index].start_byte)
        else:
            yield Span(items[start - 1].end_byte, items[-1].end_byte)


def _lies_in(node: Node, spans: Iterable[Span]) -> bool:
    return any(part.start <= node.start_byte and node.end_byte <= part.end for part in spans)
