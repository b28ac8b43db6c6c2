"""wfix as a library: ``scan`` a folder, ``plan`` its repairs, ``apply`` them."""

from __future__ import annotations

from collections.abc import Sequence

from codemod.errors import WfixError
from codemod.model import FileChange, Plan, Project
from codemod.planner import Accept, plan
from codemod.scanner import scan
from codemod.settings import Settings
from codemod.writer import transaction

__all__ = ["apply", "plan", "scan"]


def apply(plan_: Plan, settings: Settings | None = None) -> None:
    """Writes the changes of a plan made with ``settings``: all of them, or none.

    The result is scanned and planned again, and must need no change. Raises ``RolledBack`` where
    it does, or where writing fails; ``StalePlan`` where a file changed since; ``Refused`` where
    another run is writing. Whether the work tree is clean is the caller's to ask.
    """
    write(plan_.project, plan_.changes, settings or Settings())


def write(
    project: Project,
    changes: Sequence[FileChange],
    settings: Settings,
    accept: Accept | None = None,
) -> None:
    """``apply`` for changes that were planned for ``project`` with ``settings`` and ``accept``."""
    if not changes:
        return
    unreadable = {item.path for item in project.unreadable}

    def require_settled() -> None:
        scope = [project.root / path for path in project.scope]
        result = scan(project.root, scope, settings.exclude)
        broken = [item for item in result.unreadable if item.path not in unreadable]
        if broken:
            raise WfixError(f"{broken[0].path} could not be read afterwards: {broken[0].reason}")
        pending = plan(result, settings, accept).changes
        if pending:
            raise WfixError(f"{pending[0].path} would need another change afterwards")

    transaction.apply(project.root, changes, require_settled)
