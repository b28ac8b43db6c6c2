"""The two streams: results on standard output, prose on standard error."""

from __future__ import annotations

import contextlib
import os
import sys

from codemod.errors import UsageError

_CLOSED_PIPE = 141
"""What a shell reports of a program that a closed pipe ended (128 + SIGPIPE)."""


def emit(content: str | bytes) -> None:
    """Writes a result to standard output. Raises ``UsageError`` where that cannot be written.

    Where its reader has gone, as with ``| head``, the program ends.
    """
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    try:
        sys.stdout.buffer.write(data)
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


def say(text: str) -> None:
    """Writes a line of prose to standard error, where there is one."""
    from codemod.report.display import printable

    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{printable(text)}\n")


def _silence_stdout() -> None:
    # The interpreter flushes standard output once more at its end, and would complain then.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
