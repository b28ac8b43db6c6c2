"""The imports of a module, read off its text without parsing it.

Most modules begin with import statements in a plain form and name no other module further down.
Of these, and only these, an outline is given: whoever gets none parses the module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.model import Span
from codemod.syntax.lines import BOM


@dataclass(frozen=True, slots=True)
class Named:
    """A module specifier, and where its string literal stands.

    ``type_only`` ones are never loaded at run time.
    """

    value: str
    type_only: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Imported:
    """A local name of an import statement.

    ``imported`` is the exported name, ``default``, or ``*`` for the whole namespace.
    """

    local: str
    imported: str
    specifier: str
    type_only: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """The specifiers and the imported names of a module, in the order of its text."""

    specifiers: tuple[Named, ...]
    imports: tuple[Imported, ...]


_TRIVIA = re.compile(rb"(?:\s+|;|//[^\r\n]*|/\*(?s:.*?)\*/|[\"']use [a-z ]+[\"']\s*;)*")
_HASHBANG = re.compile(rb"#![^\r\n]*")
_IMPORT = re.compile(
    rb"""
    import (?: \s+ (?P<type> type (?=[\s{*]) \s* )? | \s* (?=[{*"']) )
    (?:
        (?: (?P<default> [A-Za-z_$][\w$]* ) (?: \s*,\s* (?=[{*]) | \s+ (?=from) ) )?
        (?:
            \* \s* as \s+ (?P<namespace> [A-Za-z_$][\w$]* ) \s+
            | \{ (?P<named> [\w$,\s]* ) \} \s*
        )?
        (?P<from> from \s* )
    )?
    (?P<literal> "(?P<double> [^"\\\r\n]* )" | '(?P<single> [^'\\\r\n]* )' )
    """,
    re.VERBOSE,
)
_ITEM = re.compile(rb"(type\s+)?([A-Za-z_$][\w$]*)(?:\s+as\s+([A-Za-z_$][\w$]*))?")
# Words that the grammar may take for more than names.
_DOUBTFUL = frozenset({b"as", b"from", b"type", b"typeof"})
# What may name a module in another way, be it in a comment. Each begins with constant bytes,
# which a search finds several times faster than a choice between them.
_FURTHER = (
    re.compile(rb"import\s*(?:[(<?\"'`]|/[*/])"),
    re.compile(rb"require\s*(?:[(<?\"'`]|/[*/])"),
    re.compile(rb"from\s*(?:[\"'`]|/[*/])"),
)
_LINE_SEPARATORS = (b"\xe2\x80\xa8", b"\xe2\x80\xa9")


def read(content: bytes) -> Outline | None:
    """The outline of the module ``content``; None where only parsing can tell."""
    specifiers: list[Named] = []
    imports: list[Imported] = []
    position = len(BOM) if content.startswith(BOM) else 0
    hashbang = _HASHBANG.match(content, position)
    position = _after_trivia(content, hashbang.end() if hashbang else position)
    while content.startswith(b"import", position):
        statement = _IMPORT.match(content, position)
        if statement is None:
            return None
        declared = _declared(statement)
        if declared is None:
            return None
        specifiers.append(_named(statement, declared))
        imports += declared
        position = _after_trivia(content, statement.end())
    if any(further.search(content, position) for further in _FURTHER):
        return None
    if any(separator in content for separator in _LINE_SEPARATORS):
        return None
    return Outline(tuple(specifiers), tuple(imports))


def _after_trivia(content: bytes, position: int) -> int:
    trivia = _TRIVIA.match(content, position)
    return trivia.end() if trivia else position


def _named(statement: re.Match[bytes], declared: list[Imported]) -> Named:
    is_list = statement["named"] is not None and statement["default"] is None
    type_only = bool(statement["type"]) or (
        is_list and bool(declared) and all(item.type_only for item in declared)
    )
    return Named(_specifier(statement), type_only, Span(*statement.span("literal")))


def _specifier(statement: re.Match[bytes]) -> str:
    written = statement["double"] if statement["double"] is not None else statement["single"]
    return written.decode("utf-8", "replace")


def _declared(statement: re.Match[bytes]) -> list[Imported] | None:
    """The names that an import statement declares; None where they are not plain."""
    clause = (statement["default"], statement["namespace"], statement["named"])
    if (statement["from"] or statement["type"]) and not any(part is not None for part in clause):
        return None
    specifier, type_only = _specifier(statement), bool(statement["type"])
    found = []
    for group, imported in (("default", "default"), ("namespace", "*")):
        name = statement[group]
        if name in _DOUBTFUL:
            return None
        if name is not None:
            found.append(Imported(name.decode(), imported, specifier, type_only))
    for written in _items(statement["named"] or b""):
        item = _ITEM.fullmatch(written)
        if item is None or not _DOUBTFUL.isdisjoint(item.groups()[1:]):
            return None
        imported, local = item[2].decode(), (item[3] or item[2]).decode()
        found.append(Imported(local, imported, specifier, type_only or item[1] is not None))
    return found


def _items(clause: bytes) -> Iterator[bytes]:
    """The parts between the commas, the empty one after the last of them left out."""
    *parts, last = (part.strip() for part in clause.split(b","))
    yield from parts
    if last:
        yield last
