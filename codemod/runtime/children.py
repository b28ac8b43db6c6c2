"""Modules of wfix run as processes of their own, which do not outlive who started them.

A child reads one line of orders and writes one line of an answer. The pipe that the orders came
through stays open: when it closes, by whatever way the parent went, the child ends. So it does
where the parent, stopped or held up, does not say in time that it may go on.

A child is a session, and what it starts stays in there, in process groups as it pleases. So all of
it ends with the child, by whatever way that went. Only Linux says what is in a session: elsewhere
the child's own group ends, and git, in one of its own, where the child itself can end it yet.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import FileIO
from pathlib import Path

LAPSE_SECONDS = 0.5
"""How long a child may take to end in order that was not told in time to go on."""

_LAST_SECONDS = 5.0
_LONGEST_LINE = 64 * 1024
_POLL_SECONDS = 0.02
_PROCESSES = Path("/proc")
_DEAD = ("Z", "X")


class Child:
    """A running child. Its standard error is that of this process."""

    def __init__(self, module: str, orders: bytes, environment: Mapping[str, str]) -> None:
        """``orders`` are one line, without its end."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.write(orders + b"\n")
            self._process.stdin.flush()

    @property
    def pid(self) -> int:
        """The number of its process, and of its session."""
        return self._process.pid

    def keep_until(self, moment: float) -> None:
        """Lets it run until ``moment`` by ``time.monotonic``, unless it is told of a later one.

        All processes of a machine share that clock. Without a word a child runs on.
        """
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.write(b"%f\n" % moment)
            self._process.stdin.flush()

    def is_over(self, seconds: float) -> bool:
        """Whether it has ended, after as many seconds at most."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def answer(self) -> bytes:
        """The line that it wrote, once it is over; empty where it wrote none."""
        assert self._process.stdout
        return self._process.stdout.readline(_LONGEST_LINE).strip()

    def close(self) -> None:
        """Ends it, if it runs yet: asked first, so that it tidies up; then killed.

        What it started, and left when it was killed itself, is killed too.
        """
        if self._process.poll() is None:
            self._process.terminate()
            if not self.is_over(_LAST_SECONDS):
                self._process.kill()
        _end_session(self._process.pid)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()


def orders() -> bytes:
    """What this process, a child, is to do. From then on it ends with its parent.

    It ends in order: as where it is terminated, and at last by force.
    """
    # Unbuffered, and not through ``sys.stdin``: what follows is for the thread, and one that waits
    # with the lock of ``sys.stdin`` held makes the interpreter abort at its end.
    given = os.fdopen(0, "rb", buffering=0, closefd=False)
    line = given.readline(_LONGEST_LINE).strip()
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    threading.Thread(target=_end_with_parent, args=(given,), daemon=True).start()
    return line


def _end_with_parent(given: FileIO) -> None:
    moment: float | None = None
    patience = _LAST_SECONDS
    while True:
        seconds = None if moment is None else max(0.0, moment - time.monotonic())
        if not select.select([given], [], [], seconds)[0]:
            patience = LAPSE_SECONDS
            break
        line = given.readline(_LONGEST_LINE)
        if not line:
            break
        moment = float(line)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(patience)
    _end_session(os.getpid())
    os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def _end_session(leader: int) -> None:
    """Kills what is in a session, but for this process itself.

    A session's number is not given again while anything is in there.
    """
    if sys.platform == "win32":
        return
    if not _PROCESSES.is_dir():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
        return
    deadline = time.monotonic() + _LAST_SECONDS
    # What is killed takes a moment, and what is not killed yet may start more.
    while (members := list(_members(leader))) and time.monotonic() < deadline:
        for member in members:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(member, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)


def _members(leader: int) -> Iterator[int]:
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            # The name, in brackets, may hold anything.
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        state, session = fields[0].decode(), int(fields[3])
        if session == leader and state not in _DEAD and int(folder.name) != os.getpid():
            yield int(folder.name)
