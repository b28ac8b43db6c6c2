"""From what is seen on the forge and what is proposed to what is to be done: nothing but data.

For each branch the first row that fits decides:

| the pull request is | and | then |
|---|---|---|
| open | others changed the branch; the box is not ticked | it is left, and told so once |
| open | others moved it to another base; the box is not ticked | the same |
| open | nothing is proposed, and others reopened it; the box is not ticked | the same |
| open | nothing is proposed for it any more | it is closed, its branch deleted |
| open | it is to be rebuilt, and shares its branch; the box is not ticked | it is left, too |
| open | it was made for another base, or a push was cut off | it is rebuilt |
| open | its box is ticked, the fingerprint is another one, or it is in conflict | it is rebuilt |
| open | it was opened and not settled | it is settled |
| open | | it is kept |
| closed by a person, same fingerprint | nobody asks for it on the dashboard | it stays closed |
| closed by a person, its mark gone | nobody asks for it on the dashboard | it stays closed |
| anything else, or none | others changed the branch | it waits |
| anything else, or none | such repairs have to be asked for, and nobody does | it waits |
| anything else, or none | a limit is reached, and nobody asks for it | it waits |
| anything else, or none | | it is opened |
| not open | nothing is proposed, and the branch is the bot's alone | the branch is deleted |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from codemod.bot import marks
from codemod.bot.forge import PullRequest, State
from codemod.bot.groups import Proposal
from codemod.bot.marks import Mark, Step


@dataclass(frozen=True, slots=True)
class Seen:
    """One branch as it stands on the forge, with the pull request that counts: the open one, else
    the newest.

    ``head`` is None where there is no such branch. ``is_foreign`` says that somebody else wrote or
    committed on it, or set it to a commit that the bot did not leave there. ``in_conflict`` is
    false where the forge does not know. ``is_misplaced`` says that the pull request is to be merged
    into another branch than the plan was made for, or was built on commits that this branch does
    not have; ``is_moved`` that it is to be merged into another branch since somebody else wants it
    so. ``has_commits`` says that its branch has some that the base lacks, and ``is_claimed`` that
    another open pull request comes from it.
    """

    branch: str
    head: str | None = None
    is_foreign: bool = False
    pull_request: PullRequest | None = None
    in_conflict: bool = False
    is_misplaced: bool = False
    is_moved: bool = False
    has_commits: bool = False
    is_claimed: bool = False

    @property
    def mark(self) -> Mark | None:
        return marks.of_pull_request(self.pull_request.body) if self.pull_request else None

    @property
    def open(self) -> PullRequest | None:
        pull = self.pull_request
        return pull if pull and pull.state is State.OPEN else None


class Why(StrEnum):
    """Why a pull request is built anew."""

    BASE = "it was made for another base"
    ASKED = "its box is ticked"
    CHANGED = "the plan changed"
    CONFLICT = "it was in conflict with its base"


class Taken(StrEnum):
    """Why a pull request is left to others."""

    COMMITS = "somebody else changed its branch"
    BASE = "somebody else moved it to another base"
    SHARED = "another pull request comes from its branch"
    REOPENED = "somebody else reopened it"


class Waiting(StrEnum):
    """Why there is no pull request for a proposal."""

    TICK = "it needs somebody who asks for it"
    HOUR = "enough pull requests were opened within the last hour"
    OPEN = "enough pull requests are open"
    CLOSED = "a person closed its pull request"
    FOREIGN = "somebody else changed its branch"
    CLAIMED = "somebody else has a pull request from its branch"


@dataclass(frozen=True, slots=True)
class Open:
    proposal: Proposal
    head: str | None


@dataclass(frozen=True, slots=True)
class Rebuild:
    proposal: Proposal
    pull_request: PullRequest
    head: str
    why: Why


@dataclass(frozen=True, slots=True)
class Settle:
    """Labels, reviewers: what comes after the opening."""

    proposal: Proposal
    pull_request: PullRequest


@dataclass(frozen=True, slots=True)
class Keep:
    proposal: Proposal
    pull_request: PullRequest


@dataclass(frozen=True, slots=True)
class LeaveTaken:
    """It is somebody else's by now; ``proposal`` is None where nothing is left to repair."""

    proposal: Proposal | None
    pull_request: PullRequest
    because: Taken


@dataclass(frozen=True, slots=True)
class Close:
    """``head`` is None where the branch stays."""

    pull_request: PullRequest
    head: str | None


@dataclass(frozen=True, slots=True)
class Delete:
    branch: str
    head: str


@dataclass(frozen=True, slots=True)
class Wait:
    proposal: Proposal
    because: Waiting


Action = Open | Rebuild | Settle | Keep | LeaveTaken | Close | Delete | Wait


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many pull requests may still be opened: within this hour, and beside the open ones."""

    this_hour: int
    at_once: int


def decide(
    proposals: Sequence[Proposal],
    seen: Mapping[str, Seen],
    asked_for: frozenset[str],
    allowance: Allowance,
) -> tuple[Action, ...]:
    """What is to be done, in the order in which to do it: what is open first, then what is new.

    ``seen`` are the bot's branches by name; one that is not among them is not on the forge.
    ``asked_for`` are groups that somebody ticked on the dashboard; limits do not count for them.
    """
    by_branch = {proposal.branch: proposal for proposal in proposals}
    standing = [item for item in seen.values() if item.open or item.branch not in by_branch]
    done = [
        action for item in standing for action in _of_standing(item, by_branch.get(item.branch))
    ]
    closed = sum(isinstance(action, Close) for action in done)
    new = [seen.get(item.branch, Seen(item.branch)) for item in proposals]
    pairs = [(by_branch[item.branch], item) for item in new if item.open is None]
    # What somebody asks for comes first, so that a limit strikes what nobody asks for.
    pairs.sort(key=lambda pair: pair[0].group not in asked_for)
    allowed = Allowance(allowance.this_hour, allowance.at_once + closed)
    return (*done, *_of_new(pairs, asked_for, allowed))


def _of_standing(seen: Seen, proposal: Proposal | None) -> Iterator[Action]:
    pull = seen.open
    if pull is None:
        # A branch without a commit or a pull request of the bot is not known to be its own.
        is_own = seen.pull_request is not None or seen.has_commits
        if seen.head and is_own and not (seen.is_foreign or seen.is_claimed):
            yield Delete(seen.branch, seen.head)
        return
    is_asked = marks.wants_rebuild(pull.body)
    taken = None if is_asked else _taken(seen)
    if taken:
        yield LeaveTaken(proposal, pull, taken)
        return
    if proposal is None and seen.mark and seen.mark.step is Step.CLOSED and not is_asked:
        yield LeaveTaken(None, pull, Taken.REOPENED)
        return
    if proposal is None:
        # Without its branch the other pull request would be closed.
        yield Close(pull, None if seen.is_claimed else seen.head)
        return
    action = _of_own(seen, pull, proposal, is_asked=is_asked)
    if isinstance(action, Rebuild) and seen.is_claimed and not is_asked:
        action = LeaveTaken(proposal, pull, Taken.SHARED)
    yield action


def _taken(seen: Seen) -> Taken | None:
    if seen.is_foreign:
        return Taken.COMMITS
    return Taken.BASE if seen.is_moved else None


def _of_own(seen: Seen, pull: PullRequest, proposal: Proposal, *, is_asked: bool) -> Action:
    mark = seen.mark
    head = seen.head or pull.head
    if seen.is_misplaced:
        return Rebuild(proposal, pull, head, Why.BASE)
    if is_asked:
        return Rebuild(proposal, pull, head, Why.ASKED)
    if mark is None or mark.pushing or mark.fingerprint != proposal.fingerprint:
        return Rebuild(proposal, pull, head, Why.CHANGED)
    if seen.in_conflict:
        return Rebuild(proposal, pull, head, Why.CONFLICT)
    if mark.step is not Step.SETTLED:
        return Settle(proposal, pull)
    return Keep(proposal, pull)


def _of_new(
    pairs: Sequence[tuple[Proposal, Seen]], asked_for: frozenset[str], allowance: Allowance
) -> Iterator[Action]:
    this_hour, at_once = allowance.this_hour, allowance.at_once
    for proposal, seen in pairs:
        is_asked = proposal.group in asked_for
        because = _reason_to_wait(proposal, seen, Allowance(this_hour, at_once), is_asked=is_asked)
        if because:
            yield Wait(proposal, because)
            continue
        this_hour -= 1
        at_once -= 1
        yield Open(proposal, seen.head)


def _reason_to_wait(
    proposal: Proposal, seen: Seen, allowance: Allowance, *, is_asked: bool
) -> Waiting | None:
    if seen.is_foreign:
        return Waiting.FOREIGN
    if seen.is_claimed:
        return Waiting.CLAIMED
    if is_asked:
        return None
    if _was_turned_down(seen, proposal):
        return Waiting.CLOSED
    if proposal.awaits:
        return Waiting.TICK
    if allowance.this_hour <= 0:
        return Waiting.HOUR
    if allowance.at_once <= 0:
        return Waiting.OPEN
    return None


def _was_turned_down(seen: Seen, proposal: Proposal) -> bool:
    """Whether a person closed a pull request with the same content, or with one that cannot be
    known since its mark was taken away.
    """
    pull, mark = seen.pull_request, seen.mark
    if pull is None or pull.state is not State.CLOSED:
        return False
    if mark is None:
        return True
    return mark.step is not Step.CLOSED and mark.fingerprint == proposal.fingerprint
