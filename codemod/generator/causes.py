"""The table of messages and their causes, as the generated diagnosis holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codemod.diagnosis.messages import Cause, Message, message
from codemod.generator.writing import quoted

SAID_TO_CALLERS = (
    "callback-returned-incorrect-type",
    "promise-did-not-resolve-to-response",
    "default-entrypoint-refused",
    "no-default-entrypoint",
    "entrypoint-missing",
    "class-is-no-entrypoint",
    "worker-not-running",
    "handler-missing",
    "same-zone-fetch",
    "loop-limit",
    "internal-error",
)
"""The messages that a call over a binding can meet; the first that fits counts."""

_MISSING = "undeclared-binding"
_NO_FETCH = "fetch-on-namespace"
_SAID_AT_START = "{worker}"
_PART = re.compile(r"\{(?P<name>[^{}]+)\}|(?P<quote>[“”])|(?P<text>.)")
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}/]")


def rendered(*, is_typed: bool) -> str:
    """The constants ``MISSING``, ``NO_FETCH`` and ``MESSAGES`` of the module for diagnosis."""
    missing = _caused(message("property-of-undefined"), _MISSING)
    no_fetch = _caused(message("rpc-not-enabled"), _NO_FETCH)
    table = (line for name in SAID_TO_CALLERS for line in _row(message(name)))
    kind = "{ wordings: RegExp[]; causes: Cause[] }[]"
    return "\n".join(
        (
            *_constant("MISSING", "Cause[]", _causes(missing, 1), is_typed=is_typed),
            "",
            *_constant("NO_FETCH", "Cause[]", _causes(no_fetch, 1), is_typed=is_typed),
            "",
            *_constant("MESSAGES", kind, table, is_typed=is_typed),
            "",
        )
    )


def pattern(wording: str) -> str:
    """The body of a regular expression of JavaScript for ``wording`` (see ``Message``)."""
    return "".join(map(_regex, _PART.finditer(wording.rstrip("."))))


def _caused(item: Message, rule: str) -> list[Cause]:
    return [cause for cause in item.causes if rule in cause.rules]


def _constant(name: str, kind: str, lines: Iterable[str], *, is_typed: bool) -> Iterator[str]:
    if is_typed:
        yield f"const {name}: {kind} = ["
    else:
        yield f"/** @type {{{kind}}} */"
        yield f"const {name} = ["
    yield from lines
    yield "];"


def _row(item: Message) -> Iterator[str]:
    yield "  {"
    yield "    wordings: ["
    for wording in item.wordings:
        if _SAID_AT_START not in wording:
            yield f"      /{pattern(wording)}/,"
    yield "    ],"
    yield "    causes: ["
    yield from _causes(item.causes, 3)
    yield "    ],"
    yield "  },"


def _causes(causes: Iterable[Cause], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for cause in causes:
        yield f"{indent}{{"
        yield f"{indent}  cause: {quoted(cause.summary)},"
        yield f"{indent}  evidence: {quoted(cause.evidence.mark)},"
        yield f"{indent}  advice: {quoted(cause.advice)},"
        yield f"{indent}}},"


def _regex(part: re.Match[str]) -> str:
    if part["quote"]:
        return '"'
    if part["text"]:
        return _SPECIAL.sub(r"\\\g<0>", part["text"])
    match part["name"]:
        case "end":
            return "$"
        case "…" | ", …":
            return ".*"
        case _:
            return ".+"
