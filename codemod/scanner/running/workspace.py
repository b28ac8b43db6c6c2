"""The packages of a repository with their scripts, and which of them a filter selects."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as MappingType
from collections.abc import Sequence as SequenceType
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from codemod.model import Location
from codemod.scanner.discover import Discovery
from codemod.scanner.files import Files
from codemod.scanner.resolving.packages import (
    DEPENDENCY_FIELDS,
    Packages,
    folders_above,
    joined,
    matches_glob,
    read_mapping,
    string,
    strings,
)
from codemod.syntax.lines import LineIndex
from codemod.syntax.tree import Mapping, Sequence

_CHANGED_SINCE = re.compile(r"\[[^\]]*\]")
_RELATED = "..."
_PROJECT_ROOT = "{projectRoot}"


@dataclass(frozen=True, slots=True)
class Script:
    """A script of a package, or a target of an Nx project, whose several commands run at once.

    ``folder`` is where they run.
    """

    name: str
    commands: tuple[str, ...]
    folder: str
    location: Location


@dataclass(frozen=True, slots=True)
class ScriptedPackage:
    """A folder with scripts. ``dependencies`` are the names of the packages that it asks for.

    ``is_project`` says that Nx takes it for a project, whichever folders the workspace has.
    ``companions`` are the tasks of the folder's own ``turbo.json``, as written, each with those
    that Turborepo runs beside it.
    """

    folder: str
    name: str
    scripts: tuple[Script, ...]
    dependencies: frozenset[str] = frozenset()
    is_project: bool = False
    companions: MappingType[str, tuple[str, ...]] = field(default_factory=dict)

    def script(self, name: str) -> Script | None:
        return next((script for script in self.scripts if script.name == name), None)


def read_packages(
    files: Files, packages: Packages, discovery: Discovery
) -> tuple[ScriptedPackage, ...]:
    """The packages and Nx projects that can be read, in the order of their folders."""
    folders = {posixpath.dirname(path) for path in (*discovery.packages, *discovery.nx_projects)}
    found = (_read_package(files, packages, folder) for folder in sorted(folders))
    return tuple(package for package in found if package)


def _read_package(files: Files, packages: Packages, folder: str) -> ScriptedPackage | None:
    package = packages.at(folder)
    project_path = joined(folder, "project.json")
    project = read_mapping(files, project_path)
    if package is None and project is None:
        return None
    scripts: dict[str, Script] = {}
    dependencies: set[str] = set()
    if project:
        scripts = {item.name: item for item in _nx_targets(files, project_path, project)}
    if package:
        path = joined(folder, "package.json")
        scripts |= {item.name: item for item in _package_scripts(files, path, package.manifest)}
        dependencies = set(_dependencies(package.manifest))
    name = package.name if package else string(project.get("name")) if project else None
    return ScriptedPackage(
        folder=folder,
        name=name or posixpath.basename(folder),
        scripts=tuple(scripts.values()),
        dependencies=frozenset(dependencies),
        is_project=project is not None,
        companions=dict(_companions(files, folder)),
    )


def _companions(files: Files, folder: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    root = read_mapping(files, joined(folder, "turbo.json")) or read_mapping(
        files, joined(folder, "turbo.jsonc")
    )
    tasks = root.get("tasks") if root else None
    for member in tasks.members if isinstance(tasks, Mapping) else ():
        beside = member.value.get("with") if isinstance(member.value, Mapping) else None
        if isinstance(beside, Sequence):
            yield member.key, strings(beside)


def _package_scripts(files: Files, path: str, manifest: Mapping) -> Iterator[Script]:
    table = manifest.get("scripts")
    lines = LineIndex(files.read(path))
    for member in table.members if isinstance(table, Mapping) else ():
        command = string(member.value)
        if command:
            place = lines.location(path, member.value.span)
            yield Script(member.key, (command,), posixpath.dirname(path), place)


def _nx_targets(files: Files, path: str, project: Mapping) -> Iterator[Script]:
    """The targets that run commands: by default in the folder of ``nx.json``."""
    targets = project.get("targets")
    lines = LineIndex(files.read(path))
    project_folder = posixpath.dirname(path)
    root = next(
        (above for above in folders_above(path) if files.is_file(joined(above, "nx.json"))), ""
    )
    for member in targets.members if isinstance(targets, Mapping) else ():
        target = member.value
        options = target.get("options") if isinstance(target, Mapping) else None
        tables = [table for table in (target, options) if isinstance(table, Mapping)]
        commands = [text for table in tables for text in _nx_commands(table)]
        folder = next(filter(None, (string(table.get("cwd")) for table in tables)), "")
        if commands:
            yield Script(
                member.key,
                tuple(text.replace(_PROJECT_ROOT, project_folder or ".") for text in commands),
                joined(root, folder.replace(_PROJECT_ROOT, project_folder)),
                lines.location(path, member.span),
            )


def _nx_commands(table: Mapping) -> Iterator[str]:
    single = string(table.get("command"))
    if single:
        yield single
    several = table.get("commands")
    for item in several.items if isinstance(several, Sequence) else ():
        command = string(item.get("command") if isinstance(item, Mapping) else item)
        if command:
            yield command


def _dependencies(manifest: Mapping) -> Iterator[str]:
    for key in DEPENDENCY_FIELDS:
        table = manifest.get(key)
        yield from (member.key for member in table.members) if isinstance(table, Mapping) else ()


class Workspace:
    """All packages of a repository. ``members`` maps a workspace's root to its folders."""

    def __init__(
        self, packages: Iterable[ScriptedPackage], members: MappingType[str, Collection[str]]
    ) -> None:
        self._by_folder = {package.folder: package for package in packages}
        self._members = members

    def all(self) -> Iterable[ScriptedPackage]:
        return self._by_folder.values()

    def at(self, folder: str) -> ScriptedPackage | None:
        return self._by_folder.get(folder)

    def companions(self, package: ScriptedPackage, task: str) -> list[tuple[str, str]]:
        """The folders and names of the tasks that Turborepo runs beside one of a package's."""
        found = []
        for written in self._companions_as_written(package, task):
            owner, hash_, name = written.rpartition("#")
            places = [package]
            if hash_:
                seen = self._packages_seen_from(package.folder)
                places = [item for item in seen if item.name == owner]
            found += [(item.folder, name) for item in places]
        return found

    def _companions_as_written(self, package: ScriptedPackage, task: str) -> tuple[str, ...]:
        """What the package's own ``turbo.json`` says, else that of the repository."""
        if task in package.companions:
            return package.companions[task]
        for above in folders_above(package.folder):
            root = self.at(above)
            if root and root.companions:
                return root.companions.get(f"{package.name}#{task}", root.companions.get(task, ()))
        return ()

    def select(
        self, filters: SequenceType[str], folder: str, *, of_nx: bool = False
    ) -> list[ScriptedPackage]:
        """The packages that ``filters``, given in ``folder``, select: all where there is none.

        A filter is a name or a path, either with ``*``; ``!`` before it takes packages out, and
        ``...`` at an end adds those that it depends on, or that depend on it. Which packages have
        changed since a revision cannot be known: all count. ``of_nx`` adds all projects of Nx to
        those of the workspace.
        """
        packages = self._packages_seen_from(folder)
        if of_nx:
            members = {package.folder for package in packages}
            projects = (item for item in self.all() if item.is_project)
            packages += [item for item in projects if item.folder not in members]
        wanted = [item for item in filters if not item.startswith("!")]
        unwanted = [item[1:] for item in filters if item.startswith("!")]
        chosen = packages
        if wanted:
            chosen = [item for name in wanted for item in _selected(name, folder, packages)]
        left_out = {item.folder for name in unwanted for item in _selected(name, folder, packages)}
        by_folder = {item.folder: item for item in chosen if item.folder not in left_out}
        return [by_folder[place] for place in sorted(by_folder)]

    def _packages_seen_from(self, folder: str) -> list[ScriptedPackage]:
        """The members of the workspace that ``folder`` is in; without one, what lies below it."""
        for above in folders_above(joined(folder, "package.json")):
            if above in self._members:
                members = (self.at(place) for place in self._members[above])
                return [package for package in members if package]
        prefix = f"{folder}/" if folder else ""
        below = (place for place in self._by_folder if place.startswith(prefix))
        return [self._by_folder[place] for place in below if place != folder]


def _selected(
    wanted: str, folder: str, packages: list[ScriptedPackage]
) -> Iterable[ScriptedPackage]:
    pattern = _CHANGED_SINCE.sub("", wanted)
    core = pattern.removeprefix(_RELATED).removesuffix(_RELATED).strip("^")
    found = [package for package in packages if not core or _matches(package, core, folder)]
    if pattern.endswith(_RELATED):
        found = _with_related(
            found, {item.folder: item.dependencies for item in packages}, packages
        )
    if pattern.startswith(_RELATED):
        found = _with_related(found, _dependents(packages), packages)
    return found


def _matches(package: ScriptedPackage, pattern: str, folder: str) -> bool:
    if pattern.startswith((".", "{")) or ("/" in pattern and not pattern.startswith("@")):
        return matches_glob(package.folder, joined(folder, pattern.strip("{}")))
    unscoped = package.name.rpartition("/")[2]
    return fnmatchcase(package.name, pattern) or unscoped == pattern


def _dependents(packages: list[ScriptedPackage]) -> MappingType[str, frozenset[str]]:
    """The names of the packages that ask for the one in each folder."""
    return {
        package.folder: frozenset(
            other.name for other in packages if package.name in other.dependencies
        )
        for package in packages
    }


def _with_related(
    found: list[ScriptedPackage],
    related: MappingType[str, frozenset[str]],
    packages: list[ScriptedPackage],
) -> list[ScriptedPackage]:
    """``found`` and all that ``related`` leads to by name, step by step."""
    reached = {package.folder for package in found}
    pending = list(found)
    while pending:
        names = related[pending.pop().folder]
        new = [item for item in packages if item.name in names and item.folder not in reached]
        reached.update(package.folder for package in new)
        pending += new
    return [package for package in packages if package.folder in reached]
