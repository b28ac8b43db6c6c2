"""Comments that say of a finding that it is known: ``// wfix-ignore <rule>: <reason>``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from itertools import takewhile

from codemod.errors import SourceError
from codemod.model import Span, Suppression
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.syntax import documents
from codemod.syntax.lines import LineIndex
from codemod.syntax.typescript import Source, span

MARKER = "wfix-ignore"
WORD = MARKER.encode()
"""What the files have for their word that comments are looked for in."""

_COMMENT = re.compile(
    rf"(?:/[/*]+|#+)[\s*]*{MARKER}\b[ \t]*(?P<rules>[^:\r\n]*?)[ \t]*(?::(?P<reason>.*?))?(?:\*/)?",
    re.DOTALL,
)
_BLANK = b" \t\r\n\f\v"

_CommentAt = Callable[[int], Span | None]


def find(files: Files, modules: Modules, configurations: Collection[str]) -> list[Suppression]:
    """The comments for wfix in the modules and configurations read so far.

    ``files`` is made with ``WORD``.
    """
    found: list[Suppression] = []
    for path in files.holding:
        content = files.read(path)
        comment_at = _comments(path, content, modules, configurations)
        if comment_at is not None:
            found += _in_file(path, content, comment_at)
    return found


def _comments(
    path: str, content: bytes, modules: Modules, configurations: Collection[str]
) -> _CommentAt | None:
    """What gives the comment around an offset; None where the file is neither of both."""
    if path in configurations:
        try:
            spans = tuple(documents.parse(path, content).comments())
        except SourceError:
            return None
        return lambda offset: next(
            (item for item in spans if item.start <= offset < item.end), None
        )
    source = modules.source(path)
    return _comments_of_module(source) if isinstance(source, Source) else None


def _comments_of_module(source: Source) -> _CommentAt:
    def comment_at(offset: int) -> Span | None:
        node = source.root.descendant_for_byte_range(offset, offset + 1)
        return span(node) if node is not None and node.type == "comment" else None

    return comment_at


def _in_file(path: str, content: bytes, comment_at: _CommentAt) -> Iterator[Suppression]:
    lines = LineIndex(content)
    for match in re.finditer(re.escape(WORD), content):
        comment = comment_at(match.start())
        if comment is None:
            continue
        text = content[comment.start : comment.end].decode("utf-8", "replace")
        parsed = _COMMENT.fullmatch(text)
        if parsed:
            yield Suppression(
                rules=tuple(re.split(r"[,\s]+", parsed["rules"])) if parsed["rules"] else (),
                reason=(parsed["reason"] or "").strip() or None,
                location=lines.location(path, comment),
                line=_covered_line(content, lines, comment, comment_at),
            )


def _covered_line(content: bytes, lines: LineIndex, comment: Span, comment_at: _CommentAt) -> int:
    """The comment's own line where code stands before it, else that of the next code."""
    line, _ = lines.position(comment.start)
    before = takewhile(
        lambda offset: content[offset : offset + 1] not in (b"\n", b"\r"),
        range(comment.start - 1, -1, -1),
    )
    if any(content[offset] not in _BLANK for offset in before):
        return line
    offset = comment.end
    while offset < len(content):
        if content[offset] in _BLANK:
            offset += 1
            continue
        following = comment_at(offset)
        if following is None:
            break
        offset = following.end
    return lines.position(min(offset, len(content)))[0]
