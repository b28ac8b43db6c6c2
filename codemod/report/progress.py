"""A line about work that takes its time, for a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic

from codemod.report.terminal import is_interactive

PATIENCE = 1.0
"""Seconds before the line is shown, and between its changes."""

_SHORTEST_WAIT = 0.1
_CLEAR = "\r\x1b[2K"
_BEGINNING = monotonic()  # the program's: work is done in parts, and each may be short


@contextmanager
def shown(activity: str) -> Iterator[None]:
    """Says on standard error what goes on while the block runs, once the program took a second.

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
    wait = max(_SHORTEST_WAIT, PATIENCE - (monotonic() - _BEGINNING))
    told = False
    while not ended.wait(wait):
        _write(f"{_CLEAR}{activity} … {monotonic() - _BEGINNING:.0f} s")
        told = True
        wait = PATIENCE
    if told:
        _write(_CLEAR)


def _write(text: str) -> None:
    # Nothing depends on it: a terminal that went away, or cannot show it, goes without.
    with suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()
