"""Command lines of a POSIX shell, as far as it takes to see which commands run at the same time.

Quotes, ``&&``, ``||``, ``;``, ``&``, ``|``, parentheses and braces are read; redirections and
comments are dropped, and so is what a substitution (``$(…)``) would give. Loops and conditions
are not known.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

_MAX_DEPTH = 16

_PUNCTUATION = "();<>|&"
_OPERATOR = re.compile(r"&&|\|\||;;|&>>?|[<>]&|>>|<<<?|[();<>|&]")
_OPERATORS = re.compile(rf"[{re.escape(_PUNCTUATION)}]+")
_REDIRECTIONS = frozenset({"<", ">", ">>", "<<", "<<<", "&>", "&>>", ">&", "<&"})
_SUBSTITUTION = re.compile(r"\$\([^()]*\)|`[^`]*`")


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command: its words, quotes taken off."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subshell:
    """What stands in parentheses or braces."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """Commands that run one after the other.

    ``concurrent`` says that the shell does not wait for them: they stand before ``&`` or ``|``.
    """

    steps: tuple[Command | Subshell, ...]
    concurrent: bool


@dataclass(slots=True)
class _Level:
    jobs: list[Job] = field(default_factory=list)
    steps: list[Command | Subshell] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def end_step(self) -> None:
        if self.words:
            self.steps.append(Command(tuple(self.words)))
            self.words = []

    def end_job(self, *, concurrent: bool) -> None:
        self.end_step()
        if self.steps:
            self.jobs.append(Job(tuple(self.steps), concurrent))
            self.steps = []


def parse(text: str) -> tuple[Job, ...]:
    """The jobs of a command line, in order.

    Empty where a quote or parenthesis is not closed, and for subshells too deep in one another.
    """
    levels = [_Level()]
    for token in _tokens(text):
        level = levels[-1]
        match token:
            case "(" | "{":
                level.end_step()
                levels.append(_Level())
            case ")" | "}" if len(levels) > 1:
                level.end_job(concurrent=False)
                levels.pop()
                levels[-1].steps.append(Subshell(tuple(level.jobs)))
            case "&&" | "||":
                level.end_step()
            case ";" | ";;" | ")" | "}":
                level.end_job(concurrent=False)
            case "&" | "|":
                level.end_job(concurrent=True)
            case _:
                level.words.append(token)
        if len(levels) > _MAX_DEPTH:
            return ()
    levels[-1].end_job(concurrent=False)
    return tuple(levels[0].jobs) if len(levels) == 1 else ()


def _tokens(text: str) -> Iterator[str]:
    """Words and operators, each line's comment and all redirections left out."""
    for line in _without_substitutions(text).replace("\\\n", " ").splitlines():
        is_target = False
        for token in _split(line):
            if token.startswith("#"):
                break
            if is_target:
                is_target = False
            elif token in _REDIRECTIONS:
                is_target = True
            else:
                yield token
        yield ";"


def _split(line: str) -> Iterator[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=_PUNCTUATION)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        tokens = list(lexer)
    except ValueError:
        return
    for token in tokens:
        if _OPERATORS.fullmatch(token):
            yield from _OPERATOR.findall(token)
        else:
            yield token


def _without_substitutions(text: str) -> str:
    for _ in range(_MAX_DEPTH):
        shorter = _SUBSTITUTION.sub("", text)
        if shorter == text:
            break
        text = shorter
    return text
