"""Which code of a program can run: a bundler drops what nothing uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from tree_sitter import Node

from codemod.scanner.modules import specifiers
from codemod.scanner.tracking.functions import awaited, outside_casts
from codemod.scanner.tracking.program import Name, Namespace, Place, Program, accessed_name
from codemod.syntax.scopes import CLASSES, FUNCTIONS
from codemod.syntax.typescript import TRANSPARENT

_EXPORTS = frozenset({"export_specifier", "export_statement"})
_VARIABLES = frozenset({"lexical_declaration", "variable_declaration"})
_BODIES = FUNCTIONS | CLASSES
# A function inside these, in what a variable is given, runs at the earliest when the variable is
# used; in a call it may run at once.
_WAITING = TRANSPARENT | {"array", "object", "pair"}
_CALLS = (b"import(", b"require(")


class Liveness:
    """Tells the code that runs from the functions and classes that nothing uses.

    A declaration at a module's top level runs where a root exports it, or where code that runs
    refers to it. What stands outside such declarations runs when its module is loaded.
    """

    def __init__(self, program: Program, roots: Sequence[str]) -> None:
        self._program = program
        self._roots = frozenset(roots)
        self._live = set(self._exported())
        self._dead: set[Name] = set()
        self._around: dict[tuple[str, int], Name | None] = {}

    def runs(self, place: Place) -> bool:
        """Whether the code at ``place`` can run."""
        name = self._declaration_around(place)
        return name is None or self._is_live(name)

    def _is_live(self, name: Name) -> bool:
        if name not in self._live and name not in self._dead:
            reached = self._leading_to(name)
            (self._dead if reached else self._live).update(reached or {name})
        return name in self._live

    def _leading_to(self, name: Name) -> set[Name]:
        """The declarations that refer to ``name``, directly or not; none where one of them runs."""
        pending, seen = [name], {name}
        while pending:
            current = pending.pop()
            if current in self._live or current.path in self._roots:
                return set()
            if self._program.is_untraceable(current.name):
                return set()
            for use in self._uses(current):
                around = self._declaration_around(use)
                if around is None:
                    return set()
                if around not in seen:
                    seen.add(around)
                    pending.append(around)
        return seen

    def _declaration_around(self, place: Place) -> Name | None:
        """The function, class or variable of a module's top level that the code belongs to.

        None where the code runs when the module is loaded.
        """
        path, scopes = place.module.path, place.module.scopes
        inside: list[Node] = []
        for node in chain([place.node], scopes.ancestors(place.node)):
            if (path, node.id) in self._around:
                name = self._around[path, node.id]
                break
            inside.append(node)
        else:
            declaration, inside = _outermost(inside)
            declared = scopes.declaration(declaration) if declaration is not None else None
            name = Name(path, declared.name) if declared is not None else None
        # What is inside belongs to the same one: it may be nested as deeply as anything.
        self._around.update(((path, node.id), name) for node in inside)
        return name

    def _uses(self, name: Name) -> Iterator[Place]:
        target = self._program.declared(name)
        for use in self._program.references(*target) if target else ():
            statement = use.module.scopes.parent(use.node)
            if statement is None or statement.type not in _EXPORTS:
                yield use

    def _exported(self) -> Iterator[Name]:
        """What the roots export, and the modules whose exports are used without being named."""
        pending = [*self._roots, *self._used_whole()]
        seen: set[str] = set()
        for path in pending:
            if path in seen:
                continue
            seen.add(path)
            for exported in self._program.exported_names(path):
                origin = self._program.exported(path, exported)
                if isinstance(origin, Name):
                    yield origin
                elif isinstance(origin, Namespace):
                    pending.append(origin.path)

    def _used_whole(self) -> Iterator[str]:
        for path, use in self._program.namespace_uses():
            around = use.module.scopes.parent(use.node)
            if around is None or accessed_name(around) is None:
                yield path
        for module in self._program.modules_with(_CALLS):
            for specifier in specifiers(module.source):
                call = _call_around(Place(module, specifier.node))
                if call is not None and not _is_named(call):
                    target = self._program.target(module.path, specifier.value)
                    yield from [target] if target is not None else []


def _outermost(around: list[Node]) -> tuple[Node | None, list[Node]]:
    """The name of the declaration that a node belongs to, and those around it that do for sure.

    ``around`` are the node and all around it, the module last.
    """
    inside = around[:-1]
    if inside and inside[-1].type == "export_statement":
        inside.pop()
    declaration = inside.pop() if inside else None
    if declaration is not None and declaration.type in _VARIABLES and inside:
        declaration = inside.pop()
        while inside and inside[-1].type in _WAITING:
            inside.pop()
        if not inside or inside[-1].type not in _BODIES:
            return None, inside
    elif declaration is None or declaration.type not in _BODIES:
        return None, inside
    return declaration.child_by_field_name("name"), inside


def _call_around(specifier: Place) -> Place | None:
    """The ``import()`` or ``require()`` of the specifier, None for an import statement's."""
    listed = specifier.module.scopes.parent(specifier.node)
    call = specifier.module.scopes.parent(listed) if listed is not None else None
    is_call = listed is not None and listed.type == "arguments"
    return specifier.at(call) if call is not None and is_call else None


def _is_named(call: Place) -> bool:
    """Whether a variable is given the module, or a part of it, and nothing else gets it."""
    whole = outside_casts(awaited(call) or call)
    around = call.module.scopes.parent(whole.node)
    if around is not None and accessed_name(around) is not None:
        around = call.module.scopes.parent(around)
    return around is not None and around.type == "variable_declarator"
