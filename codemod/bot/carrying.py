"""Does what was decided. Each step can be taken twice, and a run cut off between two steps leaves
what the next run takes for what it is:

- the branch is pushed before the pull request is opened or edited, since its mark speaks for it;
- a commit of the same change on the same base is the same commit, and is not pushed again;
- a pull request is ``OPENED`` until its labels and reviewers are set;
- a comment is looked for before it is made;
- a pull request is closed before its branch is deleted, so that it is closed for a reason;
- one that is to be merged into another branch is moved to the right one before anything is pushed:
  else merging it would bring commits of the one branch into the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from codemod.bot import marks, scratch
from codemod.bot.decisions import (
    Action,
    Close,
    Delete,
    Keep,
    LeaveTaken,
    Open,
    Rebuild,
    Settle,
    Wait,
    Why,
)
from codemod.bot.forge import Conflict, Forge, Invalid, NotFound, PullRequest, Repository
from codemod.bot.groups import Proposal
from codemod.bot.marks import Step
from codemod.report.counts import amount
from codemod.runtime.cloning import Clone
from codemod.settings import BotSettings

_TAKEN = (
    "Somebody else has commits on this branch, so wfix leaves it alone from now on. Tick the box "
    "in the description to give it back: the commits of others are dropped then."
)
_NOTHING_LEFT = (
    "wfix finds nothing to repair here any more: it was mended on the base branch, or is ignored "
    "there by now. The branch is deleted; if the faults come back, a new pull request follows."
)


class What(StrEnum):
    """What was done, or would be done."""

    OPENED = "opened"
    REBUILT = "rebuilt"
    SETTLED = "labelled"
    KEPT = "kept as it is"
    LEFT = "left to others"
    CLOSED = "closed"
    DELETED = "deleted"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Done:
    """One line of a report: what became of a branch.

    ``number`` is the pull request's, None where there is none; ``detail`` says why.
    """

    what: What
    branch: str
    number: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """What is said of one proposal. ``body`` takes the step that its mark is to have."""

    title: str
    body: Callable[[Step], str]
    message: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What the steps are taken with."""

    forge: Forge
    repository: Repository
    clone: Clone
    settings: BotSettings
    texts: Callable[[Proposal], Texts]


def foreseen(action: Action) -> Done:
    """The line of an action that is not carried out."""
    match action:
        case Open(proposal):
            return Done(What.OPENED, proposal.branch, detail=_asked(proposal))
        case Rebuild(proposal, pull, _, why):
            return Done(What.REBUILT, proposal.branch, pull.number, why)
        case Settle(proposal, pull):
            return Done(What.SETTLED, proposal.branch, pull.number)
        case Keep(proposal, pull):
            return Done(What.KEPT, proposal.branch, pull.number)
        case LeaveTaken(_, pull):
            return Done(What.LEFT, pull.branch, pull.number, "somebody else has commits on it")
        case Close(pull):
            return Done(What.CLOSED, pull.branch, pull.number, "nothing is left to repair")
        case Delete(branch):
            return Done(What.DELETED, branch)
        case Wait(proposal, because):
            return Done(What.WAITING, proposal.branch, detail=because)


def carry_out(desk: Desk, action: Action) -> Done:
    """Does it, and says what became of it.

    What the forge refuses for this branch alone becomes a line of the report. Raises every other
    ``ForgeError``.
    """
    done = foreseen(action)
    try:
        match action:
            case Open(proposal, head):
                return Done(What.OPENED, proposal.branch, _open(desk, proposal, head), done.detail)
            case Rebuild():
                return _rebuilt(desk, action, done)
            case Settle(proposal, pull):
                _settle(desk, pull.number, pull.body)
            case LeaveTaken(_, pull):
                _say_once(desk, pull, "taken", _TAKEN)
            case Close(pull, head):
                _close(desk, pull, head)
            case Delete(branch, head):
                scratch.delete(desk.clone, branch, head)
            case Keep() | Wait():
                pass
    except (Invalid, Conflict) as error:
        return Done(What.FAILED, done.branch, done.number, str(error))
    return done


def _asked(proposal: Proposal) -> str:
    faults = amount(len(proposal.plan.findings), "fault", "faults")
    return f"{faults} in {amount(len(proposal.plan.changes), 'file', 'files')}"


def _open(desk: Desk, proposal: Proposal, head: str | None) -> int:
    said = desk.texts(proposal)
    commit = scratch.build_commit(desk.clone, proposal.plan.changes, said.message)
    if commit != head:
        scratch.push(desk.clone, proposal.branch, commit, head)
    step = Step.OPENED if _has_to_settle(desk) else Step.SETTLED
    made = desk.forge.open_pull_request(
        desk.repository.name,
        proposal.branch,
        desk.repository.default_branch,
        said.title,
        marks.with_base(said.body(step), desk.clone.commit),
    )
    if step is Step.OPENED:
        _settle(desk, made.number, made.body)
    return made.number


def _rebuilt(desk: Desk, action: Rebuild, done: Done) -> Done:
    refused = _moved(desk, action) if action.why is Why.BASE else None
    if refused:
        return replace(done, what=What.LEFT, detail=refused)
    if not _rebuild(desk, action):
        return replace(done, what=What.KEPT, detail="a conflict that a new commit would not end")
    return done


def _moved(desk: Desk, action: Rebuild) -> str | None:
    """Has the pull request merged into the right branch; returns why that cannot be."""
    number, base = action.pull_request.number, desk.repository.default_branch
    if action.pull_request.base == base:
        return None
    try:
        desk.forge.edit_pull_request(desk.repository.name, number, base=base)
    except (Invalid, Conflict) as error:
        return f"it is to be merged into {action.pull_request.base}, not {base}: {error}"
    return None


def _rebuild(desk: Desk, action: Rebuild) -> bool:
    """Whether there was anything to do."""
    said = desk.texts(action.proposal)
    commit = scratch.build_commit(desk.clone, action.proposal.plan.changes, said.message)
    if commit != action.head:
        scratch.push(desk.clone, action.proposal.branch, commit, action.head)
    elif action.why is Why.CONFLICT:
        return False
    mark = marks.of_pull_request(action.pull_request.body)
    is_settled = not _has_to_settle(desk) or (mark and mark.step is Step.SETTLED)
    body = said.body(Step.SETTLED if is_settled else Step.OPENED)
    body = marks.with_base(body, desk.clone.commit)
    number = action.pull_request.number
    desk.forge.edit_pull_request(desk.repository.name, number, title=said.title, body=body)
    if not is_settled:
        _settle(desk, number, body)
    return True


def _has_to_settle(desk: Desk) -> bool:
    return bool(desk.settings.labels or desk.settings.reviewers)


def _settle(desk: Desk, number: int, body: str) -> None:
    name = desk.repository.name
    if desk.settings.labels:
        desk.forge.add_labels(name, number, desk.settings.labels)
    for reviewer in desk.settings.reviewers:
        _request(desk, number, reviewer)
    desk.forge.edit_pull_request(name, number, body=marks.with_step(body, Step.SETTLED))


def _request(desk: Desk, number: int, reviewer: str) -> None:
    try:
        desk.forge.request_reviewers(desk.repository.name, number, [reviewer])
    except (Invalid, NotFound):
        # One who is no collaborator, or wrote the change: the pull request stands all the same.
        return


def _close(desk: Desk, pull: PullRequest, head: str | None) -> None:
    _say_once(desk, pull, "nothing-left", _NOTHING_LEFT)
    body = marks.with_step(pull.body, Step.CLOSED)
    desk.forge.close_pull_request(desk.repository.name, pull.number, body)
    if head:
        scratch.delete(desk.clone, pull.branch, head)


def _say_once(desk: Desk, pull: PullRequest, about: str, text: str) -> None:
    mark = marks.comment(about)
    name = desk.repository.name
    said = desk.forge.comments(name, pull.number)
    if not any(item.author == desk.forge.login and mark in item.body for item in said):
        desk.forge.comment(name, pull.number, f"{mark}\n{text}\n")
