"""Turns at writing to a forge, with a pause between: within a run, and between those of a machine.

GitHub asks integrators to write one after the other, and to wait for at least a second in between
(https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api). Runs follow
each other closely, and workers share a sign-in: so the turn is a lock on a file of the user's own,
which holds when the last one ended. Who is killed gives the turn back.

Where no such file can be had, each run keeps the pause for itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock


class Pace:
    """The turns of one sign-in. ``seconds`` pass from the end of one to the beginning of the next.

    ``file`` is where those of other processes are seen, None keeps them apart; its folder is made.
    """

    def __init__(self, seconds: float, file: Path | None) -> None:
        self._seconds = seconds
        self._file = file if seconds else None
        self._ended = 0.0
        self._is_held = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until it is one's turn, and holds it. Others wait as long as it is held.

        A turn within one's turn is the same one.
        """
        if self._is_held:
            yield
            return
        with self._held():
            # A clock that was set back must not make anybody wait for longer than the pause.
            left = self._last() + self._seconds - time.time()
            time.sleep(min(max(0.0, left), self._seconds))
            try:
                yield
            finally:
                self._end()

    @contextmanager
    def _held(self) -> Iterator[None]:
        lock = self._locked()
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            if lock:
                lock.release()

    def _locked(self) -> FileLock | None:
        if self._file is None:
            return None
        lock = FileLock(self._file.with_suffix(".lock"), mode=0o600)
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        except (OSError, NotImplementedError):
            self._file = None
            return None
        return lock

    def _last(self) -> float:
        if self._file is None:
            return self._ended
        try:
            return float(self._file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return self._ended

    def _end(self) -> None:
        self._ended = time.time()
        if self._file is None:
            return
        try:
            self._file.write_text(f"{self._ended}", encoding="ascii")
        except OSError:
            self._file = None
