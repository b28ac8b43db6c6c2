"""Which Workers a change to some files concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from codemod.model import BindingKind, Project, Worker


def concerned(project: Project, changed: Collection[str]) -> frozenset[str]:
    """The names, as findings give them, of the Workers that a change of these files concerns.

    These are the Workers that it touches, those that bind to one of them, and those that one of
    them binds to: what a call needs stands at both of its ends.
    """
    touched = {worker.config_path for worker in _touched(project, frozenset(changed))}
    near = set(touched)
    for kind in BindingKind:
        for worker, _, binding in project.bindings(kind):
            resolved = project.resolve(binding.target)
            ends = {worker.config_path} | ({resolved[0].config_path} if resolved else set())
            if not ends.isdisjoint(touched):
                near |= ends
    return frozenset(
        name
        for worker in project.workers
        if worker.config_path in near
        for name in (worker.name, worker.config_path, *(each.name for each in worker.deployments))
        if name
    )


def _touched(project: Project, changed: frozenset[str]) -> Iterator[Worker]:
    """The Workers of whose code, configuration, or what governs these, something changed.

    A file that is nobody's module or configuration (a ``package.json``, one that is gone) counts
    for the Workers of its folder, and one that was read also for those of the folders below.
    """
    own = {
        worker.config_path: {worker.config_path, *worker.usages.modules}
        for worker in project.workers
    }
    others = [PurePosixPath(path) for path in changed.difference(*own.values())]
    for worker in project.workers:
        folder = PurePosixPath(worker.config_path).parent
        if not changed.isdisjoint(own[worker.config_path]) or any(
            path.is_relative_to(folder)
            or (str(path) in project.read and folder.is_relative_to(path.parent))
            for path in others
        ):
            yield worker
