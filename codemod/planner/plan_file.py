"""A plan as a file: everything needed to see later that it still holds, and to carry it out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from codemod.errors import EditError, StalePlan, UsageError
from codemod.model import (
    Edit,
    FileChange,
    Finding,
    FindingKey,
    Fix,
    Plan,
    PlannedEdit,
    Safety,
    Span,
    Strategy,
)
from codemod.scanner.files import Files, UnreadableFile
from codemod.settings import Settings, content_of_configuration
from codemod.syntax import diff
from codemod.syntax.edits import apply_edits

VERSION = 1
_NEVER_WRITTEN = frozenset({"node_modules", ".git", ".wrangler", ".wfix"})


class PlanFileEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``model.PlannedEdit``; ``start`` and ``end`` are byte offsets in the file as planned for."""

    start: int
    end: int
    text: str
    rule: str
    strategy: Strategy | None
    safety: Safety
    reasons: tuple[str, ...]


class PlanFileChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file; hashes are SHA-256 in hex, ``before_sha256`` null for a new file."""

    path: str
    before_sha256: str | None
    after_sha256: str
    edits: tuple[PlanFileEdit, ...]
    diff: str


class PlanFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. ``evidence`` maps every file read to its SHA-256 at that time.

    ``root`` is relative to the plan file's own folder; other paths are relative to ``root``.
    ``scope`` are the paths that the plan was limited to, ``configuration_sha256`` the hash of
    ``wfix.toml`` (of nothing where there is none), ``settings`` what it and the command line say.
    ``withheld`` are the findings whose repairs a proof was against.
    """

    version: int
    tool: str
    root: str
    scope: tuple[str, ...]
    base_commit: str | None
    configuration_sha256: str
    settings: Settings
    files: tuple[PlanFileChange, ...]
    evidence: dict[str, str]
    withheld: tuple[FindingKey, ...] = ()

    def accept(self, finding: Finding, _fix: Fix) -> bool:
        """Whether the plan makes the repair of ``finding``, as ``planner.plan`` asks it."""
        return finding.key not in self.withheld


def encode(
    plan: Plan,
    settings: Settings,
    root: str,
    base_commit: str | None,
    tool: str,
    withheld: Iterable[FindingKey] = (),
) -> bytes:
    """The plan file's bytes: JSON, indented, ending in a newline. The rest as in ``PlanFile``."""
    content = PlanFile(
        version=VERSION,
        tool=tool,
        root=root,
        scope=plan.project.scope,
        base_commit=base_commit,
        configuration_sha256=_sha256(content_of_configuration(plan.project.root)),
        settings=settings,
        files=tuple(_file(change) for change in plan.changes),
        evidence=dict(sorted(plan.project.read.items())),
        withheld=tuple(withheld),
    )
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def decode(content: bytes) -> PlanFile:
    """Reads a plan file. Raises ``UsageError`` where it is none, or of another version."""
    try:
        plan = msgspec.json.decode(content, type=PlanFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"not a plan file of wfix: {error}") from error
    if plan.version != VERSION:
        raise UsageError(f"plan file of version {plan.version}, expected {VERSION}: plan again")
    for path in (*plan.scope, *plan.evidence, *(file.path for file in plan.files)):
        _require_inside(path)
    for file in plan.files:
        _require_writable(file.path)
    return plan


def changes(plan: PlanFile, root: Path) -> tuple[FileChange, ...]:
    """The changes of a plan file, made on the files as they are now.

    Raises ``StalePlan`` where a file to change, or one that was read as evidence, is no longer
    what the plan saw.
    """
    if plan.configuration_sha256 != _sha256(content_of_configuration(root)):
        raise StalePlan("wfix.toml changed since the plan was made: plan again")
    files = Files(root)
    for path, sha256 in plan.evidence.items():
        _require_hash(files, path, sha256)
    return tuple(_change(files, change) for change in plan.files)


def require_same(planned: Sequence[FileChange], now: Sequence[FileChange]) -> None:
    """Raises ``StalePlan`` where planning again gives other changes than the plan file holds.

    That is so where a file has come that the plan did not see: another caller, a nearer Worker
    of the same name, a script that runs the Workers together.
    """
    before = {change.path: change.after for change in planned}
    after = {change.path: change.after for change in now}
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            raise StalePlan(f"a plan made now would treat {path} otherwise: plan again")


def _file(change: FileChange) -> PlanFileChange:
    return PlanFileChange(
        path=change.path,
        before_sha256=None if change.before is None else _sha256(change.before),
        after_sha256=_sha256(change.after),
        edits=tuple(_edit(planned) for planned in change.edits),
        diff=diff.unified(change.path, change.before, change.after),
    )


def _edit(planned: PlannedEdit) -> PlanFileEdit:
    return PlanFileEdit(
        start=planned.edit.span.start,
        end=planned.edit.span.end,
        text=planned.edit.text,
        rule=planned.rule,
        strategy=planned.strategy,
        safety=planned.safety,
        reasons=planned.reasons,
    )


def _change(files: Files, change: PlanFileChange) -> FileChange:
    before = _before(files, change)
    planned = tuple(_planned(change.path, edit) for edit in change.edits)
    try:
        after = apply_edits(before or b"", [item.edit for item in planned])
    except EditError as error:
        raise UsageError(f"the plan file's edits cannot be made: {error}") from error
    if _sha256(after) != change.after_sha256:
        raise UsageError(f"the plan file's edits do not give the planned {change.path}: plan again")
    return FileChange(change.path, before, after, planned)


def _before(files: Files, change: PlanFileChange) -> bytes | None:
    if change.before_sha256 is None:
        if files.is_file(change.path):
            raise StalePlan(f"{change.path} exists, the plan creates it: plan again")
        return None
    _require_hash(files, change.path, change.before_sha256)
    return files.read(change.path)


def _planned(path: str, edit: PlanFileEdit) -> PlannedEdit:
    return PlannedEdit(
        Edit(path, Span(edit.start, edit.end), edit.text),
        edit.rule,
        edit.strategy,
        edit.safety,
        edit.reasons,
    )


def _require_hash(files: Files, path: str, sha256: str) -> None:
    try:
        files.read(path)
    except UnreadableFile as error:
        raise StalePlan(f"{path} {error}, the plan rests on it: plan again") from error
    if files.hashes[path] != sha256:
        raise StalePlan(f"{path} changed since the plan was made: plan again")


def _require_inside(path: str) -> None:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or not pure.parts:
        raise UsageError(f"the plan file names a path outside its root: {path!r}")


def _require_writable(path: str) -> None:
    if not _NEVER_WRITTEN.isdisjoint(PurePosixPath(path).parts):
        raise UsageError(f"the plan file writes where wfix never writes: {path!r}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
