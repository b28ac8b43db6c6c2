"""When a folder is read again: once its files have been quiet for a moment, never twice at once."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TypeVar

IsOutdated = Callable[[], bool]
Made = TypeVar("Made")
_LOGGER = logging.getLogger(__name__)


class Refresher:
    """Keeps a result in step with what it is made from.

    ``make`` makes it, and says whether it did; it is handed what tells that something changed
    meanwhile, so that it can stop. ``delay`` is how long changes have to be quiet, in seconds.
    """

    def __init__(self, make: Callable[[IsOutdated], Awaitable[bool]], delay: float) -> None:
        self._make = make
        self._delay = delay
        self._changes = 0
        self._known = 0
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def request(self) -> None:
        """Something changed."""
        self._changes += 1
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(self._delay, self._start)

    async def settle(self) -> None:
        """Returns once the result knows of every change; does not wait for quiet."""
        while self._known != self._changes:
            await asyncio.shield(self._start())

    def close(self) -> None:
        """Makes nothing any more; what is being made counts as outdated."""
        self._changes += 1
        self._known = self._changes
        self._stop_timer()

    def _start(self) -> asyncio.Task[None]:
        self._stop_timer()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(_tell_failure)
        return self._task

    async def _run(self) -> None:
        while self._known != self._changes and self._timer is None:
            await self._make_for(self._changes)

    async def _make_for(self, changes: int) -> None:
        made = await self._make(lambda: self._changes != changes)
        if made and self._changes == changes:
            self._known = changes

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None


def _tell_failure(task: asyncio.Task[None]) -> None:
    """Most runs answer no question: nobody else would hear of it."""
    if not task.cancelled() and task.exception():
        _LOGGER.error("a folder could not be read", exc_info=task.exception())


async def in_thread(work: Callable[[], Made]) -> Made:
    """What ``work`` returns or raises. The end of the process does not wait for it."""
    outcome: Future[Made] = Future()
    threading.Thread(target=_settle, args=(outcome, work), daemon=True).start()
    return await asyncio.wrap_future(outcome)


def _settle(outcome: Future[Made], work: Callable[[], Made]) -> None:
    outcome.set_running_or_notify_cancel()
    try:
        outcome.set_result(work())
    except BaseException as error:
        outcome.set_exception(error)
