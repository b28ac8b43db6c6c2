"""The map for a terminal: who binds to whom, then the article's "What Needs Fixing" table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemod.model import ExportKind
from codemod.planner.verdicts import DEFAULT_ENTRYPOINT, Status, Verdict
from codemod.report.binding_map.graph import Arrow, Graph, Node, NodeKind
from codemod.report.display import printable

HEADER = ("Worker", "Binding", "Target", "Has entrypoint: default?", "Status")
FIXED_NOTE = (
    '"Fixed": reported to work once deployed; under wrangler dev a binding with '
    '"entrypoint": "default" is measured to fail.'
)
NEEDS_FIX_NOTE = (
    '"Needs fix": reported to throw once deployed; measured to work on the local runtime.'
)
_CLASSES = (ExportKind.DURABLE_OBJECT, ExportKind.WORKER_ENTRYPOINT, ExportKind.WORKFLOW)


def render(graph: Graph) -> str:
    """The map and the table, ending in a newline."""
    return "".join(f"{line}\n" for line in _lines(graph))


def notes(rows: Sequence[Verdict]) -> Iterator[str]:
    """What the words of the table claim, for those that stand in it."""
    if any(row.status is Status.FIXED for row in rows):
        yield FIXED_NOTE
    if any(row.status is Status.NEEDS_FIX and not row.reason for row in rows):
        yield NEEDS_FIX_NOTE


def has_default(row: Verdict) -> str:
    """The table's answer to "Has entrypoint: default?"."""
    if row.binding.entrypoint == DEFAULT_ENTRYPOINT:
        return "Yes"
    if row.binding.entrypoint:
        return f"No ({row.binding.entrypoint})"
    return "No" if row.needs_default or row.status is Status.UNKNOWN else "No (not needed)"


def _lines(graph: Graph) -> Iterator[str]:
    yield "Binding map"
    yield ""
    yield from _bindings(graph)
    yield "What needs fixing"
    yield ""
    yield from _table([HEADER, *(_cells(row) for row in graph.rows)])
    explained = tuple(notes(graph.rows))
    if explained:
        yield ""
    yield from explained


def _bindings(graph: Graph) -> Iterator[str]:
    for worker in dict.fromkeys(arrow.source.name for arrow in graph.arrows):
        yield printable(worker)
        for arrow in graph.arrows:
            if arrow.source.name == worker:
                yield f"  ──({printable(_label(arrow))})──→ {printable(_end(arrow.target))}"
        yield ""


def _label(arrow: Arrow) -> str:
    name, entrypoint = arrow.binding.name, arrow.entrypoint
    kind = "entrypoint" if arrow.verdict else arrow.word
    if entrypoint:
        return f"{name}, {kind}: {entrypoint}"
    return name if arrow.verdict else f"{name}, {kind}"


def _end(target: Node) -> str:
    if target.kind is NodeKind.EXTERNAL:
        return f"{target.name} (not in this repository)"
    if target.kind is NodeKind.UNKNOWN:
        return f"{target.name} (unknown)"
    if target.reason:
        return f"{target.name} (exports unknown)"
    classes = [export.name for export in target.exports if export.kind in _CLASSES]
    return f"{target.name} ←── exports {', '.join(classes)}" if classes else target.name


def _cells(row: Verdict) -> tuple[str, ...]:
    status = f"{row.status}: {row.reason}" if row.reason else str(row.status)
    cells = (row.worker, row.binding.name, row.binding.service or "?", has_default(row), status)
    return tuple(printable(cell).replace("|", "\\|") for cell in cells)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'|'.join('-' * (width + 2) for width in widths)}|"
