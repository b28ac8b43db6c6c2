"""Unified diffs that ``git apply`` takes, whatever the file holds."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

_ESCAPES = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r"}
_NO_NEWLINE = "\n\\ No newline at end of file\n"


def unified(path: str, before: bytes | None, after: bytes | None) -> str:
    r"""The diff of one file with three lines of context; empty where nothing changes.

    ``path`` is POSIX, relative to where the patch is to be applied. None stands for a file that
    is not there. Lines end at ``\n`` alone. Raises ``UnicodeDecodeError`` where a side is not
    UTF-8.
    """
    lines = difflib.unified_diff(
        _lines(before),
        _lines(after),
        fromfile=_label("a", path, before),
        tofile=_label("b", path, after),
    )
    return "".join(_terminated(lines))


def stat(path: str, before: bytes | None, after: bytes | None) -> tuple[int, int]:
    """How many lines the change of one file adds and removes."""
    added = removed = 0
    for line in unified(path, before, after).split("\n")[2:]:
        added += line.startswith("+")
        removed += line.startswith("-")
    return added, removed


def _lines(content: bytes | None) -> list[str]:
    text = (content or b"").decode("utf-8")
    return [line for line in _split_after_newline(text) if line]


def _split_after_newline(text: str) -> Iterator[str]:
    *whole, last = text.split("\n")
    yield from (f"{line}\n" for line in whole)
    yield last


def _terminated(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else line + _NO_NEWLINE


def _label(side: str, path: str, content: bytes | None) -> str:
    if content is None:
        return "/dev/null"
    name = f"{side}/{path}"
    if _needs_quotes(name):
        return f'"{"".join(_quoted(char) for char in name)}"'
    return f"{name}\t" if " " in name else name


def _needs_quotes(name: str) -> bool:
    return any(char in '"\\' or not " " <= char <= "~" for char in name)


def _quoted(char: str) -> str:
    if char in _ESCAPES:
        return f"\\{_ESCAPES[char]}"
    if char in '"\\':
        return f"\\{char}"
    if " " <= char <= "~":
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))
