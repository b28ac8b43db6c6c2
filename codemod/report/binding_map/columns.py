"""Draws linked boxes in columns: callers on the left, what they call to the right of them.

Columns and the order in them are those of grandalf's layered drawing (Sugiyama), which draws from
top to bottom: here its axes are exchanged. Cycles and the final heights are seen to here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from codemod.errors import UsageError

try:
    from grandalf.graphs import Edge, Vertex, graph_core
    from grandalf.layouts import DummyVertex, SugiyamaLayout, VertexViewer
except ImportError as error:
    raise UsageError(
        "the map is laid out by a library of the extra `map`, which is not installed: "
        "pip install 'wfix[map]'"
    ) from error

LANE = 7.0
"""How far apart arrows run that share a way."""

_GAP = 12.0
_MARGIN = 7.0
_COLUMN_GAP = 96.0
_ROUNDS = 8

Size = tuple[float, float]
Link = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A placed rectangle, in pixels; y grows downwards."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Lane:
    """A level stretch through a column, clear of its boxes and of other lanes."""

    enter: float
    leave: float
    y: float


@dataclass(frozen=True, slots=True)
class Route:
    """The way of all arrows from one box to another.

    They leave the source's column at ``start`` and meet the target's at ``end``, which is smaller
    for arrows that run back, as one in a cycle does. Between these and the lanes are no boxes.
    """

    start: float
    lanes: tuple[Lane, ...]
    end: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Placed boxes by their index, and a route for every link between two of them."""

    boxes: Mapping[int, Box]
    routes: Mapping[Link, Route]


def draw(members: Sequence[int], sizes: Sequence[Size], links: Sequence[Link]) -> Drawing:
    """Places the boxes ``members``, which ``links`` (at least one) hold together.

    A link may occur several times: its lanes are wide enough for as many arrows. None may lead
    from a box to itself.
    """
    columns = _ranked(members, sizes, _acyclic(members, links))
    edges = list(columns.g.E())
    arrows = Counter(frozenset(link) for link in links)
    for edge in edges:
        for dummy in _dummies(columns, edge).values():
            dummy.view.w, dummy.view.h = LANE * arrows[frozenset(_ends(edge))], 0
    for _ in range(_ROUNDS):
        for _step in columns.ordering_step():
            pass
    return _read(columns, edges, links)


# --- Ranks ----------------------------------------------------------------------------------


def _ranked(
    members: Iterable[int], sizes: Sequence[Size], downhill: Iterable[Link]
) -> SugiyamaLayout:
    """The library's layout with every vertex in its layer, which is a column here."""
    vertices = {index: Vertex(index) for index in members}
    for index, vertex in vertices.items():
        width, height = sizes[index]
        vertex.view = VertexViewer(height + 2 * _MARGIN, width)
    edges = [Edge(vertices[source], vertices[target]) for source, target in downhill]
    layout = SugiyamaLayout(graph_core(list(vertices.values()), edges))
    roots = [vertex for vertex in layout.g.V() if not vertex.e_in()]
    layout.init_all(roots=roots, inverted_edges=[], optimize=True)
    return layout


def _acyclic(members: Iterable[int], links: Sequence[Link]) -> list[Link]:
    """One link for every two boxes that have any, turned so that there is no cycle."""
    rank = {index: number for number, index in enumerate(_callers_first(members, links))}
    chosen = {frozenset(link): link for link in links}.values()
    return [link if rank[link[0]] < rank[link[1]] else link[::-1] for link in chosen]


def _callers_first(members: Iterable[int], links: Iterable[Link]) -> list[int]:
    """A topological order, where there is one: the reverse of that of leaving depth first."""
    called: dict[int, list[int]] = {index: [] for index in members}
    for source, target in links:
        called[source].append(target)
    targets = {target for _, target in links}
    seen: set[int] = set()
    left: list[int] = []
    for root in sorted(called, key=lambda index: index in targets):
        path = [] if root in seen else [root]
        while path:
            seen.add(path[-1])
            ahead = next((index for index in called[path[-1]] if index not in seen), None)
            if ahead is None:
                left.append(path.pop())
            else:
                path.append(ahead)
    return left[::-1]


# --- Places ---------------------------------------------------------------------------------


def _read(columns: SugiyamaLayout, edges: Sequence[Edge], links: Iterable[Link]) -> Drawing:
    lefts, rights = _sides(columns)
    heights = _settled(columns, edges)
    rank = {vertex.data: columns.grx[vertex].rank for vertex in columns.g.V()}
    boxes = {}
    for vertex in columns.g.V():
        width, height = vertex.view.h, vertex.view.w - 2 * _MARGIN
        left = (lefts[rank[vertex.data]] + rights[rank[vertex.data]] - width) / 2
        boxes[vertex.data] = Box(left, heights[vertex] - height / 2, width, height)
    routes = {}
    for edge in edges:
        source, target = _ends(edge)
        dummies = _dummies(columns, edge)
        lanes = tuple(Lane(lefts[at], rights[at], heights[item]) for at, item in dummies.items())
        route = Route(rights[rank[source]], lanes, lefts[rank[target]])
        routes[source, target], routes[target, source] = route, _reversed(route)
    return Drawing(boxes, {link: routes[link] for link in links})


def _ends(edge: Edge) -> Link:
    return edge.v[0].data, edge.v[1].data


def _dummies(columns: SugiyamaLayout, edge: Edge) -> dict[int, DummyVertex]:
    """The stand-ins of an edge in the columns that it crosses, by the column's number."""
    control = columns.ctrls.get(edge, {})
    return {rank: item for rank, item in sorted(control.items()) if isinstance(item, DummyVertex)}


def _reversed(route: Route) -> Route:
    lanes = tuple(Lane(lane.leave, lane.enter, lane.y) for lane in reversed(route.lanes))
    return Route(route.end, lanes, route.start)


def _sides(columns: SugiyamaLayout) -> tuple[list[float], list[float]]:
    lefts, rights = [], []
    left = 0.0
    for layer in columns.layers:
        lefts.append(left)
        rights.append(left + max(vertex.view.h for vertex in layer))
        left = rights[-1] + _COLUMN_GAP
    return lefts, rights


def _settled(columns: SugiyamaLayout, edges: Iterable[Edge]) -> dict[Vertex, float]:
    """The height of every vertex's middle: near those it is linked with, clear of those beside it.

    The library's own heights (Brandes and Köpf) keep long arrows straight at the price of much
    empty space, and let vertices overlap now and then. So only its order counts, and every column
    in turn is drawn towards its neighbours.
    """
    heights: dict[Vertex, float] = {}
    for layer in columns.layers:
        heights |= _spaced(layer, [0.0] * len(layer))
    linked: dict[Vertex, list[Vertex]] = {vertex: [vertex] for vertex in heights}
    for edge in edges:
        for one, other in pairwise([edge.v[0], *_dummies(columns, edge).values(), edge.v[1]]):
            linked[one].append(other)
            linked[other].append(one)
    for _ in range(_ROUNDS):
        for layer in (*columns.layers, *reversed(columns.layers)):
            wishes = [fmean(heights[other] for other in linked[vertex]) for vertex in layer]
            heights |= _spaced(layer, wishes)
    return heights


def _spaced(layer: Sequence[Vertex], wishes: Sequence[float]) -> dict[Vertex, float]:
    """The heights nearest to the wishes (least squares) that keep the order and the distances.

    Without the distances this is isotonic regression, solved by pooling adjacent violators.
    """
    stacked = [0.0]
    for above, below in pairwise(layer):
        stacked.append(stacked[-1] + (above.view.w + below.view.w) / 2 + _GAP)
    pools: list[tuple[float, int]] = []
    for wish, height in zip(wishes, stacked, strict=True):
        mean, count = wish - height, 1
        while pools and pools[-1][0] > mean:
            other, number = pools.pop()
            mean = (mean * count + other * number) / (count + number)
            count += number
        pools.append((mean, count))
    shifts = [mean for mean, count in pools for _ in range(count)]
    return {
        vertex: height + shift for vertex, height, shift in zip(layer, stacked, shifts, strict=True)
    }
