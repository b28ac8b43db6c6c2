"""JSDoc that gives an object its type, and what it says of a class instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Span
from codemod.planner.rewrite import Rewrite, comments_in
from codemod.planner.rpc.subject import Literal
from codemod.syntax.text import line_break_at, line_start, skip_blanks, skip_blanks_back
from codemod.syntax.typescript import Source, text

_TAG = re.compile(r"@(?:type|satisfies)\s*(?=\{)")
_HANDLER = re.compile(r"\bExportedHandler\b\s*(?:<(?s:(.*))>)?")
_NOTHING_ELSE = re.compile(r"[\s*]*")
# Only where the next line is about something else: it may go on with the same parameter.
_PARAM_LINE = (
    rb"^[ \t]*\*[ \t]*@param[ \t]+(?:\{[^}\r\n]*\}[ \t]+)?%s\b[^\r\n]*(?:\r\n|\n|\r)"
    rb"(?=[ \t]*\*(?:/|[ \t]*@))"
)
_PARAM_BEFORE_TAG = (
    rb"[ \t]*@param[ \t]+(?:\{[^@\r\n]*?\}[ \t]+)?%s\b[^\r\n]*?(?=[ \t]+@\w|[ \t]*\*/)"
)
_UNTOLD = frozenset({"", "any", "unknown", "*"})


@dataclass(frozen=True, slots=True)
class TypeTag:
    """``@type {ExportedHandler<Env>}`` in a comment. ``start`` and ``end`` are its place there."""

    comment: Node
    start: int
    end: int
    environment: str | None


def find(literal: Literal) -> TypeTag | None:
    """The tag that types the object: above its statement, or right before its parentheses."""
    before = Span(literal.statement.start_byte, literal.node.start_byte)
    comments = [*reversed(list(comments_in(literal.statement, before)))]
    above = literal.statement.prev_named_sibling
    if above is not None and above.type == "comment":
        comments.append(above)
    return next(filter(None, map(_tag, comments)), None)


def adjust(rewrite: Rewrite, literal: Literal, tag: TypeTag, base: str, line_break: str) -> None:
    """Makes the tag name the base class, or takes it out where the environment's type is unknown.

    A comment before the parentheses would say nothing of a class, so its tag moves above.
    """
    comment, statement = tag.comment, literal.statement
    extends = f"@extends {{{base}<{tag.environment}>}}" if tag.environment else ""
    is_alone = _NOTHING_ELSE.fullmatch(_body(comment, tag)) is not None
    if comment.start_byte >= statement.start_byte:
        _remove(rewrite, literal.module.source, comment)
        if extends:
            rewrite.insert(statement.start_byte, f"/** {extends} */{line_break}")
    elif extends or not is_alone:
        offset = comment.start_byte
        rewrite.replace(Span(offset + tag.start, offset + tag.end), extends)
    else:
        _remove(rewrite, literal.module.source, comment)


def drop_parameters(rewrite: Rewrite, source: Source, method: Node, names: Iterable[str]) -> None:
    """Takes the ``@param`` tags of parameters that a method no longer has out of its comment."""
    comment = method.prev_named_sibling
    if comment is None or comment.type != "comment" or not text(comment).startswith("/**"):
        return
    content = comment.text or b""
    pattern = _PARAM_LINE if b"\n" in content else _PARAM_BEFORE_TAG
    tags = [
        found
        for name in names
        for found in re.finditer(pattern % re.escape(name.encode()), content, re.MULTILINE)
    ]
    left = content
    for found in tags:
        left = left.replace(found.group(), b"", 1)
    if tags and not left.strip(b"/* \t"):
        _remove(rewrite, source, comment)
        return
    for found in tags:
        start, end = (comment.start_byte + offset for offset in found.span())
        rewrite.replace(Span(start, end), "")


def _tag(comment: Node) -> TypeTag | None:
    written = text(comment)
    found = _TAG.search(written) if written.startswith("/**") else None
    if found is None:
        return None
    end = _closing_brace(written, found.end())
    handler = _HANDLER.search(written, found.end(), end) if end else None
    if end is None or handler is None:
        return None
    environment = _first_argument(handler.group(1) or "")
    start, stop = (len(written[:index].encode()) for index in (found.start(), end))
    return TypeTag(comment, start, stop, None if environment in _UNTOLD else environment)


def _closing_brace(written: str, opening: int) -> int | None:
    depth = 0
    for index in range(opening, len(written)):
        depth += {"{": 1, "}": -1}.get(written[index], 0)
        if depth == 0:
            return index + 1
    return None


def _first_argument(arguments: str) -> str:
    depth = 0
    for index, character in enumerate(arguments):
        depth += {"<": 1, "{": 1, "(": 1, "[": 1, ">": -1, "}": -1, ")": -1, "]": -1}.get(
            character, 0
        )
        if character == "," and depth == 0:
            return arguments[:index].strip()
    return arguments.strip()


def _body(comment: Node, tag: TypeTag) -> str:
    """What a comment says beside the tag."""
    written = (comment.text or b"")[: tag.start] + (comment.text or b"")[tag.end :]
    return written.decode("utf-8", "replace").removeprefix("/**").removesuffix("*/")


def _remove(rewrite: Rewrite, source: Source, comment: Node) -> None:
    """Takes a comment out, with its line where nothing else stands there."""
    content = source.content
    start, end = comment.start_byte, skip_blanks(content, comment.end_byte)
    line_break = line_break_at(content, end)
    if line_break and skip_blanks_back(content, start) == line_start(content, start):
        start, end = line_start(content, start), line_break.end
    rewrite.replace(Span(start, end), "")
