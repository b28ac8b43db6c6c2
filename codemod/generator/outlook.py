"""What wfix will find once an addition is written, and what it can mend in it beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from codemod.model import Edit, FileChange, Finding, FindingKey, Project, Safety
from codemod.planner import plan
from codemod.scanner import scan
from codemod.settings import Settings
from codemod.syntax.edits import apply_edits


@dataclass(frozen=True, slots=True)
class Outlook:
    """The changes as they are to be made, all that is found then, and what of that is new."""

    changes: tuple[FileChange, ...]
    findings: tuple[Finding, ...]
    news: tuple[Finding, ...]


def foresee(
    project: Project,
    settings: Settings,
    changes: Sequence[FileChange],
    known: Sequence[Finding],
) -> Outlook:
    """What comes of ``changes``, with the safe repairs of what they create.

    ``known`` are the findings without them. A repair counts only where it edits nothing but new
    files.
    """
    found = findings(project, settings, changes)
    news = _new(known, found)
    edits = tuple(_own_repairs(news, {change.path for change in changes if change.before is None}))
    if edits:
        changes = [_with(change, edits) for change in changes]
        found = findings(project, settings, changes)
        news = _new(known, found)
    return Outlook(tuple(changes), found, tuple(news))


def findings(
    project: Project, settings: Settings, changes: Sequence[FileChange] = ()
) -> tuple[Finding, ...]:
    """What is found in ``project``, read again as if ``changes`` were made."""
    scope = [project.root / path for path in project.scope]
    changed = {change.path: change.after for change in changes}
    foreseen = scan(project.root, scope, settings.exclude, changed)
    return plan(foreseen, settings).findings


def _own_repairs(news: Sequence[Finding], created: Container[str]) -> Iterator[Edit]:
    for finding in news:
        fix = finding.fix
        if fix is None or fix.safety is not Safety.SAFE or fix.new_files:
            continue
        if all(edit.path in created for edit in fix.edits):
            yield from fix.edits


def _with(change: FileChange, edits: Sequence[Edit]) -> FileChange:
    own = [edit for edit in edits if edit.path == change.path]
    return replace(change, after=apply_edits(change.after, own))


def _new(known: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """The findings that stand and are more, by what they are about, than those known."""
    left: Counter[FindingKey] = Counter(finding.key for finding in known)
    new = []
    for finding in found:
        left[finding.key] -= 1
        if left[finding.key] < 0 and finding.stands:
            new.append(finding)
    return new
