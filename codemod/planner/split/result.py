"""What the strategy gives: edits, new files, and what a person does with them."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.model import Edit


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that does not exist yet. ``path`` is POSIX and relative to the project's root."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, what it does to stored data, or how to go back: plain sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Split:
    """A new Worker called ``name`` that takes over a target's Durable Object classes.

    ``steps`` stand in the order in which they are to be done.
    """

    name: str
    edits: tuple[Edit, ...]
    new_files: tuple[NewFile, ...]
    steps: tuple[Step, ...]
