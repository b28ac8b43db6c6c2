"""Reads a repository of Workers into a ``Project``: facts without judgement."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from codemod.model import BindingKind, Language, Note, Project, Unreadable, Worker
from codemod.scanner import code, development, discover, suppressions
from codemod.scanner.code import Start
from codemod.scanner.configuration import configurations
from codemod.scanner.configuration.entry import Entry, locate
from codemod.scanner.configuration.join import join
from codemod.scanner.discover import Discovery, Walk
from codemod.scanner.files import Files
from codemod.scanner.ignored import Ignored
from codemod.scanner.modules import Modules
from codemod.scanner.resolving.packages import Packages, joined
from codemod.scanner.running.workspace import read_packages
from codemod.scanner.wrangler import Configuration

__all__ = ["scan"]

_IN_TYPESCRIPT = "configures Workers in TypeScript (beta): not analysed"


def scan(
    root: Path,
    paths: Sequence[Path] = (),
    exclude: Sequence[str] = (),
    changed: Mapping[str, bytes] | None = None,
    processes: int = 1,
) -> Project:
    """Everything that can be known of the Workers in the folder ``root``, none of its code run.

    ``paths`` limits where configurations are looked for (files and folders, relative to ``root``
    or absolute); ``exclude`` are patterns as in a ``.gitignore``; ``changed`` are files, by their
    POSIX paths relative to ``root``, that are read as if they held these bytes. Where there are
    many Workers, up to ``processes`` read their code; more than one asks for a main module that
    can be imported (see ``multiprocessing``). Raises ``UsageError`` where one of ``paths`` does not
    exist or lies outside ``root``. Whatever is wrong in a file is a note or an ``Unreadable`` of
    the project.
    """
    files = Files(root, changed, suppressions.WORD)
    ignored = Ignored(files)
    walk = Walk(files, ignored, exclude)
    modules = Modules(files)
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
    read = code.read(starts, modules, changed or {}, processes)
    evidence = development.find(modules, packages, found, known.configurations, scripted)
    unreadable = (*readings.unreadable, *walk.unreadable, *_unreadable(starts))
    told = {item.path for item in unreadable}
    unreadable += tuple(
        Unreadable(path, reason) for path, reason in files.failures.items() if path not in told
    )
    notes = (
        *readings.notes,
        *known.notes,
        *_clashes(known.configurations),
        *_notes(starts, found),
        *evidence.notes,
    )
    return Project(
        root=files.root,
        workers=tuple(
            Worker(
                config_path=start.configuration.path,
                name=start.configuration.name,
                language=start.configuration.language,
                main=start.entry.module,
                exports=read[start.configuration.path].exports,
                usages=read[start.configuration.path].usages,
                deployments=start.configuration.deployments,
                shadowed_by=shadows.get(start.configuration.path),
                generated=start.configuration.path in found.generated,
            )
            for start in starts
        ),
        development=evidence.evidence,
        unreadable=tuple(sorted(dict.fromkeys(unreadable), key=lambda item: item.path)),
        notes=tuple(sorted(dict.fromkeys(notes), key=lambda note: note.path)),
        suppressions=tuple(suppressions.find(files, modules, found.configurations)),
        read=dict(sorted(files.hashes.items())),
        scope=found.scope,
    )


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
