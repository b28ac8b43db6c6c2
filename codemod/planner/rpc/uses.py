"""Who else in the repository takes the object into their hands: a class would serve them badly."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tree_sitter import Node

from codemod.model import Location, Unknown
from codemod.planner.refusal import Refusal
from codemod.planner.rpc.subject import Exposure, Module
from codemod.scanner.discover import MODULES, Walk
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.exporting.names import Exported, Expression, Forwarded, Local
from codemod.scanner.files import Files, UnreadableFile
from codemod.scanner.ignored import Ignored
from codemod.scanner.modules import Modules, package_name, specifiers
from codemod.scanner.resolving.packages import folders_above, joined, read_mapping, string
from codemod.syntax.scopes import Scopes
from codemod.syntax.typescript import (
    TRANSPARENT,
    property_name,
    string_value,
    text,
    unwrap,
)

_MAX_MODULES = 20_000
_EXPORTS = ("export_specifier", "export_statement")


def refusal_elsewhere(modules: Modules, exposures: tuple[Exposure, ...]) -> Refusal | None:
    """The first use of the object as a value in a module that imports it, if there is one.

    Re-exports are followed. Types, modules below ``node_modules`` and ignored ones do not count.
    """
    paths = _module_paths(modules.files)
    if len(paths) > _MAX_MODULES:
        return Refusal("the repository has too many modules to search for its importers", None)
    linker = Linker(modules)
    pending = list(exposures)
    seen = set(exposures)
    while pending:
        exposure = pending.pop()
        for importer in _importers(modules, linker, exposure.path, paths):
            for found in _Importer(modules, importer, exposure).uses():
                if isinstance(found, Location):
                    return Refusal("the default object is used as a value elsewhere", found)
                if found not in seen:
                    seen.add(found)
                    pending.append(found)
    return None


@lru_cache(maxsize=1)
def _module_paths(files: Files) -> tuple[str, ...]:
    """The modules of a repository. They are looked for once for all its Workers."""
    walk = Walk(files, Ignored(files))
    return tuple(walk.files(MODULES))


def _importers(
    modules: Modules, linker: Linker, path: str, paths: tuple[str, ...]
) -> Iterator[Module]:
    """The modules with a specifier that leads to the module at ``path``."""
    mention = _mention(modules.files, path)
    for other in paths:
        try:
            content = modules.files.read(other)
        except UnreadableFile:
            continue
        names = linker.names(other) if mention.search(content) else None
        if names is None or isinstance(names, Unknown):
            continue
        if any(modules.resolve(item.value, other) == path for item in specifiers(names.source)):
            yield Module(names, Scopes(names.source.root))


def _mention(files: Files, path: str) -> re.Pattern[bytes]:
    """What a specifier of the module at ``path`` looks like: its own name, or its folder's."""
    folder, name = posixpath.split(path)
    stem = name.split(".", maxsplit=1)[0]
    ends = {stem, posixpath.basename(folder), ".", ".."} - {""}
    alternatives = "|".join(re.escape(end) for end in sorted(ends))
    packages = "|".join(re.escape(name) for name in _packages_around(files, path))
    whole = rf"|(?:{packages})(?:/[^\"'`\n]*)?" if packages else ""
    pattern = rf"[\"'`](?:#[^\"'`\n]*|(?:[^\"'`\n]*/)?(?:{alternatives})(?:\.\w+)?/?{whole})[\"'`?]"
    return re.compile(pattern.encode())


def _packages_around(files: Files, path: str) -> Iterator[str]:
    for folder in folders_above(path):
        manifest = read_mapping(files, joined(folder, "package.json"))
        name = string(manifest.get("name")) if manifest else None
        if name:
            yield package_name(name)


@dataclass(frozen=True, slots=True)
class _Importer:
    """A module that imports from the one that exposes the object."""

    modules: Modules
    module: Module
    exposure: Exposure

    def uses(self) -> Iterator[Location | Exposure]:
        """The uses of the object as a value, and the names that the module exports it by."""
        names = self.module.names
        for local, imported in names.imported.items():
            is_wanted = imported.imported in (self.exposure.name, "*")
            if is_wanted and not imported.type_only and self._leads_here(imported.specifier):
                yield from self._of_import(local, is_namespace=imported.imported == "*")
        for name, exported in names.exported.items():
            if isinstance(exported, Forwarded) and self._leads_here(exported.specifier):
                yield from self._of_forwarding(name, exported)
        stars = names.stars if self.exposure.name != "default" else ()
        if any(self._leads_here(star.specifier) for star in stars):
            yield Exposure(self.module.path, self.exposure.name)
        for specifier in specifiers(self.module.source):
            if not specifier.type_only and self._leads_here(specifier.value):
                yield from self._of_call(specifier.node)

    def _leads_here(self, specifier: str) -> bool:
        return self.modules.resolve(specifier, self.module.path) == self.exposure.path

    def _of_forwarding(self, name: str, exported: Forwarded) -> Iterator[Location | Exposure]:
        if exported.imported == self.exposure.name:
            yield Exposure(self.module.path, name)
        elif exported.imported == "*":
            yield self.module.source.location(exported.statement)

    def _of_import(self, local: str, *, is_namespace: bool) -> Iterator[Location | Exposure]:
        scopes = self.module.scopes
        declaration = scopes.top_level(local)
        for use in scopes.references(declaration) if declaration is not None else ():
            parent = scopes.parent(use)
            while parent is not None and parent.type in TRANSPARENT:
                parent = scopes.parent(parent)
            if parent is not None and is_namespace:
                is_other = _accessed_name(parent) not in (None, self.exposure.name)
            else:
                is_other = parent is not None and parent.type in _EXPORTS
            if not is_other:
                yield self.module.source.location(use)
        for name, exported in self.module.names.exported.items() if not is_namespace else ():
            if _exports(exported, local):
                yield Exposure(self.module.path, name)

    def _of_call(self, specifier: Node) -> Iterator[Location]:
        """``import("…")`` or ``require("…")``, unless it visibly takes other exports only."""
        call = specifier.parent.parent if specifier.parent is not None else None
        if call is None or call.type != "call_expression":
            return
        parent = call.parent
        while parent is not None and parent.type in (*TRANSPARENT, "await_expression"):
            parent = parent.parent
        if parent is None or parent.type == "expression_statement":
            return
        if _accessed_name(parent) not in (None, self.exposure.name, "then"):
            return
        is_declared = parent.type == "variable_declarator"
        pattern = parent.child_by_field_name("name") if is_declared else None
        if pattern is None or _takes(pattern, self.exposure.name):
            yield self.module.source.location(call)


def _exports(exported: Exported, local: str) -> bool:
    if isinstance(exported, Expression):
        return text(unwrap(exported.value)) == local
    return isinstance(exported, Local) and exported.name == local


def _accessed_name(access: Node) -> str | None:
    """The property that ``a.b`` or ``a["b"]`` reads; None for anything else."""
    accessed = access.child_by_field_name("property")
    if access.type == "member_expression" and accessed is not None:
        return text(accessed)
    index = access.child_by_field_name("index")
    return string_value(index) if index is not None else None


def _takes(pattern: Node, wanted: str) -> bool:
    """Whether a name or pattern takes the property ``wanted``, or may do so."""
    if pattern.type != "object_pattern":
        return True
    for part in pattern.named_children:
        key = part.child_by_field_name("key") or part.child_by_field_name("left") or part
        if part.type == "rest_pattern" or property_name(key) in (wanted, None):
            return True
    return False
