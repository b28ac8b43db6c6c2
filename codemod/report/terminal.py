"""What a stream is good for."""

from __future__ import annotations

import os
from typing import IO, Any


def takes_colours(stream: IO[Any] | None) -> bool:
    """Whether to colour what goes to ``stream``.

    That is, if it is a terminal that can do more than print. ``NO_COLOR`` forbids colours and
    ``FORCE_COLOR`` asks for them everywhere; set to nothing they say nothing.
    """
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR")
    if forced:
        return forced != "0"
    return is_interactive(stream)


def is_interactive(stream: IO[Any] | None) -> bool:
    """Whether ``stream`` is a terminal on which a line can be taken back."""
    if os.environ.get("TERM") == "dumb":
        return False
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it is closed
        return False
