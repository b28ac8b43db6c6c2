"""The edits of a plan: which fixes can be made together, and the files after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from codemod.model import Edit, FileChange, Finding, Fix, NewFile, PlannedEdit, Project, Span
from codemod.planner.rereading import changed_meanwhile
from codemod.scanner.files import Files
from codemod.syntax.edits import Compatible, apply_edits


class Changes:
    """Collects fixes, and refuses those that touch the same bytes as one collected before."""

    def __init__(self, project: Project, files: Files) -> None:
        self._project = project
        self._files = files
        self._edits: dict[str, dict[Edit, PlannedEdit]] = {}
        self._compatible: dict[str, Compatible] = defaultdict(Compatible)
        self._created: dict[str, PlannedEdit] = {}

    def add(self, finding: Finding, fix: Fix) -> bool:
        """Takes all of ``fix`` in, or nothing and says False. Equal edits count once."""
        if self._collides(fix):
            return False
        for edit in fix.edits:
            self._edits.setdefault(edit.path, {}).setdefault(edit, _planned(finding, fix, edit))
            self._compatible[edit.path].add(edit)
        for file in fix.new_files:
            self._created.setdefault(file.path, _planned(finding, fix, _creation(file)))
        return True

    def files(self) -> Iterator[FileChange]:
        """The changes by path. Raises ``StalePlan`` where a file changed since it was scanned."""
        for path in sorted(self._edits.keys() | self._created.keys()):
            created = self._created.get(path)
            if created:
                yield FileChange(path, None, created.edit.text.encode(), (created,))
                continue
            before = self._files.read(path)
            known = self._project.read.get(path)
            if known not in (None, self._files.hashes[path]):
                raise changed_meanwhile(path)
            edits = self._edits[path]
            yield FileChange(path, before, apply_edits(before, edits), tuple(edits.values()))

    def _collides(self, fix: Fix) -> bool:
        by_path: dict[str, list[Edit]] = defaultdict(list)
        for edit in fix.edits:
            by_path[edit.path].append(edit)
        if not all(self._compatible[path].accepts(edits) for path, edits in by_path.items()):
            return True
        return any(
            file.path in self._created and self._created[file.path].edit != _creation(file)
            for file in fix.new_files
        )


def _planned(finding: Finding, fix: Fix, edit: Edit) -> PlannedEdit:
    return PlannedEdit(edit, finding.rule, fix.strategy, fix.safety, fix.reasons)


def _creation(file: NewFile) -> Edit:
    return Edit(file.path, Span(0, 0), file.text)
