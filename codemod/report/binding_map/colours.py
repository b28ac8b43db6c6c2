"""The colours of the verdicts where a format has one theme for light and dark grounds alike.

No colour is alone: every arrow also carries its word, and a line of its own kind.
"""

from __future__ import annotations

from codemod.planner.verdicts import Status

OF_STATUS = {
    Status.NEEDS_FIX: "#d6434b",
    Status.FIXED: "#3b82d6",
    Status.WORKS: "#2f9447",
    Status.UNKNOWN: "#a8770a",
}
NEUTRAL = "#7d8590"


def of(status: Status | None) -> str:
    """The colour of an arrow; None is a binding that is not judged."""
    return NEUTRAL if status is None else OF_STATUS[status]
