"""What is known of a workspace folder, its unsaved documents included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from codemod import settings
from codemod.errors import UsageError
from codemod.lsp.client import Client
from codemod.lsp.positions import Text
from codemod.model import Finding, Fix, Plan, Safety
from codemod.planner import plan
from codemod.planner.verdicts import Subject, subjects
from codemod.report.sharing import join
from codemod.scanner import scan
from codemod.scanner.files import Files, UnreadableFile
from codemod.settings import FILE_NAME, Settings


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is open in the editor. ``uri`` is as the editor spells it."""

    uri: str
    version: int | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder as the editor shows it: ``documents`` by their paths, other files as on the disk."""

    root: Path
    uri: str
    documents: Mapping[str, Document] = field(default_factory=dict)

    def uri_of(self, path: str) -> str:
        document = self.documents.get(path)
        if document:
            return document.uri
        return f"{self.uri.rstrip('/')}/{quote(path, errors='surrogateescape')}"

    def version_of(self, path: str) -> int | None:
        document = self.documents.get(path)
        return document.version if document else None

    def contents(self) -> dict[str, bytes]:
        return {path: document.content for path, document in self.documents.items()}


class Texts:
    """The files of a snapshot as they were when they were judged, each read once."""

    def __init__(self, snapshot: Snapshot, client: Client, read: Mapping[str, str]) -> None:
        self._files = Files(snapshot.root, snapshot.contents())
        self._documents = snapshot.documents
        self._encoding = client.encoding
        self._known = read
        self._texts: dict[str, Text | None] = {}

    def get(self, path: str) -> Text | None:
        """The text at ``path``, None where it cannot be read or is another by now."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> Text | None:
        try:
            content = self._files.read(path)
        except UnreadableFile:
            return None
        if self._known.get(path, self._files.hashes[path]) != self._files.hashes[path]:
            return None
        return Text(content, self._encoding, holds_mark=path in self._documents)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in a folder: a plan whose changes are its safe fixes, and its bindings."""

    snapshot: Snapshot
    client: Client
    texts: Texts
    plan: Plan
    subjects: tuple[Subject, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that nobody has called known, one for all deployments that it is of."""
        return tuple(finding for finding in join(self.plan.findings) if not finding.suppressed)


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """A folder that is not judged, since its ``wfix.toml`` asks for what cannot be."""

    snapshot: Snapshot
    text: Text
    fault: UsageError


def analyse(
    snapshot: Snapshot, client: Client, is_outdated: Callable[[], bool] = lambda: False
) -> Analysis | Misconfigured | None:
    """Reads and judges the folder; None where ``is_outdated`` said that nobody wants it any more.

    Raises ``StalePlan`` where a file changed on the disk meanwhile.
    """
    changed = snapshot.contents()
    try:
        asked = _settings(snapshot)
        project = scan(snapshot.root, exclude=asked.exclude, changed=changed)
        if is_outdated():
            return None
        made = plan(project, asked, _is_safe)
    except UsageError as fault:
        text = Texts(snapshot, client, {}).get(FILE_NAME)
        return Misconfigured(snapshot, text or Text(b"", client.encoding), fault)
    texts = Texts(snapshot, client, made.project.read)
    return Analysis(snapshot, client, texts, made, tuple(subjects(made.project)))


def _settings(snapshot: Snapshot) -> Settings:
    document = snapshot.documents.get(FILE_NAME)
    return settings.read(document.content) if document else settings.load(snapshot.root)


def _is_safe(_finding: Finding, fix: Fix) -> bool:
    return fix.safety is Safety.SAFE
