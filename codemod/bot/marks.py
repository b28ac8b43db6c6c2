"""What the bot hides in its texts on the forge, and the boxes that people tick in them.

A mark holds letters, digits and hyphens alone: nothing in it ends the comment that hides it. Marks
are believed only in what the bot wrote itself; who may edit that, may also speak for it.

What the bot writes stands between a mark and the end of its own: what people write before and after
that is theirs. A mark also notes what the bot left behind, so that it knows its own again: the
commit that it pushed, the branch that the pull request was to be merged into, its title, its text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

_END = "<!-- wfix:end -->"
_COMMIT = "[0-9a-f]{40,64}"
_DIGEST = "[0-9a-f]{32}"
_PULL_REQUEST = re.compile(
    r"<!-- wfix:pull-request group=(?P<group>[a-z0-9-]+) fingerprint=(?P<fingerprint>[0-9a-f]{64})"
    r" step=(?P<step>opened|settled|closed)"
    rf"(?: base=(?P<base>{_COMMIT}))?(?: head=(?P<head>{_COMMIT}))?"
    rf"(?: pushing=(?P<pushing>{_COMMIT}))?"
    rf"(?: onto=(?P<onto>{_DIGEST}))?(?: title=(?P<title>{_DIGEST}))?(?: text=(?P<text>{_DIGEST}))?"
    r" -->"
)
_REBUILD = "<!-- wfix:rebuild -->"
_OPEN = re.compile(
    r"^ *- \[[xX]\] <!-- wfix:open=(?P<group>[a-z0-9-]+)(?: after=(?P<after>\d{1,18}))? -->",
    re.MULTILINE,
)
_UNTICKED = f"- [ ] {_REBUILD}"
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
    """The identity of a pull request's content, and what the bot left behind.

    One that is ``OPENED`` and not ``SETTLED`` may lack its labels and reviewers. ``base`` is the
    commit that its branch was built on, ``head`` the one that was pushed there, and ``pushing``
    one that was about to be: a run that was cut off there may have pushed it or not. ``onto``,
    ``title`` and ``text`` are digests of the branch that it was to be merged into, of its title and
    of the bot's own part of its body. None stands for what was not noted.
    """

    group: str
    fingerprint: str
    step: Step
    base: str | None = None
    head: str | None = None
    pushing: str | None = None
    onto: str | None = None
    title: str | None = None
    text: str | None = None

    def __str__(self) -> str:
        noted = {
            "base": self.base,
            "head": self.head,
            "pushing": self.pushing,
            "onto": self.onto,
            "title": self.title,
            "text": self.text,
        }
        more = "".join(f" {name}={value}" for name, value in noted.items() if value)
        return (
            f"<!-- wfix:pull-request group={self.group} fingerprint={self.fingerprint} "
            f"step={self.step}{more} -->"
        )


@dataclass(frozen=True, slots=True)
class Body:
    """A pull request's body: the bot's ``own`` text behind its mark, what people wrote around."""

    before: str
    mark: Mark | None
    own: str
    after: str

    def __str__(self) -> str:
        mark = f"{self.mark}\n" if self.mark else ""
        end = f"\n{_END}" if self.mark else ""
        return f"{self.before}{mark}{self.own.strip()}{end}{self.after}"

    @property
    def is_own(self) -> bool:
        """Whether the bot's part is as the bot wrote it, but for ticks."""
        return self.mark is not None and self.mark.text == of_text(self.own)

    @property
    def theirs(self) -> int:
        """How many characters people wrote around it."""
        return len(self.before) + len(self.after)


class IssueKind(StrEnum):
    """What an issue of the bot is for."""

    DASHBOARD = "dashboard"
    CONFIGURATION = "configuration"


def apart(body: str) -> Body:
    """``body`` in its parts. Without a mark all of it is somebody else's: it is ``after``."""
    found = _PULL_REQUEST.search(body)
    if found is None:
        return Body("", None, "", body)
    own, after = _at_end(body[found.end() :])
    mark = Mark(
        found["group"],
        found["fingerprint"],
        Step(found["step"]),
        base=found["base"],
        head=found["head"],
        pushing=found["pushing"],
        onto=found["onto"],
        title=found["title"],
        text=found["text"],
    )
    return Body(body[: found.start()], mark, own, after)


def unmarked(body: str) -> Body:
    """A body without a mark in the parts that it gets with one: what holds the box that gives it
    back stays the bot's part, so that the box counts; else all of it stands below.
    """
    if _REBUILD in body:
        own, after = _at_end(body)
        return Body("", None, own, after)
    # A comment takes the rest of its line with it.
    return Body("", None, "", f"\n\n{body}")


def of_pull_request(body: str) -> Mark | None:
    """The mark in a pull request's body, None where there is none."""
    return apart(body).mark


def with_step(body: str, step: Step) -> str:
    """``body`` with its mark on another step."""
    parts = apart(body)
    return marked(body, replace(parts.mark, step=step)) if parts.mark else body


def marked(body: str, mark: Mark) -> str:
    """``body`` with ``mark`` in the place of its own, and nothing else changed."""
    return _PULL_REQUEST.sub(str(mark), body, count=1)


def of_name(name: str) -> str:
    """What a branch or a title is known by."""
    return hashlib.sha256(name.strip().encode("utf-8", "surrogatepass")).hexdigest()[:32]


def of_text(own: str) -> str:
    """What the bot's part of a body is known by, whatever is ticked and however its lines end."""
    lines = _TICKED.sub(_UNTICKED, own.replace("\r\n", "\n")).strip().split("\n")
    return of_name("\n".join(line.rstrip() for line in lines))


def rebuild_box(words: str) -> str:
    """The box in a pull request that gives its branch back to the bot."""
    return f"- [ ] {_REBUILD} {words}\n"


def wants_rebuild(body: str) -> bool:
    """Whether that box is ticked."""
    parts = apart(body)
    return _TICKED.search(parts.own if parts.mark else body) is not None


def ticked(own: str) -> str:
    """The bot's part of a body with that box ticked."""
    return own.replace(_UNTICKED, _UNTICKED.replace("[ ]", "[x]"))


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
    """What ticked boxes note: the number of a pull request, 0 for none, by group; of several boxes
    the highest, since people may keep an old one.
    """
    noted: dict[str, int] = {}
    for match in _OPEN.finditer(body):
        if match["after"]:
            group = match["group"]
            noted[group] = max(noted.get(group, 0), int(match["after"]))
    return noted


def issue(kind: IssueKind, fingerprint: str | None = None) -> str:
    """The mark of an issue."""
    return f"<!-- wfix:{kind}{f' fingerprint={fingerprint}' if fingerprint else ''} -->"


def of_issue(body: str) -> tuple[IssueKind, str | None] | None:
    """What an issue is for, and the fingerprint in its mark; None where it has none."""
    found = _ISSUE.search(body)
    return (IssueKind(found["kind"]), found["fingerprint"]) if found else None


def with_own(body: str, own: str) -> str:
    """An issue's ``body`` with ``own``, a text and its mark, in the place of what was the bot's.

    What people wrote before and after that stays; without the mark, all of it.
    """
    found = _ISSUE.search(body)
    if found is None:
        # Another end would make what stands before it the bot's; a comment takes its line with it.
        theirs = body.replace(_END, "").strip()
        return f"{own.strip()}\n{_END}" + (f"\n\n{theirs}" if theirs else "")
    _, after = _at_end(body[found.end() :])
    return f"{body[: found.start()]}{own.strip()}\n{_END}{after}"


def _at_end(text: str) -> tuple[str, str]:
    """``text`` before and after the end of the bot's part, which names in it may spell as well."""
    own, end, after = text.rpartition(_END)
    return (own, after) if end else (after, "")


def comment(about: str) -> str:
    """The mark of a comment that is made once."""
    return f"<!-- wfix:comment about={about} -->"
