"""Reads one configuration of wrangler into deployments, environments expanded.

What an environment inherits and what it does not follows wrangler 4.164: its validation of
configurations and its ``config-schema.json``. A part of the wrong type is left out with a note.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

from codemod.model import (
    Deployment,
    Language,
    Lifecycle,
    LifecycleAction,
    Location,
    Note,
    Route,
    Span,
)
from codemod.scanner.configuration import bindings
from codemod.scanner.configuration.tables import Scope, Tables, Text, entries, present
from codemod.syntax.tree import Document, Mapping, Member

DEFAULT_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
"""The files that wrangler reads without being told to, the first that it finds."""

_SETTINGS = frozenset(
    {
        "account_id",
        "assets",
        "build",
        "compatibility_date",
        "compatibility_flags",
        "d1_databases",
        "durable_objects",
        "env",
        "kv_namespaces",
        "main",
        "migrations",
        "name",
        "pages_build_output_dir",
        "queues",
        "r2_buckets",
        "route",
        "routes",
        "services",
        "site",
        "triggers",
        "vars",
        "wasm_modules",
        "workers_dev",
        "workflows",
    }
)
"""A file without any of these is no configuration, but a schema or some other data."""

_PAGES_ENVIRONMENTS = ("preview", "production")
_SITE_ENTRY = "workers-site"
_RUST_BUILD = re.compile(r"\b(?:worker-build|cargo|wasm-pack)\b")
_RUST_OUTPUT = re.compile(r"(?:.*/)?build/(?:worker/)?shim\.mjs")
_MIGRATION_LISTS = (
    ("new_classes", LifecycleAction.CREATED),
    ("new_sqlite_classes", LifecycleAction.CREATED_SQLITE),
    ("deleted_classes", LifecycleAction.DELETED),
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one configuration file says, before its module is read and its bindings are joined.

    ``main`` is the module as written, or as older settings imply it; ``environment_mains`` are
    the other modules that environments name. ``builder`` is the setting which says that a build
    writes ``main``. ``pages_output`` is the folder of a Pages project that a build fills.
    ``tsconfig`` is the file, a path of the repository, that governs all of the Worker's modules.
    ``workflow_classes`` are those that the ``exports`` map declares.
    """

    path: str
    name: str | None
    language: Language
    deployments: tuple[Deployment, ...]
    main: Text | None = None
    environment_mains: MappingType[str, Text] = field(default_factory=dict)
    builder: Text | None = None
    pages_output: Text | None = None
    alias: MappingType[str, str] = field(default_factory=dict)
    tsconfig: str | None = None
    workflow_classes: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def read(path: str, document: Document) -> Configuration | None:
    """The configuration in ``document``, None where it holds no setting of wrangler."""
    root = document.root
    if not isinstance(root, Mapping) or _SETTINGS.isdisjoint(item.key for item in root.members):
        return None
    tables = Tables(path, document)
    scopes = (Scope(None, root, root), *_environments(tables, root))
    main, environment_mains = _mains(tables, scopes)
    builder = next(filter(None, (_builder(tables, scope) for scope in scopes)), None)
    whole = Span(0, len(document.source))
    return Configuration(
        path=path,
        name=_name(tables, scopes[0]),
        language=_language(tables, root, main),
        deployments=tuple(_deployment(tables, scope, whole) for scope in scopes),
        main=main,
        environment_mains=environment_mains,
        builder=builder,
        pages_output=tables.text(root, "pages_build_output_dir"),
        alias=_alias(path, tables, root),
        tsconfig=_tsconfig(path, tables, root),
        workflow_classes=tuple(_workflow_classes(tables, scopes)),
        notes=tables.notes,
    )


def is_default(path: str) -> bool:
    """Whether wrangler may read the file without being told to."""
    return posixpath.basename(path) in DEFAULT_NAMES


def _environments(tables: Tables, root: Mapping) -> Iterator[Scope]:
    table = tables.table(root, "env")
    is_pages = present(root, "pages_build_output_dir") is not None
    for member in entries(table) if table else ():
        if not isinstance(member.value, Mapping):
            tables.reject(member.value, f"env.{member.key}", "an object")
        elif is_pages and member.key not in _PAGES_ENVIRONMENTS:
            tables.note(
                member.key_span,
                f'"env.{member.key}" is ignored: a Pages project has only the environments '
                "preview and production",
            )
        else:
            yield Scope(member.key, member.value, root)


def _deployment(tables: Tables, scope: Scope, whole: Span) -> Deployment:
    date = tables.text(scope.holder("compatibility_date"), "compatibility_date")
    flags = tables.texts(scope.holder("compatibility_flags"), "compatibility_flags")
    routes = tuple(_routes(tables, scope))
    return Deployment(
        environment=scope.environment,
        name=_name(tables, scope),
        location=tables.location(whole if scope.environment is None else scope.own.span),
        bindings=tuple(bindings.of(tables, scope.own)),
        lifecycle=(*_migrations(tables, scope), *_declared_lifecycle(tables, scope)),
        variables=tuple(bindings.variables(tables, scope.own)),
        other_bindings=tuple(bindings.others(tables, scope)),
        compatibility_date=date.value if date else None,
        compatibility_flags=tuple(flag.value for flag in flags),
        routes=routes,
        has_assets=present(scope.holder("assets"), "assets") is not None,
        on_workers_dev=_is_on_workers_dev(tables, scope, routes),
    )


def _name(tables: Tables, scope: Scope) -> str | None:
    """The deployed name. The environments of a Pages project all belong to one project."""
    own = tables.text(scope.own, "name")
    if own and own.value:
        return own.value
    top = tables.text(scope.top, "name")
    if top is None or not top.value:
        return None
    is_pages = present(scope.top, "pages_build_output_dir") is not None
    return top.value if is_pages else f"{top.value}-{scope.environment}"


# --- The module -----------------------------------------------------------------------------


def _mains(tables: Tables, scopes: tuple[Scope, ...]) -> tuple[Text | None, MappingType[str, Text]]:
    """The Worker's module, and those of the environments that have another one."""
    top, *environments = scopes
    named = {
        scope.environment: main
        for scope in environments
        if scope.environment is not None and (main := _main(tables, scope))
    }
    main = _main(tables, top) or _legacy_main(tables, top.own)
    if main is None and len({text.value for text in named.values()}) == 1:
        main = next(iter(named.values()))
    others = {
        environment: text
        for environment, text in named.items()
        if main is None or text.value != main.value
    }
    for environment, text in others.items():
        tables.note(
            text.location.span,
            f'"env.{environment}" runs a module of its own, {text.value}: not analysed',
        )
    return main, others


def _main(tables: Tables, scope: Scope) -> Text | None:
    main = tables.text(scope.own, "main")
    return main if main and main.value else None


def _legacy_main(tables: Tables, root: Mapping) -> Text | None:
    """The module that a setting of wrangler 1 names or implies."""
    build = tables.table(root, "build")
    upload = tables.table(build, "upload") if build else None
    uploaded = tables.text(upload, "main") if upload else None
    if upload and uploaded:
        folder = tables.text(upload, "dir")
        path = posixpath.join(folder.value if folder else "dist", uploaded.value)
        tables.note(upload.span, '"build.upload" is of wrangler 1: its main is taken as "main"')
        return Text(path, uploaded.location)
    site = tables.table(root, "site")
    if site is None:
        return None
    entry = tables.text(site, "entry-point")
    if entry is None:
        entry = Text(_SITE_ENTRY, tables.location(site.span))
    tables.note(site.span, f'"site" without "main": wrangler takes {entry.value} as the module')
    return entry


def _builder(tables: Tables, scope: Scope) -> Text | None:
    build = tables.table(scope.own, "build")
    command = tables.text(build, "command") if build else None
    if command and command.value:
        return Text("build.command", command.location)
    if tables.is_true(scope.own, "no_bundle"):
        member = scope.own.member("no_bundle")
        return Text("no_bundle", tables.location(member.span)) if member else None
    return None


def _language(tables: Tables, root: Mapping, main: Text | None) -> Language:
    if present(root, "pages_build_output_dir") is not None:
        return Language.PAGES
    flags = tables.texts(root, "compatibility_flags")
    if any(flag.value == "python_workers" for flag in flags):
        return Language.PYTHON
    if main is None:
        has_assets = present(root, "assets") is not None
        return Language.ASSETS if has_assets else Language.UNKNOWN
    if main.value.endswith(".py"):
        return Language.PYTHON
    build = tables.table(root, "build")
    command = tables.text(build, "command") if build else None
    if (command and _RUST_BUILD.search(command.value)) or _RUST_OUTPUT.fullmatch(main.value):
        return Language.RUST
    return Language.JAVASCRIPT


def _alias(path: str, tables: Tables, root: Mapping) -> MappingType[str, str]:
    table = tables.table(root, "alias")
    if table is None:
        return {}
    texts = {member.key: tables.text(table, member.key) for member in entries(table)}
    folder = posixpath.dirname(path)
    return {name: _from_root(text.value, folder) for name, text in texts.items() if text}


def _tsconfig(path: str, tables: Tables, root: Mapping) -> str | None:
    written = tables.text(root, "tsconfig")
    folder = posixpath.dirname(path)
    return posixpath.normpath(posixpath.join(folder, written.value)) if written else None


def _from_root(specifier: str, folder: str) -> str:
    """An alias's value as ``Modules.resolve`` takes it: relative ones count from the root."""
    if not specifier.startswith(("./", "../")):
        return specifier
    path = posixpath.normpath(posixpath.join(folder, specifier))
    return path if path.startswith("../") else f"./{path}"


# --- Classes and routes ---------------------------------------------------------------------


def _migrations(tables: Tables, scope: Scope) -> Iterator[Lifecycle]:
    for table in tables.tables(scope.holder("migrations"), "migrations"):
        for key, action in _MIGRATION_LISTS:
            for name in tables.texts(table, key):
                yield Lifecycle(name.value, action, name.location)
        for item in tables.tables(table, "renamed_classes"):
            yield from _moved(tables, item, LifecycleAction.RENAMED)
        for item in tables.tables(table, "transferred_classes"):
            yield from _moved(tables, item, LifecycleAction.TRANSFERRED_IN)


def _moved(tables: Tables, item: Mapping, action: LifecycleAction) -> Iterator[Lifecycle]:
    before, after = tables.required(item, "from"), tables.required(item, "to")
    script = tables.text(item, "from_script")
    if before and after:
        yield Lifecycle(
            after.value,
            action,
            tables.location(item.span),
            previous_name=before.value,
            other_script=script.value if script else None,
        )


def _declared_exports(tables: Tables, scope: Scope, kind: str) -> Iterator[tuple[Member, Mapping]]:
    """The entries of one ``type`` of the ``exports`` map."""
    table = tables.table(scope.holder("exports"), "exports")
    for member in entries(table) if table else ():
        declared = tables.table(table, member.key) if table else None
        found = tables.text(declared, "type") if declared else None
        if declared and found and found.value == kind:
            yield member, declared


def _declared_lifecycle(tables: Tables, scope: Scope) -> Iterator[Lifecycle]:
    for member, declared in _declared_exports(tables, scope, "durable-object"):
        state, storage = tables.text(declared, "state"), tables.text(declared, "storage")
        is_sqlite = storage is not None and storage.value == "sqlite"
        place = tables.location(member.span)
        match state.value if state else "created":
            case "created":
                created = LifecycleAction.CREATED_SQLITE if is_sqlite else LifecycleAction.CREATED
                yield Lifecycle(member.key, created, place)
            case "deleted":
                yield Lifecycle(member.key, LifecycleAction.DELETED, place)
            case "renamed":
                if name := tables.required(declared, "renamed_to"):
                    yield Lifecycle(name.value, LifecycleAction.RENAMED, place, member.key)
            case "transferred":
                script = tables.required(declared, "transferred_to")
                yield _transfer(member.key, LifecycleAction.TRANSFERRED_OUT, place, script)
            case "expecting-transfer":
                script = tables.required(declared, "transfer_from")
                yield _transfer(member.key, LifecycleAction.EXPECTING_TRANSFER, place, script)
            case other:
                tables.note(declared.span, f'"state" has no meaning "{other}": ignored')


def _transfer(
    name: str, action: LifecycleAction, place: Location, script: Text | None
) -> Lifecycle:
    return Lifecycle(name, action, place, other_script=script.value if script else None)


def _workflow_classes(tables: Tables, scopes: tuple[Scope, ...]) -> Iterator[str]:
    for scope in scopes:
        for member, _ in _declared_exports(tables, scope, "workflow"):
            yield member.key


def _routes(tables: Tables, scope: Scope) -> Iterator[Route]:
    """The routes that a deploy publishes: ``routes``, and only without them ``route``."""
    holder = scope.holder("routes")
    if present(holder, "routes") is not None:
        found = tables.items(holder, "routes")
    else:
        single = present(scope.holder("route"), "route")
        found = () if single is None else (single,)
    for item in found:
        if isinstance(item, Mapping):
            pattern = tables.required(item, "pattern")
            is_domain = tables.is_true(item, "custom_domain")
        else:
            pattern, is_domain = tables.as_text(item, "route"), False
        if pattern and pattern.value:
            yield Route(pattern.value, is_domain, tables.location(item.span))


def _is_on_workers_dev(tables: Tables, scope: Scope, routes: Collection[Route]) -> bool:
    """What ``workers_dev`` says; wrangler takes it for true where there are no routes."""
    holder = scope.holder("workers_dev")
    if present(holder, "workers_dev") is None:
        return not routes
    return tables.is_true(holder, "workers_dev")
