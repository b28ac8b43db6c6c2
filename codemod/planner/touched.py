"""Which Workers a change to some files concerns."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from codemod.model import BindingKind, Project, Worker
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.settings import Change


def concerned(project: Project, change: Change) -> frozenset[str]:
    """The names, as findings give them, of the Workers that a change concerns."""
    near = {*concerned_by(project, change.paths), *change.concerned_before}
    return frozenset(
        name
        for worker in project.workers
        if worker.config_path in near
        for name in (worker.config_path, *_names(worker))
    )


def concerned_by(project: Project, changed: Collection[str]) -> tuple[str, ...]:
    """The configuration files of the Workers that a change of these files concerns, in order.

    These are the Workers that it touches, those that bind to one of them, by what their bindings
    lead to or by the name alone, and those that one of them binds to: what a call needs stands at
    both of its ends.
    """
    touched = {worker.config_path: worker for worker in _touched(project, frozenset(changed))}
    names = {name for worker in touched.values() for name in _names(worker)}
    near = set(touched)
    for kind in BindingKind:
        for worker, _, binding in project.bindings(kind):
            resolved = project.resolve(binding.target)
            ends = {worker.config_path} | ({resolved[0].config_path} if resolved else set())
            if binding.service in names or not ends.isdisjoint(touched):
                near |= ends
    return tuple(sorted(near))


def _names(worker: Worker) -> Iterator[str]:
    for name in (worker.name, *(each.name for each in worker.deployments)):
        if name:
            yield name


def _touched(project: Project, changed: frozenset[str]) -> Iterator[Worker]:
    """The Workers of whose code, configuration, or what governs these, something changed.

    A file that is nobody's module or configuration (a ``package.json``, one that is gone) counts
    for the Workers of its folder, and one that was read also for those that have a configuration
    or a module below it, or whose specifiers it maps from elsewhere: a manifest and a
    ``tsconfig.json`` say what a specifier leads to.
    """
    own = {
        worker.config_path: {worker.config_path, *worker.usages.modules}
        for worker in project.workers
    }
    others = [PurePosixPath(path) for path in changed.difference(*own.values())]
    read = [path for path in others if str(path) in project.read]
    governing = {path.parent for path in read}
    modules = Modules(Files(project.root, project.overlay))
    for worker in project.workers:
        files = own[worker.config_path]
        folder = PurePosixPath(worker.config_path).parent
        if (
            not changed.isdisjoint(files)
            or any(path.is_relative_to(folder) for path in others)
            or not governing.isdisjoint(_folders(files))
            or (read and _is_mapped_by(modules, worker, frozenset(map(str, read))))
        ):
            yield worker


def _is_mapped_by(modules: Modules, worker: Worker, paths: frozenset[str]) -> bool:
    """Whether one of ``paths`` says how specifiers in the Worker's modules are mapped."""
    own = modules.governed_by(worker.tsconfig)
    in_folders = {posixpath.dirname(path): path for path in worker.usages.modules}
    return any(not paths.isdisjoint(own.mapping_files(path)) for path in in_folders.values())


def _folders(paths: Collection[str]) -> set[PurePosixPath]:
    """The folders that the files lie in, at any depth."""
    found: set[PurePosixPath] = set()
    for path in paths:
        for folder in PurePosixPath(path).parents:
            if folder in found:
                break
            found.add(folder)
    return found
