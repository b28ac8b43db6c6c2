"""The values that an expression can have, where the program spells all of them out."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from codemod.scanner.tracking.definitions import definition, key_name, member
from codemod.scanner.tracking.functions import (
    arguments_of,
    call_of,
    called,
    pattern_of_argument,
    results_of,
    uses_of_function,
)
from codemod.scanner.tracking.program import Module, Name, Place, Program, accessed_name
from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Declaration, parameters
from codemod.syntax.typescript import string_value, text, unwrap

# Aliases of aliases beyond this are not worth following; the bound also ends cycles.
_MAX_STEPS = 8
_MAX_VALUES = 64
_ITERATORS = frozenset({"every", "filter", "find", "flatMap", "forEach", "map", "some"})
_CHOICES = frozenset({"||", "??"})
_PARAMETERS = frozenset({"optional_parameter", "required_parameter"})
_DEFINING = FUNCTIONS | CLASSES
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})

Values = tuple[Place, ...] | None
"""Expressions, one of which an expression is; None where it may be another."""


def strings(program: Program, place: Place) -> tuple[str, ...] | None:
    """The strings that the expression at ``place`` can be, None where it may be another.

    Followed are constants, choices (``a ? b : c``, ``a ?? b``), members of constant objects, the
    elements that a loop or an iterating method goes over, and parameters whose type is a union
    of string literals.
    """
    found = values(program, place)
    texts = [string_value(value.node) for value in found or ()]
    constant = [value for value in texts if value is not None]
    if found is None or len(constant) != len(found):
        return None
    return tuple(dict.fromkeys(constant))


def start(program: Program, place: Place) -> str | None:
    """What the string that the expression at ``place`` is starts with, where it is a template."""
    found = values(program, place) or ()
    parts = found[0].node.named_children if len(found) == 1 else []
    if not parts or found[0].node.type != "template_string":
        return None
    return typescript.fragment_value(parts[0])


def values(program: Program, place: Place) -> Values:
    """The expressions, one of which the expression at ``place`` is."""
    return _values(program, place, _MAX_STEPS)


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
    if node.type == "call_expression":
        return _of_call(program, here, steps - 1)
    return (here,)


def _all(program: Program, places: Iterable[Place], steps: int) -> Values:
    found: list[Place] = []
    for place in places:
        values = _values(program, place, steps)
        if values is None or len(found) > _MAX_VALUES:
            return None
        found.extend(values)
    return tuple(found) or None


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
    name = accessed_name(place.node)
    found = definition(program, place) if name is not None else None
    if isinstance(found, Place):
        return _values(program, found, steps)
    target = place.node.child_by_field_name("object")
    objects = _values(program, place.at(target), steps) if target is not None else None
    if objects is None:
        return None
    if name is not None:
        members = [member(program, value, name) for value in objects]
        return _all(program, filter(None, members), steps) if all(members) else None
    contents = [_contents(value) for value in objects]
    known = [place for listed in contents for place in listed or ()]
    return _all(program, known, steps) if all(contents) else None


def _of_call(program: Program, call: Place, steps: int) -> Values:
    callee = called(call.node)
    function = definition(program, call.at(callee)) if callee is not None else None
    if not isinstance(function, Place) or function.node.type not in FUNCTIONS:
        return (call,)
    return _all(program, results_of(function), steps)


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
    if owner.child_by_field_name("name") == declaration.node and owner.type in _DEFINING:
        return (Place(module, owner),)
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
    literals = _of_type(program, module, declaration.owner)
    function = module.scopes.enclosing_function(declaration.node)
    if literals is not None or function is None:
        return literals
    place = Place(module, function)
    iterated = _iterated(place)
    first = parameters(function)[0]
    if iterated is not None and first in (declaration.owner, declaration.node):
        return _of_element(program, iterated, declaration, steps)
    return _of_argument(program, place, declaration, steps)


def _iterated(function: Place) -> Place | None:
    """What ``function`` is called for each element of, as in ``[…].map(function)``."""
    scopes = function.module.scopes
    listed = scopes.parent(function.node)
    call = scopes.parent(listed) if listed is not None else None
    callee = call.child_by_field_name("function") if call is not None else None
    if listed is None or listed.type != "arguments" or callee is None:
        return None
    iterated = callee.child_by_field_name("object")
    is_iterator = accessed_name(callee) in _ITERATORS
    return function.at(iterated) if iterated is not None and is_iterator else None


def _of_argument(program: Program, function: Place, declaration: Declaration, steps: int) -> Values:
    """What the calls of a function pass, where the calls are all that the function is used for."""
    index = next(
        (
            position
            for position in range(len(parameters(function.node)))
            if pattern_of_argument(function.node, position) == declaration.node
        ),
        None,
    )
    arguments = []
    for use in uses_of_function(program, function):
        call = call_of(use)
        given = arguments_of(call.node) if call is not None else []
        if call is None or index is None or index >= len(given):
            return None
        if any(node.type == "spread_element" for node in given):
            return None
        arguments.append(call.at(given[index]))
    return _all(program, arguments, steps) if arguments else None


def _of_type(program: Program, module: Module, owner: Node) -> Values:
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
        elif part.type == "type_identifier" and text(part) in seen:
            continue
        elif part.type == "type_identifier":
            seen.add(text(part))
            aliased = program.type_alias(module.path, text(part))
            if aliased is None:
                return None
            pending.append(aliased)
        else:
            return None
    return tuple(found) or None
