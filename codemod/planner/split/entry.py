"""The entry module of the new Worker: it exports the classes and answers every request with 404."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from codemod.model import Unknown
from codemod.planner.layout import layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.split.destination import Destination
from codemod.planner.split.target import ANSWER, Target
from codemod.planner.split.written import as_imported, relative, renamed
from codemod.scanner.modules import External, Modules
from codemod.scanner.resolving.packages import Packages

_TYPED = (".ts", ".mts")


def refusals(modules: Modules, target: Target, destination: Destination) -> Iterator[Refusal]:
    """Modules that the new entry cannot import from where it lies."""
    packages = Packages(modules.files)
    places = {
        item.specifier: target.entry.location(item.statement)
        for item in target.moved
        if not item.alone
    }
    whole = target.entry.location(target.entry.root)
    for specifier in (*target.effects, *places):
        resolved = modules.resolve(specifier, target.entry.path, target.alias)
        place = places.get(specifier, whole)
        if isinstance(resolved, Unknown):
            yield Refusal(resolved.reason, place)
        elif isinstance(resolved, External) and not _is_installed(packages, resolved, destination):
            reason = f"nothing installs the package {resolved.package} for {destination.folder}"
            yield Refusal(reason, place)


def _is_installed(packages: Packages, external: External, destination: Destination) -> bool:
    is_runtime = external.package.startswith(("cloudflare:", "node:"))
    around = packages.enclosing(destination.entry)
    return is_runtime or any(package.depends_on(external.package) for package in around)


def text(modules: Modules, target: Target, destination: Destination) -> str:
    """The new module, in the style of the target's."""
    layout = layout_of(target.entry)
    quote, end, indent = layout.quote, layout.end, layout.indent
    exported: dict[str, list[str]] = {}
    for item in target.moved:
        where = _specifier(modules, target, destination, item.specifier)
        exported.setdefault(where, []).append(renamed(item.imported, item.name))
    returns = ": Promise<Response>" if destination.entry.endswith(_TYPED) else ""
    effects = [_specifier(modules, target, destination, item) for item in target.effects]
    lines = [
        *(f"import {quote}{where}{quote}{end}" for where in effects),
        *(
            f"export {{ {', '.join(names)} }} from {quote}{where}{quote}{end}"
            for where, names in exported.items()
        ),
        "",
        "export default {",
        f"{indent}async fetch(){returns} {{",
        f"{indent * 2}return new Response({quote}{ANSWER}{quote}, {{ status: 404 }}){end}",
        f"{indent}}},",
        f"}}{end}",
        "",
    ]
    return layout.line_break.join(lines)


def _specifier(modules: Modules, target: Target, destination: Destination, specifier: str) -> str:
    """What leads from the new entry to the module that the target's entry names."""
    folder = posixpath.dirname(destination.entry)
    if specifier.startswith("."):
        path = posixpath.join(posixpath.dirname(target.entry.path), specifier)
        return relative(posixpath.normpath(path), folder)
    resolved = modules.resolve(specifier, target.entry.path, target.alias)
    if isinstance(resolved, str):
        return relative(as_imported(target.entry, resolved), folder)
    return specifier
