"""What parts of a scan rest on, as it is kept apart from the parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from codemod.scanner.cache import facts
from codemod.scanner.cache.facts import Facts
from codemod.scanner.tracing import Trace


class _Trace(msgspec.Struct, array_like=True, frozen=True):
    """A trace: the places of its answers, and those of its parts, which stand before it."""

    answers: tuple[int, ...]
    failures: dict[str, str]
    parts: tuple[int, ...]


class Basis(msgspec.Struct, array_like=True, frozen=True):
    """The basis of some parts, whose own places in ``traces`` are ``parts``."""

    facts: Facts
    traces: tuple[_Trace, ...]
    parts: tuple[int, ...]

    @property
    def answers(self) -> dict[str, str]:
        """All questions with their answers."""
        return dict(zip(self.facts.questions, self.facts.answers, strict=True))

    @property
    def failures(self) -> dict[str, str]:
        """All files that are there and could not be read, with the reasons."""
        return {path: reason for trace in self.traces for path, reason in trace.failures.items()}


_decoder = msgspec.msgpack.Decoder(Basis)


def decode(content: memoryview) -> Basis:
    """Raises ``msgspec.MsgspecError`` for anything else."""
    return _decoder.decode(content)


def encode(basis: Basis) -> bytes:
    """Raises ``UnicodeEncodeError`` for names that are no text."""
    return msgspec.msgpack.encode(basis)


def gather(parts: Sequence[Trace], root: Path, began: int) -> Basis | None:
    """The basis of parts that rest on these traces; ``began`` is as in ``facts.gather``.

    None where it cannot be told to hold: a file changed while it was read.
    """
    whole = Trace(parts=dict.fromkeys(parts))
    answers = facts.united(whole)
    if answers is None:
        return None
    *traces, _ = whole.every()
    own = [facts.needed(trace.answers) for trace in traces]
    needed = {question: answers[question] for each in own for question in each}
    places = {question: place for place, question in enumerate(needed)}
    numbers = {trace: number for number, trace in enumerate(traces)}
    return Basis(
        facts.gather(needed, root, began),
        tuple(
            _Trace(
                tuple(places[question] for question in each),
                trace.failures,
                tuple(numbers[part] for part in trace.parts),
            )
            for trace, each in zip(traces, own, strict=True)
        ),
        tuple(numbers[part] for part in parts),
    )


def settled(basis: Basis, root: Path, began: int) -> Basis:
    """``basis``, whose answers were found to be still the same, with what vouches for them now."""
    gathered = facts.gather(basis.answers, root, began)
    return msgspec.structs.replace(basis, facts=gathered)


def traces(basis: Basis, wrong: frozenset[int]) -> list[Trace | None]:
    """What each part rests on, None for those that rest on an answer at one of ``wrong``."""
    given = list(basis.answers.items())
    found: list[Trace | None] = []
    for stored in basis.traces:
        parts = [found[number] for number in stored.parts]
        if None in parts or not wrong.isdisjoint(stored.answers):
            found.append(None)
            continue
        answers = dict(given[place] for place in stored.answers)
        own = dict.fromkeys(part for part in parts if part)
        found.append(Trace(answers, stored.failures, own))
    return [found[number] for number in basis.parts]
