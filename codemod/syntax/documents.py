"""Configuration documents by their file's suffix."""

from __future__ import annotations

from codemod.syntax import jsonc, toml
from codemod.syntax.tree import Document


def parse(path: str, source: bytes) -> Document:
    """Parses a configuration file by its suffix (``.toml``, else JSON with comments).

    Raises ``SourceError`` with line and column where it is not valid.
    """
    return toml.parse(source) if path.endswith(".toml") else jsonc.parse(source)
