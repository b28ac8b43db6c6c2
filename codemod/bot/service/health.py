"""Whether the store can be written to, not only read: a full disk, or a replica, answers reads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from codemod.bot.service.asking import Asker
from codemod.bot.service.records import Kind, Records

PROOF_SECONDS = 1.0
"""How long a proof holds: however often anybody asks, the store is written to once in that time."""

_KEY = "written"
_VALUES = (b"0", b"1")


class Health:
    """The store's health, proved by one record that every process changes to and fro."""

    def __init__(
        self, records: Records, asker: Asker, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._records = records
        self._asker = asker
        self._clock = clock
        self._proving = asyncio.Lock()
        self._holds_until = 0.0

    async def prove(self) -> None:
        """Raises ``StoreFailed`` where the store cannot be written to."""
        # Whoever asks meanwhile waits for the same proof: a slow store is asked by one thread.
        async with self._proving:
            if self._clock() < self._holds_until:
                return
            await self._asker.ask(self._write)
            self._holds_until = self._clock() + PROOF_SECONDS

    def _write(self) -> None:
        known = self._records.read(Kind.HEALTH, _KEY)
        value = _VALUES[known == _VALUES[0]]
        # Where it was changed in between, it was another process that could.
        self._records.swap(Kind.HEALTH, _KEY, known, value)
