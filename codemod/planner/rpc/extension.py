"""A class that extends nothing, as the default export: it comes to extend WorkerEntrypoint.

Its handlers get ``env`` and ``ctx`` from ``this`` then, so what takes them as parameters is
rewritten. Offered where nothing else is made of the class.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.model import Edit, Export, Span, Unknown
from codemod.planner.layout import layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.rewrite import Rewrite
from codemod.planner.rpc.annotations import environment_of, is_typescript
from codemod.planner.rpc.base_class import base_class
from codemod.planner.rpc.from_this import FromThis, problem
from codemod.planner.rpc.subject import Exposure, Module
from codemod.planner.rpc.uses import refusal_elsewhere
from codemod.scanner.exporting.evaluation import FunctionValue, Site
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.exporting.names import Expression, Local
from codemod.scanner.handlers import ENTRYPOINT_HANDLERS
from codemod.scanner.modules import Modules
from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Scopes
from codemod.syntax.typescript import (
    TRANSPARENT,
    children_of_type,
    is_damaged,
    property_name,
    span,
    unwrap,
)

_MEMBERS = ("method_definition", "public_field_definition")
_OF_ENTRYPOINTS = frozenset({"ctx", "env"})
_UNWRITTEN = "is not written in the class"
_BEFORE_OVERRIDE = frozenset({"accessibility_modifier", "decorator"})


def propose(modules: Modules, default: Export) -> tuple[Edit, ...] | Refusal:
    """The edits of the module of ``default``, a class, or the first condition that fails."""
    names = Linker(modules).names(default.location.path)
    if isinstance(names, Unknown):
        return Refusal(names.reason, names.location)
    module = Module(names, Scopes(names.source.root))
    node = _class_at(module, default.location.span)
    if node is None or is_damaged(node):
        return Refusal("the class is not found, or does not parse", default.location)
    refusal = _refusal(module, node, default.local_name)
    if refusal:
        return refusal
    exposures = tuple(_exposures(module, node, default))
    return refusal_elsewhere(modules, exposures) or _Extension(modules, module, node).edits()


def _class_at(module: Module, where: Span) -> Node | None:
    """The class that is declared at ``where``, or that the statement or declarator there names."""
    for node in typescript.walk(module.source.root):
        if node.type in CLASSES and node.is_named:
            around = module.scopes.parent(node)
            while around is not None and around.type in TRANSPARENT:
                around = module.scopes.parent(around)
            if where in (span(node), span(around or node)):
                return node
    return None


def _exposures(module: Module, node: Node, default: Export) -> Iterator[Exposure]:
    """The names that the class is exported by: here, and by the entry module as the default."""
    for exported, found in module.names.exported.items():
        is_written = isinstance(found, Expression) and unwrap(found.value) == node
        is_named = isinstance(found, Local) and found.name == default.local_name
        if is_written or is_named:
            yield Exposure(module.path, exported)
    yield Exposure((default.via or (default.location,))[0].path, "default")


# --- What must hold -------------------------------------------------------------------------


def _refusal(module: Module, node: Node, name: str | None) -> Refusal | None:
    for heritage in children_of_type(node, "class_heritage"):
        for clause in children_of_type(heritage, "extends_clause"):
            return _refuse(module, "the class extends another one", clause)
    if node.type == "abstract_class_declaration":
        return _refuse(module, "the class is abstract", node)
    for member in _members(node):
        if _name(member) == "constructor":
            return _refuse(module, "the class has a constructor", member)
        if _name(member) in _OF_ENTRYPOINTS:
            return _refuse(module, f"the class has a member {_name(member)} of its own", member)
    return _use(module, name) or _refusal_of_handlers(module, node)


def _use(module: Module, name: str | None) -> Refusal | None:
    """Where the module uses the class for anything but to export it."""
    declaration = module.scopes.top_level(name) if name else None
    for use in module.scopes.references(declaration) if declaration is not None else ():
        parent = module.scopes.parent(use)
        while parent is not None and parent.type in TRANSPARENT:
            parent = module.scopes.parent(parent)
        if parent is None or parent.type not in ("export_specifier", "export_statement"):
            return _refuse(module, "the class is used here", use)
    return None


def _refusal_of_handlers(module: Module, node: Node) -> Refusal | None:
    for member in _members(node):
        if _name(member) not in ENTRYPOINT_HANDLERS:
            continue
        function = _function(member)
        reason = problem(module.scopes, function) if function is not None else _UNWRITTEN
        if reason:
            return _refuse(module, f"{_name(member)} {reason}", member)
    return None


def _refuse(module: Module, reason: str, node: Node) -> Refusal:
    return Refusal(reason, module.source.location(node))


# --- The parts of a class -------------------------------------------------------------------


def _members(node: Node) -> Iterator[Node]:
    """The members of instances."""
    body = node.child_by_field_name("body")
    for member in children_of_type(body, *_MEMBERS) if body is not None else ():
        if not any(child.type == "static" for child in member.children):
            yield member


def _name(member: Node) -> str | None:
    name = member.child_by_field_name("name")
    if name is None or name.type == "private_property_identifier":
        return None
    return property_name(name)


def _function(member: Node) -> Node | None:
    """The function that a member is or holds."""
    if member.type == "method_definition":
        return member
    value = member.child_by_field_name("value")
    return value if value is not None and value.type in FUNCTIONS else None


# --- The edits ------------------------------------------------------------------------------


class _Extension:
    """The edits of one class and its module."""

    def __init__(self, modules: Modules, module: Module, node: Node) -> None:
        self._modules = modules
        self._module = module
        self._node = node
        self._layout = layout_of(module.source)
        self._rewrite = Rewrite(module.source)

    def edits(self) -> tuple[Edit, ...]:
        handlers = [
            (member, function)
            for member in _members(self._node)
            if _name(member) in ENTRYPOINT_HANDLERS
            if (function := _function(member)) is not None
        ]
        self._extend([function for _, function in handlers])
        path = self._module.path
        overrides = is_typescript(path) and self._modules.requires_override(path)
        from_this = FromThis(self._module.source, self._module.scopes, self._layout, self._rewrite)
        for member, function in handlers:
            if overrides:
                self._override(member)
            from_this.change(member, function)
        return self._rewrite.edits()

    def _extend(self, handlers: list[Node]) -> None:
        base = base_class(self._rewrite, self._module.source, self._layout)
        site = Site(self._module.names)
        told = (environment_of(FunctionValue(site, item), self._module) for item in handlers)
        environment = next(filter(None, told), None)
        typed = environment is not None and is_typescript(self._module.path)
        keyword = next(child for child in self._node.children if child.type == "class")
        before = (
            self._node.child_by_field_name("type_parameters")
            or self._node.child_by_field_name("name")
            or keyword
        )
        arguments = f"<{environment}>" if typed else ""
        self._rewrite.insert(before.end_byte, f" extends {base}{arguments}")

    def _override(self, member: Node) -> None:
        if any(child.type == "override_modifier" for child in member.children):
            return
        following = (child for child in member.children if child.type not in _BEFORE_OVERRIDE)
        self._rewrite.insert(next(following).start_byte, "override ")
