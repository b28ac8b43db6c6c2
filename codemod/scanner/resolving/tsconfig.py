"""What ``tsconfig.json`` and ``jsconfig.json`` say: path mappings, as esbuild applies them.

A module is governed by the nearest such file above it. Where that file only lists projects
(``references``), as Vite's templates write it, the mappings of the listed ones count.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from codemod.model import Unknown
from codemod.scanner.files import Files
from codemod.scanner.resolving.packages import (
    Packages,
    folders_above,
    joined,
    read_mapping,
    string,
    strings,
)
from codemod.scanner.tracing import Answers
from codemod.syntax.tree import Mapping, Scalar, Sequence

_NAMES = ("tsconfig.json", "jsconfig.json")
_CONFIG_DIR = "${configDir}"
_MAX_EXTENDS = 16


@dataclass(frozen=True, slots=True)
class PathMapping:
    """An entry of ``paths``. ``targets`` are paths of the repository, with ``*`` where it stood."""

    pattern: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathMappings:
    """What a configuration makes of bare specifiers. ``base`` is the folder ``baseUrl`` names."""

    base: str | None = None
    mappings: tuple[PathMapping, ...] = ()

    def candidates(self, specifier: str) -> tuple[str, ...]:
        """The paths that the best fitting mapping gives for ``specifier``, in order."""
        best = max(
            (mapping for mapping in self.mappings if _fits(mapping.pattern, specifier)),
            key=lambda mapping: (
                "*" not in mapping.pattern,
                len(mapping.pattern.split("*", maxsplit=1)[0]),
            ),
            default=None,
        )
        if best is None:
            return ()
        prefix, star, suffix = best.pattern.partition("*")
        middle = specifier[len(prefix) : len(specifier) - len(suffix)] if star else ""
        return tuple(
            posixpath.normpath(target.replace("*", middle))
            for other in self.mappings
            if other.pattern == best.pattern
            for target in other.targets
        )


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of one file and those that it extends, folders not yet applied to ``paths``."""

    base: str | None = None
    paths: Mapping | None = None
    paths_folder: str = ""
    no_implicit_override: bool | None = None


class TsConfigs:
    """The configurations of a repository, each read once.

    ``only`` is a file that governs every module, whatever stands above it.
    """

    def __init__(self, files: Files, packages: Packages, only: str | None = None) -> None:
        self._files = files
        self._packages = packages
        self._only = only
        self._by_folder: Answers[str, PathMappings | None] = Answers(files.recorder)

    def governing(self, importer: str) -> PathMappings:
        """How bare specifiers written in the module ``importer`` are mapped."""
        if self._only is not None:
            return self._own_mappings(self._only) or self._of_references(self._only)
        for folder in folders_above(importer):
            found = self._by_folder.get(folder, partial(self._in_folder, folder))
            if found is not None:
                return found
        return PathMappings()

    def requires_override(self, module: str) -> bool:
        """Whether the compiler wants ``override`` before members that a base class declares."""
        for folder in folders_above(module):
            for name in _NAMES:
                path = posixpath.join(folder, name)
                if self._files.is_file(path):
                    return self._options(path).no_implicit_override is True
        return False

    def _in_folder(self, folder: str) -> PathMappings | None:
        for name in _NAMES:
            path = posixpath.join(folder, name)
            if self._files.is_file(path):
                return self._own_mappings(path) or self._of_references(path)
        return None

    def _own_mappings(self, path: str) -> PathMappings | None:
        """The mappings of one file, None where it has none."""
        options = self._options(path)
        if options.base is None and options.paths is None:
            return None
        own_folder = posixpath.dirname(path)
        folder = options.base if options.base is not None else options.paths_folder
        mappings = tuple(
            PathMapping(
                member.key, tuple(_placed(target, folder, own_folder) for target in targets)
            )
            for member in (options.paths.members if options.paths else ())
            if (targets := strings(member.value))
        )
        return PathMappings(options.base, mappings)

    def _of_references(self, path: str) -> PathMappings:
        mappings: list[PathMapping] = []
        root = read_mapping(self._files, path)
        references = root.get("references") if root else None
        for item in references.items if isinstance(references, Sequence) else ():
            target = string(item.get("path")) if isinstance(item, Mapping) else None
            referred = joined(posixpath.dirname(path), target or "")
            if self._files.is_directory(referred):
                referred = posixpath.join(referred, "tsconfig.json")
            found = self._own_mappings(referred)
            mappings += found.mappings if found else ()
        return PathMappings(None, tuple(mappings))

    def _options(self, path: str) -> _Options:
        return self._options_below(path, 0, {})

    def _options_below(self, path: str, depth: int, known: dict[str, _Options]) -> _Options:
        """The options of one file. ``known`` are those read already, or under way: a cycle."""
        if path in known:
            return known[path]
        known[path] = _Options()
        root = read_mapping(self._files, path)
        if root is None or depth > _MAX_EXTENDS:
            return known[path]
        known[path] = self._with_own(root, path, self._inherited(root, path, depth, known))
        return known[path]

    def _inherited(
        self, root: Mapping, path: str, depth: int, known: dict[str, _Options]
    ) -> _Options:
        found = _Options()
        for extended in self._extended(root, path):
            found = _merged(found, self._options_below(extended, depth + 1, known))
        return found

    def _with_own(self, root: Mapping, path: str, found: _Options) -> _Options:
        compiler = root.get("compilerOptions")
        if not isinstance(compiler, Mapping):
            return found
        folder = posixpath.dirname(path)
        base = string(compiler.get("baseUrl"))
        paths = compiler.get("paths")
        override = compiler.get("noImplicitOverride")
        return _merged(
            found,
            _Options(
                joined(folder, base) if base is not None else None,
                paths if isinstance(paths, Mapping) else None,
                folder,
                override.value is True if isinstance(override, Scalar) else None,
            ),
        )

    def _extended(self, root: Mapping, path: str) -> Iterator[str]:
        value = root.get("extends")
        single = string(value)
        for specifier in (single,) if single else strings(value):
            for candidate in self._extends_candidates(specifier, path):
                if self._files.is_file(candidate):
                    yield candidate
                    break

    def _extends_candidates(self, specifier: str, path: str) -> Iterator[str]:
        if specifier.startswith("."):
            target = joined(posixpath.dirname(path), specifier)
            yield from (target, f"{target}.json")
            return
        parts = specifier.split("/")
        length = 2 if specifier.startswith("@") else 1
        package = self._packages.find("/".join(parts[:length]), path)
        if package is None or isinstance(package, Unknown):
            return
        subpath = "/".join(parts[length:])
        entries = package.entries(f"./{subpath}" if subpath else ".")
        yield from () if isinstance(entries, Unknown) else entries
        target = package.path(subpath or "tsconfig.json")
        yield from (target, f"{target}.json", f"{target}/tsconfig.json")


def _merged(inherited: _Options, own: _Options) -> _Options:
    has_paths = own.paths is not None
    return _Options(
        own.base if own.base is not None else inherited.base,
        own.paths if has_paths else inherited.paths,
        own.paths_folder if has_paths else inherited.paths_folder,
        inherited.no_implicit_override
        if own.no_implicit_override is None
        else own.no_implicit_override,
    )


def _placed(target: str, folder: str, own_folder: str) -> str:
    if target.startswith(_CONFIG_DIR):
        return joined(own_folder, target.removeprefix(_CONFIG_DIR).lstrip("/"))
    return joined(folder, target)


def _fits(pattern: str, specifier: str) -> bool:
    prefix, star, suffix = pattern.partition("*")
    if not star:
        return pattern == specifier
    long_enough = len(specifier) >= len(prefix) + len(suffix)
    return long_enough and specifier.startswith(prefix) and specifier.endswith(suffix)
