"""The map as a drawing of its own: an SVG without scripts and without references to the outside.

Every Worker is a card with its exports and its bindings; an arrow leads from the line of a
binding to the line of the export that it reaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from xml.etree.ElementTree import Element, tostring

from codemod.planner.verdicts import Status
from codemod.report.binding_map.cards import PADDING, STATUS_CLASSES, Card, Line
from codemod.report.binding_map.columns import Box
from codemod.report.binding_map.graph import Arrow, Graph, Node, summary
from codemod.report.binding_map.markup import add, number, root
from codemod.report.binding_map.placement import TIP, Course, place

STYLES = files(__package__).joinpath("map.css").read_text(encoding="utf-8")

_NAMESPACE = "http://www.w3.org/2000/svg"
_MARGIN = 28.0
_HEADER = 78.0
_MIN_WIDTH = 760.0
_SWATCH = 34.0
_LEGEND_STEP = 128.0
_HALF_TIP = 4.5
_BULGE = 22.0
_URGENCY = list(STATUS_CLASSES)


def render(graph: Graph) -> str:
    """The whole document, in UTF-8, ending in a newline."""
    drawn = draw(graph, top=_HEADER)
    svg = canvas(max(drawn.width, _MIN_WIDTH), drawn.height)
    svg.attrib |= {"role": "img", "aria-labelledby": "title summary"}
    add(svg, "title", f"Binding map of {graph.title}", id="title")
    add(svg, "desc", summary(graph), id="summary")
    add(svg, "style").text = STYLES
    add(svg, "rect", class_="ground", width="100%", height="100%")
    _add_header(svg, graph)
    svg.append(drawn.element)
    return tostring(svg, encoding="unicode") + "\n"


def canvas(width: float, height: float) -> Element:
    """An empty ``svg`` element of this size in pixels, for which ``STYLES`` are made."""
    box = f"0 0 {number(width)} {number(height)}"
    return root("svg", xmlns=_NAMESPACE, class_="map", width=width, height=height, viewBox=box)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The map's elements, and how large a canvas they need."""

    element: Element
    width: float
    height: float


def draw(graph: Graph, top: float = 0.0) -> Drawing:
    """The cards and the arrows, below ``top``; the most urgent arrow is not covered by others.

    A card has its node's id; an arrow has those of the nodes at its ends as ``data-nodes``.
    """
    placed = place(graph)
    group = root("g", transform=f"translate({number(_MARGIN)} {number(_MARGIN + top)})")
    arrows = add(group, "g", class_="arrows")
    courses = zip(graph.arrows, placed.courses, strict=True)
    for arrow, course in sorted(courses, key=lambda pair: -_URGENCY.index(pair[0].status)):
        _add_arrow(arrows, arrow, course)
    cards = add(group, "g", class_="nodes")
    for drawn, box in zip(placed.cards, placed.boxes, strict=True):
        _add_card(cards, drawn, box)
    return Drawing(group, placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN + top)


def legend(graph: Graph) -> Element:
    """The kinds of arrow that the map has, as a list of HTML."""
    items = root("ul", class_="legend")
    for status in _present(graph):
        item = add(items, "li")
        swatch = canvas(_SWATCH, 2 * TIP)
        swatch.set("aria-hidden", "true")
        _add_swatch(swatch, status, 0, TIP)
        item.append(swatch)
        add(item, "span", _word(status))
    return items


def _add_header(svg: Element, graph: Graph) -> None:
    add(svg, "text", f"Binding map of {graph.title}", class_="title", x=_MARGIN, y=34)
    add(svg, "text", summary(graph), x=_MARGIN, y=54)
    for at, status in enumerate(_present(graph)):
        left = _MARGIN + at * _LEGEND_STEP
        _add_swatch(svg, status, left, 74)
        add(svg, "text", _word(status), x=left + _SWATCH + 6, y=78)


def _present(graph: Graph) -> list[Status | None]:
    present = {arrow.status for arrow in graph.arrows}
    return [status for status in _URGENCY if status in present]


def _word(status: Status | None) -> str:
    return str(status).lower() if status else "not judged"


def _add_swatch(parent: Element, status: Status | None, left: float, y: float) -> None:
    swatch = add(parent, "g", class_=f"arrow {STATUS_CLASSES[status]}")
    line = f"M{number(left)} {number(y)}h{number(_SWATCH - TIP)}"
    add(swatch, "path", class_="line", d=line)
    add(swatch, "path", class_="tip", d=_tip(left + _SWATCH, y, points_right=True))


def _add_arrow(parent: Element, arrow: Arrow, course: Course) -> None:
    source, target = arrow.source, arrow.target
    group = add(parent, "g", class_=f"arrow {STATUS_CLASSES[arrow.status]}")
    group.set("data-nodes", f"{source.id} {target.id}")
    reason = f" ({arrow.verdict.reason})" if arrow.verdict and arrow.verdict.reason else ""
    add(group, "title", f"{source.name} {arrow.label} → {target.name}: {arrow.word}{reason}")
    add(group, "path", class_="line", d=_line(course))
    end = course.stretches[-1].y
    add(group, "path", class_="tip", d=_tip(course.x, end, points_right=course.points_right))


def _line(course: Course) -> str:
    first, *others = course.stretches
    parts = [f"M{number(first.enter)} {number(first.y)}H{number(first.leave)}"]
    x, y = first.leave, first.y
    for stretch in others:
        reach = _BULGE if course.loops else (stretch.enter - x) / 2
        back = -_BULGE if course.loops else reach
        points = ((x + reach, y), (stretch.enter - back, stretch.y), (stretch.enter, stretch.y))
        parts.append("C" + " ".join(f"{number(px)} {number(py)}" for px, py in points))
        parts.append(f"H{number(stretch.leave)}")
        x, y = stretch.leave, stretch.y
    return "".join(parts)


def _tip(x: float, y: float, *, points_right: bool) -> str:
    back = x - TIP if points_right else x + TIP
    return (
        f"M{number(x)} {number(y)}L{number(back)} {number(y - _HALF_TIP)}V{number(y + _HALF_TIP)}Z"
    )


def _add_card(parent: Element, drawn: Card, box: Box) -> None:
    node = drawn.node
    group = add(parent, "g", class_=f"node {node.kind}", id=node.id)
    group.set("transform", f"translate({number(box.left)} {number(box.top)})")
    add(group, "title", "; ".join(_told(node)))
    add(group, "rect", class_="card", rx=6, width=box.width, height=box.height)
    for line in drawn.lines:
        _add_line(group, line, box.width)


def _told(node: Node) -> Iterator[str]:
    yield from node.lines()
    if node.path is None:
        yield node.reason


def _add_line(group: Element, line: Line, width: float) -> None:
    if line.style == "rule":
        add(group, "path", class_="rule", d=f"M0 {number(line.y)}H{number(width)}")
        return
    baseline = line.y + 4
    if line.style != "row":
        style = f"code {line.style}" if line.style in ("name", "path") else line.style
        add(group, "text", line.text, class_=style, x=PADDING, y=baseline)
        return
    text = add(group, "text", line.text, class_="code", x=PADDING, y=baseline)
    if line.rest:
        add(text, "tspan", line.rest, class_="rest")
    style = f"word {line.word_class}".rstrip()
    add(group, "text", line.word, class_=style, x=width - PADDING, y=baseline, text_anchor="end")
