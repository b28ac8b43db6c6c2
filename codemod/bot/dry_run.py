"""How far a run goes that changes nothing."""

from __future__ import annotations

from enum import StrEnum


class DryRun(StrEnum):
    """To what is there, to what it would propose, or to what it would do."""

    SCAN = "scan"
    PLAN = "plan"
    FULL = "full"
