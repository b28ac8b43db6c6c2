"""wfix as a library: ``scan`` a folder, ``plan`` its repairs, ``apply`` them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from codemod.errors import WfixError
from codemod.model import FileChange, Plan
from codemod.planner import plan
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
    project = plan_.project
    write(
        project.root,
        project.scope,
        plan_.changes,
        settings or Settings(),
        unreadable=frozenset(item.path for item in project.unreadable),
    )


def write(
    root: Path,
    scope: Sequence[str],
    changes: Sequence[FileChange],
    settings: Settings,
    unreadable: frozenset[str],
) -> None:
    """``apply`` for changes whose project is not at hand; ``unreadable`` are known not to be."""
    if not changes:
        return

    def require_settled() -> None:
        project = scan(root, [root / path for path in scope], settings.exclude)
        broken = [item for item in project.unreadable if item.path not in unreadable]
        if broken:
            raise WfixError(f"{broken[0].path} could not be read afterwards: {broken[0].reason}")
        pending = plan(project, settings).changes
        if pending:
            raise WfixError(f"{pending[0].path} would need another change afterwards")

    transaction.apply(root, changes, require_settled)
