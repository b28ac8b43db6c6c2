"""What is kept of a scan, and what of it still holds at the next.

An entry names pieces: the Workers of the outline, the results of each run of tasks, and apart from
these what either rests on. That is all that a scan looks at where nothing has changed, and of what
has changed only the pieces are written anew.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from codemod.model import Suppression
from codemod.scanner.cache import bases, facts, reading
from codemod.scanner.cache.bases import Basis
from codemod.scanner.cache.identity import identity
from codemod.scanner.cache.reading import Lost, Reading
from codemod.scanner.cache.store import Store
from codemod.scanner.files import Files
from codemod.scanner.parts import Code, Done, Outline, Skeleton, Task
from codemod.scanner.tracing import READ, Trace, files_read

_T = TypeVar("_T")
_ANSWERS_A_PIECE = 4096
_DAMAGED = (msgspec.MsgspecError, LookupError, ValueError)


class KeptOutline(msgspec.Struct, array_like=True, frozen=True):
    """An outline: its Workers' number and their piece, the pieces of what it rests on.

    ``rest`` is all but its Workers and tasks.
    """

    rest: msgspec.Raw
    count: int
    skeletons: str
    bases: tuple[str, ...]


class KeptRun(msgspec.Struct, array_like=True, frozen=True):
    """A run of tasks: the pieces of its results, and of what these rest on."""

    codes: str
    basis: str


class _Entry(msgspec.Struct, array_like=True, frozen=True):
    """A scan. ``identity`` says whose it is, ``digest`` is as in ``Project``."""

    identity: str
    digest: str
    outline: KeptOutline
    runs: tuple[KeptRun, ...]
    suppressions: tuple[Suppression, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What of an earlier scan still holds: all of it (``reading``), or parts.

    ``runs`` are those of the scan in their order; in ``broken`` are those of which some tasks no
    longer hold, with the places of the answers that are others by now. Where ``outline`` holds,
    ``read`` and ``failures`` tell of the files that it and the runs that are not broken rest on.
    Nothing is said of ``suppressions`` in files that have changed.
    """

    reading: Reading | None = None
    outline: KeptOutline | None = None
    runs: tuple[KeptRun, ...] = ()
    broken: Mapping[KeptRun, frozenset[int]] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()


class Memory:
    """The memory of scans that ask for the same: one entry in the folder ``cache``."""

    def __init__(
        self, cache: Path, root: Path, scope: Sequence[str], exclude: Sequence[str]
    ) -> None:
        self._store = Store(cache)
        self._root = root
        asked = msgspec.json.encode([str(root), scope, exclude])
        self._name = hashlib.sha256(asked).hexdigest()
        self._identity = identity(asked)
        self._began = time.time_ns()

    # --- What holds -----------------------------------------------------------------------------

    def recall(self, changed: Mapping[str, bytes | None]) -> Recalled:
        """What still holds where the files ``changed`` are taken to be others."""
        content = self._store.read(self._name)
        if content is None:
            return Recalled()
        try:
            entry = msgspec.msgpack.decode(content, type=_Entry)
            if entry.identity != self._identity:
                return Recalled()
            rest = self.rest(entry.outline)
        except _DAMAGED:
            return Recalled()
        look = _Look(Files(self._root, changed))
        found = msgspec.structs.replace(
            entry,
            outline=msgspec.structs.replace(
                entry.outline,
                bases=tuple(self._looked_at(name, look, changed) for name in entry.outline.bases),
            ),
            runs=tuple(
                KeptRun(run.codes, self._looked_at(run.basis, look, changed)) for run in entry.runs
            ),
        )
        if look.wrong:
            return _holding(found, look)
        if found != entry:
            self._write(found)
        read = dict(sorted(look.read.items()))
        codes = tuple(map(self.codes, found.runs))
        return Recalled(
            Reading(
                rest,
                found.outline.count,
                self.skeletons(found.outline),
                codes,
                found.suppressions,
                read,
                look.failures,
                found.digest,
            )
        )

    def _looked_at(self, name: str, look: _Look, changed: Mapping[str, bytes | None]) -> str:
        """The piece with the basis ``name``, or the one in its place if it has been settled."""
        basis = self._basis(name)
        try:
            is_settled = look.at(name, basis)
        except _DAMAGED:
            is_settled = look.at(name, None)
        if basis is None or is_settled or changed:
            return name
        content = bases.encode(bases.settled(basis, self._root, self._began))
        return self._store.write_piece(self._name, content) or name

    def rest(self, outline: KeptOutline) -> Outline:
        """An outline without its Workers and tasks."""
        return reading.decode_outline(outline.rest)

    def skeletons(self, outline: KeptOutline) -> Callable[[], tuple[Skeleton, ...]]:
        """What gives the Workers of an outline; it raises ``Lost`` where they are no more."""
        return partial(self._decoded, outline.skeletons, reading.decode_skeletons)

    def codes(self, run: KeptRun) -> Callable[[], tuple[Code, ...]]:
        """What gives the results of a run; it raises ``Lost`` where they are no more."""
        return partial(self._decoded, run.codes, reading.decode_codes)

    def tasks(self, run: KeptRun) -> tuple[Task, ...]:
        """The tasks of a run. Raises ``Lost`` where they are no more."""
        return self._decoded(run.codes, reading.decode_tasks)

    def rests_on(self, run: KeptRun) -> Basis:
        """What a run rests on. Raises ``Lost`` where that is known no more."""
        return self._decoded(run.basis, bases.decode)

    def holding(self, run: KeptRun, wrong: frozenset[int]) -> dict[Task, Trace]:
        """The tasks of a run that rest on none of the answers ``wrong``. Raises ``Lost``."""
        basis = self._basis(run.basis)
        if basis is None:
            return {}
        found = zip(self.tasks(run), bases.traces(basis, wrong), strict=False)
        return {task: trace for task, trace in found if trace}

    def done(self, run: KeptRun, wrong: frozenset[int]) -> dict[Task, Done]:
        """The same with their results."""
        codes = dict(zip(self.tasks(run), self.codes(run)(), strict=False))
        return {
            task: Done(codes[task], trace)
            for task, trace in self.holding(run, wrong).items()
            if task in codes
        }

    def _basis(self, name: str) -> Basis | None:
        try:
            return self._decoded(name, bases.decode)
        except Lost:
            return None

    def _decoded(self, name: str, decode: Callable[[memoryview], _T]) -> _T:
        content = self._store.read(name)
        if content is None:
            raise Lost(name)
        try:
            return decode(content)
        except _DAMAGED as error:
            raise Lost(name) from error

    # --- Keeping --------------------------------------------------------------------------------

    def keep_outline(self, outline: Outline, trace: Trace) -> KeptOutline | None:
        """Keeps an outline that rests on ``trace``; None where it cannot be kept."""
        answers = facts.united(trace)
        if answers is None:
            return None
        failures = {
            path: reason for part in trace.every() for path, reason in part.failures.items()
        }
        try:
            names = [self._keep_basis([part]) for part in _batches(answers, failures)]
            skeletons = self._store.write_piece(self._name, reading.encode(outline.workers))
            rest = reading.encode(replace(outline, workers=(), tasks=()))
        except UnicodeEncodeError:
            # A name that is no text.
            return None
        kept = tuple(name for name in names if name)
        if skeletons is None or len(kept) < len(names):
            return None
        return KeptOutline(msgspec.Raw(rest), len(outline.workers), skeletons, kept)

    def keep_run(self, tasks: Sequence[Task], done: Sequence[Done]) -> KeptRun | None:
        """Keeps the results of a run of tasks; None where they cannot be kept."""
        try:
            content = reading.encode_run(tasks, [item.code for item in done])
            basis = self._keep_basis([item.trace for item in done])
        except UnicodeEncodeError:
            # A name that is no text.
            return None
        codes = self._store.write_piece(self._name, content) if basis else None
        return KeptRun(codes, basis) if codes and basis else None

    def keep(self, outline: KeptOutline, runs: Sequence[KeptRun], found: Reading) -> str | None:
        """Keeps ``found``, which is made of these parts, and gives its digest, if it can."""
        try:
            digest = _digest(outline, runs, found)
            entry = _Entry(self._identity, digest, outline, tuple(runs), found.suppressions)
            self._write(entry)
        except UnicodeEncodeError:
            # A name that is no text.
            return None
        return digest

    def forget(self) -> None:
        """Has the next scan read everything anew."""
        self._store.remove(self._name)

    def _keep_basis(self, parts: Sequence[Trace]) -> str | None:
        basis = bases.gather(parts, self._root, self._began)
        return self._store.write_piece(self._name, bases.encode(basis)) if basis else None

    def _write(self, entry: _Entry) -> None:
        runs = [name for run in entry.runs for name in (run.codes, run.basis)]
        pieces = [entry.outline.skeletons, *entry.outline.bases, *runs]
        self._store.write(self._name, msgspec.msgpack.encode(entry), pieces)


class _Look:
    """A look at what an entry rests on, one basis after the other.

    ``wrong`` are the places of the answers that are others by now, by the names of the bases that
    have any, or could not be read. ``read`` and ``failures`` are the files of all other bases.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self.wrong: dict[str, frozenset[int]] = {}
        self.read: dict[str, str] = {}
        self.failures: dict[str, str] = {}
        self._same: set[str] = set()
        self._changed: set[str] = set()

    def at(self, name: str, basis: Basis | None) -> bool:
        """Looks at a basis; whether nothing more could vouch for it."""
        if basis is None:
            self.wrong[name] = frozenset()
            return True
        checked = facts.check(basis.facts, self._files)
        read = files_read(basis.answers.items())
        if not checked.wrong:
            self.read.update(read)
            self.failures.update(basis.failures)
            return checked.is_settled
        self.wrong[name] = checked.wrong
        changed = {basis.facts.questions[place].removeprefix(READ) for place in checked.wrong}
        self._changed |= changed
        self._same |= read.keys() - changed
        return True

    def is_unchanged(self, path: str) -> bool:
        """Whether a file was read that is still the same."""
        return path not in self._changed and (path in self.read or path in self._same)


def _holding(entry: _Entry, look: _Look) -> Recalled:
    """What is left of an entry of which something is another by now."""
    holds = look.wrong.keys().isdisjoint(entry.outline.bases)
    return Recalled(
        outline=entry.outline if holds else None,
        runs=entry.runs,
        broken={run: look.wrong[run.basis] for run in entry.runs if run.basis in look.wrong},
        read=look.read if holds else {},
        failures=look.failures if holds else {},
        suppressions=tuple(
            item for item in entry.suppressions if look.is_unchanged(item.location.path)
        ),
    )


def _batches(answers: Mapping[str, str], failures: dict[str, str]) -> Iterator[Trace]:
    """One basis, in as many as it takes to have none that is large."""
    yield Trace(failures=failures)
    needed = iter(facts.needed(answers))
    while batch := list(islice(needed, _ANSWERS_A_PIECE)):
        yield Trace({question: answers[question] for question in batch})


def _digest(outline: KeptOutline, runs: Sequence[KeptRun], found: Reading) -> str:
    shown = [outline.rest, outline.skeletons, [run.codes for run in runs], found.suppressions]
    digest = hashlib.sha256(msgspec.msgpack.encode(shown))
    digest.update(msgspec.msgpack.encode([list(found.read), sorted(found.failures.items())]))
    return digest.hexdigest()
