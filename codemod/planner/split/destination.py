"""Where the new Worker lies, and what it is called in each environment."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from codemod.model import Project
from codemod.planner.split.lifecycle import Lifecycles, Owner
from codemod.planner.split.target import Target
from codemod.scanner.configuration.tables import present
from codemod.scanner.files import Files
from codemod.scanner.resolving.packages import joined
from codemod.syntax.tree import Scalar

_SUFFIX = "dos"
_MODULE = {".ts": ".ts", ".tsx": ".ts", ".mts": ".mts", ".cts": ".ts", ".mjs": ".mjs"}


@dataclass(frozen=True, slots=True)
class Destination:
    """The new Worker. ``configuration`` and ``entry`` are paths, ``main`` is the entry from there.

    ``name`` is the top level's, None where the target has none either; ``written`` are the names
    that environments spell out, ``deployed`` the names that all of them are deployed under.
    """

    configuration: str
    entry: str
    main: str
    name: str | None
    written: Mapping[str, str]
    deployed: Mapping[str | None, str]

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.configuration)

    @property
    def title(self) -> str:
        """The new Worker for people."""
        return self.name or next(iter(self.deployed.values()))

    def from_folder(self, path: str) -> str:
        """``path``, one of the project, as it is written in the new configuration."""
        return posixpath.relpath(path or ".", self.folder)


def choose(files: Files, project: Project, target: Target, lives: Lifecycles) -> Destination:
    """The first folder ``<target>-dos``, ``<target>-dos-2``, … that is free, as its names are.

    It lies beside the target's folder. Where that is the root, it lies in it, under its name.
    """
    taken = {item.name for worker in project.workers for item in worker.deployments}
    for number in count(1):
        suffix = _SUFFIX if number == 1 else f"{_SUFFIX}-{number}"
        found = _called(target, lives, suffix)
        if found.folder and taken.isdisjoint(found.deployed.values()):
            exists = files.is_directory(found.folder) or files.is_file(found.folder)
            if not exists:
                return found
    raise AssertionError("there is always a free number")


def _called(target: Target, lives: Lifecycles, suffix: str) -> Destination:
    path = target.worker.config_path
    written = {
        owner.environment: f"{owner.name}-{suffix}"
        for owner in lives.owners
        if owner.environment is not None and _spells_its_name(owner)
    }
    name = f"{target.worker.name}-{suffix}" if target.worker.name else None
    deployed = {
        owner.environment: written.get(owner.environment or "")
        or "-".join(filter(None, (name, owner.environment)))
        for owner in lives.owners
    }
    folder = posixpath.dirname(path)
    if folder:
        folder = f"{folder}-{suffix}"
    else:
        folder = (name or next(iter(deployed.values()))).replace("/", "-")
    suffix_of_module = posixpath.splitext(target.entry.path)[1]
    main = f"src/index{_MODULE.get(suffix_of_module, '.js')}"
    kind = posixpath.splitext(path)[1]
    return Destination(
        joined(folder, f"wrangler{kind}"), joined(folder, main), main, name, written, deployed
    )


def _spells_its_name(owner: Owner) -> bool:
    name = present(owner.scope.own, "name")
    return isinstance(name, Scalar) and isinstance(name.value, str) and name.value != ""
