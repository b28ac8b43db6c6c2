"""The calls of the global ``fetch``, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from codemod.model import GlobalFetch, Usage
from codemod.scanner.tracking.environment import GLOBAL_OBJECTS
from codemod.scanner.tracking.folding import Folder, Text
from codemod.scanner.tracking.functions import arguments_of, call_of, items_of, outside_casts
from codemod.scanner.tracking.liveness import Liveness
from codemod.scanner.tracking.program import Module, Place, Program, accessed_name
from codemod.syntax.typescript import is_constant, unwrap

_NAME = "fetch"
_OF_FUNCTIONS = frozenset({"apply", "bind", "call"})
_PROPERTIES = frozenset({"pair", "shorthand_property_identifier"})


def global_fetches(
    program: Program, module: Module, folder: Folder, liveness: Liveness
) -> Iterator[GlobalFetch]:
    """The calls of ``fetch`` in a module, whatever is known of their URL.

    With them those of constants that the module makes of ``fetch``, in whatever module they stand.
    Beside them the calls that ``fetch`` is an argument of, or a member of one, with a URL that is
    known at least at its start.
    """
    for function in _mentions(module):
        place = Place(module, function)
        for use in (place, *_aliases(program, place)):
            called = _call(use)
            if called is not None:
                yield from _direct(*called, folder, liveness)
            else:
                yield from _handed_on(_bound(use) or use, folder, liveness)


def with_url(usage: Usage, target: Place | None, folder: Folder) -> Usage:
    """The fetch ``usage`` with the URL that ``target`` gives, as far as it is constant.

    A value of the configuration may differ between environments, and is no constant.
    """
    url = folder.fold(target) if target is not None else None
    known = usage.url_start or ""
    if url is None or url.vars or not (url.complete or len(url.start) > len(known)):
        return usage
    return replace(usage, url=url.start if url.complete else None, url_start=url.start)


def _mentions(module: Module) -> Iterator[Node]:
    """The expressions that stand for the global ``fetch``."""
    yield from module.scopes.global_references(_NAME)
    for holder in GLOBAL_OBJECTS:
        for node in module.scopes.global_references(holder):
            access = module.scopes.parent(node)
            if access is not None and accessed_name(access) == _NAME:
                yield access


def _aliases(program: Program, function: Place) -> Iterator[Place]:
    """The uses of the constant that is given ``fetch``, bound to an object or not."""
    scopes = function.module.scopes
    value = outside_casts(_bound(function) or function)
    declarator = scopes.parent(value.node)
    if declarator is None or declarator.type != "variable_declarator":
        return
    name = declarator.child_by_field_name("name")
    declaration = scopes.declaration(name) if name is not None else None
    if declaration is not None and declaration.node == name and is_constant(declarator):
        yield from program.references(function.module, declaration)


def _bound(function: Place) -> Place | None:
    """The call ``fetch.bind(…)`` of the expression at ``function``, None where there is none."""
    access = function.module.scopes.parent(outside_casts(function).node)
    if access is None or accessed_name(access) != "bind":
        return None
    return call_of(function.at(access))


def _call(function: Place) -> tuple[Place, Node | None] | None:
    """The call of ``function``, by way of ``call`` and the like too, and its first argument."""
    call = call_of(function)
    if call is not None:
        return call, next(iter(arguments_of(call.node)), None)
    access = function.module.scopes.parent(outside_casts(function).node)
    method = accessed_name(access) if access is not None else None
    call = call_of(function.at(access)) if access is not None and method in _OF_FUNCTIONS else None
    if call is None:
        return None
    listed = arguments_of(call.node)
    if method == "bind":
        return _call(call) if len(listed) <= 1 else None
    if len(listed) <= 1 or listed[0].type == "spread_element":
        return call, None
    given = unwrap(listed[1])
    if method == "apply":
        return call, next(iter(items_of(given) or ()), None)
    return call, given


def _direct(
    call: Place, target: Node | None, folder: Folder, liveness: Liveness
) -> Iterator[GlobalFetch]:
    if target is not None and liveness.runs(call):
        yield from _fetches(call, folder.fold(call.at(target)), folder)


def _handed_on(function: Place, folder: Folder, liveness: Liveness) -> Iterator[GlobalFetch]:
    call = _taker(function)
    if call is None or not liveness.runs(call):
        return
    for argument in arguments_of(call.node):
        for value in _values(unwrap(argument)):
            url = folder.fold(call.at(value))
            if any(each.origin for each in url.possible):
                for fetch in _fetches(call, url, folder):
                    yield replace(fetch, handed_on=True)


def _fetches(call: Place, url: Text, folder: Folder) -> Iterator[GlobalFetch]:
    for each in url.possible:
        values = tuple(folder.value(name) for name in each.vars)
        yield GlobalFetch(
            each.start, each.complete, call.location, each.vars, values, chosen=bool(url.choices)
        )


def _taker(function: Place) -> Place | None:
    """The call that takes ``fetch`` as an argument, or in an object that is one."""
    scopes = function.module.scopes
    node = outside_casts(function).node
    around = scopes.parent(node)
    if around is not None and around.type == "pair":
        node, around = around, scopes.parent(around)
    if around is not None and around.type == "object":
        node = outside_casts(function.at(around)).node
        around = scopes.parent(node)
    call = scopes.parent(around) if around is not None and around.type == "arguments" else None
    return function.at(call) if call is not None else None


def _values(argument: Node) -> Iterator[Node]:
    """The argument, or the values of the members of the object that it is."""
    if argument.type != "object":
        yield argument
        return
    for part in argument.named_children:
        if part.type in _PROPERTIES:
            yield part.child_by_field_name("value") or part
