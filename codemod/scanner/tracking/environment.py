"""Where the environment enters a Worker's code: parameters, properties, imports and types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from tree_sitter import Node

from codemod.model import ExportKind
from codemod.scanner.exporting.linking import Foreign
from codemod.scanner.handlers import ENTRYPOINT_HANDLERS
from codemod.scanner.resolving.platform import CLASSES as CLASSES_OF_PACKAGES
from codemod.scanner.tracking.definitions import base_class, definition, is_external, key_name
from codemod.scanner.tracking.functions import arguments_of, called
from codemod.scanner.tracking.program import Module, Place, Program, accessed_name
from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS, parameters
from codemod.syntax.typescript import text, unwrap

HANDLERS = ENTRYPOINT_HANDLERS - {"connect"}
"""The handlers of a plain object that get the environment as their second parameter."""

GLOBAL_OBJECTS = frozenset({"globalThis", "self", "window"})
"""The names of the object whose properties are the global names."""


class Likelihood(Enum):
    """Whether something called ``env`` is the environment."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NO = "no"


_ENVIRONMENT_TYPE = re.compile(r"\w*(?:Env|Bindings)")
_OTHER_TYPES = frozenset({"HonoEnv", "ImportMetaEnv", "NodeEnv", "ProcessEnv"})
_SAME_TYPE = frozenset({"NonNullable", "Omit", "Partial", "Pick", "Readonly", "Required"})
_UNTOLD_TYPES = frozenset({"any", "object", "unknown"})

# What holds the environment under ``env``: Hono's and Pages' contexts, and the objects that
# SvelteKit, Astro, Nuxt, Remix and React Router put it in.
_HOLDERS = frozenset(
    {"c", "cloudflare", "context", "ctx", "locals", "platform", "runtime", "_c", "_context", "_ctx"}
)
HOLDER_CALLS = frozenset(
    {"getCloudflareContext", "getContext", "getOptionalRequestContext", "getRequestContext"}
)
"""The functions of frameworks that give an object with the environment under ``env``."""

_OTHER_HOLDERS = frozenset({"Bun", "Deno", "Netlify", "process"})
_RUNTIME_MODULES = frozenset({"cloudflare:test", "cloudflare:workers"})
_GIVEN_ENVIRONMENT = frozenset(
    {ExportKind.DURABLE_OBJECT, ExportKind.WORKER_ENTRYPOINT, ExportKind.WORKFLOW}
)
_RUNTIME_CLASSES = frozenset(
    name for (_, name), kind in CLASSES_OF_PACKAGES.items() if kind in _GIVEN_ENVIRONMENT
)
_LISTENING = "addEventListener"
_LITERALS = frozenset(
    {"array", "false", "number", "object", "string", "template_string", "true", "null"}
)
_ASSIGNMENTS = ("assignment_expression", "augmented_assignment_expression")
_CALLS = frozenset({"call_expression", "new_expression"})


def expressions(program: Program, module: Module) -> Iterator[tuple[Place, Likelihood]]:
    """The expressions of a module whose value is the environment by itself."""
    scopes = module.scopes
    for access in scopes.of_type("member_expression", "subscript_expression"):
        if accessed_name(access) == "env":
            holder = access.child_by_field_name("object")
            likelihood = _of_holder(program, Place(module, holder or access))
            if likelihood is Likelihood.POSSIBLE and _is_own(program, Place(module, access)):
                likelihood = Likelihood.NO
            yield Place(module, access), likelihood
    for clause in scopes.of_type("import_specifier"):
        yield from _imported_references(program, module, clause)


def patterns(program: Program, module: Module) -> Iterator[tuple[Place, Likelihood]]:
    """The binding patterns of a module that the environment is the value of.

    A class field stands as the name that declares it.
    """
    scopes = module.scopes
    for node in scopes.of_type("required_parameter", "optional_parameter"):
        yield from _parameter(Place(module, node))
    for node in scopes.of_type("variable_declarator"):
        yield from _variable(program, Place(module, node))
    for node in scopes.of_type("public_field_definition"):
        name = node.child_by_field_name("name")
        if name is not None and _of_type(node, Likelihood.NO) is Likelihood.CERTAIN:
            yield Place(module, name), Likelihood.CERTAIN
    for node in scopes.of_type("object_pattern"):
        yield from _destructured(program, Place(module, node))
    for node in scopes.of_type("arrow_function"):
        only = node.child_by_field_name("parameter")
        if only is not None and text(only) == "env":
            yield Place(module, only), Likelihood.POSSIBLE
    for place in given_by_runtime(program, module):
        yield place, Likelihood.CERTAIN


def given_by_runtime(program: Program, module: Module) -> Iterator[Place]:
    """The patterns of parameters that the runtime itself gives the environment.

    Those of handlers in what the module exports by default, wherever they are declared, and of
    constructors of the classes that the runtime makes instances of.
    """
    for node in module.scopes.of_type(*CLASSES):
        yield from _constructor(Place(module, node))
    for node in module.scopes.of_type("export_statement"):
        yield from _handlers(program, Place(module, node))


def is_runtime(origin: Foreign) -> bool:
    """Whether an imported name is one of a module of the runtime."""
    return origin.external.specifier in _RUNTIME_MODULES


def handed_to_packages(
    program: Program, module: Module, bindings: frozenset[str]
) -> Iterator[Place]:
    """The parameters of functions that a package is given, where they mention a binding.

    A router or a wrapper may call them with the environment, whatever they call it.
    """
    names = [name.encode() for name in bindings]
    for function in module.scopes.of_type("arrow_function", "function_expression"):
        written = function.text or b""
        if any(name in written for name in names) and _is_handed_on(program, module, function):
            for parameter in parameters(function):
                yield Place(module, parameter.child_by_field_name("pattern") or parameter)


def _is_handed_on(program: Program, module: Module, function: Node) -> bool:
    listed = module.scopes.parent(function)
    call = module.scopes.parent(listed) if listed is not None else None
    callee = called(call) if call is not None else None
    if listed is None or listed.type != "arguments" or callee is None:
        return False
    return is_external(program, Place(module, callee), runtime=False)


def rests(program: Program, module: Module) -> Iterator[tuple[Place, int]]:
    """The patterns that get a handler's arguments as an array, with the environment's index."""
    for statement in module.scopes.of_type("export_statement"):
        for function in _exported_handlers(program, Place(module, statement)):
            for position, parameter in enumerate(parameters(function.node)[:2]):
                pattern = parameter.child_by_field_name("pattern")
                if pattern is not None and pattern.type == "rest_pattern":
                    for name in pattern.named_children[-1:]:
                        yield function.at(name), 1 - position


def argument_objects(program: Program, module: Module) -> Iterator[Place]:
    """The uses of ``arguments`` in handlers."""
    for statement in module.scopes.of_type("export_statement"):
        for function in _exported_handlers(program, Place(module, statement)):
            for node in function.module.scopes.global_references("arguments"):
                if _function_of_arguments(function.at(node)) == function.node:
                    yield function.at(node)


def _function_of_arguments(place: Place) -> Node | None:
    around = place.module.scopes.ancestors(place.node)
    functions = (each for each in around if each.type in FUNCTIONS)
    return next((each for each in functions if each.type != "arrow_function"), None)


def is_service_worker(program: Program) -> bool:
    """Whether the program listens for an event of the service worker format.

    There a binding is a global name, in every module that the listener's module loads.
    """
    return any(
        _is_listener(Place(module, call))
        for module in program.modules_with([_LISTENING.encode()])
        for call in module.scopes.of_type("call_expression")
    )


def globals_of_service_worker(module: Module, bindings: frozenset[str]) -> Iterator[Place]:
    """The uses of bindings as global names, which they are in the service worker format."""
    for binding in bindings:
        for node in module.scopes.global_references(binding):
            yield Place(module, node)


def _is_listener(call: Place) -> bool:
    callee = called(call.node)
    if callee is None or _LISTENING not in (text(callee), accessed_name(callee)):
        return False
    root = callee.child_by_field_name("object") or callee
    if root != callee and text(root) not in GLOBAL_OBJECTS:
        return False
    events = arguments_of(call.node)[:1]
    is_global = call.module.scopes.declaration(root) is None
    return is_global and any(typescript.string_value(event) in HANDLERS for event in events)


def _imported_references(
    program: Program, module: Module, specifier: Node
) -> Iterator[tuple[Place, Likelihood]]:
    local = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
    declaration = module.scopes.declaration(local) if local is not None else None
    if local is None or declaration is None:
        return
    if declaration.at_top_level and not program.may_be_foreign(module.path, declaration.name):
        return
    origin = program.origin(Place(module, local))
    if not isinstance(origin, Foreign) or origin.name != "env":
        return
    if is_runtime(origin):
        for node in module.scopes.references(declaration):
            yield Place(module, node), Likelihood.CERTAIN
    elif origin.external.specifier == "hono/adapter":
        for node in module.scopes.references(declaration):
            call = module.scopes.parent(node)
            if call is not None and call.child_by_field_name("function") == node:
                yield Place(module, call), Likelihood.CERTAIN


def _of_holder(program: Program, place: Place) -> Likelihood:
    """How likely the ``env`` property of the expression at ``place`` is the environment."""
    holder = _awaited(place.node)
    if holder.type == "meta_property":
        return Likelihood.NO
    if holder.type == "this":
        owner = place.module.scopes.class_of_instance(holder)
        inherits = owner is not None and base_class(owner) is not None
        return Likelihood.CERTAIN if inherits else Likelihood.POSSIBLE
    if holder.type == "call_expression":
        return _of_call(holder)
    if holder.type == "identifier":
        origin = program.origin(place.at(holder))
        if isinstance(origin, Foreign):
            return Likelihood.CERTAIN if is_runtime(origin) else Likelihood.NO
        name: str | None = text(holder)
    else:
        name = accessed_name(holder)
    if name in _OTHER_HOLDERS:
        return Likelihood.NO
    return _among(name or "", _HOLDERS)


def _is_own(program: Program, access: Place) -> bool:
    """Whether an ``env`` property is one that the program writes out, or that nothing sets."""
    holder = access.node.child_by_field_name("object")
    if holder is not None and text(unwrap(holder)) in GLOBAL_OBJECTS:
        return not any(
            _is_global_assigned(Place(module, assignment))
            for module in program.modules_with(map(str.encode, GLOBAL_OBJECTS))
            for assignment in module.scopes.of_type(*_ASSIGNMENTS)
        )
    found = definition(program, access)
    return isinstance(found, Place) and found.node.type in _LITERALS


def _is_global_assigned(assignment: Place) -> bool:
    target = assignment.node.child_by_field_name("left")
    holder = target.child_by_field_name("object") if target is not None else None
    if target is None or holder is None or accessed_name(target) != "env":
        return False
    return text(unwrap(holder)) in GLOBAL_OBJECTS


def _of_call(call: Node) -> Likelihood:
    function = called(call)
    name = text(function) if function is not None else ""
    if name not in ("import", "require"):
        return _among(name, HOLDER_CALLS)
    specifiers = [typescript.string_value(argument) for argument in arguments_of(call)]
    return _among(specifiers[0] or "" if specifiers else "", _RUNTIME_MODULES)


def _among(name: str, names: frozenset[str]) -> Likelihood:
    return Likelihood.CERTAIN if name in names else Likelihood.POSSIBLE


def _awaited(node: Node) -> Node:
    node = unwrap(node)
    while node.type == "await_expression" and node.named_children:
        node = unwrap(node.named_children[-1])
    return node


def _parameter(place: Place) -> Iterator[tuple[Place, Likelihood]]:
    pattern = place.node.child_by_field_name("pattern")
    if pattern is None:
        return
    untold = Likelihood.NO
    if text(pattern) == "env":
        untold = Likelihood.POSSIBLE if _is_callback(place) else Likelihood.CERTAIN
    verdict = _of_type(place.node, untold)
    if verdict is not Likelihood.NO:
        yield place.at(pattern), verdict


def _is_callback(place: Place) -> bool:
    """Whether the parameter is one of a function that is passed to another right away."""
    function = place.module.scopes.enclosing_function(place.node)
    around = place.module.scopes.parent(function) if function is not None else None
    return around is not None and around.type == "arguments"


def _variable(program: Program, place: Place) -> Iterator[tuple[Place, Likelihood]]:
    pattern = place.node.child_by_field_name("name")
    value = place.node.child_by_field_name("value")
    if pattern is None or (value is not None and unwrap(value).type in _LITERALS):
        return
    untold = Likelihood.NO
    if text(pattern) == "env":
        untold = Likelihood.POSSIBLE
        if value is not None and not _may_be_environment(program, place.at(value)):
            return
    verdict = _of_type(place.node, untold)
    if verdict is not Likelihood.NO:
        yield place.at(pattern), verdict


def _may_be_environment(program: Program, value: Place) -> bool:
    node = _awaited(value.node)
    if node.type in _CALLS:
        return not is_external(program, value.at(node))
    if accessed_name(node) == "env":
        holder = node.child_by_field_name("object") or node
        return _of_holder(program, value.at(holder)) is not Likelihood.NO
    return node.type not in _LITERALS


def _destructured(program: Program, place: Place) -> Iterator[tuple[Place, Likelihood]]:
    for part in place.node.named_children:
        if part.type == "shorthand_property_identifier_pattern" and text(part) == "env":
            target: Node | None = part
        elif part.type == "object_assignment_pattern":
            left = part.child_by_field_name("left")
            target = left if left is not None and text(left) == "env" else None
        elif part.type == "pair_pattern" and key_name(part.child_by_field_name("key")) == "env":
            target = part.child_by_field_name("value")
        else:
            continue
        verdict = _of_pattern(program, place)
        if target is not None and verdict is not Likelihood.NO:
            yield place.at(target), verdict


def _of_pattern(program: Program, place: Place) -> Likelihood:
    """How likely the key ``env`` of the object pattern at ``place`` is the environment."""
    parent = place.module.scopes.parent(place.node)
    if parent is None:
        return Likelihood.POSSIBLE
    if parent.type == "pair_pattern":
        return _among(key_name(parent.child_by_field_name("key")) or "", _HOLDERS)
    if parent.type in ("required_parameter", "optional_parameter"):
        return _of_destructured_parameter(place.at(parent))
    value = parent.child_by_field_name("value") or parent.child_by_field_name("right")
    if value is None:
        return Likelihood.POSSIBLE
    if _awaited(value).type == "object":
        return Likelihood.NO
    return _of_holder(program, place.at(value))


def _of_destructured_parameter(parameter: Place) -> Likelihood:
    annotation = _annotation(parameter.node)
    if annotation is None:
        return Likelihood.POSSIBLE if _is_callback(parameter) else Likelihood.CERTAIN
    for node in annotation.named_children:
        if node.type != "object_type":
            continue
        for signature in typescript.children_of_type(node, "property_signature"):
            if key_name(signature.child_by_field_name("name")) == "env":
                return _of_type(signature, Likelihood.CERTAIN)
    return Likelihood.POSSIBLE


def _constructor(place: Place) -> Iterator[Place]:
    body = place.node.child_by_field_name("body")
    if body is None or not _is_runtime_class(place.node):
        return
    for method in typescript.children_of_type(body, "method_definition"):
        if key_name(method.child_by_field_name("name")) == "constructor":
            yield from _second_parameter(place.at(method))


def _is_runtime_class(node: Node) -> bool:
    base = base_class(node)
    if base is not None:
        name = accessed_name(base) or text(base)
        return name in _RUNTIME_CLASSES
    heritage = next(typescript.children_of_type(node, "class_heritage"), None)
    return heritage is not None and "DurableObject" in text(heritage)


def _handlers(program: Program, statement: Place) -> Iterator[Place]:
    """The second parameters of the handlers in what a module exports by default."""
    for function in _exported_handlers(program, statement):
        yield from _second_parameter(function)


def _exported_handlers(program: Program, statement: Place) -> Iterator[Place]:
    value = statement.node.child_by_field_name("value")
    pending = [statement.at(value)] if value is not None else []
    for place in pending:
        found = definition(program, place)
        if not isinstance(found, Place):
            continue
        if found.node.type == "object":
            for member in found.node.named_children:
                yield from _handler(program, found.at(member))
        elif found.node.type in _CALLS and len(pending) < 32:
            arguments = found.node.child_by_field_name("arguments")
            pending += [found.at(node) for node in arguments.named_children] if arguments else []


def _handler(program: Program, member: Place) -> Iterator[Place]:
    node = member.node
    if node.type == "shorthand_property_identifier":
        name, value = text(node), node
    elif node.type == "method_definition":
        name, value = key_name(node.child_by_field_name("name")) or "", node
    else:
        name = key_name(node.child_by_field_name("key")) or ""
        value = node.child_by_field_name("value") or node
    if name not in HANDLERS:
        return
    function = definition(program, member.at(value))
    if isinstance(function, Place) and function.node.type in FUNCTIONS:
        yield function


def _second_parameter(function: Place) -> Iterator[Place]:
    given = parameters(function.node)
    pattern = given[1].child_by_field_name("pattern") if len(given) > 1 else None
    if pattern is not None and pattern.type != "rest_pattern":
        yield function.at(pattern)


def _annotation(node: Node) -> Node | None:
    return node.child_by_field_name("type")


def _of_type(node: Node, untold: Likelihood) -> Likelihood:
    """What the type annotation of ``node`` says; ``untold`` where it says nothing.

    Something called ``env`` that has a type of another name is possible still.
    """
    annotation = _annotation(node)
    pending = list(annotation.named_children) if annotation is not None else []
    if not pending:
        return untold
    verdicts = set()
    while pending:
        part = pending.pop()
        if part.type in ("union_type", "intersection_type", "parenthesized_type", "readonly_type"):
            pending.extend(part.named_children)
        elif part.type == "generic_type" and _type_name(part) in _SAME_TYPE:
            pending.extend(_type_arguments(part)[:1])
        else:
            verdicts.add(_of_simple_type(part, untold))
    if Likelihood.CERTAIN in verdicts:
        return Likelihood.CERTAIN
    return Likelihood.POSSIBLE if Likelihood.POSSIBLE in verdicts else Likelihood.NO


def _of_simple_type(node: Node, untold: Likelihood) -> Likelihood:
    if node.type in ("type_identifier", "nested_type_identifier", "generic_type"):
        name = _type_name(node)
        if name in _OTHER_TYPES:
            return Likelihood.NO
        if _ENVIRONMENT_TYPE.fullmatch(name):
            return Likelihood.CERTAIN
        if name == "Record" and _holds_strings(node):
            return Likelihood.NO
        return untold if untold is Likelihood.NO else Likelihood.POSSIBLE
    if node.type == "object_type" or text(node) in _UNTOLD_TYPES:
        return untold
    return Likelihood.NO


def _holds_strings(record: Node) -> bool:
    values = "".join(text(node) for node in _type_arguments(record)[1:])
    return set(re.split(r"[\s|]+", values)) <= {"string", "undefined"}


def _type_name(node: Node) -> str:
    name = node.child_by_field_name("name") or node
    return text(name).rpartition(".")[2]


def _type_arguments(node: Node) -> list[Node]:
    arguments = node.child_by_field_name("type_arguments")
    return arguments.named_children if arguments is not None else []
