"""The bindings of one deployment: those that lead to another Worker, and all others."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import Binding, BindingKind, OtherBinding, Unknown, Variable
from codemod.scanner.configuration.tables import Scope, Tables, entries, present
from codemod.syntax.tree import Mapping, Scalar, Sequence

NOT_JOINED = Unknown("the repository's Workers have not been joined")
"""The target of every binding until ``join`` has seen all configurations."""

_BLOBS = ("wasm_modules", "text_blobs", "data_blobs")
_IMPLIED = {
    "pages_build_output_dir": ("ASSETS",),
    "site": ("__STATIC_CONTENT", "__STATIC_CONTENT_MANIFEST"),
}
_SHAPES = {
    "logfwdr": ("bindings", "name"),
    "queues": ("producers", "binding"),
    "ratelimits": (None, "name"),
    "send_email": (None, "name"),
    "unsafe": ("bindings", "name"),
}
_INHERITED_WITH_BINDINGS = ("assets", "logfwdr")
_READ_ELSEWHERE = frozenset(
    {
        "durable_objects",
        "env",
        "exports",
        "migrations",
        "previews",
        "secrets",
        "services",
        "site",
        "vars",
        "workflows",
        *_BLOBS,
    }
)


def of(tables: Tables, own: Mapping) -> Iterator[Binding]:
    """The bindings in the deployment's own table ``own`` that lead to a Worker, not yet joined."""
    for table in tables.tables(own, "services"):
        yield from _service(tables, table)
    durable_objects = tables.table(own, "durable_objects")
    for table in tables.tables(durable_objects, "bindings") if durable_objects else ():
        yield from _class_binding(tables, table, BindingKind.DURABLE_OBJECT, "name")
    for table in tables.tables(own, "workflows"):
        yield from _class_binding(tables, table, BindingKind.WORKFLOW, "binding")
    for key in ("tail_consumers", "streaming_tail_consumers"):
        for table in tables.tables(own, key):
            yield from _tail_consumer(tables, table)


def _service(tables: Tables, table: Mapping) -> Iterator[Binding]:
    name, service = tables.required(table, "binding"), tables.required(table, "service")
    entrypoint = tables.text(table, "entrypoint")
    if name and service:
        yield Binding(
            kind=BindingKind.SERVICE,
            name=name.value,
            service=service.value,
            target=NOT_JOINED,
            location=tables.location(table.span),
            service_location=service.location,
            entrypoint=entrypoint.value if entrypoint else None,
            entrypoint_location=entrypoint.location if entrypoint else None,
            service_environment=_environment_key(tables, table),
            remote=tables.is_true(table, "remote"),
        )


def _class_binding(
    tables: Tables, table: Mapping, kind: BindingKind, name_key: str
) -> Iterator[Binding]:
    name, class_name = tables.required(table, name_key), tables.required(table, "class_name")
    script = tables.text(table, "script_name")
    if name and class_name:
        yield Binding(
            kind=kind,
            name=name.value,
            service=script.value if script else None,
            target=NOT_JOINED,
            location=tables.location(table.span),
            service_location=script.location if script else None,
            class_name=class_name.value,
            service_environment=_environment_key(tables, table),
            remote=tables.is_true(table, "remote"),
        )


def _tail_consumer(tables: Tables, table: Mapping) -> Iterator[Binding]:
    service = tables.required(table, "service")
    if service:
        yield Binding(
            kind=BindingKind.TAIL_CONSUMER,
            name=service.value,
            service=service.value,
            target=NOT_JOINED,
            location=tables.location(table.span),
            service_location=service.location,
            service_environment=_environment_key(tables, table),
        )


def _environment_key(tables: Tables, table: Mapping) -> str | None:
    environment = tables.text(table, "environment")
    return environment.value if environment and environment.value else None


def variables(tables: Tables, own: Mapping) -> Iterator[Variable]:
    """The entries of ``vars`` in the deployment's own table ``own``."""
    table = tables.table(own, "vars")
    for member in entries(table) if table else ():
        value = member.value.value if isinstance(member.value, Scalar) else None
        text = value if isinstance(value, str) else None
        yield Variable(member.key, text, tables.location(member.span))


def others(tables: Tables, scope: Scope) -> Iterator[OtherBinding]:
    """Whatever else becomes a property of ``env``, kinds that wrangler has yet to invent included.

    Nearly all of them are an object, or an array of objects, with a ``binding``.
    """
    keys = dict.fromkeys((*(member.key for member in scope.own.members), *_INHERITED_WITH_BINDINGS))
    for key in keys:
        inner, name_key = _SHAPES.get(key, (None, "binding"))
        holder = scope.holder(key) if key in _INHERITED_WITH_BINDINGS else scope.own
        value = None if key in _READ_ELSEWHERE else present(holder, key)
        if inner and isinstance(value, Mapping):
            value = present(value, inner)
        for item in value.items if isinstance(value, Sequence) else (value,):
            name = tables.text(item, name_key) if isinstance(item, Mapping) else None
            if isinstance(item, Mapping) and name:
                yield OtherBinding(key, name.value, tables.location(item.span))
    yield from _implied_bindings(tables, scope)


def _implied_bindings(tables: Tables, scope: Scope) -> Iterator[OtherBinding]:
    secrets = tables.table(scope.own, "secrets")
    for name in tables.texts(secrets, "required") if secrets else ():
        yield OtherBinding("secrets", name.value, name.location)
    for key in _BLOBS:
        table = tables.table(scope.top, key)
        for member in entries(table) if table else ():
            yield OtherBinding(key, member.key, tables.location(member.span))
    for key, implied in _IMPLIED.items():
        setting = scope.top.member(key)
        if setting and present(scope.top, key) is not None:
            for property_name in implied:
                yield OtherBinding(key, property_name, tables.location(setting.span))
