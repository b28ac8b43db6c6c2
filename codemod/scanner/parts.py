"""The parts that a scan has, each kept for the next one by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zlib import crc32

from codemod.model import (
    Deployment,
    DevelopmentEvidence,
    Exports,
    Language,
    Note,
    Unknown,
    Unreadable,
    Usages,
)
from codemod.scanner.tracing import Trace

_TASKS_A_RUN = 16
_LONGEST_RUN = 48


@dataclass(frozen=True, slots=True)
class Task:
    """A reading of code: all that its result depends on beside the files.

    Workers that start from the same modules and resolve specifiers alike share one. ``entry`` is
    the module whose exports count, ``alias`` and ``tsconfig`` are as in ``Modules``, ``names`` are
    those of bindings, ``namespaces`` those of Durable Objects among them. ``variables`` are the
    ``vars`` of each deployment. ``durable_objects`` and ``workflows`` are classes that
    configuration takes for such.
    """

    roots: tuple[str, ...]
    entry: str | None
    alias: tuple[tuple[str, str], ...]
    tsconfig: str | None
    names: tuple[str, ...]
    namespaces: tuple[str, ...]
    variables: tuple[tuple[tuple[str, str | None], ...], ...]
    durable_objects: tuple[str, ...]
    workflows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """What the code of one task shows."""

    exports: Exports | Unknown
    usages: Usages


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a task, and what it rests on."""

    code: Code
    trace: Trace


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A Worker but for what its code shows, which ``task`` (its place in the outline's) tells.

    ``unknown`` is why its exports cannot be known whatever the code shows, ``gaps`` why there may
    be more uses of its environment than the code shows.
    """

    config_path: str
    name: str | None
    language: Language
    main: str | None
    deployments: tuple[Deployment, ...]
    shadowed_by: str | None
    generated: bool
    task: int
    unknown: Unknown | None
    gaps: tuple[Unknown, ...]
    tsconfig: str | None


@dataclass(frozen=True, slots=True)
class Outline:
    """The Workers in the order of their configurations, and the code to be read for them.

    ``configurations`` are all files that were read as such. The rest is as in ``Project``, what
    the code has yet to add left out.
    """

    workers: tuple[Skeleton, ...]
    tasks: tuple[Task, ...]
    configurations: tuple[str, ...]
    development: tuple[DevelopmentEvidence, ...]
    unreadable: tuple[Unreadable, ...]
    notes: tuple[Note, ...]
    scope: tuple[str, ...]


def runs(tasks: Iterable[Task]) -> Iterator[tuple[Task, ...]]:
    """Tasks in the runs that are read and kept together.

    Where a run ends depends on its last task alone, so that most runs stay what they are where a
    Worker comes or goes.
    """
    run: list[Task] = []
    for task in tasks:
        run.append(task)
        if _ends_run(task) or len(run) == _LONGEST_RUN:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _ends_run(task: Task) -> bool:
    start = "\0".join(task.roots).encode("utf-8", "surrogateescape")
    return crc32(start) % _TASKS_A_RUN == 0
