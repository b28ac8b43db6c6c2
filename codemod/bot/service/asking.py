"""Questions to the store from where nobody may wait for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

from tornado.web import HTTPError

from codemod.bot.service.queue import described

PATIENCE_SECONDS = 9.0
"""A second less than GitHub waits for an answer to a webhook."""

_UNAVAILABLE = 503

Answer = TypeVar("Answer")


class StoreFailed(HTTPError):
    """The store did not answer, or refused to."""

    def __init__(self, reason: str) -> None:
        super().__init__(_UNAVAILABLE, reason)


@dataclass(frozen=True, slots=True)
class Asker:
    """Has the threads of ``pool`` ask a store whose ``failures`` are known.

    A thread that waits for a silent store goes on waiting: a question that none of them has begun
    with is dropped.
    """

    pool: Executor
    failures: type[Exception]
    seconds: float = PATIENCE_SECONDS

    async def ask(self, question: Callable[[], Answer]) -> Answer:
        """Raises ``StoreFailed``, and what else ``question`` raises."""
        try:
            async with asyncio.timeout(self.seconds):
                return await asyncio.get_running_loop().run_in_executor(self.pool, question)
        except self.failures as error:
            raise StoreFailed(f"the store fails: {described(error)}") from error
        except TimeoutError:
            raise StoreFailed("the store is silent") from None
