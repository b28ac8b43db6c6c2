"""Configuration documents by their file's suffix."""

from __future__ import annotations

from codemod.syntax.tree import Document


def parse(path: str, source: bytes) -> Document:
    """Parses a configuration file by its suffix (``.toml``, else JSON with comments).

    Raises ``SourceError`` with line and column where it is not valid.
    """
    # Most repositories have but one of both.
    if path.endswith(".toml"):
        from codemod.syntax import toml

        return toml.parse(source)
    from codemod.syntax import jsonc

    return jsonc.parse(source)
