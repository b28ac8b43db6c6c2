"""Takes jobs, and watches over the process that each of them runs in."""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import closing
from dataclasses import dataclass

import msgspec
from huey import crontab

from codemod.bot.service import child
from codemod.bot.service.board import Board, Turn
from codemod.bot.service.child import Order, Rules
from codemod.bot.service.environment import for_children
from codemod.bot.service.jobs import Ended, Result
from codemod.bot.service.queue import described
from codemod.runtime.children import LAPSE_SECONDS, Child

_BEATS_A_LEASE = 4
_GRACE_SECONDS = 30
_LAST_SECONDS = 10.0
_POLL_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 1.0

log = logging.getLogger("wfix.bot.worker")


@dataclass(frozen=True, slots=True)
class Labour:
    """How jobs are run: ``workers`` at once, each for ``seconds`` at most, by the ``module``."""

    rules: Rules
    workers: int
    seconds: float
    module: str = child.MODULE


def work(board: Board, labour: Labour) -> None:
    """Works until SIGTERM or SIGINT.

    After SIGTERM nothing new is begun, and what runs has half a minute to end. What runs yet then,
    and at once after SIGINT, is ended and given back to the queue.
    """
    for handler in logging.getLogger().handlers:
        handler.addFilter(Brief(board.queue.failures))
    shift = Shift(board, labour)
    board.queue.work = shift.work
    board.queue.huey.periodic_task(crontab(), name="revive")(board.revive)
    consumer = board.queue.huey.create_consumer(
        workers=labour.workers,
        max_delay=_LONGEST_PAUSE_SECONDS,
        shutdown_timeout=_GRACE_SECONDS,
        graceful_signal="TERM",
    )
    log.info("taking jobs, %d at once", labour.workers)
    consumer.run()
    shift.end()
    for _, thread in consumer.worker_threads:
        thread.join(_LAST_SECONDS)


class Brief(logging.Filter):
    """Has a line tell what a store fails of: as long as it is away, every thread does so often."""

    def __init__(self, failures: type[Exception]) -> None:
        super().__init__()
        self._failures = failures

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets everything pass, what is no failure of the store as it is."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, self._failures):
            record.msg, record.args = f"{record.getMessage()} {described(error)}", ()
            record.exc_info = None
        return True


class Shift:
    """What the threads of one worker have in common."""

    def __init__(self, board: Board, labour: Labour) -> None:
        self._board = board
        self._labour = labour
        self._is_ending = threading.Event()

    def end(self) -> None:
        """Ends what runs, and gives it back."""
        self._is_ending.set()

    def work(self, repository: str) -> None:
        """Runs over ``repository``, if it is its turn."""
        started = time.monotonic()
        turn = self._board.take(repository)
        if turn is None:
            return
        how = self._ended(turn, started)
        if how is None:
            log.warning("%s: the turn was lost", turn.repository)
            # Where the repository was forgotten the turn is this one's until its process is gone.
            self._board.end(turn, Ended(Result.GIVEN_BACK))
            return
        self._board.end(turn, how)
        seconds = time.monotonic() - started
        log.info("%s: %s in %.1f s %s", turn.repository, how.result, seconds, how.problem)

    def _ended(self, turn: Turn, taken: float) -> Ended | None:
        """How the run ended, None where the turn was lost meanwhile."""
        order = msgspec.json.encode(
            Order(turn.repository, self._labour.rules, self._labour.seconds)
        )
        environment = for_children(os.environ)
        with closing(Child(self._labour.module, order, environment)) as running:
            running.keep_until(self._end_of_lease(taken))
            between_beats = self._board.lease / _BEATS_A_LEASE
            deadline = time.monotonic() + self._labour.seconds
            beat = time.monotonic() + between_beats
            while not running.is_over(_POLL_SECONDS):
                if self._is_ending.is_set():
                    return Ended(Result.GIVEN_BACK)
                if time.monotonic() > deadline:
                    # It would take as long another time.
                    problem = f"it took more than {self._labour.seconds:g} seconds"
                    return Ended(Result.FAILED, problem)
                if time.monotonic() > beat:
                    beat = time.monotonic() + between_beats
                    if not self._is_kept(turn, running):
                        return None
            return _said(running)

    def _is_kept(self, turn: Turn, running: Child) -> bool:
        """Whether the turn is this one's yet, as far as is known."""
        began = time.monotonic()
        try:
            is_renewed = self._board.renew(turn)
        except self._board.queue.failures as error:
            # The process ends by itself where the store does not answer before the lease is over.
            log.warning("%s: not renewed: %s", turn.repository, described(error))
            return True
        if is_renewed:
            running.keep_until(self._end_of_lease(began))
        return is_renewed

    def _end_of_lease(self, began: float) -> float:
        """When a process has to begin to end, so that it is gone before the turn is another's."""
        return began + self._board.lease - LAPSE_SECONDS


def _said(running: Child) -> Ended:
    try:
        return msgspec.json.decode(running.answer(), type=Ended)
    except msgspec.DecodeError:
        return Ended(Result.RETRIED, "its process ended without a word")
