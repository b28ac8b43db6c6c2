"""What the strategies work with: the project, its files and modules, and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from codemod.model import Project
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.settings import Settings
from codemod.syntax import documents
from codemod.syntax.tree import Document


@dataclass(frozen=True, slots=True)
class Workshop:
    project: Project
    settings: Settings
    files: Files
    modules: Modules
    _documents: dict[str, Document] = field(default_factory=dict)

    def document(self, path: str) -> Document:
        """The configuration at ``path``, which the scan could read."""
        if path not in self._documents:
            self._documents[path] = documents.parse(path, self.files.read(path))
        return self._documents[path]
