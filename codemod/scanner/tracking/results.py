"""Where a value goes that a function returns."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.scanner.tracking.definitions import key_name
from codemod.scanner.tracking.functions import (
    awaited,
    call_of,
    called,
    outside_casts,
    uses_of_function,
)
from codemod.scanner.tracking.program import Place, Program, accessed_name
from codemod.scanner.tracking.receivers import uses_of_field
from codemod.scanner.tracking.values import Compared, Goes, Lost, Step, Stored, Value
from codemod.syntax.typescript import text

_PREDICATES = frozenset({"every", "filter", "find", "findIndex", "findLast", "some"})
_MEMBERS = frozenset({"method_definition", "public_field_definition"})
_HOW = "is returned"


def returned(program: Program, result: Place, value: Value) -> Iterator[Step]:
    """What becomes of ``value``, which the function around ``result`` returns."""
    function = result.module.scopes.enclosing_function(result.node)
    if function is None or any(child.type == "*" for child in function.children):
        yield Lost(result, value, _HOW)
        return
    place = result.at(function)
    if _decides(place):
        yield Compared(result, value)
        return
    member = _member(place)
    if member is not None:
        yield from _from_member(program, result, place, member, value)
        return
    followed = False
    for use in uses_of_function(program, place):
        steps = list(_from_call(use, place, value))
        yield from steps
        followed = bool(steps)
        if not followed:
            break
    if not followed:
        yield Lost(result, value, _HOW)


def _decides(function: Place) -> bool:
    """Whether an array's method calls the function to choose among the elements."""
    scopes = function.module.scopes
    listed = scopes.parent(function.node)
    call = scopes.parent(listed) if listed is not None and listed.type == "arguments" else None
    callee = called(call) if call is not None else None
    return callee is not None and accessed_name(callee) in _PREDICATES


def _member(function: Place) -> Node | None:
    """The member of a class that the function is, None where it is none."""
    scopes = function.module.scopes
    node: Node | None = function.node
    if function.node.type != "method_definition":
        node = scopes.parent(outside_casts(function).node)
    body = scopes.parent(node) if node is not None and node.type in _MEMBERS else None
    return node if body is not None and body.type == "class_body" else None


def _from_member(
    program: Program, result: Place, function: Place, member: Node, value: Value
) -> Iterator[Step]:
    name = member.child_by_field_name("name")
    body = function.module.scopes.parent(member)
    owner = function.module.scopes.parent(body) if body is not None else None
    key = key_name(name) or ""
    if key == "constructor":
        return
    if owner is not None:
        for access in uses_of_field(program, function.at(owner), key):
            if any(child.type == "get" for child in member.children):
                yield Goes(access, value)
            else:
                yield from _from_call(access, function, value)
    if owner is None or not _is_private(member):
        yield Lost(result, Stored(key, value), _HOW)


def _is_private(member: Node) -> bool:
    modifiers = [text(node) for node in member.children if node.type == "accessibility_modifier"]
    name = member.child_by_field_name("name")
    hidden = name is not None and name.type == "private_property_identifier"
    return hidden or "private" in modifiers or "protected" in modifiers


def _from_call(use: Place, function: Place, value: Value) -> Iterator[Step]:
    """Where ``value`` goes from the call of ``use``; nowhere where ``use`` is not called."""
    call = call_of(use)
    if call is None:
        return
    is_async = any(child.type == "async" for child in function.node.children)
    result = awaited(call) if is_async else call
    yield Goes(result, value) if result else Lost(call, value, _HOW)
