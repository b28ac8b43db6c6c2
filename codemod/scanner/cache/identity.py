"""Whose an entry is: what it was made by, and what it was asked for."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_PACKAGE = Path(__file__).parents[2]
_LIBRARIES = ("json5kit", "pathspec", "tomlkit", "tree_sitter", "tree_sitter_typescript")
"""What the result of a scan depends on, beside wfix."""


def identity(asked: bytes) -> str:
    """Changes with wfix, with what it is run by, and with what is asked for."""
    return hashlib.sha256(_maker(_PACKAGE, _LIBRARIES) + asked).hexdigest()


@cache
def _maker(package: Path, libraries: tuple[str, ...]) -> bytes:
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(package.rglob("*.py")):
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    for name in libraries:
        spec = find_spec(name)
        if spec and spec.origin:
            # An installer changes the folder that it puts a release into.
            folder = Path(spec.origin).parents[1]
            digest.update(f"{spec.origin} {folder.stat().st_mtime_ns}\n".encode())
    return digest.digest()
