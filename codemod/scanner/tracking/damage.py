"""Where a syntax error may hide a use of the environment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tree_sitter import Node

from codemod.model import Span, Unknown, Usage
from codemod.syntax.typescript import Source, span, walk

_REASON = "a syntax error may hide uses of the environment"
# A mention in these is no use; a type says nothing of what code does.
_SILENT = frozenset(
    {"comment", "import_statement", "interface_declaration", "type_alias_declaration"}
)
_ENVIRONMENT = rb"env(?=\s*(?:[!?.\[;]|$))"


def may_hide(content: bytes, bindings: Collection[str]) -> bool:
    """Whether a module mentions the environment at all: only then can an error hide a use."""
    return b"env" in content or any(name.encode() in content for name in bindings)


def hidden(
    source: Source, bindings: Collection[str], found: Collection[Usage]
) -> Iterator[Unknown]:
    """The first mention of the environment that an error may keep from being seen as a use.

    Looked at are damaged statements and those next to them, whose start or end the error may
    have taken. ``env`` and the names of ``bindings`` are mentions, outside the uses ``found``.
    """
    if not source.root.has_error:
        return
    words = b"|".join([_ENVIRONMENT, *(re.escape(name.encode()) for name in bindings)])
    mentions = re.compile(rb"(?<![\w$])(?:" + words + rb")(?![\w$])")
    known = [use.location.span for use in found if use.location.path == source.path]
    known += [span(node) for node in walk(source.root) if node.type in _SILENT]
    for statement in _doubtful(source.root):
        for mention in mentions.finditer(source.content, statement.start_byte, statement.end_byte):
            if not any(each.start <= mention.start() < each.end for each in known):
                place = Span(mention.start(), mention.end())
                yield Unknown(_REASON, source.lines.location(source.path, place))
                return


def _doubtful(root: Node) -> Iterator[Node]:
    """The statements that are damaged, or next to one that is. A damaged root may lack some."""
    if root.type != "program":
        yield root
        return
    statements = root.children
    damaged = [statement.has_error for statement in statements]
    for index, statement in enumerate(statements):
        if any(damaged[max(index - 1, 0) : index + 2]):
            yield statement
