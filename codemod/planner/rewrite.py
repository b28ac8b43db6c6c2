"""Collecting the edits of one module: insertions, replacements, and removals that keep comments."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemod.model import Edit, Span
from codemod.syntax.typescript import Source, text


class Rewrite:
    """The edits of one module so far. Insertions at one place stand in the order of the calls."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._inserted: dict[int, str] = {}
        self._replaced: list[Edit] = []

    def insert(self, offset: int, new: str) -> None:
        if new:
            self._inserted[offset] = self._inserted.get(offset, "") + new

    def replace(self, span: Span, new: str) -> None:
        if span.start == span.end:
            self.insert(span.start, new)
        elif self._source.content[span.start : span.end] != new.encode():
            self._replaced.append(Edit(self._source.path, span, new))

    def remove(self, span: Span, within: Node) -> None:
        """Takes ``span``, a part of the node ``within``, out; comments stay.

        What stands between two comments leaves blanks between them; the line break after a
        comment that needs it stays.
        """
        start, previous = span.start, None
        for comment in comments_in(within, span):
            self._cut(start, comment.start_byte, previous, before_comment=True)
            start, previous = comment.end_byte, comment
        self._cut(start, span.end, previous, before_comment=False)

    def edits(self) -> tuple[Edit, ...]:
        path = self._source.path
        inserted = [Edit(path, Span(at, at), new) for at, new in self._inserted.items()]
        return tuple(sorted([*inserted, *self._replaced], key=lambda edit: edit.span))

    def _cut(self, start: int, end: int, previous: Node | None, *, before_comment: bool) -> None:
        gone = self._source.content[start:end]
        code = gone.strip()
        leading = gone[: len(gone) - len(gone.lstrip())]
        trailing = gone[len(gone.rstrip()) :]
        if not code and (previous or before_comment):
            return
        if previous and text(previous).startswith("//"):
            self.replace(Span(start + len(leading), end), "")
        elif before_comment:
            self.replace(Span(start, end - len(trailing)), "")
        else:
            self.replace(Span(start, end), "")


def comments_in(node: Node, span: Span) -> Iterator[Node]:
    """The comments of ``node`` that lie inside ``span``, in order."""
    pending = [node]
    while pending:
        current = pending.pop()
        if current.end_byte <= span.start or current.start_byte >= span.end:
            continue
        if current.type == "comment":
            if span.start <= current.start_byte and current.end_byte <= span.end:
                yield current
        else:
            pending.extend(reversed(current.children))
