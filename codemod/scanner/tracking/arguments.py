"""Where a value goes that is an argument of a call."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.scanner.tracking import constants, elements
from codemod.scanner.tracking.calls import callees, methods_called
from codemod.scanner.tracking.definitions import definition
from codemod.scanner.tracking.environment import HANDLERS
from codemod.scanner.tracking.functions import arguments_of, call_of, called
from codemod.scanner.tracking.program import Place, Program, accessed_name
from codemod.scanner.tracking.receivers import passed
from codemod.scanner.tracking.values import (
    Bound,
    Called,
    Compared,
    Environment,
    Goes,
    Lost,
    Method,
    Step,
    Stored,
    Value,
)
from codemod.syntax.typescript import text, unwrap

_MAX_SHOWN = 40

# A handler called with the environment is the program's own, or a router's that hands the
# environment on as ``c.env``.
_FORWARDING = HANDLERS | {"request"}
_TESTERS = frozenset({"Object.hasOwn", "Object.prototype.hasOwnProperty.call", "Reflect.has"})
# These make text of it, in which a binding is nothing.
_WRITING = frozenset(
    {"JSON.stringify", "Response.json", "console.debug", "console.error", "console.log"}
)
_OF_FUNCTIONS = frozenset({"apply", "bind", "call"})
# What is a key of these cannot be had back from them.
_WEAK = frozenset({"WeakMap", "WeakSet"})


def passed_on(program: Program, argument: Place, call: Place, value: Value) -> Iterator[Step]:
    """What becomes of ``value``, an argument of the call or ``new`` expression at ``call``."""
    known = _known(program, call, value) if isinstance(value, Environment) else None
    if known is not None:
        yield from known
        return
    reflected = _reflected(argument, call, value)
    if reflected is not None:
        yield from reflected
        return
    listing = elements.of_values(_name(call.node), call, value)
    if listing is not None:
        yield listing
        return
    index = _index(call.node, argument.node)
    followed = _followed(program, call, index, value) if index is not None else None
    if followed is not None:
        yield from followed
    elif not (isinstance(value, Environment) and _is_super(call.node)):
        yield Lost(argument, value, f"is passed to {_shown(call.node)}")


def _reflected(argument: Place, call: Place, value: Value) -> list[Step] | None:
    """What ``Reflect.apply``, or ``call`` and the like of a method, do with an argument.

    None for other functions. The object that the method is of is no use of its own.
    """
    callee = called(call.node)
    listed = arguments_of(call.node)
    if callee is None:
        return None
    method: Node | None = None
    this: list[Node] = []
    if text(callee) == "Reflect.apply":
        if isinstance(value, Method) and argument.node == listed[0]:
            return [Called(call, value, elements.written_out(listed[2:]))]
        method = unwrap(listed[0])
        this = listed[1:2]
    elif accessed_name(callee) in _OF_FUNCTIONS:
        method = unwrap(callee.child_by_field_name("object") or callee)
        this = listed[:1]
    owner = method.child_by_field_name("object") if method is not None else None
    if owner is None or not isinstance(value, Bound) or argument.node not in this:
        return None
    return [] if text(owner) == text(argument.node) else None


def spread(program: Program, argument: Place, call: Place, value: Value) -> Iterator[Step]:
    """What becomes of ``value``, which the argument at ``argument`` spreads in a call."""
    index = _index(call.node, argument.node)
    if index is None or not isinstance(value, Stored) or not value.key.isdigit():
        yield Lost(argument, value, "is spread")
        return
    followed = _followed(program, call, index + int(value.key), value.value)
    if followed is not None:
        yield from followed
    elif accessed_name(called(call.node) or call.node) not in _FORWARDING:
        yield Lost(argument, value.value, f"is passed to {_shown(call.node)}")


def _known(program: Program, call: Place, value: Environment) -> list[Step] | None:
    """What the functions do that are known by name, None for the others."""
    callee = called(call.node)
    name = _name(call.node)
    if name in _WRITING or (callee is not None and _is_weak(program, call.at(callee))):
        return []
    if callee is not None and accessed_name(unwrap(callee)) in _FORWARDING:
        return []
    if name == "Object.keys":
        return list(asked_for(program, _call_on(call, "includes"), value)) or None
    if name != "Reflect.get" and name not in _TESTERS:
        return None
    listed = arguments_of(call.node)
    names = constants.strings(program, call.at(listed[1])) if len(listed) > 1 else None
    if name == "Reflect.get":
        return [Goes(call, Bound(each, value.certain)) for each in names] if names else None
    return [Compared(call, Bound(each, value.certain)) for each in names or ()]


def asked_for(program: Program, call: Place | None, value: Environment) -> Iterator[Step]:
    """The bindings that ``call`` is given the name of, to say whether the environment has them."""
    listed = arguments_of(call.node) if call is not None else ()
    if call is None or not listed:
        return
    for name in constants.strings(program, call.at(listed[0])) or ():
        yield Compared(call, Bound(name, value.certain))


def _call_on(made: Place, method: str) -> Place | None:
    """The call of ``method`` of what the expression at ``made`` gives."""
    access = made.module.scopes.parent(made.node)
    if access is None or accessed_name(access) != method:
        return None
    return call_of(made.at(access))


def _followed(program: Program, call: Place, index: int, value: Value) -> list[Step] | None:
    entered = callees(program, call)
    functions = entered.functions
    by_name = not entered.exact and isinstance(value, Environment)
    if by_name and not functions and not entered.external:
        functions = methods_called(program, call)
    if not functions or not (entered.exact or by_name):
        return None
    inside = Environment(certain=False) if by_name else value
    steps: list[Step] = []
    taken = False
    for function in functions:
        given = passed(program, function, index, inside)
        taken = taken or given is not None
        steps += given or []
    return steps if taken else None


def _index(call: Node, argument: Node) -> int | None:
    """The argument's position; None where a spread stands before it."""
    for index, node in enumerate(arguments_of(call)):
        if node == argument:
            return index
        if node.type == "spread_element":
            return None
    return None


def _is_weak(program: Program, callee: Place) -> bool:
    holder = callee.node.child_by_field_name("object")
    found = definition(program, callee.at(holder)) if holder is not None else None
    made = called(found.node) if isinstance(found, Place) else None
    return made is not None and text(made) in _WEAK


def _name(call: Node) -> str:
    callee = called(call)
    return text(callee) if callee is not None else ""


def _is_super(call: Node) -> bool:
    callee = called(call)
    return callee is not None and callee.type == "super"


def _shown(call: Node) -> str:
    callee = called(call)
    name = " ".join(text(callee).split()) if callee is not None else "a call"
    return name if len(name) <= _MAX_SHOWN else name[:_MAX_SHOWN] + "…"
