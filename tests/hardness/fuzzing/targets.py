"""What is fuzzed: each target takes any bytes, and raises only where wfix is wrong.

Errors that wfix raises on purpose are answers. An ``AssertionError`` is a broken promise, any
other exception a crash.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from codemod import planner, settings
from codemod.diagnosis.recognition import nearest, recognise, recognise_all
from codemod.errors import EditError, SourceError, UsageError, WfixError
from codemod.planner import baseline, plan_file
from codemod.report.display import Display
from codemod.scanner import scan, wrangler
from codemod.settings import Settings
from codemod.syntax import jsonc, toml
from codemod.syntax.edits import apply_edits
from codemod.syntax.tree import Document, Node, Scalar, Sequence
from codemod.syntax.tree import Mapping as Table

FILE_MARK = re.compile(rb"^--- ([^\r\n\0]+)\n", re.MULTILINE)
"""Begins a file in the text of a small repository."""

PLANNED = Path(__file__).parents[2] / "rules/poisoned_binding/durable_object_declared/before"
"""The repository that plan files are read for."""

_IN_MEMORY = Path("/dev/shm")
_FORMATS = ("text", "concise", "json", "sarif", "github", "junit", "markdown")
_STEERING = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")


def configuration(data: bytes) -> None:
    """A configuration in the language that the first byte chooses: read, interpreted, edited."""
    language, name = (toml, "toml") if data[:1] in b"tT" else (jsonc, "jsonc")
    content = data[1:]
    with contextlib.suppress(WfixError):
        settings.read(content)
    try:
        document: Document = language.parse(content)
    except SourceError as error:
        assert error.line >= 1  # noqa: PT017 - one target of many answers
        assert error.column >= 1  # noqa: PT017 - see above
        return
    wrangler.read(f"wrangler.{name}", document)
    for comment in document.comments():
        assert 0 <= comment.start < comment.end <= len(content)
    _edit_every_table(language.parse, document, content)


def repository(data: bytes) -> None:
    """A repository of small files: scanned, judged, mended, reported in every format."""
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
        write(data, Path(folder))
        _judge(Path(folder))


def _judge(root: Path) -> None:
    plan = planner.plan(scan(root), Settings(select=("all",), unsafe_fixes=True))
    for output_format in _FORMATS:
        renderer = importlib.import_module(f"codemod.report.{output_format}")
        rendered = renderer.render(plan, Display()).encode()
        assert not _STEERING.search(rendered), output_format
    for change in plan.changes:
        edits = [item.edit for item in change.edits]
        assert apply_edits(change.before or b"", edits) == change.after


def plan_files(data: bytes) -> None:
    """A plan file and a baseline."""
    with contextlib.suppress(UsageError):
        baseline.decode(data)
    with contextlib.suppress(WfixError):
        plan = plan_file.decode(data)
        for change in plan_file.changes(plan, PLANNED):
            target = (PLANNED / change.path).resolve()
            assert target.is_relative_to(PLANNED)
            assert (target.read_bytes() if target.exists() else None) == change.before


def messages(data: bytes) -> None:
    """An error message, as text and as a stream that comes in pieces."""
    text = data.decode("utf-8", "replace")
    recognise(text)
    nearest(text)
    for sighting in recognise_all(text.splitlines(keepends=True)):
        assert sighting.count >= 1


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (configuration, repository, plan_files, messages)
}


def write(data: bytes, root: Path) -> None:
    """Writes the repository that ``data`` spells out; what comes before its first file is none.

    Files that no folder can hold are left out.
    """
    parts = FILE_MARK.split(data)
    for name, content in zip(parts[1::2], parts[2::2], strict=True):
        path = root / name.decode("utf-8", "surrogateescape")
        if ".." in path.parts or not path.is_relative_to(root):
            continue
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _edit_every_table(
    parse: Callable[[bytes], Document], document: Document, content: bytes
) -> None:
    """Each table takes a key and gives it back, whatever stands around it."""
    for place, node in _tables(document.root)[:20]:
        assert 0 <= node.span.start <= node.span.end <= len(content)
        if node.member("wfix-fuzz") is not None:
            continue
        try:
            after = apply_edits(content, [document.insert_member("f", node, "wfix-fuzz", "v")])
        except EditError:
            continue
        edited = parse(after)
        found = _at(edited.root, place)
        assert isinstance(found, Table)
        added = found.get("wfix-fuzz")
        assert isinstance(added, Scalar)
        assert added.value == "v"
        removal = edited.remove_member("f", found, "wfix-fuzz")
        assert _plain(parse(apply_edits(after, [removal])).root) == _plain(document.root)


def _tables(root: Node) -> list[tuple[tuple[int, ...], Table]]:
    found: list[tuple[tuple[int, ...], Table]] = []
    pending: list[tuple[tuple[int, ...], Node]] = [((), root)]
    while pending:
        place, node = pending.pop()
        if isinstance(node, Table):
            found.append((place, node))
        pending += [((*place, number), child) for number, child in enumerate(_children(node))]
    return found


def _children(node: Node) -> list[Node]:
    if isinstance(node, Table):
        return [member.value for member in node.members]
    return list(node.items) if isinstance(node, Sequence) else []


def _at(root: Node, place: tuple[int, ...]) -> Node:
    node = root
    for number in place:
        node = _children(node)[number]
    return node


def _plain(node: Node) -> object:
    if isinstance(node, Table):
        return [(member.key, _plain(member.value)) for member in node.members]
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return repr(node.value)
