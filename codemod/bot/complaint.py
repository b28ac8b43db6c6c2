"""The one issue about a ``wfix.toml`` that cannot be used: nothing else happens until it can."""

from __future__ import annotations

from codemod.bot import fingerprint, marks, texts
from codemod.bot.marks import IssueKind
from codemod.report import inert
from codemod.settings import FILE_NAME

TITLE = f"wfix cannot use {FILE_NAME}"


_MENDED = "wfix can use it again. Where it cannot once more, this issue is opened again.\n"


def identity(reason: str) -> str:
    """What the complaint is known by."""
    return fingerprint.of_text(reason)


def render(reason: str) -> str:
    """The issue's body, for a fault in one sentence."""
    mark = marks.issue(IssueKind.CONFIGURATION, identity(reason))
    head = (
        f"{mark}\nUntil this is mended, wfix leaves the repository and its pull requests as "
        f"they are; then it closes this issue.\n\n"
    )
    return texts.body(head, [f"> {inert.text(reason)}\n"], "")


def render_mended() -> str:
    """The issue's body where there is nothing to complain about any more."""
    return f"{marks.issue(IssueKind.CONFIGURATION)}\n{_MENDED}"
