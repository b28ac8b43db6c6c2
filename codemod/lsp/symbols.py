"""What stands where the cursor is: bindings, uses of them, and the exports that they reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codemod.lsp.analysis import Analysis
from codemod.model import (
    Binding,
    Export,
    Exports,
    Location,
    Project,
    Span,
    Usage,
    UsageKind,
    Worker,
)
from codemod.planner.verdicts import DEFAULT_ENTRYPOINT, Subject

_CALLS = frozenset({UsageKind.FETCH, UsageKind.RPC, UsageKind.CONNECT})


@dataclass(frozen=True, slots=True)
class Symbol:
    """The bindings that are meant at a place: one for each deployment that has it.

    ``location`` is the place, ``method`` what is called there over RPC, if that is what it does.
    """

    location: Location
    subjects: tuple[Subject, ...]
    method: str | None = None


def symbol_at(analysis: Analysis, path: str, offset: int) -> Symbol | None:
    """The binding declared at ``offset`` of a configuration, or used there in code."""
    return _declared_at(analysis, path, offset) or _used_at(analysis, path, offset)


def _declared_at(analysis: Analysis, path: str, offset: int) -> Symbol | None:
    declared = [
        subject
        for subject in analysis.subjects
        if subject.binding.location.path == path and _holds(subject.binding.location.span, offset)
    ]
    if not declared:
        return None
    place = _innermost(subject.binding.location for subject in declared)
    at_place = tuple(subject for subject in declared if subject.binding.location == place)
    return Symbol(place, at_place)


def _used_at(analysis: Analysis, path: str, offset: int) -> Symbol | None:
    text = analysis.texts.get(path)
    if text is None:
        return None
    used = [
        (worker, usage)
        for worker in analysis.plan.project.workers
        for usage in worker.usages.uses
        if usage.location.path == path and _holds(_named(usage, text.content), offset)
    ]
    if not used:
        return None
    place = _innermost(usage.location for _, usage in used)
    at_place = [(worker, usage) for worker, usage in used if usage.location == place]
    bindings = {(worker.config_path, usage.binding) for worker, usage in at_place}
    meant = tuple(
        subject
        for subject in analysis.subjects
        if (subject.deployment.config_path, subject.binding.name) in bindings
    )
    return Symbol(place, meant, at_place[0][1].method) if meant else None


def _named(usage: Usage, content: bytes) -> Span:
    """The part of a use that names the binding: of a call what is before its arguments."""
    span = usage.location.span
    if usage.kind not in _CALLS:
        return span
    parenthesis = content.find(b"(", span.start, span.end)
    return Span(span.start, span.end if parenthesis < 0 else parenthesis)


def definitions(analysis: Analysis, symbol: Symbol) -> list[Location]:
    """Where the exports are declared that the bindings reach, or the methods that are called.

    Where an export is not known it is the target's configuration.
    """
    found = (_definition(analysis.plan.project, item, symbol.method) for item in symbol.subjects)
    return list(dict.fromkeys(filter(None, found)))


def _definition(project: Project, subject: Subject, method: str | None) -> Location | None:
    resolved = project.resolve(subject.binding.target)
    if resolved is None:
        return None
    worker, deployment = resolved
    export = reached(worker, subject.binding)
    if export is None:
        return deployment.location
    return _members(export).get(method or "", export.location)


def _members(export: Export) -> dict[str, Location]:
    members = {item.name: item.location for item in export.members}
    return members | {item.name: item.location for item in export.handlers}


def reached(worker: Worker, binding: Binding) -> Export | None:
    """The export of ``worker``, its target, that ``binding`` leads to; None where it is unknown."""
    if not isinstance(worker.exports, Exports):
        return None
    return worker.exports.get(binding.class_name or binding.entrypoint or DEFAULT_ENTRYPOINT)


def references(analysis: Analysis, path: str, line: int) -> list[Location]:
    """The uses of the export, or of the method, whose declaration begins on ``line`` (1-based)."""
    found: dict[Location, None] = {}
    for worker, export in _exports(analysis):
        places = (export.location, *export.via)
        is_declared = any((place.path, place.line) == (path, line) for place in places)
        methods = {
            name
            for name, place in _members(export).items()
            if (place.path, place.line) == (path, line)
        }
        if is_declared or methods:
            for use in _uses_of(analysis, worker, export):
                if is_declared or _called(use) in methods:
                    found[use.location] = None
    return list(found)


def _called(usage: Usage) -> str | None:
    return usage.kind if usage.kind in {UsageKind.FETCH, UsageKind.CONNECT} else usage.method


def _exports(analysis: Analysis) -> Iterator[tuple[Worker, Export]]:
    for worker in analysis.plan.project.workers:
        if isinstance(worker.exports, Exports):
            for export in (worker.exports.default, *worker.exports.named):
                if export:
                    yield worker, export


def _uses_of(analysis: Analysis, target: Worker, export: Export) -> Iterator[Usage]:
    project = analysis.plan.project
    for subject in analysis.subjects:
        resolved = project.resolve(subject.binding.target)
        caller = project.worker(subject.deployment.config_path)
        is_of_target = resolved is not None and resolved[0] == target
        if caller and is_of_target and reached(target, subject.binding) == export:
            yield from caller.usages.of(subject.binding.name)


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def _innermost(locations: Iterable[Location]) -> Location:
    return min(locations, key=lambda location: location.span.end - location.span.start)
