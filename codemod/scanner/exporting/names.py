"""The names of one module: what it declares, imports and exports at its top level."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node

from codemod.model import Unknown
from codemod.scanner.modules import Import, imports, is_type_only, names_of_specifier
from codemod.syntax import typescript
from codemod.syntax.scopes import names_of_pattern
from codemod.syntax.typescript import Source, children_of_type, string_value, text

_EXPORT = re.compile(
    rb"\bexport\s*(?:[{*=@]|(?:default|class|abstract|const|let|var|async|function|enum)\b)"
)
_DEFAULT = re.compile(rb"\bexport\s+default\b|\bas\s+default\b")
_TYPE_DECLARATIONS = frozenset({"interface_declaration", "type_alias_declaration"})
_NAMESPACES = frozenset({"internal_module", "module"})
_TYPES = _TYPE_DECLARATIONS | {"ambient_declaration", "function_signature"}


@dataclass(frozen=True, slots=True)
class Declared:
    """A value that a module declares.

    ``node`` is the class, function, enum, namespace or variable declarator. Where a pattern takes
    the value out of an object, ``key`` is its name there and ``part`` the place in the pattern;
    ``key`` is None where that is no plain name.
    """

    name: str
    node: Node
    key: str | None = None
    part: Node | None = None


@dataclass(frozen=True, slots=True)
class Local:
    """An export of a name of the module itself.

    ``statement`` is None where the declaration itself says ``export``.
    """

    name: str
    statement: Node | None


@dataclass(frozen=True, slots=True)
class Expression:
    """An export of an expression: ``export default …``, ``export = …``, ``module.exports = …``."""

    value: Node
    statement: Node


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A re-export of ``imported`` (``*`` for a namespace) of another module."""

    specifier: str
    imported: str
    statement: Node


Exported = Local | Expression | Forwarded


@dataclass(frozen=True, slots=True)
class Star:
    """``export * from specifier``."""

    specifier: str
    statement: Node


@dataclass(slots=True, eq=False)
class Names:
    """The names of the module ``source``.

    ``types`` are names that only types bear. ``damage`` says where broken syntax may hide exports.
    """

    source: Source
    declared: dict[str, Declared] = field(default_factory=dict)
    imported: Mapping[str, Import] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    exported: dict[str, Exported] = field(default_factory=dict)
    stars: list[Star] = field(default_factory=list)
    damage: tuple[Unknown, ...] = ()

    @property
    def may_hide_default(self) -> bool:
        """Whether a default export stands in a part that does not parse."""
        spans = (item.location.span for item in self.damage if item.location)
        return any(_DEFAULT.search(self.source.content, at.start, at.end) for at in spans)


def read(source: Source) -> Names:
    """Reads the names of a module; those in a damaged part as far as it was recovered."""
    names = Names(source, imported=imports(source), damage=tuple(_damage(source)))
    for statement in typescript.statements(source.root):
        if statement.type == "export_statement":
            _read_export(statement, names)
        elif statement.type == "expression_statement":
            _read_expression(statement, names)
        else:
            _declare(statement, names)
    names.types.difference_update(names.declared)
    return names


def _read_export(statement: Node, names: Names) -> None:
    specifier = statement.child_by_field_name("source")
    declaration = statement.child_by_field_name("declaration")
    if is_type_only(statement):
        return
    if specifier is not None:
        _read_forwarded(statement, string_value(specifier) or "", names)
    elif declaration is not None:
        _read_exported_declaration(statement, declaration, names)
    else:
        _read_exported_value(statement, names)


def _read_forwarded(statement: Node, specifier: str, names: Names) -> None:
    clauses = list(children_of_type(statement, "export_clause", "namespace_export"))
    if not clauses:
        names.stars.append(Star(specifier, statement))
    for clause in clauses:
        if clause.type == "namespace_export":
            name = clause.named_children[-1]
            exported = string_value(name) or text(name)
            names.exported[exported] = Forwarded(specifier, "*", statement)
        for imported, exported in _export_specifiers(clause):
            names.exported[exported] = Forwarded(specifier, imported, statement)


def _read_exported_declaration(statement: Node, declaration: Node, names: Names) -> None:
    declared = _declare(declaration, names)
    is_default = any(child.type == "default" for child in statement.children)
    for name in declared:
        names.exported["default" if is_default else name] = Local(name, None)


def _read_exported_value(statement: Node, names: Names) -> None:
    for clause in children_of_type(statement, "export_clause"):
        for local, exported in _export_specifiers(clause):
            names.exported[exported] = Local(local, statement)
    value = statement.child_by_field_name("value")
    if value is None and any(child.type == "=" for child in statement.children):
        value = statement.named_children[-1]
    if value is not None:
        names.exported["default"] = Expression(value, statement)


def _export_specifiers(clause: Node) -> Iterator[tuple[str, str]]:
    for item in children_of_type(clause, "export_specifier"):
        if not is_type_only(item):
            yield names_of_specifier(item)


def _declare(statement: Node, names: Names) -> tuple[str, ...]:
    """Enters what ``statement`` declares; the names of its values, types left out."""
    kind = statement.type
    if kind in _TYPES or (kind in _NAMESPACES and not _has_values(statement)):
        names.types.update(_ambient_names(statement))
        return ()
    if kind in ("lexical_declaration", "variable_declaration"):
        found = [
            declared
            for declarator in children_of_type(statement, "variable_declarator")
            for declared in _variables(declarator)
        ]
    else:
        name = statement.child_by_field_name("name")
        if kind == "import_alias":
            name = statement.named_children[0]
        found = [Declared(text(name), statement)] if name is not None else []
    for declared in found:
        names.declared.setdefault(declared.name, declared)
    return tuple(declared.name for declared in found)


def _variables(declarator: Node) -> Iterator[Declared]:
    pattern = declarator.child_by_field_name("name")
    if pattern is None:
        return
    if pattern.type == "identifier":
        yield Declared(text(pattern), declarator)
        return
    keys = _plain_keys(pattern) if pattern.type == "object_pattern" else {}
    for name in names_of_pattern(pattern):
        yield Declared(text(name), declarator, keys.get(name.id), name)


def _plain_keys(pattern: Node) -> dict[int, str]:
    """The key under which an object pattern takes each of its names, nested ones left out."""
    keys = {}
    for part in pattern.named_children:
        if part.type == "shorthand_property_identifier_pattern":
            keys[part.id] = text(part)
        elif part.type == "pair_pattern":
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if key is not None and value is not None and key.type != "computed_property_name":
                keys[value.id] = string_value(key) or text(key)
    return keys


def _has_values(namespace: Node) -> bool:
    body = namespace.child_by_field_name("body")
    for statement in body.named_children if body is not None else ():
        declaration = statement.child_by_field_name("declaration") or statement
        if declaration.type not in _TYPES and declaration.type != "comment":
            return True
    return False


def _ambient_names(statement: Node) -> Iterator[str]:
    inner = (
        statement.named_children[-1:] if statement.type == "ambient_declaration" else [statement]
    )
    for declaration in inner:
        holders = [declaration, *children_of_type(declaration, "variable_declarator")]
        for name in (holder.child_by_field_name("name") for holder in holders):
            if name is not None:
                yield text(name)


def _read_expression(statement: Node, names: Names) -> None:
    expression = next(iter(statement.named_children), None)
    if expression is None:
        return
    if expression.type in _NAMESPACES:
        _declare(expression, names)
    elif expression.type == "assignment_expression":
        _read_assignment(statement, expression, names)


def _read_assignment(statement: Node, assignment: Node, names: Names) -> None:
    left = assignment.child_by_field_name("left")
    right = assignment.child_by_field_name("right")
    if left is None or right is None:
        return
    path = text(left).split(".")
    if text(left) == "module.exports":
        names.exported.setdefault("default", Expression(right, statement))
    elif path[:-1] in (["exports"], ["module", "exports"]):
        names.exported.setdefault(path[-1], Expression(right, statement))


def _damage(source: Source) -> Iterator[Unknown]:
    """Where exports may hide: errors whose text exports something, and exports inside a body."""
    pending = [source.root] if source.root.has_error else []
    while pending:
        node = pending.pop()
        if node.type == "ERROR" and _EXPORT.search(node.text or b""):
            reason = "exports may stand in a part that does not parse"
            yield Unknown(reason, source.location(node))
        elif node.type in _NAMESPACES or node.type == "ambient_declaration":
            continue
        else:
            pending.extend(child for child in node.children if child.has_error)
            yield from _displaced_exports(node, source)


def _displaced_exports(node: Node, source: Source) -> Iterator[Unknown]:
    if node.type in ("program", "ERROR"):
        return
    for statement in children_of_type(node, "export_statement"):
        reason = "an export stands inside a body that is not closed"
        yield Unknown(reason, source.location(statement))
