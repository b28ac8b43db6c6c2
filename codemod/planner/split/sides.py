"""Which modules run in which of the two Workers once the classes have moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from codemod.model import Location, Span, Unknown
from codemod.planner.split.alone import Alone
from codemod.planner.split.target import Target
from codemod.scanner.exporting.linking import Definition, Linker, Namespace
from codemod.scanner.exporting.names import Names
from codemod.scanner.modules import Modules, Specifier, imports, package_name, specifiers
from codemod.scanner.resolving.packages import Packages
from codemod.syntax.scopes import Declaration, Scopes
from codemod.syntax.typescript import SUFFIXES, Source, span


@dataclass(frozen=True, slots=True)
class Reach:
    """The modules that run on one side, each with the import that led there first.

    The roots have None. ``gaps`` are imports that lead to no module that can be read, where they
    are not those of a package.
    """

    modules: dict[str, Location | None]
    gaps: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """A module with its names and scopes. ``removed`` are the parts of it that go."""

    names: Names
    scopes: Scopes = field(repr=False)
    removed: tuple[Span, ...] = ()

    @property
    def source(self) -> Source:
        return self.names.source

    def references(self, declaration: Declaration) -> list[Node]:
        """The uses of a declaration as a value, in parts that stay."""
        found = self.scopes.references(declaration)
        return [node for node in found if not self.is_removed(node)]

    def is_removed(self, node: Node) -> bool:
        return any(
            part.start <= node.start_byte and node.end_byte <= part.end for part in self.removed
        )

    def location(self, node: Node) -> Location:
        return self.source.location(node)


class Sides:
    """The modules of a target, divided into those that its handlers and its classes run.

    A module may be on both sides. ``removed`` are the parts of the entry module that go.
    """

    def __init__(self, modules: Modules, target: Target, removed: tuple[Span, ...]) -> None:
        self.target = target
        self._modules = modules
        self._linker = Linker(modules, target.alias)
        self._packages = Packages(modules.files)
        self._removed = removed
        self._read: dict[str, Module | Unknown] = {}
        self.handlers = self._reach([target.entry.path])
        self.roots = tuple(dict.fromkeys(self._roots()))
        self.classes = self._reach(self.roots)

    @property
    def shared(self) -> list[str]:
        """The modules that run in both Workers."""
        return [path for path in self.handlers.modules if path in self.classes.modules]

    def has_class_code(self, place: Location) -> bool:
        """Whether ``place`` lies in code that runs in the new Worker."""
        if place.path == self.target.entry.path:
            return any(
                span(item.alone.statement).start <= place.span.start < item.alone.statement.end_byte
                for item in self.target.moved
                if item.alone
            )
        return place.path in self.classes.modules

    def modules(self, paths: dict[str, Location | None]) -> Iterator[Module]:
        """The modules at ``paths`` that can be read."""
        for path in paths:
            module = self.module(path)
            if isinstance(module, Module):
                yield module

    def module(self, path: str) -> Module | Unknown:
        """The module at ``path``, or why it cannot be read."""
        if path not in self._read:
            names = self._linker.names(path)
            removed = self._removed if path == self.target.entry.path else ()
            self._read[path] = (
                names
                if isinstance(names, Unknown)
                else Module(names, Scopes(names.source.root), removed)
            )
        return self._read[path]

    def meaning(self, module: Module, name: str) -> Location | str | None:
        """What an imported name of a module is: a declaration's place, or a namespace's module."""
        found = self._linker.local(module.names, name)
        if isinstance(found, Definition):
            return found.location
        return found.path if isinstance(found, Namespace) else None

    def _roots(self) -> Iterator[str]:
        """The modules that the classes come from, or that they import where the entry has them."""
        entry, alias = self.target.entry.path, self.target.alias
        found = list(self.target.effects)
        for item in self.target.moved:
            found += _imports_of(self.target, item.alone) if item.alone else [item.specifier]
        for specifier in found:
            root = self._modules.resolve(specifier, entry, alias)
            if isinstance(root, str) and root.endswith(SUFFIXES):
                yield root

    def _reach(self, roots: tuple[str, ...] | list[str]) -> Reach:
        found: dict[str, Location | None] = {}
        gaps: list[Unknown] = []
        pending: list[tuple[str, Location | None]] = [(root, None) for root in reversed(roots)]
        while pending:
            path, place = pending.pop()
            if path in found:
                continue
            module = self.module(path)
            if isinstance(module, Unknown):
                gaps.append(Unknown(module.reason, place))
                continue
            found[path] = place
            for specifier in _loaded(module):
                where = module.location(specifier.node)
                reached = self._modules.resolve(specifier.value, path, self.target.alias)
                if isinstance(reached, Unknown):
                    if not self._is_dependency(specifier.value, path):
                        gaps.append(Unknown(reached.reason, where))
                elif isinstance(reached, str) and reached.endswith(SUFFIXES):
                    pending.append((reached, where))
        return Reach(found, tuple(gaps))

    def _is_dependency(self, specifier: str, importer: str) -> bool:
        """Whether a specifier is a package's, one that is built here included."""
        name = package_name(specifier)
        return any(package.depends_on(name) for package in self._packages.enclosing(importer))


def _loaded(module: Module) -> Iterator[Specifier]:
    """The specifiers whose modules matter at run time.

    An import of which no name is used as a value brings nothing that code could share: TypeScript
    drops it, or it loads a module that this one does not touch.
    """
    for specifier in specifiers(module.source):
        statement = specifier.node.parent
        if specifier.type_only or (statement is not None and module.is_removed(statement)):
            continue
        if statement is None or not _is_unused(module, statement):
            yield specifier


def _is_unused(module: Module, statement: Node) -> bool:
    if statement.type != "import_statement":
        return False
    names = [
        name
        for name, item in imports(module.source).items()
        if statement.start_byte <= item.node.start_byte < statement.end_byte
    ]
    declarations = [module.scopes.top_level(name) for name in names]
    return bool(names) and all(
        declaration is not None and not module.references(declaration)
        for declaration in declarations
    )


def _imports_of(target: Target, alone: Alone) -> list[str]:
    """What a class of the entry imports, in its body too."""
    imported = (target.names.imported[name] for name in sorted(alone.imported))
    inside = alone.statement
    return [
        *(item.specifier for item in imported if not item.type_only),
        *(
            item.value
            for item in specifiers(target.entry)
            if inside.start_byte <= item.node.start_byte < inside.end_byte
        ),
    ]
