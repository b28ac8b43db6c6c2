"""The command line: arguments in, exit codes out, no logic."""

from __future__ import annotations

import sys

from codemod.errors import (
    NoWorkerFound,
    Refused,
    RolledBack,
    StalePlan,
    WfixError,
)

EXIT_CODES = {NoWorkerFound: 3, StalePlan: 4, Refused: 5, RolledBack: 6}
USAGE = 2


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
        app(prog_name="wfix")
    except WfixError as error:
        say(f"wfix: {error}")
        sys.exit(EXIT_CODES.get(type(error), USAGE))
