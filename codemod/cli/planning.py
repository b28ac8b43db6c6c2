"""What `wfix plan` does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from codemod.cli.modes import Verify
from codemod.cli.output import emit, say
from codemod.cli.session import Request, finish, planned, start


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of ``plan`` alone."""

    output: Path | None = None
    stat: bool = False
    verify: Verify = Verify.AUTO
    exit_code: bool = False


def plan(request: Request, wanted: Wanted) -> NoReturn:
    """Prints the repairs as a diff, and ends the program."""
    from codemod.report import diff, prose

    session = start(request)
    made = planned(session)
    proved = None
    if made.changes and wanted.verify is not Verify.NEVER:
        from codemod.cli import proving

        proved = proving.proved(session, made, None, wanted.verify)
    made = proved.plan if proved else made
    for line in prose.of_plan(made, session.display):
        say(line)
    rendered = diff.stat if wanted.stat else diff.patch
    emit(rendered(made.changes, session.display))
    if wanted.output:
        from codemod.cli import plan_files

        withheld = proved.withheld if proved else ()
        plan_files.write_plan_file(session, made, wanted.output, withheld)
    finish(made.project, 1 if wanted.exit_code and made.changes else 0)
