"""What wfix will find once an addition is written, and what it can mend in it beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from codemod.model import Edit, FileChange, Finding, FindingKey, Project, Safety
from codemod.planner import plan
from codemod.scanner import scan
from codemod.settings import Settings
from codemod.syntax.edits import apply_edits


def with_own_repairs(
    project: Project, settings: Settings, changes: Sequence[FileChange]
) -> tuple[tuple[FileChange, ...], tuple[Finding, ...]]:
    """``changes`` with the safe repairs of what they create, and the findings that are still new.

    A repair counts only where it edits nothing but new files.
    """
    known = findings(project, settings, ())
    news = _new(known, findings(project, settings, changes))
    edits = tuple(_own_repairs(news, {change.path for change in changes if change.before is None}))
    if edits:
        changes = [_with(change, edits) for change in changes]
        news = _new(known, findings(project, settings, changes))
    return tuple(changes), tuple(news)


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


def findings(
    project: Project, settings: Settings, changes: Sequence[FileChange]
) -> tuple[Finding, ...]:
    """What is found in ``project``, read again as if ``changes`` were made."""
    scope = [project.root / path for path in project.scope]
    changed = {change.path: change.after for change in changes}
    foreseen = scan(project.root, scope, settings.exclude, changed)
    return plan(foreseen, settings, changed=changed).findings


def _new(known: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """The findings that stand and are more, by what they are about, than those known."""
    left: Counter[FindingKey] = Counter(finding.key for finding in known)
    new = []
    for finding in found:
        left[finding.key] -= 1
        if left[finding.key] < 0 and not finding.skipped and not finding.suppressed:
            new.append(finding)
    return new
