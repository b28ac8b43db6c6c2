"""A class that the entry module declares, in a module of its own.

That is the same class where it refers to nothing of the entry but imports, which its new module
repeats, and types, which are gone at run time.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from tree_sitter import Node

from codemod.model import Export
from codemod.planner.layout import layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.split.written import as_imported, relative
from codemod.scanner.exporting.names import Names
from codemod.scanner.files import Files
from codemod.scanner.modules import is_type_only, names_of_specifier
from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES
from codemod.syntax.typescript import Source, children_of_type, text

TYPED = (".ts", ".tsx", ".mts", ".cts")
"""The suffixes of modules that may hold types."""

_TYPES = frozenset({"interface_declaration", "type_alias_declaration"})
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
NAMES = frozenset(
    {"identifier", "jsx_identifier", "shorthand_property_identifier", "type_identifier"}
)
"""The nodes that may mention a name of the module, as a value or as a type."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What a class takes along into the module ``path``.

    ``comments`` stand right above its ``statement``. ``imported`` are the names it has from
    imports, ``types`` the statements of the entry that declare types it mentions.
    """

    path: str
    statement: Node
    comments: tuple[Node, ...]
    imported: frozenset[str]
    types: tuple[Node, ...]


def stand_alone(files: Files, names: Names, export: Export) -> Alone | Refusal:
    """The class that ``export`` declares in a module of its own, or why it cannot be there."""
    declared = names.declared.get(export.name)
    statement = declared.node.parent if declared else None
    source = names.source
    if declared is None or statement is None or declared.node.type not in CLASSES:
        reason = f"{export.name} is made in the entry module: move it to a module of its own"
        return Refusal(reason, export.location)
    if statement.type != "export_statement" or list(children_of_type(statement, "decorator")):
        reason = f"{export.name} is not exported where it is declared, plainly"
        return Refusal(f"{reason}: move it to a module of its own", export.location)
    if typescript.is_damaged(statement) or not _is_text(statement):
        return Refusal(f"{export.name} does not parse", export.location)
    mentions: dict[str, Node] = {}
    for node in _mentions(statement):
        mentions.setdefault(text(node), node)
    types = [item for item in source.root.named_children if _is_type(item)]
    importable = {_name(item) for item in types}
    for name, node in mentions.items():
        if name in names.declared and name != export.name:
            reason = f"{export.name} uses {name}, which the entry module declares as well"
            return Refusal(reason, source.location(node))
        if name in names.types and name not in importable:
            reason = f"{export.name} mentions {name}, a type that cannot be imported from the entry"
            return Refusal(reason, source.location(node))
    return Alone(
        _free_path(files, source, export.name),
        statement,
        tuple(_comments(source, statement)),
        frozenset(mentions.keys() & names.imported.keys()),
        tuple(item for item in types if _name(item) in mentions),
    )


def module_text(names: Names, alone: Alone) -> str:
    """The new module, written as the entry is."""
    source, layout = names.source, layout_of(names.source)
    lines = [
        _import(statement, alone.imported)
        for statement in children_of_type(source.root, "import_statement")
    ]
    if alone.types:
        specifier = relative(as_imported(source, source.path), posixpath.dirname(source.path))
        listed = ", ".join(dict.fromkeys(map(_name, alone.types)))
        quoted = f"{layout.quote}{specifier}{layout.quote}"
        lines.append(f"import type {{ {listed} }} from {quoted}{layout.end}")
    body = [text(node) for node in (*alone.comments, alone.statement)]
    head = [line for line in lines if line]
    return layout.line_break.join([*head, *([""] if head else []), *body, ""])


def unexported(names: Names, alone: Alone) -> Iterator[int]:
    """Where ``export`` is missing before the types that the class mentions."""
    exported = _exported(names.source)
    for statement in alone.types:
        if statement.type != "export_statement" and _name(statement) not in exported:
            yield statement.start_byte


def _is_text(statement: Node) -> bool:
    try:
        (statement.text or b"").decode()
    except UnicodeDecodeError:
        return False
    return True


def _mentions(statement: Node) -> Iterator[Node]:
    return (node for node in typescript.walk(statement) if node.type in NAMES)


def _is_type(statement: Node) -> bool:
    declaration = statement.child_by_field_name("declaration") or statement
    return declaration.type in _TYPES and not typescript.is_damaged(statement)


def _name(statement: Node) -> str:
    declaration = statement.child_by_field_name("declaration") or statement
    name = declaration.child_by_field_name("name")
    return text(name) if name is not None else ""


def _exported(source: Source) -> set[str]:
    """The names that the lists of export statements pass on under themselves."""
    pairs = [
        names_of_specifier(item)
        for statement in children_of_type(source.root, "export_statement")
        if statement.child_by_field_name("source") is None
        for clause in children_of_type(statement, "export_clause")
        for item in children_of_type(clause, "export_specifier")
    ]
    return {local for local, exported in pairs if local == exported}


def _comments(source: Source, statement: Node) -> list[Node]:
    """The comments right above a statement, without an empty line between."""
    found: list[Node] = []
    below = statement
    for node in reversed(source.root.named_children):
        if node.end_byte > below.start_byte:
            continue
        is_near = below.start_point[0] - node.end_point[0] == 1
        if node.type != "comment" or not is_near or node.start_point[1] != 0:
            break
        found.insert(0, node)
        below = node
    return found


def _import(statement: Node, wanted: frozenset[str]) -> str:
    """An import statement with those of its names alone that are ``wanted``."""
    parts: list[str] = []
    dropped = False
    for clause in children_of_type(statement, "import_clause"):
        for part in clause.named_children:
            items = list(children_of_type(part, "import_specifier"))
            if part.type == "named_imports":
                kept = [text(item) for item in items if names_of_specifier(item)[1] in wanted]
                parts += ["{ " + ", ".join(kept) + " }"] if kept else []
                dropped = dropped or len(kept) < len(items)
            elif any(text(name) in wanted for name in (part, *part.named_children)):
                parts.append(text(part))
            else:
                dropped = True
    if not parts or not dropped:
        return text(statement) if parts else ""
    origin = statement.child_by_field_name("source") or statement
    keyword = "import type" if is_type_only(statement) else "import"
    rest = (statement.text or b"")[origin.start_byte - statement.start_byte :].decode()
    return f"{keyword} {', '.join(parts)} from {rest}"


def _free_path(files: Files, source: Source, name: str) -> str:
    """The path of a module beside the entry, called after the class."""
    stem = "-".join(_WORDS.findall(name)).lower() or "durable-object"
    folder, suffix = posixpath.dirname(source.path), posixpath.splitext(source.path)[1]
    for number in count(1):
        path = posixpath.join(folder, f"{stem}{'' if number == 1 else f'-{number}'}{suffix}")
        if not files.is_file(path):
            return path
    raise AssertionError("there is always a free number")
