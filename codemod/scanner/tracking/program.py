"""The modules of one Worker as a whole: which declaration a name refers to across modules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tree_sitter import Node

from codemod.model import Location, Unknown
from codemod.scanner.exporting import linking
from codemod.scanner.exporting.linking import Definition, Foreign, Linker, Target
from codemod.scanner.exporting.names import Declared
from codemod.scanner.modules import Import, Modules, required
from codemod.syntax import typescript
from codemod.syntax.outline import Imported, Outline
from codemod.syntax.scopes import Declaration, Scopes, names_of_pattern
from codemod.syntax.typescript import Source, text


@dataclass(frozen=True, eq=False)
class Module:
    """A module of the repository with its scopes."""

    source: Source
    scopes: Scopes = field(repr=False)

    @property
    def path(self) -> str:
        return self.source.path


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a module."""

    module: Module
    node: Node

    @property
    def location(self) -> Location:
        return self.module.source.location(self.node)

    def at(self, node: Node) -> Place:
        """Another node of the same module."""
        return Place(self.module, node)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the outermost scope of the module at ``path``."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Namespace:
    """All exports of the module at ``path``, as ``import * as ns`` gives them."""

    path: str


@dataclass(frozen=True, slots=True)
class DefaultExpression:
    """The expression that the module at ``path`` exports by default, where it is no name."""

    path: str
    node: Node


Origin = Name | Namespace | DefaultExpression | Foreign
"""What an imported name is in the end."""

# How a module may export what it imports: in a list, by default, or by a constant that only gives
# it another name. Whatever looks like it will do, it is parsed then.
_FORWARDING = (
    re.compile(
        rb"export(?:\s*(?:[{*=/]|default\b|type\b|import\b)"
        rb"|\s+const\s+[\w$\x80-\xff]+\s*(?::|=[\s(<]*[A-Za-z_$\x80-\xff])"
        rb"|\s+const\s[^;]*,\s*[\w$\x80-\xff]+\s*=[^=>])"
    ),
    re.compile(rb"exports\b"),
)
# What gives all exports of a module as one object.
_GATHERING = (
    re.compile(rb"\*(?:\s|/[*/])*as\b"),
    re.compile(rb"import\b(?:\s|/[*/]|[?.])*[(<]"),
    re.compile(rb"require\b(?:\s|/[*/]|[?.])*[(<]"),
)


def _holds(content: bytes, patterns: Iterable[re.Pattern[bytes]]) -> bool:
    return any(pattern.search(content) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class _Edge:
    """An imported name, and the module that imports it."""

    path: str
    imported: Imported


class Program:
    """The modules at ``paths``, joined by their imports. Each is indexed when first asked for."""

    def __init__(
        self, modules: Modules, paths: tuple[str, ...], alias: Mapping[str, str] | None = None
    ) -> None:
        self.paths = paths
        self._modules = modules
        self._alias = alias
        self._linker = Linker(modules, alias)
        self._indexed: dict[str, Module] = {}
        self._led: dict[_Edge, Origin | None] = {}
        self._importers_of: dict[str, Mapping[Origin, list[_Edge]]] = {}

    def source(self, path: str) -> Source | None:
        """The parsed module at ``path``, None where it cannot be read."""
        source = self._modules.source(path)
        return source if isinstance(source, Source) else None

    def module(self, path: str) -> Module | None:
        """The module at ``path`` with its scopes, None where it cannot be read."""
        if path not in self._indexed:
            source = self.source(path)
            if source is None:
                return None
            self._indexed[path] = Module(source, self._modules.scopes(source))
        return self._indexed[path]

    def content(self, path: str) -> bytes:
        """The text of the module at ``path``, empty where it cannot be read."""
        content = self._modules.content(path)
        return b"" if isinstance(content, Unknown) else content

    def modules_with(self, needles: Iterable[bytes]) -> Iterator[Module]:
        """The modules whose text holds one of ``needles``."""
        wanted = tuple(needles)
        return self.modules_where(lambda content: any(needle in content for needle in wanted))

    def modules_where(self, wants: Callable[[bytes], bool]) -> Iterator[Module]:
        """The modules whose text ``wants`` accepts."""
        for path in self.paths:
            module = self.module(path) if wants(self.content(path)) else None
            if module is not None:
                yield module

    def origin(self, place: Place) -> Origin | None:
        """What the identifier at ``place`` is imported from.

        None where it is no imported name, or where the import does not resolve.
        """
        declaration = place.module.scopes.declaration(place.node)
        names = self._linker.names(place.module.path)
        if declaration is None or isinstance(names, Unknown):
            return None
        if not declaration.at_top_level:
            imported = _inner_import(declaration)
            return _origin(self._linker.imported(names, imported)) if imported else None
        if declaration.name not in names.imported:
            return None
        return _origin(self._linker.local(names, declaration.name))

    def may_be_foreign(self, path: str, local: str) -> bool:
        """Whether an imported name of the module at ``path`` may come from a package.

        It does not where the module that is asked for it exports only what it declares.
        """
        specifier = self._specifiers(path).get(local)
        target = self.target(path, specifier) if specifier is not None else None
        return target is None or _holds(self.content(target), _FORWARDING)

    def exported(self, path: str, name: str) -> Origin | None:
        """What the module at ``path`` exports as ``name``, re-exports followed."""
        names = self._linker.names(path)
        return None if isinstance(names, Unknown) else _origin(self._linker.exported(names, name))

    def exported_names(self, path: str) -> tuple[str, ...]:
        """The names that the module at ``path`` exports, as far as they are known."""
        names = self._linker.names(path)
        return () if isinstance(names, Unknown) else self._linker.exported_names(names).names

    def target(self, path: str, specifier: str) -> str | None:
        """The module of the repository that ``specifier`` means in the module at ``path``."""
        target = self._modules.resolve(specifier, path, self._alias)
        return target if isinstance(target, str) else None

    def namespace_uses(self) -> Iterator[tuple[str, Place]]:
        """The uses of all exports of a module as one object, by the module's path."""
        for namespace in dict.fromkeys((*self._namespaces, *self._inner_imports)):
            if isinstance(namespace, Namespace):
                for place in self._references_by_name(namespace):
                    yield namespace.path, place

    def is_untraceable(self, name: str) -> bool:
        """Whether a module of the program imports ``name`` from an unknown declaration."""
        return any(
            self._leads_to(edge) is None
            for edge in self._edges_by_name.get(name, ())
            if not edge.imported.type_only
        )

    def type_alias(self, path: str, name: str) -> Node | None:
        """The type that ``name`` is an alias of in the module at ``path``, imported or its own."""
        names = self._linker.names(path)
        if isinstance(names, Unknown):
            return None
        imported = names.imported.get(name)
        if imported is None:
            return _type_alias(names.source, name)
        target = self.target(path, imported.specifier)
        source = self.source(target) if target is not None else None
        return _type_alias(source, imported.imported) if source is not None else None

    def declared(self, name: Name) -> tuple[Module, Declaration] | None:
        """The module and declaration of a name."""
        module = self.module(name.path)
        declaration = module.scopes.top_level(name.name) if module else None
        return (module, declaration) if module and declaration else None

    def references(self, module: Module, declaration: Declaration) -> Iterator[Place]:
        """The uses of a declared name, those of modules that import it included."""
        for node in module.scopes.references(declaration):
            yield Place(module, node)
        if declaration.at_top_level:
            yield from self._imported_references(Name(module.path, declaration.name))

    def default_references(self, default: DefaultExpression) -> Iterator[Place]:
        """The uses of a default export that is an expression, in the modules that import it."""
        return self._imported_references(default)

    # Most modules are never parsed: what they import is told by their outlines, and what comes of
    # it by the modules on the way to the declaration.

    @cached_property
    def _outlines(self) -> Mapping[str, Outline]:
        outlines = ((path, self._modules.outline(path)) for path in self.paths)
        return {path: found for path, found in outlines if isinstance(found, Outline)}

    def _specifiers(self, path: str) -> Mapping[str, str]:
        """What each imported name of the module at ``path`` is asked of."""
        outline = self._outlines.get(path)
        return {item.local: item.specifier for item in outline.imports} if outline else {}

    @cached_property
    def _edges_by_name(self) -> Mapping[str, list[_Edge]]:
        edges: dict[str, list[_Edge]] = defaultdict(list)
        for path, outline in self._outlines.items():
            for imported in outline.imports:
                edges[imported.imported].append(_Edge(path, imported))
        return edges

    @cached_property
    def _edges_into(self) -> Mapping[str, list[_Edge]]:
        """The imported names by the module that they are asked of."""
        edges: dict[str, list[_Edge]] = defaultdict(list)
        for path, outline in self._outlines.items():
            for imported in outline.imports:
                target = self.target(path, imported.specifier)
                if target is not None:
                    edges[target].append(_Edge(path, imported))
        return edges

    @cached_property
    def _forwarded_by(self) -> Mapping[str, list[str]]:
        """The modules that may export what they import from a module, by that module."""
        forwarding: dict[str, list[str]] = defaultdict(list)
        for path, outline in self._outlines.items():
            targets = {self.target(path, item.value) for item in outline.specifiers}
            if targets - {None} and _holds(self.content(path), _FORWARDING):
                for target in targets:
                    if target is not None:
                        forwarding[target].append(path)
        return forwarding

    def _forwarding(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The modules at ``paths``, and those that may pass on what these export."""
        found = dict.fromkeys(paths)
        pending = list(found)
        for path in pending:
            for further in self._forwarded_by.get(path, ()):
                if further not in found:
                    found[further] = None
                    pending.append(further)
        return tuple(found)

    def _leads_to(self, edge: _Edge) -> Origin | None:
        if edge not in self._led:
            self._led[edge] = _origin(self._linker.leads_to(edge.path, edge.imported))
        return self._led[edge]

    def _importers(self, origin: Name | DefaultExpression) -> tuple[Name, ...]:
        """The imported names that are ``origin``."""
        if origin.path not in self._importers_of:
            importers: dict[Origin, list[_Edge]] = defaultdict(list)
            for path in self._forwarding([origin.path]):
                for edge in self._edges_into.get(path, ()):
                    found = self._leads_to(edge)
                    if found is not None:
                        importers[found].append(edge)
            self._importers_of[origin.path] = importers
        return self._in_order(self._importers_of[origin.path].get(origin, ()))

    @cached_property
    def _namespaces(self) -> Mapping[Origin, tuple[Name, ...]]:
        """The imported names that are namespaces, by what they are namespaces of."""
        whole = self._edges_by_name.get("*", [])
        holding = [path for path in self.paths if _holds(self.content(path), _GATHERING)]
        passed = [
            edge for path in self._forwarding(holding) for edge in self._edges_into.get(path, ())
        ]
        importers: dict[Origin, list[_Edge]] = defaultdict(list)
        for edge in dict.fromkeys((*whole, *passed)):
            origin = self._leads_to(edge)
            if isinstance(origin, Namespace):
                importers[origin].append(edge)
        return {origin: self._in_order(edges) for origin, edges in importers.items()}

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {path: position for position, path in enumerate(self.paths)}

    def _in_order(self, edges: Iterable[_Edge]) -> tuple[Name, ...]:
        ordered = sorted(edges, key=lambda edge: self._positions[edge.path])
        return tuple(Name(edge.path, edge.imported.local) for edge in ordered)

    @cached_property
    def _namespace_members(self) -> Mapping[Origin, list[Place]]:
        members: dict[Origin, list[Place]] = defaultdict(list)
        for path, place in self.namespace_uses():
            access = place.module.scopes.parent(place.node)
            name = accessed_name(access) if access is not None else None
            origin = self.exported(path, name) if name is not None else None
            if access is not None and origin is not None:
                members[origin].append(place.at(access))
        return members

    @cached_property
    def _inner_imports(self) -> Mapping[Origin, list[Place]]:
        """The uses of what ``import()`` and ``require`` give to names inside functions."""
        uses: dict[Origin, list[Place]] = defaultdict(list)
        for module in self.modules_with([b"import(", b"require("]):
            for declarator in module.scopes.of_type("variable_declarator"):
                pattern = declarator.child_by_field_name("name")
                for name in names_of_pattern(pattern) if pattern is not None else ():
                    declaration = module.scopes.declaration(name)
                    is_inner = declaration is not None and not declaration.at_top_level
                    origin = self.origin(Place(module, name)) if is_inner else None
                    if declaration is not None and origin is not None:
                        found = module.scopes.references(declaration)
                        uses[origin] += [Place(module, node) for node in found]
        return uses

    def _imported_references(self, origin: Origin) -> Iterator[Place]:
        yield from self._references_by_name(origin)
        yield from self._namespace_members.get(origin, [])

    def _named_importers(self, origin: Origin) -> tuple[Name, ...]:
        if isinstance(origin, Name | DefaultExpression):
            return self._importers(origin)
        return self._namespaces.get(origin, ())

    def _references_by_name(self, origin: Origin) -> Iterator[Place]:
        yield from self._inner_imports.get(origin, [])
        for name in self._named_importers(origin):
            target = self.declared(name)
            if target is not None:
                module, declaration = target
                for node in module.scopes.references(declaration):
                    yield Place(module, node)


def accessed_name(access: Node) -> str | None:
    """The property that ``a.b``, ``a?.b`` or ``a["b"]`` reads; None for anything else."""
    if access.type == "member_expression":
        accessed = access.child_by_field_name("property")
        return text(accessed) if accessed is not None else None
    if access.type == "subscript_expression":
        index = access.child_by_field_name("index")
        return typescript.string_value(index) if index is not None else None
    return None


def _inner_import(declaration: Declaration) -> Import | None:
    if declaration.owner.type != "variable_declarator":
        return None
    found = required(declaration.owner)
    return next((imported for local, imported in found if local == declaration.name), None)


def _type_alias(source: Source, name: str) -> Node | None:
    for statement in typescript.statements(source.root):
        for node in (statement, statement.child_by_field_name("declaration")):
            if node is None or node.type != "type_alias_declaration":
                continue
            alias = node.child_by_field_name("name")
            if alias is not None and text(alias) == name:
                return node.child_by_field_name("value")
    return None


def _origin(target: Target) -> Origin | None:
    match target:
        case Definition(names, expression=Node() as value):
            return DefaultExpression(names.source.path, value)
        case Definition(names, declared=Declared(name)):
            return Name(names.source.path, name)
        case linking.Namespace(path):
            return Namespace(path)
        case Foreign():
            return target
    return None
