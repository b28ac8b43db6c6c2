"""The words of a command: which tool it runs in the end, and with which arguments."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_VERSION = re.compile(r"(?<=.)@[^/]*$")
_NO_LETTER = re.compile(r"\W")
_RUNNERS = frozenset(
    {
        "bunx",
        "command",
        "cross-env",
        "cross-env-shell",
        "env",
        "exec",
        "nohup",
        "npx",
        "pnpx",
        "time",
        "uvx",
    }
)
_RUNNERS_OF_TWO_WORDS = frozenset(
    {
        ("bun", "x"),
        ("mise", "exec"),
        ("mise", "x"),
        ("npm", "exec"),
        ("npm", "x"),
        ("pnpm", "dlx"),
        ("pnpm", "exec"),
        ("uv", "run"),
        ("yarn", "dlx"),
        ("yarn", "exec"),
    }
)
_RUNNERS_UP_TO_DASHES = frozenset(
    {"doppler", "dotenv", "dotenvx", "infisical", "mise", "op", "varlock"}
)
_RUNNER_OPTIONS_WITH_VALUE = frozenset({"-p", "--package"})


@dataclass(frozen=True, slots=True)
class Invocation:
    """A tool and the words after it. ``tool`` has neither a folder nor a version."""

    tool: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arguments:
    """The words of an invocation told apart; what stands behind ``--`` is left out.

    ``rest`` is everything from the first plain word on, options included.
    """

    words: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    rest: tuple[str, ...] = ()

    def values(self, *names: str) -> tuple[str, ...]:
        """The values of the options called one of ``names``, in order."""
        return tuple(value for name, value in self.options if name in names)

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)


def invocation(words: Sequence[str]) -> Invocation | None:
    """What ``words`` run, once variables and runners such as ``npx`` are taken off."""
    words = tuple(words)
    while words:
        tool = _VERSION.sub("", posixpath.basename(words[0]) or words[0])
        if words[:2] in _RUNNERS_OF_TWO_WORDS:
            words = _without_options(words[2:])
        elif _ASSIGNMENT.match(words[0]):
            words = words[1:]
        elif tool in _RUNNERS:
            words = _without_options(words[1:])
        elif tool in _RUNNERS_UP_TO_DASHES and "--" in words:
            words = words[words.index("--") + 1 :]
        else:
            return Invocation(tool, words[1:])
    return None


def arguments(words: Sequence[str], with_value: Collection[str]) -> Arguments:
    """Tells options from plain words; the options ``with_value`` take the word after them.

    ``-c./x`` is ``-c`` with a value, ``-cx`` a group of short options: so does yargs read them.
    """
    plain: list[str] = []
    options: list[tuple[str, str]] = []
    first = len(words)
    index = 0
    while index < len(words) and words[index] != "--":
        word = words[index]
        index += 1
        if not word.startswith("-"):
            first = min(first, index - 1)
            plain.append(word)
        elif word in with_value and index < len(words):
            options.append((word, words[index]))
            index += 1
        elif word[:2] in with_value and _NO_LETTER.match(word[2:3]):
            options.append((word[:2], word[2:].removeprefix("=")))
        else:
            name, _, value = word.partition("=")
            options.append((name, value))
    return Arguments(tuple(plain), tuple(options), tuple(words[first:]))


def _without_options(words: tuple[str, ...]) -> tuple[str, ...]:
    while words and words[0].startswith("-"):
        words = words[2 if words[0] in _RUNNER_OPTIONS_WITH_VALUE else 1 :]
    return words
