"""The handlers and members of exported objects and classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from codemod.model import (
    FunctionForm,
    Handler,
    Location,
    Method,
    MethodKind,
    Parameter,
    ParameterRole,
    Returns,
    Unknown,
)
from codemod.scanner.exporting import responses
from codemod.scanner.exporting.evaluation import (
    ClassValue,
    Evaluator,
    ForeignValue,
    FunctionValue,
    GlobalValue,
    InstanceValue,
    NamespaceValue,
    ObjectValue,
    Opaque,
    PlainValue,
    Site,
    Value,
    WrappedValue,
    is_static,
    object_key,
    returned_expressions,
)
from codemod.scanner.exporting.linking import TypeOnly
from codemod.scanner.exporting.reliance import relied_on
from codemod.scanner.handlers import HANDLERS, NO_RPC_METHODS
from codemod.scanner.resolving import platform
from codemod.syntax import flow, typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS
from codemod.syntax.typescript import children_of_type, property_name, text, unwrap

_ROLES = (ParameterRole.EVENT, ParameterRole.ENV, ParameterRole.CONTEXT)
_FORMS = {
    "arrow_function": FunctionForm.ARROW,
    "function_expression": FunctionForm.FUNCTION,
    "generator_function": FunctionForm.FUNCTION,
    "method_definition": FunctionForm.METHOD,
}
_CLASS_PARTS = ("method_definition", "public_field_definition")
_NO_FUNCTIONS = (PlainValue, ObjectValue, InstanceValue, ClassValue, NamespaceValue)
_MAX_SPREADS = 32


@dataclass(frozen=True, slots=True)
class Members:
    """Handlers and members; complete where ``open`` is None."""

    handlers: tuple[Handler, ...] = ()
    methods: tuple[Method, ...] = ()
    open: Unknown | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """A member of a class as it is written."""

    name: str
    kind: MethodKind
    site: Site
    node: Node

    @property
    def location(self) -> Location:
        return self.site.names.source.location(self.node)

    @property
    def value(self) -> Node | None:
        """The function, or the expression that is assigned."""
        if self.node.type == "method_definition":
            return self.node
        return self.node.child_by_field_name("value")


@dataclass(slots=True)
class _Collected:
    """What an object is made of so far; later members replace earlier ones."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    methods: dict[str, Method] = field(default_factory=dict)
    open: Unknown | None = None
    spreads: int = 0

    def forget(self, name: str) -> None:
        self.handlers.pop(name, None)
        self.methods.pop(name, None)


def members_of(evaluator: Evaluator, value: Value) -> Members:
    """The handlers and members of a value that a Worker exports."""
    match value:
        case ClassValue():
            return _of_class(evaluator, value)
        case ObjectValue():
            return _of_object(evaluator, value)
        case InstanceValue(ClassValue() as of):
            return _of_instance(evaluator, of)
        case NamespaceValue():
            return _of_namespace(evaluator, value)
        case WrappedValue(inner):
            return _wrapped(members_of(evaluator, inner), value)
        case Opaque(unknown):
            return Members(open=unknown)
        case FunctionValue() | PlainValue():
            return Members()
        case _:
            return Members(open=Unknown("its members stand in a package"))


def parameters_of(evaluator: Evaluator, function: FunctionValue) -> tuple[Parameter, ...]:
    """The parameters of a handler, with what the runtime passes at their places."""
    names = function.site.names
    source, scopes = names.source, evaluator.scopes_of(names)
    patterns = [
        pattern
        for pattern in map(_pattern, _parameter_nodes(function.node))
        if pattern is not None and pattern.type != "this"
    ]
    return tuple(
        Parameter(
            _ROLES[position] if position < len(_ROLES) else ParameterRole.EXTRA,
            text(pattern) if pattern.type == "identifier" else None,
            source.location(pattern),
            tuple(map(source.location, relied_on(scopes, pattern))),
        )
        for position, pattern in enumerate(patterns)
    )


# --- Classes --------------------------------------------------------------------------------


def _of_class(evaluator: Evaluator, value: ClassValue) -> Members:
    classes, base = evaluator.bases(value)
    parts: dict[tuple[str, MethodKind | None], _Part] = {}
    doubt = _doubt_of_base(base)
    for owner in classes:
        doubt = doubt or _doubt_of_making(owner)
        for node in _class_nodes(owner):
            part = _part(owner.site, node)
            if part is None:
                doubt = doubt or _doubt_of_key(owner.site, node)
                continue
            key = part.name, part.kind if part.kind in _APART else None
            if key not in parts or _hides(part, parts[key]):
                parts[key] = part
    methods = tuple(
        Method(part.name, part.kind, part.location)
        for part in parts.values()
        if part.name not in NO_RPC_METHODS or part.kind in _APART
    )
    return Members(tuple(_class_handlers(evaluator, parts.values())), methods, doubt)


# Static and private members share no names with those of instances.
_APART = frozenset({MethodKind.STATIC, MethodKind.PRIVATE})


def _hides(inherited: _Part, own: _Part) -> bool:
    """Whether an inherited member wins: a field of the instance hides every method."""
    is_field = inherited.node.type != "method_definition"
    return (
        is_field and inherited.kind is MethodKind.PROPERTY and own.kind is not MethodKind.PROPERTY
    )


def _class_nodes(owner: ClassValue) -> Iterator[Node]:
    """The members of a class's body, and the constructor's parameters that are properties.

    Setters come last: beside a getter they add nothing.
    """
    body = owner.node.child_by_field_name("body")
    nodes = list(children_of_type(body, *_CLASS_PARTS)) if body is not None else []
    for node in sorted(nodes, key=_is_setter):
        if any(child.type == "declare" for child in node.children):
            continue
        name = node.child_by_field_name("name")
        if name is not None and text(name) == "constructor":
            yield from (item for item in _parameter_nodes(node) if _is_property(item))
        else:
            yield node


def _is_setter(node: Node) -> bool:
    return any(child.type == "set" for child in node.children)


def _is_property(parameter: Node) -> bool:
    modifiers = ("accessibility_modifier", "override_modifier", "readonly")
    return any(child.type in modifiers for child in parameter.children)


def _part(site: Site, node: Node) -> _Part | None:
    """A member with a name that can be read; None for the others."""
    key = node.child_by_field_name("name") or node.child_by_field_name("pattern")
    name = property_name(key) if key is not None else None
    if key is None or name is None:
        return None
    marks = {child.type for child in node.children}
    if key.type == "private_property_identifier":
        kind = MethodKind.PRIVATE
    elif is_static(node):
        kind = MethodKind.STATIC
    elif "get" in marks or "accessor" in marks:
        kind = MethodKind.GETTER
    elif node.type == "method_definition" and "set" not in marks:
        kind = MethodKind.METHOD
    else:
        kind = MethodKind.PROPERTY
    return _Part(name, kind, site, node)


def _doubt_of_key(site: Site, node: Node) -> Unknown | None:
    """Why a computed name leaves a class open; a symbol names nothing that can be called."""
    key = node.child_by_field_name("name")
    if key is None or text(key).startswith("[Symbol."):
        return None
    return Unknown("it has a member with a computed name", site.names.source.location(key))


def _doubt_of_making(owner: ClassValue) -> Unknown | None:
    """Why instances may have other members than their class writes down."""
    source = owner.site.names.source
    body = owner.node.child_by_field_name("body")
    for error in children_of_type(body, "ERROR") if body is not None else ():
        return Unknown("a part of its class does not parse", source.location(error))
    for node in children_of_type(body, "method_definition") if body is not None else ():
        name, code = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and code is not None and text(name) == "constructor":
            for _ in returned_expressions(code):
                return Unknown("its constructor returns another object", source.location(node))
    name = owner.node.child_by_field_name("name")
    prototype = re.escape(text(name).encode()) + rb"\s*\.\s*prototype\b" if name else None
    if prototype is not None and re.search(rb"\b" + prototype, source.content):
        return Unknown("its prototype may be changed after it is declared")
    return None


def _doubt_of_base(base: Value | None) -> Unknown | None:
    match base:
        case None | GlobalValue():
            return None
        case ForeignValue(external):
            if external.package == platform.RUNTIME or external.package.startswith("node:"):
                return None
            return Unknown(f"it inherits members of {base} that cannot be seen")
        case Opaque(unknown):
            return unknown
        case _:
            return Unknown("it inherits members that cannot be seen")


def _class_handlers(evaluator: Evaluator, parts: Iterable[_Part]) -> Iterator[Handler]:
    for part in parts:
        if part.name not in HANDLERS or part.kind in _APART:
            continue
        if part.kind is MethodKind.GETTER:
            yield unseen_handler(part.name, part.location)
        elif part.value is not None:
            handler = handler_of(evaluator, part.site, part.name, part.value, part.location)
            if handler is not None:
                yield handler


def _of_instance(evaluator: Evaluator, of: ClassValue) -> Members:
    """An instance as an exported object: what its class's prototype has is not its own."""
    members = _of_class(evaluator, of)
    own = _assigned_to_this(evaluator, of)
    methods = tuple(
        replace(method, kind=_KINDS_ON_INSTANCES[method.kind])
        for method in members.methods
        if method.kind not in _APART and method.name not in own
        if method.kind is not MethodKind.PROPERTY or method.name not in HANDLERS
    )
    assigned = (
        Method(name, MethodKind.METHOD, location)
        for name, location in own.items()
        if name not in HANDLERS
    )
    return replace(members, methods=(*methods, *assigned))


_KINDS_ON_INSTANCES = {
    MethodKind.METHOD: MethodKind.INHERITED,
    MethodKind.GETTER: MethodKind.INHERITED,
    MethodKind.PROPERTY: MethodKind.METHOD,
}


def _assigned_to_this(evaluator: Evaluator, of: ClassValue) -> dict[str, Location]:
    """What the code of a class sets as ``this.name = …``, with the places."""
    found: dict[str, Location] = {}
    for owner in evaluator.bases(of)[0]:
        for node in typescript.walk(owner.node):
            left = node.child_by_field_name("left")
            if left is None or node.type != "assignment_expression":
                continue
            object_, name = (left.child_by_field_name(field) for field in ("object", "property"))
            if object_ is not None and name is not None and object_.type == "this":
                found.setdefault(text(name), owner.site.names.source.location(node))
    return found


# --- Objects --------------------------------------------------------------------------------


def _of_object(evaluator: Evaluator, value: ObjectValue) -> Members:
    collected = _Collected()
    _collect(evaluator, value, collected)
    methods = tuple(collected.methods.values())
    return Members(tuple(collected.handlers.values()), methods, collected.open)


def _collect(evaluator: Evaluator, value: ObjectValue, into: _Collected) -> None:
    if into.open is None:
        into.open = value.open
    source = value.site.names.source
    for node in value.node.named_children if value.node is not None else ():
        if node.type == "ERROR" and into.open is None:
            into.open = Unknown("a part of it does not parse", source.location(node))
        if node.type == "spread_element":
            _spread(evaluator, value.site, node, into)
            continue
        name = object_key(node)
        if name is not None:
            expression = node.child_by_field_name("value") if node.type == "pair" else node
            _enter(evaluator, value.site, name, expression or node, node, into)
        elif node.type in ("pair", "method_definition") and into.open is None:
            into.open = Unknown("it has a member with a computed name", source.location(node))
    for change in value.changes:
        _change(evaluator, value.site, change, into)


def _spread(evaluator: Evaluator, site: Site, node: Node, into: _Collected) -> None:
    into.spreads += 1
    value: Value | None = None
    if into.spreads <= _MAX_SPREADS:
        value = evaluator.value_at(site, node.named_children[-1])
    if isinstance(value, ObjectValue):
        _collect(evaluator, value, into)
    elif not isinstance(value, PlainValue) and into.open is None:
        reason = "it spreads a value that cannot be told"
        into.open = Unknown(reason, site.names.source.location(node))


def _change(evaluator: Evaluator, site: Site, change: Node, into: _Collected) -> None:
    left, right = change.child_by_field_name("left"), change.child_by_field_name("right")
    name = left.child_by_field_name("property") if left is not None else None
    if right is not None and name is not None:
        _enter(evaluator, site, text(name), right, change, into)


def _enter(
    evaluator: Evaluator, site: Site, name: str, expression: Node, node: Node, into: _Collected
) -> None:
    into.forget(name)
    location = site.names.source.location(node)
    if any(child.type == "set" for child in node.children):
        return
    if any(child.type == "get" for child in node.children):
        handler: Handler | None = unseen_handler(name, location)
    else:
        handler = handler_of(evaluator, site, name, expression, location)
    if name not in HANDLERS:
        kind = MethodKind.METHOD if handler else MethodKind.PROPERTY
        into.methods[name] = Method(name, kind, location)
    elif handler:
        into.handlers[name] = handler


def _of_namespace(evaluator: Evaluator, value: NamespaceValue) -> Members:
    """What a module exports, as members of its namespace object."""
    collected = _Collected()
    exported = evaluator.linker.exported_names(value.names)
    collected.open = next(iter(exported.open), None)
    for name in exported.names:
        target = evaluator.linker.exported(value.names, name)
        if isinstance(target, TypeOnly):
            continue
        found = evaluator.value_of(target)
        if isinstance(found, FunctionValue) and name in HANDLERS:
            location = found.site.names.source.location(found.node)
            form = FunctionForm.REFERENCE
            collected.handlers[name] = _seen(evaluator, name, form, found, location)
        elif name not in HANDLERS:
            kind = MethodKind.PROPERTY if isinstance(found, _NO_FUNCTIONS) else MethodKind.METHOD
            collected.methods[name] = Method(name, kind, target.location)
    handlers, methods = collected.handlers.values(), collected.methods.values()
    return Members(tuple(handlers), tuple(methods), collected.open)


# --- Functions ------------------------------------------------------------------------------


def handler_of(
    evaluator: Evaluator, site: Site, name: str, expression: Node, location: Location
) -> Handler | None:
    """The function that an expression is or names; None where it is something else."""
    function = unwrap(expression)
    if function.type in FUNCTIONS:
        seen = FunctionValue(site, function)
        return _seen(evaluator, name, _FORMS[function.type], seen, location)
    if function.type in CLASSES:
        return None
    value = evaluator.value_at(site, function)
    if isinstance(value, FunctionValue):
        return _seen(evaluator, name, FunctionForm.REFERENCE, value, location)
    if isinstance(value, _NO_FUNCTIONS):
        return None
    return unseen_handler(name, location)


def _seen(
    evaluator: Evaluator,
    name: str,
    form: FunctionForm,
    function: FunctionValue,
    location: Location,
) -> Handler:
    node = function.node
    return Handler(
        name,
        form,
        is_async=responses.is_async(node),
        parameters=parameters_of(evaluator, function),
        returns=flow.returns(node),
        location=location,
        dead_ends=responses.dead_ends(evaluator, function) if name == "fetch" else (),
    )


def unseen_handler(name: str, location: Location) -> Handler:
    """A handler whose function stands where it cannot be read."""
    return Handler(name, FunctionForm.REFERENCE, None, (), Returns.UNKNOWN, location)


def _wrapped(inner: Members, value: WrappedValue) -> Members:
    """A wrapper puts functions of its own in the place of the handlers."""
    handlers = tuple(unseen_handler(handler.name, handler.location) for handler in inner.handlers)
    return Members(handlers, inner.methods, inner.open or Unknown(f"{value.callee} wraps it"))


def _parameter_nodes(function: Node) -> list[Node]:
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [single]
    parameters = function.child_by_field_name("parameters")
    kinds = ("required_parameter", "optional_parameter")
    return list(children_of_type(parameters, *kinds)) if parameters is not None else []


def _pattern(parameter: Node) -> Node | None:
    if parameter.type == "identifier":
        return parameter
    return parameter.child_by_field_name("pattern")
