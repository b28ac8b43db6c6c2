"""What configurations, packages and scripts tell: all of a project but what its code shows."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from codemod.model import (
    BindingKind,
    Language,
    Note,
    Unknown,
    Unreadable,
)
from codemod.scanner import code, development, discover
from codemod.scanner.code import Start
from codemod.scanner.configuration import configurations
from codemod.scanner.configuration.entry import Entry, locate
from codemod.scanner.configuration.join import join
from codemod.scanner.discover import Discovery, Walk
from codemod.scanner.files import Files
from codemod.scanner.ignored import Ignored
from codemod.scanner.modules import Modules
from codemod.scanner.parts import Outline, Skeleton
from codemod.scanner.resolving.packages import Packages, joined
from codemod.scanner.running.workspace import read_packages
from codemod.scanner.wrangler import Configuration

_IN_TYPESCRIPT = "configures Workers in TypeScript (beta): not analysed"


def read(
    files: Files, modules: Modules, paths: Sequence[Path] = (), exclude: Sequence[str] = ()
) -> Outline:
    """Finds and reads all files but modules. ``paths`` and ``exclude`` are as in ``scan``."""
    ignored = Ignored(files)
    walk = Walk(files, ignored, exclude)
    packages = Packages(files)
    found = discover.find(files, walk, ignored, paths)
    scripted = read_packages(files, packages, found)
    named = development.named_configurations(packages, found, scripted)
    found = discover.with_named(found, files, walk, ignored, named)
    readings = configurations.read_all(files, found.configurations)
    shadows = configurations.shadows(found.configurations)
    known = join(readings.configurations, {*shadows, *found.generated})
    starts = [
        _start(item, locate(item, modules, packages, ignored), walk, files)
        for item in known.configurations
    ]
    evidence = development.find(modules, packages, found, known.configurations, scripted)
    tasks = code.tasks(starts)
    places = {
        start.configuration.path: place
        for place, sharing in enumerate(tasks.values())
        for start in sharing
    }
    return Outline(
        workers=tuple(_skeleton(start, places, shadows, found.generated) for start in starts),
        tasks=tuple(tasks),
        configurations=found.configurations,
        development=evidence.evidence,
        unreadable=(*readings.unreadable, *walk.unreadable, *_unreadable(starts)),
        notes=(
            *readings.notes,
            *known.notes,
            *_clashes(known.configurations),
            *_notes(starts, found),
            *evidence.notes,
        ),
        scope=found.scope,
    )


def _skeleton(
    start: Start,
    places: Mapping[str, int],
    shadows: Mapping[str, str],
    generated: Collection[str],
) -> Skeleton:
    configuration = start.configuration
    return Skeleton(
        config_path=configuration.path,
        name=configuration.name,
        language=configuration.language,
        main=start.entry.module,
        deployments=configuration.deployments,
        shadowed_by=shadows.get(configuration.path),
        generated=configuration.path in generated,
        task=places[configuration.path],
        unknown=start.entry.unknown,
        gaps=tuple(_gaps(start)),
        tsconfig=configuration.tsconfig,
    )


def _gaps(start: Start) -> Iterator[Unknown]:
    for name, main in start.configuration.environment_mains.items():
        yield Unknown(f"env.{name} runs a module of its own, {main.value}", main.location)
    has_code = start.configuration.language is not Language.ASSETS
    if start.entry.unknown and not start.roots and has_code:
        yield start.entry.unknown


def _start(configuration: Configuration, entry: Entry, walk: Walk, files: Files) -> Start:
    if configuration.language is Language.PAGES:
        return Start(configuration, entry, tuple(_pages_modules(configuration, walk, files)))
    return Start(configuration, entry, (entry.module,) if entry.module else ())


def _pages_modules(configuration: Configuration, walk: Walk, files: Files) -> list[str]:
    """The modules below the folder ``functions``, or in advanced mode the one that stands alone."""
    folder = posixpath.dirname(configuration.path)
    output = configuration.pages_output
    alone = joined(folder, posixpath.join(output.value if output else "", "_worker.js"))
    if files.is_file(alone):
        return [alone]
    functions = joined(folder, "functions")
    if not files.is_directory(functions):
        return []
    return sorted(walk.files(discover.MODULES, functions))


def _unreadable(starts: Iterable[Start]) -> Iterable[Unreadable]:
    return [start.entry.unreadable for start in starts if start.entry.unreadable]


def _notes(starts: Iterable[Start], found: Discovery) -> Iterable[Note]:
    yield from (start.entry.note for start in starts if start.entry.note)
    yield from (Note(path, _IN_TYPESCRIPT) for path in found.typescript_configurations)


def _clashes(configurations: Iterable[Configuration]) -> Iterator[Note]:
    for configuration in configurations:
        for deployment in configuration.deployments:
            lines: dict[str, list[str]] = {}
            for binding in deployment.of_kind(BindingKind.SERVICE):
                lines.setdefault(binding.name, []).append(str(binding.location.line))
            for name, places in lines.items():
                if len(places) > 1:
                    yield Note(
                        configuration.path,
                        f'lines {" and ".join(places)} give several services the name "{name}": '
                        "wrangler rejects it",
                    )
