"""A repository's job, and how it changes: nothing but data.

Times are seconds since the epoch, by the clock of whoever notes them. Machines that share a store
have to agree on the time to within a fraction of a lease.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

MOST_ATTEMPTS = 5
_FIRST_BACK_OFF = 30.0
_LONGEST_BACK_OFF = 3600.0
LONGEST_LIMIT = 24 * 3600.0
"""After how many seconds a forge is asked again, whatever it says: GitHub's limits last an hour."""
LONGEST_PROBLEM = 500


class Phase(StrEnum):
    """Where a job stands. ``FAILED`` ones wait for the next reason to run."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Result(StrEnum):
    """What became of a run."""

    DONE = "done"
    LIMITED = "rate-limited"
    RETRIED = "retried"
    FAILED = "failed"
    GIVEN_BACK = "given back"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. ``retry_after`` (seconds) is set where it was limited."""

    result: Result
    problem: str = ""
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """The job of one repository, which it keeps for as long as it is known.

    ``since`` is when it came into its phase, ``due`` from when on it may run, ``sent`` when the
    queue was last told. A run belongs to ``holder`` until ``expires``, for longer where it is
    renewed. ``again`` says that something changed while it ran, ``forgotten`` that the repository
    went: the job goes with its run, unless something changes once more. ``problem`` is what the
    last run failed of.
    """

    repository: str
    phase: Phase
    since: float
    due: float
    sent: float
    attempts: int = 0
    holder: str = ""
    expires: float = 0.0
    again: bool = False
    problem: str = ""
    forgotten: bool = False


def forgotten(job: Job) -> Job | None:
    """The job once its repository went: none, or what is left until its run has ended."""
    return replace(job, forgotten=True, again=False) if job.phase is Phase.RUNNING else None


def is_over(job: Job, now: float) -> bool:
    """Whether nothing holds a forgotten job any more."""
    return job.forgotten and not job.again and job.expires <= now


def asked(job: Job | None, repository: str, now: float) -> Job:
    """The job once there is a reason to run it: queued, as it was where it is queued already."""
    if job is None or job.phase in (Phase.DONE, Phase.FAILED):
        return Job(repository, Phase.QUEUED, since=now, due=now, sent=now)
    if job.phase is Phase.RUNNING:
        return replace(job, again=True)
    return job


def taken(job: Job, holder: str, now: float, lease: float) -> Job | None:
    """The job in the hands of ``holder``, None where it is nobody's turn.

    One whose holder did not renew it in time is taken over, and has failed once more.
    """
    if job.phase is Phase.QUEUED and job.due <= now:
        return _running(job, holder, now, lease)
    if job.phase is not Phase.RUNNING or job.expires > now:
        return None
    attempts = job.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        return _failed(job, now, "its worker went away, again and again")
    return _running(replace(job, attempts=attempts), holder, now, lease)


def renewed(job: Job, holder: str, now: float, lease: float) -> Job | None:
    """The job for another ``lease`` seconds, None where it is somebody else's."""
    if not _is_held(job, holder) or job.forgotten:
        return None
    return replace(job, expires=now + lease)


def ended(job: Job, holder: str, how: Ended, now: float) -> Job | None:
    """The job after its run, None where it is somebody else's."""
    if not _is_held(job, holder):
        return None
    if job.forgotten:
        # What came after it was forgotten is a reason of its own; else its lease is at its end.
        return _failed(job, now, "") if job.again else replace(job, expires=now)
    match how.result:
        case Result.DONE if not job.again:
            return Job(job.repository, Phase.DONE, since=now, due=now, sent=job.sent)
        case Result.DONE:
            return Job(job.repository, Phase.QUEUED, since=now, due=now, sent=now)
        case Result.GIVEN_BACK:
            return _queued(job, now, now)
        case Result.LIMITED:
            return _queued(job, now, now + limit(how))
        case Result.RETRIED if job.attempts + 1 < MOST_ATTEMPTS:
            tried = replace(job, attempts=job.attempts + 1, problem=_cut(how.problem))
            return _queued(tried, now, now + back_off(job.attempts))
        case Result.RETRIED | Result.FAILED:
            return _failed(job, now, how.problem)


def postponed(job: Job, now: float, due: float) -> Job | None:
    """The job not before ``due``, None where it does not wait."""
    return _queued(job, now, due) if job.phase is Phase.QUEUED else None


def overdue(job: Job, now: float, patience: float) -> Job | None:
    """The job as it is when the queue is told of it once more, None where there is no need.

    There is where its holder went away, and where the queue was told ``patience`` seconds ago and
    nothing came of it.
    """
    match job.phase:
        case Phase.RUNNING if job.sent <= job.expires:
            at = job.expires
        case Phase.RUNNING | Phase.QUEUED:
            at = max(job.due, job.sent) + patience
        case _:
            return None
    return replace(job, sent=now) if at <= now else None


def limit(how: Ended) -> float:
    """Seconds until the forge is asked again after it limited a run."""
    return min(how.retry_after, LONGEST_LIMIT)


def back_off(attempts: int) -> float:
    """Seconds until the next try, after as many that failed before the last one."""
    return min(_FIRST_BACK_OFF * 4.0**attempts, _LONGEST_BACK_OFF)


def _is_held(job: Job, holder: str) -> bool:
    return job.phase is Phase.RUNNING and job.holder == holder


def _running(job: Job, holder: str, now: float, lease: float) -> Job:
    return replace(
        job,
        phase=Phase.RUNNING,
        since=now,
        holder=holder,
        expires=now + lease,
        again=False,
        forgotten=False,
    )


def _queued(job: Job, now: float, due: float) -> Job:
    # The queue is told when it is due: until then it was not told too long ago.
    return replace(
        job, phase=Phase.QUEUED, since=now, due=due, sent=due, holder="", expires=0.0, again=False
    )


def _failed(job: Job, now: float, problem: str) -> Job:
    if job.again:
        # Something changed meanwhile: that is a reason of its own.
        return Job(job.repository, Phase.QUEUED, since=now, due=now, sent=now)
    return Job(
        job.repository, Phase.FAILED, since=now, due=now, sent=job.sent, problem=_cut(problem)
    )


def _cut(problem: str) -> str:
    return problem[:LONGEST_PROBLEM]
