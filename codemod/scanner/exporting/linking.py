"""From a name to its declaration, through imports and re-exports over modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from codemod.model import Location, Span, Unknown
from codemod.scanner.exporting import names as module_names
from codemod.scanner.exporting.names import (
    Declared,
    Exported,
    Expression,
    Forwarded,
    Local,
    Names,
    Star,
)
from codemod.scanner.modules import External, Import, Modules, package_name
from codemod.scanner.resolving import platform
from codemod.syntax.outline import Imported
from codemod.syntax.scopes import Scopes
from codemod.syntax.typescript import is_constant, text, unwrap

_MAX_HOPS = 64


@dataclass(frozen=True, slots=True)
class Definition:
    """A declaration, or a statement that exports an ``expression`` without a name."""

    names: Names
    node: Node
    declared: Declared | None = None
    expression: Node | None = None
    via: tuple[Location, ...] = ()

    @property
    def is_commonjs(self) -> bool:
        """Whether the statement is ``export = …`` or assigns to ``module.exports``."""
        return self.expression is not None and not any(
            child.type == "default" for child in self.node.children
        )

    @property
    def location(self) -> Location:
        part = self.declared.part if self.declared else None
        return self.names.source.location(part or self.node)


@dataclass(frozen=True, slots=True)
class Foreign:
    """``name`` (``*`` for the namespace) of a module outside, named at ``location``."""

    external: External
    name: str
    location: Location
    via: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Namespace:
    """All exports of the module at ``path`` as one object, named at ``location``."""

    path: str
    location: Location
    via: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A name that leads nowhere that can be known."""

    unknown: Unknown
    location: Location
    via: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeOnly:
    """A name that is gone at run time."""


Found = Definition | Foreign | Namespace | Lost
Target = Found | TypeOnly


@dataclass(frozen=True, slots=True)
class ExportedNames:
    """The names that a module exports, in order, and why there may be more."""

    names: tuple[str, ...]
    open: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class _Starred:
    """A module reached over ``export *``: the statement that names it, in which such a module."""

    names: Names
    location: Location
    importer: _Starred | None
    hops: int

    @property
    def via(self) -> tuple[Location, ...]:
        """The statements that lead there."""
        return (*(self.importer.via if self.importer else ()), self.location)


@dataclass(frozen=True, slots=True)
class _Reach:
    """The modules that a module passes on whole, and why that may not be all."""

    modules: tuple[_Starred, ...] = ()
    doubts: tuple[Unknown, ...] = ()
    exporting: Mapping[str, Sequence[_Starred]] = field(default_factory=dict)


class Linker:
    """Follows names through the modules of one Worker. ``alias`` is as in ``Modules.resolve``."""

    def __init__(self, modules: Modules, alias: Mapping[str, str] | None = None) -> None:
        self._modules = modules
        self._alias = alias
        self._names: dict[str, Names] = {}
        self._reaches: dict[str, _Reach] = {}

    def names(self, path: str) -> Names | Unknown:
        """The names of the module at ``path``, or why it cannot be read."""
        if path not in self._names:
            source = self._modules.source(path)
            if isinstance(source, Unknown):
                return source
            self._names[path] = module_names.read(source)
        return self._names[path]

    def scopes(self, names: Names) -> Scopes:
        """The scopes of a module."""
        return self._modules.scopes(names.source)

    def exported_names(self, names: Names) -> ExportedNames:
        """The names that a module exports, those of ``export *`` included and types too."""
        found = dict.fromkeys(names.exported)
        reach = self._reach(names)
        for module in reach.modules:
            found.update(dict.fromkeys(name for name in module.names.exported if name != "default"))
        damage = (
            unknown
            for module in (names, *(item.names for item in reach.modules))
            for unknown in module.damage
        )
        return ExportedNames(tuple(found), (*reach.doubts, *damage))

    def exported(
        self, names: Names, name: str, via: tuple[Location, ...] = (), hops: int = 0
    ) -> Target:
        """What a module exports as ``name``."""
        if hops > _MAX_HOPS:
            return self._lost(
                names, f"{name} is re-exported in a circle, or over too many modules", via
            )
        exported = names.exported.get(name)
        if exported is not None:
            return self._of_export(names, exported, via, hops + 1)
        if name in names.types:
            return TypeOnly()
        return self._of_star(names, name, via, hops + 1)

    def local(
        self, names: Names, name: str, via: tuple[Location, ...] = (), hops: int = 0
    ) -> Target:
        """What ``name`` means at a module's top level; constants that only rename are passed."""
        if hops > _MAX_HOPS:
            return self._lost(names, f"{name} is defined in a circle", via)
        imported = names.imported.get(name)
        declared = names.declared.get(name) if imported is None else None
        if declared is not None:
            renamed = _renamed(names, declared)
            if renamed is not None:
                return self.local(names, renamed, via, hops + 1)
            return Definition(names, declared.node, declared, via=via)
        if imported is None:
            if name in names.types:
                return TypeOnly()
            return self._lost(names, f"{name} is declared nowhere in {names.source.path}", via)
        if imported.type_only:
            return TypeOnly()
        location = names.source.location(imported.node)
        path = names.source.path
        return self._beyond(path, imported.specifier, imported.imported, location, via, hops + 1)

    def imported(self, names: Names, imported: Import) -> Target:
        """What an import that is written anywhere in a module brings in."""
        location = names.source.location(imported.node)
        path = names.source.path
        return self._beyond(path, imported.specifier, imported.imported, location, (), 1)

    def leads_to(self, path: str, imported: Imported) -> Target:
        """What an imported name of the module at ``path`` is, without reading that module.

        What the result tells of places in it is its beginning.
        """
        if imported.type_only:
            return TypeOnly()
        start = Location(path, 1, 1, Span(0, 0))
        return self._beyond(path, imported.specifier, imported.imported, start, (), 1)

    def _of_export(
        self, names: Names, exported: Exported, via: tuple[Location, ...], hops: int
    ) -> Target:
        match exported:
            case Expression(value, statement):
                name = _known_name(names, value)
                if name is not None:
                    passed = (*via, names.source.location(statement))
                    return self.local(names, name, passed, hops)
                return Definition(names, statement, expression=value, via=via)
            case Local(local, statement):
                passed = (*via, names.source.location(statement)) if statement else via
                return self.local(names, local, passed, hops)
            case Forwarded(specifier, imported, statement):
                location = names.source.location(statement)
                path = names.source.path
                return self._beyond(path, specifier, imported, location, (*via, location), hops)

    def _beyond(
        self,
        path: str,
        specifier: str,
        name: str,
        location: Location,
        via: tuple[Location, ...],
        hops: int,
    ) -> Target:
        """``name`` of the module that ``specifier`` means in the one at ``path``."""
        resolved = self._modules.resolve(specifier, path, self._alias)
        if isinstance(resolved, Unknown) and platform.is_known(package_name(specifier), name):
            resolved = External(package_name(specifier), specifier)
        if isinstance(resolved, External) and resolved.declared_by is not None:
            return Lost(_declared_alone(resolved.declared_by, location), location, via)
        if isinstance(resolved, External):
            return Foreign(resolved, name, location, via)
        target = self.names(resolved) if isinstance(resolved, str) else resolved
        if isinstance(target, Unknown):
            return Lost(target, location, via)
        if name == "*":
            return Namespace(target.source.path, location, via)
        return self.exported(target, name, via, hops)

    def _of_star(self, names: Names, name: str, via: tuple[Location, ...], hops: int) -> Target:
        reach = self._reach(names) if name != "default" else _Reach()
        exporting = reach.exporting.get(name, ())
        if len(exporting) > 1:
            exporting = self._starred(names, name).exporting[name]
        targets = [
            self.exported(module.names, name, (*via, *module.via), hops) for module in exporting
        ]
        places = {_place(target): target for target in reversed(targets)}
        if len(places) == 1:
            return next(iter(places.values()))
        if targets:
            return self._lost(names, f"several modules export {name} to {names.source.path}", via)
        if reach.doubts:
            doubt = reach.doubts[0]
            return Lost(doubt, doubt.location or self._whole(names), via)
        if any(name in module.names.types for module in reach.modules):
            return TypeOnly()
        damage = [*names.damage, *(item for each in reach.modules for item in each.names.damage)]
        if damage:
            return Lost(damage[0], damage[0].location or self._whole(names), via)
        return self._lost(names, f"{names.source.path} exports no {name}", via)

    def _reach(self, names: Names) -> _Reach:
        path = names.source.path
        if path not in self._reaches:
            self._reaches[path] = self._starred(names)
        return self._reaches[path]

    def _starred(self, names: Names, name: str | None = None) -> _Reach:
        """What a module passes on whole; only as far as that exports ``name``, where it is given.

        What a module itself exports as ``name`` hides what it passes on under that name.
        """
        reached: list[_Starred] = []
        doubts: list[Unknown] = []
        exporting: dict[str, list[_Starred]] = {}
        seen = {names.source.path}
        pending: list[tuple[Names, Star, _Starred | None]] = []
        pending += [(names, star, None) for star in reversed(names.stars)]
        while pending:
            importer, star, through = pending.pop()
            location = importer.source.location(star.statement)
            target = self._star_target(importer, star, location)
            if isinstance(target, Unknown):
                doubts.append(target)
            elif target is not None and target.source.path not in seen:
                seen.add(target.source.path)
                module = _Starred(target, location, through, through.hops + 1 if through else 1)
                if module.hops > _MAX_HOPS:
                    doubts.append(Unknown("passed on over too many modules", location))
                    continue
                reached.append(module)
                for exported in target.exported:
                    exporting.setdefault(exported, []).append(module)
                if name is None or name not in target.exported:
                    pending += [(target, further, module) for further in reversed(target.stars)]
        return _Reach(tuple(reached), tuple(doubts), exporting)

    def _star_target(
        self, importer: Names, star: Star, location: Location
    ) -> Names | Unknown | None:
        path = importer.source.path
        resolved = self._modules.resolve(star.specifier, path, self._alias)
        if isinstance(resolved, External):
            if resolved.declared_by is not None:
                return _declared_alone(resolved.declared_by, location)
            if not resolved.has_code:
                return None
            reason = f"everything that {resolved.specifier} exports is passed on"
            return Unknown(reason, location)
        target = self.names(resolved) if isinstance(resolved, str) else resolved
        return replace(target, location=location) if isinstance(target, Unknown) else target

    def _lost(self, names: Names, reason: str, via: tuple[Location, ...]) -> Lost:
        location = via[-1] if via else self._whole(names)
        return Lost(Unknown(reason, location), location, via)

    def _whole(self, names: Names) -> Location:
        return names.source.location(names.source.root)


def _declared_alone(path: str, location: Location) -> Unknown:
    return Unknown(f"{path} declares a module that is not in the repository", location)


def _renamed(names: Names, declared: Declared) -> str | None:
    """The name that a constant gives another name to."""
    value = declared.node.child_by_field_name("value")
    if value is None or declared.part is not None or not is_constant(declared.node):
        return None
    return _known_name(names, value)


def _known_name(names: Names, expression: Node) -> str | None:
    expression = unwrap(expression)
    name = text(expression) if expression.type == "identifier" else None
    return name if name in names.declared or name in names.imported else None


def _place(target: Target) -> object:
    match target:
        case Definition(names, node, declared):
            return names.source.path, node.id, declared.name if declared else None
        case Foreign(external, name):
            return external, name
        case Namespace(path):
            return path
        case _:
            return target
