"""The Worker's entry module: what lies beside it, and how it is written."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from codemod.model import ExportForm, Unknown, Worker
from codemod.planner.layout import Layout, layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.split.written import as_imported, relative
from codemod.scanner.modules import Modules, specifiers
from codemod.syntax.typescript import SUFFIXES, Source

_TYPESCRIPT = {".ts": ".ts", ".tsx": ".ts", ".mts": ".mts", ".cts": ".ts"}
_JAVASCRIPT = {".mjs": ".mjs", ".cjs": ".mjs"}


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry module of a Worker. New modules are in its language and in its style."""

    source: Source
    layout: Layout

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def suffix(self) -> str:
        """The suffix of a new module."""
        suffix = posixpath.splitext(self.path)[1].lower()
        return _TYPESCRIPT.get(suffix) or _JAVASCRIPT.get(suffix, ".js")

    @property
    def is_typescript(self) -> bool:
        return self.suffix in _TYPESCRIPT

    def beside(self, stem: str) -> str:
        """The path of a new module in the same folder."""
        return posixpath.join(posixpath.dirname(self.path), f"{stem}{self.suffix}")

    def lookalikes(self, stem: str) -> tuple[str, ...]:
        """The paths of modules that the same import might mean as ``beside(stem)``."""
        folder = posixpath.dirname(self.path)
        return tuple(posixpath.join(folder, f"{stem}{suffix}") for suffix in SUFFIXES)

    def specifier(self, path: str) -> str:
        """How the entry imports the module at ``path``: as it does other modules.

        Where there are none, a module in JavaScript is named in full: it may be run unbundled.
        """
        has_example = any(item.value.startswith(".") for item in specifiers(self.source))
        is_full = not has_example and not self.is_typescript
        written = path if is_full else as_imported(self.source, path)
        return relative(written, posixpath.dirname(self.path))


def read(modules: Modules, worker: Worker) -> Entry | Refusal:
    """The entry of ``worker``, or why nothing can be put beside it."""
    if worker.main is None:
        reason, location = "it has no entry module in the repository", None
        if isinstance(worker.exports, Unknown):
            reason, location = f"{reason}: {worker.exports.reason}", worker.exports.location
        return Refusal(reason, location)
    source = modules.source(worker.main)
    if isinstance(source, Unknown):
        return Refusal(f"its entry module cannot be read: {source.reason}", source.location)
    return Entry(source, layout_of(source))


def with_environment(modules: Modules, worker: Worker) -> Entry | Refusal:
    """``read`` for modules that are handed the environment, which not every format has."""
    default = worker.default_export
    if default is not None and default.form is ExportForm.SERVICE_WORKER:
        return Refusal(
            "it is in the service worker format, where bindings are global names and nothing hands "
            "on an environment: give it an `export default { fetch }` first",
            default.location,
        )
    return read(modules, worker)
