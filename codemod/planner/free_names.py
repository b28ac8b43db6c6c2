"""Names for what a repair declares: free where they are put, and good to read."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from itertools import count

from tree_sitter import Node

from codemod.syntax import typescript
from codemod.syntax.typescript import Source, text

_NAMES = frozenset(
    {
        "identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "type_identifier",
    }
)
_WORD = re.compile(r"[A-Za-z0-9]+")


def names_in(source: Source) -> frozenset[str]:
    """Every name that a module declares or refers to, in whatever scope, types included."""
    return names_inside(source.root)


def names_inside(code: Node) -> frozenset[str]:
    """The same of a part of a module."""
    return frozenset(text(node) for node in typescript.walk(code) if node.type in _NAMES)


def first_free(candidates: Iterable[str], taken: Container[str]) -> str:
    """The first candidate that is not taken, or the first one with a number that is free."""
    candidates = list(candidates)
    for name in candidates:
        if name not in taken:
            return name
    return next(name for n in count(2) if (name := f"{candidates[0]}{n}") not in taken)


def pascal_case(name: str) -> str:
    """``api-mom`` -> ``ApiMom``; a name that begins with a digit gets ``Worker`` before it."""
    joined = "".join(word[0].upper() + word[1:] for word in _WORD.findall(name))
    return f"Worker{joined}" if not joined or joined[0].isdigit() else joined
