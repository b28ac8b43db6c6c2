"""The Worker that the user names."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.errors import UsageError
from codemod.model import Project, Worker
from codemod.spelling import hint


def worker_called(name: str, project: Project) -> Worker:
    """The Worker with this name, deployed name or configuration file.

    Raises ``UsageError`` where there is none, or more than one.
    """
    workers = project.in_use
    found = [worker for worker in workers if name in _names(worker)]
    if len(found) > 1:
        paths = ", ".join(worker.config_path for worker in found)
        raise UsageError(f'several Workers are called "{name}": name one by its file: {paths}')
    if not found:
        known = sorted({worker.name or worker.config_path for worker in workers})
        meant = hint(name, known, f"there are {', '.join(known)}")
        raise UsageError(f'no Worker is called "{name}"{meant}')
    return found[0]


def _names(worker: Worker) -> Iterator[str]:
    yield worker.config_path
    yield from filter(None, (worker.name, *(item.name for item in worker.deployments)))
