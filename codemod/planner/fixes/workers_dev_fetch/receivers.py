"""What names the environment where a call stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import ExportKind
from codemod.planner.free_names import first_free, names_in
from codemod.scanner.exporting.linking import Foreign
from codemod.scanner.modules import imports
from codemod.scanner.resolving.platform import CLASSES as BASE_CLASSES
from codemod.scanner.resolving.platform import RUNTIME
from codemod.scanner.tracking import environment
from codemod.scanner.tracking.definitions import base_class, definition
from codemod.scanner.tracking.environment import Likelihood
from codemod.scanner.tracking.functions import called, outside_casts
from codemod.scanner.tracking.program import Module, Place, Program, accessed_name
from codemod.scanner.tracking.receivers import FIELD_MODIFIERS
from codemod.syntax.scopes import CLASSES, FUNCTIONS, PARAMETERS, Declaration, parameters
from codemod.syntax.typescript import text, unwrap

_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_FIELD_NAMES = frozenset({"private_property_identifier", "property_identifier"})
_ROUTING = frozenset(
    {"all", "delete", "get", "notFound", "on", "onError", "options", "patch", "post", "put", "use"}
)
_FRAMEWORKS = ("hono", "@hono/")
_PAGES_HANDLER = "onRequest"
_GIVEN_ENVIRONMENT = frozenset(
    {ExportKind.DURABLE_OBJECT, ExportKind.WORKER_ENTRYPOINT, ExportKind.WORKFLOW}
)


@dataclass(frozen=True, slots=True)
class Receiver:
    """An expression for the environment, and what declares the name that it begins with.

    ``owner`` is that declaration: a parameter, variable, field, class or import.
    """

    expression: str
    owner: Place

    @property
    def is_held(self) -> bool:
        """Whether the environment is a property of what ``owner`` declares, as in ``c.env``."""
        return "." in self.expression and not self.expression.startswith("this.")


def receiver(program: Program, call: Place, *, is_pages: bool) -> Receiver | None:
    """The nearest expression for the environment that is in reach of ``call``."""
    found = [
        *_named(program, call),
        *_of_instance(program, call),
        *_held(program, call, is_pages=is_pages),
    ]
    return max(found, key=lambda each: each.owner.node.start_byte, default=None)


def _named(program: Program, call: Place) -> Iterator[Receiver]:
    """The names of the environment itself: parameters, variables, an import."""
    for declaration in _certain(program, call.module):
        if _reaches(call, declaration):
            yield Receiver(declaration.name, call.at(declaration.owner))


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


def _reaches(call: Place, declaration: Declaration) -> bool:
    """Whether the name means ``declaration`` at ``call``, and has its value there."""
    scopes = call.module.scopes
    owner = declaration.owner
    if scopes.visible(declaration.name, call.node) is not declaration:
        return False
    if owner.type in PARAMETERS:
        is_optional = owner.type == "optional_parameter"
        return not is_optional and owner.child_by_field_name("value") is None
    if owner.type != "variable_declarator":
        return True
    is_inside = scopes.enclosing_function(owner) == scopes.enclosing_function(call.node)
    statement = scopes.parent(owner)
    is_constant = statement is not None and statement.children[0].type == "const"
    return is_constant and not (is_inside and owner.start_byte > call.node.start_byte)


def _of_instance(program: Program, call: Place) -> Iterator[Receiver]:
    """The fields of the class whose instance ``this`` is at ``call``."""
    owner = call.module.scopes.class_of_instance(call.node)
    if owner is None:
        return
    if _gives_environment(program, call.at(owner)) or _has_environment(program, call.at(owner)):
        yield Receiver("this.env", call.at(owner))
    for place, likelihood in environment.patterns(program, call.module):
        if likelihood is not Likelihood.CERTAIN or _class_around(place) != owner:
            continue
        field = _field(place)
        if field is not None:
            yield Receiver(f"this.{field}", place.at(_declaring(place)))


def _gives_environment(program: Program, owner: Place) -> bool:
    """Whether the class extends one that the runtime gives the environment as ``env``."""
    for _ in range(8):
        base = base_class(owner.node)
        if base is None:
            return False
        origin = program.origin(owner.at(unwrap(base)))
        if isinstance(origin, Foreign):
            known = BASE_CLASSES.get((origin.external.package, origin.name))
            return known in _GIVEN_ENVIRONMENT
        found = definition(program, owner.at(base))
        if not isinstance(found, Place) or found.node.type not in CLASSES:
            return False
        owner = found
    return False


def _has_environment(program: Program, owner: Place) -> bool:
    """Whether a class reads ``this.env`` of a base that is not known, or gives it ``env``."""
    if base_class(owner.node) is None:
        return False
    scopes = owner.module.scopes
    around = filter(None, map(scopes.parent, scopes.instances(owner.node)))
    if any(accessed_name(access) == "env" for access in around):
        return True
    return any(
        likelihood is Likelihood.CERTAIN
        and _class_around(place) == owner.node
        and _is_given_to_base(place)
        for place, likelihood in environment.patterns(program, owner.module)
    )


def _is_given_to_base(pattern: Place) -> bool:
    scopes = pattern.module.scopes
    declaration = scopes.declaration(pattern.node)
    for reference in scopes.references(declaration) if declaration is not None else ():
        listed = scopes.parent(reference)
        call = scopes.parent(listed) if listed is not None else None
        callee = called(call) if call is not None and call.type == "call_expression" else None
        if callee is not None and callee.type == "super":
            return True
    return False


def _class_around(place: Place) -> Node | None:
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


def _held(program: Program, call: Place, *, is_pages: bool) -> Iterator[Receiver]:
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
            name = parameter.child_by_field_name("pattern") or parameter
            declaration = scopes.declaration(name)
            if declaration is None or name.type != "identifier" or not _reaches(call, declaration):
                continue
            is_context = declaration.node.id in read or _is_context(
                program, call.at(around), is_pages=is_pages
            )
            if is_context:
                yield Receiver(f"{declaration.name}.env", call.at(declaration.owner))


def _is_context(program: Program, function: Place, *, is_pages: bool) -> bool:
    """Whether a function is called with a context: as a route of Hono, or a Pages Function."""
    scopes = function.module.scopes
    around = scopes.parent(outside_casts(function).node)
    if is_pages:
        name = function.node.child_by_field_name("name")
        if around is not None and around.type == "variable_declarator":
            name = around.child_by_field_name("name")
        return name is not None and text(name).startswith(_PAGES_HANDLER)
    call = scopes.parent(around) if around is not None and around.type == "arguments" else None
    callee = called(call) if call is not None else None
    if callee is None or accessed_name(callee) not in _ROUTING:
        return False
    return application(program, function.at(callee)) is not None


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
