"""Commands that are given nothing but paths.

To read options typer loads as much as all that it takes to check a repository that is known.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

_ASKS_FOR_COMPLETION = "_WFIX_COMPLETE"
_INTERRUPTED = 130


def run(arguments: Sequence[str]) -> bool:
    """Runs ``check`` or ``plan`` and ends the program; False where typer has to read more."""
    command, *paths = arguments or ("",)
    if command not in {"check", "plan"} or not _are_paths(paths):
        return False
    from codemod.cli.session import Request

    request = Request([Path(path) for path in paths])
    try:
        if command == "check":
            from codemod.cli import checking

            checking.check(request, checking.Wanted())
        from codemod.cli import planning

        planning.plan(request, planning.Wanted())
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _are_paths(arguments: Sequence[str]) -> bool:
    # On Windows typer expands patterns, which no shell does there.
    if sys.platform == "win32" or _ASKS_FOR_COMPLETION in os.environ:
        return False
    return not any(argument.startswith("-") for argument in arguments)
