"""What Workers export and how they use their environment, each module read once.

Several configurations may name one module. What one of them says of it (a class is bound as a
Durable Object) holds for all.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from codemod.model import (
    BindingKind,
    Exports,
    LifecycleAction,
    Unknown,
)
from codemod.scanner import exports, usages
from codemod.scanner.configuration.entry import Entry
from codemod.scanner.exports import ClassHints
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.scanner.parts import Code, Done, Task
from codemod.scanner.suppressions import WORD
from codemod.scanner.tracing import Trace, files_read
from codemod.scanner.wrangler import Configuration

_LIVE = frozenset(
    {
        LifecycleAction.CREATED,
        LifecycleAction.CREATED_SQLITE,
        LifecycleAction.RENAMED,
        LifecycleAction.TRANSFERRED_IN,
        LifecycleAction.EXPECTING_TRANSFER,
    }
)


# Starting a process costs as much as reading this many Workers.
_TASKS_A_PROCESS = 40
# Bytes of modules: their trees take some thirty times as much.
_MOST_HELD = 512 * 1024
# What Workers share would be parsed for each of them if no more than one fitted.
_TASKS_HELD = 3
# Of each, what is known of it stays.
_MOST_FILES = 4096


@dataclass(frozen=True, slots=True)
class Start:
    """One Worker's configuration and the modules that its code starts from.

    A Pages project has many of these, and no entry module.
    """

    configuration: Configuration
    entry: Entry
    roots: tuple[str, ...]


def tasks(starts: Iterable[Start]) -> Mapping[Task, tuple[Start, ...]]:
    """What there is to read, each with the Workers that it is read for."""
    starts = tuple(starts)
    hints = _hints(start.configuration for start in starts)
    by_modules: dict[object, list[Start]] = {}
    for start in starts:
        alias = tuple(sorted(start.configuration.alias.items()))
        tsconfig = start.configuration.tsconfig
        by_modules.setdefault((start.roots, alias, tsconfig), []).append(start)
    return {_task(group, hints): tuple(group) for group in by_modules.values()}


def _task(group: list[Start], hints: Mapping[str, ClassHints]) -> Task:
    first = group[0]
    deployments = [deployment for start in group for deployment in start.configuration.deployments]
    own = [hints[start.configuration.path] for start in group]
    return Task(
        first.roots,
        first.entry.module,
        tuple(sorted(first.configuration.alias.items())),
        first.configuration.tsconfig,
        _sorted(binding.name for deployment in deployments for binding in deployment.bindings),
        _sorted(
            binding.name
            for deployment in deployments
            for binding in deployment.of_kind(BindingKind.DURABLE_OBJECT)
        ),
        tuple(
            tuple((variable.name, variable.value) for variable in deployment.variables)
            for deployment in deployments
        ),
        _sorted(name for item in own for name in item.durable_objects),
        _sorted(name for item in own for name in item.workflows),
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def read(
    asked: Sequence[Sequence[Task]],
    modules: Modules,
    changed: Mapping[str, bytes | None],
    processes: int,
) -> Generator[list[Done], None, None]:
    """The results of runs of tasks, one run after the other.

    ``changed`` is what the files of ``modules`` are made with. Where there is enough to do for
    more than one of them, ``processes`` share the work.
    """
    processes = min(processes, sum(map(len, asked)) // _TASKS_A_PROCESS)
    if processes > 1:
        yield from _read_apart(asked, modules.files, changed, processes)
        return
    for run in asked:
        yield [_read_one(task, modules) for task in run]


def _read_one(task: Task, modules: Modules) -> Done:
    with modules.files.recorder.apart() as trace:
        code = _code(task, modules.governed_by(task.tsconfig))
    held = modules.files.held_bytes
    if held > _MOST_HELD and held > _TASKS_HELD * _size(trace, modules.files):
        modules.release()
    return Done(code, trace)


def _size(trace: Trace, files: Files) -> int:
    """Bytes of the files that something rests on, as far as they are held."""
    read = {path for part in trace.every() for path in files_read(part.answers.items())}
    return sum(map(files.held, read))


def _code(task: Task, modules: Modules) -> Code:
    alias = dict(task.alias)
    hints = ClassHints(frozenset(task.durable_objects), frozenset(task.workflows))
    exported: Exports | Unknown = Unknown("no module is read")
    if task.entry:
        exported = exports.collect(modules, task.entry, hints, alias)
    variables = [dict(each) for each in task.variables]
    used = usages.collect(modules, task.roots, task.names, variables, alias, task.namespaces)
    return Code(exported, used)


# --- Several processes ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """What another process has read: the results of a run, and files new to it with the word."""

    done: list[Done]
    holding: list[str]


_begun: ContextVar[Callable[[], Modules]] = ContextVar("begun")
_modules: ContextVar[Modules] = ContextVar("modules")
"""What a process of its own reads, and how it begins to."""


def _read_apart(
    asked: Sequence[Sequence[Task]],
    files: Files,
    changed: Mapping[str, bytes | None],
    processes: int,
) -> Iterator[list[Done]]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (files.root, changed)) as executor:
        for run in executor.map(_read_run, asked):
            files.holding.update(dict.fromkeys(run.holding))
            yield run.done


def _begin(root: Path, changed: Mapping[str, bytes | None]) -> None:
    # Trees come and go by the thousand and are in no cycles: looking for some costs a tenth.
    gc.disable()
    _begun.set(lambda: Modules(Files(root, changed, WORD)))
    _modules.set(_begun.get()())


def _read_run(asked: Sequence[Task]) -> _Read:
    modules = _modules.get()
    if len(modules.files.hashes) > _MOST_FILES:
        modules = _begun.get()()
        _modules.set(modules)
        gc.collect()
    before = len(modules.files.holding)
    done = [_read_one(task, modules) for task in asked]
    return _Read(done, list(islice(modules.files.holding, before, None)))


# --- Tasks ----------------------------------------------------------------------------------


def _hints(configurations: Iterable[Configuration]) -> Mapping[str, ClassHints]:
    """The classes that configurations take for Durable Objects or Workflows, by their Worker."""
    durable_objects: dict[str, set[str]] = {}
    workflows: dict[str, set[str]] = {}
    paths = []
    for configuration in configurations:
        paths.append(configuration.path)
        workflows.setdefault(configuration.path, set()).update(configuration.workflow_classes)
        for deployment in configuration.deployments:
            durable_objects.setdefault(configuration.path, set()).update(
                step.class_name for step in deployment.lifecycle if step.action in _LIVE
            )
            for binding in deployment.bindings:
                if binding.class_name is None or isinstance(binding.target, Unknown):
                    continue
                is_workflow = binding.kind is BindingKind.WORKFLOW
                classes = workflows if is_workflow else durable_objects
                classes.setdefault(binding.target.config_path, set()).add(binding.class_name)
    return {
        path: ClassHints(
            frozenset(durable_objects.get(path, ())), frozenset(workflows.get(path, ()))
        )
        for path in paths
    }
