"""Findings to a plan: which repair each target gets, and the edits that make it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from pathspec import GitIgnoreSpec

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
from codemod.planner import fixes, strategies
from codemod.planner.changes import Changes
from codemod.planner.rereading import rereading
from codemod.planner.suppressing import suppress
from codemod.planner.touched import concerned
from codemod.planner.workshop import Workshop
from codemod.rules import Rule, script_name_mismatch, select_rules, unknown_service
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.settings import Settings
from codemod.spelling import hint

Accept = Callable[[Finding, Fix], bool]
_FOR_LOCAL_RUNS = frozenset({Strategy.NAMED, Strategy.RPC, Strategy.SPLIT})
_ABOUT_MISSING_TARGETS = frozenset({script_name_mismatch.NAME, unknown_service.NAME})


def plan(
    project: Project,
    settings: Settings | None = None,
    accept: Accept | None = None,
) -> Plan:
    """What the rules find in ``project``, how each finding is repaired, and the files after it.

    ``accept`` is asked of each repair that the settings let through whether it is to be made, once
    where several findings share it. Raises ``UsageError`` for rules and environments that do not
    exist, ``StalePlan`` where a file changed since it was scanned.
    """
    settings = settings or Settings()
    _require_environments(project, settings)
    files = Files(project.root, project.overlay)
    project = _with_what_is_asked(project, settings)
    workshop = Workshop(project, settings, files, Modules(files))
    changes = Changes(project, files)
    accept = _once(accept) if accept else _always
    postponed: set[FindingKey] = set()
    with rereading(project):
        findings = tuple(
            _accept(finding, changes, settings, accept, postponed)
            for finding in _repaired(workshop, sorted(_find(project, settings), key=_order))
        )
        made = tuple(changes.files())
    read = {**files.hashes, **project.read}
    return Plan(replace(project, read=read), findings, made, frozenset(postponed))


def _with_what_is_asked(project: Project, settings: Settings) -> Project:
    """``project`` with the evidence that the user gives: a strategy that is for local runs."""
    if settings.strategy not in _FOR_LOCAL_RUNS:
        return project
    evidence = DevelopmentEvidence(f"--strategy {settings.strategy} is for it", None)
    return replace(project, development=(*project.development, evidence))


def _require_environments(project: Project, settings: Settings) -> None:
    known = {
        deployment.environment or ""
        for worker in project.workers
        for deployment in worker.deployments
    }
    for name in settings.environments or ():
        if name not in known:
            message = f'no Worker has an environment called "{name}"{hint(name, sorted(known))}'
            place = settings.places.get(("environments", name))
            if place is None:
                raise UsageError(message)
            raise SettingsError(message, place.line, place.column)


def _find(project: Project, settings: Settings) -> Iterator[Finding]:
    rules = select_rules(settings.select, settings.ignore)
    names = None if settings.changed is None else concerned(project, settings.changed)
    for finding in suppress(project, _judge(project, rules, settings), rules):
        if _is_asked_for(finding, project, settings) and (names is None or finding.worker in names):
            yield finding


def _judge(project: Project, rules: Iterable[Rule], settings: Settings) -> Iterator[Finding]:
    ignores = [
        (GitIgnoreSpec.from_lines([pattern]), {rule.name for rule in select_rules(rules)})
        for pattern, rules in settings.per_file_ignores.items()
        if rules
    ]
    for rule in rules:
        for finding in rule.check(project):
            if _is_elsewhere(finding, settings):
                continue
            if any(
                rule.name in rules and spec.match_file(finding.location.path)
                for spec, rules in ignores
            ):
                continue
            yield finding


def _is_asked_for(finding: Finding, project: Project, settings: Settings) -> bool:
    """Whether its environment is asked for; code runs in every one."""
    is_of_configuration = project.worker(finding.location.path) is not None
    return not is_of_configuration or settings.covers(finding.environment)


def _is_elsewhere(finding: Finding, settings: Settings) -> bool:
    """Whether the user says of the target that it lives elsewhere, and that answers the finding."""
    if finding.target not in settings.external_services:
        return False
    return bool(finding.skipped) or finding.rule in _ABOUT_MISSING_TARGETS


def _repaired(workshop: Workshop, findings: Iterable[Finding]) -> list[Finding]:
    return fixes.repair(workshop, strategies.repair(workshop, findings))


def _order(finding: Finding) -> tuple[str, int, str]:
    return finding.location.path, finding.location.span.start, finding.rule


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
