"""Why a repair of a target is not offered."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.model import Location


@dataclass(frozen=True, slots=True)
class Refusal:
    """A repair that cannot be made or proved: the reason in words, and where it shows."""

    reason: str
    location: Location | None

    @property
    def sentence(self) -> str:
        """The reason with its place."""
        where = f" ({self.location.path}:{self.location.line})" if self.location else ""
        return f"{self.reason}{where}"
