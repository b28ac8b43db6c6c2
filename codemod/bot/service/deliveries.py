"""Which deliveries of webhooks were seen before.

A signature holds no time, and covers the body alone: whoever has recorded a delivery can send it
again at any time, under any identifier. So deliveries are told apart by their signatures. One that
is older than what is remembered can only have a repository looked at once more, which changes
nothing where nothing has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from codemod.bot.service.records import Kind, Records

REMEMBERED_SECONDS = 3 * 24 * 3600.0
"""As long as GitHub itself can send a delivery once more."""


class Deliveries:
    """Deliveries by their signatures, in the records of a store."""

    def __init__(self, records: Records, clock: Callable[[], float] = time.time) -> None:
        self._records = records
        self._clock = clock

    def is_known(self, identifier: str) -> bool:
        """Whether a delivery is remembered."""
        return self._records.read(Kind.DELIVERY, identifier) is not None

    def remember(self, identifier: str) -> bool:
        """Remembers a delivery; false where somebody else did meanwhile."""
        return self._records.swap(Kind.DELIVERY, identifier, None, b"%d" % self._clock())

    def sweep(self) -> int:
        """Forgets what is too old; how many they were."""
        limit = self._clock() - REMEMBERED_SECONDS
        old = [item for item in self._records.each(Kind.DELIVERY) if float(item[1]) < limit]
        return sum(self._records.swap(Kind.DELIVERY, key, value, None) for key, value in old)
