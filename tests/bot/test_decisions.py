"""The table of decisions, as cases: what is seen, what is proposed, what is to be done."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from codemod.bot.decisions import (
    Allowance,
    Close,
    Delete,
    Keep,
    LeaveTaken,
    Open,
    Rebuild,
    Seen,
    Settle,
    Taken,
    Wait,
    Waiting,
    Why,
    decide,
)
from codemod.bot.forge import PullRequest, State
from codemod.bot.groups import Proposal
from codemod.bot.marks import Mark, Step, rebuild_box
from codemod.model import Plan, Project, Safety

OLD, NEW = "0" * 64, "1" * 64
PLENTY = Allowance(9, 9)
NOBODY = frozenset()
PLAN = Plan(Project(root=None, workers=()), (), ())


def proposal(group: str = "api", fingerprint: str = OLD, awaits: Safety | None = None) -> Proposal:
    return Proposal(group, group, fingerprint, PLAN, awaits)


def pull(
    state: State = State.OPEN,
    fingerprint: str | None = OLD,
    step: Step = Step.SETTLED,
    group: str = "api",
    box: str = "",
    pushing: str | None = None,
) -> PullRequest:
    mark = f"{Mark(group, fingerprint, step, pushing=pushing)}\n" if fingerprint else ""
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return PullRequest(1, state, f"wfix/{group}", "main", "head", "title", mark + box, "bot", made)


def seen(pull_request: PullRequest | None = None, **more: object) -> Seen:
    known = {"head": "head", "pull_request": pull_request, **more}
    return Seen("wfix/api", **known)


TICKED = rebuild_box("").replace("[ ]", "[x]")
FOREIGN = {"is_foreign": True}
CONFLICT = {"in_conflict": True}
MISPLACED = {"is_misplaced": True}
MOVED = {"is_misplaced": True, "is_moved": True}
CLAIMED = {"is_claimed": True}
GONE = {"head": None}
P = proposal()


@pytest.mark.parametrize(
    ("what", "proposed", "expected"),
    [
        # Open, and the bot's own.
        (seen(pull()), P, Keep),
        (seen(pull(step=Step.OPENED)), P, Settle),
        (seen(pull(step=Step.CLOSED)), P, Settle),
        (seen(pull(fingerprint=NEW)), P, Why.CHANGED),
        (seen(pull(fingerprint=NEW), **CONFLICT), P, Why.CHANGED),
        (seen(pull(), **CONFLICT), P, Why.CONFLICT),
        (seen(pull(), **MISPLACED), P, Why.BASE),
        (seen(pull(fingerprint=NEW, box=TICKED), **MISPLACED), P, Why.BASE),
        (seen(pull(), **MISPLACED), None, Close),
        (seen(pull(), **MISPLACED, **FOREIGN), P, LeaveTaken),
        (seen(pull(step=Step.OPENED), **CONFLICT), P, Why.CONFLICT),
        (seen(pull(fingerprint=None)), P, Why.CHANGED),
        (seen(pull(box=TICKED)), P, Why.ASKED),
        (seen(pull(box=TICKED.replace("[x]", "[X]"))), P, Why.ASKED),
        (seen(pull(box=rebuild_box(""))), P, Keep),
        (seen(pull()), None, Close),
        (seen(pull(box=TICKED)), None, Close),
        # Open, since a person reopened what the bot closed.
        (seen(pull(step=Step.CLOSED)), None, Taken.REOPENED),
        (seen(pull(step=Step.CLOSED), **FOREIGN), None, Taken.COMMITS),
        (seen(pull(step=Step.CLOSED, box=TICKED)), None, Close),
        (seen(pull(step=Step.OPENED)), None, Close),
        (seen(pull(step=Step.CLOSED, fingerprint=NEW)), P, Why.CHANGED),
        # Open, and a push was cut off.
        (seen(pull(pushing="a" * 40)), P, Why.CHANGED),
        (seen(pull(pushing="a" * 40)), None, Close),
        (seen(pull(pushing="a" * 40), **FOREIGN), P, Taken.COMMITS),
        # Open, and moved to another base by somebody else.
        (seen(pull(), **MOVED), P, Taken.BASE),
        (seen(pull(fingerprint=NEW), **MOVED), P, Taken.BASE),
        (seen(pull(), **MOVED), None, Taken.BASE),
        (seen(pull(), **MOVED, **FOREIGN), P, Taken.COMMITS),
        (seen(pull(box=TICKED), **MOVED), P, Why.BASE),
        (seen(pull(box=TICKED), **MOVED), None, Close),
        # Open, and another one comes from its branch.
        (seen(pull(fingerprint=NEW), **CLAIMED), P, Taken.SHARED),
        (seen(pull(), **CONFLICT, **CLAIMED), P, Taken.SHARED),
        (seen(pull(), **MISPLACED, **CLAIMED), P, Taken.SHARED),
        (seen(pull(fingerprint=NEW, box=TICKED), **CLAIMED), P, Why.ASKED),
        (seen(pull(), **CLAIMED), P, Keep),
        (seen(pull(step=Step.OPENED), **CLAIMED), P, Settle),
        (seen(pull(), **CLAIMED), None, Close),
        # What waits for a person where it is new, is looked after where it is open.
        (seen(pull()), proposal(awaits=Safety.MANUAL), Keep),
        (seen(pull(fingerprint=NEW)), proposal(awaits=Safety.UNSAFE), Why.CHANGED),
        # Open, with commits of others.
        (seen(pull(), **FOREIGN), P, LeaveTaken),
        (seen(pull(fingerprint=NEW), **FOREIGN), P, LeaveTaken),
        (seen(pull(), **FOREIGN, **CONFLICT), P, LeaveTaken),
        (seen(pull(step=Step.OPENED), **FOREIGN), P, LeaveTaken),
        (seen(pull(), **FOREIGN), None, LeaveTaken),
        (seen(pull(box=TICKED), **FOREIGN), None, Close),
        (seen(pull(box=TICKED), **FOREIGN), P, Why.ASKED),
        # Closed by a person.
        (seen(pull(State.CLOSED)), P, Waiting.CLOSED),
        (seen(pull(State.CLOSED), **GONE), P, Waiting.CLOSED),
        (seen(pull(State.CLOSED, step=Step.OPENED)), P, Waiting.CLOSED),
        (seen(pull(State.CLOSED, fingerprint=NEW)), P, Open),
        (seen(pull(State.CLOSED, fingerprint=NEW), **FOREIGN), P, Waiting.FOREIGN),
        # Without its mark nothing shows that this is another plan.
        (seen(pull(State.CLOSED, fingerprint=None)), P, Waiting.CLOSED),
        (seen(pull(State.CLOSED, fingerprint=None), **GONE), P, Waiting.CLOSED),
        (seen(pull(State.CLOSED, fingerprint=None)), None, Delete),
        # Closed by the bot, merged, or never opened.
        (seen(pull(State.CLOSED, step=Step.CLOSED)), P, Open),
        (seen(pull(State.MERGED)), P, Open),
        (seen(pull(State.MERGED, fingerprint=None)), P, Open),
        (seen(pull(State.MERGED), **FOREIGN), P, Waiting.FOREIGN),
        (seen(), P, Open),
        (seen(**GONE), P, Open),
        (seen(**FOREIGN), P, Waiting.FOREIGN),
        (seen(), proposal(awaits=Safety.MANUAL), Waiting.TICK),
        (seen(), proposal(awaits=Safety.UNSAFE), Waiting.TICK),
        # Nothing is proposed, nothing is open.
        (seen(pull(State.CLOSED)), None, Delete),
        (seen(pull(State.MERGED)), None, Delete),
        (seen(pull(State.CLOSED), **FOREIGN), None, None),
        (seen(pull(State.MERGED), **GONE), None, None),
        (seen(), None, None),
    ],
)
def test_one_branch(what, proposed, expected):
    actions = decide([proposed] if proposed else [], {what.branch: what}, NOBODY, PLENTY)

    if expected is None:
        assert actions == ()
        return
    (action,) = actions
    match expected:
        case Why():
            assert isinstance(action, Rebuild)
            assert action.why is expected
        case Taken():
            assert isinstance(action, LeaveTaken)
            assert action.because is expected
        case Waiting():
            assert action == Wait(proposed, expected)
        case _:
            assert isinstance(action, expected)


@pytest.mark.parametrize(
    ("what", "proposed", "expected"),
    [
        (seen(pull(State.CLOSED)), P, Open),
        (seen(pull(State.CLOSED, fingerprint=None)), P, Open),
        (seen(), proposal(awaits=Safety.MANUAL), Open),
        (seen(**FOREIGN), P, Wait),
        (seen(pull()), P, Keep),
        (seen(pull(), **FOREIGN), P, LeaveTaken),
    ],
)
@pytest.mark.parametrize("allowance", [PLENTY, Allowance(0, 0)])
def test_what_somebody_asks_for(what, proposed, expected, allowance):
    asked_for = frozenset({"api"})

    (action,) = decide([proposed], {what.branch: what}, asked_for, allowance)

    assert isinstance(action, expected)


@pytest.mark.parametrize(("is_claimed", "expected"), [(False, "head"), (True, None)])
def test_a_branch_that_another_one_comes_from_is_not_deleted(is_claimed, expected):
    what = seen(pull(), is_claimed=is_claimed)

    (action,) = decide([], {what.branch: what}, NOBODY, PLENTY)

    assert action == Close(what.pull_request, expected)


FOUR = [proposal(group) for group in "abcd"]


@pytest.mark.parametrize(
    ("allowance", "asked_for", "opened", "waiting"),
    [
        (Allowance(9, 9), "", "abcd", None),
        (Allowance(2, 9), "", "ab", Waiting.HOUR),
        (Allowance(9, 3), "", "abc", Waiting.OPEN),
        (Allowance(0, 0), "", "", Waiting.HOUR),
        (Allowance(-3, -3), "", "", Waiting.HOUR),
        # What is asked for comes first, and counts.
        (Allowance(2, 9), "d", "da", Waiting.HOUR),
        (Allowance(0, 0), "cd", "cd", Waiting.HOUR),
    ],
)
def test_limits(allowance, asked_for, opened, waiting):
    actions = decide(FOUR, {}, frozenset(asked_for), allowance)

    assert [item.proposal.group for item in actions if isinstance(item, Open)] == list(opened)
    assert {item.because for item in actions if isinstance(item, Wait)} == (
        {waiting} if waiting else set()
    )


def test_what_is_closed_makes_room():
    closing = seen(pull(group="old"))
    actions = decide(
        [proposal("new")],
        {"wfix/old": replace(closing, branch="wfix/old")},
        NOBODY,
        Allowance(9, 0),
    )

    assert [type(action) for action in actions] == [Close, Open]


def test_what_is_open_is_done_before_what_is_new():
    known = {"wfix/z": Seen("wfix/z", "head", pull_request=pull(group="z", fingerprint=NEW))}

    actions = decide([proposal("a"), proposal("z")], known, NOBODY, PLENTY)

    assert [type(action) for action in actions] == [Rebuild, Open]
