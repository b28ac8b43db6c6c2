"""The folders that an editor has open, and which of its documents lie in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from lsprotocol.types import Diagnostic
from pygls.uris import to_fs_path

from codemod.errors import StalePlan
from codemod.lsp.analysis import Analysis, Document, Misconfigured, Snapshot, analyse
from codemod.lsp.client import Client
from codemod.lsp.diagnostics import diagnostics
from codemod.lsp.refreshing import IsOutdated, Refresher, in_thread

Publish = Callable[[str, int | None, list[Diagnostic]], None]
"""Tells the editor what is to be said of a document: its URI, its version, the diagnostics."""


class Folder:
    """One open folder: reads it when something changes, and publishes what it finds."""

    def __init__(
        self,
        root: Path,
        uri: str,
        client: Client,
        documents: Callable[[], Iterable[Document]],
        publish: Publish,
        delay: float,
    ) -> None:
        self.root = root
        self._uri = uri
        self._client = client
        self._documents = documents
        self._publish = publish
        self._refresher = Refresher(self._refresh, delay)
        self._outcome: Analysis | Misconfigured | None = None
        self._published: set[str] = set()

    def path_of(self, uri: str) -> str | None:
        """The path of a document below this folder, None where it lies elsewhere."""
        real = real_path(uri)
        if real is None or not real.is_relative_to(self.root):
            return None
        return real.relative_to(self.root).as_posix()

    def request(self) -> None:
        """Something that the folder holds changed."""
        self._refresher.request()

    async def analysis(self) -> Analysis | None:
        """What is known of the folder as it is now; None where it cannot be judged."""
        await self._refresher.settle()
        return self._outcome if isinstance(self._outcome, Analysis) else None

    def close(self) -> None:
        """Ends the work and takes back what was published."""
        self.stop()
        for uri in sorted(self._published):
            self._publish(uri, None, [])

    def stop(self) -> None:
        """Ends the work; nothing is published any more."""
        self._refresher.close()

    async def _refresh(self, is_outdated: IsOutdated) -> bool:
        snapshot = self._snapshot()
        try:
            outcome = await in_thread(lambda: analyse(snapshot, self._client, is_outdated))
        except StalePlan:
            return False
        if outcome is None or is_outdated():
            return False
        self._outcome = outcome
        self._publish_all(snapshot, diagnostics(outcome))
        return True

    def _snapshot(self) -> Snapshot:
        open_documents = {}
        for document in self._documents():
            path = self.path_of(document.uri)
            if path:
                open_documents[path] = document
        return Snapshot(self.root, self._uri, open_documents)

    def _publish_all(self, snapshot: Snapshot, found: dict[str, list[Diagnostic]]) -> None:
        uris = {snapshot.uri_of(path): path for path in found}
        for uri in sorted(self._published - uris.keys()):
            self._publish(uri, None, [])
        for uri, path in uris.items():
            self._publish(uri, snapshot.version_of(path), found[path])
        self._published = set(uris)


def real_path(uri: str) -> Path | None:
    """The file or folder that ``uri`` names, links resolved; None where it is no local file."""
    path = to_fs_path(uri)
    return Path(os.path.realpath(path)) if path else None


def outermost(uris: Iterable[str]) -> dict[Path, str]:
    """The local folders that lie in no other one: what is in them belongs to one repository."""
    folders: dict[Path, str] = {}
    for uri in uris:
        root = real_path(uri)
        if root:
            folders.setdefault(root, uri)
    return {
        root: uri
        for root, uri in folders.items()
        if not any(other != root and root.is_relative_to(other) for other in folders)
    }
