"""What is kept of a scan, and what of it still holds at the next."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from codemod.model import Suppression
from codemod.scanner.cache import facts, reading
from codemod.scanner.cache.facts import Checked, Facts, Mark
from codemod.scanner.cache.identity import identity
from codemod.scanner.cache.reading import Reading
from codemod.scanner.cache.store import Store
from codemod.scanner.parts import Done, Outline, Task
from codemod.scanner.tracing import READ, Trace, files_read


@dataclass(frozen=True, slots=True)
class Recalled:
    """What of an earlier scan still holds: all of it (``reading``), or parts.

    ``digest`` is that of the whole, as ``Project`` has it. Nothing is said of ``suppressions`` in
    files that are read again.
    """

    reading: Reading | None = None
    digest: str | None = None
    outline: tuple[Outline, Trace] | None = None
    done: Mapping[Task, Done] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()


class _Trace(msgspec.Struct, array_like=True, frozen=True):
    """A trace: the places of its answers, and those of its parts, which stand before it."""

    answers: tuple[int, ...]
    failures: dict[str, str]
    parts: tuple[int, ...]


class _Entry(msgspec.Struct, array_like=True, frozen=True):
    """A scan. ``outline`` and ``tasks`` are places in ``traces``; ``identity`` says whose it is."""

    identity: str
    digest: str
    facts: Facts
    traces: tuple[_Trace, ...]
    outline: int
    tasks: tuple[int, ...]
    reading: msgspec.Raw


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
        self._marks: Mapping[str, Mark] = {}

    def recall(self, changed: Mapping[str, bytes | None]) -> Recalled:
        """What still holds where the files ``changed`` are taken to be others."""
        content = self._store.read(self._name)
        if content is None:
            return Recalled()
        try:
            entry = msgspec.msgpack.decode(content, type=_Entry)
            if entry.identity != self._identity:
                return Recalled()
            checked = facts.check(entry.facts, self._root, changed)
            self._marks = checked.marks
            found = _reading(entry)
        except (msgspec.MsgspecError, LookupError):
            return Recalled()
        if not checked.wrong:
            if not checked.is_settled and not changed:
                self._settle(entry)
            return Recalled(reading=found, digest=entry.digest)
        return _holding(entry, found, checked)

    def keep(self, found: Reading, outline: Trace, tasks: Sequence[Trace]) -> str | None:
        """Keeps a scan, and what its parts rest on, for the next. Gives its digest, if it can."""
        whole = Trace(parts=dict.fromkeys([outline, *tasks]))
        answers = facts.united(whole)
        if answers is None:
            return None
        *traces, _ = whole.every()
        try:
            return self._write(found, outline, tasks, traces, answers)
        except UnicodeEncodeError:
            # A name that is no text.
            return None

    def _write(
        self,
        found: Reading,
        outline: Trace,
        tasks: Iterable[Trace],
        traces: Sequence[Trace],
        answers: Mapping[str, str],
    ) -> str:
        encoded = reading.encode(found)
        digest = _digest(found, encoded)
        own = [facts.needed(trace.answers) for trace in traces]
        needed = {question: answers[question] for each in own for question in each}
        places = {question: place for place, question in enumerate(needed)}
        numbers = {trace: number for number, trace in enumerate(traces)}
        entry = _Entry(
            self._identity,
            digest,
            facts.gather(needed, self._root, self._began, self._marks),
            tuple(
                _Trace(
                    tuple(places[question] for question in each),
                    trace.failures,
                    tuple(numbers[part] for part in trace.parts),
                )
                for trace, each in zip(traces, own, strict=True)
            ),
            numbers[outline],
            tuple(numbers[trace] for trace in tasks),
            msgspec.Raw(encoded),
        )
        self._store.write(self._name, msgspec.msgpack.encode(entry))
        return digest

    def _settle(self, entry: _Entry) -> None:
        """Notes what vouches by now for answers that were found to be still the same."""
        answers = dict(zip(entry.facts.questions, entry.facts.answers, strict=True))
        gathered = facts.gather(answers, self._root, self._began, self._marks)
        settled = msgspec.structs.replace(entry, facts=gathered)
        self._store.write(self._name, msgspec.msgpack.encode(settled))


def _digest(found: Reading, encoded: bytes) -> str:
    digest = hashlib.sha256(encoded)
    digest.update(msgspec.json.encode([list(found.read), found.failures]))
    return digest.hexdigest()


def _reading(entry: _Entry) -> Reading:
    given = zip(entry.facts.questions, entry.facts.answers, strict=True)
    read = files_read(given)
    failures = {path: reason for trace in entry.traces for path, reason in trace.failures.items()}
    return reading.decode(entry.reading, dict(sorted(read.items())), failures)


def _holding(entry: _Entry, found: Reading, checked: Checked) -> Recalled:
    """The parts whose answers are all the same still."""
    traces: list[Trace | None] = []
    given = list(zip(entry.facts.questions, entry.facts.answers, strict=True))
    for stored in entry.traces:
        parts = [traces[number] for number in stored.parts]
        holds = checked.wrong.isdisjoint(stored.answers)
        if not holds or None in parts:
            traces.append(None)
            continue
        answers = dict(given[place] for place in stored.answers)
        traces.append(
            Trace(answers, stored.failures, dict.fromkeys(part for part in parts if part))
        )
    outline = traces[entry.outline]
    wrong = {given[place][0].removeprefix(READ) for place in checked.wrong}
    return Recalled(
        outline=(found.outline, outline) if outline else None,
        done={
            task: Done(code, trace)
            for task, code, number in zip(
                found.outline.tasks, found.codes, entry.tasks, strict=True
            )
            if (trace := traces[number])
        },
        suppressions=tuple(item for item in found.suppressions if item.location.path not in wrong),
    )
