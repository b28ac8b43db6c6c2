"""A line about work that takes its time, for a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic

from codemod.report.terminal import is_interactive

_PATIENCE = 1.0
"""Seconds before the line is shown, and between its changes."""

_CLEAR = "\r\x1b[2K"


@contextmanager
def shown(activity: str) -> Iterator[None]:
    """Says on standard error what goes on while the block runs, once that is over a second.

    Only on a terminal; the line is gone when the block ends.
    """
    if not is_interactive(sys.stderr):
        yield
        return
    ended = Event()
    thread = Thread(target=_tell, args=(activity, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _tell(activity: str, ended: Event) -> None:
    start = monotonic()
    told = False
    while not ended.wait(_PATIENCE):
        told = True
        _write(f"{_CLEAR}{activity} … {monotonic() - start:.0f} s")
    if told:
        _write(_CLEAR)


def _write(text: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()
