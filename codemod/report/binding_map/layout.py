"""Where boxes and the arrows between them go: linked ones in columns, then all side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from codemod.report.binding_map.columns import LANE, Box, Drawing, Lane, Link, Route, Size, draw

_GAP = 40.0
_ASPECT = 1.7


@dataclass(frozen=True, slots=True)
class Layout:
    """A finished drawing with its upper left corner at the origin.

    Boxes stand in the order of their sizes; every two that are linked have a route.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: Mapping[Link, Route]


def lay_out(sizes: Sequence[Size], links: Sequence[Link]) -> Layout:
    """Places boxes of these widths and heights; ``links`` are pairs of their indices.

    A link may occur several times: the arrows between two boxes share a route with room for all
    of them, ``spread`` apart. Links of a box to itself are left to the caller.
    """
    links = [link for link in links if link[0] != link[1]]
    drawings = []
    for members in _components(len(sizes), links):
        own = [link for link in links if link[0] in members]
        if own:
            drawings.append(draw(sorted(members), sizes, own))
        else:
            drawings += [Drawing({index: Box(0, 0, *sizes[index])}, {}) for index in members]
    return _pack(drawings)


def spread(count: int) -> list[float]:
    """How far from the middle of their lane each of ``count`` arrows runs."""
    return [(number - (count - 1) / 2) * LANE for number in range(count)]


def _components(count: int, links: Iterable[Link]) -> Iterator[frozenset[int]]:
    """The boxes that links hold together, in the order of their first ones."""
    linked: list[list[int]] = [[] for _ in range(count)]
    for source, target in links:
        linked[source].append(target)
        linked[target].append(source)
    seen: set[int] = set()
    for start in range(count):
        pending = [] if start in seen else [start]
        members = set(pending)
        while pending:
            new = set(linked[pending.pop()]) - members
            members |= new
            pending += new
        if members:
            seen |= members
            yield frozenset(members)


def _pack(drawings: Sequence[Drawing]) -> Layout:
    """Puts the drawings on shelves, the tallest first."""
    sized = sorted(((_bounds(item), item) for item in drawings), key=lambda pair: -pair[0].height)
    area = sum((bounds.width + _GAP) * (bounds.height + _GAP) for bounds, _ in sized)
    limit = max([sqrt(area * _ASPECT), *(bounds.width for bounds, _ in sized)])
    boxes: dict[int, Box] = {}
    routes: dict[Link, Route] = {}
    left, top, bottom = -_GAP, 0.0, 0.0
    below = stack = width = 0.0
    for bounds, item in sized:
        if below + bounds.height > bottom or left + bounds.width > limit:
            left, below, stack = left + stack + _GAP, top, 0.0
        if left + bounds.width > limit:
            left, top = 0.0, bottom + _GAP
            below = top
        placed = _moved(item, left - bounds.left, below - bounds.top)
        boxes.update(placed.boxes)
        routes.update(placed.routes)
        bottom, width = max(bottom, below + bounds.height), max(width, left + bounds.width)
        below, stack = below + bounds.height + _GAP, max(stack, bounds.width)
    return Layout(width, bottom, tuple(boxes[index] for index in sorted(boxes)), routes)


def _bounds(drawing: Drawing) -> Box:
    boxes = drawing.boxes.values()
    heights = [lane.y for route in drawing.routes.values() for lane in route.lanes]
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top = min([*heights, *(box.top for box in boxes)])
    bottom = max([*heights, *(box.bottom for box in boxes)])
    return Box(left, top, right - left, bottom - top)


def _moved(drawing: Drawing, x: float, y: float) -> Drawing:
    boxes = {
        index: Box(box.left + x, box.top + y, box.width, box.height)
        for index, box in drawing.boxes.items()
    }
    routes = {
        link: Route(
            route.start + x,
            tuple(Lane(lane.enter + x, lane.leave + x, lane.y + y) for lane in route.lanes),
            route.end + x,
        )
        for link, route in drawing.routes.items()
    }
    return Drawing(boxes, routes)
