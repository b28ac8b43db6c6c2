"""What editors offer to do about findings: their fixes, all safe ones, a comment that ignores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    CreateFile,
    CreateFileOptions,
    OptionalVersionedTextDocumentIdentifier,
    Position,
    Range,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from codemod.lsp.analysis import Analysis
from codemod.lsp.diagnostics import of_finding
from codemod.model import Edit, Finding, Fix, NewFile, Safety, Span
from codemod.planner import ignoring
from codemod.rules import ignore_comment

FIX_ALL = f"{CodeActionKind.SourceFixAll.value}.wfix"
_QUICK_FIX = CodeActionKind.QuickFix.value
REASON = "known and accepted"
"""The reason of a comment that ignores, until a person writes a better one."""


def actions(
    analysis: Analysis, path: str, span: Span, only: Sequence[str] | None
) -> list[CodeAction]:
    """What can be done about the findings that ``span`` of a file touches, and about all.

    ``only`` are the kinds that the editor asks for, None for every kind.
    """
    touched = [item for item in analysis.findings if _touches(item, path, span)]
    offered: list[CodeAction] = []
    if _is_wanted(_QUICK_FIX, only):
        offered += [*_fixes(analysis, touched), *_ignores(analysis, touched)]
    if _is_wanted(FIX_ALL, only):
        offered += _fix_all(analysis)
    return offered


def _touches(finding: Finding, path: str, span: Span) -> bool:
    place = finding.location
    return place.path == path and place.span.start <= span.end and span.start <= place.span.end


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether one of ``only`` is ``kind`` or stands above it, as ``source`` does."""
    return only is None or any(f"{kind}.".startswith(f"{wanted}.") for wanted in only)


def _fixes(analysis: Analysis, findings: Iterable[Finding]) -> Iterator[CodeAction]:
    """One action for each fix: findings about one target may share it."""
    mended: dict[Fix, list[Finding]] = {}
    for finding in findings:
        if finding.fix and finding.fix.safety is not Safety.MANUAL:
            mended.setdefault(finding.fix, []).append(finding)
    for fix, about in mended.items():
        edit = workspace_edit(analysis, fix.edits, fix.new_files)
        is_safe = fix.safety is Safety.SAFE
        if edit:
            yield CodeAction(
                title=fix.title if is_safe else f"{fix.title} ({fix.safety})",
                kind=_QUICK_FIX,
                diagnostics=list(filter(None, (of_finding(analysis, item) for item in about))),
                is_preferred=is_safe or None,
                edit=edit,
            )


def _ignores(analysis: Analysis, findings: Iterable[Finding]) -> Iterator[CodeAction]:
    workers = analysis.plan.project.workers
    written = {worker.config_path for worker in workers if worker.generated}
    for finding in findings:
        path = finding.location.path
        text = analysis.texts.get(path)
        is_exempt = finding.skipped or finding.rule == ignore_comment.NAME or path in written
        if is_exempt or text is None:
            continue
        planned = ignoring.edits_in(path, text.content, [finding], REASON)
        edit = workspace_edit(analysis, [item.edit for item in planned])
        diagnostic = of_finding(analysis, finding)
        if edit and diagnostic:
            yield CodeAction(
                title=f"ignore {finding.rule} here with a comment",
                kind=_QUICK_FIX,
                diagnostics=[diagnostic],
                edit=edit,
            )


def _fix_all(analysis: Analysis) -> Iterator[CodeAction]:
    edits: list[Edit] = []
    new_files: list[NewFile] = []
    for change in analysis.plan.changes:
        if change.before is None:
            new_files.append(NewFile(change.path, change.after.decode()))
        else:
            edits += [planned.edit for planned in change.edits]
    edit = workspace_edit(analysis, edits, new_files)
    if edit:
        yield CodeAction(title="make all safe fixes of wfix", kind=FIX_ALL, edit=edit)


def workspace_edit(
    analysis: Analysis, edits: Iterable[Edit], new_files: Iterable[NewFile] = ()
) -> WorkspaceEdit | None:
    """The edits for the versions that were judged, all to be made at once.

    None where there are none, a file changed since, or the editor creates no files.
    """
    by_path: dict[str, list[TextEdit]] = {}
    for edit in sorted(set(edits), key=lambda edit: (edit.path, edit.span, edit.text)):
        text = analysis.texts.get(edit.path)
        if text is None:
            return None
        by_path.setdefault(edit.path, []).append(TextEdit(text.range(edit.span), edit.text))
    created = list(new_files)
    if not (by_path or created) or (created and not analysis.client.creates_files):
        return None
    if not analysis.client.versioned_edits:
        return WorkspaceEdit({analysis.snapshot.uri_of(path): by_path[path] for path in by_path})
    return WorkspaceEdit(
        document_changes=[
            *_creations(analysis, created),
            *(_changes(analysis, path, changes) for path, changes in by_path.items()),
        ]
    )


def _creations(
    analysis: Analysis, files: Iterable[NewFile]
) -> Iterator[CreateFile | TextDocumentEdit]:
    start = Position(0, 0)
    for file in files:
        options = CreateFileOptions(overwrite=False, ignore_if_exists=False)
        yield CreateFile(uri=analysis.snapshot.uri_of(file.path), options=options)
        yield _changes(analysis, file.path, [TextEdit(Range(start, start), file.text)])


def _changes(analysis: Analysis, path: str, edits: Sequence[TextEdit]) -> TextDocumentEdit:
    snapshot = analysis.snapshot
    document = OptionalVersionedTextDocumentIdentifier(
        snapshot.uri_of(path), snapshot.version_of(path)
    )
    return TextDocumentEdit(document, list(edits))
