"""The Worker to split: the classes that move out of it, and how its entry module has them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from itertools import chain

from tree_sitter import Node

from codemod.errors import SourceError
from codemod.model import (
    Export,
    ExportForm,
    ExportKind,
    Exports,
    Location,
    Span,
    Unknown,
    Worker,
)
from codemod.planner.refusal import Refusal
from codemod.planner.split.alone import Alone, stand_alone
from codemod.planner.split.written import as_imported, relative
from codemod.scanner import exports as module_exports
from codemod.scanner import wrangler
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.exporting.names import Forwarded, Local, Names
from codemod.scanner.exports import ClassHints
from codemod.scanner.files import Files, UnreadableFile
from codemod.scanner.modules import Modules, specifiers
from codemod.syntax import documents, typescript
from codemod.syntax.tree import Document, Mapping
from codemod.syntax.typescript import Source, span

ANSWER = "This Worker only hosts Durable Objects"
"""What a Worker that was split off answers to requests, with status 404."""

_STAYING = {
    ExportKind.WORKER_ENTRYPOINT: "a WorkerEntrypoint class",
    ExportKind.WORKFLOW: "a Workflow class",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A class that moves, and the statement of the entry module that exports it.

    The entry has it as ``imported`` from ``specifier``; ``local`` is its name in between where
    the entry imports it first. ``whole`` says that the statement passes a module on with ``*``.
    ``alone`` is set where the entry declares the class: it gets a module of its own, which
    ``specifier`` means.
    """

    export: Export
    specifier: str
    imported: str
    statement: Node
    local: str | None = None
    whole: bool = False
    alone: Alone | None = None

    @property
    def name(self) -> str:
        return self.export.name


@dataclass(frozen=True, slots=True)
class Target:
    """A Worker with its entry module and its configuration. ``alias`` is as in ``Modules``."""

    worker: Worker
    entry: Source
    names: Names
    document: Document
    alias: MappingType[str, str]
    moved: tuple[Moved, ...]

    @property
    def root(self) -> Mapping:
        """The outermost table of the configuration."""
        root = self.document.root
        assert isinstance(root, Mapping), "the scan reads no other configurations"
        return root

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(item.name for item in self.moved)

    @property
    def effects(self) -> list[str]:
        """The specifiers that the entry imports for what the modules do when they are loaded."""
        return [
            specifier.value
            for specifier in specifiers(self.entry)
            if not specifier.type_only
            and (statement := specifier.node.parent) is not None
            and statement.type == "import_statement"
            and not list(typescript.children_of_type(statement, "import_clause"))
        ]

    def location(self, where: Span) -> Location:
        """A span of the configuration as a place."""
        return self.document.location(self.worker.config_path, where)

    @property
    def place(self) -> Location:
        """The whole configuration."""
        return self.location(Span(0, len(self.document.source)))


def read(files: Files, modules: Modules, worker: Worker) -> Target | Refusal:
    """The Worker as far as it can be split, or why its classes cannot leave its entry module."""
    exports = worker.exports
    if isinstance(exports, Unknown):
        return Refusal(f"its exports cannot be known: {exports.reason}", exports.location)
    refusal = next(chain(_of_worker(worker, exports), _of_exports(exports)), None)
    if refusal:
        return refusal
    try:
        document = documents.parse(worker.config_path, files.read(worker.config_path))
    except (SourceError, UnreadableFile) as error:
        return Refusal(f"{worker.config_path} cannot be read: {error}", None)
    configuration = wrangler.read(worker.config_path, document)
    alias = configuration.alias if configuration else {}
    names = Linker(modules, alias).names(worker.main or "")
    if isinstance(names, Unknown):
        return Refusal(names.reason, names.location)
    if ANSWER.encode() in names.source.content:
        return Refusal(
            "it hosts nothing but classes already", names.source.location(names.source.root)
        )
    classes = [item for item in exports.named if item.kind is ExportKind.DURABLE_OBJECT]
    refusal = _unsure(modules, worker, classes, alias)
    if refusal:
        return refusal
    moved = [_moved(files, names, item) for item in classes]
    refusal = next((item for item in moved if isinstance(item, Refusal)), None)
    if refusal:
        return refusal
    found = tuple(item for item in moved if isinstance(item, Moved))
    refusal = next(_starred_refusals(names, exports, found), None)
    return refusal or Target(worker, names.source, names, document, alias, found)


def _of_worker(worker: Worker, exports: Exports) -> Iterator[Refusal]:
    if worker.generated:
        reason = "a build step writes its configuration: split what that is made from"
        yield Refusal(f"{worker.config_path}: {reason}", None)
    if worker.shadowed_by:
        reason = f"wrangler reads {worker.shadowed_by} instead of it"
        yield Refusal(f"{worker.config_path}: {reason}", None)
    for unknown in exports.open:
        reason = f"it may export more names than can be known: {unknown.reason}"
        yield Refusal(reason, unknown.location)


def _of_exports(exports: Exports) -> Iterator[Refusal]:
    classes = [item for item in exports.named if item.kind is ExportKind.DURABLE_OBJECT]
    default = exports.default
    if default is None:
        yield Refusal("it has no default export: it hosts nothing but classes already", None)
    elif default.form is ExportForm.COMMONJS:
        yield Refusal("it exports the CommonJS way", default.location)
    elif default.kind is ExportKind.DURABLE_OBJECT:
        yield Refusal("its default export is itself a Durable Object class", default.location)
    if not classes:
        yield Refusal("it exports no Durable Object class", default.location if default else None)
    for export in exports.named:
        if export.kind in _STAYING:
            reason = f"it would still export {export.name}, {_STAYING[export.kind]}"
            yield Refusal(reason, export.location)
        elif export.kind is ExportKind.UNKNOWN:
            reason = f"it would still export {export.name}, which may be a class: {export.because}"
            yield Refusal(reason, export.location)


def _unsure(
    modules: Modules, worker: Worker, classes: list[Export], alias: MappingType[str, str]
) -> Refusal | None:
    """The class that nothing but the configuration says to be one, if it is made by a call."""
    seen = module_exports.collect(modules, worker.main or "", ClassHints(), alias)
    for export in classes:
        own = seen.get(export.name) if isinstance(seen, Exports) else None
        is_known = own is not None and own.kind is not ExportKind.UNKNOWN
        if export.form is ExportForm.DESTRUCTURED or (
            export.form is not ExportForm.CLASS and not is_known
        ):
            reason = f"what {export.name} is cannot be seen, it is {export.form.value}"
            return Refusal(f"{reason}: only the configuration calls it a class", export.location)
    return None


def _moved(files: Files, names: Names, export: Export) -> Moved | Refusal:
    exported = names.exported.get(export.name)
    found: Moved | None = None
    if isinstance(exported, Forwarded) and exported.imported != "*":
        found = Moved(export, exported.specifier, exported.imported, exported.statement)
    elif isinstance(exported, Local) and exported.statement is not None:
        found = _imported(names, export, exported)
    elif exported is None:
        found = _starred(names, export)
    if found is None:
        return _declared(files, names, export)
    if typescript.is_damaged(found.statement) or not _is_top_level(found.statement):
        reason = f"the export of {export.name} stands where {names.source.path} does not parse"
        return Refusal(reason, names.source.location(found.statement))
    return found


def _imported(names: Names, export: Export, exported: Local) -> Moved | None:
    imported = names.imported.get(exported.name)
    if not imported or not exported.statement or exported.name in names.declared:
        return None
    if imported.imported == "*":
        return None
    return Moved(
        export, imported.specifier, imported.imported, exported.statement, local=exported.name
    )


def _declared(files: Files, names: Names, export: Export) -> Moved | Refusal:
    alone = stand_alone(files, names, export)
    if isinstance(alone, Refusal):
        return alone
    source = names.source
    specifier = relative(as_imported(source, alone.path), posixpath.dirname(source.path))
    return Moved(export, specifier, export.name, alone.statement, alone=alone)


def _starred(names: Names, export: Export) -> Moved | None:
    for star in names.stars:
        if export.via and span(star.statement) == export.via[0].span:
            return Moved(export, star.specifier, export.name, star.statement, whole=True)
    return None


def _is_top_level(statement: Node) -> bool:
    return statement.parent is not None and statement.parent.type == "program"


def _starred_refusals(
    names: Names, exports: Exports, moved: tuple[Moved, ...]
) -> Iterator[Refusal]:
    """Statements ``export * from`` that pass on more than classes which move."""
    classes = {item.name for item in moved}
    for item in moved:
        place = names.source.location(item.statement)
        others = [
            export.name
            for export in exports.named
            if export.via and export.via[0] == place and export.name not in classes
        ]
        if item.whole and others:
            reason = f"one statement exports {item.name} and {others[0]}: name what it exports"
            yield Refusal(reason, place)
