"""Text of a repository inside GitHub Flavored Markdown, where it can do nothing.

It stands in code or is escaped: it makes no link, mention, formula or HTML. Where only a character
between others keeps it from that, it is a zero-width space.
"""

from __future__ import annotations

import re
from html import escape

from codemod.report.display import printable

_SYNTAX = re.compile(r"[\\`*_\[\]~]")
_MEANT_BY_GITHUB = re.compile(
    r"@(?=\w)|#(?=\d)|\bGH(?=-\d)|:(?=//)|\bwww(?=\.)|:(?=[\w+-]+:)", re.IGNORECASE
)


def text(given: str) -> str:
    """``given`` as words of a paragraph."""
    literal = _SYNTAX.sub(r"\\\g<0>", escape(plain(given), quote=False))
    return literal.replace("$", "<span>$</span>")


def plain(given: str) -> str:
    """``given`` where Markdown does not count and mentions do: in titles and commit messages."""
    return _MEANT_BY_GITHUB.sub("\\g<0>\u200b", printable(given))


def code(given: str) -> str:
    """``given`` as code within a line."""
    shown = printable(given)
    fence = "`" * (_longest_run_of_backticks(shown) + 1)
    gap = " " if shown[:1] in {"`", " "} or shown[-1:] in {"`", " "} else ""
    return f"{fence}{gap}{shown}{gap}{fence}"


def block(given: str, language: str = "text") -> str:
    """Lines of code, each ending in a newline, between fences."""
    fence = "`" * max(3, _longest_run_of_backticks(given) + 1)
    return f"{fence}{language}\n{given}{fence}"


def row(*cells: str) -> str:
    """A line of a table, its cells being Markdown; ends in a newline."""
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |\n"


def _longest_run_of_backticks(given: str) -> int:
    return max(map(len, re.findall("`+", given)), default=0)
