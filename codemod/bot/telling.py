"""Writes the bot's two issues. Each is one, whatever became of the run that wrote it last.

What people write in them above or below the bot's own text stays.

Where issues are switched off, nothing is told: what is returned says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from codemod.bot import complaint, dashboard, marks
from codemod.bot.forge import Forge, Invalid, Issue, NotFound


def complain(forge: Forge, name: str, known: Issue | None, reason: str) -> str | None:
    """Says of ``wfix.toml`` what is wrong with it. A person may close that until it is another.

    Returns why it could not be said, None where it was.
    """
    said = complaint.render(reason)
    try:
        if known is None:
            forge.open_issue(name, complaint.TITLE, marks.with_own("", said))
        elif _is_news(known, said):
            _rewrite(forge, name, known, said, is_open=True)
    except (NotFound, Invalid) as error:
        return f"the complaint cannot be written: {error}"
    return None


def _is_news(known: Issue, said: str) -> bool:
    """Whether ``said`` is another complaint than the ``known`` one. Where a person closed that and
    took its mark away, nothing shows that it is.
    """
    mark = marks.of_issue(known.body)
    return mark != marks.of_issue(said) and (mark is not None or known.is_open)


def withdraw(forge: Forge, name: str, known: Issue | None) -> None:
    """Closes the complaint, if there is one, and takes it back: the same fault is news then."""
    if known is None:
        return
    said = complaint.render_mended()
    if not known.is_open and marks.of_issue(known.body) == marks.of_issue(said):
        return
    _rewrite(forge, name, known, said, is_open=False)


def _rewrite(forge: Forge, name: str, known: Issue, said: str, *, is_open: bool) -> None:
    with forge.turn():
        found = forge.issue(name, known.number)
        body = marks.with_own(found.body, said)
        forge.edit_issue(name, known.number, body=body, is_open=is_open)


def take_ticks(forge: Forge, name: str, known: Issue, latest: Mapping[str, int]) -> Issue:
    """Notes the ticks on the dashboard before they are acted on, and gives it as it is then.

    ``latest`` are the numbers of the newest pull requests by group. Raises ``NotFound``,
    ``PermissionLost`` or ``Invalid`` where it cannot be written: then no tick counts.
    """
    if marks.with_ticks_taken(known.body, latest) == known.body:
        return known
    with forge.turn():
        found = forge.issue(name, known.number)
        noted = replace(found, body=marks.with_ticks_taken(found.body, latest))
        if noted != found:
            forge.edit_issue(name, known.number, body=noted.body)
    return noted


def show(forge: Forge, name: str, known: Issue | None, said: str) -> str | None:
    """Makes ``said`` the dashboard. Returns why it could not, None where it is."""
    try:
        if known is None:
            forge.open_issue(name, dashboard.TITLE, marks.with_own("", said))
            return None
        body = marks.with_own(known.body, said)
        if body != known.body:
            return _updated(forge, name, known, body)
    except (NotFound, Invalid) as error:
        return f"the dashboard cannot be written: {error}"
    return None


def _updated(forge: Forge, name: str, known: Issue, body: str) -> str | None:
    with forge.turn():
        if forge.issue(name, known.number).body != known.body:
            # A box that was ticked just now must not be lost: the next run sees it.
            return "the dashboard was edited meanwhile: run again"
        forge.edit_issue(name, known.number, body=body)
    return None
