"""Who else in the repository rests on what the entry module exports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Project, Unknown
from codemod.planner.refusal import Refusal
from codemod.planner.split.alone import TYPED
from codemod.planner.split.target import Target
from codemod.scanner.discover import MODULES, Walk
from codemod.scanner.exporting import names as module_names
from codemod.scanner.exporting.names import Forwarded, Names
from codemod.scanner.ignored import Ignored
from codemod.scanner.modules import Modules

_EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Importers:
    """What other modules have from the entry: classes as values, and as types alone."""

    values: tuple[Refusal, ...]
    types: frozenset[str]


def refusals(project: Project, target: Target, found: Importers) -> Iterator[Refusal]:
    """Other Workers with the same entry, and modules that import a class from it."""
    for worker in project.workers:
        if worker.main == target.entry.path and worker.config_path != target.worker.config_path:
            reason = f"{target.entry.path} is the entry of {worker.config_path} as well"
            yield Refusal(reason, target.place)
    yield from found.values
    if found.types and not target.entry.path.endswith(TYPED):
        reason = f"another module imports the type {min(found.types)} from it, a JavaScript module"
        yield Refusal(reason, target.entry.location(target.entry.root))


def find(modules: Modules, target: Target) -> Importers:
    """Reads the modules of the repository that mention a class of ``target``."""
    needles = [name.encode() for name in target.classes]
    walk = Walk(modules.files, Ignored(modules.files))
    values: list[Refusal] = []
    types: set[str] = set()
    for path in walk.files(MODULES):
        source = modules.source(path)
        if isinstance(source, Unknown) or path == target.entry.path:
            continue
        if any(needle in source.content for needle in needles):
            for name, node, type_only in _taken(modules, target, module_names.read(source)):
                if type_only:
                    types.add(name)
                else:
                    reason = f"{path} imports {name} from the entry module"
                    values.append(Refusal(reason, source.location(node)))
    return Importers(tuple(values), frozenset(types))


def _taken(modules: Modules, target: Target, names: Names) -> Iterator[tuple[str, Node, bool]]:
    """The classes that a module has from the entry: what brings them in, and whether as types."""
    for imported in names.imported.values():
        if _is_entry(modules, target, names, imported.specifier):
            if imported.imported in target.classes:
                yield imported.imported, imported.node, imported.type_only
            elif imported.imported == "*" and not imported.type_only:
                yield _EVERYTHING, imported.node, False
    for exported in names.exported.values():
        if (
            isinstance(exported, Forwarded)
            and exported.imported in {*target.classes, "*"}
            and _is_entry(modules, target, names, exported.specifier)
        ):
            yield exported.imported.replace("*", _EVERYTHING), exported.statement, False
    for star in names.stars:
        if _is_entry(modules, target, names, star.specifier):
            yield _EVERYTHING, star.statement, False


def _is_entry(modules: Modules, target: Target, names: Names, specifier: str) -> bool:
    return modules.resolve(specifier, names.source.path, target.alias) == target.entry.path
