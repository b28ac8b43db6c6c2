"""An app or an instance as the default export: a class beside it that calls its handlers."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.model import Edit, Export, ExportForm, Project, Span, Unknown, Worker
from codemod.planner.layout import Layout
from codemod.planner.refusal import Refusal
from codemod.planner.rewrite import Rewrite
from codemod.planner.rpc.annotations import (
    EVENTS,
    cast_types,
    casts_of,
    environment_of,
    is_typescript,
)
from codemod.planner.rpc.base_class import base_class
from codemod.planner.rpc.delegate import Delegate
from codemod.planner.rpc.roles import remote_calls
from codemod.planner.rpc.stubs import Fetch, Stub, render
from codemod.planner.rpc.subject import Instance
from codemod.scanner.exporting.evaluation import FunctionValue, Site
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.handlers import ENTRYPOINT_HANDLERS
from codemod.scanner.modules import Modules
from codemod.syntax import typescript
from codemod.syntax.changes import is_assigned
from codemod.syntax.text import indentation
from codemod.syntax.typescript import children_of_type, span, text, unwrap

_HONO = frozenset({"Hono", "OpenAPIHono"})


def delegates(
    modules: Modules, project: Project, worker: Worker, instance: Instance, default: Export
) -> tuple[Delegate, ...] | Refusal:
    """The methods that call the object's handlers; refused where these are not all known."""
    if default.form is ExportForm.APP:
        arities = {"fetch": 3}
    elif default.open_members:
        reason = f"its handlers cannot be known: {default.open_members.reason}"
        return Refusal(reason, default.open_members.location or instance.location)
    else:
        arities = {
            handler.name: 3 if handler.is_async is None else min(len(handler.parameters), 3)
            for handler in default.handlers
        }
    unknown = next((name for name in arities if name not in ENTRYPOINT_HANDLERS), None)
    if unknown or not arities:
        reason = (
            f"{unknown} is no handler of a WorkerEntrypoint" if unknown else "it has no handler"
        )
        return Refusal(reason, instance.location)
    called = next(iter(remote_calls(project, worker).arguments), None)
    if called:
        return Refusal(f"{instance.name}.{called} is called over RPC", instance.location)
    assigned = next(_assignments(instance), None)
    if assigned is not None:
        location = instance.module.source.location(assigned)
        return Refusal(f"{instance.name} is assigned again", location)
    has_types = is_typescript(instance.module.path)
    overrides = has_types and modules.requires_override(instance.module.path)
    return tuple(
        Delegate(
            handler=name,
            function=f"{instance.name}.{name}",
            arity=arity,
            event_type=EVENTS[name][1] if has_types else None,
            overrides=overrides,
        )
        for name, arity in arities.items()
    )


def environment_of_instance(modules: Modules, instance: Instance, default: Export) -> str | None:
    """The environment's type: from a cast, Hono's ``Bindings``, or the handlers' parameters."""
    if not is_typescript(instance.module.path):
        return None
    casts = list(casts_of(instance.value)) if instance.value is not None else []
    declaration = instance.module.scopes.top_level(instance.name)
    value = declaration.owner.child_by_field_name("value") if declaration is not None else None
    told = (
        cast_types(casts).environment,
        _bindings(instance, value) if value is not None else None,
        *(environment_of(function, instance.module) for function in _handlers(modules, default)),
    )
    return next(filter(None, told), None)


def rewrite_instance(
    instance: Instance,
    methods: tuple[Delegate, ...],
    environment: str | None,
    name: str,
    layout: Layout,
    added: tuple[Stub, ...],
) -> tuple[Edit, ...]:
    """The edits that export a class in the instance's place, with the methods ``added``."""
    source, statement = instance.module.source, instance.statement
    rewrite = Rewrite(source)
    base = base_class(rewrite, source, layout)
    outer = indentation(source.content, statement.start_byte)
    inner = outer + layout.indent
    written = [inner + method.written(layout, inner, layout.indent) for method in methods]
    handler = next((method for method in methods if method.handler == "fetch"), None)
    if added and handler is not None:
        fetch = Fetch(handler.arity > 0, handler.event_type)
        typed = is_typescript(source.path)
        written.append(render(added, fetch, layout, outer, layout.indent, typed=typed))
    argument = f"<{environment}>" if environment else ""
    head = f"class {name} extends {base}{argument} {{{layout.line_break}"
    blank_line = layout.line_break * 2
    text_of_class = f"{head}{blank_line.join(written)}{layout.line_break}{outer}}}"
    if instance.value is not None:
        rewrite.insert(instance.value.start_byte, text_of_class)
        rewrite.remove(Span(instance.value.start_byte, statement.end_byte), statement)
        return rewrite.edits()
    rewrite.insert(statement.start_byte, f"{text_of_class}{blank_line}{outer}")
    for specifier in _specifiers(instance):
        local = specifier.child_by_field_name("name") or specifier
        rewrite.replace(span(local), name)
    return rewrite.edits()


def _specifiers(instance: Instance) -> Iterator[Node]:
    """The specifiers that export the instance by default."""
    wanted = instance.exposures[-1].name
    for clause in children_of_type(instance.statement, "export_clause"):
        for item in children_of_type(clause, "export_specifier"):
            alias = item.child_by_field_name("alias") or item.child_by_field_name("name")
            if alias is not None and text(alias) == wanted:
                yield item


def _assignments(instance: Instance) -> Iterator[Node]:
    scopes = instance.module.scopes
    declaration = scopes.top_level(instance.name)
    for use in scopes.references(declaration) if declaration is not None else ():
        if is_assigned(scopes, use):
            yield use


def _handlers(modules: Modules, default: Export) -> Iterator[FunctionValue]:
    """The functions of an instance's handlers, as far as they are methods of a class here."""
    linker = Linker(modules)
    for handler in default.handlers:
        names = linker.names(handler.location.path)
        if isinstance(names, Unknown):
            continue
        place = handler.location.span
        node = names.source.root.descendant_for_byte_range(place.start, place.end)
        if node is not None and node.type == "method_definition":
            yield FunctionValue(Site(names), node)


def _bindings(instance: Instance, value: Node) -> str | None:
    """``Env`` of ``new Hono<{ Bindings: Env }>()``, or of a type of this module that says so."""
    for node in typescript.walk(unwrap(value)):
        constructor = node.child_by_field_name("constructor")
        if node.type != "new_expression" or constructor is None or text(constructor) not in _HONO:
            continue
        for listed in children_of_type(node, "type_arguments"):
            given = next(iter(listed.named_children), None)
            return _member_type(_aliased(instance, given)) if given is not None else None
    return None


def _aliased(instance: Instance, type_: Node) -> Node:
    """The object type or interface that a name of this module stands for."""
    for statement in typescript.statements(instance.module.source.root):
        declared = statement.child_by_field_name("declaration") or statement
        name = declared.child_by_field_name("name")
        if name is None or text(name) != text(type_):
            continue
        return (
            declared.child_by_field_name("value") or declared.child_by_field_name("body") or type_
        )
    return type_


def _member_type(type_: Node) -> str | None:
    for signature in children_of_type(type_, "property_signature"):
        name, annotation = (signature.child_by_field_name(key) for key in ("name", "type"))
        if name is not None and annotation is not None and text(name) == "Bindings":
            return " ".join(text(annotation.named_children[-1]).split())
    return None
