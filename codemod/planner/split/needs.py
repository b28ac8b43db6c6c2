"""Which properties of the environment the classes use."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.model import Deployment, Unknown
from codemod.planner.split.sides import Sides
from codemod.scanner.modules import External, Modules


@dataclass(frozen=True, slots=True)
class Needs:
    """The ``names`` that are used, and why there may be more."""

    names: frozenset[str]
    open: tuple[Unknown, ...]

    def has(self, name: str) -> bool:
        """Whether ``name`` may be used."""
        return bool(self.open) or name in self.names

    def undeclared(self, deployment: Deployment) -> list[str]:
        """The used names that a deployment does not declare: secrets, as a rule."""
        return sorted(self.names - declared(deployment))


def declared(deployment: Deployment) -> set[str]:
    """The properties that a deployment's environment has by its configuration, secrets left out."""
    return {
        *(item.name for item in deployment.bindings),
        *(item.name for item in deployment.variables),
        *(item.name for item in deployment.other_bindings if item.key != "secrets"),
    }


def collect(modules: Modules, sides: Sides) -> Needs:
    """What the modules of the classes use, those of packages left out."""
    target = sides.target
    found = target.worker.usages
    unread = [
        Unknown(f"{item.name} is of the package {resolved.package}", item.export.location)
        for item in target.moved
        if isinstance(
            resolved := modules.resolve(item.specifier, target.entry.path, target.alias), External
        )
    ]
    names = frozenset(usage.binding for usage in found.uses if sides.has_class_code(usage.location))
    unseen = [
        item for item in found.open if item.location is None or sides.has_class_code(item.location)
    ]
    return Needs(names, (*unseen, *unread))
