"""What an answer of the scanner rests on: the questions to the files that led to it.

A question is a text: a letter for its kind, and the path that it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

READ = "r"
"""The SHA-256 (hex) of a file's bytes, or ``!`` and the reason why it cannot be read."""

KIND = "k"
"""What stands at a path: ``f`` for a file, ``d`` for a folder, ``-`` for anything else."""

LIST = "l"
"""A digest of what a folder holds. A second letter says which names count."""

LINK = "t"
"""Where a path leads: ``@`` in front where it is a link itself, then the real path."""

READ_ABOVE = "o"
"""A digest of the file at an absolute path, which stands after the most bytes read and ``:``."""

EXISTS_ABOVE = "e"
"""Whether anything stands at an absolute path: ``+`` or ``-``."""

_K = TypeVar("_K")
_V = TypeVar("_V")

# A part with fewer answers is copied: most are tiny, and a graph of them costs more than they do.
_COPIED = 64


def files_read(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The files that questions with their answers read, with the SHA-256 (hex) of their bytes."""
    return {
        question.removeprefix(READ): answer
        for question, answer in given
        if question.startswith(READ) and not answer.startswith("!")
    }


@dataclass(slots=True, eq=False)
class Trace:
    """The answers that something rests on, ``parts`` included.

    ``failures`` are the files that are there and could not be read, with the reasons.
    """

    answers: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    parts: dict[Trace, None] = field(default_factory=dict)

    def rest_on(self, part: Trace) -> None:
        """Adds what ``part`` rests on."""
        if part.parts or len(part.answers) > _COPIED:
            self.parts[part] = None
            return
        self.answers.update(part.answers)
        self.failures.update(part.failures)

    def every(self) -> list[Trace]:
        """The trace and its parts, theirs included, each once: parts before what rests on them."""
        found: dict[Trace, None] = {}
        pending = [(self, False)]
        while pending:
            trace, is_complete = pending.pop()
            if trace in found:
                continue
            if is_complete:
                found[trace] = None
                continue
            pending.append((trace, True))
            pending += [(part, False) for part in trace.parts if part not in found]
        return list(found)


class Recorder:
    """Has the trace that questions are noted in now."""

    def __init__(self) -> None:
        self.trace = Trace()

    @contextmanager
    def apart(self) -> Iterator[Trace]:
        """What is asked inside is noted in a trace of its own."""
        around, self.trace = self.trace, Trace()
        try:
            yield self.trace
        finally:
            self.trace = around


class Answers(Generic[_K, _V]):
    """Answers that are worked out once each. Who gets one rests on what it rests on."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._known: dict[_K, tuple[_V, Trace]] = {}

    def clear(self) -> None:
        """Lets go of all answers."""
        self._known.clear()

    def get(self, key: _K, work_out: Callable[[], _V]) -> _V:
        """The answer to ``key``; ``work_out`` is called where it is not known yet."""
        known = self._known.get(key)
        if known is None:
            with self._recorder.apart() as trace:
                answer = work_out()
            known = self._known[key] = (answer, trace)
        self._recorder.trace.rest_on(known[1])
        return known[0]
