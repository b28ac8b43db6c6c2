"""Which functions of the repository a call enters."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.scanner.definitions import (
    base_class,
    definition,
    functions_named,
    instance_member,
    is_external,
)
from codemod.scanner.environment import parameters
from codemod.scanner.modules import External
from codemod.scanner.program import Place, Program, accessed_name
from codemod.syntax.scopes import CLASSES, FUNCTIONS
from codemod.syntax.typescript import unwrap


@dataclass(frozen=True, slots=True)
class Callees:
    """The functions that a call may enter.

    ``exact`` says that they are known to be all of them. ``external`` says that the call enters
    a package or the runtime, so that looking for functions of the called name makes no sense.
    """

    functions: tuple[Place, ...]
    exact: bool
    external: bool


def callees(program: Program, call: Place) -> Callees:
    """What ``call``, a call or ``new`` expression, enters."""
    callee = called(call.node)
    if callee is None:
        return Callees((), exact=False, external=False)
    found = _definition(program, call.at(callee))
    if isinstance(found, Place):
        if found.node.type in FUNCTIONS:
            return Callees((found,), exact=True, external=False)
        if found.node.type in CLASSES:
            constructor = instance_member(program, found, "constructor")
            functions = (constructor,) if constructor else ()
            return Callees(functions, exact=bool(functions), external=not functions)
        if found.node.type == "call_expression":
            return Callees(_wrapped(found), exact=False, external=is_external(program, found))
    external = isinstance(found, External) or is_external(program, call.at(callee))
    return Callees((), exact=False, external=external)


def called(call: Node) -> Node | None:
    """The expression that a call or ``new`` expression calls."""
    return call.child_by_field_name("function") or call.child_by_field_name("constructor")


def arguments_of(call: Node) -> list[Node]:
    """The arguments of a call or ``new`` expression, comments left out."""
    listed = call.child_by_field_name("arguments")
    nodes = listed.named_children if listed is not None and listed.type == "arguments" else []
    return [node for node in nodes if node.type != "comment"]


def methods_called(program: Program, call: Place) -> tuple[Place, ...]:
    """The functions anywhere in the program that have the name of the method that is called."""
    callee = called(call.node)
    name = accessed_name(unwrap(callee)) if callee is not None else None
    return tuple(functions_named(program, name)) if name is not None else ()


def pattern_of_argument(function: Node, index: int) -> Node | None:
    """The pattern that the argument at ``index`` is given to; None where there is no single one."""
    declared = parameters(function)
    if index >= len(declared):
        return None
    parameter = declared[index]
    pattern = parameter.child_by_field_name("pattern") or parameter
    return None if pattern.type == "rest_pattern" else pattern


def _definition(program: Program, callee: Place) -> Place | External | None:
    if callee.node.type != "super":
        return definition(program, callee)
    owner = callee.module.scopes.class_of_instance(callee.node)
    base = base_class(owner) if owner is not None else None
    return definition(program, callee.at(base)) if base is not None else None


def _wrapped(call: Place) -> tuple[Place, ...]:
    """The functions written out among the arguments of a call, as in ``wrap((request) => …)``."""
    nodes = map(unwrap, arguments_of(call.node))
    return tuple(call.at(node) for node in nodes if node.type in FUNCTIONS)
