"""Who works on what: the jobs in a store, changed so that any number of machines agree."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import msgspec

from codemod.bot.service import jobs
from codemod.bot.service.jobs import Ended, Job, Phase, Result
from codemod.bot.service.queue import Queue
from codemod.bot.service.records import Kind

LEASE_SECONDS = 60.0
"""How long a job belongs to a worker that gives no sign of life."""
_PATIENCE_SECONDS = 900.0
"""After how long a queue is told again of what it should have begun."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to work on a repository, as long as it is renewed."""

    repository: str
    holder: str


class Board:
    """The jobs in the records of a queue.

    Every change of a record that leaves something to be done tells the queue afterwards; where
    this process ends between the two, ``revive`` makes up for it.
    """

    def __init__(
        self,
        queue: Queue,
        lease: float = LEASE_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.queue = queue
        self.lease = lease
        self._clock = clock

    def ask(self, repository: str) -> bool:
        """Wants a run over ``repository`` that begins from now on. Whether that is news."""
        now = self._clock()
        before, after = self._change(repository, lambda job: jobs.asked(job, repository, now))
        is_new = before is None or before.phase in (Phase.DONE, Phase.FAILED)
        if after and is_new:
            self.queue.send(repository)
        return before != after

    def forget(self, repository: str) -> None:
        """Knows nothing of ``repository`` any more.

        Whoever runs there cannot renew the turn, and nobody else gets one before it has ended.
        """
        self._change(repository, lambda job: jobs.forgotten(job) if job else None)

    def take(self, repository: str) -> Turn | None:
        """The turn on ``repository``; None where there is nothing to do, or somebody is at it."""
        now = self._clock()
        turn = Turn(repository, uuid4().hex)
        pause = self._pause(repository)
        if pause > now:
            self._postpone(repository, pause)
            return None
        self._clear(repository, now)
        before, after = self._advance(
            repository, lambda job: jobs.taken(job, turn.holder, now, self.lease)
        )
        if after and after.holder == turn.holder:
            return turn
        if after and after.phase is Phase.FAILED and before != after:
            self.queue.add(Result.FAILED)
        if after and after.phase is Phase.QUEUED:
            # The message came before its time.
            self.queue.send(repository, after.due - now)
        return None

    def renew(self, turn: Turn) -> bool:
        """Keeps the turn for another lease; false where it is lost."""
        now = self._clock()
        _, after = self._advance(
            turn.repository, lambda job: jobs.renewed(job, turn.holder, now, self.lease)
        )
        return after is not None and after.holder == turn.holder and not after.forgotten

    def end(self, turn: Turn, how: Ended) -> None:
        """Gives the turn back. Nothing changes where it is lost."""
        now = self._clock()
        before, after = self._advance(
            turn.repository, lambda job: jobs.ended(job, turn.holder, how, now)
        )
        if after is None or before == after:
            return
        self._clear(turn.repository, now)
        is_last = how.result is Result.RETRIED and after.phase is Phase.FAILED
        self.queue.add(Result.FAILED if is_last else how.result)
        if how.result is Result.LIMITED:
            self._set_pause(turn.repository, now + jobs.limit(how))
        if after.phase is Phase.QUEUED:
            self.queue.send(turn.repository, after.due - now)

    def revive(self) -> int:
        """Tells the queue again of what was lost with a message or a worker; how many it was."""
        now = self._clock()
        return sum(self._revived(job, now) for job in list(self.jobs()))

    def jobs(self) -> Iterator[Job]:
        """All known jobs, whatever their phase; none that another release noted its way."""
        for _, value in self.queue.records.each(Kind.JOB):
            job = _decoded(value)
            if job:
                yield job

    def _revived(self, job: Job, now: float) -> bool:
        if jobs.overdue(job, now, _PATIENCE_SECONDS) is None:
            return False
        before, after = self._advance(
            job.repository, lambda known: jobs.overdue(known, now, _PATIENCE_SECONDS)
        )
        if before == after:
            return False
        self.queue.send(job.repository)
        return True

    # --- An owner's limit ----------------------------------------------------------------------

    def _pause(self, repository: str) -> float:
        """Until when the forge wants the owner of ``repository`` to be left alone."""
        found = self.queue.records.read(Kind.PAUSE, _owner(repository))
        until = msgspec.json.decode(found, type=float) if found else 0.0
        # One that would be longer was noted by a clock that went wrong.
        return until if until <= self._clock() + jobs.LONGEST_LIMIT else 0.0

    def _set_pause(self, repository: str, until: float) -> None:
        owner = _owner(repository)
        known = self.queue.records.read(Kind.PAUSE, owner)
        # Whoever sets it at the same moment was told about as much.
        self.queue.records.swap(Kind.PAUSE, owner, known, msgspec.json.encode(until))

    def _postpone(self, repository: str, due: float) -> None:
        now = self._clock()
        before, after = self._advance(repository, lambda job: jobs.postponed(job, now, due))
        if after and before != after:
            self.queue.send(repository, due - now)

    # --- Records -------------------------------------------------------------------------------

    def _clear(self, repository: str, now: float) -> None:
        """Removes a forgotten job whose run has ended."""
        self._change(repository, lambda job: None if job is None or jobs.is_over(job, now) else job)

    def _advance(
        self, repository: str, step: Callable[[Job], Job | None]
    ) -> tuple[Job | None, Job | None]:
        """A job before and after a step; as it is where there is none, or no such step."""
        return self._change(repository, lambda job: (step(job) or job) if job else None)

    def _change(
        self, repository: str, change: Callable[[Job | None], Job | None]
    ) -> tuple[Job | None, Job | None]:
        """A job before and after a change that nobody else's came between.

        What another release noted in a way of its own is left as it is.
        """
        key = _key(repository)
        while True:
            known = self.queue.records.read(Kind.JOB, key)
            before = _decoded(known) if known else None
            if known and before is None:
                return None, None
            after = change(before)
            if before == after:
                return before, after
            value = msgspec.json.encode(after) if after else None
            if self.queue.records.swap(Kind.JOB, key, known, value):
                return before, after


def _decoded(value: bytes) -> Job | None:
    try:
        return msgspec.json.decode(value, type=Job)
    except msgspec.MsgspecError:
        return None


def _key(repository: str) -> str:
    return repository.lower()


def _owner(repository: str) -> str:
    return _key(repository).partition("/")[0]
