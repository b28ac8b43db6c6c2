"""Functions and calls: what a call calls and passes, where a function is called."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.scanner.tracking.definitions import key_name
from codemod.scanner.tracking.program import DefaultExpression, Place, Program
from codemod.syntax.scopes import parameters
from codemod.syntax.typescript import TRANSPARENT, unwrap

# Whatever imports an exported name is among the references to the name.
_EXPORTS = frozenset({"export_specifier", "export_statement"})


def called(call: Node) -> Node | None:
    """The expression that a call or ``new`` expression calls.

    The grammar reads ``await f<T>(x)`` as a call of ``await f``: there ``f`` is meant.
    """
    callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    callee = unwrap(callee) if callee is not None else None
    if callee is not None and callee.type == "await_expression" and callee.named_children:
        return unwrap(callee.named_children[-1])
    return callee


def arguments_of(call: Node) -> list[Node]:
    """The arguments of a call or ``new`` expression, comments left out."""
    listed = call.child_by_field_name("arguments")
    nodes = listed.named_children if listed is not None and listed.type == "arguments" else []
    return [node for node in nodes if node.type != "comment"]


def items_of(array: Node) -> list[Node] | None:
    """What an array literal holds; None for anything else, and where items are left out."""
    if array.type != "array":
        return None
    parts = [node for node in array.children[1:-1] if node.type != "comment"]
    items = parts[::2]
    is_whole = all(node.is_named for node in items)
    return items if is_whole and all(node.type == "," for node in parts[1::2]) else None


def call_of(callee: Place) -> Place | None:
    """The call whose callee the expression at ``callee`` is."""
    scopes = callee.module.scopes
    whole = outside_casts(callee).node
    around = scopes.parent(whole)
    if around is not None and around.type == "await_expression":
        whole, around = around, scopes.parent(around)
    if around is None or around.child_by_field_name("function") != whole:
        return None
    return callee.at(around)


def awaited(call: Place) -> Place | None:
    """The expression that has what the promise of ``call`` resolves to; None without ``await``."""
    callee = call.node.child_by_field_name("function")
    if callee is not None and callee.type == "await_expression":
        return call
    around = call.module.scopes.parent(outside_casts(call).node)
    return call.at(around) if around is not None and around.type == "await_expression" else None


def outside_casts(place: Place) -> Place:
    """The expression at ``place`` with the parentheses and casts around it."""
    node, parent = place.node, place.module.scopes.parent(place.node)
    while parent is not None and parent.type in TRANSPARENT:
        node, parent = parent, place.module.scopes.parent(parent)
    return place.at(node)


def pattern_of_argument(function: Node, index: int) -> Node | None:
    """The pattern that the argument at ``index`` is given to; None where no parameter takes it."""
    declared = parameters(function)
    if index >= len(declared):
        return None
    pattern = declared[index].child_by_field_name("pattern") or declared[index]
    return None if pattern.type == "rest_pattern" else pattern


def uses_of_function(program: Program, function: Place) -> Iterator[Place]:
    """The expressions that stand for a function that is no member of a class or object."""
    scopes = function.module.scopes
    whole = outside_casts(function).node
    around = scopes.parent(whole)
    name = function.node.child_by_field_name("name")
    if around is not None and around.child_by_field_name("function") == whole:
        yield function
    elif around is not None and around.type == "export_statement":
        yield from program.default_references(DefaultExpression(function.module.path, whole))
    elif around is not None and around.type == "variable_declarator":
        name = around.child_by_field_name("name")
    declaration = scopes.declaration(name) if name is not None else None
    for use in program.references(function.module, declaration) if declaration else ():
        statement = use.module.scopes.parent(use.node)
        if statement is not None and statement.type not in _EXPORTS:
            yield use


def calls_of_function(program: Program, function: Place) -> Iterator[Place | None]:
    """The calls of a function, or the ``new`` of a constructor's class; None for any other use.

    Of another method they are not known, which counts as a use.
    """
    if function.node.type != "method_definition":
        for use in uses_of_function(program, function):
            yield call_of(use)
        return
    body = function.module.scopes.parent(function.node)
    owner = function.module.scopes.parent(body) if body is not None else None
    is_constructor = key_name(function.node.child_by_field_name("name")) == "constructor"
    named = owner.child_by_field_name("name") if owner is not None and is_constructor else None
    declaration = function.module.scopes.declaration(named) if named is not None else None
    if declaration is None:
        yield None
        return
    for use in program.references(function.module, declaration):
        around = use.module.scopes.parent(use.node)
        if around is not None and around.type not in _EXPORTS:
            is_made = around.child_by_field_name("constructor") == use.node
            yield use.at(around) if is_made else None


def results_of(function: Place) -> Iterator[Place]:
    """The expressions that a function returns."""
    body = function.node.child_by_field_name("body")
    if body is not None and body.type != "statement_block":
        yield function.at(body)
    scopes = function.module.scopes
    for statement in scopes.of_type("return_statement"):
        value = next((node for node in statement.named_children if node.type != "comment"), None)
        if value is not None and scopes.enclosing_function(statement) == function.node:
            yield function.at(value)
