"""The entry module of the new Worker: it exports the classes and answers every request with 404."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from codemod.model import Unknown
from codemod.planner.layout import layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.split.destination import Destination
from codemod.planner.split.target import Moved, Target
from codemod.scanner.modules import External, Modules, specifiers
from codemod.scanner.packages import Packages

ANSWER = "This Worker only hosts Durable Objects"

_TYPED = (".ts", ".mts")
_WRITTEN_SUFFIX = re.compile(r"\.[cm]?[jt]sx?")
_OUTPUT_SUFFIX = {".ts": ".js", ".tsx": ".js", ".jsx": ".js", ".mts": ".mjs", ".cts": ".cjs"}
_IDENTIFIER = re.compile(r"[\w$]+")


def refusals(modules: Modules, target: Target, destination: Destination) -> Iterator[Refusal]:
    """Classes that the new entry cannot import from where it lies."""
    packages = Packages(modules.files)
    for item in target.moved:
        resolved = modules.resolve(item.specifier, target.entry.path, target.alias)
        place = target.entry.location(item.statement)
        if isinstance(resolved, Unknown):
            yield Refusal(resolved.reason, place)
        elif isinstance(resolved, External) and not any(
            package.depends_on(resolved.package)
            for package in packages.enclosing(destination.entry)
        ):
            reason = (
                f"{item.name} comes from the package {resolved.package}, "
                f"which nothing installs for {destination.folder}"
            )
            yield Refusal(reason, place)


def text(modules: Modules, target: Target, destination: Destination) -> str:
    """The new module, in the style of the target's."""
    layout = layout_of(target.entry)
    quote, end, indent = layout.quote, layout.end, layout.indent
    exported: dict[str, list[str]] = {}
    for item in target.moved:
        where = _specifier(modules, target, destination, item)
        exported.setdefault(where, []).append(_renamed(item.imported, item.name))
    returns = ": Promise<Response>" if destination.entry.endswith(_TYPED) else ""
    lines = [
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


def _renamed(imported: str, name: str) -> str:
    return name if imported == name else f"{_module_name(imported)} as {_module_name(name)}"


def _module_name(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else f'"{name}"'


def _specifier(modules: Modules, target: Target, destination: Destination, item: Moved) -> str:
    """What leads from the new entry to the module that the target's entry names."""
    specifier = item.specifier
    folder = posixpath.dirname(target.entry.path)
    if specifier.startswith("."):
        return _relative(destination, posixpath.join(folder, specifier))
    resolved = modules.resolve(specifier, target.entry.path, target.alias)
    if isinstance(resolved, str):
        return _relative(destination, _as_written(target, resolved))
    return specifier


def _relative(destination: Destination, path: str) -> str:
    found = posixpath.relpath(path or ".", posixpath.dirname(destination.entry))
    return found if found.startswith(".") else f"./{found}"


def _as_written(target: Target, path: str) -> str:
    """The path of a module with the suffix that the entry's own relative imports have."""
    stem, suffix = posixpath.splitext(path)
    for specifier in specifiers(target.entry):
        if specifier.value.startswith("."):
            written = posixpath.splitext(specifier.value)[1]
            if not _WRITTEN_SUFFIX.fullmatch(written):
                return stem
            return (
                path
                if written.endswith(("ts", "tsx"))
                else stem + _OUTPUT_SUFFIX.get(suffix, suffix)
            )
    return stem
