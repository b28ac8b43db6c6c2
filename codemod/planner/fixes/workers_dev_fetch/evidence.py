"""Whether what is called like the environment is known to be it: by a type, or by who gives it.

A value counts where the runtime gives it, where its type is one of the environment, or where all
that the program gives it counts. What is used as a string never does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from codemod.model import Location
from codemod.planner.fixes.workers_dev_fetch import receivers
from codemod.planner.fixes.workers_dev_fetch.environment_types import EnvironmentTypes
from codemod.planner.fixes.workers_dev_fetch.receivers import Receiver
from codemod.planner.fixes.workers_dev_fetch.types import annotation_of, contextual, member_type
from codemod.scanner.exporting.linking import Foreign
from codemod.scanner.modules import Modules
from codemod.scanner.tracking import environment
from codemod.scanner.tracking.calls import callees
from codemod.scanner.tracking.definitions import base_class, definition, is_external, key_name
from codemod.scanner.tracking.environment import Likelihood
from codemod.scanner.tracking.functions import (
    arguments_of,
    called,
    calls_of_function,
    outside_casts,
    uses_of_function,
)
from codemod.scanner.tracking.program import Name, Place, Program, accessed_name
from codemod.scanner.tracking.receivers import FIELD_MODIFIERS, uses_of_field
from codemod.syntax.scopes import CLASSES, FUNCTIONS, PARAMETERS, Declaration, parameters
from codemod.syntax.typescript import children_of_type, string_value, text, unwrap

Path = tuple[str, ...]
"""The properties that lead from a value to the environment; empty where it is that itself."""

_ENV: Path = ("env",)
# Values that come from values beyond this are not worth following.
_MAX_STEPS = 16
_MAX_BASES = 8
_SURE_HOLDERS = frozenset({"cloudflare", "platform", "runtime"})
_HANDLER_TYPES = "ExportedHandler"
_LITERALS = frozenset(
    {"array", "false", "null", "number", "object", "string", "template_string", "true"}
)
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_COMPARING = frozenset({"!=", "!==", "==", "==="})
_COMPUTING = frozenset({"+", "+=", "<", ">"})
_TEXT_METHODS = frozenset(
    {
        "charAt",
        "concat",
        "endsWith",
        "includes",
        "indexOf",
        "length",
        "match",
        "padEnd",
        "padStart",
        "replace",
        "slice",
        "split",
        "startsWith",
        "substring",
        "toLowerCase",
        "toUpperCase",
        "trim",
    }
)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of a function; ``is_exact`` says that it is known to enter that one."""

    place: Place
    is_exact: bool


class Evidence:
    """Tells for the values of one program whether they are the environment.

    ``bindings`` are the names that its Workers have on the environment, ``classes`` the places of
    those exported classes that the runtime makes instances of.
    """

    def __init__(
        self,
        modules: Modules,
        program: Program,
        bindings: Collection[str],
        classes: Collection[Location],
        *,
        is_pages: bool,
    ) -> None:
        self._program = program
        self._classes = frozenset(classes)
        self._is_pages = is_pages
        self._types = EnvironmentTypes(modules, program, bindings)
        self._known: dict[tuple[Place, Path], bool] = {}

    def supports(self, receiver: Receiver, call: Place) -> bool:
        """Whether ``receiver``, at ``call``, is the environment or a binding of it."""
        owner = receiver.owner
        holder, _, field = receiver.expression.partition(".")
        if holder == "this":
            class_ = owner.module.scopes.class_of_instance(call.node)
            return class_ is not None and self._field(call.at(class_), field, (), _MAX_STEPS)
        if owner.node.type == "import_specifier":
            return True
        visible = call.module.scopes.visible(holder, call.node)
        is_text = visible is not None and not receiver.is_local and self._is_text(call, visible)
        return not is_text and self._owner(owner, _path_in(owner.node, receiver), _MAX_STEPS)

    # --- Values ---------------------------------------------------------------------------------

    def _gives(self, place: Place, path: Path, steps: int) -> bool:
        """Whether what ``path`` leads to from the expression at ``place`` is the environment."""
        here = place.at(_awaited(place.node))
        if steps <= 0:
            return False
        key = here, path
        if key not in self._known:
            # A function that calls itself with what it was given says nothing new.
            self._known[key] = True
            self._known[key] = self._value(here, path, steps - 1)
        return self._known[key]

    def _value(self, here: Place, path: Path, steps: int) -> bool:
        node = here.node
        if node.type in ("member_expression", "subscript_expression"):
            name, holder = accessed_name(node), node.child_by_field_name("object")
            if name is None or holder is None:
                return False
            if path == _ENV and name in _SURE_HOLDERS:
                return True
            return self._gives(here.at(holder), (name, *path), steps)
        if node.type == "this":
            owner = here.module.scopes.class_of_instance(node)
            field = path[:1]
            return (
                owner is not None
                and bool(field)
                and self._field(here.at(owner), field[0], path[1:], steps)
            )
        if node.type == "object":
            return self._object(here, path, steps)
        if node.type == "call_expression":
            return self._result(here, path)
        return node.type in _NAMES and self._name(here, path, steps)

    def _object(self, here: Place, path: Path, steps: int) -> bool:
        """A property of an object literal, or what is spread in it."""
        for part in reversed(here.node.named_children):
            if part.type == "spread_element" and part.named_children:
                if self._gives(here.at(part.named_children[0]), path, steps):
                    return True
            elif path and part.type == "pair":
                value = part.child_by_field_name("value")
                if key_name(part.child_by_field_name("key")) == path[0] and value is not None:
                    return self._gives(here.at(value), path[1:], steps)
            elif path and part.type == "shorthand_property_identifier" and text(part) == path[0]:
                return self._gives(here.at(part), path[1:], steps)
        return False

    def _result(self, here: Place, path: Path) -> bool:
        """What a function of a framework gives: ``getCloudflareContext()``, ``env(c)``."""
        callee = called(here.node)
        if path == _ENV and callee is not None and text(callee) in environment.HOLDER_CALLS:
            return True
        origin = self._program.origin(here.at(callee)) if callee is not None else None
        is_adapter = isinstance(origin, Foreign) and origin.external.specifier == "hono/adapter"
        return not path and is_adapter

    def _name(self, here: Place, path: Path, steps: int) -> bool:
        if path == _ENV and text(here.node) in _SURE_HOLDERS:
            return True
        origin = self._program.origin(here)
        if isinstance(origin, Foreign):
            return not path and origin.name == "env" and environment.is_runtime(origin)
        module, declaration = here.module, here.module.scopes.declaration(here.node)
        target = self._program.declared(origin) if isinstance(origin, Name) else None
        if target is not None:
            module, declaration = target
        if declaration is None or (not path and self._is_text(Place(module, here.node), None)):
            return False
        if not path and self._is_text(Place(module, declaration.node), declaration):
            return False
        inside = _keys_to(declaration)
        owner = Place(module, declaration.owner)
        return inside is not None and self._owner(owner, (*inside, *path), steps)

    def _owner(self, owner: Place, path: Path, steps: int) -> bool:
        """What declares a name: a parameter or a variable, with ``path`` from its whole value."""
        node = owner.node
        if node.type in PARAMETERS or node.type in FUNCTIONS:
            return self._parameter(owner, path, steps)
        if node.type != "variable_declarator":
            return False
        verdict = self._declared(owner, path)
        value = node.child_by_field_name("value")
        if verdict is not Likelihood.POSSIBLE:
            return verdict is Likelihood.CERTAIN
        return value is not None and self._gives(owner.at(value), path, steps)

    def _declared(self, owner: Place, path: Path) -> Likelihood:
        """What the type of a parameter or variable says."""
        type_ = annotation_of(owner.node)
        for name in path:
            if type_ is None or type_.type != "object_type":
                return Likelihood.POSSIBLE
            type_ = member_type(type_, name)
        return self._types.verdict(owner.module.source, type_)

    # --- Parameters -----------------------------------------------------------------------------

    def _parameter(self, parameter: Place, path: Path, steps: int) -> bool:
        scopes = parameter.module.scopes
        is_whole = parameter.node.type in FUNCTIONS
        inner = parameter.node if is_whole else scopes.enclosing_function(parameter.node)
        verdict = self._declared(parameter, path)
        if inner is None or verdict is Likelihood.NO:
            return False
        if not is_whole and parameter.node not in parameters(inner):
            return False
        index = 0 if is_whole else parameters(inner).index(parameter.node)
        function = parameter.at(inner)
        if self._is_given_by_runtime(function, parameter, index, path):
            return True
        calls = self._calls(function)
        if verdict is Likelihood.CERTAIN:
            known = filter(None, calls)
            return not any(call.is_exact and self._lacks(call.place, index, path) for call in known)
        default = parameter.node.child_by_field_name("value")
        if default is not None and not self._gives(parameter.at(default), path, steps):
            return False
        return bool(calls) and all(
            call is not None and self._passes(call.place, index, path, steps) for call in calls
        )

    def _passes(self, call: Place, index: int, path: Path, steps: int) -> bool:
        """Whether the argument at ``index`` of a call holds the environment."""
        listed = arguments_of(call.node)[: index + 1]
        if len(listed) <= index or any(each.type == "spread_element" for each in listed):
            return False
        return self._gives(call.at(listed[index]), path, steps)

    def _lacks(self, call: Place, index: int, path: Path) -> bool:
        """Whether the argument at ``index`` of a call is a literal without the environment."""
        listed = arguments_of(call.node)[: index + 1]
        if len(listed) <= index or any(each.type == "spread_element" for each in listed):
            return False
        found = definition(self._program, call.at(listed[index]))
        is_literal = isinstance(found, Place) and found.node.type in _LITERALS
        return is_literal and not self._gives(call.at(listed[index]), path, _MAX_STEPS)

    def _is_given_by_runtime(
        self, function: Place, parameter: Place, index: int, path: Path
    ) -> bool:
        if path == _ENV and index == 0:
            return receivers.is_context(self._program, function, is_pages=self._is_pages)
        if path or index != 1:
            return False
        pattern = parameter.at(parameter.node.child_by_field_name("pattern") or parameter.node)
        around = contextual(parameter.node)
        return (
            pattern in self._given_by_runtime
            or (around is not None and text(around).startswith(_HANDLER_TYPES))
            or self._is_routed(function)
            or self._is_constructed_by_runtime(function, pattern)
        )

    @cached_property
    def _given_by_runtime(self) -> frozenset[Place]:
        found = (
            environment.given_by_runtime(self._program, module)
            for module in self._program.modules_with([b"default", b"constructor"])
        )
        return frozenset(place for each in found for place in each)

    def _is_routed(self, function: Place) -> bool:
        """Whether a function is a handler that the router of a package gets by a name."""
        for use in uses_of_function(self._program, function):
            listed = use.module.scopes.parent(use.node)
            call = use.module.scopes.parent(listed) if listed is not None else None
            callee = called(call) if call is not None else None
            if listed is None or listed.type != "arguments" or callee is None:
                continue
            is_route = accessed_name(callee) in receivers.ROUTING
            if is_route and is_external(self._program, use.at(callee), runtime=False):
                return True
        return False

    def _is_constructed_by_runtime(self, function: Place, pattern: Place) -> bool:
        """Whether a constructor is that of a class which only the runtime makes instances of."""
        owner = receivers.class_around(function)
        is_constructor = key_name(function.node.child_by_field_name("name")) == "constructor"
        if owner is None or not is_constructor or self._calls(function):
            return False
        if function.module.source.location(owner) in self._classes:
            return True
        return receivers.has_environment(self._program, function.at(owner)) and (
            receivers.is_given_to_base(pattern)
        )

    def _calls(self, function: Place) -> list[_Call | None]:
        """The calls of a function, None for a use that may be one."""
        name = _member_name(function)
        if name is not None:
            return list(self._calls_of_member(function, name))
        return [
            _Call(call, is_exact=True) if call is not None else None
            for call in calls_of_function(self._program, function)
        ]

    def _calls_of_member(self, function: Place, name: str) -> Iterator[_Call]:
        """The calls of a method by its name, but for those that are known to enter others."""
        for module in self._program.modules_with([name.encode()]):
            for call in module.scopes.of_type("call_expression"):
                callee = called(call)
                if callee is None or accessed_name(callee) != name:
                    continue
                entered = callees(self._program, Place(module, call))
                if function in entered.functions:
                    yield _Call(Place(module, call), is_exact=True)
                elif not entered.functions and not entered.external:
                    yield _Call(Place(module, call), is_exact=False)

    # --- Fields ---------------------------------------------------------------------------------

    def _field(self, owner: Place, name: str, path: Path, steps: int) -> bool:
        """What the field ``name`` of a class's instances, or that of a base of it, is given."""
        if not path and any(map(_is_read_as_text, uses_of_field(self._program, owner, name))):
            return False
        if name == "env" and not path and receivers.gives_environment(self._program, owner):
            return True
        class_ = owner
        for _ in range(_MAX_BASES):
            given = list(self._given_to_field(class_, name, path, steps))
            base = base_class(class_.node)
            if given or base is None:
                return bool(given) and all(given)
            found = definition(self._program, class_.at(base))
            if not isinstance(found, Place) or found.node.type not in CLASSES:
                return (
                    name == "env" and not path and receivers.has_environment(self._program, owner)
                )
            class_ = found
        return False

    def _given_to_field(self, owner: Place, name: str, path: Path, steps: int) -> Iterator[bool]:
        """Whether each thing that a class gives to a field of its own is the environment."""
        body = owner.node.child_by_field_name("body")
        for part in body.named_children if body is not None else ():
            named = part.child_by_field_name("name")
            if named is None:
                continue
            if part.type == "public_field_definition" and text(named) == name:
                yield from self._by_definition(owner.at(part), path, steps)
            elif part.type == "method_definition" and text(named) == "constructor":
                for parameter in parameters(part):
                    if _is_property(parameter, name):
                        yield self._parameter(owner.at(parameter), path, steps)
        for value in _assigned(owner, name):
            yield self._gives(value, path, steps)

    def _by_definition(self, field: Place, path: Path, steps: int) -> Iterator[bool]:
        verdict = self._declared(field, path)
        value = field.node.child_by_field_name("value")
        if verdict is not Likelihood.POSSIBLE:
            yield verdict is Likelihood.CERTAIN
        elif value is not None:
            yield self._gives(field.at(value), path, steps)

    def _is_text(self, place: Place, declaration: Declaration | None) -> bool:
        """Whether a name is used as a string anywhere in its module."""
        if declaration is None:
            return False
        scopes = place.module.scopes
        return any(_is_read_as_text(place.at(use)) for use in scopes.references(declaration))


def _path_in(owner: Node, receiver: Receiver) -> Path:
    """The path from the value of a receiver's declaration to the environment."""
    pattern = owner.child_by_field_name("pattern") or owner.child_by_field_name("name")
    if pattern is None or pattern.type != "object_pattern":
        return _ENV if receiver.is_held else ()
    if not receiver.is_held and owner.type in PARAMETERS:
        return ()
    return _keys_to_environment(pattern) or _ENV


def _keys_to_environment(pattern: Node) -> Path | None:
    """The keys of nested object patterns down to the first that is ``env``."""
    pending: list[tuple[Node, Path]] = [(pattern, ())]
    for node, keys in pending:
        for part in node.named_children:
            if part.type == "shorthand_property_identifier_pattern" and text(part) == "env":
                return (*keys, "env")
            key = key_name(part.child_by_field_name("key")) if part.type == "pair_pattern" else None
            if key == "env":
                return (*keys, "env")
            value = part.child_by_field_name("value")
            if key is not None and value is not None and value.type == "object_pattern":
                pending.append((value, (*keys, key)))
    return None


def _keys_to(declaration: Declaration) -> Path | None:
    """The keys of the pattern that declares a name, down to it; None where they are not known."""
    owner = declaration.owner
    keys: list[str] = []
    node = declaration.node
    while node != owner:
        around = node.parent
        if around is None or around.type in ("array_pattern", "rest_pattern"):
            return None
        if node.type == "shorthand_property_identifier_pattern":
            keys.append(text(node))
        elif around.type == "pair_pattern":
            key = key_name(around.child_by_field_name("key"))
            if key is None:
                return None
            keys.append(key)
        node = around
    return tuple(reversed(keys))


def _member_name(function: Place) -> str | None:
    """The name of the method that a function is, None for other ones and for constructors."""
    around = function.module.scopes.parent(outside_casts(function).node)
    if function.node.type == "method_definition":
        name = key_name(function.node.child_by_field_name("name"))
    elif around is not None and around.type in ("pair", "public_field_definition"):
        field = "key" if around.type == "pair" else "name"
        name = key_name(around.child_by_field_name(field))
    else:
        return None
    return None if name == "constructor" else name


def _is_property(parameter: Node, name: str) -> bool:
    """Whether a constructor makes a parameter the field ``name``: ``private readonly env: Env``."""
    pattern = parameter.child_by_field_name("pattern")
    is_field = any(child.type in FIELD_MODIFIERS for child in parameter.children)
    return is_field and pattern is not None and text(pattern) == name


def _assigned(owner: Place, name: str) -> Iterator[Place]:
    """What a class assigns to its own field ``name``."""
    scopes = owner.module.scopes
    for this in scopes.instances(owner.node):
        access = scopes.parent(this)
        around = scopes.parent(access) if access is not None else None
        if access is None or around is None or accessed_name(access) != name:
            continue
        value = around.child_by_field_name("right")
        is_target = around.child_by_field_name("left") == access
        if around.type == "assignment_expression" and is_target and value is not None:
            yield owner.at(value)


def _awaited(node: Node) -> Node:
    node = unwrap(node)
    while node.type == "await_expression" and node.named_children:
        node = unwrap(node.named_children[-1])
    return node


def _is_read_as_text(use: Place) -> bool:
    """Whether an expression is compared with a string, put in one, or asked what a string is."""
    scopes = use.module.scopes
    whole = outside_casts(use).node
    around = scopes.parent(whole)
    if around is None:
        return False
    if around.type == "template_substitution":
        return True
    if around.type == "switch_statement":
        body = around.child_by_field_name("body")
        cases = children_of_type(body, "switch_case") if body is not None else ()
        return any(_is_string(case.child_by_field_name("value")) for case in cases)
    if around.type in ("binary_expression", "augmented_assignment_expression"):
        operator = around.child_by_field_name("operator")
        kind = operator.type if operator is not None else ""
        sides = (around.child_by_field_name("left"), around.child_by_field_name("right"))
        return kind in _COMPUTING or (kind in _COMPARING and any(map(_is_string, sides)))
    if around.type == "subscript_expression" and around.child_by_field_name("index") == whole:
        return True
    return accessed_name(around) in _TEXT_METHODS


def _is_string(node: Node | None) -> bool:
    return node is not None and string_value(unwrap(node)) is not None
