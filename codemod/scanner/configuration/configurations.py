"""Reads all configurations of a repository."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from codemod.errors import SourceError
from codemod.model import Note, Unreadable
from codemod.scanner import wrangler
from codemod.scanner.files import Files, UnreadableFile
from codemod.scanner.wrangler import DEFAULT_NAMES, Configuration
from codemod.syntax import documents
from codemod.syntax.lines import BOM


@dataclass(frozen=True, slots=True)
class Readings:
    """The configurations that could be read, the files that could not, and what was left out."""

    configurations: tuple[Configuration, ...]
    unreadable: tuple[Unreadable, ...]
    notes: tuple[Note, ...]


def read_all(files: Files, paths: Iterable[str]) -> Readings:
    """Reads every path; a file without any setting of wrangler gives a note alone."""
    configurations: list[Configuration] = []
    unreadable: list[Unreadable] = []
    notes: list[Note] = []
    for path in paths:
        try:
            configuration = _read(files, path)
        except UnreadableFile as error:
            unreadable.append(Unreadable(path, str(error)))
        except SourceError as error:
            unreadable.append(Unreadable(path, str(error)))
        else:
            if configuration is None:
                notes.append(Note(path, "holds no setting of wrangler: not a configuration"))
            else:
                configurations.append(configuration)
                notes += configuration.notes
    return Readings(tuple(configurations), tuple(unreadable), tuple(notes))


def _read(files: Files, path: str) -> Configuration | None:
    source = files.read(path)
    if not source.removeprefix(BOM).strip():
        raise UnreadableFile("is empty")
    return wrangler.read(path, documents.parse(path, source))


def shadows(paths: Collection[str]) -> Mapping[str, str]:
    """The files that wrangler passes over, each with the file of its folder that it reads instead.

    Files under other names are read where a command names them, and shadow nothing.
    """
    found = {}
    for path in paths:
        folder, name = posixpath.split(path)
        rank = DEFAULT_NAMES.index(name) if name in DEFAULT_NAMES else 0
        for preferred in DEFAULT_NAMES[:rank]:
            if posixpath.join(folder, preferred) in paths:
                found[path] = posixpath.join(folder, preferred)
                break
    return found
