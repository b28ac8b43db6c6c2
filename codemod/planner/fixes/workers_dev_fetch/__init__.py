"""The repair of ``workers-dev-fetch``: a service binding, and the call over it.

The calls of one Worker are repaired together, since their bindings meet in its configuration: all
that can be, with one fix that each of their findings carries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codemod.errors import EditError
from codemod.model import (
    BindingKind,
    DeploymentRef,
    Edit,
    Exports,
    Finding,
    Fix,
    Language,
    Safety,
    Span,
    Worker,
)
from codemod.planner.fixes.workers_dev_fetch import receivers, wiring
from codemod.planner.fixes.workers_dev_fetch.declaring import Environment, declare
from codemod.planner.fixes.workers_dev_fetch.evidence import Evidence
from codemod.planner.fixes.workers_dev_fetch.literals import without_binding
from codemod.planner.fixes.workers_dev_fetch.needs import Need, needed
from codemod.planner.fixes.workers_dev_fetch.receivers import GIVEN_ENVIRONMENT, Receiver
from codemod.planner.fixes.workers_dev_fetch.types import Types, is_typescript, member_of, types_of
from codemod.planner.fixes.workers_dev_fetch.wiring import (
    NewBinding,
    Wire,
    Wiring,
    is_service_worker,
)
from codemod.planner.layout import layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.rewrite import Rewrite
from codemod.planner.runtime_import import runtime_export
from codemod.planner.workshop import Workshop
from codemod.scanner.tracking.functions import called
from codemod.scanner.tracking.program import Module, Place, Program, accessed_name
from codemod.syntax.text import has_line_break, indentation
from codemod.syntax.typescript import Source, is_damaged, span

_NO_ENV_IMPORT = "disallow_importable_env"
_OF_FUNCTIONS = frozenset({"apply", "call"})
_REASONS = (
    "a service binding is not routed, so no zone stands in the way; the URL stays and its host "
    "plays no part",
    "under wrangler dev the call is answered only while the target runs locally too",
)
_IMPORTED = (
    "env is imported from cloudflare:workers, which any compatibility date allows and the local "
    "runtime knows since 2025 (measured: 1.20250604 does, 1.20241218 does not); its type is the "
    "global interface Cloudflare.Env, which wrangler types writes"
)


@dataclass(frozen=True, slots=True)
class _Call:
    """A fetch that can be repaired. ``receiver`` is None where ``env`` has to be imported.

    ``is_global`` says that bindings are global names: the service worker format.
    """

    place: Place
    callee: Node
    program: Program
    receiver: Receiver | None
    is_global: bool


@dataclass(frozen=True, slots=True)
class _Repair:
    """A finding's call with what it needs, and the bindings that it goes over."""

    need: Need
    call: _Call
    wire: Wire

    @property
    def source(self) -> Source:
        return self.call.place.module.source

    @property
    def paths(self) -> frozenset[str]:
        """The files in which it meets other repairs."""
        owners = (owner.config_path for owner in self.need.services)
        return frozenset((self.source.path, *owners))


def propose_all(workshop: Workshop, findings: Sequence[Finding]) -> list[Fix | Refusal]:
    """The fix of each finding, or why it has none, in their order."""
    made = Wiring(workshop)
    repairs = [_repair(workshop, made, finding) for finding in findings]
    fixes: dict[int, Fix | Refusal] = {}
    for indexes in _that_meet(repairs):
        together = [repair for index in indexes if isinstance(repair := repairs[index], _Repair)]
        fix = _fix(workshop, together)
        fixes.update(dict.fromkeys(indexes, fix))
    return [
        repair if isinstance(repair, Refusal) else fixes[index]
        for index, repair in enumerate(repairs)
    ]


def _repair(workshop: Workshop, made: Wiring, finding: Finding) -> _Repair | Refusal:
    need = needed(workshop.project, finding.location)
    if isinstance(need, Refusal):
        return need
    wire = made.wire(need)
    if isinstance(wire, Refusal):
        return wire
    call = _call(workshop, need, wire.name)
    return call if isinstance(call, Refusal) else _Repair(need, call, wire)


def _that_meet(repairs: Sequence[_Repair | Refusal]) -> list[list[int]]:
    """The indexes of the repairs, those together that have a file in common, over others or not."""
    groups: list[tuple[set[str], list[int]]] = []
    for index, repair in enumerate(repairs):
        if isinstance(repair, Refusal):
            continue
        paths, indexes = set(repair.paths), [index]
        apart = []
        for group in groups:
            if paths.isdisjoint(group[0]):
                apart.append(group)
            else:
                paths |= group[0]
                indexes = group[1] + indexes
        groups = [*apart, (paths, indexes)]
    return [sorted(indexes) for _, indexes in groups]


# --- The call -------------------------------------------------------------------------------


def _call(workshop: Workshop, need: Need, name: str) -> _Call | Refusal:
    """The call itself, and how the binding ``name`` is to be had where it stands."""
    location = need.location
    callers = [
        worker
        for owner in need.services
        if (worker := workshop.project.worker(owner.config_path)) is not None
    ]
    paths = tuple(dict.fromkeys(path for worker in callers for path in worker.usages.modules))
    program = Program(workshop.modules, paths)
    module = program.module(location.path)
    node = _node_at(module, location.span.start, location.span.end) if module else None
    callee = called(node) if node is not None else None
    if module is None or node is None or callee is None:
        return Refusal("the call is not found in its file", location)
    if is_damaged(node):
        return Refusal("the call does not parse", location)
    method = accessed_name(callee)
    if method in _OF_FUNCTIONS:
        by_hand = "call env.<binding>.fetch by hand, with a service binding to the target"
        return Refusal(f"fetch is called by way of {method}: {by_hand}", location)
    place = Place(module, node)
    if all(is_service_worker(worker) for worker in callers):
        return _Call(place, callee, program, None, is_global=True)
    is_pages = all(worker.language is Language.PAGES for worker in callers)
    evidence = _evidence(workshop, program, callers)
    found = receivers.candidates(program, place, name, is_pages=is_pages)
    receiver = next((each for each in found if evidence.supports(each, place)), None)
    if receiver is None:
        refusal = _no_import(workshop, need, callers, place)
        if refusal:
            return refusal
    return _Call(place, callee, program, receiver, is_global=False)


def _evidence(workshop: Workshop, program: Program, callers: Sequence[Worker]) -> Evidence:
    bindings = {
        named.name
        for worker in callers
        for deployment in worker.deployments
        for listed in (deployment.bindings, deployment.variables, deployment.other_bindings)
        for named in listed
    }
    classes = {
        export.location
        for worker in callers
        if isinstance(worker.exports, Exports)
        for export in worker.exports.named
        if export.kind in GIVEN_ENVIRONMENT
    }
    is_pages = all(worker.language is Language.PAGES for worker in callers)
    return Evidence(workshop.modules, program, bindings, classes, is_pages=is_pages)


def _node_at(module: Module, start: int, end: int) -> Node | None:
    found = module.source.root.descendant_for_byte_range(start, end)
    return found if found is not None and span(found).end == end else None


def _no_import(
    workshop: Workshop, need: Need, callers: Sequence[Worker], call: Place
) -> Refusal | None:
    """Why ``env`` cannot be imported for a call that nothing hands the environment to."""
    here = need.location
    nowhere = "no name for the environment is in reach of the call, and it cannot be imported"
    if any(worker.language is Language.PAGES for worker in callers):
        return Refusal(f"{nowhere} in a Pages project: pass it on from context.env", here)
    if any(is_service_worker(worker) for worker in callers):
        return Refusal(f"{nowhere} in the service worker format", here)
    if receivers.is_import_hidden(call):
        return Refusal("the environment that the module imports has no name at the call", here)
    for owner in need.services:
        resolved = workshop.project.resolve(owner)
        if resolved and _NO_ENV_IMPORT in resolved[1].compatibility_flags:
            return Refusal(f"{nowhere} under {_NO_ENV_IMPORT}: pass it on to the function", here)
    if not any(
        _package(workshop, here.path) == _package(workshop, each) for each in _mains(callers)
    ):
        reason = f"{nowhere} into a package that others may use: pass it on to the function"
        return Refusal(reason, here)
    return None


def _mains(callers: Sequence[Worker]) -> list[str]:
    return [worker.main or worker.config_path for worker in callers]


def _package(workshop: Workshop, path: str) -> str:
    """The nearest folder around ``path`` that has a ``package.json``, the root if there is none."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if workshop.files.is_file(f"{folder}/package.json".lstrip("/")):
            return folder
    return ""


# --- The fix --------------------------------------------------------------------------------


def _fix(workshop: Workshop, repairs: Sequence[_Repair]) -> Fix | Refusal:
    """One fix for repairs that meet in some file."""
    added = tuple(dict.fromkeys(new for repair in repairs for new in repair.wire.added))
    try:
        configured = wiring.written(workshop, added)
    except EditError as error:
        return Refusal(str(error), None)
    rewrites: dict[str, Rewrite] = {}
    environments = [_environment(workshop, repair, added) for repair in repairs]
    _rewrite_calls(repairs, environments, rewrites)
    steps = declare(environments, rewrites)
    code = [edit for rewrite in rewrites.values() for edit in rewrite.edits()]
    bound = dict.fromkeys(
        f"{' and '.join(repair.need.targets)} as {repair.wire.name}" for repair in repairs
    )
    is_imported = any(map(_imports, repairs))
    return Fix(
        strategy=None,
        safety=Safety.UNSAFE,
        title=f"bind to {', '.join(bound)}, and fetch over the binding",
        reasons=(*_REASONS, _IMPORTED) if is_imported else _REASONS,
        edits=tuple(_unique([*configured, *code])),
        steps=tuple(steps),
    )


def _unique(edits: Iterable[Edit]) -> list[Edit]:
    return sorted(set(edits), key=lambda edit: (edit.path, edit.span))


def _rewrite_calls(
    repairs: Sequence[_Repair], environments: Sequence[Environment], rewrites: dict[str, Rewrite]
) -> None:
    by_path: dict[str, list[tuple[_Repair, Environment]]] = {}
    for repair, environment in zip(repairs, environments, strict=True):
        by_path.setdefault(repair.source.path, []).append((repair, environment))
    for path, here in by_path.items():
        rewrite = rewrites.setdefault(path, Rewrite(here[0][0].source))
        without = [repair for repair, _ in here if _imports(repair)]
        imported = _imported(rewrite, without) if without else ""
        taken: dict[int, tuple[Place, dict[str, None]]] = {}
        for repair, environment in here:
            binding = _binding(repair, imported) + ("!" if environment.may_lack else "")
            rewrite.replace(span(repair.call.callee), f"{binding}.fetch")
            addition = repair.call.receiver.addition if repair.call.receiver else None
            if addition is not None:
                pattern = addition.pattern
                taken.setdefault(pattern.node.start_byte, (pattern, {}))[1][addition.text] = None
        for pattern, properties in taken.values():
            _take(rewrite, pattern, properties)


def _binding(repair: _Repair, imported: str) -> str:
    """The expression for the binding, where ``imported`` is that for an environment imported."""
    name, receiver = repair.wire.name, repair.call.receiver
    if repair.call.is_global:
        return name
    return receiver.binding(name) if receiver is not None else f"{imported}.{name}"


def _take(rewrite: Rewrite, place: Place, properties: Iterable[str]) -> None:
    """Adds properties to an object pattern: after the last one, before those that are left."""
    source, pattern = place.module.source, place.node
    parts = [part for part in pattern.named_children if part.type != "comment"]
    named = [part for part in parts if part.type != "rest_pattern"]
    if not parts:
        rewrite.insert(pattern.children[0].end_byte, f" {', '.join(properties)} ")
        return
    last = (named or parts)[-1]
    separator = ", "
    if has_line_break(source.content, Span(pattern.start_byte, last.start_byte)):
        line_break = layout_of(source).line_break
        separator = f",{line_break}{indentation(source.content, last.start_byte)}"
    listed = separator.join(properties)
    if named:
        rewrite.insert(last.end_byte, f"{separator}{listed}")
    else:
        rewrite.insert(last.start_byte, f"{listed}{separator}")


def _imports(repair: _Repair) -> bool:
    return repair.call.receiver is None and not repair.call.is_global


def _imported(rewrite: Rewrite, repairs: Sequence[_Repair]) -> str:
    module = repairs[0].call.place.module
    name = receivers.free_name(module, [repair.call.place.node for repair in repairs])
    return runtime_export(rewrite, module.source, layout_of(module.source), "env", name)


def _environment(workshop: Workshop, repair: _Repair, added: Collection[NewBinding]) -> Environment:
    """The environment of a call, and what its types say of the binding."""
    name, call = repair.wire.name, repair.call
    types = _types(workshop, call)
    members = {type_: member_of(workshop.modules, type_, name) for type_ in types.declared}
    found = tuple(member for member in members.values() if member is not None)
    paths = {member.declared.source.path for member in found}
    callers = filter(
        None, (workshop.project.worker(each.config_path) for each in repair.need.services)
    )
    lacking = tuple(type_ for type_, member in members.items() if member is None)
    literals = (
        location
        for type_ in lacking
        if not type_.is_generated
        for location in without_binding(
            workshop.modules, _package(workshop, type_.source.path), type_, name
        )
    )
    return Environment(
        name,
        call.place.location,
        types,
        found,
        lacking,
        tuple(dict.fromkeys(literals)),
        is_everywhere=_is_everywhere(workshop, paths, name, added),
        is_known=any(
            declared.binding == name
            for worker in callers
            for declared in worker.usages.declared_types
        ),
    )


def _is_everywhere(
    workshop: Workshop, paths: set[str], name: str, added: Collection[NewBinding]
) -> bool:
    """Whether all deployments of Workers with one of these modules have the binding ``name``."""
    new = {(each.owner, each.name) for each in added}
    return all(
        (DeploymentRef(worker.config_path, deployment.environment), name) in new
        or any(binding.name == name for binding in deployment.of_kind(BindingKind.SERVICE))
        for worker in workshop.project.in_use
        if not paths.isdisjoint(worker.usages.modules)
        for deployment in worker.deployments
    )


def _types(workshop: Workshop, call: _Call) -> Types:
    if call.is_global:
        return Types(complete=not is_typescript(call.place.module.source))
    return types_of(workshop.modules, call.program, call.place, call.receiver)
