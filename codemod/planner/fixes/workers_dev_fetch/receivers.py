"""What names the environment where a call stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import ExportKind
from codemod.planner.free_names import first_free, names_in, names_inside
from codemod.scanner.exporting.linking import Foreign
from codemod.scanner.modules import imports
from codemod.scanner.resolving.platform import CLASSES as BASE_CLASSES
from codemod.scanner.resolving.platform import RUNTIME
from codemod.scanner.tracking import environment
from codemod.scanner.tracking.definitions import base_class, definition, key_name
from codemod.scanner.tracking.environment import Likelihood
from codemod.scanner.tracking.functions import (
    arguments_of,
    called,
    calls_of_function,
    outside_casts,
    uses_of_function,
)
from codemod.scanner.tracking.program import Module, Place, Program, accessed_name
from codemod.scanner.tracking.receivers import FIELD_MODIFIERS
from codemod.syntax.scopes import CLASSES, FUNCTIONS, PARAMETERS, Declaration, parameters
from codemod.syntax.typescript import children_of_type, text, unwrap

_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_FIELD_NAMES = frozenset({"private_property_identifier", "property_identifier"})
ROUTING = frozenset(
    {"all", "delete", "get", "notFound", "on", "onError", "options", "patch", "post", "put", "use"}
)
"""The methods of routers that take handlers."""
_FRAMEWORKS = ("hono", "@hono/")
_CONTEXT = "Context"
_PAGES_CONTEXT = "EventContext"
_PAGES_HANDLER = "onRequest"
_PAGES_TYPE = "PagesFunction"
_PATTERNS = frozenset({"object_pattern", "pair_pattern"})
_NOTHING = frozenset({"null", "undefined"})
GIVEN_ENVIRONMENT = frozenset(
    {ExportKind.DURABLE_OBJECT, ExportKind.WORKER_ENTRYPOINT, ExportKind.WORKFLOW}
)
"""The kinds of classes that the runtime makes instances of, and gives the environment."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A property that an object pattern has to take, too: ``API``, or ``API: name``."""

    pattern: Place
    text: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """How the code at a call names a binding, and what declares the name that this begins with.

    ``expression`` is the binding, or the environment that it is a property of where ``is_local``
    is not set. ``owner`` is the declaration: a parameter, variable, field, class or import.
    ``is_held`` says that the environment is a property of what ``owner`` declares, as in ``c.env``;
    ``may_lack`` that its type allows it to be undefined, though every call gives it.
    """

    expression: str
    owner: Place
    is_held: bool = False
    is_local: bool = False
    may_lack: bool = False
    addition: Addition | None = None

    def binding(self, name: str) -> str:
        """The expression for the binding ``name``."""
        if self.is_local:
            return self.expression
        return f"{self.expression}{'!' if self.may_lack else ''}.{name}"


def candidates(program: Program, call: Place, name: str, *, is_pages: bool) -> list[Receiver]:
    """The expressions for the binding ``name`` that are in reach of ``call``, nearest first.

    They are called like the environment, or typed like it; whether they are it is not told.
    """
    found = [
        *_named(program, call),
        *_of_instance(program, call),
        *_held(program, call, name, is_pages=is_pages),
        *_taken_apart(program, call, name),
    ]
    return sorted(found, key=lambda each: -each.owner.node.start_byte)


def _named(program: Program, call: Place) -> Iterator[Receiver]:
    """The names of the environment itself: parameters, variables, an import."""
    for declaration in _certain(program, call.module):
        if _reaches(program, call, declaration):
            owner = declaration.owner
            pattern = owner.child_by_field_name("pattern")
            yield Receiver(
                declaration.name,
                call.at(owner),
                is_held=pattern is not None and pattern.type == "object_pattern",
                may_lack=_may_lack(owner),
            )


def _certain(program: Program, module: Module) -> Iterator[Declaration]:
    for place, likelihood in environment.patterns(program, module):
        if likelihood is Likelihood.CERTAIN and place.node.type in _NAMES:
            declaration = module.scopes.declaration(place.node)
            if declaration is not None:
                yield declaration
    for place, likelihood in environment.expressions(program, module):
        if likelihood is not Likelihood.CERTAIN:
            continue
        declaration = module.scopes.declaration(place.node) or _variable(place)
        if declaration is not None:
            yield declaration


def _variable(value: Place) -> Declaration | None:
    """The constant that is given the expression at ``value``: ``const bindings = c.env``."""
    scopes = value.module.scopes
    declarator = scopes.parent(outside_casts(value).node)
    name = declarator.child_by_field_name("name") if declarator is not None else None
    is_plain = name is not None and name.type == "identifier"
    return scopes.declaration(name) if name is not None and is_plain else None


def _reaches(program: Program, call: Place, declaration: Declaration) -> bool:
    """Whether the name means ``declaration`` at ``call``, and has its value there."""
    scopes = call.module.scopes
    owner = declaration.owner
    if scopes.visible(declaration.name, call.node) is not declaration:
        return False
    if owner.type in PARAMETERS:
        return _is_given(program, call.at(owner))
    if owner.type != "variable_declarator":
        return True
    is_inside = scopes.enclosing_function(owner) == scopes.enclosing_function(call.node)
    statement = scopes.parent(owner)
    is_constant = statement is not None and statement.children[0].type == "const"
    return is_constant and not (is_inside and owner.start_byte > call.node.start_byte)


def _is_given(program: Program, parameter: Place) -> bool:
    """Whether a parameter always has what calls give it, and all of them do."""
    if parameter.node.child_by_field_name("value") is not None:
        return False
    if not _may_lack(parameter.node):
        return True
    function = parameter.module.scopes.enclosing_function(parameter.node)
    if function is None or parameter.node not in parameters(function):
        return False
    index = parameters(function).index(parameter.node)
    if _is_handler(parameter.at(function)):
        return index == 1
    calls = list(calls_of_function(program, parameter.at(function)))
    return bool(calls) and all(call is not None and _gives(call, index) for call in calls)


def _gives(call: Place, index: int) -> bool:
    given = arguments_of(call.node)[: index + 1]
    is_spread = any(argument.type == "spread_element" for argument in given)
    return len(given) > index and not is_spread and unwrap(given[index]).type not in _NOTHING


def _may_lack(owner: Node) -> bool:
    """Whether the type of a parameter lets it be undefined."""
    if owner.type == "optional_parameter":
        return True
    annotation = owner.child_by_field_name("type") if owner.type in PARAMETERS else None
    return annotation is not None and is_nullable(annotation)


def is_nullable(annotation: Node) -> bool:
    """Whether a type annotation says ``undefined`` or ``null`` beside a type."""
    type_ = annotation.named_children[:1]
    return (
        bool(type_)
        and type_[0].type == "union_type"
        and len(values_of(type_[0])) < len(_parts(type_[0]))
    )


def values_of(type_: Node) -> list[Node]:
    """The types that ``type_`` joins, ``undefined`` and ``null`` left out."""
    return [part for part in _parts(type_) if text(part) not in _NOTHING]


def _parts(type_: Node) -> list[Node]:
    """The types that ``type_`` joins: the grammar nests more than two."""
    parts: list[Node] = []
    pending = list(reversed(type_.named_children))
    while pending:
        node = pending.pop()
        if node.type == type_.type:
            pending.extend(reversed(node.named_children))
        else:
            parts.append(node)
    return parts


def _is_handler(function: Place) -> bool:
    """Whether a function is written as one that the runtime calls: ``async queue(…) {…}``."""
    around = function.module.scopes.parent(function.node)
    is_pair = around is not None and around.type == "pair"
    named = function.node.child_by_field_name("name")
    key = around.child_by_field_name("key") if around is not None and is_pair else named
    return key_name(key) in environment.HANDLERS


def _taken_apart(program: Program, call: Place, name: str) -> Iterator[Receiver]:
    """The patterns that take the environment apart, and have the binding or can get it."""
    for place, likelihood in environment.patterns(program, call.module):
        if likelihood is not Likelihood.CERTAIN or place.node.type != "object_pattern":
            continue
        parameter = _parameter_around(place)
        if parameter is not None and _is_in_body(call, parameter):
            found = _taken(call, place, parameter, name)
            if found is not None and _is_given(program, place.at(parameter)):
                yield found


def _taken(call: Place, pattern: Place, parameter: Node, key: str) -> Receiver | None:
    """The property ``key`` as a name that ``pattern`` gives it, or can give it, at ``call``."""
    is_nested = parameter.child_by_field_name("pattern") != pattern.node
    owner = pattern.at(parameter)
    known, target = _property(pattern.node, key)
    scopes = call.module.scopes
    if known:
        declared = scopes.declaration(target) if target is not None else None
        if declared is None or scopes.visible(declared.name, call.node) is not declared:
            return None
        return Receiver(declared.name, owner, is_held=is_nested, is_local=True)
    rest = next(children_of_type(pattern.node, "rest_pattern"), None)
    if rest is not None and _mentions(scopes.enclosing_function(parameter), key):
        gathered = scopes.declaration(rest.named_children[-1]) if rest.named_children else None
        if gathered is None or scopes.visible(gathered.name, call.node) is not gathered:
            return None
        return Receiver(gathered.name, owner, is_held=is_nested)
    local = _local_name(call, parameter, key)
    addition = Addition(pattern, key if local == key else f"{key}: {local}")
    return Receiver(local, owner, is_held=is_nested, is_local=True, addition=addition)


def _local_name(call: Place, parameter: Node, key: str) -> str:
    """The property's own name for a new parameter, or one that the whole module does not know."""
    function = call.module.scopes.enclosing_function(parameter)
    if function is not None and key not in names_inside(function):
        return key
    names = (f"{key}_BINDING", f"{key}_SERVICE")
    return first_free(names, names_in(call.module.source))


def _property(pattern: Node, key: str) -> tuple[bool, Node | None]:
    """Whether a pattern takes the property ``key``, and the name that it gives it, if it does."""
    for part in pattern.named_children:
        if part.type == "shorthand_property_identifier_pattern" and text(part) == key:
            return True, part
        if part.type == "object_assignment_pattern":
            left = part.child_by_field_name("left")
            if left is not None and text(left) == key:
                return True, None
        elif part.type == "pair_pattern" and key_name(part.child_by_field_name("key")) == key:
            value = part.child_by_field_name("value")
            return True, value if value is not None and value.type in _NAMES else None
    return False, None


def _mentions(function: Node | None, name: str) -> bool:
    word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])".encode())
    return function is not None and word.search(function.text or b"") is not None


def _parameter_around(place: Place) -> Node | None:
    """The parameter whose pattern the place is, or is a part of."""
    for around in place.module.scopes.ancestors(place.node):
        if around.type in PARAMETERS:
            return around
        if around.type not in _PATTERNS:
            return None
    return None


def _is_in_body(call: Place, parameter: Node) -> bool:
    scopes = call.module.scopes
    function = scopes.enclosing_function(parameter)
    body = function.child_by_field_name("body") if function is not None else None
    is_own = function is not None and parameter in parameters(function)
    return is_own and any(around == body for around in (call.node, *scopes.ancestors(call.node)))


def _of_instance(program: Program, call: Place) -> Iterator[Receiver]:
    """The fields of the class whose instance ``this`` is at ``call``."""
    owner = call.module.scopes.class_of_instance(call.node)
    if owner is None:
        return
    if gives_environment(program, call.at(owner)) or has_environment(program, call.at(owner)):
        yield Receiver("this.env", call.at(owner))
    for place, likelihood in environment.patterns(program, call.module):
        if likelihood is not Likelihood.CERTAIN or class_around(place) != owner:
            continue
        field = _field(place)
        if field is not None:
            yield Receiver(f"this.{field}", place.at(_declaring(place)))


def gives_environment(program: Program, owner: Place) -> bool:
    """Whether the class extends one that the runtime gives the environment as ``env``."""
    for _ in range(8):
        base = base_class(owner.node)
        if base is None:
            return False
        origin = program.origin(owner.at(unwrap(base)))
        if isinstance(origin, Foreign):
            known = BASE_CLASSES.get((origin.external.package, origin.name))
            return known in GIVEN_ENVIRONMENT
        found = definition(program, owner.at(base))
        if not isinstance(found, Place) or found.node.type not in CLASSES:
            return False
        owner = found
    return False


def has_environment(program: Program, owner: Place) -> bool:
    """Whether a class reads ``this.env`` of a base that is not known, or gives it ``env``."""
    if base_class(owner.node) is None:
        return False
    scopes = owner.module.scopes
    around = filter(None, map(scopes.parent, scopes.instances(owner.node)))
    if any(accessed_name(access) == "env" for access in around):
        return True
    return any(
        likelihood is Likelihood.CERTAIN
        and class_around(place) == owner.node
        and is_given_to_base(place)
        for place, likelihood in environment.patterns(program, owner.module)
    )


def is_given_to_base(pattern: Place) -> bool:
    scopes = pattern.module.scopes
    declaration = scopes.declaration(pattern.node)
    for reference in scopes.references(declaration) if declaration is not None else ():
        listed = scopes.parent(reference)
        call = scopes.parent(listed) if listed is not None else None
        callee = called(call) if call is not None and call.type == "call_expression" else None
        if callee is not None and callee.type == "super":
            return True
    return False


def class_around(place: Place) -> Node | None:
    around = place.module.scopes.ancestors(place.node)
    return next((node for node in around if node.type in CLASSES), None)


def _field(place: Place) -> str | None:
    """The field that holds the environment which the pattern at ``place`` stands for."""
    if place.node.type in _FIELD_NAMES:
        return text(place.node)
    scopes = place.module.scopes
    owner = scopes.parent(place.node)
    if owner is None or owner.type not in PARAMETERS:
        return None
    if any(child.type in FIELD_MODIFIERS for child in owner.children):
        return text(place.node)
    declaration = scopes.declaration(place.node)
    for reference in scopes.references(declaration) if declaration is not None else ():
        assignment = scopes.parent(reference)
        if assignment is None or assignment.type != "assignment_expression":
            continue
        target = assignment.child_by_field_name("left")
        holder = target.child_by_field_name("object") if target is not None else None
        is_field = holder is not None and holder.type == "this"
        if target is not None and is_field and assignment.child_by_field_name("right") == reference:
            return accessed_name(target)
    return None


def _declaring(place: Place) -> Node:
    return place.module.scopes.parent(place.node) or place.node


def _held(program: Program, call: Place, name: str, *, is_pages: bool) -> Iterator[Receiver]:
    """The contexts that hold the environment: those of Hono, and of Pages Functions."""
    scopes = call.module.scopes
    read = {
        declaration.node.id
        for place, likelihood in environment.expressions(program, call.module)
        if likelihood is Likelihood.CERTAIN
        and (holder := place.node.child_by_field_name("object")) is not None
        and (declaration := scopes.declaration(holder)) is not None
    }
    for around in scopes.ancestors(call.node):
        given = parameters(around) if around.type in FUNCTIONS else []
        for parameter in given[:1]:
            pattern = parameter.child_by_field_name("pattern") or parameter
            is_given = is_context(program, call.at(around), is_pages=is_pages)
            if pattern.type == "object_pattern" and is_given:
                yield from _of_parts(call, call.at(pattern), parameter, name)
            declaration = scopes.declaration(pattern) if pattern.type == "identifier" else None
            if declaration is None or not _reaches(program, call, declaration):
                continue
            if is_given or declaration.node.id in read:
                owner = call.at(declaration.owner)
                yield Receiver(f"{declaration.name}.env", owner, is_held=True)


def _of_parts(call: Place, pattern: Place, parameter: Node, name: str) -> Iterator[Receiver]:
    """The environment in a context that is taken apart, where the pattern has it or can get it."""
    if not _is_in_body(call, parameter) or parameter.child_by_field_name("value") is not None:
        return
    known, _ = _property(pattern.node, "env")
    rest = next(children_of_type(pattern.node, "rest_pattern"), None)
    scopes = call.module.scopes
    if known:
        yield from _in_parts(call, pattern, parameter, name)
    elif rest is not None:
        gathered = scopes.declaration(rest.named_children[-1]) if rest.named_children else None
        if gathered is not None and scopes.visible(gathered.name, call.node) is gathered:
            yield Receiver(f"{gathered.name}.env", call.at(parameter), is_held=True)
    elif _local_name(call, parameter, "env") == "env":
        yield Receiver("env", call.at(parameter), is_held=True, addition=Addition(pattern, "env"))


def _in_parts(call: Place, pattern: Place, parameter: Node, name: str) -> Iterator[Receiver]:
    """The environment that a context's pattern names, or takes apart in its turn."""
    _, target = _property(pattern.node, "env")
    declared = call.module.scopes.declaration(target) if target is not None else None
    if declared is not None:
        if call.module.scopes.visible(declared.name, call.node) is declared:
            yield Receiver(declared.name, call.at(parameter), is_held=True)
        return
    for part in children_of_type(pattern.node, "pair_pattern"):
        value = part.child_by_field_name("value")
        is_environment = key_name(part.child_by_field_name("key")) == "env"
        if is_environment and value is not None and value.type == "object_pattern":
            found = _taken(call, pattern.at(value), parameter, name)
            if found is not None:
                yield found


def is_context(program: Program, function: Place, *, is_pages: bool) -> bool:
    """Whether a function is called with a context: as a route of Hono, or a Pages Function."""
    for parameter in parameters(function.node)[:1]:
        annotation = parameter.child_by_field_name("type")
        if annotation is not None and _is_type_of_context(function, annotation.named_children[0]):
            return True
    declarator = _declarator(function)
    annotation = declarator.child_by_field_name("type") if declarator is not None else None
    if annotation is not None and text(annotation.named_children[0]).startswith(_PAGES_TYPE):
        return True
    if is_pages:
        name = (declarator or function.node).child_by_field_name("name")
        return name is not None and text(name).startswith(_PAGES_HANDLER)
    return any(True for _ in applications(program, function))


def _is_type_of_context(function: Place, annotation: Node) -> bool:
    name = text(annotation.child_by_field_name("name") or annotation)
    imported = imports(function.module.source).get(name)
    if imported is None:
        return name == _PAGES_CONTEXT
    return imported.imported == _CONTEXT and imported.specifier.startswith(_FRAMEWORKS)


def _declarator(function: Place) -> Node | None:
    """The declarator that names a function, or a list of functions that it is in."""
    scopes = function.module.scopes
    around = scopes.parent(outside_casts(function).node)
    if around is not None and around.type == "array":
        around = scopes.parent(around)
    return around if around is not None and around.type == "variable_declarator" else None


def applications(program: Program, function: Place) -> Iterator[Place]:
    """Where the applications of Hono are made that a function is a route of."""
    itself = [outside_casts(function)]
    for use in (*itself, *uses_of_function(program, function)):
        listed = use.module.scopes.parent(use.node)
        call = use.module.scopes.parent(listed) if listed is not None else None
        callee = called(call) if call is not None else None
        if listed is None or listed.type != "arguments" or callee is None:
            continue
        if accessed_name(callee) in ROUTING:
            made = application(program, use.at(callee))
            if made is not None:
                yield made


def application(program: Program, callee: Place) -> Place | None:
    """The ``new Hono()`` that a method is called on, or on what its own methods give."""
    node = callee.node
    while node.type in ("member_expression", "call_expression"):
        inner = node.child_by_field_name("object") or node.child_by_field_name("function")
        node = unwrap(inner) if inner is not None else node.children[-1]
    made = definition(program, callee.at(node))
    constructor = called(made.node) if isinstance(made, Place) else None
    if not isinstance(made, Place) or constructor is None:
        return None
    origin = program.origin(made.at(constructor))
    is_known = isinstance(origin, Foreign) and origin.external.package.startswith(_FRAMEWORKS)
    return made if is_known else None


def free_name(module: Module, calls: Sequence[Node]) -> str:
    """A name to import ``env`` under, so that it is in reach of ``calls`` and changes no other."""
    is_free = all(module.scopes.visible("env", call) is None for call in calls)
    if is_free and not module.scopes.global_references("env"):
        return "env"
    return first_free(("workerEnv", "runtimeEnv"), names_in(module.source))


def is_import_hidden(call: Place) -> bool:
    """Whether ``env`` is imported from the runtime under a name that is taken at ``call``."""
    scopes = call.module.scopes
    return any(
        imported.specifier == RUNTIME
        and imported.imported == "env"
        and scopes.visible(local, call.node) is not scopes.top_level(local)
        for local, imported in imports(call.module.source).items()
    )
