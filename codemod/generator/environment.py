"""The type that a Worker's code gives its environment, as a module beside the entry can name it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from codemod.generator.entry import Entry
from codemod.generator.writing import key, quoted
from codemod.model import Unknown
from codemod.scanner.modules import Modules, imports
from codemod.scanner.resolving.packages import folders_above
from codemod.syntax import typescript
from codemod.syntax.typescript import Source, children_of_type, text

BINDINGS = "Bindings"
"""What the generated modules call the type of the environment."""

_LOCAL = "Env"
_HANDLER = "ExportedHandler"
_ENTRYPOINT = "WorkerEntrypoint"
_LOCAL_TYPES = frozenset(
    {
        "abstract_class_declaration",
        "class_declaration",
        "interface_declaration",
        "internal_module",
        "type_alias_declaration",
        "type_parameter",
    }
)
_DECLARATIONS = frozenset({"interface_declaration", "type_alias_declaration"})
_NAMES = frozenset({"nested_type_identifier", "type_identifier"})
TAKEN = frozenset(
    {
        BINDINGS,
        "Binding",
        "BindingHealth",
        "Cause",
        "Diagnosis",
        "FallbackOptions",
        "Fetchable",
        "Outcome",
        "Ways",
    }
)
"""The types of the generated modules: a global type of the same name cannot be named in them."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The type of the environment: ``written`` names it, by the import ``statement`` if any.

    ``written`` is None where a module beside the entry cannot name it. ``members`` are the
    properties that are seen in it, which need not be all.
    """

    written: str | None
    statement: str = ""
    members: frozenset[str] = frozenset()


def find(modules: Modules, entry: Entry) -> Environment | None:
    """The environment's type in TypeScript; None where the entry names none.

    What the default export is checked against counts first, then what a base class or an app is
    given, then what a parameter ``env`` is.
    """
    if not entry.is_typescript:
        return None
    found = sorted(_written(entry.source), key=lambda item: item[0])
    return _named(modules, entry, found[0][1]) if found else None


def declared(environment: Environment | None, wanted: Mapping[str, str], *, is_typed: bool) -> str:
    """The declaration of ``Bindings``, with an import before it, for ``wanted``: names to types."""
    if not is_typed:
        return f"\n/** @typedef {{{_literal(wanted, frozenset(), readonly=False)}}} {BINDINGS} */\n"
    if environment is None or environment.written is None:
        members = environment.members if environment else frozenset(wanted)
        lines = "".join(
            f"  readonly {key(name)}{'' if name in members else '?'}: {kind};\n"
            for name, kind in wanted.items()
        )
        return f"\nexport interface {BINDINGS} {{\n{lines}}}\n"
    missing = {name: kind for name, kind in wanted.items() if name not in environment.members}
    type_ = environment.written
    if missing:
        type_ += f" & {_literal(missing, frozenset(), readonly=True)}"
    before = f"{environment.statement}\n\n" if environment.statement else ""
    return f"\n{before}export type {BINDINGS} = {type_};\n"


def _literal(wanted: Mapping[str, str], needed: frozenset[str], *, readonly: bool) -> str:
    word = "readonly " if readonly else ""
    members = (
        f"{word}{key(name)}{'' if name in needed else '?'}: {kind}" for name, kind in wanted.items()
    )
    return f"{{ {'; '.join(members)} }}"


# --- Where the code says it -----------------------------------------------------------------


def _written(source: Source) -> Iterator[tuple[int, Node]]:
    """The types of the environment that a module names, each with its rank."""
    for node in typescript.walk(source.root):
        found, rank = None, 0
        if node.type == "generic_type" and _name(node) == _HANDLER:
            found = _first_argument(node)
        elif node.type == "extends_clause":
            value = node.child_by_field_name("value")
            if value is not None and text(value).rpartition(".")[2] == _ENTRYPOINT:
                found, rank = _first_argument(node), 1
        elif node.type == "property_signature" and _name(node) == BINDINGS:
            found, rank = _annotation(node), 1
        elif node.type == "required_parameter":
            pattern = node.child_by_field_name("pattern")
            if pattern is not None and text(pattern) == "env":
                found, rank = _annotation(node), 2
        if found is not None and found.type in _NAMES:
            yield rank, found


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return text(name) if name is not None else ""


def _annotation(node: Node) -> Node | None:
    annotation = node.child_by_field_name("type")
    return next(iter(annotation.named_children), None) if annotation is not None else None


def _first_argument(node: Node) -> Node | None:
    for arguments in children_of_type(node, "type_arguments"):
        return next(iter(arguments.named_children), None)
    return None


# --- What it means --------------------------------------------------------------------------


def _named(modules: Modules, entry: Entry, node: Node) -> Environment:
    source, name = entry.source, text(node)
    imported = imports(source).get(name.partition(".")[0])
    own = _declaration(source, name)
    if own is not None:
        members = frozenset(_members(own))
        if own.parent is None or own.parent.type != "export_statement":
            return Environment(None, members=members)
        return _imported(entry.specifier(entry.path), name, members)
    if imported is None:
        is_safe = name.partition(".")[0] not in TAKEN | _local_types(source)
        members = frozenset(_ambient_members(modules, source, name.rpartition(".")[2]))
        return Environment(name if is_safe else None, members=members)
    if imported.imported == "*" or "." in name:
        return Environment(None)
    target = modules.resolve(imported.specifier, source.path)
    other = modules.source(target) if isinstance(target, str) else None
    there = _declaration(other, imported.imported) if isinstance(other, Source) else None
    members = frozenset(_members(there)) if there is not None else frozenset()
    return _imported(imported.specifier, imported.imported, members)


def _imported(specifier: str, name: str, members: frozenset[str]) -> Environment:
    if name == "default":
        clause = _LOCAL
    else:
        clause = f"{{ {name if name == _LOCAL else f'{name} as {_LOCAL}'} }}"
    return Environment(_LOCAL, f"import type {clause} from {quoted(specifier)};", members)


def _declaration(source: Source, name: str) -> Node | None:
    for statement in typescript.statements(source.root):
        for node in (statement, statement.child_by_field_name("declaration")):
            is_type = node is not None and node.type in _DECLARATIONS
            if node is not None and is_type and _name(node) == name and not _is_generic(node):
                return node
    return None


def _is_generic(declaration: Node) -> bool:
    return declaration.child_by_field_name("type_parameters") is not None


def _local_types(source: Source) -> frozenset[str]:
    """The names that are a type in this module alone: of classes, namespaces, type parameters."""
    nodes = (node for node in typescript.walk(source.root) if node.type in _LOCAL_TYPES)
    return frozenset(map(_name, nodes))


def _members(declaration: Node) -> Iterator[str]:
    body = declaration.child_by_field_name("body") or declaration.child_by_field_name("value")
    for member in children_of_type(body, "property_signature") if body is not None else ():
        name = member.child_by_field_name("name")
        value = typescript.property_name(name) if name is not None else None
        if value is not None:
            yield value


def _ambient_members(modules: Modules, source: Source, name: str) -> Iterator[str]:
    """The members of the global interface ``name`` in the declaration files around a module."""
    for folder in folders_above(source.path):
        for path in _declaration_files(modules, folder):
            found = modules.source(path)
            for node in () if isinstance(found, Unknown) else typescript.walk(found.root):
                if node.type == "interface_declaration" and _name(node) == name:
                    yield from _members(node)


def _declaration_files(modules: Modules, folder: str) -> list[str]:
    try:
        entries = modules.files.entries(folder)
    except OSError:
        return []
    return [
        posixpath.join(folder, name)
        for name, is_folder in entries
        if name.endswith(".d.ts") and not is_folder
    ]
