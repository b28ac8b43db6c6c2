"""The parts of ``wfix apply`` that concern the command line."""

from __future__ import annotations

from pathlib import Path

import typer

from codemod import api, planner
from codemod.cli import proving
from codemod.cli.modes import Verify
from codemod.cli.output import say
from codemod.cli.plan_files import open_plan_file
from codemod.cli.session import Request, Session, finish, planned, start
from codemod.model import Finding, FindingKey, Fix, Plan
from codemod.report import diff, prose
from codemod.report.display import Display
from codemod.runtime.git import work_tree
from codemod.writer import guards
from codemod.writer.guards import Permissions


def apply_plan_file(
    path: Path, permissions: Permissions, verify: Verify, *, no_cache: bool
) -> None:
    """Applies a plan file to the root that it names. Raises as ``api.apply`` and the guards do."""
    opened = open_plan_file(path, no_cache=no_cache)
    proving.require_proved(opened.session, opened.plan, opened.accept, verify)
    _write(opened.session, opened.plan, permissions, opened.accept)
    finish(opened.plan.project)


def apply_paths(
    request: Request, permissions: Permissions, verify: Verify, *, interactive: bool
) -> None:
    """Plans and applies at once. Raises as ``api.apply`` and the guards do."""
    session = start(request)
    accept: planner.Accept | None = Asked(session.display).accept if interactive else None
    plan = planned(session, accept)
    made = proving.proved(session, plan, accept, verify)
    if made:
        plan, accept = made.plan, made.accept
    for line in prose.of_plan(plan, session.display):
        say(line)
    _write(session, plan, permissions, accept)
    finish(plan.project)


class Asked:
    """Asks for each repair on the terminal, and remembers the answers for the check afterwards."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._answers: dict[FindingKey, bool] = {}

    def accept(self, finding: Finding, fix: Fix) -> bool:
        if finding.key not in self._answers:
            say(f"{self._display.place(finding.location)}: {finding.rule}: {finding.message}")
            answer = typer.confirm(f"{fix.title} ({fix.safety})?", err=True)
            self._answers[finding.key] = answer
        return self._answers[finding.key]


def _write(
    session: Session, plan: Plan, permissions: Permissions, accept: planner.Accept | None
) -> None:
    if not plan.changes:
        say("nothing to apply")
        return
    guards.require(permissions, work_tree(session.root), plan.changes)
    api.write(plan, session.settings, accept, session.cache)
    for line in (
        diff.stat(plan.changes, session.display).decode("utf-8", "surrogateescape").splitlines()
    ):
        say(line)
