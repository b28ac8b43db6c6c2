"""Where the program writes: results to standard output or a file, prose to standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from codemod.errors import UsageError

_CLOSED_PIPE = 141
"""What a shell reports of a program that a closed pipe ended (128 + SIGPIPE)."""


def emit(content: str | bytes) -> None:
    """Writes a result to standard output. Raises ``UsageError`` where that cannot be written.

    Where its reader has gone, as with ``| head``, the program ends.
    """
    try:
        sys.stdout.buffer.write(_encoded(content))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence_stdout()
        sys.exit(_CLOSED_PIPE)
    except (OSError, ValueError) as error:
        _silence_stdout()
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"cannot write to standard output: {reason}") from error
    except AttributeError as error:
        raise UsageError("standard output is closed") from error


def write_file(path: Path, content: str | bytes) -> None:
    """Writes a result to ``path``: all of it or nothing. Raises ``UsageError`` where it cannot."""
    from codemod.writer.disk import write_whole

    try:
        write_whole(path, _encoded(content))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def say(text: str) -> None:
    """Writes a line of prose to standard error, where there is one."""
    from codemod.report.display import printable

    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{printable(text)}\n")


def _encoded(content: str | bytes) -> bytes:
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content


def _silence_stdout() -> None:
    # The interpreter flushes standard output once more at its end, and would complain then.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
