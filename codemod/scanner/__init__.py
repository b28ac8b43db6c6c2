"""Reads a repository of Workers into a ``Project``: facts without judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from codemod.model import Project, Unreadable, Worker
from codemod.scanner import discover
from codemod.scanner.cache.memory import Memory, Recalled
from codemod.scanner.cache.reading import Lost, Reading
from codemod.scanner.files import Files
from codemod.scanner.later import Later
from codemod.scanner.parts import Code, Skeleton

__all__ = ["scan"]


def scan(
    root: Path,
    paths: Sequence[Path] = (),
    exclude: Sequence[str] = (),
    changed: Mapping[str, bytes | None] | None = None,
    processes: int = 1,
    cache: Path | None = None,
) -> Project:
    """Everything that can be known of the Workers in the folder ``root``, none of its code run.

    ``paths`` limits where configurations are looked for (files and folders, relative to ``root``
    or absolute); ``exclude`` are patterns as in a ``.gitignore``; ``changed`` are files, by their
    POSIX paths relative to ``root``, that are read as if they held these bytes, or with None as if
    they were not there. Where there are many Workers, up to ``processes`` read their code; more
    than one asks for a main module that can be imported (see ``multiprocessing``). ``cache`` is a
    folder that keeps what was read for the next scan; the result does not depend on it. Raises
    ``UsageError`` where one of ``paths`` does not exist or lies outside ``root``. Whatever is wrong
    in a file is a note or an ``Unreadable`` of the project.
    """
    files = Files(root, changed)
    scope = discover.scope(files, paths)
    memory = Memory(cache, files.root, scope, exclude) if cache else None
    recalled = memory.recall(changed or {}) if memory else Recalled()

    def complete(memory: Memory | None, recalled: Recalled) -> Reading:
        # What reads code takes longer to load than a repository that is known takes to be checked.
        from codemod.scanner import scanning

        asked = scanning.Asked(root, paths, exclude, changed or {}, processes)
        return scanning.complete(asked, memory, recalled)

    reading = recalled.reading or complete(memory, recalled)

    def workers() -> tuple[Worker, ...]:
        try:
            return _workers(reading)
        except Lost:
            if memory:
                memory.forget()
            return _workers(complete(None, Recalled()))

    project = _project(files.root, reading, Later(reading.count, workers))
    return replace(project, overlay=changed or {}, digest=reading.digest)


def _workers(reading: Reading) -> tuple[Worker, ...]:
    codes = [shown for part in reading.codes for shown in part()]
    return tuple(_worker(item, codes[item.task]) for item in reading.skeletons())


def _project(root: Path, reading: Reading, workers: Sequence[Worker]) -> Project:
    found = reading.outline
    told = {item.path for item in found.unreadable}
    failures = (
        Unreadable(path, reason) for path, reason in reading.failures.items() if path not in told
    )
    unreadable = dict.fromkeys((*found.unreadable, *failures))
    return Project(
        root=root,
        workers=workers,
        development=found.development,
        unreadable=tuple(sorted(unreadable, key=lambda item: item.path)),
        notes=tuple(sorted(dict.fromkeys(found.notes), key=lambda note: note.path)),
        suppressions=tuple(
            item for item in reading.suppressions if item.location.path in reading.read
        ),
        read=reading.read,
        scope=found.scope,
    )


def _worker(skeleton: Skeleton, shown: Code) -> Worker:
    """What the code means for one Worker, and what of it cannot be known."""
    usages = shown.usages
    if skeleton.gaps:
        usages = replace(usages, open=(*usages.open, *skeleton.gaps))
    return Worker(
        config_path=skeleton.config_path,
        name=skeleton.name,
        language=skeleton.language,
        main=skeleton.main,
        exports=skeleton.unknown or shown.exports,
        usages=usages,
        deployments=skeleton.deployments,
        shadowed_by=skeleton.shadowed_by,
        generated=skeleton.generated,
        tsconfig=skeleton.tsconfig,
    )
