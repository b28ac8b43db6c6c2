"""The parts of ``wfix apply`` and of its plan files that concern the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import version as installed_version
from pathlib import Path

import typer

from codemod import api, planner
from codemod.cli.output import say
from codemod.cli.session import Request, Session, finish, planned, report_gaps, start
from codemod.errors import UsageError
from codemod.model import FileChange, Finding, Fix, Plan, Project
from codemod.planner import plan_file
from codemod.report import diff, prose
from codemod.report.display import Display
from codemod.runtime.git import work_tree
from codemod.scanner import scan
from codemod.scanner.discover import is_configuration_name
from codemod.settings import Settings
from codemod.writer import guards
from codemod.writer.guards import Permissions


def write_plan_file(session: Session, plan: Plan, output: Path) -> None:
    """Writes ``plan`` as JSON. Raises ``UsageError`` where ``output`` cannot be written."""
    tree = work_tree(session.root)
    content = plan_file.encode(
        plan,
        session.settings,
        root=os.path.relpath(session.root, output.resolve().parent).replace(os.sep, "/"),
        base_commit=tree.commit if tree else None,
        tool=f"wfix {installed_version('wfix')}",
    )
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from error


def plan_file_among(request: Request) -> Path | None:
    """The plan file that the arguments name, if they do.

    Raises ``UsageError`` where other paths or options stand beside it.
    """
    files = [
        path for path in request.paths if path.is_file() and not is_configuration_name(path.name)
    ]
    if not files:
        return None
    if Request(paths=request.paths) != request or len(request.paths) > 1:
        raise UsageError("a plan file is applied as it was made: give no other path or option")
    return files[0]


def apply_plan_file(path: Path, permissions: Permissions) -> None:
    """Applies a plan file to the root that it names. Raises as ``api.apply`` and the guards do."""
    try:
        plan = plan_file.decode(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    session = start(Request([path.parent / plan.root]))
    changes = plan_file.changes(plan, session.root)
    scope = [session.root / part for part in plan.scope]
    project = scan(session.root, scope, plan.settings.exclude)
    plan_file.require_same(changes, planner.plan(project, plan.settings).changes)
    report_gaps(session, project)
    _write(session, project, changes, plan.settings, permissions)
    finish(project)


def apply_paths(request: Request, permissions: Permissions, *, interactive: bool) -> None:
    """Plans and applies at once. Raises as ``api.apply`` and the guards do."""
    session = start(request)
    accept = Asked(session.display).accept if interactive else None
    plan = planned(session, accept)
    for line in prose.of_plan(plan, session.display):
        say(line)
    _write(session, plan.project, plan.changes, session.settings, permissions, accept)
    finish(plan.project)


class Asked:
    """Asks for each repair on the terminal, and remembers the answers for the check afterwards."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._answers: dict[tuple[str | None, ...], bool] = {}

    def accept(self, finding: Finding, fix: Fix) -> bool:
        key = (finding.rule, finding.worker, finding.environment, finding.binding)
        if key not in self._answers:
            say(f"{self._display.place(finding.location)}: {finding.rule}: {finding.message}")
            self._answers[key] = typer.confirm(f"{fix.title} ({fix.safety})?", err=True)
        return self._answers[key]


def _write(
    session: Session,
    project: Project,
    changes: Sequence[FileChange],
    settings: Settings,
    permissions: Permissions,
    accept: planner.Accept | None = None,
) -> None:
    if not changes:
        say("nothing to apply")
        return
    guards.require(permissions, work_tree(session.root), changes)
    api.write(project, changes, settings, accept)
    for line in diff.stat(changes, session.display).decode("utf-8", "surrogateescape").splitlines():
        say(line)
