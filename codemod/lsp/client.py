"""What an editor said of itself when it connected."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol.types import (
    ClientCapabilities,
    MarkupKind,
    PositionEncodingKind,
    ResourceOperationKind,
)


@dataclass(frozen=True, slots=True)
class Client:
    """What the editor can take, as far as anything that it is sent depends on that.

    ``encoding`` is the unit of columns that was agreed on.
    """

    encoding: PositionEncodingKind | str = PositionEncodingKind.Utf16
    related_information: bool = False
    tags: bool = False
    markdown: bool = False
    versioned_edits: bool = False
    creates_files: bool = False
    watches_files: bool = False


def client(capabilities: ClientCapabilities, encoding: PositionEncodingKind | str) -> Client:
    """The editor with these capabilities; what it leaves out it cannot do."""
    documents = capabilities.text_document
    workspace = capabilities.workspace
    published = documents.publish_diagnostics if documents else None
    hover = documents.hover if documents else None
    edits = workspace.workspace_edit if workspace else None
    watched = workspace.did_change_watched_files if workspace else None
    versioned_edits = bool(edits and edits.document_changes)
    operations = (edits.resource_operations if edits else None) or ()
    return Client(
        encoding=encoding,
        related_information=bool(published and published.related_information),
        tags=bool(published and published.tag_support),
        markdown=bool(hover and MarkupKind.Markdown in (hover.content_format or ())),
        versioned_edits=versioned_edits,
        creates_files=versioned_edits and ResourceOperationKind.Create in operations,
        watches_files=bool(watched and watched.dynamic_registration),
    )
