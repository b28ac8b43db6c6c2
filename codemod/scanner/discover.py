"""Finds the files that a scan starts from: Workers' configurations, and what runs them together."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from codemod.errors import SourceError, UsageError
from codemod.model import Unreadable
from codemod.scanner.files import Files, UnreadableFile
from codemod.scanner.ignored import Ignored, compile_patterns
from codemod.syntax import jsonc
from codemod.syntax.tree import Mapping, Scalar
from codemod.syntax.typescript import SUFFIXES

_SKIPPED = frozenset({"node_modules", ".git", ".wrangler"})
_OUTSIDE_OR_SKIPPED = _SKIPPED | {"", ".."}
_REDIRECT = ".wrangler/deploy/config.json"
_SUFFIXES = (".json", ".jsonc", ".toml")
_OUTPUT_FOLDERS = frozenset(
    {"dist", ".next", ".nitro", ".nuxt", ".open-next", ".output", ".svelte-kit", ".vercel"}
)


class _Kind(Enum):
    CONFIGURATION = auto()
    TYPESCRIPT_CONFIGURATION = auto()
    PACKAGE = auto()
    VITE = auto()
    NX_PROJECT = auto()
    REDIRECT = auto()


_NAMES = (
    (_Kind.CONFIGURATION, re.compile(r"(?s:.*[._-])?wrangler(?s:.*)\.(?:jsonc?|toml)")),
    (_Kind.TYPESCRIPT_CONFIGURATION, re.compile(r"cloudflare\.config\.ts")),
    (_Kind.PACKAGE, re.compile(r"package\.json")),
    (_Kind.NX_PROJECT, re.compile(r"project\.json")),
    (
        _Kind.VITE,
        re.compile(r"vite(?:st)?\.(?:[\w.-]+\.)?(?:config|workspace)\.(?:[\w.-]+\.)?[cm]?[jt]s"),
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files that a walk looks for, by their names; ``letter`` stands for them in records.

    ``redirects`` says whether the files in which build tools name a configuration are among them.
    """

    letter: str
    names: Callable[[str], bool]
    redirects: bool = False


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files that a scan starts from, each tuple in the order of their paths.

    ``scope`` are the paths that the search for configurations was limited to, empty for the root.
    ``typescript_configurations`` are ``cloudflare.config.ts`` files. ``packages`` are
    ``package.json`` files, ``nx_projects`` Nx's ``project.json``, ``vite`` the configurations of
    Vite and Vitest. ``generated`` holds the configurations that a build step writes.
    """

    scope: tuple[str, ...]
    configurations: tuple[str, ...]
    typescript_configurations: tuple[str, ...]
    packages: tuple[str, ...]
    nx_projects: tuple[str, ...]
    vite: tuple[str, ...]
    generated: frozenset[str]


def find(files: Files, walk: Walk, ignored: Ignored, paths: Sequence[Path] = ()) -> Discovery:
    """Walks the repository once. ``paths`` limits the configurations, not the other files.

    A file that ``paths`` names is a configuration whatever its name, and ignored or not; of a
    folder, what git does not ignore counts. Raises ``UsageError`` where one of ``paths`` does not
    exist or lies outside the root.
    """
    named = scope(files, paths)
    found: dict[_Kind, set[str]] = {kind: set() for kind in _Kind}
    for path in walk.files(STARTS):
        if kind := _kind(path):
            found[kind].add(path)
    configurations = _selected(files, found[_Kind.CONFIGURATION], named)
    redirected = {_redirect_target(files, path) for path in found[_Kind.REDIRECT]}
    return Discovery(
        scope=() if "" in named else tuple(named),
        configurations=tuple(_without_links(files, configurations)),
        typescript_configurations=tuple(sorted(found[_Kind.TYPESCRIPT_CONFIGURATION])),
        packages=tuple(sorted(found[_Kind.PACKAGE])),
        nx_projects=tuple(sorted(found[_Kind.NX_PROJECT])),
        vite=tuple(sorted(found[_Kind.VITE])),
        generated=frozenset(
            (*(configurations & redirected), *_generated(files, ignored, configurations))
        ),
    )


def scope(files: Files, paths: Iterable[Path]) -> list[str]:
    """``paths`` relative to the root, links resolved. Raises ``UsageError`` as ``find`` does."""
    return [_relative_to_root(files, path) for path in paths]


def with_named(
    discovery: Discovery, files: Files, walk: Walk, ignored: Ignored, named: Iterable[str]
) -> Discovery:
    """``discovery`` and those of the files ``named`` by wrangler's ``-c`` that it would walk over.

    Their names need not be those of configurations, but have to end as one of wrangler's does.
    """
    folders = tuple(f"{path}/" for path in discovery.scope) or ("",)
    added = {
        path
        for path in named
        if path.endswith(_SUFFIXES)
        and path.startswith(folders)
        and files.is_file(path)
        and walk.meets(path)
    }
    configurations = _without_links(files, {*discovery.configurations, *added})
    generated = _generated(files, ignored, added)
    return replace(
        discovery,
        configurations=tuple(configurations),
        generated=discovery.generated.union(generated),
    )


class Walk:
    """Walks over the files of a repository that git does not ignore, without recursion.

    Links to folders are not followed: what they lead to is met on its own path. ``unreadable``
    collects the folders that cannot be listed and the wanted files whose names are no text.
    """

    def __init__(self, files: Files, ignored: Ignored, exclude: Sequence[str] = ()) -> None:
        self.unreadable: list[Unreadable] = []
        self._files = files
        self._ignored = ignored
        self._excluded = compile_patterns(exclude)

    def files(self, wanted: Wanted, start: str = "") -> Iterator[str]:
        """The paths of the files below ``start`` that are ``wanted``."""
        pending = [start]
        while pending:
            folder = pending.pop()
            subfolders = []
            for name, is_folder in self._list(folder, wanted):
                path = posixpath.join(folder, name)
                if name in _SKIPPED:
                    path = posixpath.join(folder, _REDIRECT)
                    if name == ".wrangler" and wanted.redirects and self._files.is_file(path):
                        yield path
                elif not is_folder:
                    if self._is_kept(path, folder=False) and self._is_text(path):
                        yield path
                elif self._is_kept(path, folder=True):
                    subfolders.append(path)
            pending += reversed(subfolders)

    def meets(self, path: str) -> bool:
        """Whether a walk from the root comes to ``path``, if there is such a file."""
        names = path.split("/")
        if not _OUTSIDE_OR_SKIPPED.isdisjoint(names):
            return False
        folders = ("/".join(names[:depth]) for depth in range(1, len(names)))
        return self._is_kept(path, folder=False) and all(
            self._is_kept(folder, folder=True) and not self._files.is_link(folder)
            for folder in folders
        )

    def _list(self, folder: str, wanted: Wanted) -> list[tuple[str, bool]]:
        try:
            return self._files.entries(folder, wanted.letter, wanted.names)
        except OSError as error:
            reason = f"cannot be listed: {error.strerror}"
            self.unreadable.append(Unreadable(_printable(folder or "."), reason))
            return []

    def _is_kept(self, path: str, *, folder: bool) -> bool:
        if self._excluded.check_file(f"{path}/" if folder else path).include:
            return False
        return not self._ignored.names(path, folder=folder)

    def _is_text(self, path: str) -> bool:
        printable = _printable(path)
        if printable != path:
            self.unreadable.append(Unreadable(printable, "its name is not valid UTF-8"))
        return printable == path


def is_configuration_name(name: str) -> bool:
    """Whether a file called ``name`` may be a configuration of wrangler."""
    return _kind(name) is _Kind.CONFIGURATION


def _is_output(path: str) -> bool:
    """Whether the path lies in a folder that build tools write."""
    return not _OUTPUT_FOLDERS.isdisjoint(posixpath.dirname(path).split("/"))


def _kind(path: str) -> _Kind | None:
    if path == _REDIRECT or path.endswith(f"/{_REDIRECT}"):
        return _Kind.REDIRECT
    name = posixpath.basename(path)
    return next((kind for kind, pattern in _NAMES if pattern.fullmatch(name)), None)


STARTS = Wanted("c", lambda name: name in _SKIPPED or _kind(name) is not None, redirects=True)
"""What a scan starts from."""

MODULES = Wanted("m", lambda name: name in _SKIPPED or name.endswith(SUFFIXES))
"""The modules."""


def _printable(path: str) -> str:
    """The path with bytes that are no UTF-8 written as escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _relative_to_root(files: Files, path: Path) -> str:
    real = Path(os.path.realpath(files.root / path))
    if not real.is_relative_to(files.root):
        raise UsageError(f"{path} lies outside {files.root}")
    if not real.exists():
        raise UsageError(f"{path} does not exist")
    relative = real.relative_to(files.root).as_posix()
    return "" if relative == "." else relative


def _selected(files: Files, found: Iterable[str], named: Sequence[str]) -> set[str]:
    if not named:
        return set(found)
    folders = [f"{path}/" if path else "" for path in named if files.is_directory(path)]
    single = {path for path in named if not files.is_directory(path)}
    return single | {path for path in found if path.startswith(tuple(folders))}


def _generated(files: Files, ignored: Ignored, paths: Iterable[str]) -> Iterator[str]:
    """Those of the configurations whose places show that a build step writes them."""
    for path in paths:
        if _is_output(path) or ignored.covers(path) or files.is_link(path):
            yield path


def _redirect_target(files: Files, redirect: str) -> str | None:
    """The configuration that a build tool's ``.wrangler/deploy/config.json`` names."""
    try:
        root = jsonc.parse(files.read(redirect)).root
    except (UnreadableFile, SourceError):
        return None
    value = root.get("configPath") if isinstance(root, Mapping) else None
    if not isinstance(value, Scalar) or not isinstance(value.value, str):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(redirect), value.value))


def _without_links(files: Files, paths: Iterable[str]) -> list[str]:
    """The paths in order, without links to files that are among them under their own path."""
    kept: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: (files.is_link(path), path)):
        kept.setdefault(files.real(path), path)
    return sorted(kept.values())
