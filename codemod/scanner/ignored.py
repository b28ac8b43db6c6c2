"""Which paths of a repository git ignores, by the rules of ``gitignore(5)``."""

from __future__ import annotations

import posixpath
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec, RegexPattern

from codemod.scanner.files import Files
from codemod.syntax.lines import BOM

_NAME = ".gitignore"
_MAX_SIZE = 256 * 1024
"""Bytes of a list of patterns: each pattern is asked about each path."""

# How pathspec writes a pattern's wildcards.
_STAR = r"[^/]*"
_FOLDERS = r"(?:/.+)?"
_FOLDERS_ABOVE = r"^(?:.+/)?"
_STAR_AND_REST = re.compile(
    r"\[\^/\]\*((?:\[\^/\](?!\*)|\[[^\]/]+\]|\\.|[^/()\[\]\\])+)(?=\[\^/\]\*)"
)


class Ignored:
    """The ``.gitignore`` files of a repository, each read when a path below it is asked for.

    Those of the folders above the root count up to the top of the enclosing work tree, and so does
    its ``.git/info/exclude``. What a user ignores everywhere (``core.excludesFile``) does not.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._inner: dict[str, GitIgnoreSpec | None] = {}
        self._outer = tuple(_outer_layers(files))

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
            if not self._files.is_file(path):
                return None
            content = self._files.read(path)
        except OSError:
            return None
        if len(content) > _MAX_SIZE:
            self._files.fail(path, f"is larger than {_MAX_SIZE // 1024} KiB")
            return None
        return compile_patterns(_lines(content))


def compile_patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    """The patterns of a ``.gitignore``. Like git, passes over those that are none."""
    with warnings.catch_warnings():
        # A set such as "[[a]" is plain to git, while re warns that its meaning may change.
        warnings.simplefilter("ignore", FutureWarning)
        spec = GitIgnoreSpec.from_lines(filter(_is_pattern, lines))
        for pattern in spec.patterns:
            if isinstance(pattern, RegexPattern) and pattern.regex is not None:
                pattern.regex = re.compile(_in_linear_time(pattern.regex.pattern))
    return spec


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _in_linear_time(expression: str) -> str:
    """The same expression, which tries no wildcard but the last of a kind in more than one way.

    What follows a wildcard, up to the next one of its kind, may as well stand as early as it can:
    that leaves the most to the rest. ``re`` would try every other place too.
    """
    first, *others = expression.split(_FOLDERS)
    if others:
        if first.startswith(_FOLDERS_ABOVE):
            first = f"^(?>(?:.+?/)??{first.removeprefix(_FOLDERS_ABOVE)}(?=/))"
        middle = "".join(f"(?>(?:/.+?)??{part}(?=/))" for part in others[:-1])
        expression = f"{first}{middle}{_FOLDERS}{others[-1]}"
    return _STAR_AND_REST.sub(rf"(?>{_STAR}?\1)", expression)


def _parents(path: str) -> Iterator[str]:
    """The folders that a path lies in, innermost first; the root is the empty string."""
    while path:
        path = posixpath.dirname(path)
        yield path


def _outer_layers(files: Files) -> Iterator[tuple[str, GitIgnoreSpec]]:
    """The patterns above the root, nearest first, each with the way from its folder to the root."""
    root = files.root
    folders = (root, *root.parents)
    top = next((folder for folder in folders if files.exists_above(folder / ".git")), None)
    if top is None:
        return
    for folder in folders[1 : folders.index(top) + 1]:
        yield (
            f"{root.relative_to(folder).as_posix()}/",
            compile_patterns(_read(files, folder / _NAME)),
        )
    prefix = "" if top == root else f"{root.relative_to(top).as_posix()}/"
    yield prefix, compile_patterns(_read(files, top / ".git" / "info" / "exclude"))


def _read(files: Files, path: Path) -> list[str]:
    return _lines(files.read_above(path, _MAX_SIZE))


def _lines(content: bytes) -> list[str]:
    text = content.removeprefix(BOM).decode("utf-8", "surrogateescape")
    return [line.removesuffix("\r") for line in text.split("\n")]
