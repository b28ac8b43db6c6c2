"""What keeps handlers and classes together: uses of a class as a value, and memory they share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tree_sitter import Node

from codemod.model import Location
from codemod.planner.refusal import Refusal
from codemod.planner.split.sides import Module, Sides
from codemod.scanner.resolving.platform import RUNTIME
from codemod.syntax import typescript
from codemod.syntax.scopes import Declaration
from codemod.syntax.typescript import TRANSPARENT, text

_ACCESSES = frozenset({"member_expression", "subscript_expression"})
_ASSIGNMENTS = frozenset(
    {"assignment_expression", "augmented_assignment_expression", "for_in_statement"}
)
_PATTERNS = frozenset(
    {
        "array_pattern",
        "assignment_pattern",
        "object_assignment_pattern",
        "object_pattern",
        "pair_pattern",
        "rest_pattern",
    }
)
_COLLECTIONS = frozenset({"Map", "Set", "WeakMap", "WeakSet"})
_CHANGING = frozenset(
    {
        "add",
        "clear",
        "copyWithin",
        "delete",
        "fill",
        "pop",
        "push",
        "reverse",
        "set",
        "shift",
        "sort",
        "splice",
        "unshift",
    }
)


def refusals(sides: Sides) -> Iterator[Refusal]:
    """Why the code of the two sides cannot run in two Workers."""
    yield from _circles(sides)
    for gap in chain(sides.handlers.gaps, sides.classes.gaps):
        reason = f"{gap.reason}: what it shares with the rest cannot be told"
        yield Refusal(reason, gap.location)
    for module in sides.modules(sides.handlers.modules):
        yield from _values(sides, module)
        for node, name in _loopbacks(module):
            if module.is_removed(node):
                continue
            if name is None or name in sides.target.classes:
                reason = f"the handlers reach {name or 'classes'} by ctx.exports, not by a binding"
                yield Refusal(reason, module.location(node))
    for module in sides.modules({sides.target.entry.path: None, **sides.classes.modules}):
        for node, name in _loopbacks(module):
            is_here = sides.has_class_code(module.location(node))
            if is_here and name not in sides.target.classes:
                reason = (
                    f"the classes reach {name or 'entrypoints'} by ctx.exports, not by a binding"
                )
                yield Refusal(reason, module.location(node))
    yield from _memory(sides)


def _circles(sides: Sides) -> Iterator[Refusal]:
    entry = sides.target.entry.path
    place = sides.classes.modules.get(entry)
    if entry in sides.classes.modules:
        importer = place.path if place else entry
        yield Refusal(f"{importer} loads the entry module, which holds the handlers", place)


# --- Classes as values ----------------------------------------------------------------------


def _values(sides: Sides, module: Module) -> Iterator[Refusal]:
    classes = {item.export.location: item.name for item in sides.target.moved}
    for name in (*module.names.imported, *module.names.declared):
        declaration = module.scopes.top_level(name)
        meaning = sides.meaning(module, name)
        if declaration is None:
            continue
        for node in module.references(declaration):
            moved = classes.get(meaning) if isinstance(meaning, Location) else None
            if isinstance(meaning, str):
                moved = _member(sides, module, node)
            if moved and _is_value(module, node, declaration):
                reason = f"the handlers use the class {moved} as a value"
                yield Refusal(reason, module.location(node))


def _member(sides: Sides, module: Module, namespace: Node) -> str | None:
    """The class that is taken out of a namespace of a module."""
    parent = _parent(module, namespace)
    name = _property(parent) if parent is not None and parent.type == "member_expression" else ""
    names = {item.imported: item.name for item in sides.target.moved}
    return names.get(name) or (name if name in sides.target.classes else None)


def _is_value(module: Module, node: Node, declaration: Declaration) -> bool:
    """Whether a reference does more than pass the class on, or stand in the class itself."""
    if any(around == declaration.owner for around in module.scopes.ancestors(node)):
        return False
    parent = module.scopes.parent(node)
    return parent is None or parent.type != "export_specifier"


def _loopbacks(module: Module) -> Iterator[tuple[Node, str | None]]:
    """The accesses ``ctx.exports.<name>``, and with None other uses of ``ctx.exports``."""
    holders = [
        access
        for access in module.scopes.of_type("member_expression")
        if _property(access) == "exports" and text(access) != "module.exports"
    ]
    imported = module.names.imported.get("exports")
    declaration = module.scopes.top_level("exports")
    if imported and imported.specifier == RUNTIME and declaration:
        holders += module.scopes.references(declaration)
    for holder in holders:
        parent = _parent(module, holder)
        is_access = parent is not None and parent.type == "member_expression"
        yield holder, _property(parent) if parent is not None and is_access else None


def _property(access: Node) -> str:
    name = access.child_by_field_name("property")
    return text(name) if name is not None else ""


# --- Memory ---------------------------------------------------------------------------------


def _memory(sides: Sides) -> Iterator[Refusal]:
    """What a module that both sides load keeps from one call to the next."""
    owned = {
        module.location(declaration.owner): declaration.name
        for module in sides.modules(dict.fromkeys(sides.shared))
        for name in module.names.declared
        if (declaration := module.scopes.top_level(name)) is not None
    }
    everything = {**sides.handlers.modules, **sides.classes.modules}
    shared = set(sides.shared)
    for module in sides.modules(everything):
        own = module.names.declared if module.source.path in shared else ()
        for name in (*own, *module.names.imported):
            yield from _changes(sides, module, name, owned)


def _changes(
    sides: Sides, module: Module, name: str, owned: dict[Location, str]
) -> Iterator[Refusal]:
    declaration = module.scopes.top_level(name)
    meaning = sides.meaning(module, name)
    if declaration is None or meaning is None:
        return
    is_namespace = isinstance(meaning, str) and meaning in sides.shared
    if not is_namespace and meaning not in owned:
        return
    for node in module.scopes.references(declaration):
        if _changes_it(module, node, declaration):
            held = owned.get(meaning, name) if isinstance(meaning, Location) else name
            reason = f"handlers and classes share {held}, which changes while they run"
            yield Refusal(reason, module.location(node))


def _changes_it(module: Module, reference: Node, declaration: Declaration) -> bool:
    """Whether a reference changes the value in a function, and so after the module is loaded."""
    scopes = module.scopes
    if scopes.enclosing_function(reference) is None:
        return False
    parent = _parent(module, reference)
    if parent is None:
        return False
    if _is_assigned(parent, reference) or parent.type in _PATTERNS:
        return True
    if parent.type == "arguments":
        return _is_collection(declaration) or _is_object_assign(module, parent, reference)
    top, name = reference, ""
    while parent is not None and parent.type in _ACCESSES and _holds(parent, "object", top):
        top, name = parent, _property(parent)
        parent = _parent(module, top)
    if top == reference or parent is None:
        return False
    if parent.type == "call_expression" and _holds(parent, "function", top):
        return name in _CHANGING
    return _is_assigned(parent, top) or (
        parent.type == "unary_expression" and parent.children[0].type == "delete"
    )


def _parent(module: Module, node: Node) -> Node | None:
    parent = module.scopes.parent(node)
    while parent is not None and parent.type in TRANSPARENT:
        parent = module.scopes.parent(parent)
    return parent


def _holds(parent: Node, field: str, node: Node) -> bool:
    held = parent.child_by_field_name(field)
    while held is not None and held != node:
        held = typescript.operand(held)
    return held is not None


def _is_assigned(parent: Node, node: Node) -> bool:
    if parent.type == "update_expression":
        return True
    return parent.type in _ASSIGNMENTS and _holds(parent, "left", node)


def _is_collection(declaration: Declaration) -> bool:
    value = declaration.owner.child_by_field_name("value")
    value = typescript.unwrap(value) if value is not None else None
    made = value.child_by_field_name("constructor") if value is not None else None
    return made is not None and text(made) in _COLLECTIONS


def _is_object_assign(module: Module, arguments: Node, reference: Node) -> bool:
    call = module.scopes.parent(arguments)
    function = call.child_by_field_name("function") if call is not None else None
    first = arguments.named_children[0]
    return function is not None and text(function) == "Object.assign" and first == reference
