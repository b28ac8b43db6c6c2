"""What the bot hides in its texts on the forge, and the boxes that people tick in them.

A mark holds letters, digits and hyphens alone: nothing in it ends the comment that hides it. Marks
are believed only in what the bot wrote itself; who may edit that, may also speak for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

_PULL_REQUEST = re.compile(
    r"<!-- wfix:pull-request group=(?P<group>[a-z0-9-]+) fingerprint=(?P<fingerprint>[0-9a-f]{64})"
    r" step=(?P<step>opened|settled|closed)(?: base=(?P<base>[0-9a-f]{40,64}))? -->"
)
_REBUILD = "<!-- wfix:rebuild -->"
_OPEN = re.compile(
    r"^ *- \[[xX]\] <!-- wfix:open=(?P<group>[a-z0-9-]+)(?: after=(?P<after>\d{1,18}))? -->",
    re.MULTILINE,
)
_TICKED = re.compile(rf"^ *- \[[xX]\] {re.escape(_REBUILD)}", re.MULTILINE)
_ISSUE = re.compile(
    r"<!-- wfix:(?P<kind>dashboard|configuration)"
    r"(?: fingerprint=(?P<fingerprint>[0-9a-f]{64}))? -->"
)


class Step(StrEnum):
    """How far the bot came with a pull request; it was the bot that ``CLOSED`` it."""

    OPENED = "opened"
    SETTLED = "settled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Mark:
    """The identity of a pull request's content.

    One that is ``OPENED`` and not ``SETTLED`` may lack its labels and reviewers. ``base`` is the
    commit that its branch was built on, None where that was not noted.
    """

    group: str
    fingerprint: str
    step: Step
    base: str | None = None

    def __str__(self) -> str:
        base = f" base={self.base}" if self.base else ""
        return (
            f"<!-- wfix:pull-request group={self.group} fingerprint={self.fingerprint} "
            f"step={self.step}{base} -->"
        )


class IssueKind(StrEnum):
    """What an issue of the bot is for."""

    DASHBOARD = "dashboard"
    CONFIGURATION = "configuration"


def of_pull_request(body: str) -> Mark | None:
    """The mark in a pull request's body, None where there is none."""
    found = _PULL_REQUEST.search(body)
    if found is None:
        return None
    return Mark(found["group"], found["fingerprint"], Step(found["step"]), found["base"])


def with_step(body: str, step: Step) -> str:
    """``body`` with its mark on another step."""
    mark = of_pull_request(body)
    return _with_mark(body, replace(mark, step=step)) if mark else body


def with_base(body: str, base: str) -> str:
    """``body`` with its mark noting the commit that the branch was built on."""
    mark = of_pull_request(body)
    return _with_mark(body, replace(mark, base=base)) if mark else body


def _with_mark(body: str, mark: Mark) -> str:
    return _PULL_REQUEST.sub(str(mark), body, count=1)


def rebuild_box(words: str) -> str:
    """The box in a pull request that gives its branch back to the bot."""
    return f"- [ ] {_REBUILD} {words}\n"


def wants_rebuild(body: str) -> bool:
    """Whether that box is ticked."""
    return _TICKED.search(body) is not None


def open_box(group: str, words: str) -> str:
    """The box on the dashboard that asks for a pull request now."""
    return f"- [ ] <!-- wfix:open={group} --> {words}\n"


def with_ticks_taken(body: str, latest: Mapping[str, int]) -> str:
    """``body`` with every ticked box noting the number in ``latest`` of its group's pull request.

    What is noted counts until there is a newer one: so a tick opens one pull request, whatever
    becomes of the run, and of the box.
    """

    def noted(match: re.Match[str]) -> str:
        if match["after"]:
            return match[0]
        number = latest.get(match["group"], 0)
        return match[0].replace(" -->", f" after={number} -->")

    return _OPEN.sub(noted, body)


def taken(body: str) -> dict[str, int]:
    """What ticked boxes note: the number of a pull request, 0 for none, by group."""
    return {match["group"]: int(match["after"]) for match in _OPEN.finditer(body) if match["after"]}


def issue(kind: IssueKind, fingerprint: str | None = None) -> str:
    """The mark of an issue."""
    return f"<!-- wfix:{kind}{f' fingerprint={fingerprint}' if fingerprint else ''} -->"


def of_issue(body: str) -> tuple[IssueKind, str | None] | None:
    """What an issue is for, and the fingerprint in its mark; None where it has none."""
    found = _ISSUE.search(body)
    return (IssueKind(found["kind"]), found["fingerprint"]) if found else None


def comment(about: str) -> str:
    """The mark of a comment that is made once."""
    return f"<!-- wfix:comment about={about} -->"
