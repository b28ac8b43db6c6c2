"""What the strategies work with: the project, its files and modules, and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

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

    def document(self, path: str) -> Document:
        """The configuration at ``path``, which the scan could read."""
        return documents.parse(path, self.files.read(path))
