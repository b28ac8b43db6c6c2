"""An editor: pygls' client with a server of its own, a real process, at the other end."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from repositories import ATLAS, CASES, copy

from codemod.lsp.analysis import Analysis, Document, Snapshot, analyse
from codemod.lsp.client import Client

SECONDS = 60  # that an answer may take on a busy machine

ABLE = Client(
    related_information=True, tags=True, markdown=True, versioned_edits=True, creates_files=True
)
CAPABILITIES = types.ClientCapabilities(
    general=types.GeneralClientCapabilities(position_encodings=["utf-16"]),
    text_document=types.TextDocumentClientCapabilities(
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
            related_information=True,
            tag_support=types.ClientDiagnosticsTagOptions(list(types.DiagnosticTag)),
        ),
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
        ),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
            dynamic_registration=True
        ),
    ),
)


class Editor:
    """What a person does in an editor, and what they are shown."""

    def __init__(self) -> None:
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.notifications = 0
        self.registered: list[types.Registration] = []
        self.messages: list[str] = []
        self._shown: list[Path] = []
        self._versions: dict[str, int] = {}
        self._client = LanguageClient("test", "1")
        self._on(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, self._keep_diagnostics)
        self._on(types.CLIENT_REGISTER_CAPABILITY, self._keep_registration)
        self._on(types.WINDOW_SHOW_MESSAGE, self._keep_message)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    # --- The connection

    def start(
        self, capabilities: types.ClientCapabilities = CAPABILITIES, root_uri: str | None = None
    ) -> types.InitializeResult:
        self._run(self._client.start_io(sys.executable, "-m", "codemod", "lsp", "--stdio"))
        result = self.ask(
            types.INITIALIZE,
            types.InitializeParams(
                capabilities=capabilities, root_uri=root_uri, workspace_folders=None
            ),
        )
        self.tell(types.INITIALIZED, types.InitializedParams())
        return result

    def ask(self, method: str, params: object = None):
        async def ask():
            return await self._client.protocol.send_request_async(method, params)

        return self._run(ask())

    def tell(self, method: str, params: object = None) -> None:
        async def tell():
            self._client.protocol.notify(method, params)

        self._run(tell())

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._client._server is not None
        return self._client._server

    def exit_code(self) -> int:
        return self._run(self.process.wait())

    def close_input(self) -> None:
        self._loop.call_soon_threadsafe(self.process.stdin.close)

    def end(self) -> None:
        if self._client._server and self.process.returncode is None:
            self._loop.call_soon_threadsafe(self.process.kill)
            self.exit_code()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(SECONDS)

    # --- Documents

    def open(self, path: Path, text: str | None = None) -> None:
        """Shows the file, as an editor without its byte order mark."""
        shown = path.read_bytes().decode("utf-8-sig") if text is None else text
        self._versions[path.as_uri()] = 1
        item = types.TextDocumentItem(path.as_uri(), "text", 1, shown)
        self.tell(types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(item))

    def type(self, path: Path, text: str) -> None:
        """Makes ``text`` the whole content of the open file, and saves nothing."""
        uri = path.as_uri()
        self._versions[uri] += 1
        self.tell(
            types.TEXT_DOCUMENT_DID_CHANGE,
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self._versions[uri], uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            ),
        )

    def close(self, path: Path) -> None:
        self._close(path.as_uri())

    def _close(self, uri: str) -> None:
        del self._versions[uri]
        params = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        self.tell(types.TEXT_DOCUMENT_DID_CLOSE, params)

    def show(self, *folders: Path) -> None:
        """Has these folders open, and no others."""
        event = types.WorkspaceFoldersChangeEvent(_folders(folders), _folders(self._shown))
        params = types.DidChangeWorkspaceFoldersParams(event)
        self.tell(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, params)
        self._shown = list(folders)

    def clear(self) -> None:
        """Closes everything, and forgets what was shown."""
        for uri in list(self._versions):
            self._close(uri)
        self.show()
        self.ask(types.TEXT_DOCUMENT_HOVER, types.HoverParams(*_at(Path("/nowhere"), 0, 0)))
        self.published.clear()
        self.notifications = 0

    def changed_on_disk(self, path: Path) -> None:
        event = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
        params = types.DidChangeWatchedFilesParams([event])
        self.tell(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, params)

    # --- What is shown

    def diagnostics(self, path: Path) -> list[types.Diagnostic]:
        """What is said of the file once the server knows of every change.

        It answers a hover only then, and publishes before it answers.
        """
        self.hover(path, 0, 0)
        published = self.published.get(path.as_uri())
        return list(published.diagnostics) if published else []

    def codes(self, path: Path) -> list[str]:
        return [str(item.code) for item in self.diagnostics(path)]

    def version(self, path: Path) -> int | None:
        """The version of the file that what was last said is about."""
        return self.published[path.as_uri()].version

    def hover(self, path: Path, line: int, character: int) -> types.Hover | None:
        return self.ask(types.TEXT_DOCUMENT_HOVER, types.HoverParams(*_at(path, line, character)))

    def definitions(self, path: Path, line: int, character: int) -> list[types.Location]:
        params = types.DefinitionParams(*_at(path, line, character))
        return list(self.ask(types.TEXT_DOCUMENT_DEFINITION, params) or [])

    def references(self, path: Path, line: int, character: int) -> list[types.Location]:
        context = types.ReferenceContext(include_declaration=False)
        params = types.ReferenceParams(context, *_at(path, line, character))
        return list(self.ask(types.TEXT_DOCUMENT_REFERENCES, params) or [])

    def actions(
        self, path: Path, where: types.Range, only: list[str] | None = None
    ) -> list[types.CodeAction]:
        document = types.TextDocumentIdentifier(path.as_uri())
        params = types.CodeActionParams(document, where, types.CodeActionContext([], only))
        return list(self.ask(types.TEXT_DOCUMENT_CODE_ACTION, params) or [])

    def _on(self, method: str, handler: Callable[[Any], None]) -> None:
        # pygls marks what it registers, which a bound method does not let it.
        self._client.feature(method)(partial(handler))

    def _keep_diagnostics(self, params: types.PublishDiagnosticsParams) -> None:
        self.published[params.uri] = params
        self.notifications += 1

    def _keep_registration(self, params: types.RegistrationParams) -> None:
        self.registered += params.registrations

    def _keep_message(self, params: types.ShowMessageParams) -> None:
        self.messages.append(params.message)


def _at(path: Path, line: int, character: int) -> tuple[types.TextDocumentIdentifier, ...]:
    return types.TextDocumentIdentifier(path.as_uri()), types.Position(line, character)


def _folders(paths: Iterable[Path]) -> list[types.WorkspaceFolder]:
    return [types.WorkspaceFolder(path.as_uri(), path.name) for path in paths]


@pytest.fixture
def new_editor() -> Iterator[Editor]:
    """An editor that has yet to start its server."""
    made = Editor()
    yield made
    made.end()
    assert made.messages == []


@pytest.fixture(scope="session")
def open_editor() -> Iterator[Editor]:
    made = Editor()
    made.start()
    yield made
    made.end()


@pytest.fixture
def editor(open_editor: Editor) -> Iterator[Editor]:
    """An editor with nothing open, and the server that all tests ask."""
    yield open_editor
    open_editor.clear()
    # The server tells so of what went wrong inside it.
    assert open_editor.messages == []


@pytest.fixture
def faulty(tmp_path) -> Path:
    """A repository with one fault, whose repair is safe."""
    return copy(CASES / "durable_object_declared/before", tmp_path / "faulty")


@pytest.fixture
def atlas(tmp_path) -> Path:
    return copy(ATLAS, tmp_path / "atlas")


@pytest.fixture
def analysed():
    """What the server knows of a folder, without a process: ``opened`` are unsaved texts."""

    def analysed(
        root: Path, opened: dict[str, str] | None = None, encoding: str = "utf-16", **able: bool
    ) -> Analysis:
        documents = {
            path: Document((root / path).as_uri(), 7, text.encode())
            for path, text in (opened or {}).items()
        }
        made = analyse(
            Snapshot(root, root.as_uri(), documents), replace(ABLE, encoding=encoding, **able)
        )
        assert isinstance(made, Analysis)
        return made

    return analysed
