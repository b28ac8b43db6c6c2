"""Does what was decided. Each step can be taken twice, and a run cut off between two steps leaves
what the next run takes for what it is:

- the branch is pushed before the pull request is opened, since its mark speaks for it; before one
  that is open is pushed to, its mark notes what is about to come, and its text follows after that;
- a commit of the same change on the same base is the same commit, and is not pushed again;
- a pull request is ``OPENED`` until its labels and reviewers are set;
- a comment is looked for before it is made;
- a pull request is closed before its branch is deleted, so that it is closed for a reason;
- one that is to be merged into another branch is moved to the right one before anything is pushed:
  else merging it would bring commits of the one branch into the other.

People may edit a pull request at any moment, and a forge cannot be asked to write only where nobody
did: so each is read once more in the turn in which it is written to, and what people wrote stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from codemod.bot import describing, marks, scratch
from codemod.bot.decisions import (
    Action,
    Close,
    Delete,
    Keep,
    LeaveTaken,
    Open,
    Rebuild,
    Settle,
    Taken,
    Wait,
    Why,
)
from codemod.bot.describing import Description, Wanted
from codemod.bot.forge import (
    Conflict,
    Forge,
    Invalid,
    NotFound,
    PermissionLost,
    PullRequest,
    Repository,
    State,
)
from codemod.bot.groups import Proposal
from codemod.bot.marks import Mark, Step
from codemod.report.counts import amount
from codemod.runtime.cloning import Clone
from codemod.settings import BotSettings

_GIVEN_BACK = "Tick the box in the description to give it back"
_TAKEN = {
    Taken.COMMITS: (
        "taken",
        "Somebody else has commits on this branch, or has set it to another commit, so wfix leaves "
        f"it alone from now on. {_GIVEN_BACK}: the commits of others are dropped then.",
    ),
    Taken.BASE: (
        "moved",
        "Somebody else wants this merged into another branch, which wfix has not looked at, so it "
        f"leaves this alone from now on. {_GIVEN_BACK}: it is moved to the default branch then.",
    ),
    Taken.SHARED: (
        "shared",
        "Another pull request comes from this branch as well, so wfix does not push what changed: "
        "it would be in both. Close the other one, or tick the box in the description to have it "
        "pushed all the same.",
    ),
    Taken.REOPENED: (
        "reopened",
        "Somebody else reopened this, so wfix leaves it open, though no repair belongs into it any "
        f"more. {_GIVEN_BACK}: it is closed again then.",
    ),
}
_EDITED = (
    "Somebody else edited the title, or what wfix wrote in the description, so wfix leaves that as "
    "it is, now that it would write it anew: it may no longer say what the branch holds. Tick the "
    "box in the description, or empty the description, to have it written anew."
)
_NOTHING_LEFT = (
    "No repair belongs into this pull request any more: what it was about was mended on the base "
    "branch, is ignored or left as it is there by now, or goes into another pull request. "
    "{branch}; if it comes back, a new pull request follows."
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
    """What is said of one proposal. ``body`` takes the characters that there is room for."""

    title: str
    body: Callable[[int], str]
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
        case LeaveTaken(_, pull, because):
            return Done(What.LEFT, pull.branch, pull.number, because)
        case Close(pull):
            return Done(What.CLOSED, pull.branch, pull.number, "no repair belongs into it any more")
        case Delete(branch):
            return Done(What.DELETED, branch)
        case Wait(proposal, because):
            return Done(What.WAITING, proposal.branch, detail=because)


def carry_out(desk: Desk, action: Action) -> Done:
    """Does it, and says what became of it.

    Raises ``ForgeError``: ``Invalid`` and ``Conflict`` are about this branch alone.
    """
    done = foreseen(action)
    match action:
        case Open(proposal, head):
            return replace(done, number=_open(desk, proposal, head))
        case Rebuild():
            return _rebuilt(desk, action, done)
        case Settle(_, pull):
            if _step(desk, pull) is Step.OPENED:
                _settle(desk, pull.number)
            else:
                _note_settled(desk, pull.number)
        case LeaveTaken(_, pull, because):
            _say_once(desk, pull.number, *_TAKEN[because])
        case Close(pull, head):
            _close(desk, pull, head)
        case Delete(branch, head):
            scratch.delete(desk.clone, branch, head)
        case Keep() | Wait():
            pass
    return done


def failed(action: Action, error: Invalid | Conflict) -> Done:
    """The line of an action that the forge refused."""
    return replace(foreseen(action), what=What.FAILED, detail=str(error))


def _asked(proposal: Proposal) -> str:
    faults = amount(len(proposal.plan.findings), "fault", "faults")
    return f"{faults} in {amount(len(proposal.plan.changes), 'file', 'files')}"


def _open(desk: Desk, proposal: Proposal, head: str | None) -> int:
    said = desk.texts(proposal)
    commit = scratch.build_commit(desk.clone, proposal.plan.changes, said.message)
    if commit != head:
        scratch.push(desk.clone, proposal.branch, commit, head)
    step = Step.OPENED if _has_to_settle(desk) else Step.SETTLED
    description = describing.new(_wanted(desk, proposal, commit, step))
    made = desk.forge.open_pull_request(
        desk.repository.name,
        proposal.branch,
        desk.repository.default_branch,
        description.title,
        description.body,
    )
    if step is Step.OPENED:
        _settle(desk, made.number)
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
        _announce(desk, action, commit)
        scratch.push(desk.clone, action.proposal.branch, commit, action.head)
    elif action.why is Why.CONFLICT:
        return False
    _describe(desk, action, commit)
    return True


def _announce(desk: Desk, action: Rebuild, commit: str) -> None:
    """Notes what is about to be pushed, so that it is known if nothing more comes of the run."""
    with desk.forge.turn():
        found = _looked_at_again(desk, action.pull_request.number)
        mark = marks.of_pull_request(found.body)
        if mark:
            noted = replace(mark, head=action.head, pushing=commit)
            _edit(desk, found, Description(found.title, marks.marked(found.body, noted)))


def _describe(desk: Desk, action: Rebuild, commit: str) -> None:
    """Gives it title and text, but for what somebody else wrote there."""
    number = action.pull_request.number
    is_told = _described(desk, action, commit, _looked_at_again(desk, number)).is_held
    if is_told:
        _say_once(desk, number, "edited", _EDITED)
    with desk.forge.turn():
        found = _looked_at_again(desk, number)
        description = _described(desk, action, commit, found)
        if description.is_held and not is_told:
            raise Conflict(f"pull request {number} was edited meanwhile")
        _edit(desk, found, description)
    if _step(desk, found) is Step.OPENED:
        _settle(desk, number)


def _described(desk: Desk, action: Rebuild, commit: str, found: PullRequest) -> Description:
    wanted = _wanted(desk, action.proposal, commit, _step(desk, found))
    is_asked = marks.wants_rebuild(action.pull_request.body)
    return describing.anew(wanted, found, is_asked=is_asked)


def _step(desk: Desk, found: PullRequest) -> Step:
    """How far it is. Without a mark, or reopened, it was settled once: what people took off since
    stays off.
    """
    mark = marks.of_pull_request(found.body)
    is_settled = mark is None or mark.step is not Step.OPENED or not _has_to_settle(desk)
    return Step.SETTLED if is_settled else Step.OPENED


def _wanted(desk: Desk, proposal: Proposal, commit: str, step: Step) -> Wanted:
    mark = Mark(
        proposal.group,
        proposal.fingerprint,
        step,
        base=desk.clone.commit,
        head=commit,
        onto=marks.of_name(desk.repository.default_branch),
    )
    said = desk.texts(proposal)
    return Wanted(said.title, said.body, mark)


def _looked_at_again(desk: Desk, number: int) -> PullRequest:
    """The pull request as it is now. Raises ``Conflict`` where somebody closed or moved it."""
    found = desk.forge.pull_request(desk.repository.name, number)
    if found.state is not State.OPEN or found.base != desk.repository.default_branch:
        raise Conflict(f"pull request {number} was closed or moved meanwhile")
    return found


def _edit(desk: Desk, found: PullRequest, wanted: Description) -> None:
    title = None if wanted.title == found.title else wanted.title
    body = None if wanted.body == found.body else wanted.body
    if title is not None or body is not None:
        name = desk.repository.name
        desk.forge.edit_pull_request(name, found.number, title=title, body=body)


def _has_to_settle(desk: Desk) -> bool:
    return bool(desk.settings.labels or desk.settings.reviewers)


def _settle(desk: Desk, number: int) -> None:
    if desk.settings.labels:
        desk.forge.add_labels(desk.repository.name, number, desk.settings.labels)
    for reviewer in desk.settings.reviewers:
        _request(desk, number, reviewer)
    _note_settled(desk, number)


def _note_settled(desk: Desk, number: int) -> None:
    name = desk.repository.name
    with desk.forge.turn():
        found = desk.forge.pull_request(name, number)
        body = marks.with_step(found.body, Step.SETTLED)
        _edit(desk, found, Description(found.title, body))


def _request(desk: Desk, number: int, reviewer: str) -> None:
    try:
        desk.forge.request_reviewers(desk.repository.name, number, [reviewer])
    except (Invalid, NotFound, PermissionLost):
        # One who is no collaborator, or wrote the change, or a team of an organisation that the
        # bot must not see: the pull request stands all the same.
        return


def _close(desk: Desk, pull: PullRequest, head: str | None) -> None:
    branch = "The branch is deleted" if head else "The branch stays"
    _say_once(desk, pull.number, "nothing-left", _NOTHING_LEFT.format(branch=branch))
    name = desk.repository.name
    with desk.forge.turn():
        found = desk.forge.pull_request(name, pull.number)
        if found.state is State.OPEN:
            body = marks.with_step(found.body, Step.CLOSED)
            desk.forge.close_pull_request(name, pull.number, body)
    if head:
        scratch.delete(desk.clone, pull.branch, head)


def _say_once(desk: Desk, number: int, about: str, text: str) -> None:
    mark = marks.comment(about)
    name = desk.repository.name
    said = desk.forge.comments(name, number)
    if not any(item.author == desk.forge.login and mark in item.body for item in said):
        desk.forge.comment(name, number, f"{mark}\n{text}\n")
