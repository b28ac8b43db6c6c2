"""Which types are those of the environment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from tree_sitter import Node

from codemod.planner.fixes.workers_dev_fetch import receivers
from codemod.planner.fixes.workers_dev_fetch.types import (
    Declared,
    Written,
    annotation_of,
    contextual,
    first_argument,
    heritage_argument,
    member_of,
    resolve,
)
from codemod.scanner.modules import Modules
from codemod.scanner.tracking import environment
from codemod.scanner.tracking.environment import Likelihood
from codemod.scanner.tracking.program import Place, Program
from codemod.syntax.scopes import CLASSES
from codemod.syntax.typescript import Source, text

_NAMES = frozenset({"CloudflareBindings", "CloudflareEnv", "Env"})
_PARTS_OF_IT = frozenset({"NonNullable", "Partial", "Readonly", "Required"})
_NAMED = frozenset({"generic_type", "nested_type_identifier", "type_identifier"})
_WRAPPING = frozenset({"parenthesized_type", "readonly_type"})
_ANY = "any"
_MAX_STEPS = 8


class EnvironmentTypes:
    """Judges the types that the modules of a program write.

    ``bindings`` are the names that the Workers have on the environment.
    """

    def __init__(self, modules: Modules, program: Program, bindings: Collection[str]) -> None:
        self._modules = modules
        self._program = program
        self._bindings = tuple(bindings)

    def verdict(self, source: Source, type_: Node | None, steps: int = _MAX_STEPS) -> Likelihood:
        """Whether something of the type ``type_`` is the environment, as far as that tells.

        ``any``, no type at all, and an object's that no Worker's bindings are in, say nothing.
        """
        if type_ is None or text(type_) == _ANY:
            return Likelihood.POSSIBLE
        if steps <= 0:
            return Likelihood.NO
        if type_.type in _WRAPPING and type_.named_children:
            return self.verdict(source, type_.named_children[0], steps - 1)
        if type_.type in ("intersection_type", "union_type"):
            return self._of_parts(source, type_, steps - 1)
        if type_.type == "object_type":
            return self._of_declared(resolve(self._modules, Written(source, type_)))
        if type_.type not in _NAMED:
            return Likelihood.NO
        name = text(type_.child_by_field_name("name") or type_).rpartition(".")[2]
        if type_.type == "generic_type":
            first = first_argument(type_) if name in _PARTS_OF_IT else None
            return self.verdict(source, first, steps - 1)
        return self._of_name(source, type_, name, steps - 1)

    def _of_parts(self, source: Source, type_: Node, steps: int) -> Likelihood:
        verdicts = {self.verdict(source, part, steps) for part in receivers.values_of(type_)}
        if len(verdicts) == 1:
            return verdicts.pop()
        is_certain = type_.type == "intersection_type" and Likelihood.CERTAIN in verdicts
        return Likelihood.CERTAIN if is_certain else Likelihood.POSSIBLE

    def _of_name(self, source: Source, type_: Node, name: str, steps: int) -> Likelihood:
        declared = resolve(self._modules, Written(source, type_))
        if declared is None:
            alias = self._program.type_alias(source.path, text(type_))
            if alias is not None:
                return self.verdict(source, alias, steps)
        if name in _NAMES:
            return Likelihood.CERTAIN
        return self._of_declared(declared)

    def _of_declared(self, declared: Declared | None) -> Likelihood:
        if declared is None:
            return Likelihood.POSSIBLE
        is_used = (declared.source.path, declared.body.start_byte) in self._of_runtime
        is_bound = any(member_of(self._modules, declared, name) for name in self._bindings)
        return Likelihood.CERTAIN if is_used or is_bound else Likelihood.POSSIBLE

    @cached_property
    def _of_runtime(self) -> frozenset[tuple[str, int]]:
        """Where the types stand that code has for what the runtime gives it."""
        found = (resolve(self._modules, written) for written in self._written())
        return frozenset((each.source.path, each.body.start_byte) for each in found if each)

    def _written(self) -> Iterator[Written]:
        for module in self._program.modules_with([b"default", b"constructor"]):
            for place in environment.given_by_runtime(self._program, module):
                parameter = place.module.scopes.parent(place.node)
                if parameter is None:
                    continue
                around = contextual(parameter)
                given = first_argument(around) if around is not None else None
                yield Written(place.module.source, annotation_of(parameter) or given)
        for module in self._program.modules_with([b"extends", b"Hono"]):
            for node in module.scopes.of_type(*CLASSES):
                if receivers.gives_environment(self._program, Place(module, node)):
                    yield Written(module.source, heritage_argument(node))
            for node in module.scopes.of_type("new_expression"):
                if text(node.child_by_field_name("constructor") or node) == "Hono":
                    yield Written(module.source, first_argument(node))
