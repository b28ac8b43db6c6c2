"""Finds the table's messages in text, whatever stands around them.

Text is first made plain: without terminal colours, JSON's and HTML's escapes and typographic
quotes, with one space for each run of white space. So a message is found in a terminal's output,
in a log with dates and identifiers, in what ``wrangler tail --format json`` prints, in a quoted
mail, and across the lines that it was wrapped over.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache

from codemod.diagnosis.messages import MESSAGES, Message, Parts

_LONGEST = 1000
"""More characters than any message has: what is kept of a stream to find one that goes on."""
_MUCH_LIKE = 0.63
"""Of 1: how like a message a text has to be. What has only words in common stays below."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A message with what it names. ``text`` is how it was written, and plays no part in ``==``."""

    message: Message
    parts: Parts
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message met in a stream, for the ``count``-th time."""

    recognised: Recognised
    count: int


def recognise(text: str) -> Recognised | None:
    """The first message of the table in ``text``, None where there is none."""
    return next(_find(_plain(text)), (None, 0))[0]


def recognise_all(pieces: Iterable[str]) -> Iterator[Sighting]:
    """Every message in a stream, as soon as its piece is read; ``count`` is 1 for a new one.

    A piece is a line, or a part of one. A message that names nothing, such as a bare error code,
    counts for the last one of its kind that did.
    """
    counts: Counter[Recognised] = Counter()
    telling: dict[str, Recognised] = {}
    for recognised in _stream(pieces):
        if recognised.parts == Parts():
            known = telling.get(recognised.message.name, recognised)
        else:
            known = telling[recognised.message.name] = recognised
        counts[known] += 1
        yield Sighting(known, counts[known])


def nearest(text: str) -> Message | None:
    """The message whose present wording is most like ``text``, None where none is much like it."""
    plain = _plain(text)[:_LONGEST].lower()

    def likeness(message: Message) -> float:
        return SequenceMatcher(None, message.title.lower(), plain, autojunk=False).ratio()

    found = max(MESSAGES, key=likeness)
    return found if likeness(found) >= _MUCH_LIKE else None


def _stream(pieces: Iterable[str]) -> Iterator[Recognised]:
    rest = ""
    for piece in pieces:
        text = rest + _plain(piece)
        # Where a piece ends within a line, so may what it seems to say.
        limit = len(text) if piece.endswith("\n") else len(text) - 1
        found = tuple(item for item in _find(text) if item[1] <= limit)
        yield from (recognised for recognised, _ in found)
        end = found[-1][1] if found else 0
        rest = text[max(end, len(text) - _LONGEST) :]
    yield from (recognised for recognised, _ in _find(rest))


def _find(text: str) -> Iterator[tuple[Recognised, int]]:
    """The messages in plain text in their order, with where each ends."""
    end = 0
    for match, message in sorted(_candidates(text), key=_earliest_then_longest):
        if match.start() >= end:
            end = match.end()
            yield Recognised(message, _parts(match), match[0].strip()), end


def _candidates(text: str) -> Iterator[tuple[re.Match[str], Message]]:
    lowered = text.lower()
    for wording in _wordings():
        if wording.anchor in lowered:
            for match in wording.pattern.finditer(text):
                yield match, wording.message


def _earliest_then_longest(candidate: tuple[re.Match[str], Message]) -> tuple[int, int]:
    match, _ = candidate
    return match.start(), -match.end()


def _parts(match: re.Match[str]) -> Parts:
    parts = Parts(**match.groupdict())
    return replace(parts, worker=_own_name(parts.worker), service=_own_name(parts.service))


def _own_name(service: str | None) -> str | None:
    # miniflare calls a Worker's service core:user:<name>.
    return service.rpartition(":")[2] or None if service else None


# --- Plain text -----------------------------------------------------------------------------

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b|\\u001b|\\x1b)"
    r"(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)?|[@-Z\\-_])",
    re.IGNORECASE,
)
_JSON_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})")
_JSON_QUOTE = re.compile(r"(?<!\\)\\+([\"'`])")
_JSON_SPACE = re.compile(r"(?<!\\)\\+[nrt]")
_SPACE = re.compile(r"(?:\s|^[>|│┃]|(?<=\s)[>|│┃])+")
_QUOTES = str.maketrans(
    {"\0": None, **dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("“”„‟″«»", '"'), "´": "'"}
)


def _plain(text: str) -> str:
    text = _ESCAPE_SEQUENCE.sub("", text)
    if "\\" in text:
        text = _JSON_CODE_POINT.sub(lambda match: chr(int(match[1], 16)), text)
        text = _JSON_SPACE.sub(" ", _JSON_QUOTE.sub(r"\1", text))
    if "&" in text:
        text = html.unescape(text)
    return _SPACE.sub(" ", text.translate(_QUOTES))


# --- Wordings -------------------------------------------------------------------------------

_NAME = r"[\w$#@:/-]+(?:\.[\w$#@:/-]+)*"
_IDENTIFIER = r"[A-Za-z_$][\w$]*"
_RELATIVE = r"""(?:[/.?#]|undefined\b|[\w.-]+(?:/|:\d))[^\s"'`<>]*"""
_NO_MORE = r"(?! (?-i:(?!at |stack)[a-z]))(?!\w)"
# A thenable would be awaited, so no binding has a method of that name, on any date.
_METHOD = rf"(?!then\b){_IDENTIFIER}"
_TOKEN = re.compile(
    r"(?P<exact>(?<=\")\w+(?=\"))|\{(?P<name>[^{}]+)\}|(?P<quote>[\"'`])|(?P<needed>[“”])|(?P<chained>\.(?=\{))|(?P<text>.)"
)


@dataclass(frozen=True, slots=True)
class _Wording:
    """A wording as a pattern, and letters that every text with a match has in it."""

    message: Message
    pattern: re.Pattern[str]
    anchor: str


@cache
def _wordings() -> tuple[_Wording, ...]:
    return tuple(
        _Wording(message, _pattern(wording), _anchor(wording))
        for message in MESSAGES
        for wording in message.wordings
    )


def _anchor(wording: str) -> str:
    return max(re.split(r"\{[^{}]+\}|[\"'`“”]", wording.rstrip(".")), key=len).lower()


def _pattern(wording: str) -> re.Pattern[str]:
    wording = wording.rstrip(".")
    pattern = "".join(map(_regex, _TOKEN.finditer(wording)))
    start = r"(?<![\w$])" if wording[0].isalpha() else ""
    end = r"(?!\w)" if wording[-1].isalnum() else ""
    return re.compile(f"{start}{pattern}{end}", re.IGNORECASE)


def _regex(token: re.Match[str]) -> str:
    if token["exact"]:
        return f"(?-i:{token['exact']})"
    if token["quote"]:
        return "[\"'`]?"
    if token["needed"]:
        return "[\"'`]"
    if token["chained"]:
        return r"\??\."
    if token["text"]:
        return re.escape(token["text"])
    return _name(token)


def _name(token: re.Match[str]) -> str:
    match token["name"]:
        case "…":
            return f"(?:{_NAME})?"
        case ", …":
            return f"(?:, {_NAME})*"
        case "end":
            return _NO_MORE
        case "path":
            return f"(?P<path>{_RELATIVE})"
        case name:
            chained = token.string[token.start() - 1 : token.start()] == "."
            if not chained:
                return f"(?P<{name}>{_NAME})"
            return f"(?P<{name}>{_METHOD if name == 'method' else _IDENTIFIER})"
