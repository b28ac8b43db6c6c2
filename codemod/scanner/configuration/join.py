"""Joins bindings to the deployments that they name."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from codemod.model import Binding, Deployment, DeploymentRef, Language, Note, Target, Unknown
from codemod.scanner.wrangler import Configuration, is_default

_MAX_LISTED = 5


@dataclass(frozen=True, slots=True)
class Joined:
    """The configurations with the targets of their bindings, and what was worth a note."""

    configurations: tuple[Configuration, ...]
    notes: tuple[Note, ...]


def join(configurations: Iterable[Configuration], spare: Collection[str] = ()) -> Joined:
    """Gives every binding its target among all deployments, by deployed name and exact case.

    Of several Workers with one name the nearest counts: the one that shares the deepest folder
    with the caller's configuration, then the one with the shortest way to it. Of several that are
    as near and run the same module, the one that wrangler reads by default counts, or the first.
    ``spare`` are the configurations that count only where no other has the name.
    """
    configurations = tuple(configurations)
    names = _Names(configurations, spare)
    joined = tuple(
        replace(
            configuration,
            deployments=tuple(
                replace(
                    deployment,
                    bindings=tuple(
                        replace(binding, target=names.target(configuration, deployment, binding))
                        for binding in deployment.bindings
                    ),
                )
                for deployment in configuration.deployments
            ),
        )
        for configuration in configurations
    )
    return Joined(joined, names.notes)


class _Names:
    """The deployments of a repository by their deployed names."""

    def __init__(self, configurations: Iterable[Configuration], spare: Collection[str]) -> None:
        self._spare = spare
        self._workers: dict[str, dict[str, Configuration]] = {}
        self._pages: dict[str, str] = {}
        self._ambiguous: dict[str, Note] = {}
        for configuration in configurations:
            for deployment in configuration.deployments:
                if deployment.name is None:
                    continue
                if configuration.language is Language.PAGES:
                    self._pages.setdefault(deployment.name, configuration.path)
                else:
                    found = self._workers.setdefault(deployment.name, {})
                    found[configuration.path] = configuration

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._ambiguous.values())

    def target(self, caller: Configuration, deployment: Deployment, binding: Binding) -> Target:
        """The deployment that ``binding`` leads to, itself included."""
        name = binding.service
        if name is not None and binding.service_environment:
            name = f"{name}-{binding.service_environment}"
        if name is None or (name == deployment.name and caller.language is not Language.PAGES):
            return _reference(caller, deployment)
        found = self._workers.get(name)
        if found is None:
            return self._absent(name)
        configuration = self._nearest(name, found, caller.path)
        if isinstance(configuration, Unknown):
            return configuration
        return _deployment_called(name, configuration, deployment.environment)

    def _absent(self, name: str) -> Unknown:
        if name in self._pages:
            return Unknown(f'"{name}" is a Pages project ({self._pages[name]}), not a Worker')
        return Unknown(f'no Worker that was read is deployed under the name "{name}"')

    def _nearest(
        self, name: str, found: dict[str, Configuration], caller: str
    ) -> Configuration | Unknown:
        paths = [path for path in found if path not in self._spare] or list(found)
        if caller in paths:
            return found[caller]
        shortest = min(_distance(caller, path) for path in paths)
        paths = [path for path in paths if _distance(caller, path) == shortest]
        modules = {_module(found[path]) for path in paths}
        if len(paths) == 1 or (len(modules) == 1 and None not in modules):
            return found[min(paths, key=lambda path: (not is_default(path), path))]
        reason = f'{_count(len(paths))} Workers are called "{name}": {_listed(sorted(paths))}'
        self._ambiguous.setdefault(name, Note(min(paths), reason))
        return Unknown(reason)


def _deployment_called(name: str, configuration: Configuration, environment: str | None) -> Target:
    """The deployment called ``name``: of several, the caller's environment, then the top level."""
    named = [item for item in configuration.deployments if item.name == name]
    preferred = [item for item in named if item.environment == environment]
    return _reference(configuration, (preferred or named)[0])


def _reference(configuration: Configuration, deployment: Deployment) -> Target:
    environment = deployment.environment
    other = configuration.environment_mains.get(environment) if environment is not None else None
    if other:
        return Unknown(
            f'"{deployment.name}" runs a module of its own, {other.value}, which is not analysed',
            other.location,
        )
    return DeploymentRef(configuration.path, environment)


def _module(configuration: Configuration) -> str | None:
    if configuration.main is None:
        return None
    folder = posixpath.dirname(configuration.path)
    return posixpath.normpath(posixpath.join(folder, configuration.main.value))


def _distance(caller: str, path: str) -> tuple[int, int]:
    """How far apart two files are: the deepest common folder comes first, then the shortest way."""
    own, other = posixpath.dirname(caller).split("/"), posixpath.dirname(path).split("/")
    common = 0
    while common < min(len(own), len(other)) and own[common] == other[common]:
        common += 1
    return -common, len(own) + len(other) - 2 * common


def _count(number: int) -> str:
    return "two" if number == 2 else str(number)


def _listed(paths: list[str]) -> str:
    if len(paths) <= _MAX_LISTED:
        return ", ".join(paths)
    return f"{', '.join(paths[:_MAX_LISTED])} and {len(paths) - _MAX_LISTED} more"
