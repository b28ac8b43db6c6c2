from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemod.report.binding_map.layout import lay_out, spread

SIZE = (200.0, 90.0)
COUNT = 12
LINKS = st.lists(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=3 * COUNT
)


def overlap(one, other):
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def require_clear(layout):
    """No box on another or outside of the drawing, and no lane through a box."""
    for one, other in combinations(layout.boxes, 2):
        assert not overlap(one, other)
    for box in layout.boxes:
        assert box.left >= 0
        assert box.top >= 0
        assert box.right <= layout.width + 0.01
        assert box.bottom <= layout.height + 0.01
    for route in layout.routes.values():
        for lane in route.lanes:
            left, right = sorted((lane.enter, lane.leave))
            crossed = [box for box in layout.boxes if box.left < right and left < box.right]
            assert not any(box.top < lane.y < box.bottom for box in crossed)


@settings(max_examples=60, deadline=None)
@given(links=LINKS, heights=st.lists(st.integers(30, 400), min_size=COUNT, max_size=COUNT))
def test_any_graph_is_drawn_without_overlap(links, heights):
    layout = lay_out([(200.0, float(height)) for height in heights], links)
    require_clear(layout)
    assert set(layout.routes) == {link for link in links if link[0] != link[1]}


@settings(max_examples=20, deadline=None)
@given(links=LINKS)
def test_the_same_graph_is_drawn_the_same(links):
    assert lay_out([SIZE] * COUNT, links) == lay_out([SIZE] * COUNT, links)


def test_nothing_is_drawn_of_nothing():
    assert lay_out([], []).boxes == ()


def test_callers_stand_left_of_what_they_call():
    layout = lay_out([SIZE] * 3, [(0, 1), (1, 2), (0, 2)])
    lefts = [box.left for box in layout.boxes]
    assert lefts == sorted(lefts)
    assert layout.boxes[0].right < layout.boxes[1].left


def test_an_arrow_over_a_column_has_a_lane_in_it():
    layout = lay_out([SIZE] * 3, [(0, 1), (1, 2), (0, 2)])
    assert len(layout.routes[0, 2].lanes) == 1
    assert layout.routes[0, 1].lanes == ()


def test_in_a_cycle_one_arrow_runs_back():
    routes = lay_out([SIZE] * 3, [(0, 1), (1, 2), (2, 0)]).routes
    assert routes[0, 1].start < routes[0, 1].end
    assert routes[2, 0].start > routes[2, 0].end
    (lane,) = routes[2, 0].lanes
    assert lane.enter > lane.leave


def test_two_that_call_each_other_share_a_route():
    routes = lay_out([SIZE] * 2, [(0, 1), (1, 0)]).routes
    assert (routes[0, 1].start, routes[0, 1].end) == (routes[1, 0].end, routes[1, 0].start)


def test_many_arrows_between_two_get_a_wide_lane():
    links = [(0, 1), (1, 2), *[(0, 2)] * 20]
    layout = lay_out([SIZE] * 3, links)
    (lane,) = layout.routes[0, 2].lanes
    middle = layout.boxes[1]
    beside = [lane.y + offset for offset in spread(20)]
    assert not any(middle.top < y < middle.bottom for y in beside)
    assert len(set(beside)) == 20


def test_what_is_not_linked_is_packed_side_by_side():
    layout = lay_out([SIZE] * 40, [])
    require_clear(layout)
    assert 1 < layout.width / layout.height < 3


@pytest.mark.parametrize(
    ("links", "why"),
    [
        ([(at, at + 1) for at in range(999)], "a chain: deeper than Python's recursion limit"),
        *(
            pytest.param(links, why, marks=pytest.mark.slow)
            for links, why in [
                ([(at, (at + 1) % 1000) for at in range(1000)], "a ring"),
                ([(at, 999) for at in range(999)], "all call one"),
                ([(0, at) for at in range(1, 1000)], "one calls all"),
            ]
        ),
    ],
)
def test_large_graphs_are_drawn(links, why):
    layout = lay_out([SIZE] * 1000, links)
    assert len(layout.boxes) == 1000, why
    columns = {}
    for box in layout.boxes:
        columns.setdefault(box.left, []).append(box)
    for column in columns.values():
        column.sort(key=lambda box: box.top)
        assert not any(overlap(above, below) for above, below in pairwise(column))
