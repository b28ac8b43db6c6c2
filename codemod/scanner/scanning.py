"""Reads what is not known from an earlier scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

from codemod.model import Suppression
from codemod.scanner import code, outline, suppressions
from codemod.scanner.cache.memory import KeptOutline, KeptRun, Memory, Recalled
from codemod.scanner.cache.reading import Lost, Reading
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.scanner.parts import Code, Done, Outline, Skeleton, Task, runs
from codemod.scanner.tracing import Trace, files_read


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a scan: its arguments, as ``scan`` has them."""

    root: Path
    paths: Sequence[Path]
    exclude: Sequence[str]
    changed: Mapping[str, bytes | None]
    processes: int


def complete(asked: Asked, memory: Memory | None, recalled: Recalled) -> Reading:
    """The scan that ``recalled``, which ``memory`` gave, has parts of; kept for the next one.

    Raises as ``scan`` does.
    """
    try:
        return _complete(asked, memory, recalled)
    except Lost:
        return _complete(asked, memory, Recalled())


def _complete(asked: Asked, memory: Memory | None, recalled: Recalled) -> Reading:
    files = Files(asked.root, asked.changed, suppressions.WORD)
    modules = Modules(files)
    made = _Made(None if asked.changed else memory)
    if memory and recalled.outline:
        made.take_outline(memory, recalled)
        wanted = [_of_kept(memory, run, recalled) for run in recalled.runs]
    else:
        with files.recorder.apart() as trace:
            found = outline.read(files, modules, asked.paths, asked.exclude)
        modules.release()
        made.add_outline(found, trace)
        wanted = list(_of_tasks(memory, found.tasks, recalled))
        # The Workers may be many, and are kept by now.
        del found, trace
    earlier = _Earlier(memory, recalled, [run.kept for run in wanted])
    asked_for = [[task for task in run.tasks if task not in earlier.runs] for run in wanted]
    new = code.read(list(filter(None, asked_for)), modules, asked.changed, asked.processes)
    with closing(new):
        for run, missing in zip(wanted, asked_for, strict=True):
            if memory and run.kept:
                made.take_run(memory, run.kept, is_told=recalled.outline is not None)
                continue
            fresh = dict(zip(missing, next(new), strict=True)) if missing else {}
            made.add_run(run.tasks, [fresh.get(task) or earlier.done(task) for task in run.tasks])
    return made.whole(_suppressions(files, modules, made.outline, recalled))


def _suppressions(
    files: Files, modules: Modules, found: Outline, recalled: Recalled
) -> list[Suppression]:
    new = suppressions.find(files, modules, found.configurations)
    old = [item for item in recalled.suppressions if item.location.path not in files.hashes]
    return sorted(dict.fromkeys([*old, *new]), key=lambda item: item.location)


# --- What is known --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of tasks to be read, or one that is kept and holds as it is."""

    tasks: tuple[Task, ...] = ()
    kept: KeptRun | None = None


def _of_kept(memory: Memory, run: KeptRun, recalled: Recalled) -> _Run:
    return _Run(memory.tasks(run)) if run in recalled.broken else _Run(kept=run)


def _of_tasks(memory: Memory | None, tasks: Iterable[Task], recalled: Recalled) -> Iterator[_Run]:
    holding = {
        memory.tasks(run): run for run in recalled.runs if memory and run not in recalled.broken
    }
    for run in runs(tasks):
        yield _Run(kept=holding[run]) if run in holding else _Run(run)


class _Earlier:
    """The results of single tasks that are known from other runs than those ``taken`` whole.

    ``runs`` are where they stand.
    """

    def __init__(
        self, memory: Memory | None, recalled: Recalled, taken: Iterable[KeptRun | None]
    ) -> None:
        others = dict.fromkeys(recalled.runs).keys() - set(taken)
        wrong = {run: recalled.broken.get(run, frozenset()) for run in others}
        self.runs: Mapping[Task, KeptRun] = {
            task: run for run in others if memory for task in memory.holding(run, wrong[run])
        }

        @lru_cache(maxsize=2)
        def results(run: KeptRun) -> Mapping[Task, Done]:
            return memory.done(run, wrong[run]) if memory else {}

        self._results = results

    def done(self, task: Task) -> Done:
        """The result of a task. Raises ``Lost`` where it is no more."""
        found = self._results(self.runs[task]).get(task)
        if found is None:
            raise Lost(self.runs[task].codes)
        return found


# --- What is made ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Made:
    """A scan that is put together of parts, which ``memory`` keeps as they come."""

    memory: Memory | None
    outline: Outline = field(init=False)
    _count: int = 0
    _skeletons: Callable[[], tuple[Skeleton, ...]] = tuple
    _codes: list[Callable[[], tuple[Code, ...]]] = field(default_factory=list)
    _kept_outline: KeptOutline | None = None
    _kept_runs: list[KeptRun | None] = field(default_factory=list)
    _read: dict[str, str] = field(default_factory=dict)
    _failures: dict[str, str] = field(default_factory=dict)

    def take_outline(self, memory: Memory, recalled: Recalled) -> None:
        """Takes over the outline that ``memory`` has, and what ``recalled`` tells of files."""
        assert recalled.outline
        self.outline = memory.rest(recalled.outline)
        self._count = recalled.outline.count
        self._skeletons = memory.skeletons(recalled.outline)
        self._kept_outline = recalled.outline
        self._read.update(recalled.read)
        self._failures.update(recalled.failures)

    def add_outline(self, found: Outline, trace: Trace) -> None:
        """Adds an outline that rests on ``trace``."""
        self._rest_on(trace)
        kept = self.memory.keep_outline(found, trace) if self.memory else None
        self.outline = replace(found, workers=(), tasks=())
        self._count = len(found.workers)
        self._kept_outline = kept
        if self.memory and kept:
            self._skeletons = self.memory.skeletons(kept)
        else:
            self._skeletons = partial(tuple, found.workers)

    def take_run(self, memory: Memory, run: KeptRun, *, is_told: bool) -> None:
        """Takes over a run that ``memory`` has; ``is_told`` says that its files are known."""
        self._codes.append(memory.codes(run))
        self._kept_runs.append(run)
        if not is_told:
            basis = memory.rests_on(run)
            self._read.update(files_read(basis.answers.items()))
            self._failures.update(basis.failures)

    def add_run(self, tasks: Sequence[Task], done: Sequence[Done]) -> None:
        """Adds the results of a run."""
        for item in done:
            self._rest_on(item.trace)
        kept = self.memory.keep_run(tasks, done) if self.memory else None
        self._kept_runs.append(kept)
        if self.memory and kept:
            self._codes.append(self.memory.codes(kept))
        else:
            self._codes.append(partial(tuple, [item.code for item in done]))

    def _rest_on(self, trace: Trace) -> None:
        for part in trace.every():
            self._failures.update(part.failures)
            self._read.update(files_read(part.answers.items()))

    def whole(self, found: Sequence[Suppression]) -> Reading:
        """The scan with these suppressions, kept if all parts are."""
        made = Reading(
            self.outline,
            self._count,
            self._skeletons,
            tuple(self._codes),
            tuple(found),
            dict(sorted(self._read.items())),
            self._failures,
        )
        kept = [run for run in self._kept_runs if run]
        if self.memory is None or self._kept_outline is None or len(kept) < len(self._kept_runs):
            return made
        return replace(made, digest=self.memory.keep(self._kept_outline, kept, made))
