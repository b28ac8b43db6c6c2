"""A diagnosis for a person: the message, its causes in order of evidence, the places of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codemod.diagnosis.places import Answer, Diagnosis, Place
from codemod.diagnosis.recognition import Recognised
from codemod.model import Finding
from codemod.report.display import Display, printable

_SHOWN = 10
"""Of what could not be seen: more would hide the rest, and the JSON has all."""


def render(diagnosis: Diagnosis, display: Display) -> str:
    """One paragraph a cause, ending in a newline and an empty line."""
    return "".join(f"{printable(line)}\n" for line in _lines(diagnosis, display)) + "\n"


def totals(counts: Iterable[tuple[Recognised, int]]) -> str:
    """How often each message of a stream was met."""
    return "".join(f"{count} x {printable(item.text)}\n" for item, count in counts)


def _lines(diagnosis: Diagnosis, display: Display) -> Iterator[str]:
    yield diagnosis.recognised.text
    for number, answer in enumerate(diagnosis.answers, start=1):
        yield f"  {number}. {answer.cause.summary}"
        yield from (f"     {line}" for line in _answer(answer, display))
    yield from _unseen(diagnosis, display)


def _answer(answer: Answer, display: Display) -> Iterator[str]:
    evidence = answer.cause.evidence
    yield f"evidence: {evidence.mark}, {evidence.source}"
    fitting = [place for place in answer.places if place.fits]
    others = [place for place in answer.places if not place.fits]
    for place in fitting:
        yield from _place(place, display)
    if not answer.cause.rules:
        yield "no rule of wfix finds its places"
    elif not fitting:
        named = "of what it names " if others else ""
        yield f"nothing here {named}is seen to produce it"
    if others:
        yield "the same fault, of what it does not name:"
        for place in others:
            yield from _place(place, display)
    for finding in answer.undecided:
        yield from _finding(finding, display)
        yield f"    not claimed: {finding.skipped}"
    yield f"what to do: {answer.cause.advice}"


def _place(place: Place, display: Display) -> Iterator[str]:
    finding = place.finding
    yield from _finding(finding, display)
    if finding.suppressed:
        yield "    a comment says that this is known"
    if finding.fix:
        yield f"    {finding.fix.safety} fix: {finding.fix.title}"
        yield f"    made by: {place.command or f'no command, since {place.no_command}'}"
    if finding.no_fix:
        yield f"    no fix: {finding.no_fix}"


def _finding(finding: Finding, display: Display) -> Iterator[str]:
    where = f" (environment {finding.environment})" if finding.environment else ""
    yield f"{display.place(finding.location)}: {finding.rule}: {finding.message}{where}"


def _unseen(diagnosis: Diagnosis, display: Display) -> Iterator[str]:
    if diagnosis.unseen:
        yield "  could not be seen, and may produce it too:"
    for blind in diagnosis.unseen[:_SHOWN]:
        yield f"     {display.place(blind.location)}: {blind.what}: {blind.reason}"
    left = len(diagnosis.unseen) - _SHOWN
    if left > 0:
        yield f"     and {left} more: --format json lists them"
