"""How many findings there are, and how many of them wfix can repair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codemod.model import Finding, Safety


@dataclass(frozen=True, slots=True)
class Counts:
    """The findings that stand, of these the ones that can be repaired, and the others."""

    findings: int
    fixable: int
    unsafe: int
    skipped: int
    suppressed: int


def counted(findings: Iterable[Finding]) -> Counts:
    """``unsafe`` repairs are not among the ``fixable``, known findings not among the skipped."""
    given = list(findings)
    standing = [finding for finding in given if finding.stands]
    safeties = [finding.fix.safety for finding in standing if finding.fix]
    unsafe = safeties.count(Safety.UNSAFE)
    suppressed = sum(finding.suppressed for finding in given)
    return Counts(
        findings=len(standing),
        fixable=len(safeties) - unsafe,
        unsafe=unsafe,
        skipped=len(given) - len(standing) - suppressed,
        suppressed=suppressed,
    )


def notes(counts: Counts) -> Iterator[str]:
    """What there is to say beside the number of findings, in parts."""
    if counts.fixable:
        yield f"{counts.fixable} fixable with `wfix apply`"
    if counts.unsafe:
        yield with_unsafe_fixes(counts.unsafe, made=counts.fixable)
    if counts.skipped:
        yield f"{counts.skipped} skipped"
    if counts.suppressed:
        yield f"{counts.suppressed} known"


def with_unsafe_fixes(number: int, *, made: int) -> str:
    """What the option would add to the ``made`` repairs."""
    more = "more " if made else ""
    return f"{amount(number, f'{more}fix', f'{more}fixes')} with --unsafe-fixes"


def amount(number: int, noun: str, plural: str) -> str:
    """``1 finding``, ``2 findings``."""
    return f"{number} {noun if number == 1 else plural}"
