"""What the rules find, and the repair of each finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathspec import GitIgnoreSpec

from codemod.model import Finding, Project
from codemod.planner import fixes, strategies
from codemod.planner.suppressing import suppress
from codemod.planner.touched import concerned
from codemod.planner.workshop import Workshop
from codemod.rules import Rule, script_name_mismatch, select_rules, unknown_service
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.settings import Settings

_ABOUT_MISSING_TARGETS = frozenset({script_name_mismatch.NAME, unknown_service.NAME})


def findings(project: Project, settings: Settings, files: Files) -> list[Finding]:
    """All findings in the order of their places, each with its repair or why it has none.

    Raises ``UsageError`` for rules that do not exist.
    """
    workshop = Workshop(project, settings, files, Modules(files))
    found = sorted(_find(project, settings), key=_order)
    return fixes.repair(workshop, strategies.repair(workshop, found))


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


def _order(finding: Finding) -> tuple[str, int, str]:
    return finding.location.path, finding.location.span.start, finding.rule
