"""A proof for a person: a table of the calls, then a count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemod.model import Outcome, Proof, ProofRow, Result
from codemod.report.counts import amount
from codemod.report.display import Display, printable

_HEAD = ("binding", "call", "before", "after", "message")
_ABSENT = "-"
_GAP = "  "
_INDENT = "    "


def render(proof: Proof, _display: Display) -> str:
    """The table of all calls, ending in a newline."""
    return "".join(f"{line}\n" for line in lines(proof, proof.rows))


def lines(proof: Proof, rows: Sequence[ProofRow]) -> Iterator[str]:
    """The lines of the table, then the count of the whole proof."""
    if not proof.rows:
        yield "no call between Workers is found: there is nothing to prove"
        return
    if not rows:
        yield _summary(proof)
        return
    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD) - 1)]
    notes: list[tuple[str, ...]] = [(), *(tuple(_notes(row)) for row in rows)]
    for row, more in zip(cells, notes, strict=True):
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        yield _GAP.join((*padded, row[-1])).rstrip()
        yield from (f"{_INDENT}{note}" for note in more)
    yield _summary(proof)


def _cells(row: ProofRow) -> tuple[str, ...]:
    where = f" ({row.environment})" if row.environment else ""
    cells = (
        f"{row.worker}.{row.binding}{where}",
        f"{row.call} (trial)" if row.is_trial else row.call,
        _outcome(row.before),
        _outcome(row.after),
        row.telling.message,
    )
    return tuple(map(printable, cells))


def _outcome(result: Result | None) -> str:
    return result.outcome if result else _ABSENT


def _notes(row: ProofRow) -> Iterator[str]:
    for side, result in (("before", row.before), ("after", row.after)):
        if result and result.message not in ("", row.telling.message):
            yield f"{side}: {printable(result.message)}"
    if row.telling.expected:
        yield f"expected locally: {printable(row.telling.expected)}"
    elif row.telling.cause:
        yield f"cause: {printable(row.telling.cause)}"


def _summary(proof: Proof) -> str:
    failed = [row for row in proof.rows if row.after and row.after.outcome is Outcome.FAILED]
    expected = sum(bool(row.after and row.after.expected) for row in failed)
    parts = [f"{amount(len(proof.rows), 'call', 'calls')} on {printable(proof.runtime)}"]
    parts.append(f"{proof.count(Outcome.PASSED)} pass")
    parts.append(f"{len(failed)} fail{f' ({expected} only locally)' if expected else ''}")
    not_run = proof.count(Outcome.NOT_RUN)
    if not_run:
        parts.append(f"{not_run} not run")
    return ", ".join(parts)
