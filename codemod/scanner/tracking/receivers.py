"""What a value becomes in the patterns, variables, parameters and fields that receive it."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.scanner.tracking.definitions import key_name
from codemod.scanner.tracking.functions import outside_casts, pattern_of_argument
from codemod.scanner.tracking.program import Place, Program, accessed_name
from codemod.scanner.tracking.values import (
    ELEMENT,
    Bound,
    Compared,
    Environment,
    Goes,
    Lost,
    Method,
    Step,
    Stored,
    Value,
)
from codemod.syntax.scopes import CLASSES, Declaration
from codemod.syntax.typescript import text, unwrap

_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_FIELD_NAMES = frozenset({"private_property_identifier", "property_identifier"})
_DEFAULTS = frozenset({"assignment_pattern", "object_assignment_pattern"})
FIELD_MODIFIERS = frozenset({"accessibility_modifier", "override_modifier", "readonly"})
_MAX_DEPTH = 4
_UNFOLLOWED = "is stored where it cannot be followed"


def given(program: Program, target: Place, value: Value) -> Iterator[Step]:
    """Where ``value`` goes from the pattern, assignment target or field name at ``target``."""
    pending = [(unwrap(target.node), value)]
    while pending:
        node, part = pending.pop()
        place = target.at(node)
        if isinstance(part, Method) and node.type not in _NAMES:
            yield Lost(place, part, "is taken without a call")
        elif node.type in _DEFAULTS:
            yield from _asked_for(place, part)
            left = node.child_by_field_name("left")
            pending += [(left, part)] if left is not None else []
        elif node.type == "array_pattern" and isinstance(part, Stored):
            pending += _elements(node, part)
        elif node.type == "object_pattern":
            pending += _properties(node, part)
            if _has_computed_key(node):
                yield Lost(place, part, "is read under a computed name")
        elif node.type in _NAMES:
            yield from _named(program, place, part)
        elif node.type == "member_expression":
            yield from _assigned(program, place, part)
        elif node.type in _FIELD_NAMES:
            yield from _field_of_definition(program, place, part)
        else:
            yield Lost(place, part, _UNFOLLOWED)


def _asked_for(place: Place, value: Value) -> Iterator[Step]:
    """A default stands in for a binding that is missing, so that it is looked at."""
    if isinstance(value, Bound):
        yield Compared(place, value)


def passed(program: Program, function: Place, index: int, value: Value) -> list[Step] | None:
    """Where an argument goes inside ``function``; None where no parameter takes it."""
    pattern = pattern_of_argument(function.node, index)
    return None if pattern is None else list(given(program, function.at(pattern), value))


def stored(key: str, value: Value) -> Stored | None:
    """``value`` under ``key`` of an object; None where objects are nested too deeply."""
    depth, inner = 0, value
    while isinstance(inner, Stored):
        depth, inner = depth + 1, inner.value
    return Stored(key, value) if depth < _MAX_DEPTH else None


def uses_of_field(program: Program, owner: Place, name: str) -> Iterator[Place]:
    """The expressions ``this.<name>`` in the class at ``owner`` and in those that extend it."""
    for this in _instances(program, owner):
        holder = outside_casts(this)
        access = holder.module.scopes.parent(holder.node)
        if access is not None and accessed_name(access) == name:
            yield this.at(access)


def _properties(pattern: Node, value: Value) -> Iterator[tuple[Node, Value]]:
    for part in pattern.named_children:
        if part.type == "rest_pattern":
            if not isinstance(value, Bound) and part.named_children:
                yield part.named_children[-1], value
            continue
        target, name = _target(part)
        if target is None or name is None:
            continue
        if isinstance(value, Environment):
            yield target, Bound(name, value.certain)
        elif isinstance(value, Bound):
            yield target, Method(value, name)
        elif isinstance(value, Stored) and value.key == name:
            yield target, value.value


def _elements(pattern: Node, value: Stored) -> Iterator[tuple[Node, Value]]:
    commas = 0
    for part in pattern.children:
        if part.type == ",":
            commas += 1
        elif part.type == "rest_pattern" and value.key == ELEMENT and part.named_children:
            yield part.named_children[-1], value
        elif part.is_named and value.key in (ELEMENT, str(commas)):
            yield part, value.value


def _target(part: Node) -> tuple[Node | None, str | None]:
    """The pattern that a part of an object pattern gives a value to, and the value's key."""
    if part.type == "pair_pattern":
        return part.child_by_field_name("value"), key_name(part.child_by_field_name("key"))
    name = part.child_by_field_name("left") if part.type == "object_assignment_pattern" else part
    return part, text(name) if name is not None else None


def _has_computed_key(pattern: Node) -> bool:
    keys = [part.child_by_field_name("key") for part in pattern.named_children]
    return any(key is not None and key.type == "computed_property_name" for key in keys)


def _named(program: Program, place: Place, value: Value) -> Iterator[Step]:
    declaration = place.module.scopes.declaration(place.node)
    if declaration is None:
        yield Lost(place, value, "is stored in a global variable")
        return
    for reference in program.references(place.module, declaration):
        yield Goes(reference, value)
    owner = place.module.scopes.class_of_instance(declaration.node)
    if owner is not None and _declares_field(declaration):
        yield from _field(program, place.at(owner), declaration.name, value, place)


def _declares_field(parameter: Declaration) -> bool:
    """Whether a constructor's parameter is a field too: ``constructor(private env: Env)``."""
    return any(child.type in FIELD_MODIFIERS for child in parameter.owner.children)


def _assigned(program: Program, target: Place, value: Value) -> Iterator[Step]:
    name = accessed_name(target.node)
    holder = target.node.child_by_field_name("object")
    if name is None or holder is None:
        return
    holder = unwrap(holder)
    if holder.type == "this":
        owner = target.module.scopes.class_of_instance(holder)
        if owner is not None:
            yield from _field(program, target.at(owner), name, value, target)
            return
    kept = stored(name, value)
    declaration = target.module.scopes.declaration(holder)
    if kept is None or declaration is None or declaration.owner.type != "variable_declarator":
        yield Lost(target, kept or value, _UNFOLLOWED)
        return
    for reference in program.references(target.module, declaration):
        yield Goes(reference, kept)


def _field_of_definition(program: Program, name: Place, value: Value) -> Iterator[Step]:
    scopes = name.module.scopes
    definition = scopes.parent(name.node)
    body = scopes.parent(definition) if definition is not None else None
    owner = scopes.parent(body) if body is not None else None
    if owner is not None:
        yield from _field(program, name.at(owner), text(name.node), value, name)


def _field(
    program: Program, owner: Place, name: str, value: Value, target: Place
) -> Iterator[Step]:
    found = False
    for access in uses_of_field(program, owner, name):
        found = found or access != target
        yield Goes(access, value)
    kept = Stored(name, value)
    for this in _instances(program, owner):
        declarator = this.module.scopes.parent(this.node)
        pattern = declarator.child_by_field_name("name") if declarator is not None else None
        if pattern is not None and pattern.type == "object_pattern":
            found = True
            yield from given(program, this.at(pattern), kept)
    if not found:
        yield Lost(target, kept, "is stored in a field that only others read")


def _instances(program: Program, owner: Place) -> Iterator[Place]:
    """The ``this`` expressions of a class and of those that extend it, directly or not."""
    pending, seen = [owner], {owner}
    for current in pending:
        for this in current.module.scopes.instances(current.node):
            yield current.at(this)
        for derived in _derived(program, current):
            if derived not in seen:
                seen.add(derived)
                pending.append(derived)


def _derived(program: Program, owner: Place) -> Iterator[Place]:
    name = owner.node.child_by_field_name("name")
    declaration = owner.module.scopes.declaration(name) if name is not None else None
    if declaration is None:
        return
    for reference in program.references(owner.module, declaration):
        around = reference.module.scopes.ancestors(reference.node)
        if next(around, reference.node).type == "extends_clause":
            next(around, None)
            derived = next(around, None)
            if derived is not None and derived.type in CLASSES:
                yield reference.at(derived)
