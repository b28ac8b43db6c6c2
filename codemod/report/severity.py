"""How loudly a finding is told. What fails `check` is not decided by it."""

from __future__ import annotations

from enum import StrEnum

from codemod.model import Finding, Mark


class Level(StrEnum):
    """The levels that SARIF and GitHub share."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def level(finding: Finding) -> Level:
    """A measured fault is an error, other claims are warnings, and what is not judged a note."""
    return Level.NOTE if finding.skipped else level_of(finding.evidence.mark)


def level_of(mark: Mark) -> Level:
    """The level of claims that stand on ``mark``."""
    return Level.ERROR if mark is Mark.MEASURED else Level.WARNING
