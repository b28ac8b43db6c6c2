"""The parameters that get ``env`` and ``ctx``, and what stands for them in a class.

A class has both as properties of ``this``. A parameter that is used once becomes that property; a
body that uses it more often keeps every byte, and a declaration goes before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from tree_sitter import Node

from codemod.syntax import typescript
from codemod.syntax.changes import is_assigned
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Declaration, Scopes, names_of_pattern
from codemod.syntax.typescript import children_of_type, text

_PARAMETERS = ("optional_parameter", "required_parameter")


class Access(Enum):
    """How a body gets at what a parameter was given."""

    NONE = auto()
    DIRECT = auto()
    CONSTANT = auto()
    VARIABLE = auto()


@dataclass(frozen=True, slots=True)
class Handed:
    """A parameter that the runtime gives the property ``property`` of a class in."""

    property: str
    node: Node
    pattern: Node

    def declarations(self, scopes: Scopes) -> tuple[Declaration, ...]:
        found = (scopes.declaration(name) for name in names_of_pattern(self.pattern))
        return tuple(declaration for declaration in found if declaration is not None)


def parameters(function: Node) -> tuple[Node, ...]:
    """The parameters of a function, in order; the name alone where it has no parentheses."""
    only = function.child_by_field_name("parameter")
    if only is not None:
        return (only,)
    listed = function.child_by_field_name("parameters")
    return tuple(children_of_type(listed, *_PARAMETERS)) if listed is not None else ()


def pattern_of(parameter: Node) -> Node:
    """The name or pattern of a parameter."""
    return parameter.child_by_field_name("pattern") or parameter


def handed(function: Node) -> tuple[Handed, ...]:
    """The second and third parameter of a handler."""
    given = parameters(function)[1:3]
    return tuple(
        Handed(name, node, pattern_of(node))
        for name, node in zip(("env", "ctx"), given, strict=False)
    )


def access(scopes: Scopes, function: Node, parameter: Handed) -> Access:
    """What the body of ``function`` needs in the place of ``parameter``."""
    declarations = parameter.declarations(scopes)
    uses = [use for declaration in declarations for use in scopes.references(declaration)]
    if any(is_assigned(scopes, use) for use in uses):
        return Access.VARIABLE
    names = [declaration.name for declaration in declarations]
    if uses and parameter.pattern.type == "identifier" and not _is_typed_by(function, names):
        alone = len(uses) == 1 and has_same_this(scopes, uses[0], function)
        return Access.DIRECT if alone else Access.CONSTANT
    if uses or _is_typed_by(function, names) or _has_defaults(parameter.pattern):
        return Access.CONSTANT
    return Access.NONE


def is_redeclared(scopes: Scopes, function: Node, declaration: Declaration) -> bool:
    """Whether the body declares a parameter's name again in the function's own scope."""
    uses = {use.id for use in scopes.references(declaration)}
    body = function.child_by_field_name("body")
    return body is not None and any(
        scopes.declaration(node) is declaration and node.id not in uses
        for node in typescript.walk(body)
        if node.type in ("identifier", "shorthand_property_identifier_pattern")
    )


def names_taken_by_body(scopes: Scopes, function: Node, pattern: Node) -> Iterator[Node]:
    """The names that a pattern evaluates and that mean something else inside the body.

    They stand in default values and computed keys.
    """
    evaluated = [
        node
        for node in typescript.walk(pattern)
        if node.type in ("identifier", "shorthand_property_identifier")
        and not _is_declared_in(pattern, scopes.declaration(node))
    ]
    declared = set(_declared_by_body(scopes, function)) if evaluated else set()
    for node in evaluated:
        if text(node) in declared:
            yield node


def has_same_this(scopes: Scopes, node: Node, function: Node) -> bool:
    """Whether ``this`` means the same at ``node`` as in ``function`` itself."""
    for around in scopes.ancestors(node):
        if around == function:
            return True
        if around.type in CLASSES or (around.type in FUNCTIONS and around.type != "arrow_function"):
            return False
    return False


def declarations(function: Node, scopes: Scopes, end: str) -> tuple[str, ...]:
    """The statements that give a body what its ``env`` and ``ctx`` parameters gave it."""
    plain: dict[str, list[Handed]] = {"const": [], "let": []}
    single = []
    for parameter in handed(function):
        kind = access(scopes, function, parameter)
        if kind in (Access.NONE, Access.DIRECT):
            continue
        keyword = "let" if kind is Access.VARIABLE else "const"
        if text(parameter.pattern) == parameter.property:
            plain[keyword].append(parameter)
        else:
            target = text(parameter.pattern)
            single.append(f"{keyword} {target} = this.{parameter.property}{end}")
    joined = [
        f"{keyword} {{ {', '.join(item.property for item in found)} }} = this{end}"
        for keyword, found in plain.items()
        if found
    ]
    return (*joined, *single)


def _is_declared_in(pattern: Node, declaration: Declaration | None) -> bool:
    if declaration is None:
        return False
    return pattern.start_byte <= declaration.node.start_byte < pattern.end_byte


def _declared_by_body(scopes: Scopes, function: Node) -> Iterator[str]:
    """The names that hold from a body's first statement on, hoisted ones included."""
    body = function.child_by_field_name("body")
    for node in typescript.walk(body) if body is not None else ():
        declaration = scopes.declaration(node)
        if declaration is None or declaration.node != node:
            continue
        owner = declaration.owner
        if scopes.enclosing_function(owner) != function:
            continue
        if _is_hoisted(scopes, owner) or _block_of(scopes, owner) == body:
            yield declaration.name


def _is_hoisted(scopes: Scopes, owner: Node) -> bool:
    parent = scopes.parent(owner)
    keyword = owner.child_by_field_name("kind")
    if owner.type == "for_in_statement":
        return keyword is not None and keyword.type == "var"
    is_variable = owner.type == "variable_declarator"
    return is_variable and parent is not None and parent.type == "variable_declaration"


def _block_of(scopes: Scopes, owner: Node) -> Node | None:
    """The block that a declaration's statement stands in; None for other constructs."""
    parent = scopes.parent(owner)
    if parent is not None and parent.type in ("expression_statement", "lexical_declaration"):
        return scopes.parent(parent)
    return parent if owner.type.endswith("declaration") else None


def _is_typed_by(function: Node, names: list[str]) -> bool:
    """Whether a type inside ``function`` is that of a parameter (``typeof env``)."""
    if not names:
        return False
    mention = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    return any(
        node.type == "type_query" and mention.search(text(node))
        for node in typescript.walk(function)
    )


def _has_defaults(pattern: Node) -> bool:
    """Whether taking the pattern apart evaluates something."""
    return any(
        node.type in ("assignment_pattern", "computed_property_name", "object_assignment_pattern")
        for node in typescript.walk(pattern)
    )
