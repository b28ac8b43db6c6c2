"""Which functions of the repository a call enters."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.scanner.modules import External
from codemod.scanner.tracking import constants
from codemod.scanner.tracking.definitions import (
    Definition,
    base_class,
    definition,
    functions_named,
    instance_member,
    is_external,
)
from codemod.scanner.tracking.functions import arguments_of, called
from codemod.scanner.tracking.program import Place, Program, accessed_name
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
    if isinstance(found, External):
        return Callees((), exact=False, external=True)
    start = found or call.at(callee)
    values = constants.values(program, start) or ()
    if values and all(value.node.type in FUNCTIONS | CLASSES for value in values):
        entered = tuple(filter(None, (_function(program, value) for value in values)))
        return Callees(entered, exact=len(entered) == len(values), external=not entered)
    wrapped = _written_out(found) if found is not None else ()
    return Callees(wrapped, exact=False, external=is_external(program, start))


def methods_called(program: Program, call: Place) -> tuple[Place, ...]:
    """The functions anywhere in the program that have the name of the method that is called."""
    callee = called(call.node)
    name = accessed_name(callee) if callee is not None else None
    return tuple(functions_named(program, name)) if name is not None else ()


def _definition(program: Program, callee: Place) -> Definition:
    if callee.node.type != "super":
        return definition(program, callee)
    owner = callee.module.scopes.class_of_instance(callee.node)
    base = base_class(owner) if owner is not None else None
    return definition(program, callee.at(base)) if base is not None else None


def _function(program: Program, value: Place) -> Place | None:
    """The function, or the class's constructor, which may be the one of a base class."""
    if value.node.type in FUNCTIONS:
        return value
    return instance_member(program, value, "constructor")


def _written_out(wrapper: Place) -> tuple[Place, ...]:
    """The functions among the arguments of a call, as in ``wrap((request, env) => …)``."""
    nodes = map(unwrap, arguments_of(wrapper.node))
    return tuple(wrapper.at(node) for node in nodes if node.type in FUNCTIONS)
