"""The modules of a repository and how their import specifiers resolve."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from codemod.model import Unknown
from codemod.scanner.files import Files, UnreadableFile
from codemod.syntax import typescript
from codemod.syntax.typescript import SUFFIXES, Source


@dataclass(frozen=True, slots=True)
class External:
    """A module outside the repository: a registry package or one of the runtime's own.

    ``package`` is the bare package name (``@cloudflare/containers``, ``cloudflare:workers``).
    """

    package: str
    specifier: str


Resolution = str | External | Unknown
"""The path of a module of the repository, an external module, or why neither can be told."""


class Modules:
    """Parses each module once and resolves specifiers as wrangler's bundler does."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._sources: dict[str, Source | Unknown] = {}

    def source(self, path: str) -> Source | Unknown:
        """The parsed module at ``path``, or why it cannot be read."""
        if path not in self._sources:
            self._sources[path] = self._parse(path)
        return self._sources[path]

    def resolve(
        self, specifier: str, importer: str, alias: Mapping[str, str] | None = None
    ) -> Resolution:
        """Where ``specifier``, written in the module ``importer``, leads.

        ``alias`` is the ``alias`` table of the Worker's configuration.
        """
        if specifier.startswith(("./", "../")) or specifier in (".", ".."):
            folder = posixpath.dirname(importer)
            return self._file(posixpath.normpath(posixpath.join(folder, specifier)))
        return External(specifier, specifier)

    def _file(self, path: str) -> str | Unknown:
        stem, suffix = posixpath.splitext(path)
        typed = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
        candidates = [path] if suffix in SUFFIXES else []
        candidates += [stem + other for other in typed.get(suffix, ())]
        candidates += [path + other for other in SUFFIXES]
        candidates += [f"{path}/index{other}" for other in SUFFIXES]
        for candidate in candidates:
            if self.files.is_file(candidate):
                return candidate
        return Unknown(f"no module at {path}")

    def _parse(self, path: str) -> Source | Unknown:
        if PurePosixPath(path).suffix.lower() not in SUFFIXES:
            return Unknown(f"{path} is not TypeScript or JavaScript")
        try:
            content = self.files.read(path)
        except UnreadableFile as error:
            return Unknown(f"{path} {error}")
        return typescript.parse(path, content)
