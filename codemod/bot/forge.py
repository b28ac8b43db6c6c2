"""What the bot asks of a forge: an interface, what it answers with, and how it says no."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from codemod.errors import WfixError
from codemod.runtime.cloning import Remote


class ForgeError(WfixError):
    """The forge did not do what it was asked for; ``str()`` holds no token."""


class SignInFailed(ForgeError):
    """The forge does not know who asks: the token is wrong, expired or withdrawn."""


class PermissionLost(ForgeError):
    """The forge knows who asks, and does not allow it."""


class NotFound(ForgeError):
    """What was asked about is not there, is switched off, or must not be seen."""


class Conflict(ForgeError):
    """Something changed on the forge in the meantime: look again."""


class Invalid(ForgeError):
    """The forge took the request for wrong, as for a reviewer who is no collaborator."""


class Unavailable(ForgeError):
    """The forge gave no answer, or none that can be read: try again later."""


class RateLimited(ForgeError):
    """The forge wants to be left alone for ``retry_after`` seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class State(StrEnum):
    """Where a pull request stands. ``CLOSED`` is closed without having been merged."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; ``name`` is ``owner/name``. ``is_archived`` ones, and those that the forge
    has switched off, cannot be written to by anybody; ``may_write`` says whether the bot can.
    """

    name: str
    default_branch: str
    clone_url: str
    is_archived: bool
    may_write: bool


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request from a branch of the repository itself. ``head`` is a commit's hash, ``base``
    the branch that it is to be merged into.
    """

    number: int
    state: State
    branch: str
    base: str
    head: str
    title: str
    body: str
    author: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue that is no pull request."""

    number: int
    is_open: bool
    title: str
    body: str
    author: str


@dataclass(frozen=True, slots=True)
class Comment:
    author: str
    body: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who a commit says that it is from."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    author: Signature
    committer: Signature


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a branch stands to another: how many commits it lacks, and those that it has alone.

    ``ahead`` is the number of ``commits``, which may be the first of many.
    """

    behind: int
    ahead: int
    commits: tuple[Commit, ...]


class Forge(Protocol):
    """What a forge has to be able to do. ``name`` is a repository's ``owner/name`` throughout.

    Every method may raise any ``ForgeError``. Only those that write change anything.
    """

    @property
    def login(self) -> str:
        """The name under which the bot writes, as it stands in what is the bot's."""

    def repository(self, name: str) -> Repository: ...

    def remote(self, repository: Repository) -> Remote:
        """Where git fetches from and pushes to, signed in."""

    def pull_requests(self, name: str, branch: str) -> tuple[PullRequest, ...]:
        """All pull requests from ``branch``, in any state, the newest first."""

    def pull_request(self, name: str, number: int) -> PullRequest:
        """One pull request as it is at this moment."""

    def pull_requests_since(self, name: str, since: datetime) -> tuple[PullRequest, ...]:
        """The pull requests opened at ``since`` or later."""

    def pull_requests_by_owner(self, owner: str, since: datetime) -> int:
        """How many pull requests the bot opened at ``since`` or later, in all of an owner's
        repositories. A moment may pass until a new one counts.
        """

    def is_mergeable(self, name: str, number: int) -> bool | None:
        """Whether a pull request has no conflict, None where the forge does not know yet."""

    def compare(self, name: str, base: str, head: str) -> Comparison:
        """How the commit ``head`` stands to the commit ``base``."""

    def issues(self, name: str) -> tuple[Issue, ...]:
        """The issues that the bot opened, in any state, the oldest first."""

    def issue(self, name: str, number: int) -> Issue: ...

    def comments(self, name: str, number: int) -> tuple[Comment, ...]:
        """What was said to an issue or a pull request."""

    def turn(self) -> AbstractContextManager[None]:
        """One's turn at writing, for one write, and what has to be read right before it.

        A write that is made without waits for a turn of its own: meanwhile much may be edited.
        """

    def open_pull_request(
        self, name: str, branch: str, base: str, title: str, body: str
    ) -> PullRequest: ...

    def edit_pull_request(
        self,
        name: str,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
    ) -> None:
        """None leaves it as it is."""

    def close_pull_request(self, name: str, number: int, body: str) -> None:
        """Closes it and gives it ``body``, both or nothing."""

    def add_labels(self, name: str, number: int, labels: Sequence[str]) -> None:
        """Labels that do not exist come into being."""

    def request_reviewers(self, name: str, number: int, reviewers: Sequence[str]) -> None:
        """``reviewers`` are logins, or ``organisation/team``."""

    def comment(self, name: str, number: int, body: str) -> None: ...

    def open_issue(self, name: str, title: str, body: str) -> Issue: ...

    def edit_issue(
        self, name: str, number: int, *, body: str | None = None, is_open: bool | None = None
    ) -> None:
        """None leaves it as it is."""
