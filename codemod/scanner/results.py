"""Where a value goes that a function returns."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.scanner.definitions import key_name
from codemod.scanner.program import DefaultExpression, Place, Program
from codemod.scanner.receivers import outside_casts, uses_of_field
from codemod.scanner.values import Goes, Lost, Step, Stored, Value
from codemod.syntax.typescript import text

_MEMBERS = frozenset({"method_definition", "public_field_definition"})
_HOW = "is returned"


def returned(program: Program, result: Place, value: Value) -> Iterator[Step]:
    """What becomes of ``value``, which the function around ``result`` returns."""
    function = result.module.scopes.enclosing_function(result.node)
    if function is None or any(child.type == "*" for child in function.children):
        yield Lost(result, value, _HOW)
        return
    place = result.at(function)
    member = _member(place)
    if member is not None:
        yield from _from_member(program, result, place, member, value)
        return
    everywhere = False
    for use in _uses(program, place):
        steps = list(_from_call(use, place, value))
        everywhere = bool(steps)
        yield from steps
        if not steps:
            break
    if not everywhere:
        yield Lost(result, value, _HOW)


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
    owner = function.module.scopes.class_of_instance(function.node)
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


def _uses(program: Program, function: Place) -> Iterator[Place]:
    """The expressions that stand for a function that is no member of a class."""
    scopes = function.module.scopes
    whole = outside_casts(function)
    around = scopes.parent(whole.node)
    name = function.node.child_by_field_name("name")
    if around is not None and around.type == "call_expression":
        yield function
    elif around is not None and around.type == "export_statement":
        yield from program.default_references(DefaultExpression(function.module.path, whole.node))
    elif around is not None and around.type == "variable_declarator":
        name = around.child_by_field_name("name")
    declaration = scopes.declaration(name) if name is not None else None
    for use in program.references(function.module, declaration) if declaration else ():
        statement = use.module.scopes.parent(use.node)
        if statement is None or statement.type == "export_specifier":
            continue
        if statement.type == "export_statement":
            default = DefaultExpression(use.module.path, use.node)
            yield from program.default_references(default)
        else:
            yield use


def _from_call(use: Place, function: Place, value: Value) -> Iterator[Step]:
    """Where ``value`` goes from the call of ``use``; nowhere where ``use`` is not called."""
    scopes = use.module.scopes
    called = outside_casts(use)
    call = scopes.parent(called.node)
    if call is None or call.child_by_field_name("function") != called.node:
        return
    if not any(child.type == "async" for child in function.node.children):
        yield Goes(use.at(call), value)
        return
    promise = outside_casts(use.at(call))
    waiting = scopes.parent(promise.node)
    if waiting is not None and waiting.type == "await_expression":
        yield Goes(use.at(waiting), value)
    else:
        yield Lost(promise, value, _HOW)
