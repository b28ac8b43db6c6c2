"""The one issue about a ``wfix.toml`` that cannot be used: nothing else happens until it can."""

from __future__ import annotations

from codemod.bot import fingerprint, marks, texts
from codemod.bot.marks import IssueKind
from codemod.report import inert
from codemod.settings import FILE_NAME

TITLE = f"wfix cannot use {FILE_NAME}"


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
