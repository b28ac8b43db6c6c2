"""What a name that nothing has may have been meant for."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.65
"""Words of which less is alike are different words: CounterSubAgent, TestWorkflowSubAgent."""


def hint(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """The end of a complaint about ``name``: the nearest of ``known``, else ``otherwise``.

    Empty, or begins with a semicolon.
    """
    near = nearest(name, known)
    if near is not None:
        return f"; {question(near)}"
    return f"; {otherwise}" if otherwise else ""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that is spelt most like ``name``, upper and lower case alike."""
    folded = {each.casefold(): each for each in known if each and each != name}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=_ALIKE)
    return folded[near[0]] if near else None


def question(name: str) -> str:
    """Asks whether ``name`` is meant."""
    return f'did you mean "{name}"?'
