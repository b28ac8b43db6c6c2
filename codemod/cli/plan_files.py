"""Plan files on the command line: written by ``plan``, read by ``apply`` and ``verify``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import version as installed_version
from pathlib import Path

from codemod import planner
from codemod.cli.output import write_file
from codemod.cli.session import Request, Session, report_gaps, start
from codemod.errors import UsageError
from codemod.model import FindingKey, Plan
from codemod.planner import plan_file
from codemod.runtime.git import work_tree
from codemod.scanner import scan
from codemod.scanner.discover import is_configuration_name
from codemod.scanner.files import UnreadableFile, read_regular

_MAX_SIZE = 64 * 1024 * 1024


def write_plan_file(
    session: Session, plan: Plan, output: Path, withheld: Iterable[FindingKey] = ()
) -> None:
    """Writes ``plan`` as JSON, with the findings whose repairs it leaves out on purpose.

    Raises ``UsageError`` where ``output`` cannot be written.
    """
    tree = work_tree(session.root)
    content = plan_file.encode(
        plan,
        session.settings,
        root=os.path.relpath(session.root, output.resolve().parent).replace(os.sep, "/"),
        base_commit=tree.commit if tree else None,
        tool=f"wfix {installed_version('wfix')}",
        withheld=withheld,
    )
    write_file(output, content)


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
        raise UsageError("a plan file is taken as it was made: give no other path or option")
    return files[0]


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan file that still holds: its plan, and what accepts the repairs that are in it.

    ``session`` has the settings that the plan was made with.
    """

    session: Session
    plan: Plan
    accept: planner.Accept


def open_plan_file(path: Path, *, no_cache: bool) -> Opened:
    """Reads a plan file and plans again. Raises ``StalePlan`` where the outcome is another one."""
    try:
        file = plan_file.decode(read_regular(path, _MAX_SIZE))
    except UnreadableFile as error:
        raise UsageError(f"{path} {error}") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    session = start(Request([path.parent / file.root], no_cache=no_cache))
    changes = plan_file.changes(file, session.root)
    scope = [session.root / part for part in file.scope]
    project = scan(session.root, scope, file.settings.exclude, cache=session.cache)
    plan = planner.plan(project, file.settings, file.accept, session.cache)
    plan_file.require_same(changes, plan.changes)
    report_gaps(session, project)
    session = replace(session, settings=file.settings)
    return Opened(session, replace(plan, changes=changes), file.accept)
