"""The packages of a repository: which folder a package name means, and where it is entered.

Only packages that the repository itself holds count (workspaces, ``file:`` dependencies, a
package's own name): whatever a registry delivers lies outside.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from codemod.errors import SourceError
from codemod.model import Unknown
from codemod.scanner.files import Files, UnreadableFile
from codemod.scanner.tracing import Answers
from codemod.syntax import jsonc
from codemod.syntax.tree import Mapping, Node, Scalar, Sequence

# wrangler gives esbuild "workerd", "worker" and "browser"; esbuild adds the rest for ES modules.
CONDITIONS = frozenset({"workerd", "worker", "browser", "import", "module", "default"})
_MAIN_FIELDS = ("browser", "module", "main")
DEPENDENCY_FIELDS = (
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
)
_LOCAL_PROTOCOLS = ("file:", "link:", "portal:")
_ALIASED = re.compile(r"(?:workspace|npm):((?:@[^/@]+/)?[^/@]+)@")
_YAML_ITEM = re.compile(r"""'([^'\n]*)'|"([^"\n]*)"|([^\s,\[\]'"]+)""")
_MAX_CONDITION_DEPTH = 16
_MANIFEST = "package.json"


@dataclass(frozen=True, slots=True)
class Package:
    """A folder with a ``package.json``. ``folder`` is ``""`` at the root of the repository."""

    folder: str
    manifest: Mapping

    @property
    def name(self) -> str | None:
        return string(self.manifest.get("name"))

    def path(self, relative: str) -> str:
        """``relative``, written in the manifest, as a path of the repository."""
        return joined(self.folder, relative)

    def entries(self, subpath: str) -> tuple[str, ...] | Unknown:
        """Where an import of the package leads: paths to try in order, existing or not.

        ``subpath`` is ``.`` or begins with ``./``.
        """
        exports = self.manifest.get("exports")
        if exports is not None and not _is_null(exports):
            targets = _exported(exports, subpath)
            if not targets:
                return Unknown(f"the package {self.name} does not export {subpath}")
            return tuple(self.path(target) for target in targets)
        if subpath != ".":
            return (self.path(subpath),)
        return self.mains()

    def mains(self) -> tuple[str, ...]:
        """Where the folder itself is entered, ``exports`` left aside."""
        fields = (string(self.manifest.get(field)) for field in _MAIN_FIELDS)
        return (*(self.path(field) for field in fields if field), self.path("index"))

    def internal(self, specifier: str) -> tuple[str, ...]:
        """What ``imports`` makes of ``#specifier``: relative paths and package names, in order."""
        imports = self.manifest.get("imports")
        return _matched(imports, specifier) if isinstance(imports, Mapping) else ()

    def depends_on(self, name: str) -> bool:
        """Whether the manifest lists ``name`` among its dependencies."""
        tables = (self.manifest.get(field) for field in DEPENDENCY_FIELDS)
        return any(isinstance(table, Mapping) and table.member(name) for table in tables)

    def local_dependency(self, name: str) -> str | None:
        """The folder of the ``file:``, ``link:`` or ``portal:`` dependency called ``name``."""
        for version in self._versions(name):
            for protocol in _LOCAL_PROTOCOLS:
                if version.startswith(protocol):
                    return self.path(version.removeprefix(protocol))
        return None

    def aliased_dependency(self, name: str) -> str | None:
        """The package that the dependency ``name`` stands for: ``workspace:other@*``."""
        matches = (_ALIASED.match(version) for version in self._versions(name))
        return next((match[1] for match in matches if match), None)

    def _versions(self, name: str) -> Iterator[str]:
        for field in DEPENDENCY_FIELDS:
            dependencies = self.manifest.get(field)
            value = dependencies.get(name) if isinstance(dependencies, Mapping) else None
            yield string(value) or ""


class Packages:
    """The packages under the root of a repository, each manifest read once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._by_folder: Answers[str, Package | None] = Answers(files.recorder)
        self._members: Answers[str, dict[str, list[Package]]] = Answers(files.recorder)
        self._folders: Answers[None, tuple[str, ...]] = Answers(files.recorder)

    def at(self, folder: str) -> Package | None:
        """The package whose ``package.json`` stands in ``folder`` and can be read."""
        return self._by_folder.get(folder, lambda: self._read(folder))

    def _read(self, folder: str) -> Package | None:
        manifest = read_mapping(self._files, posixpath.join(folder, "package.json"))
        return Package(folder, manifest) if manifest else None

    def enclosing(self, path: str) -> Iterator[Package]:
        """The packages that the file ``path`` lies in, innermost first."""
        for folder in folders_above(path):
            package = self.at(folder)
            if package is not None:
                yield package

    def find(self, name: str, importer: str) -> Package | Unknown | None:
        """The package that ``importer`` gets by ``name``, None where a registry delivers it."""
        for package in self.enclosing(importer):
            if package.name == name and package.manifest.get("exports") is not None:
                return package
            folder = package.local_dependency(name)
            if folder is not None:
                return self.at(folder) or Unknown(f"no readable package.json in {folder}")
            aliased = package.aliased_dependency(name)
            if aliased is not None:
                return self._member(aliased, importer)
        return self._member(name, importer)

    def _member(self, name: str, importer: str) -> Package | Unknown | None:
        """The package called ``name`` in the workspaces around ``importer``."""
        for folder in folders_above(importer):
            found = self._workspace(folder).get(name, [])
            if len(found) > 1:
                places = ", ".join(sorted(package.folder for package in found))
                return Unknown(f"several packages are called {name}: {places}")
            if found:
                return found[0]
        return None

    def members(self, folder: str) -> tuple[Package, ...]:
        """The named packages of the workspace whose root is ``folder``; none if it is no root."""
        return tuple(package for found in self._workspace(folder).values() for package in found)

    def _workspace(self, folder: str) -> dict[str, list[Package]]:
        """The packages by name of the workspace whose root is ``folder``; none if it is no root."""
        return self._members.get(folder, lambda: self._gather(folder))

    def _gather(self, folder: str) -> dict[str, list[Package]]:
        members: dict[str, list[Package]] = {}
        patterns = self._workspace_patterns(folder)
        for candidate in self._all_folders() if patterns else ():
            if _is_member(posixpath.relpath(candidate or ".", folder or "."), patterns):
                package = self.at(candidate)
                if package is not None and package.name:
                    members.setdefault(package.name, []).append(package)
        return members

    def _workspace_patterns(self, folder: str) -> tuple[str, ...]:
        package = self.at(folder)
        workspaces = package.manifest.get("workspaces") if package else None
        if isinstance(workspaces, Mapping):
            workspaces = workspaces.get("packages")
        patterns = strings(workspaces)
        pnpm = posixpath.join(folder, "pnpm-workspace.yaml")
        if self._files.is_file(pnpm):
            try:
                patterns += pnpm_patterns(self._files.read(pnpm))
            except UnreadableFile:
                return patterns
        return patterns

    def _all_folders(self) -> tuple[str, ...]:
        """Every folder of the repository with a ``package.json``, installed ones left out."""
        return self._folders.get(None, lambda: tuple(self._walked()))

    def _walked(self) -> Iterator[str]:
        pending = [""]
        while pending:
            folder = pending.pop()
            try:
                entries = self._files.entries(folder, "p", is_manifest)
            except OSError:
                continue
            if (_MANIFEST, False) in entries:
                yield folder
            pending += [
                posixpath.join(folder, name)
                for name, is_folder in reversed(entries)
                if is_folder and name != "node_modules" and not name.startswith(".")
            ]


def is_manifest(name: str) -> bool:
    """Whether a file called ``name`` describes a package."""
    return name == _MANIFEST


def joined(folder: str, relative: str) -> str:
    """``relative`` to ``folder``, without ``.`` and ``..``; ``""`` is the repository's root."""
    path = posixpath.normpath(posixpath.join(folder, relative))
    return "" if path == "." else path


def folders_above(path: str) -> Iterator[str]:
    """The folders that the file ``path`` lies in, innermost first, ``""`` for the root last."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def read_mapping(files: Files, path: str) -> Mapping | None:
    """The object in a JSON file that may hold comments, None where there is none to be read."""
    if not files.is_file(path):
        return None
    try:
        root = jsonc.parse(files.read(path)).root
    except (UnreadableFile, SourceError):
        return None
    return root if isinstance(root, Mapping) else None


def string(node: Node | None) -> str | None:
    """The string that a node is, None for any other node."""
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def strings(node: Node | None) -> tuple[str, ...]:
    """The strings of an array, none where the node is no array."""
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(value for value in map(string, items) if value)


def pnpm_patterns(content: bytes) -> tuple[str, ...]:
    """The ``packages`` of a ``pnpm-workspace.yaml``: a block or a flow list of plain strings."""
    listed: list[str] = []
    inside = False
    for line in content.decode("utf-8", "replace").splitlines():
        if line.startswith("packages:"):
            inside = True
            listed.append(line.removeprefix("packages:"))
        elif inside and line.strip() and line[0] not in " \t-#]":
            break
        elif inside:
            listed.append(line.strip().removeprefix("- "))
    uncommented = (re.sub(r"(?:^|\s)#.*", "", line) for line in listed)
    found = _YAML_ITEM.findall("\n".join(uncommented))
    return tuple(single or double or plain for single, double, plain in found)


def _is_member(folder: str, patterns: tuple[str, ...]) -> bool:
    included = False
    for pattern in patterns:
        if pattern.startswith("!"):
            included = included and not matches_glob(folder, pattern[1:])
        else:
            included = included or matches_glob(folder, pattern)
    return included


def matches_glob(folder: str, pattern: str) -> bool:
    """Whether a glob with ``*`` within a name and ``**`` over folders matches all of ``folder``."""
    wanted = posixpath.normpath(pattern).split("/")
    states = _past_stars({0}, wanted)
    for name in folder.split("/"):
        after = {state for state in states if state < len(wanted) and wanted[state] == "**"}
        after |= {
            state + 1
            for state in states
            if state < len(wanted) and wanted[state] != "**" and fnmatchcase(name, wanted[state])
        }
        states = _past_stars(after, wanted)
    return len(wanted) in states


def _past_stars(states: set[int], wanted: list[str]) -> set[int]:
    reached = set(states)
    for index, part in enumerate(wanted):
        if index in reached and part == "**":
            reached.add(index + 1)
    return reached


def _exported(exports: Node, subpath: str) -> tuple[str, ...]:
    if isinstance(exports, Mapping) and any(m.key.startswith(".") for m in exports.members):
        return _matched(exports, subpath)
    return tuple(_targets(exports, "")) if subpath == "." else ()


def _matched(table: Mapping, key: str) -> tuple[str, ...]:
    """The targets of the entry of ``exports`` or ``imports`` that fits ``key`` best."""
    exact = table.get(key)
    if exact is not None and "*" not in key:
        return tuple(_targets(exact, ""))
    best = max(
        (member for member in table.members if _pattern_match(member.key, key) is not None),
        key=lambda member: len(member.key.split("*", maxsplit=1)[0]),
        default=None,
    )
    if best is None:
        return ()
    return tuple(_targets(best.value, _pattern_match(best.key, key) or ""))


def _pattern_match(pattern: str, value: str) -> str | None:
    """What ``*`` (or the end of a pattern that is a folder) stands for in ``value``."""
    prefix, star, suffix = (pattern if not pattern.endswith("/") else pattern + "*").partition("*")
    fits = len(value) > len(prefix) + len(suffix) - 1
    if not star or not fits or not value.startswith(prefix) or not value.endswith(suffix):
        return None
    return value[len(prefix) : len(value) - len(suffix)]


def _targets(node: Node, star: str, depth: int = 0) -> Iterator[str]:
    """The targets that the runtime's conditions leave, those of an array one after the other."""
    if depth > _MAX_CONDITION_DEPTH:
        return
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _targets(item, star, depth + 1)
    elif isinstance(node, Mapping):
        for member in node.members:
            found = list(_targets(member.value, star, depth + 1)) if _holds(member.key) else []
            if found or (_holds(member.key) and _is_null(member.value)):
                yield from found
                return
    else:
        target = string(node)
        if target:
            yield target.replace("*", star) if "*" in target else _folder_target(target, star)


def _holds(condition: str) -> bool:
    return condition in CONDITIONS


def _folder_target(target: str, star: str) -> str:
    return target + star if target.endswith("/") else target


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
