"""What the strategy gives: edits, new files, and what a person does with them."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.model import Edit, NewFile


@dataclass(frozen=True, slots=True)
class Split:
    """A new Worker called ``name`` that takes over a target's Durable Object classes.

    ``steps`` are plain sentences, in the order in which they are to be done: what to deploy, what
    that does to stored data, how to go back.
    """

    name: str
    edits: tuple[Edit, ...]
    new_files: tuple[NewFile, ...]
    steps: tuple[str, ...]
