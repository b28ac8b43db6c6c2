"""Title and body of a pull request: what the bot writes, and what of others stays in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from codemod.bot import marks, texts
from codemod.bot.forge import PullRequest
from codemod.bot.marks import Body, Mark


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the bot would write. ``own`` takes the characters that there is room for; ``mark`` is
    without the digests of what is written.
    """

    title: str
    own: Callable[[int], str]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Description:
    """What is to be written. ``is_held`` says that what others wrote stays in the place of it."""

    title: str
    body: str
    is_held: bool = False


def new(wanted: Wanted) -> Description:
    """The description of a pull request that is yet to be opened."""
    own = wanted.own(texts.LIMIT)
    mark = replace(wanted.mark, title=marks.of_name(wanted.title), text=marks.of_text(own))
    return Description(wanted.title, str(Body("", mark, own, "")))


def anew(wanted: Wanted, found: PullRequest, *, is_asked: bool) -> Description:
    """The description of one that is there, as it was ``found`` at the last moment.

    The bot replaces what it knows for its own, and nothing else: unless somebody asks for that
    (``is_asked``), or has emptied the body.
    """
    parts = _parts(found.body, is_asked=is_asked)
    title, title_mark = _title(wanted.title, found.title, parts.mark, is_asked=is_asked)
    is_replaced = is_asked or parts.is_own or parts == _EMPTY
    own = parts.own
    text_mark = parts.mark.text if parts.mark else None
    if is_replaced:
        own = wanted.own(min(texts.LIMIT, texts.WHOLE - parts.theirs))
        text_mark = marks.of_text(own)
        if marks.wants_rebuild(found.body) and not is_asked:
            # It was ticked just now: the next run sees it.
            own = marks.ticked(own)
    mark = replace(wanted.mark, title=title_mark, text=text_mark)
    body = str(Body(parts.before, mark, own, parts.after))
    has_another_title = parts.mark is None or parts.mark.title != marks.of_name(wanted.title)
    is_held = not is_replaced or (title != wanted.title and has_another_title)
    return Description(title, body, is_held)


_EMPTY = Body("", None, "", "")


def _parts(body: str, *, is_asked: bool) -> Body:
    parts = marks.apart(body)
    if parts.mark:
        return parts
    is_theirs = body.strip() and not is_asked
    return marks.unmarked(body) if is_theirs else _EMPTY


def _title(
    wanted: str, found: str, known: Mark | None, *, is_asked: bool
) -> tuple[str, str | None]:
    """The title, and what is noted of it: None where the bot cannot know that it was its own."""
    left = known.title if known else None
    if is_asked or found == wanted or left == marks.of_name(found):
        return wanted, marks.of_name(wanted)
    return found, left
