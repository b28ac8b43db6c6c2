"""The command ``diagnose``: one message from the command line, or all that a stream brings."""

from __future__ import annotations

import codecs
import contextlib
import sys
from collections.abc import Iterable, Iterator
from types import ModuleType

from codemod.cli.output import emit, say
from codemod.diagnosis.places import Survey, diagnose
from codemod.diagnosis.recognition import Recognised, nearest, recognise, recognise_all
from codemod.errors import UsageError
from codemod.report.display import Display

STANDARD_INPUT = "-"
_LONGEST_PIECE = 1 << 16
"""Bytes: a longer line, or a stream without lines, is read in pieces."""


def require_known(text: str) -> None:
    """Raises ``UsageError`` for a text in which no message is known, naming one much like it."""
    if recognise(text) is not None:
        return
    near = nearest(text)
    hint = f"; the nearest one is: {near.title}" if near else ""
    raise UsageError(f"that text holds no message that wfix knows{hint}")


def diagnose_text(text: str, survey: Survey, renderer: ModuleType, display: Display) -> None:
    """Prints a diagnosis of each message in ``text``."""
    _diagnose_all([text], {}, survey, renderer, display)


def diagnose_stream(survey: Survey, renderer: ModuleType, display: Display) -> None:
    """Prints a diagnosis of each message on standard input when it is first met, then how often.

    An interrupt ends the stream, as it is how ``wrangler tail`` is left.
    """
    counts: dict[Recognised, int] = {}
    with contextlib.suppress(KeyboardInterrupt):
        _diagnose_all(_pieces(), counts, survey, renderer, display)
    if counts:
        emit(renderer.totals(counts.items()))
    else:
        say("no message that wfix knows came by")


def _diagnose_all(
    pieces: Iterable[str],
    counts: dict[Recognised, int],
    survey: Survey,
    renderer: ModuleType,
    display: Display,
) -> None:
    for sighting in recognise_all(pieces):
        counts[sighting.recognised] = sighting.count
        if sighting.count == 1:
            emit(renderer.render(diagnose(sighting.recognised, survey), display))


def _pieces() -> Iterator[str]:
    """Standard input line by line, with what is no UTF-8 replaced; nothing where it is closed."""
    if sys.stdin is None:
        return
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    while piece := sys.stdin.buffer.readline(_LONGEST_PIECE):
        yield decoder.decode(piece)
