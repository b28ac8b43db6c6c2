"""The default export that is to become a class, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from tree_sitter import Node

from codemod.model import Export, ExportForm, ExportKind, Location, Unknown, Worker
from codemod.planner.refusal import Refusal
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.exporting.names import Declared, Expression, Forwarded, Local, Names
from codemod.scanner.modules import Modules
from codemod.syntax import typescript
from codemod.syntax.scopes import Declaration, Scopes
from codemod.syntax.typescript import Source, children_of_type, text, unwrap

_MAX_HOPS = 32
_INSTANCES = (ExportForm.APP, ExportForm.INSTANCE)
_VARIABLES = ("lexical_declaration", "variable_declaration")


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module of the repository with its names and scopes."""

    names: Names
    scopes: Scopes = field(repr=False)

    @property
    def source(self) -> Source:
        return self.names.source

    @property
    def path(self) -> str:
        return self.names.source.path


@dataclass(frozen=True, slots=True)
class Exposure:
    """The module at ``path`` exports the object as ``name``."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """An object literal, which turns into the class where it stands.

    ``value`` is the literal with the casts and parentheses around it, ``statement`` what declares
    or exports it. ``declaration`` is its name, if it has one.
    """

    module: Module
    statement: Node
    value: Node
    node: Node
    declaration: Declaration | None
    exposures: tuple[Exposure, ...]

    @property
    def location(self) -> Location:
        return self.module.source.location(self.node)


@dataclass(frozen=True, slots=True)
class Instance:
    """An object by name, which stays as it is: a new class calls its handlers.

    ``statement`` exports it: as ``value``, or in a list where that is None.
    """

    module: Module
    statement: Node
    value: Node | None
    name: str
    exposures: tuple[Exposure, ...]

    @property
    def location(self) -> Location:
        return self.module.source.location(self.statement)


Subject = Literal | Instance


def find(modules: Modules, worker: Worker) -> Subject | Refusal:
    """Follows the default export from the Worker's entry module to where the object stands."""
    exports = worker.exports
    if isinstance(exports, Unknown):
        return Refusal(f"its exports cannot be known: {exports.reason}", exports.location)
    default = exports.default
    if default is None:
        return Refusal("it has no default export", None)
    refusal = _refusal(default)
    if refusal:
        return refusal
    linker = Linker(modules)
    step = Exposure((default.via or (default.location,))[0].path, "default")
    seen: list[Exposure] = []
    while step not in seen and len(seen) < _MAX_HOPS:
        seen.append(step)
        names = linker.names(step.path)
        if isinstance(names, Unknown):
            return Refusal(names.reason, names.location)
        found = _Search(modules, names, default, tuple(seen)).of(step.name)
        if not isinstance(found, Exposure):
            return found
        step = found
    return Refusal("its default export leads nowhere", default.location)


def _refusal(default: Export) -> Refusal | None:
    """Why the default export cannot become a class, whatever its module holds."""
    if default.form is ExportForm.SERVICE_WORKER:
        return Refusal("it is written in the service worker format", default.location)
    if default.form is ExportForm.COMMONJS:
        return Refusal("it exports the CommonJS way", default.location)
    if default.form is ExportForm.WRAPPED:
        return Refusal("its default export is made or wrapped by a call", default.location)
    if default.kind is not ExportKind.OBJECT:
        reason = f"its default export is no plain object: {default.because}"
        return Refusal(reason, default.location)
    return None


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for the object in one of the modules on the way; ``seen`` is the way so far."""

    modules: Modules
    names: Names
    default: Export
    seen: tuple[Exposure, ...]

    def of(self, name: str) -> Subject | Exposure | Refusal:
        """The object that the module exports as ``name``, or the export that this leads to."""
        match self.names.exported.get(name):
            case Forwarded(specifier, imported, statement):
                return self._next(specifier, imported, statement)
            case Expression(value, statement) if unwrap(value).type == "object":
                return self._literal(statement, value, None)
            case Expression(value, statement) if unwrap(value).type == "identifier":
                return self._named(text(unwrap(value)), statement, value)
            case Expression(_, statement):
                return self._refuse("its default export is no object literal", statement)
            case Local(local, Node() as statement):
                return self._named(local, statement, None)
        reason = f"{self.names.source.path} exports {name} in one with its declaration"
        return Refusal(reason, self.default.location)

    def _next(self, specifier: str, name: str, statement: Node) -> Exposure | Refusal:
        target = self.modules.resolve(specifier, self.names.source.path)
        if not isinstance(target, str):
            reason = f'its default export comes from "{specifier}", outside the repository'
            return self._refuse(reason, statement)
        if name == "*":
            return self._refuse("its default export is the namespace of a module", statement)
        return Exposure(target, name)

    def _named(
        self, local: str, statement: Node, value: Node | None
    ) -> Subject | Exposure | Refusal:
        if self.default.form in _INSTANCES:
            if not _is_intact(statement):
                return self._refuse("its default export does not parse", statement)
            return Instance(self._module(), statement, value, local, self.seen)
        imported = self.names.imported.get(local)
        if imported:
            return self._next(imported.specifier, imported.imported, statement)
        return self._declared(self.names.declared.get(local), statement)

    def _declared(self, declared: Declared | None, statement: Node) -> Literal | Refusal:
        declarator = declared.node if declared and declared.part is None else None
        value = declarator.child_by_field_name("value") if declarator else None
        if declared is None or declarator is None or value is None:
            return self._refuse("its default export is no object literal", statement)
        if unwrap(value).type != "object":
            return self._refuse("its default export is no object literal", declarator)
        declaring = declarator.parent
        if declaring is None or declaring.type not in _VARIABLES:
            return self._refuse("its default export is no object literal", declarator)
        if len(list(children_of_type(declaring, "variable_declarator"))) > 1:
            return self._refuse("its declaration declares other names as well", declarator)
        if declaring.parent is not None and declaring.parent.type == "export_statement":
            return self._refuse("its declaration exports it by name as well", declarator)
        return self._literal(declaring, value, declared.name)

    def _literal(self, statement: Node, value: Node, name: str | None) -> Literal | Refusal:
        if not _is_intact(statement):
            return self._refuse("its default export does not parse", statement)
        module = self._module()
        declaration = module.scopes.top_level(name) if name else None
        return Literal(module, statement, value, unwrap(value), declaration, self.seen)

    def _module(self) -> Module:
        return Module(self.names, Scopes(self.names.source.root))

    def _refuse(self, reason: str, node: Node) -> Refusal:
        return Refusal(reason, self.names.source.location(node))


def _is_intact(statement: Node) -> bool:
    around = statement.parent
    return not typescript.is_damaged(statement) and around is not None and around.type == "program"
