"""What an expression stands for: the function, class or literal behind names and accesses."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.scanner.exporting.linking import Foreign
from codemod.scanner.modules import External
from codemod.scanner.tracking.program import (
    DefaultExpression,
    Module,
    Name,
    Namespace,
    Origin,
    Place,
    Program,
    accessed_name,
)
from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Declaration
from codemod.syntax.typescript import text, unwrap

Definition = Place | External | None
"""The expression, function or class in the repository; a package; None where neither is known."""

# A chain of aliases longer than this is not worth following; the bound also ends cycles.
_MAX_STEPS = 12

_CHAIN = frozenset(
    {"call_expression", "member_expression", "new_expression", "subscript_expression"}
)


def definition(program: Program, place: Place, steps: int = _MAX_STEPS) -> Definition:
    """What the expression at ``place`` stands for.

    Constants, imports, and members of namespaces, classes, instances and object literals are
    followed; an expression that cannot be followed is its own definition.
    """
    node = unwrap(place.node)
    if steps <= 0:
        return None
    if node.type in ("identifier", "shorthand_property_identifier"):
        return _of_name(program, place.at(node), steps - 1)
    if node.type in ("member_expression", "subscript_expression"):
        return _of_access(program, place.at(node), steps - 1)
    return place.at(node)


def member(program: Program, owner: Place, name: str, steps: int = _MAX_STEPS) -> Place | None:
    """The member ``name`` of an object literal, a class (a static one) or ``new`` of a class."""
    if owner.node.type == "object":
        return _own_member(owner, owner.node, name, static=False)
    if owner.node.type in CLASSES:
        return _class_member(program, owner, name, steps, static=True)
    if owner.node.type == "new_expression":
        constructor = owner.node.child_by_field_name("constructor")
        made = definition(program, owner.at(constructor), steps - 1) if constructor else None
        return instance_member(program, made, name, steps) if isinstance(made, Place) else None
    return None


def instance_member(
    program: Program, owner: Place, name: str, steps: int = _MAX_STEPS
) -> Place | None:
    """The member ``name`` of the instances of the class at ``owner``, inherited ones included."""
    return _class_member(program, owner, name, steps, static=False)


def functions_named(program: Program, name: str) -> Iterator[Place]:
    """The methods, and the functions that are properties, that are called ``name`` anywhere."""
    for module in program.modules_with([name.encode()]):
        parts = ("method_definition", "public_field_definition", "pair")
        for node in module.scopes.of_type(*parts):
            value = _member_value(node)
            if value is not None and value.type in FUNCTIONS and _member_name(node) == name:
                yield Place(module, value)


def is_external(program: Program, place: Place, *, runtime: bool = True) -> bool:
    """Whether the expression starts at a package's name, or at one of the ``runtime``'s own."""
    for _ in range(_MAX_STEPS):
        root = _root(place.node)
        if root.type != "identifier":
            return False
        declaration = place.module.scopes.declaration(root)
        if declaration is None:
            return runtime
        module = place.module
        origin = program.origin(place.at(root))
        if isinstance(origin, Foreign):
            return True
        target = program.declared(origin) if isinstance(origin, Name) else None
        if target is not None:
            module, declaration = target
        value = declaration.owner.child_by_field_name("value")
        if declaration.owner.type != "variable_declarator" or value is None:
            return False
        place = Place(module, value)
    return False


def base_class(node: Node) -> Node | None:
    """The expression after ``extends`` of a class."""
    for heritage in typescript.children_of_type(node, "class_heritage"):
        for clause in typescript.children_of_type(heritage, "extends_clause"):
            return clause.child_by_field_name("value")
    return None


def key_name(key: Node | None) -> str | None:
    """The name that a property key stands for; None where it is computed."""
    if key is None or key.type == "computed_property_name":
        return None
    value = typescript.string_value(key)
    return text(key) if value is None else value


def _of_name(program: Program, place: Place, steps: int) -> Definition:
    declaration = place.module.scopes.declaration(place.node)
    if declaration is None:
        return None
    origin = program.origin(place)
    if origin is not None:
        return _of_origin(program, origin, steps)
    return _of_declaration(program, place.module, declaration, steps)


def _of_origin(program: Program, origin: Origin | None, steps: int) -> Definition:
    if isinstance(origin, Foreign):
        return origin.external
    if isinstance(origin, DefaultExpression):
        module = program.module(origin.path)
        return definition(program, Place(module, origin.node), steps) if module else None
    target = program.declared(origin) if isinstance(origin, Name) else None
    return _of_declaration(program, *target, steps) if target else None


def _of_declaration(
    program: Program, module: Module, declaration: Declaration, steps: int
) -> Definition:
    owner = declaration.owner
    if owner.child_by_field_name("name") != declaration.node:
        return None
    if owner.type in FUNCTIONS or owner.type in CLASSES:
        return Place(module, owner)
    value = owner.child_by_field_name("value")
    if owner.type != "variable_declarator" or value is None:
        return None
    return definition(program, Place(module, value), steps)


def _of_access(program: Program, place: Place, steps: int) -> Definition:
    name = accessed_name(place.node)
    target = place.node.child_by_field_name("object")
    if name is None or target is None:
        return None
    target = unwrap(target)
    if target.type == "this":
        owner = place.module.scopes.class_of_instance(target)
        found = instance_member(program, place.at(owner), name, steps) if owner else None
    else:
        origin = program.origin(place.at(target))
        if isinstance(origin, Namespace):
            return _of_origin(program, program.exported(origin.path, name), steps)
        value = definition(program, place.at(target), steps)
        if not isinstance(value, Place):
            return value
        found = member(program, value, name, steps)
    return definition(program, found, steps) if found else None


def _class_member(
    program: Program, owner: Place, name: str, steps: int, *, static: bool
) -> Place | None:
    for remaining in range(steps, 0, -1):
        body = owner.node.child_by_field_name("body")
        if owner.node.type not in CLASSES or body is None:
            return None
        found = _own_member(owner, body, name, static=static)
        base = base_class(owner.node)
        if found is not None or base is None:
            return found
        parent = definition(program, owner.at(base), remaining - 1)
        if not isinstance(parent, Place):
            return None
        owner = parent
    return None


def _own_member(owner: Place, body: Node, name: str, *, static: bool) -> Place | None:
    for node in body.named_children:
        if node.type == "shorthand_property_identifier" and text(node) == name:
            return owner.at(node)
        value = _member_value(node)
        if value is None or _member_name(node) != name:
            continue
        if static == any(child.type == "static" for child in node.children):
            return owner.at(value)
    return None


def _member_name(node: Node) -> str | None:
    return key_name(node.child_by_field_name("key" if node.type == "pair" else "name"))


def _member_value(node: Node) -> Node | None:
    if node.type == "method_definition":
        return node
    if node.type not in ("pair", "public_field_definition"):
        return None
    value = node.child_by_field_name("value")
    return unwrap(value) if value is not None else None


def _root(node: Node) -> Node:
    """The first operand of a chain of accesses and calls."""
    while True:
        node = unwrap(node)
        inner = None
        if node.type in _CHAIN:
            fields = ("object", "function", "constructor")
            inner = next(filter(None, map(node.child_by_field_name, fields)), None)
        elif node.type == "await_expression" and node.named_children:
            inner = node.named_children[-1]
        if inner is None:
            return node
        node = inner
