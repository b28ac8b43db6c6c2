"""The command line: arguments in, exit codes out, no logic."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from codemod.errors import (
    NoWorkerFound,
    Refused,
    RolledBack,
    StalePlan,
    WfixError,
)

EXIT_CODES = {NoWorkerFound: 3, StalePlan: 4, Refused: 5, RolledBack: 6}
USAGE = 2
USUAL_COLLECTIONS = gc.get_threshold()
"""How often Python looks for garbage by itself: often enough for a program that does not end."""
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
_SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a program."""
_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def print_version() -> None:
    """Prints the version, without what the commands need."""
    from importlib.metadata import version

    from codemod.cli.output import emit

    emit(f"wfix {version('wfix')}\n")


def main() -> None:
    """Runs ``wfix`` with the process's arguments."""
    if sys.argv[1:] == ["--version"]:
        print_version()
        sys.exit(0)
    # What a repository is told by is read in one go and kept: looking for garbage after every few
    # hundred objects costs a fifth of a run that finds all of it in the cache.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 50, 100)
    from codemod.cli import plain
    from codemod.cli.output import say

    try:
        with _ending_on_termination():
            if not plain.run(sys.argv[1:]):
                from codemod.cli.commands import app

                app(prog_name="wfix")
    except WfixError as error:
        say(f"wfix: {error}")
        sys.exit(EXIT_CODES.get(type(error), USAGE))


@contextmanager
def _ending_on_termination() -> Iterator[None]:
    """Lets signals end this program in order: files are put back, a runtime is ended.

    A runtime is in a session of its own: a terminal that goes away ends this program alone.
    """

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(_SIGNALLED + number)

    # What nohup has the program ignore stays ignored.
    heeded = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
