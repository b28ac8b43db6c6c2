"""The command line: arguments in, exit codes out, no logic."""

from __future__ import annotations

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
_TERMINATED = 143
"""What a shell reports of a program that SIGTERM ended."""


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
    from codemod.cli.commands import app
    from codemod.cli.output import say

    try:
        with _ending_on_termination():
            app(prog_name="wfix")
    except WfixError as error:
        say(f"wfix: {error}")
        sys.exit(EXIT_CODES.get(type(error), USAGE))


@contextmanager
def _ending_on_termination() -> Iterator[None]:
    """Lets SIGTERM end this program in order: files are put back, a runtime is ended."""

    def end(_number: int, _frame: FrameType | None) -> None:
        sys.exit(_TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
