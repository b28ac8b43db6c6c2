"""How specifiers of modules are written, and the names that are exported from them."""

from __future__ import annotations

import posixpath
import re

from codemod.scanner.modules import specifiers
from codemod.syntax.typescript import Source

_SUFFIX = re.compile(r"\.[cm]?[jt]sx?")
_IDENTIFIER = re.compile(r"[\w$]+")
_OUTPUT = {".ts": ".js", ".tsx": ".js", ".jsx": ".js", ".mts": ".mjs", ".cts": ".cjs"}


def as_imported(source: Source, path: str) -> str:
    """The path of a module as the relative imports of ``source`` name one."""
    stem, suffix = posixpath.splitext(path)
    for specifier in specifiers(source):
        if specifier.value.startswith("."):
            written = posixpath.splitext(specifier.value)[1]
            if not _SUFFIX.fullmatch(written):
                return stem
            return path if "t" in written else stem + _OUTPUT.get(suffix, suffix)
    return stem


def relative(path: str, folder: str) -> str:
    """The specifier that leads from a module in ``folder`` to ``path``."""
    found = posixpath.relpath(path or ".", folder or ".")
    return found if found.startswith("../") or found == ".." else f"./{found}"


def renamed(imported: str, name: str) -> str:
    """The item of a list of exports that passes ``imported`` on as ``name``."""
    return name if imported == name else f"{_module_name(imported)} as {_module_name(name)}"


def _module_name(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else f'"{name}"'
