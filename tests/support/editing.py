"""What an editor makes of the edits that it is sent, counted anew from the protocol's words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlparse

from lsprotocol import types

_WIDTH = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
_CODEC = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


def made(edit: types.WorkspaceEdit, encoding: str = "utf-16") -> None:
    """Makes the edit on the disk: all of a document's changes at once, each file's mark kept."""
    if edit.changes:
        for uri, changes in edit.changes.items():
            _change(_path(uri), changes, encoding)
    for change in edit.document_changes or ():
        if isinstance(change, types.CreateFile):
            path = _path(change.uri)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=False)
        else:
            _change(_path(change.text_document.uri), change.edits, encoding)


def changed(text: str, changes: Iterable[types.TextEdit], encoding: str = "utf-16") -> str:
    """``text`` with the edits made, whose positions are all those of ``text``."""
    places = [
        (_index(text, item.range.start, encoding), _index(text, item.range.end, encoding), item)
        for item in changes
    ]
    for start, end, item in sorted(places, key=lambda place: place[:2], reverse=True):
        text = text[:start] + item.new_text + text[end:]
    return text


def _change(path: Path, changes: Iterable[types.TextEdit], encoding: str) -> None:
    content = path.read_bytes()
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    text = content.removeprefix(mark).decode()
    path.write_bytes(mark + changed(text, changes, encoding).encode())


def _index(text: str, position: types.Position, encoding: str) -> int:
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    line = lines[position.line].encode(_CODEC[encoding])
    within = line[: position.character * _WIDTH[encoding]].decode(_CODEC[encoding])
    assert within == within.rstrip("\r\n"), "a position inside a line break"
    return sum(map(len, lines[: position.line])) + len(within)


def _path(uri: str) -> Path:
    path = unquote(urlparse(uri).path)
    return Path(path[1:] if os.name == "nt" else path)
