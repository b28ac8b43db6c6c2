"""What the bot's texts on the forge share: how they are kept short enough."""

from __future__ import annotations

import re
from collections.abc import Iterable

LIMIT = 60_000
"""Characters of what the bot writes into a body."""

WHOLE = 64_500
"""Characters of a body with its mark and what people wrote: GitHub takes 65,536."""

_LEFT_OUT = "\nMore is left out here: `wfix check` and `wfix map` show everything.\n"
_LONGEST_TITLE = 200
# What GitHub Actions, GitLab, Netlify, Cloudflare Pages and Azure Pipelines take for an order.
_SKIPS = re.compile(
    r"\[(?=[^\[\]]*(?:skip|\bci\b))|\*\*\*(?=NO_CI)|skip-checks(?=:)", re.IGNORECASE
)


def quiet(text: str) -> str:
    """``text`` of a commit or a title, in which nothing keeps the checks from running."""
    return _SKIPS.sub("\\g<0>\u200b", text)


def title(text: str) -> str:
    """``text``, cut where it is too long for a title."""
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"


def body(head: str, parts: Iterable[str], foot: str, limit: int = LIMIT) -> str:
    """``head``, as many of ``parts`` as there is room for below ``limit``, and ``foot``."""
    room = limit - len(head) - len(foot) - len(_LEFT_OUT)
    taken = []
    is_whole = True
    for part in parts:
        if len(part) > room:
            is_whole = False
            continue
        room -= len(part)
        taken.append(part)
    return "".join([head, *taken, "" if is_whole else _LEFT_OUT, foot])


def folded(summary: str, content: str) -> str:
    """``content`` (Markdown) that shows when somebody opens it; ``summary`` is HTML."""
    return f"\n<details>\n<summary>{summary}</summary>\n\n{content}\n</details>\n"


def in_portions(items: Iterable[str], shown: int, more: str) -> Iterable[str]:
    """The first ``shown`` items as they are, the others folded in portions that leave out well."""
    portion: list[str] = []
    for number, item in enumerate(items):
        if number < shown:
            yield item
            continue
        portion.append(item)
        if len(portion) == shown:
            yield folded(more, "".join(portion))
            portion = []
    if portion:
        yield folded(more, "".join(portion))
