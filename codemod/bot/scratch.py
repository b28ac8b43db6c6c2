"""git's part in a run: the clone in a scratch folder, its failures as the forge's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codemod.bot.forge import (
    Conflict,
    ForgeError,
    NotFound,
    PermissionLost,
    RateLimited,
    SignInFailed,
    Unavailable,
)
from codemod.bot.groups import PREFIX
from codemod.errors import WfixError
from codemod.model import FileChange
from codemod.runtime import cloning
from codemod.runtime.cloning import Clone, Failure, GitFailed, Identity, Limits, Remote

AUTHOR = Identity("wfix", "bot@wfix.invalid")
"""Who the bot's commits are from and by: a commit that says otherwise is somebody else's."""

FOLDERS = "wfix-bot-"
"""What the names of the folders begin with that runs work in."""

_BUSY_SECONDS = 60.0
_KINDS: dict[Failure, type[ForgeError]] = {
    Failure.NOT_SIGNED_IN: SignInFailed,
    Failure.FORBIDDEN: PermissionLost,
    Failure.NOT_FOUND: NotFound,
    Failure.REJECTED: Conflict,
    Failure.OTHER: Unavailable,
}


class BeyondLimits(WfixError):
    """The repository costs more than one may: seconds, or bytes."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one run. A run that is killed leaves it behind."""
    with tempfile.TemporaryDirectory(prefix=FOLDERS) as path:
        yield Path(path)


def heads(remote: Remote, default: str, scratch: Path, limits: Limits) -> dict[str, str]:
    """The commits of the default branch and of the bot's branches, by name."""
    with _translated():
        return cloning.heads(remote, (default, f"{PREFIX}*"), scratch, limits)


def clone(remote: Remote, branch: str, scratch: Path, limits: Limits) -> Clone:
    """Raises ``ForgeError``, or ``BeyondLimits``."""
    with _translated():
        return cloning.clone(remote, branch, scratch / "repository", limits)


def build_commit(made: Clone, changes: tuple[FileChange, ...], message: str) -> str:
    with _translated():
        return made.build_commit(changes, message, AUTHOR)


def push(made: Clone, branch: str, commit: str, expected: str | None) -> None:
    """Raises ``Conflict`` where the branch is no longer at ``expected``, or is protected."""
    with _translated():
        made.push(branch, commit, expected)


def delete(made: Clone, branch: str, expected: str) -> None:
    """Raises as ``push``."""
    with _translated():
        made.delete(branch, expected)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except GitFailed as error:
        if error.failure in (Failure.TOO_LARGE, Failure.TOO_SLOW):
            raise BeyondLimits(str(error)) from None
        if error.failure is Failure.BUSY:
            raise RateLimited(str(error), _BUSY_SECONDS) from None
        raise _KINDS[error.failure](str(error)) from None
