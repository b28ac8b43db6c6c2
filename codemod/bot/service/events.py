"""What an event of the forge asks for. Payloads: https://docs.github.com/webhooks/webhook-events-and-payloads.

The bot causes events itself: it pushes to its branches, and edits its pull requests and issues.
Those ask for nothing. Where it cannot be told from a person, as with a person's token, it looks
once more and finds nothing to do: a run that changes nothing causes no event. An issue counts where
the bot wrote it: anybody can write one that holds its marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from codemod.bot import marks
from codemod.bot.groups import PREFIX
from codemod.errors import WfixError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/(?!\.\.?\Z)[A-Za-z0-9_.-]+", re.ASCII)
_HEADS = "refs/heads/"
_OF_PULL_REQUESTS = frozenset({"closed", "reopened", "edited"})
_OF_ISSUES = frozenset({"closed", "reopened", "edited", "deleted"})
_OF_INSTALLATIONS = frozenset({"created", "unsuspend", "new_permissions_accepted"})


class Malformed(WfixError):
    """A payload that is not what its event has."""


class UnknownEvent(WfixError):
    """An event that nothing is done about, whatever is in it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Repositories to run over, and those that are not the bot's any more."""

    runs: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()


def wanted(event: str, payload: bytes, login: str | None = None) -> Wanted:
    """What ``payload`` asks for. ``login`` is who the bot is, where it is not a bot's account.

    Raises ``Malformed``, and ``UnknownEvent``.
    """
    reader = _READERS.get(event)
    if reader is None:
        raise UnknownEvent(f"no use for {event!r}"[:100])
    try:
        return reader(payload, login)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the payload is no {event}: {error}") from None


# --- Payloads, as far as they are read -------------------------------------------------------


class _Account(msgspec.Struct):
    login: str
    type: str = "User"


class _Repository(msgspec.Struct):
    full_name: str
    default_branch: str = ""


class _Push(msgspec.Struct):
    ref: str
    repository: _Repository
    sender: _Account


class _Head(msgspec.Struct):
    ref: str
    repo: _Repository | None = None


class _Pull(msgspec.Struct):
    head: _Head


class _PullRequest(msgspec.Struct):
    action: str
    pull_request: _Pull
    repository: _Repository
    sender: _Account


class _Ticket(msgspec.Struct):
    user: _Account | None = None
    body: str | None = None


class _Issues(msgspec.Struct):
    action: str
    issue: _Ticket
    repository: _Repository
    sender: _Account


class _Installation(msgspec.Struct):
    action: str
    repositories: tuple[_Repository, ...] = ()


class _Installed(msgspec.Struct):
    action: str
    repositories_added: tuple[_Repository, ...] = ()
    repositories_removed: tuple[_Repository, ...] = ()


# --- Events ----------------------------------------------------------------------------------


def _push(payload: bytes, login: str | None) -> Wanted:
    given = msgspec.json.decode(payload, type=_Push)
    branch = given.ref.removeprefix(_HEADS) if given.ref.startswith(_HEADS) else ""
    is_default = branch != "" and branch == given.repository.default_branch
    is_meddled_with = branch.startswith(PREFIX) and not _is_own(given.sender, login)
    return _run(given.repository) if is_default or is_meddled_with else Wanted()


def _pull_request(payload: bytes, login: str | None) -> Wanted:
    given = msgspec.json.decode(payload, type=_PullRequest)
    head = given.pull_request.head
    is_ours = (
        head.ref.startswith(PREFIX)
        and head.repo is not None
        and head.repo.full_name.lower() == given.repository.full_name.lower()
    )
    if not is_ours or given.action not in _OF_PULL_REQUESTS or _is_own(given.sender, login):
        return Wanted()
    return _run(given.repository)


def _issues(payload: bytes, login: str | None) -> Wanted:
    given = msgspec.json.decode(payload, type=_Issues)
    is_ours = _is_author(given.issue.user, login) and marks.of_issue(given.issue.body or "")
    if not is_ours or given.action not in _OF_ISSUES or _is_own(given.sender, login):
        return Wanted()
    return _run(given.repository)


def _installation(payload: bytes, _login: str | None) -> Wanted:
    given = msgspec.json.decode(payload, type=_Installation)
    names = _names(given.repositories)
    if given.action in ("deleted", "suspend"):
        return Wanted(forgotten=names)
    return Wanted(runs=names) if given.action in _OF_INSTALLATIONS else Wanted()


def _installation_repositories(payload: bytes, _login: str | None) -> Wanted:
    given = msgspec.json.decode(payload, type=_Installed)
    return Wanted(_names(given.repositories_added), _names(given.repositories_removed))


def _ping(payload: bytes, _login: str | None) -> Wanted:
    msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
    return Wanted()


_READERS: Mapping[str, Callable[[bytes, str | None], Wanted]] = {
    "push": _push,
    "pull_request": _pull_request,
    "issues": _issues,
    "installation": _installation,
    "installation_repositories": _installation_repositories,
    "ping": _ping,
}


def _is_own(sender: _Account, login: str | None) -> bool:
    return sender.type == "Bot" or _is_called(sender, login)


def _is_author(user: _Account | None, login: str | None) -> bool:
    # Where it is not said who the bot is, every bot may be it, and no person.
    if user is None:
        return False
    return _is_called(user, login) if login else user.type == "Bot"


def _is_called(account: _Account, login: str | None) -> bool:
    return login is not None and account.login.lower() == login.lower()


def _run(repository: _Repository) -> Wanted:
    return Wanted(runs=_names((repository,)))


def _names(repositories: tuple[_Repository, ...]) -> tuple[str, ...]:
    for item in repositories:
        if not _NAME.fullmatch(item.full_name):
            raise msgspec.ValidationError("a repository is no OWNER/REPO")
    return tuple(item.full_name for item in repositories)
