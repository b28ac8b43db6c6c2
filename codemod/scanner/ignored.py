"""Which paths of a repository git ignores, by the rules of ``gitignore(5)``."""

from __future__ import annotations

import posixpath
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

from codemod.scanner.files import MAX_SIZE, Files
from codemod.syntax.lines import BOM

_NAME = ".gitignore"


class Ignored:
    """The ``.gitignore`` files of a repository, each read when a path below it is asked for.

    Those of the folders above the root count up to the top of the enclosing work tree, and so does
    its ``.git/info/exclude``. What a user ignores everywhere (``core.excludesFile``) does not.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._inner: dict[str, GitIgnoreSpec | None] = {}
        self._outer = tuple(_outer_layers(files.root))

    def names(self, path: str, *, folder: bool) -> bool:
        """Whether a pattern hits ``path`` itself. The folders above it are taken as not ignored."""
        marked = f"{path}/" if folder else path
        for parent in _parents(path):
            layer = self._layer(parent)
            if layer is None:
                continue
            below = marked[len(parent) + 1 :] if parent else marked
            verdict = layer.check_file(below).include
            if verdict is not None:
                return verdict
        for prefix, layer in self._outer:
            verdict = layer.check_file(prefix + marked).include
            if verdict is not None:
                return verdict
        return False

    def covers(self, path: str) -> bool:
        """Whether the file ``path``, or a folder that it lies in, is ignored."""
        above = [parent for parent in _parents(path) if parent]
        return any(self.names(folder, folder=True) for folder in above) or self.names(
            path, folder=False
        )

    def _layer(self, folder: str) -> GitIgnoreSpec | None:
        if folder not in self._inner:
            self._inner[folder] = self._read(posixpath.join(folder, _NAME))
        return self._inner[folder]

    def _read(self, path: str) -> GitIgnoreSpec | None:
        try:
            if not (self._files.root / path).is_file():
                return None
            return compile_patterns(_lines(self._files.read(path)))
        except OSError:
            return None


def compile_patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    """The patterns of a ``.gitignore``. Like git, passes over those that are none."""
    with warnings.catch_warnings():
        # A set such as "[[a]" is plain to git, while re warns that its meaning may change.
        warnings.simplefilter("ignore", FutureWarning)
        return GitIgnoreSpec.from_lines(filter(_is_pattern, lines))


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _parents(path: str) -> Iterator[str]:
    """The folders that a path lies in, innermost first; the root is the empty string."""
    while path:
        path = posixpath.dirname(path)
        yield path


def _outer_layers(root: Path) -> Iterator[tuple[str, GitIgnoreSpec]]:
    """The patterns above the root, nearest first, each with the way from its folder to the root."""
    folders = (root, *root.parents)
    top = next((folder for folder in folders if _is_work_tree(folder)), None)
    if top is None:
        return
    for folder in folders[1 : folders.index(top) + 1]:
        yield f"{root.relative_to(folder).as_posix()}/", compile_patterns(_read(folder / _NAME))
    prefix = "" if top == root else f"{root.relative_to(top).as_posix()}/"
    yield prefix, compile_patterns(_read(top / ".git" / "info" / "exclude"))


def _is_work_tree(folder: Path) -> bool:
    try:
        return (folder / ".git").exists()
    except OSError:
        return False


def _read(path: Path) -> list[str]:
    try:
        if not path.is_file() or path.stat().st_size > MAX_SIZE:
            return []
        return _lines(path.read_bytes())
    except OSError:
        return []


def _lines(content: bytes) -> list[str]:
    text = content.removeprefix(BOM).decode("utf-8", "surrogateescape")
    return [line.removesuffix("\r") for line in text.split("\n")]
