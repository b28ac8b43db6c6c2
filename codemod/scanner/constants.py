"""The values that an expression can have, where the program spells all of them out."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from codemod.scanner.definitions import definition, key_name, member
from codemod.scanner.program import Module, Name, Place, Program, accessed_name
from codemod.syntax import typescript
from codemod.syntax.scopes import Declaration
from codemod.syntax.typescript import string_value, text, unwrap

# Aliases of aliases beyond this are not worth following; the bound also ends cycles.
_MAX_STEPS = 8
_MAX_VALUES = 64
_ITERATORS = frozenset({"every", "filter", "find", "flatMap", "forEach", "map", "some"})
_CHOICES = frozenset({"||", "??"})
_PARAMETERS = frozenset({"optional_parameter", "required_parameter"})
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})

Values = tuple[Place, ...] | None
"""Expressions, one of which an expression is; None where it may be another."""


def strings(program: Program, place: Place) -> tuple[str, ...] | None:
    """The strings that the expression at ``place`` can be, None where it may be another.

    Followed are constants, choices (``a ? b : c``, ``a ?? b``), members of constant objects, the
    elements that a loop or an iterating method goes over, and parameters whose type is a union
    of string literals.
    """
    values = _values(program, place, _MAX_STEPS)
    found = [string_value(value.node) for value in values or ()]
    constant = [value for value in found if value is not None]
    return tuple(dict.fromkeys(constant)) if constant and len(constant) == len(found) else None


def _values(program: Program, place: Place, steps: int) -> Values:
    node = unwrap(place.node)
    here = place.at(node)
    if steps <= 0:
        return None
    if node.type in _NAMES:
        return _of_name(program, here, steps - 1)
    if node.type in ("ternary_expression", "binary_expression"):
        return _of_choice(program, here, steps - 1)
    if node.type in ("member_expression", "subscript_expression"):
        return _of_access(program, here, steps - 1)
    return (here,)


def _all(program: Program, places: Iterable[Place], steps: int) -> Values:
    found: list[Place] = []
    for place in places:
        values = _values(program, place, steps)
        if values is None or len(found) > _MAX_VALUES:
            return None
        found.extend(values)
    return tuple(found)


def _of_choice(program: Program, place: Place, steps: int) -> Values:
    node = place.node
    names = ("consequence", "alternative")
    if node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        if operator is None or operator.type not in _CHOICES:
            return None
        names = ("left", "right")
    return _all(program, map(place.at, filter(None, map(node.child_by_field_name, names))), steps)


def _of_access(program: Program, place: Place, steps: int) -> Values:
    target = place.node.child_by_field_name("object")
    objects = _values(program, place.at(target), steps) if target is not None else None
    if objects is None:
        return None
    name = accessed_name(place.node)
    if name is not None:
        members = [member(program, value, name) for value in objects]
        return _all(program, filter(None, members), steps) if all(members) else None
    contents = [_contents(value) for value in objects]
    known = [place for listed in contents for place in listed or ()]
    return _all(program, known, steps) if all(contents) else None


def _contents(value: Place) -> list[Place] | None:
    """What an object or array literal holds; None where it does not show all of it."""
    if value.node.type not in ("object", "array"):
        return None
    nodes = [node for node in value.node.named_children if node.type != "comment"]
    if value.node.type == "array":
        spread = any(node.type == "spread_element" for node in nodes)
        return None if spread else [value.at(node) for node in nodes]
    pairs = [node.child_by_field_name("value") for node in nodes if node.type == "pair"]
    return [value.at(node) for node in pairs if node] if len(pairs) == len(nodes) else None


def _of_name(program: Program, place: Place, steps: int) -> Values:
    module, declaration = place.module, place.module.scopes.declaration(place.node)
    origin = program.origin(place)
    if isinstance(origin, Name):
        target = program.declared(origin)
        if target is None:
            return None
        module, declaration = target
    if declaration is None:
        return None
    owner = declaration.owner
    if owner.type == "variable_declarator":
        return _of_variable(program, module, declaration, steps)
    if owner.type == "for_in_statement":
        iterated = owner.child_by_field_name("right")
        operator = owner.child_by_field_name("operator")
        if iterated is None or operator is None or operator.type != "of":
            return None
        return _of_element(program, Place(module, iterated), declaration, steps)
    if owner.type in _PARAMETERS or owner.type == "arrow_function":
        return _of_parameter(program, module, declaration, steps)
    return None


def _of_variable(program: Program, module: Module, declaration: Declaration, steps: int) -> Values:
    owner = declaration.owner
    statement = module.scopes.parent(owner)
    value = owner.child_by_field_name("value")
    if value is None or statement is None or statement.children[0].type != "const":
        return None
    whole = _values(program, Place(module, value), steps)
    return _taken(program, whole, owner.child_by_field_name("name"), declaration, steps)


def _of_element(program: Program, iterated: Place, declaration: Declaration, steps: int) -> Values:
    arrays = definition(program, iterated)
    elements = _contents(arrays) if isinstance(arrays, Place) else None
    if elements is None or not isinstance(arrays, Place) or arrays.node.type != "array":
        return None
    owner = declaration.owner
    pattern = owner.child_by_field_name("left") or owner.child_by_field_name("pattern")
    pattern = pattern or owner.child_by_field_name("parameter")
    whole = _all(program, elements, steps)
    return _taken(program, whole, pattern, declaration, steps)


def _taken(
    program: Program, whole: Values, pattern: Node | None, declaration: Declaration, steps: int
) -> Values:
    """What ``declaration`` takes of the values that ``pattern`` is given."""
    if whole is None or pattern is None or pattern == declaration.node:
        return whole if pattern is not None else None
    key = _key_of(pattern, declaration.node)
    members = [member(program, value, key) if key else None for value in whole]
    return _all(program, filter(None, members), steps) if all(members) else None


def _key_of(pattern: Node, name: Node) -> str | None:
    """The key that an object pattern takes the value of ``name`` from."""
    for part in pattern.named_children if pattern.type == "object_pattern" else ():
        if part == name:
            return text(part)
        if part.type == "pair_pattern" and part.child_by_field_name("value") == name:
            return key_name(part.child_by_field_name("key"))
    return None


def _of_parameter(program: Program, module: Module, declaration: Declaration, steps: int) -> Values:
    literals = _of_type(module, declaration.owner)
    if literals is not None:
        return literals
    function = module.scopes.enclosing_function(declaration.node)
    arguments = module.scopes.parent(function) if function is not None else None
    call = module.scopes.parent(arguments) if arguments is not None else None
    callee = call.child_by_field_name("function") if call is not None else None
    if function is None or callee is None or accessed_name(callee) not in _ITERATORS:
        return None
    if _first_parameter(function) != declaration.owner:
        return None
    iterated = callee.child_by_field_name("object")
    if iterated is None:
        return None
    return _of_element(program, Place(module, iterated), declaration, steps)


def _first_parameter(function: Node) -> Node | None:
    listed = function.child_by_field_name("parameters")
    if listed is None:
        return function
    return next(typescript.children_of_type(listed, *_PARAMETERS), None)


def _of_type(module: Module, owner: Node) -> Values:
    """The members of the union of string literals that a parameter is annotated with."""
    annotation = owner.child_by_field_name("type")
    pending = list(annotation.named_children) if annotation is not None else []
    found: list[Place] = []
    seen: set[str] = set()
    while pending:
        part = pending.pop()
        if part.type in ("union_type", "parenthesized_type"):
            pending.extend(reversed(part.named_children))
        elif part.type == "literal_type" and part.named_children:
            found.append(Place(module, part.named_children[0]))
        elif part.type == "type_identifier" and text(part) not in seen:
            seen.add(text(part))
            aliased = _type_alias(module, text(part))
            if aliased is None:
                return None
            pending.append(aliased)
        else:
            return None
    return tuple(found) or None


def _type_alias(module: Module, name: str) -> Node | None:
    for statement in typescript.statements(module.source.root):
        for node in (statement, statement.child_by_field_name("declaration")):
            if node is None or node.type != "type_alias_declaration":
                continue
            alias = node.child_by_field_name("name")
            if alias is not None and text(alias) == name:
                return node.child_by_field_name("value")
    return None
