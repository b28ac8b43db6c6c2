"""The map as a Mermaid flowchart, which GitHub draws from a ``mermaid`` code block.

Every label is a quoted string in which all but plain characters are written as Mermaid's
numeric entities: no name can close it, be read as Markdown or HTML, or be a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codemod.planner.verdicts import Status
from codemod.report.binding_map import colours
from codemod.report.binding_map.graph import Arrow, Graph, Node
from codemod.report.display import printable

_MAX_ARROWS = 500
_MAX_CHARACTERS = 50_000
_TOO_LARGE = "%% larger than GitHub draws (500 arrows, 50,000 characters): narrow it with --env"
_SPECIAL = re.compile(r"[^\w /:,().-]|(?<=\d)\.|^-", re.ASCII)
_LINES = {Status.NEEDS_FIX: "==>", Status.WORKS: "-->", Status.FIXED: "-->"}
_DOTTED = "-.->"
_STROKES = {
    Status.NEEDS_FIX: ",stroke-width:4px",
    Status.FIXED: ",stroke-width:2px,stroke-dasharray:10 3",
}


def render(graph: Graph) -> str:
    """The flowchart without the fence around it, ending in a newline."""
    chart = "".join(f"{line}\n" for line in _lines(graph))
    if len(graph.arrows) > _MAX_ARROWS or len(chart) > _MAX_CHARACTERS:
        return f"{_TOO_LARGE}\n{chart}"
    return chart


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart LR"
    for node in graph.workers:
        yield f"    {node.id}[{_quoted(*node.lines())}]"
    yield from _apart("external", "Not in this repository", graph.external)
    yield from _apart("unknown", "Unknown", graph.unknown)
    for arrow in graph.arrows:
        yield f"    {_arrow(arrow)}"
    yield from _styles(graph)


def _apart(name: str, title: str, nodes: Iterable[Node]) -> Iterator[str]:
    """A subgraph around what is no Worker of the repository."""
    if not nodes:
        return
    yield f"    subgraph {name}_services[{_quoted(title)}]"
    for node in nodes:
        yield f"        {node.id}([{_quoted(node.name)}]):::{name}"
    yield "    end"


def _arrow(arrow: Arrow) -> str:
    line = _LINES.get(arrow.status, _DOTTED) if arrow.status else _DOTTED
    return f"{arrow.source.id} {line}|{_quoted(arrow.label, arrow.word)}| {arrow.target.id}"


def _styles(graph: Graph) -> Iterator[str]:
    yield f"    classDef external stroke:{colours.NEUTRAL},stroke-dasharray:6 4"
    yield f"    classDef unknown stroke:{colours.of(Status.UNKNOWN)},stroke-dasharray:2 4"
    for status in (*Status, None):
        numbers = [str(at) for at, arrow in enumerate(graph.arrows) if arrow.status is status]
        if numbers:
            style = f"stroke:{colours.of(status)}{_STROKES.get(status, ',stroke-width:2px')}"
            yield f"    linkStyle {','.join(numbers)} {style}"


def _quoted(*lines: str) -> str:
    return f'"{"<br/>".join(_escaped(line) for line in lines)}"'


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", printable(text))
