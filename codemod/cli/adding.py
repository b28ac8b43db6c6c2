"""The command ``add``: shows what is generated, or writes it under the guards of ``apply``."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.cli.output import emit, say
from codemod.cli.session import Request, Session, finish, report_gaps, start
from codemod.errors import WfixError
from codemod.generator import Generated, Make, generate, outlook
from codemod.model import Project
from codemod.report import diff
from codemod.runtime.git import work_tree
from codemod.writer import guards, transaction
from codemod.writer.guards import Permissions


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    make: Make
    worker: str
    wire: bool
    dry_run: bool


def add(request: Request, wanted: Wanted, permissions: Permissions) -> None:
    """Adds to a Worker, and tells what is left to do. Raises as ``generate`` and the guards do."""
    session = start(request)
    project = session.scan()
    report_gaps(session, project)
    made = generate(project, session.settings, wanted.make, wanted.worker, wire=wanted.wire)
    if wanted.dry_run:
        emit(diff.patch(made.changes, session.display))
    else:
        guards.require(permissions, work_tree(session.root), made.changes)
        _write(session, project, made)
    _tell(session, made)
    finish(project)


def _write(session: Session, project: Project, made: Generated) -> None:
    def require_as_foreseen() -> None:
        found = outlook.findings(project, session.settings)
        if [finding.key for finding in found] != [finding.key for finding in made.findings]:
            raise WfixError("what is found afterwards is not what was foreseen")

    transaction.apply(session.root, made.changes, require_as_foreseen)
    for line in diff.stat(made.changes, session.display).decode("utf-8", "replace").splitlines():
        say(line)


def _tell(session: Session, made: Generated) -> None:
    for finding in made.news:
        place = session.display.place(finding.location)
        say(f"note: `wfix check` will say {place}: {finding.rule}: {finding.message}")
    if made.steps:
        say("what is left to a person:")
    for number, step in enumerate(made.steps, start=1):
        say(f"    {number}. {step}")
