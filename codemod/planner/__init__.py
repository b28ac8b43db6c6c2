"""Findings to a plan: which repair each target gets, and the edits that make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from codemod.errors import SettingsError, UsageError
from codemod.model import (
    DevelopmentEvidence,
    Edit,
    Finding,
    FindingKey,
    Fix,
    Plan,
    Project,
    Safety,
    Strategy,
)
from codemod.planner.changes import Changes
from codemod.planner.memory import Found, Memory
from codemod.planner.rereading import rereading
from codemod.scanner.files import Files
from codemod.settings import Settings
from codemod.spelling import hint

Accept = Callable[[Finding, Fix], bool]
_FOR_LOCAL_RUNS = frozenset({Strategy.NAMED, Strategy.RPC, Strategy.SPLIT})


def plan(
    project: Project,
    settings: Settings | None = None,
    accept: Accept | None = None,
    cache: Path | None = None,
) -> Plan:
    """What the rules find in ``project``, how each finding is repaired, and the files after it.

    ``accept`` is asked of each repair that the settings let through whether it is to be made, once
    where several findings share it. ``cache`` is a folder that keeps what was found in ``project``,
    which is as ``scan`` gave it, for the next plan; the result does not depend on it. Raises
    ``UsageError`` for rules and environments that do not exist, ``StalePlan`` where a file changed
    since it was scanned.
    """
    settings = settings or Settings()
    _require_environments(project, settings)
    files = Files(project.root, project.overlay)
    memory = Memory.of(cache, project, settings)
    project = _with_what_is_asked(project, settings)
    changes = Changes(project, files)
    accept = _once(accept) if accept else _always
    postponed: set[FindingKey] = set()
    with rereading(project):
        found = (memory and memory.recall()) or _found(project, settings, files, memory)
        findings = tuple(
            _accept(finding, changes, settings, accept, postponed) for finding in found.findings
        )
        made = tuple(changes.files())
    read = {**found.read, **files.hashes, **project.read}
    return Plan(replace(project, read=read), findings, made, frozenset(postponed))


def _found(project: Project, settings: Settings, files: Files, memory: Memory | None) -> Found:
    # What judges and repairs takes longer to load than a project that is known takes to be shown.
    from codemod.planner import judging

    found = Found(tuple(judging.findings(project, settings, files)), files.hashes)
    if memory:
        memory.keep(found, files.recorder.trace)
    return found


def _with_what_is_asked(project: Project, settings: Settings) -> Project:
    """``project`` with the evidence that the user gives: a strategy that is for local runs."""
    if settings.strategy not in _FOR_LOCAL_RUNS:
        return project
    evidence = DevelopmentEvidence(f"--strategy {settings.strategy} is for it", None)
    return replace(project, development=(*project.development, evidence))


def _require_environments(project: Project, settings: Settings) -> None:
    if not settings.environments:
        return
    known = {
        deployment.environment or ""
        for worker in project.workers
        for deployment in worker.deployments
    }
    for name in settings.environments:
        if name not in known:
            message = f'no Worker has an environment called "{name}"{hint(name, sorted(known))}'
            place = settings.places.get(("environments", name))
            if place is None:
                raise UsageError(message)
            raise SettingsError(message, place.line, place.column)


def _always(_finding: Finding, _fix: Fix) -> bool:
    return True


def _once(accept: Accept) -> Accept:
    answers: dict[tuple[Edit, ...], bool] = {}

    def ask(finding: Finding, fix: Fix) -> bool:
        if fix.edits not in answers:
            answers[fix.edits] = accept(finding, fix)
        return answers[fix.edits]

    return ask


def _accept(
    finding: Finding,
    changes: Changes,
    settings: Settings,
    accept: Accept,
    postponed: set[FindingKey],
) -> Finding:
    fix = finding.fix
    if fix is None or (fix.safety is Safety.UNSAFE and not settings.unsafe_fixes):
        return finding
    if not accept(finding, fix):
        return finding
    if changes.add(finding, fix):
        return finding
    postponed.add(finding.key)
    reason = "its repair touches the same bytes as another one: apply that, then run again"
    return replace(finding, fix=None, no_fix=reason)
