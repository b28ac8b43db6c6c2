"""Files that are read again after the scan: whoever changes them meanwhile is told so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from codemod.errors import SourceError, StalePlan
from codemod.model import Project
from codemod.scanner.files import Files, UnreadableFile


@contextmanager
def rereading(project: Project) -> Iterator[None]:
    """Raises ``StalePlan`` where a file of ``project`` cannot be read again as it was scanned."""
    try:
        yield
    except (UnreadableFile, SourceError) as error:
        path = _first_changed(project)
        if path is None:
            raise
        raise changed_meanwhile(path) from error


def changed_meanwhile(path: str) -> StalePlan:
    """The error for a file that is not what was scanned."""
    return StalePlan(f"{path} changed while the repository was being read: run again")


def _first_changed(project: Project) -> str | None:
    files = Files(project.root, project.overlay)
    for path, sha256 in project.read.items():
        try:
            files.read(path)
        except UnreadableFile:
            return path
        if files.hashes[path] != sha256:
            return path
        files.release()
    return None
