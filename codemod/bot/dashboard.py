"""The one issue that lists what waits and why, and where people ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from codemod.bot import marks, texts
from codemod.bot.carrying import Done
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
    Waiting,
)
from codemod.bot.groups import Proposal
from codemod.bot.marks import IssueKind
from codemod.bot.planning import Refuted
from codemod.model import Finding, Unreadable
from codemod.report import inert
from codemod.report.display import Display

TITLE = "wfix dashboard"

_DISPLAY = Display()
_SHOWN = 50
_HEAD = (
    f"{marks.issue(IssueKind.DASHBOARD)}\n"
    "What wfix would repair here and has not proposed, and why. Tick a box, and its pull request "
    "is opened with the next run. Close this issue, and it is left alone. What you write above or "
    "below stays; what is in between is written anew.\n"
)
_HEADINGS = {
    Waiting.TICK: "Waiting for somebody to ask for it",
    Waiting.HOUR: "Waiting: enough was opened within the last hour",
    Waiting.OPEN: "Waiting: enough pull requests are open",
    Waiting.CLOSED: "Closed by a person",
    Waiting.CLAIMED: "Kept back: somebody else has a pull request from the branch",
    Waiting.FOREIGN: "Kept back: somebody else changed the branch",
}


@dataclass(frozen=True, slots=True)
class Overview:
    """What the dashboard shows. ``findings`` are all of them, the known ones among them too;
    ``failed`` is what the forge refused.
    """

    actions: Sequence[Action]
    refuted: Sequence[Refuted]
    findings: Sequence[Finding]
    unreadable: Sequence[Unreadable]
    failed: Sequence[Done] = ()

    @property
    def is_worth_an_issue(self) -> bool:
        """Whether something waits for a person."""
        waits = any(isinstance(action, (Wait, LeaveTaken)) for action in self.actions)
        return waits or bool(self.unreadable or self.refuted or self.failed)


def render(overview: Overview, title: Callable[[Proposal], str]) -> str:
    """The issue's body; ``title`` is that of a proposal's pull request."""
    return texts.body(_HEAD, _parts(overview, title), "")


def _parts(overview: Overview, title: Callable[[Proposal], str]) -> Iterator[str]:
    waits = [action for action in overview.actions if isinstance(action, Wait)]
    for because in Waiting:
        boxes = [_waiting(item, title) for item in waits if item.because is because]
        yield from _section(_HEADINGS[because], boxes)
    refuted = [
        f"- {inert.text(title(item.proposal))}: {inert.text(item.reason)}\n"
        for item in overview.refuted
    ]
    yield from _section("Kept back: the runtime speaks against it", refuted)
    failed = [
        f"- branch {inert.code(item.branch)}: {inert.text(item.detail)}\n"
        for item in overview.failed
    ]
    yield from _section("Refused by the forge", failed)
    refused = {item.branch for item in overview.failed}
    opened = [
        line
        for item in overview.actions
        if not (isinstance(item, Open) and item.proposal.branch in refused)
        for line in _open(item, title)
    ]
    yield from _section("Open", opened)
    known = [item for item in overview.findings if item.suppressed]
    yield from _section("Ignored", [_known(item) for item in known])
    unreadable = [
        f"- {inert.code(_DISPLAY.path(item.path))}: {inert.text(item.reason)}\n"
        for item in overview.unreadable
    ]
    yield from _section("Could not be read", unreadable)
    if not (waits or refuted or failed or unreadable):
        yield "\nNothing waits.\n"


def _section(heading: str, lines: Sequence[str]) -> Iterable[str]:
    if lines:
        yield f"\n### {heading}\n\n"
        yield from texts.in_portions(lines, _SHOWN, "more")


def _waiting(wait: Wait, title: Callable[[Proposal], str]) -> str:
    words = inert.text(title(wait.proposal))
    if wait.because in (Waiting.FOREIGN, Waiting.CLAIMED):
        return f"- {words}: branch {inert.code(wait.proposal.branch)}\n"
    return marks.open_box(wait.proposal.group, words)


def _open(action: Action, title: Callable[[Proposal], str]) -> Iterator[str]:
    match action:
        case Open(proposal):
            yield f"- {inert.text(title(proposal))}\n"
        case Rebuild(proposal, pull) | Settle(proposal, pull) | Keep(proposal, pull):
            yield f"- {inert.text(title(proposal))}: pull request {pull.number}\n"
        case LeaveTaken(_, pull, because):
            yield f"- {inert.text(pull.title)}: pull request {pull.number}, left: {because}\n"
        case Close() | Delete() | Wait():
            return


def _known(finding: Finding) -> str:
    place = inert.code(_DISPLAY.place(finding.location))
    return f"- {place} {inert.code(finding.rule)}: {inert.text(finding.message)}\n"
