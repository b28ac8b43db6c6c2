"""Who else in the repository rests on what the entry module exports."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.model import Project, Unknown
from codemod.planner.refusal import Refusal
from codemod.planner.split.target import Target
from codemod.scanner import names as module_names
from codemod.scanner.discover import Walk
from codemod.scanner.ignored import Ignored
from codemod.scanner.modules import Modules
from codemod.scanner.names import Forwarded, Names
from codemod.syntax.typescript import SUFFIXES


def refusals(modules: Modules, project: Project, target: Target) -> Iterator[Refusal]:
    """Other Workers with the same entry, and modules that import a class from it."""
    for worker in project.workers:
        if worker.main == target.entry.path and worker.config_path != target.worker.config_path:
            reason = f"{target.entry.path} is the entry of {worker.config_path} as well"
            yield Refusal(reason, target.place)
    needles = [name.encode() for name in target.classes]
    walk = Walk(modules.files, Ignored(modules.files))
    for path in walk.files(lambda path: path.endswith(SUFFIXES)):
        source = modules.source(path)
        if isinstance(source, Unknown) or path == target.entry.path:
            continue
        if any(needle in source.content for needle in needles):
            for name, node in _taken(modules, target, module_names.read(source)):
                reason = f"{path} imports {name} from the entry module"
                yield Refusal(reason, source.location(node))


def _taken(modules: Modules, target: Target, names: Names) -> Iterator[tuple[str, Node]]:
    """The classes that a module has from the entry, each with what brings it in."""
    wanted = {*target.classes, "*"}
    for imported in names.imported.values():
        if imported.imported in wanted and _is_entry(modules, target, names, imported.specifier):
            yield _word(imported.imported), imported.node
    for exported in names.exported.values():
        if (
            isinstance(exported, Forwarded)
            and exported.imported in wanted
            and _is_entry(modules, target, names, exported.specifier)
        ):
            yield _word(exported.imported), exported.statement
    for star in names.stars:
        if _is_entry(modules, target, names, star.specifier):
            yield _word("*"), star.statement


def _is_entry(modules: Modules, target: Target, names: Names, specifier: str) -> bool:
    return modules.resolve(specifier, names.source.path, target.alias) == target.entry.path


def _word(name: str) -> str:
    return "everything" if name == "*" else name
