"""The map for a terminal: who binds to whom, then the article's "What Needs Fixing" table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemod.model import ExportKind, Exports, Project
from codemod.planner.verdicts import DEFAULT_ENTRYPOINT, Status, Verdict
from codemod.report.display import printable

_HEADER = ("Worker", "Binding", "Target", "Has entrypoint: default?", "Status")
_CLASSES = (ExportKind.DURABLE_OBJECT, ExportKind.WORKER_ENTRYPOINT, ExportKind.WORKFLOW)
_FIXED_NOTE = (
    '"Fixed": reported to work once deployed; under wrangler dev a binding with '
    '"entrypoint": "default" is measured to fail.'
)
_NEEDS_FIX_NOTE = (
    '"Needs fix": reported to throw once deployed; measured to work on the local runtime.'
)


def render(project: Project, rows: Sequence[Verdict]) -> str:
    """The map and the table, ending in a newline."""
    return "".join(f"{line}\n" for line in _lines(project, rows))


def _lines(project: Project, rows: Sequence[Verdict]) -> Iterator[str]:
    yield "Binding map"
    yield ""
    yield from _bindings(project, rows)
    yield "What needs fixing"
    yield ""
    yield from _table([_HEADER, *(_cells(row) for row in rows)])
    if any(row.status is Status.FIXED for row in rows):
        yield ""
        yield _FIXED_NOTE
    if any(row.status is Status.NEEDS_FIX for row in rows):
        yield _NEEDS_FIX_NOTE


def _bindings(project: Project, rows: Sequence[Verdict]) -> Iterator[str]:
    for worker in dict.fromkeys(row.worker for row in rows):
        yield printable(worker)
        for row in rows:
            if row.worker == worker:
                yield f"  ──({printable(_label(row))})──→ {printable(_end(project, row))}"
        yield ""


def _label(row: Verdict) -> str:
    entrypoint = row.binding.entrypoint
    return f"{row.binding.name}, entrypoint: {entrypoint}" if entrypoint else row.binding.name


def _end(project: Project, row: Verdict) -> str:
    resolved = project.resolve(row.binding.target)
    name = row.binding.service or "?"
    if resolved is None:
        return f"{name} (not in this repository)"
    exports = resolved[0].exports
    if not isinstance(exports, Exports):
        return f"{name} (exports unknown)"
    classes = [export.name for export in exports.named if export.kind in _CLASSES]
    return f"{name} ←── exports {', '.join(classes)}" if classes else name


def _cells(row: Verdict) -> tuple[str, ...]:
    status = f"{row.status}: {row.reason}" if row.reason else str(row.status)
    cells = (row.worker, row.binding.name, row.binding.service or "?", _has_default(row), status)
    return tuple(printable(cell) for cell in cells)


def _has_default(row: Verdict) -> str:
    if row.binding.entrypoint == DEFAULT_ENTRYPOINT:
        return "Yes"
    if row.binding.entrypoint:
        return f"No ({row.binding.entrypoint})"
    return "No" if row.needs_default or row.status is Status.UNKNOWN else "No (not needed)"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'|'.join('-' * (width + 2) for width in widths)}|"
