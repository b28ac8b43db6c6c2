"""What stands on the forge before anything is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from codemod.bot import complaint, dashboard, marks
from codemod.bot.decisions import Allowance, Seen
from codemod.bot.forge import Comparison, Forge, Issue, NotFound, PullRequest, Repository, State
from codemod.bot.groups import ONBOARDING, PREFIX, Proposal
from codemod.bot.marks import IssueKind
from codemod.bot.scratch import AUTHOR
from codemod.settings import BotSettings

_HOUR = timedelta(hours=1)
_TITLES = {dashboard.TITLE: IssueKind.DASHBOARD, complaint.TITLE: IssueKind.CONFIGURATION}
ONBOARDING_BRANCH = f"{PREFIX}{ONBOARDING}"


@dataclass(frozen=True, slots=True)
class View:
    """The forge, the repository on it, and the commit that the run stands on."""

    forge: Forge
    repository: Repository
    base: str

    @property
    def name(self) -> str:
        return self.repository.name


@dataclass(frozen=True, slots=True)
class Pulls:
    """The bot's own pull request that counts by branch, and the branches that another open one
    comes from.
    """

    own: Mapping[str, PullRequest]
    claimed: frozenset[str]


def pull_requests(view: View, branches: Iterable[str]) -> Pulls:
    """The pull requests from ``branches``."""
    found = {branch: view.forge.pull_requests(view.name, branch) for branch in sorted(branches)}
    counting = {branch: _counting(view, pulls) for branch, pulls in found.items()}
    claimed = frozenset(
        pull.branch
        for pulls in found.values()
        for pull in pulls
        if pull != counting[pull.branch] and pull.state is State.OPEN
    )
    return Pulls({branch: pull for branch, pull in counting.items() if pull}, claimed)


def see(
    view: View,
    heads: Mapping[str, str],
    pulls: Pulls,
    proposals: Sequence[Proposal],
) -> dict[str, Seen]:
    """The bot's branches, there or gone, by name. ``heads`` are those that are there."""
    identities = {proposal.branch: proposal.fingerprint for proposal in proposals}
    own = pulls.own
    every = {
        branch: _seen(view, branch, heads.get(branch), own.get(branch), identities.get(branch))
        for branch in sorted(heads.keys() | own.keys())
    }
    return {
        branch: replace(seen, is_claimed=branch in pulls.claimed) for branch, seen in every.items()
    }


def allowance(
    view: View,
    seen: Mapping[str, Seen],
    settings: BotSettings,
    now: datetime,
    per_owner: int | None,
) -> Allowance:
    """How many pull requests may be opened. ``per_owner`` limits those within an hour in all
    repositories of the owner.
    """
    since = now - _HOUR
    recent = [
        pull
        for pull in view.forge.pull_requests_since(view.name, since)
        if pull.author == view.forge.login and _is_of_repairs(pull.branch)
    ]
    this_hour = settings.pull_requests_per_hour - len(recent)
    left = of_owner(view, now, per_owner)
    if left is not None:
        this_hour = min(this_hour, left)
    standing = sum(item.open is not None and _is_of_repairs(item.branch) for item in seen.values())
    return Allowance(this_hour, settings.pull_requests_at_once - standing)


def of_owner(view: View, now: datetime, per_owner: int | None) -> int | None:
    """How many pull requests, those of first contact among them, may be opened within this hour in
    all repositories of the owner; None without such a limit.
    """
    if per_owner is None:
        return None
    owner = view.name.partition("/")[0]
    return per_owner - view.forge.pull_requests_by_owner(owner, now - _HOUR)


def issues(view: View) -> dict[IssueKind, Issue]:
    """The bot's issues by what they are for: of several the oldest open one, else the oldest.

    One that lost its mark is known by its title, where none has a mark.
    """
    own = [issue for issue in view.forge.issues(view.name) if issue.author == view.forge.login]
    own.sort(key=lambda issue: (marks.of_issue(issue.body) is None, not issue.is_open))
    found: dict[IssueKind, Issue] = {}
    for issue in own:
        mark = marks.of_issue(issue.body)
        kind = mark[0] if mark else _TITLES.get(issue.title)
        if kind:
            found.setdefault(kind, issue)
    return found


def _is_of_repairs(branch: str) -> bool:
    return branch.startswith(PREFIX) and branch != ONBOARDING_BRANCH


def _counting(view: View, pulls: Sequence[PullRequest]) -> PullRequest | None:
    """The open one, rather that into the default branch, else the newest."""
    own = [pull for pull in pulls if pull.author == view.forge.login]
    opened = [pull for pull in own if pull.state is State.OPEN]
    placed = [pull for pull in opened if not _is_misplaced(view, pull)]
    return next(iter([*placed, *opened, *own]), None)


def _is_misplaced(view: View, pull: PullRequest) -> bool:
    return pull.base != view.repository.default_branch


def _is_moved_by_others(view: View, pull: PullRequest) -> bool:
    """Whether it goes into another branch, and not since the default branch was that once."""
    mark = marks.of_pull_request(pull.body)
    is_where_it_was_put = mark is not None and mark.onto == marks.of_name(pull.base)
    return _is_misplaced(view, pull) and not is_where_it_was_put


def _seen(
    view: View, branch: str, head: str | None, pull: PullRequest | None, fingerprint: str | None
) -> Seen:
    if head is None:
        return Seen(branch, pull_request=pull)
    compared = view.forge.compare(view.name, view.base, head)
    brings_more = _is_foreign(compared)
    is_foreign = brings_more and _is_changed_by_others(view, head, pull)
    is_misplaced = pull is not None and (_is_misplaced(view, pull) or brings_more)
    seen = Seen(
        branch,
        head,
        is_foreign or _is_set_by_others(head, pull),
        pull,
        is_misplaced=is_misplaced,
        is_moved=pull is not None and _is_moved_by_others(view, pull),
        has_commits=bool(compared.commits),
    )
    is_current = bool(seen.mark and seen.mark.fingerprint == fingerprint)
    if seen.open is None or seen.is_foreign or not is_current or not compared.behind:
        return seen
    is_mergeable = view.forge.is_mergeable(view.name, seen.open.number)
    return replace(seen, in_conflict=is_mergeable is False)


def _is_set_by_others(head: str, pull: PullRequest | None) -> bool:
    """Whether the branch of an open pull request is at another commit than the bot left it at."""
    mark = marks.of_pull_request(pull.body) if pull and pull.state is State.OPEN else None
    return mark is not None and mark.head is not None and head not in (mark.head, mark.pushing)


def _is_changed_by_others(view: View, head: str, pull: PullRequest | None) -> bool:
    """Whether others have commits on a branch beside those that it was built on."""
    mark = marks.of_pull_request(pull.body) if pull else None
    if mark is None or mark.base is None:
        return True
    try:
        return _is_foreign(view.forge.compare(view.name, mark.base, head))
    except NotFound:
        # What it was built on is gone: nothing shows then that a commit is nobody's.
        return True


def _is_foreign(compared: Comparison) -> bool:
    own = (AUTHOR.name, AUTHOR.email)
    signatures = [
        signature for commit in compared.commits for signature in (commit.author, commit.committer)
    ]
    has_more = compared.ahead > len(compared.commits)
    return has_more or any((item.name, item.email) != own for item in signatures)
