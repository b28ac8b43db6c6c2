"""The map for Graphviz."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codemod.planner.verdicts import Status
from codemod.report.binding_map import colours
from codemod.report.binding_map.graph import Arrow, Graph, Node, summary
from codemod.report.display import printable

_STYLES = {
    Status.NEEDS_FIX: "bold",
    Status.FIXED: "dashed",
    Status.WORKS: "solid",
    Status.UNKNOWN: "dotted",
}
_NEUTRAL_STYLE = "dotted"
_TEXT = "#1f2328"
_FONT = "Helvetica"


def render(graph: Graph) -> str:
    """A ``digraph`` in UTF-8, ending in a newline."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield "digraph bindings {"
    yield f"  graph [{_attributes(rankdir='LR', fontname=_FONT, tooltip=summary(graph))}]"
    yield f"  node [{_attributes(shape='box', fontname=_FONT, fontcolor=_TEXT)}]"
    yield f"  edge [{_attributes(fontname=_FONT, fontsize='10')}]"
    for node in graph.workers:
        yield f"  {node.id} [{_worker(graph, node)}]"
    yield from _apart("external", "Not in this repository", graph.external)
    yield from _apart("unknown", "Unknown", graph.unknown)
    for arrow in graph.arrows:
        yield f"  {arrow.source.id} -> {arrow.target.id} [{_arrow(arrow)}]"
    yield "}"


def _worker(graph: Graph, node: Node) -> str:
    path = graph.display.path(node.path or "")
    return _attributes(*node.lines(), style="filled", fillcolor="#f6f8fa", tooltip=path)


def _apart(name: str, title: str, nodes: Iterable[Node]) -> Iterator[str]:
    """A cluster around what is no Worker of the repository."""
    if not nodes:
        return
    yield f"  subgraph cluster_{name} {{"
    yield f"    graph [{_attributes(title, style='dashed', color=colours.NEUTRAL)}]"
    for node in nodes:
        yield f"    {node.id} [{_attributes(node.name, style='dashed', tooltip=node.reason)}]"
    yield "  }"


def _arrow(arrow: Arrow) -> str:
    colour = colours.of(arrow.status)
    style = _STYLES[arrow.status] if arrow.status else _NEUTRAL_STYLE
    reason = arrow.verdict.reason if arrow.verdict else ""
    return _attributes(
        arrow.label,
        arrow.word,
        color=colour,
        fontcolor=colour,
        style=style,
        tooltip=reason or arrow.word,
    )


def _attributes(*label: str, **others: str) -> str:
    pairs = [(name, _escaped(value)) for name, value in others.items()]
    if label:
        pairs.insert(0, ("label", r"\n".join(_escaped(line) for line in label)))
    return ", ".join(f'{name}="{value}"' for name, value in pairs)


def _escaped(text: str) -> str:
    """``text`` for a quoted string, in which Graphviz reads entities and backslash escapes."""
    return printable(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
