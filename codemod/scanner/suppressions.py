"""Comments that say of a finding that it is known: ``// wfix-ignore <rule>: <reason>``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import takewhile

from codemod.errors import SourceError
from codemod.model import Span, Suppression
from codemod.scanner.commenting import Commenting, of_configuration, of_module
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.syntax import documents
from codemod.syntax.lines import LineIndex
from codemod.syntax.typescript import Source

MARKER = "wfix-ignore"
WORD = MARKER.encode()
"""What the files have for their word that comments are looked for in."""

_COMMENT = re.compile(
    rf"(?:/[/*]+|#+)[\s*]*{MARKER}\b[ \t]*(?P<rules>[^:\r\n]*?)[ \t]*(?::(?P<reason>.*?))?(?:\*/)?",
    re.DOTALL,
)
_BLANK = b" \t\r\n\f\v"


def find(files: Files, modules: Modules, configurations: Collection[str]) -> list[Suppression]:
    """The comments for wfix in the modules and configurations read so far.

    ``files`` is made with ``WORD``.
    """
    found: list[Suppression] = []
    for path in files.holding:
        content = files.read(path)
        commenting = _commenting(path, content, modules, configurations)
        if commenting is not None:
            found += _in_file(path, content, commenting)
    return found


def _commenting(
    path: str, content: bytes, modules: Modules, configurations: Collection[str]
) -> Commenting | None:
    """The comments of a file; None where it is neither of both."""
    if path in configurations:
        try:
            return of_configuration(documents.parse(path, content))
        except SourceError:
            return None
    source = modules.source(path)
    return of_module(source) if isinstance(source, Source) else None


def _in_file(path: str, content: bytes, commenting: Commenting) -> Iterator[Suppression]:
    lines = LineIndex(content)
    followed: dict[int, int] = {}
    for match in re.finditer(re.escape(WORD), content):
        comment = commenting.comment_at(match.start())
        if comment is None:
            continue
        text = content[comment.start : comment.end].decode("utf-8", "replace")
        parsed = _COMMENT.fullmatch(text)
        if parsed:
            line = _covered_line(content, lines, comment, commenting, followed)
            yield Suppression(
                rules=tuple(re.split(r"[,\s]+", parsed["rules"])) if parsed["rules"] else (),
                reason=(parsed["reason"] or "").strip() or None,
                location=lines.location(path, comment),
                line=line,
                last_line=_last_line(line, lines, commenting),
                elements=frozenset(_elements(content, lines, comment, commenting)),
            )


def _covered_line(
    content: bytes,
    lines: LineIndex,
    comment: Span,
    commenting: Commenting,
    followed: dict[int, int],
) -> int:
    """The comment's own line where code stands before it, else that of the next code.

    ``followed`` keeps where that begins, by places before it: comments may follow each other in
    any number.
    """
    if _follows_code(content, comment):
        return lines.position(comment.start)[0]
    passed = [comment.end]
    offset = comment.end
    while offset < len(content) and offset not in followed:
        if content[offset] in _BLANK:
            offset += 1
            continue
        following = commenting.comment_at(offset)
        if following is None:
            break
        passed.append(offset)
        offset = following.end
    offset = followed.get(offset, offset)
    followed.update(dict.fromkeys(passed, offset))
    return lines.position(min(offset, len(content)))[0]


def _follows_code(content: bytes, comment: Span) -> bool:
    """Whether code stands before the comment on its line."""
    before = takewhile(
        lambda offset: content[offset : offset + 1] not in (b"\n", b"\r"),
        range(comment.start - 1, -1, -1),
    )
    return any(content[offset] not in _BLANK for offset in before)


def _last_line(line: int, lines: LineIndex, commenting: Commenting) -> int:
    """The last line after ``line`` that leaves no room for a comment, nor does any between."""
    following = lines.line(line + 1)
    while following is not None and commenting.has_no_room(following.start):
        line += 1
        following = lines.line(line + 1)
    return line


def _elements(
    content: bytes, lines: LineIndex, comment: Span, commenting: Commenting
) -> Iterator[Span]:
    """The object or table around the comment, and those that end before it on its line."""
    around = [item for item in commenting.elements if item.start < comment.start < item.end]
    yield from around[-1:]
    if not _follows_code(content, comment):
        return
    line, _ = lines.position(comment.start)
    for item in commenting.elements:
        if item.end <= comment.start and lines.position(item.end)[0] == line:
            yield item
