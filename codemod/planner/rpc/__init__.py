"""The strategy ``rpc``: the target's default object becomes a WorkerEntrypoint class.

Over such a class both ``.fetch()`` and RPC work, deployed and locally, through plain bindings
(measured). The conversion is offered where ``proof`` holds: where the class does what the object
did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from codemod.model import Edit, Project, Unknown, Worker
from codemod.planner.layout import layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.rpc import members, roles, stubs, subject
from codemod.planner.rpc.annotations import is_typescript, types_of
from codemod.planner.rpc.class_name import class_name
from codemod.planner.rpc.instance import delegates, environment_of_instance, rewrite_instance
from codemod.planner.rpc.proof import Candidate, first_refusal
from codemod.planner.rpc.subject import Instance, Literal
from codemod.planner.rpc.to_class import rewrite_literal
from codemod.planner.rpc.uses import refusal_elsewhere
from codemod.scanner.exporting.evaluation import Evaluator
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.modules import Modules


@dataclass(frozen=True, slots=True)
class Conversion:
    """The name of the class, and the edits that make it of the default object."""

    class_name: str
    edits: tuple[Edit, ...]


def propose(
    modules: Modules, project: Project, worker: Worker, *, with_stubs: bool = False
) -> Conversion | Refusal:
    """The conversion of a Worker's default object, or the first condition that fails.

    The order is: that the object is found and written as it must be, what its functions are for,
    the conditions of ``proof``, the types, and that no other module uses the object.
    ``with_stubs`` adds a method for each route that callers fetch.
    """
    found = subject.find(modules, worker)
    if isinstance(found, Refusal):
        return found
    proposed = (
        _of_instance(modules, project, worker, found, with_stubs=with_stubs)
        if isinstance(found, Instance)
        else _of_literal(modules, project, worker, found, with_stubs=with_stubs)
    )
    if isinstance(proposed, Refusal):
        return proposed
    return refusal_elsewhere(modules, found.exposures) or proposed


def _of_literal(
    modules: Modules, project: Project, worker: Worker, literal: Literal, *, with_stubs: bool
) -> Conversion | Refusal:
    read = members.read(literal)
    if isinstance(read, Refusal):
        return read
    methods = roles.assign(project, worker, literal, read)
    if isinstance(methods, Refusal):
        return methods
    candidate = Candidate(literal, methods, Evaluator(Linker(modules)))
    refusal = first_refusal(candidate)
    if refusal:
        return refusal
    types = types_of(candidate)
    if isinstance(types, Refusal):
        return types
    source = literal.module.source
    overrides = is_typescript(source.path) and modules.requires_override(source.path)
    types = replace(types, overrides=overrides)
    name = class_name(worker, source)
    taken = {member.name for member in read}
    added = stubs.methods(project, worker, taken) if with_stubs else ()
    return Conversion(name, rewrite_literal(candidate, types, name, layout_of(source), added))


def _of_instance(
    modules: Modules, project: Project, worker: Worker, instance: Instance, *, with_stubs: bool
) -> Conversion | Refusal:
    exports = worker.exports
    if isinstance(exports, Unknown) or exports.default is None:
        return Refusal("it has no default export", None)
    methods = delegates(modules, project, worker, instance, exports.default)
    if isinstance(methods, Refusal):
        return methods
    source = instance.module.source
    name = class_name(worker, source)
    environment = environment_of_instance(modules, instance, exports.default)
    added = stubs.methods(project, worker, ()) if with_stubs else ()
    edits = rewrite_instance(instance, methods, environment, name, layout_of(source), added)
    return Conversion(name, edits)
