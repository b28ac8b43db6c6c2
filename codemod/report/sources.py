"""The files that findings lie in, as they were when they were judged."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.model import Project, Span
from codemod.scanner.files import Files, UnreadableFile
from codemod.syntax.lines import LineIndex


@dataclass(frozen=True, slots=True)
class Region:
    """A span as lines and columns: 1-based, in code points. The end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Source:
    """One file's bytes, and where its lines begin."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._index = LineIndex(content)

    def region(self, span: Span) -> Region:
        return Region(*self._index.position(span.start), *self._index.position(span.end))

    def is_whole(self, span: Span) -> bool:
        return span == Span(0, len(self._content))

    def line(self, number: int) -> bytes | None:
        """The bytes of a line without byte order mark and line break, None where there is none."""
        span = self._index.line(number)
        return self._content[span.start : span.end] if span else None


class Sources:
    """The files of ``project``, each read once."""

    def __init__(self, project: Project) -> None:
        self._files = Files(project.root, project.overlay)
        self._known = project.read
        self._sources: dict[str, Source | None] = {}

    def get(self, path: str) -> Source | None:
        """The file at ``path``, None where it is no longer what the findings rest on."""
        if path not in self._sources:
            self._sources[path] = self._read(path)
        return self._sources[path]

    def region(self, path: str, span: Span) -> Region | None:
        """Where ``span`` begins and ends in the file at ``path``, None where that changed."""
        source = self.get(path)
        return source.region(span) if source else None

    def _read(self, path: str) -> Source | None:
        try:
            content = self._files.read(path)
        except UnreadableFile:
            return None
        return Source(content) if self._files.hashes[path] == self._known.get(path) else None
