"""Puts the cards of a map in their places and leads the arrows from line to line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from codemod.report.binding_map.cards import Card, card
from codemod.report.binding_map.columns import Box, Lane, Link, Route
from codemod.report.binding_map.graph import Graph
from codemod.report.binding_map.layout import Layout, lay_out, spread

TIP = 9.0
"""How long an arrow's head is."""

_LOOP = 40.0


@dataclass(frozen=True, slots=True)
class Course:
    """The line of an arrow: level stretches joined by curves, then a head with its point at ``x``.

    ``points_right`` is the direction of the head; ``loops`` says that the arrow comes back to the
    side that it leaves.
    """

    stretches: tuple[Lane, ...]
    x: float
    points_right: bool
    loops: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Cards and their boxes in the order of the nodes, courses in the order of the arrows."""

    cards: tuple[Card, ...]
    boxes: tuple[Box, ...]
    courses: tuple[Course, ...]
    width: float
    height: float


def place(graph: Graph) -> Placement:
    """Lays the map out; on a card, bindings stand in the order of the places they lead to."""
    index = {node.id: at for at, node in enumerate(graph.nodes)}
    links = [(index[arrow.source.id], index[arrow.target.id]) for arrow in graph.arrows]
    leaving: list[list[int]] = [[] for _ in graph.nodes]
    for number, (source, _) in enumerate(links):
        leaving[source].append(number)
    layout = lay_out(_sizes(_cards(graph, leaving), links), links)
    for numbers in leaving:
        numbers.sort(key=lambda number: _height_ahead(layout, links[number]))
    cards = _cards(graph, leaving)
    boxes = tuple(
        Box(box.left, box.top, drawn.width, drawn.height)
        for box, drawn in zip(layout.boxes, cards, strict=True)
    )
    starts, offsets = _starts(cards, leaving), _offsets(links, leaving)
    courses = []
    for number, (source, target) in enumerate(links):
        start = boxes[source].top + starts[number]
        end = boxes[target].top + cards[target].end(graph.arrows[number])
        if source == target:
            courses.append(_loop(boxes[source], start, end))
            continue
        route, offset = layout.routes[source, target], offsets[number]
        courses.append(_course(boxes[source], start, route, offset, boxes[target], end))
    return Placement(cards, boxes, tuple(courses), layout.width, layout.height)


def _cards(graph: Graph, leaving: Sequence[Sequence[int]]) -> tuple[Card, ...]:
    return tuple(
        card(node, [graph.arrows[number] for number in numbers], graph.display)
        for node, numbers in zip(graph.nodes, leaving, strict=True)
    )


def _sizes(cards: Sequence[Card], links: Sequence[Link]) -> list[tuple[float, float]]:
    looping = {source for source, target in links if source == target}
    return [
        (drawn.width + (_LOOP if at in looping else 0), drawn.height)
        for at, drawn in enumerate(cards)
    ]


def _height_ahead(layout: Layout, link: Link) -> float:
    """Where an arrow is headed after it has left the column of its card."""
    if link in layout.routes and layout.routes[link].lanes:
        return layout.routes[link].lanes[0].y
    return layout.boxes[link[1]].top


def _starts(cards: Sequence[Card], leaving: Sequence[Sequence[int]]) -> dict[int, float]:
    return {
        number: start
        for drawn, numbers in zip(cards, leaving, strict=True)
        for number, start in zip(numbers, drawn.starts, strict=True)
    }


def _offsets(links: Sequence[Link], leaving: Sequence[Sequence[int]]) -> dict[int, float]:
    """How far from the middle of its lanes each arrow runs, in the order of the lines."""
    bundles: dict[frozenset[int], list[int]] = defaultdict(list)
    for numbers in leaving:
        for number in numbers:
            bundles[frozenset(links[number])].append(number)
    return {
        number: offset
        for numbers in bundles.values()
        for number, offset in zip(numbers, spread(len(numbers)), strict=True)
    }


def _loop(box: Box, start: float, end: float) -> Course:
    turn = box.right + _LOOP / 2
    out, back = Lane(box.right, turn, start), Lane(turn, box.right + TIP, end)
    return Course((out, back), box.right, points_right=False, loops=True)


def _course(
    source: Box, start: float, route: Route, offset: float, target: Box, end: float
) -> Course:
    onward = route.start < route.end
    leave, x = (source.right, target.left) if onward else (source.left, target.right)
    before = -TIP if onward else TIP
    lanes = (Lane(lane.enter, lane.leave, lane.y + offset) for lane in route.lanes)
    first = Lane(leave, route.start, start)
    last = Lane(route.end + before, x + before, end)
    return Course((first, *lanes, last), x, points_right=onward)
