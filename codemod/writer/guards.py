"""What must hold before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codemod.errors import Refused
from codemod.model import FileChange
from codemod.runtime.git import WorkTree

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Permissions:
    """Which guards the user has lifted."""

    dirty: bool = False
    no_vcs: bool = False
    new_files: bool = False


def require(
    permissions: Permissions, work_tree: WorkTree | None, changes: Sequence[FileChange]
) -> None:
    """Raises ``Refused`` for the first guard that ``changes`` meet and that is not lifted.

    ``work_tree`` is None where the folder is in no git work tree.
    """
    if not permissions.no_vcs and work_tree is None:
        raise Refused(
            "not under version control, so the changes could not be seen or undone with git; "
            "--allow-no-vcs applies them all the same"
        )
    if not permissions.dirty and work_tree is not None:
        _require_clean(work_tree, changes)
    if not permissions.new_files:
        _require_no_new_files(changes)


def _require_clean(work_tree: WorkTree, changes: Sequence[FileChange]) -> None:
    edited = {change.path for change in changes if change.before is not None}
    dirty = sorted(work_tree.modified | (work_tree.untracked & edited))
    if dirty:
        more = f" and {len(dirty) - _SHOWN} more" if len(dirty) > _SHOWN else ""
        raise Refused(
            f"the work tree has changes that are not committed: {', '.join(dirty[:_SHOWN])}{more}; "
            "commit or stash them, or use --allow-dirty"
        )


def _require_no_new_files(changes: Sequence[FileChange]) -> None:
    created = sorted(change.path for change in changes if change.before is None)
    if created:
        raise Refused(
            f"the plan creates files: {', '.join(created)}; --allow-new-files lets it do so"
        )
