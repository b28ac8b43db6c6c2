"""Signs that several Workers of a repository run together on a developer's machine.

They are: a package script that starts more than one at a time, auxiliary Workers of Cloudflare's
Vite plugin, and those of its Vitest pool.
"""

from __future__ import annotations

import posixpath
import textwrap
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from codemod.model import DevelopmentEvidence, Note
from codemod.scanner.discover import Discovery
from codemod.scanner.modules import Modules
from codemod.scanner.resolving.packages import Packages
from codemod.scanner.running import vite
from codemod.scanner.running.scripts import Scripts, default_configuration
from codemod.scanner.running.vite import ViteConfiguration
from codemod.scanner.running.workspace import ScriptedPackage, Workspace
from codemod.scanner.wrangler import Configuration
from codemod.syntax.typescript import Source

_SHOWN_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Development:
    """The evidence found, and notes on files that might hold some but could not be read."""

    evidence: tuple[DevelopmentEvidence, ...]
    notes: tuple[Note, ...]


def find(
    modules: Modules,
    packages: Packages,
    discovery: Discovery,
    configurations: Iterable[Configuration],
    scripted: tuple[ScriptedPackage, ...],
) -> Development:
    """What the scripts of packages and the configurations of Vite, Vitest and Nx tell.

    Of scripts that run the same Workers, the first counts, and none where a Vite configuration
    tells as much.
    """
    known = frozenset(discovery.configurations)
    names = _names(configurations)
    sources = (modules.source(path) for path in discovery.vite)
    read = [vite.read(source) for source in sources if isinstance(source, Source)]
    running = {item.path: _started_by(item, known) for item in read if item.has_plugin}
    scripts = Scripts(_workspace(scripted, packages), known, running)
    evidence = (
        *_auxiliary(read, running, names, known),
        *_together(scripted, scripts, known, running),
    )
    return Development(evidence, tuple(_unread(discovery, scripted)))


def named_configurations(
    packages: Packages, discovery: Discovery, scripted: tuple[ScriptedPackage, ...]
) -> frozenset[str]:
    """The files that scripts give wrangler with ``-c``, to whichever of its commands."""
    return Scripts(_workspace(scripted, packages), discovery.configurations, {}).named()


def _workspace(scripted: tuple[ScriptedPackage, ...], packages: Packages) -> Workspace:
    members = {
        item.folder: [member.folder for member in own]
        for item in scripted
        if (own := packages.members(item.folder))
    }
    return Workspace(scripted, members)


def _names(configurations: Iterable[Configuration]) -> MappingType[str, str]:
    return {
        deployment.name: configuration.path
        for configuration in configurations
        for deployment in configuration.deployments
        if deployment.name
    }


def _started_by(configuration: ViteConfiguration, known: Collection[str]) -> frozenset[str]:
    """The configurations of the Workers that Cloudflare's plugin starts."""
    folder = posixpath.dirname(configuration.path)
    main = configuration.main
    started = frozenset({main}) if main else default_configuration(folder, known)
    return started.union(*(item.config_paths for item in configuration.auxiliary))


def _auxiliary(
    read: Iterable[ViteConfiguration],
    running: MappingType[str, frozenset[str]],
    names: MappingType[str, str],
    known: Collection[str],
) -> Iterator[DevelopmentEvidence]:
    for configuration in read:
        for item in configuration.auxiliary:
            main = {configuration.main} if configuration.main else set()
            named = {names[name] for name in item.names if name in names}
            workers = {*running.get(configuration.path, main), *item.config_paths, *named}
            yield DevelopmentEvidence(
                f"auxiliary Workers ({item.setting})",
                item.location,
                tuple(sorted(workers & set(known))) if item.complete else (),
            )


def _together(
    packages: Iterable[ScriptedPackage],
    scripts: Scripts,
    known: Collection[str],
    by_vite: MappingType[str, frozenset[str]],
) -> Iterator[DevelopmentEvidence]:
    seen = set(by_vite.values())
    for package in packages:
        for script in package.scripts:
            running = scripts.together(package, script)
            if len(running) > 1 and running not in seen:
                seen.add(running)
                text = " & ".join(script.commands)
                shown = textwrap.shorten(text, _SHOWN_LENGTH, placeholder=" …")
                yield DevelopmentEvidence(
                    f'script "{script.name}" runs {len(running)} Workers: {shown}',
                    script.location,
                    tuple(sorted(running & set(known))),
                )


def _unread(discovery: Discovery, packages: Iterable[ScriptedPackage]) -> Iterator[Note]:
    read = {package.folder for package in packages}
    for path in discovery.packages:
        if posixpath.dirname(path) not in read:
            yield Note(path, "cannot be read: what its scripts run is not known")
