"""What is asked for, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.model import Edit, NewFile, Worker
from codemod.planner.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Order:
    """An addition to ``worker``; ``wire`` asks to change what is there, so that it is used."""

    workshop: Workshop
    worker: Worker
    wire: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """New files, the edits that wire them, and what a person does with them, in order.

    ``taken_by`` are further paths that must be free. ``spoiled_by`` are rules: where one of them
    finds a fault in the new files that cannot be mended within these, nothing is added, and
    ``remedy`` says what to do instead.
    """

    new_files: tuple[NewFile, ...]
    steps: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    taken_by: tuple[str, ...] = ()
    spoiled_by: tuple[str, ...] = ()
    remedy: str = ""
