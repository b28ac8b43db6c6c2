"""Findings to a plan: which repair each target gets, and the edits that make it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pathspec import GitIgnoreSpec

from codemod.errors import StalePlan
from codemod.model import (
    DevelopmentEvidence,
    FileChange,
    Finding,
    Plan,
    PlannedEdit,
    Project,
    Safety,
    Strategy,
)
from codemod.planner.strategies import repair
from codemod.planner.workshop import Workshop
from codemod.rules import select_rules
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.settings import Settings
from codemod.syntax.edits import apply_edits, conflicts

_FOR_LOCAL_RUNS = frozenset({Strategy.NAMED, Strategy.RPC, Strategy.SPLIT})


def plan(project: Project, settings: Settings | None = None) -> Plan:
    """What the rules find in ``project``, how each finding is repaired, and the files after it.

    Raises ``UsageError`` for rules that do not exist, ``StalePlan`` where a file changed since
    it was scanned.
    """
    settings = settings or Settings()
    files = Files(project.root)
    project = _with_what_is_asked(project, settings)
    workshop = Workshop(project, settings, files, Modules(files))
    findings = repair(workshop, sorted(_find(project, settings), key=_order))
    findings, edits = _accept(findings, settings)
    changes = tuple(_changes(project, files, edits))
    return Plan(project, tuple(findings), changes)


def _with_what_is_asked(project: Project, settings: Settings) -> Project:
    """``project`` with the evidence that the user gives: a strategy that is for local runs."""
    if settings.strategy not in _FOR_LOCAL_RUNS:
        return project
    evidence = DevelopmentEvidence(f"--strategy {settings.strategy} is for it", None)
    return replace(project, development=(*project.development, evidence))


def _find(project: Project, settings: Settings) -> Iterator[Finding]:
    ignores = {
        pattern: (GitIgnoreSpec.from_lines([pattern]), rules)
        for pattern, rules in settings.per_file_ignores.items()
    }
    for rule in select_rules(settings.select, settings.ignore):
        for finding in rule.check(project):
            if not _is_wanted(finding, settings):
                continue
            if any(
                rule.name in rules and spec.match_file(finding.location.path)
                for spec, rules in ignores.values()
            ):
                continue
            yield finding


def _is_wanted(finding: Finding, settings: Settings) -> bool:
    if not settings.covers(finding.environment):
        return False
    return not (finding.skipped and finding.target in settings.external_services)


def _order(finding: Finding) -> tuple[str, int, str]:
    return finding.location.path, finding.location.span.start, finding.rule


def _accept(
    findings: Iterable[Finding], settings: Settings
) -> tuple[list[Finding], list[PlannedEdit]]:
    judged: list[Finding] = []
    accepted: list[PlannedEdit] = []
    for finding in findings:
        fix = finding.fix
        if fix is None or not _is_let_through(fix.safety, settings):
            judged.append(finding)
        elif conflicts([planned.edit for planned in accepted], fix.edits):
            reason = "its repair touches the same bytes as another one: apply that, then run again"
            judged.append(replace(finding, fix=None, skipped=reason))
        else:
            judged.append(finding)
            known = {planned.edit for planned in accepted}
            accepted += [
                PlannedEdit(edit, finding.rule, fix.strategy, fix.safety, fix.reasons)
                for edit in fix.edits
                if edit not in known
            ]
    return judged, accepted


def _is_let_through(safety: Safety, settings: Settings) -> bool:
    return safety is Safety.SAFE or (safety is Safety.UNSAFE and settings.unsafe_fixes)


def _changes(
    project: Project, files: Files, planned: Iterable[PlannedEdit]
) -> Iterator[FileChange]:
    by_path: dict[str, list[PlannedEdit]] = {}
    for item in planned:
        by_path.setdefault(item.edit.path, []).append(item)
    for path, items in sorted(by_path.items()):
        before = files.read(path)
        if files.hashes[path] != project.read.get(path):
            raise StalePlan(f"{path} changed while wfix was reading the repository: run it again")
        after = apply_edits(before, [item.edit for item in items])
        yield FileChange(path, before, after, tuple(items))
