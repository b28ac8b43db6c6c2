"""Modules of wfix run as processes of their own, which do not outlive who started them.

A child reads one line of orders and writes one line of an answer. The pipe that the orders came
through stays open: when it closes, by whatever way the parent went, the child ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress

_LAST_SECONDS = 5.0
_LONGEST_LINE = 64 * 1024
_CHUNK = 4096


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
        """The number of its process, and of its group."""
        return self._process.pid

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
        """Ends it, if it runs yet: asked first, so that it ends its own children; then killed."""
        if self._process.poll() is None:
            self._process.terminate()
            if not self.is_over(_LAST_SECONDS):
                self._kill()
                self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


def orders() -> bytes:
    """What this process, a child, is to do. From then on it ends with its parent.

    It ends in order: as where it is terminated, and at last by force.
    """
    line = sys.stdin.buffer.readline(_LONGEST_LINE).strip()
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return line


def _end_with_parent() -> None:
    # Not through ``sys.stdin``: a thread that waits with its lock held makes the interpreter abort
    # at its end.
    while os.read(0, _CHUNK):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_LAST_SECONDS)
    if sys.platform != "win32":
        os.killpg(os.getpid(), signal.SIGKILL)
