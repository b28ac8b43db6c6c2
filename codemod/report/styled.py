"""Text whose parts have a role, so that a terminal can colour what a pipe gets plain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a part is; how it looks is the terminal's to say."""

    PLACE = "place"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    REPAIR = "repair"
    MARGIN = "margin"


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    role: Role | None = None


Line = tuple[Part, ...]


def plain(lines: Iterable[Line]) -> str:
    """The lines without their roles, each ending in a newline and none in blanks."""
    return "".join("".join(part.text for part in line).rstrip(" ") + "\n" for line in lines)
