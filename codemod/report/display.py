"""How places and foreign text are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from codemod.model import Location

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Display:
    """Paths as the user would type them: ``prefix`` leads from where they stand to the root.

    ``prefix`` is POSIX, without a final slash, and empty where the root is that folder or lies
    outside it (paths are then relative to the root).
    """

    prefix: str = ""

    def path(self, path: str) -> str:
        return f"{self.prefix}/{path}" if self.prefix else path

    def place(self, location: Location) -> str:
        return f"{printable(self.path(location.path))}:{location.line}:{location.column}"


def printable(text: str) -> str:
    """``text`` with control characters and lone surrogates escaped: it cannot steer a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def well_formed(text: str) -> str:
    """``text`` with lone surrogates escaped: every reader of UTF-8 takes it."""
    return _LONE_SURROGATE.sub(lambda match: _escaped(match[0]), text)


def _escaped(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
