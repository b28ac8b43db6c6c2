"""Colours for a person at a terminal, with Rich: it takes its time to import."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from codemod.report.styled import Line, Role, plain

_STYLES = {
    Role.PLACE: "bold",
    Role.ERROR: "bold red",
    Role.WARNING: "bold yellow",
    Role.NOTE: "bold cyan",
    Role.REPAIR: "green",
    Role.MARGIN: "dim",
}


def painted(lines: Iterable[Line]) -> str:
    """The lines with the codes that colour them, each ending in a newline."""
    console = Console(force_terminal=True, soft_wrap=True, highlight=False)
    if console.legacy_windows:  # it takes calls, not codes
        return plain(lines)
    with console.capture() as capture:
        for line in lines:
            text = Text()
            for part in line:
                text.append(part.text, _STYLES[part.role] if part.role else None)
            text.rstrip()
            console.print(text)
    return capture.get()
