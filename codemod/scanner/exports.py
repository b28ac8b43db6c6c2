"""What a Worker's entry module exports at run time, and what the runtime makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tree_sitter import Node

from codemod.model import (
    Export,
    ExportForm,
    ExportKind,
    Exports,
    Handler,
    Returns,
    Unknown,
)
from codemod.scanner.exporting.evaluation import (
    Evaluator,
    ForeignValue,
    InstanceValue,
    Site,
    Value,
    is_app,
)
from codemod.scanner.exporting.kinds import Kind, kind_of
from codemod.scanner.exporting.linking import Definition, Found, Linker, Namespace, TypeOnly
from codemod.scanner.exporting.members import (
    Members,
    handler_of,
    members_of,
    unseen_handler,
)
from codemod.scanner.exporting.names import Names
from codemod.scanner.handlers import HANDLERS
from codemod.scanner.modules import Modules
from codemod.scanner.resolving import platform
from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS
from codemod.syntax.typescript import string_value, text, unwrap

_FORM_OF_VALUE = {
    "object": ExportForm.OBJECT_LITERAL,
    "member_expression": ExportForm.MEMBER,
    "subscript_expression": ExportForm.MEMBER,
    "call_expression": ExportForm.WRAPPED,
    "new_expression": ExportForm.INSTANCE,
}
_LISTENERS = frozenset({"addEventListener", "globalThis.addEventListener", "self.addEventListener"})


@dataclass(frozen=True, slots=True)
class ClassHints:
    """The classes that configuration names as Durable Objects (bound or migrated) or Workflows."""

    durable_objects: frozenset[str] = frozenset()
    workflows: frozenset[str] = frozenset()


def collect(
    modules: Modules, entry: str, hints: ClassHints, alias: Mapping[str, str] | None = None
) -> Exports | Unknown:
    """The exports of the module at ``entry``, followed to wherever they are declared.

    ``Unknown`` where that module cannot be read at all. ``alias`` is as in ``Modules.resolve``.
    """
    linker = Linker(modules, alias)
    names = linker.names(entry)
    if isinstance(names, Unknown):
        return names
    evaluator = Evaluator(linker)
    exported = linker.exported_names(names)
    found = {
        name: _export(evaluator, name, target, hints)
        for name in exported.names
        if not isinstance(target := linker.exported(names, name), TypeOnly)
    }
    default = found.pop("default", None)
    if default is None and names.may_hide_default:
        hidden = linker.exported(names, "default")
        default = (
            None if isinstance(hidden, TypeOnly) else _export(evaluator, "default", hidden, hints)
        )
    default = default or _service_worker(evaluator, names)
    return Exports(default, tuple(found.values()), exported.open)


def _export(evaluator: Evaluator, name: str, target: Found, hints: ClassHints) -> Export:
    value = evaluator.value_of(target)
    kind = _hinted(kind_of(evaluator, value), name, hints)
    if isinstance(target, Namespace) and name != "default":
        kind = Kind(ExportKind.VALUE, "the namespace of a module")
    members = members_of(evaluator, value) if kind.kind is not ExportKind.VALUE else Members()
    return Export(
        name,
        kind.kind,
        _form(target, value, kind.kind),
        kind.because,
        target.location,
        target.via,
        _local_name(target),
        members.handlers,
        members.methods,
        members.open,
    )


def _hinted(found: Kind, name: str, hints: ClassHints) -> Kind:
    """What configuration says of a class that its code leaves undecided."""
    if found.kind not in (ExportKind.CLASS, ExportKind.UNKNOWN):
        return found
    if name in hints.durable_objects:
        return Kind(ExportKind.DURABLE_OBJECT, "the configuration names it as a Durable Object")
    if name in hints.workflows:
        return Kind(ExportKind.WORKFLOW, "the configuration names it as a Workflow")
    return found


# --- Forms ----------------------------------------------------------------------------------


def _form(target: Found, value: Value, kind: ExportKind) -> ExportForm:
    if not isinstance(target, Definition):
        is_class = isinstance(value, ForeignValue) and value.key in platform.CLASSES
        return ExportForm.CLASS if is_class else ExportForm.OTHER
    if target.is_commonjs:
        return ExportForm.COMMONJS
    if target.declared is not None and target.declared.part is not None:
        return ExportForm.DESTRUCTURED
    if is_app(value):
        return ExportForm.APP
    node = _written(target)
    if node.type in CLASSES:
        return ExportForm.CLASS
    if node.type in FUNCTIONS:
        return ExportForm.FUNCTION
    maker = value.of if isinstance(value, InstanceValue) else None
    if isinstance(maker, ForeignValue) and maker.key in platform.WRAPPING_CLASSES:
        return ExportForm.WRAPPED
    return _FORM_OF_VALUE.get(node.type, ExportForm.OTHER)


def _written(target: Definition) -> Node:
    """The class, function or expression that a definition gives its value by."""
    node = target.expression or target.node
    if node.type == "variable_declarator":
        node = node.child_by_field_name("value") or node
    node = unwrap(node)
    while node.type == "await_expression" and node.named_children:
        node = unwrap(node.named_children[-1])
    return node


def _local_name(target: Found) -> str | None:
    if isinstance(target, Definition) and target.declared is not None:
        return target.declared.name
    return None


# --- Service workers ------------------------------------------------------------------------


def _service_worker(evaluator: Evaluator, names: Names) -> Export | None:
    """The Worker that a module without default export makes of itself by its listeners."""
    handlers = {handler.name: handler for handler in _listeners(evaluator, names)}
    if not handlers:
        return None
    first = next(iter(handlers.values()))
    because = "it listens with addEventListener and has no default export"
    form = ExportForm.SERVICE_WORKER
    found = tuple(handlers.values())
    return Export("default", ExportKind.OBJECT, form, because, first.location, handlers=found)


def _listeners(evaluator: Evaluator, names: Names) -> Iterator[Handler]:
    for statement in typescript.statements(names.source.root):
        call = next(iter(statement.named_children), statement)
        function = call.child_by_field_name("function")
        arguments = call.child_by_field_name("arguments")
        if statement.type != "expression_statement" or function is None or arguments is None:
            continue
        given = [node for node in arguments.named_children if node.type != "comment"]
        event = string_value(given[0]) if given else None
        if text(function) not in _LISTENERS or event not in HANDLERS:
            continue
        location = names.source.location(statement)
        handler = None
        if len(given) > 1:
            handler = handler_of(evaluator, Site(names), event, given[1], location)
        # What a listener answers with goes to respondWith, not to its caller.
        handler = handler or unseen_handler(event, location)
        yield replace(handler, returns=Returns.UNKNOWN, dead_ends=())
