"""The protocol's side of the language server: who asks for what, and when it is answered."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.metadata import version as installed_version

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from codemod.lsp import actions, symbols
from codemod.lsp.analysis import Analysis, Document
from codemod.lsp.client import Client, client
from codemod.lsp.folders import Folder, outermost
from codemod.lsp.hover import hover
from codemod.lsp.positions import Text
from codemod.model import Location

QUIET_SECONDS = 0.25
"""How long a person has to pause before the folder is read again."""

_WATCHED = (
    "**/*wrangler*.{json,jsonc,toml}",
    "**/{wfix.toml,package.json,project.json,tsconfig*.json,.gitignore}",
    "**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx}",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A document that the editor asks about, and what is known of its folder."""

    analysis: Analysis
    path: str
    text: Text

    def symbol_at(self, position: types.Position) -> symbols.Symbol | None:
        return symbols.symbol_at(self.analysis, self.path, self.text.offset(position))

    def shown(self, locations: Iterable[Location]) -> list[types.Location]:
        """The beginnings of these places, as the editor counts."""
        shown = []
        for location in locations:
            text = self.analysis.texts.get(location.path)
            if text:
                start = text.position(location.span.start)
                uri = self.analysis.snapshot.uri_of(location.path)
                shown.append(types.Location(uri, types.Range(start, start)))
        return shown


class Server(LanguageServer):
    """A connection to one editor, and the folders that it has open."""

    def __init__(self) -> None:
        # Whole texts: an incremental change would be applied by pygls, which counts a form feed
        # and U+2028 as ends of lines.
        super().__init__(
            "wfix",
            installed_version("wfix"),
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
        )
        self.folders: list[Folder] = []
        self.was_shut_down = False
        for method, handler in _HANDLERS.items():
            self.feature(method)(handler)
        kinds = types.CodeActionOptions([types.CodeActionKind.QuickFix, actions.FIX_ALL])
        self.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(_offer_actions)

    @property
    def editor(self) -> Client:
        return client(self.client_capabilities, self.workspace.position_encoding or "")

    def open_folders(self) -> None:
        """Brings ``folders`` in step with those of the editor."""
        workspace = self.workspace
        uris = [folder.uri for folder in workspace.folders.values()]
        wanted = outermost(uris or filter(None, [workspace.root_uri]))
        for folder in self.folders:
            if folder.root not in wanted:
                folder.close()
        kept = [folder for folder in self.folders if folder.root in wanted]
        opened = wanted.keys() - {folder.root for folder in kept}
        for root in sorted(opened):
            folder = Folder(
                root, wanted[root], self.editor, self._documents, self._publish, QUIET_SECONDS
            )
            folder.request()
            kept.append(folder)
        self.folders = kept

    def changed(self, uri: str) -> None:
        """The document at ``uri`` is another now, in the editor or on the disk."""
        for folder in self.folders:
            if folder.path_of(uri):
                folder.request()

    async def place(self, uri: str) -> Place | None:
        """The document at ``uri`` with what is known of its folder as it is now."""
        for folder in self.folders:
            path = folder.path_of(uri)
            if path:
                analysis = await folder.analysis()
                text = analysis.texts.get(path) if analysis else None
                return Place(analysis, path, text) if analysis and text else None
        return None

    def _documents(self) -> Iterator[Document]:
        for document in self.workspace.text_documents.values():
            # A lone surrogate, which no file can hold, counts as one character in both.
            content = document.source.encode("utf-8", "replace")
            yield Document(document.uri, document.version, content)

    def _publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))


def _begin(server: Server, _params: types.InitializedParams) -> None:
    server.open_folders()
    if server.editor.watches_files:
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("watched-files", method, options)
        server.client_register_capability(types.RegistrationParams([registration]))


def _shut_down(server: Server, _params: None) -> None:
    server.was_shut_down = True
    for folder in server.folders:
        folder.stop()


def _change_folders(server: Server, _params: types.DidChangeWorkspaceFoldersParams) -> None:
    server.open_folders()


def _change_document(
    server: Server,
    params: types.DidOpenTextDocumentParams
    | types.DidChangeTextDocumentParams
    | types.DidSaveTextDocumentParams
    | types.DidCloseTextDocumentParams,
) -> None:
    server.changed(params.text_document.uri)


def _change_files(server: Server, params: types.DidChangeWatchedFilesParams) -> None:
    for uri in dict.fromkeys(change.uri for change in params.changes):
        server.changed(uri)


async def _offer_actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    place = await server.place(params.text_document.uri)
    if place is None:
        return []
    span = place.text.span(params.range)
    return actions.actions(place.analysis, place.path, span, params.context.only)


async def _hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    place = await server.place(params.text_document.uri)
    symbol = place.symbol_at(params.position) if place else None
    return hover(place.analysis, symbol) if place and symbol else None


async def _define(server: Server, params: types.DefinitionParams) -> list[types.Location]:
    place = await server.place(params.text_document.uri)
    symbol = place.symbol_at(params.position) if place else None
    if place is None or symbol is None:
        return []
    return place.shown(symbols.definitions(place.analysis, symbol))


async def _refer(server: Server, params: types.ReferenceParams) -> list[types.Location]:
    place = await server.place(params.text_document.uri)
    if place is None:
        return []
    line = params.position.line + 1
    return place.shown(symbols.references(place.analysis, place.path, line))


_HANDLERS: Mapping[str, Callable[..., object]] = {
    types.INITIALIZED: _begin,
    types.SHUTDOWN: _shut_down,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: _change_folders,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: _change_files,
    types.TEXT_DOCUMENT_DID_OPEN: _change_document,
    types.TEXT_DOCUMENT_DID_CHANGE: _change_document,
    types.TEXT_DOCUMENT_DID_SAVE: _change_document,
    types.TEXT_DOCUMENT_DID_CLOSE: _change_document,
    types.TEXT_DOCUMENT_HOVER: _hover,
    types.TEXT_DOCUMENT_DEFINITION: _define,
    types.TEXT_DOCUMENT_REFERENCES: _refer,
}


def run() -> int:
    """Serves one editor over standard input and output; the exit code that the protocol asks for.

    Ends where the editor says so or closes standard input.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    output = sys.stdout.buffer
    server = Server()
    # Standard output is the protocol's: what anything prints must not come between.
    with redirect_stdout(sys.stderr):
        server.start_io(sys.stdin.buffer, output)
    return 0 if server.was_shut_down else 1
