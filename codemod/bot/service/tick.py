"""What is to be done from time to time, by whatever program does such things on a machine."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from codemod.bot import scratch
from codemod.bot.service.board import Board
from codemod.bot.service.deliveries import Deliveries
from codemod.bot.service.jobs import Job, Phase

_STALE_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was done: repositories asked for and forgotten, jobs revived, folders removed."""

    asked: int
    forgotten: int
    revived: int
    removed: int


def tick(
    board: Board, installed: Collection[str], interval: float, *, listed: float | None
) -> Ticked:
    """Asks for each of the repositories that was not looked at within ``interval`` seconds.

    Where ``installed`` is all there are, ``listed`` is when it began to be listed: what is not
    among them and was known before then is forgotten. It is None where they are some of many.
    What was lost with a message or a worker is queued again, and what killed runs left behind on
    this machine is removed.
    """
    known = {job.repository.lower(): job for job in board.jobs()}
    limit = time.time() - interval
    wanted = [name for name in installed if _is_due(known.get(name.lower()), limit)]
    gone = [] if listed is None else _gone(known.values(), installed, listed)
    for name in gone:
        board.forget(name)
    asked = sum(board.ask(name) for name in wanted)
    revived = board.revive()
    Deliveries(board.queue.records).sweep()
    return Ticked(asked, len(gone), revived, _swept(Path(tempfile.gettempdir())))


def _is_due(job: Job | None, limit: float) -> bool:
    if job is None:
        return True
    return job.forgotten or (job.phase in (Phase.DONE, Phase.FAILED) and job.since <= limit)


def _gone(known: Iterable[Job], installed: Collection[str], listed: float) -> list[str]:
    there = {name.lower() for name in installed}
    old = [job for job in known if job.since < listed and not job.again and not job.forgotten]
    return [job.repository for job in old if job.repository.lower() not in there]


def _swept(folder: Path) -> int:
    """Removes scratch folders that no run can be using any more; how many they were."""
    limit = time.time() - _STALE_SECONDS
    removed = 0
    for left in folder.glob(f"{scratch.FOLDERS}*"):
        # Another tick may be at it at the same moment, and others' folders are theirs.
        with suppress(OSError):
            if left.is_dir() and not left.is_symlink() and left.stat().st_mtime < limit:
                shutil.rmtree(left)
                removed += 1
    return removed
