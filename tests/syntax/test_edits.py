import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.errors import EditError
from codemod.model import Edit, Span
from codemod.syntax.edits import Compatible, apply_edits, followed_by


def edit(start: int, end: int, text: str, path: str = "f") -> Edit:
    return Edit(path, Span(start, end), text)


@pytest.mark.parametrize(
    ("content", "edits", "after"),
    [
        pytest.param(b"abc", [], b"abc", id="no edit keeps every byte"),
        pytest.param(b"abc", [edit(1, 2, "X")], b"aXc", id="replacement"),
        pytest.param(b"abc", [edit(3, 3, "d")], b"abcd", id="insertion at the end"),
        pytest.param(b"abc", [edit(0, 1, "")], b"bc", id="removal"),
        pytest.param(b"abc", [edit(2, 3, "Z"), edit(0, 1, "A")], b"AbZ", id="any order"),
        pytest.param(b"abc", [edit(0, 1, "A"), edit(1, 2, "B")], b"ABc", id="neighbours touch"),
        pytest.param(
            b"abc", [edit(1, 1, "-"), edit(1, 2, "B")], b"a-Bc", id="insert before a span"
        ),
        pytest.param(
            b"abc", [edit(1, 1, "-"), edit(1, 1, "-")], b"a-bc", id="equal ones count once"
        ),
        pytest.param("aéc".encode(), [edit(1, 3, "e")], b"aec", id="offsets are bytes"),
        pytest.param(
            b"\xff\r\n", [edit(1, 3, "\n")], b"\xff\n", id="bytes outside need no encoding"
        ),
    ],
)
def test_edits_change_their_spans_and_nothing_else(content, edits, after):
    assert apply_edits(content, edits) == after


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([edit(0, 2, "x"), edit(1, 3, "y")], id="overlap"),
        pytest.param([edit(0, 3, "x"), edit(1, 2, "y")], id="one inside the other"),
        pytest.param([edit(1, 1, "x"), edit(1, 1, "y")], id="two texts at one place"),
        pytest.param([edit(1, 2, "x"), edit(1, 2, "y")], id="two texts for one span"),
        pytest.param([edit(2, 4, "x")], id="past the end"),
        pytest.param([edit(2, 1, "x")], id="backwards"),
    ],
)
def test_edits_that_cannot_be_made_together_are_refused(edits):
    with pytest.raises(EditError, match=r"^f: "):
        apply_edits(b"abc", edits)


@pytest.mark.parametrize(
    ("mine", "theirs", "conflict"),
    [
        ([edit(0, 2, "x")], [edit(1, 3, "y")], True),
        ([edit(1, 1, "x")], [edit(1, 1, "y")], True),
        ([edit(1, 1, "x")], [edit(1, 1, "x")], False),
        ([edit(0, 2, "x")], [edit(2, 3, "y")], False),
        ([edit(0, 9, "x"), edit(9, 9, "y")], [edit(3, 3, "z")], True),
        ([edit(0, 1, "x"), edit(8, 9, "y")], [edit(1, 8, "z")], False),
        ([edit(4, 5, "x"), edit(8, 9, "y")], [edit(2, 3, "z"), edit(3, 9, "z")], True),
        ([edit(4, 4, "x")], [edit(2, 6, "z")], True),
        ([], [edit(0, 2, "x"), edit(1, 3, "y")], True),
    ],
)
def test_conflicts_are_seen_before_anything_is_written(mine, theirs, conflict):
    compatible = Compatible()
    for one in mine:
        assert compatible.accepts([one])
        compatible.add(one)
    assert compatible.accepts(theirs) is not conflict


EDITS = st.builds(
    lambda start, size, text: edit(start, start + size, text),
    st.integers(0, 8),
    st.integers(0, 3),
    st.sampled_from(["", "x"]),
)


@given(st.lists(EDITS, max_size=8))
def test_what_is_accepted_can_be_made_and_nothing_else(edits):
    compatible, made = Compatible(), []
    for one in edits:
        together = [*made, one]
        if compatible.accepts([one]):
            compatible.add(one)
            made = together
            apply_edits(b"0123456789ab", made)
        else:
            with pytest.raises(EditError):
                apply_edits(b"0123456789ab", together)


@pytest.mark.parametrize(
    ("edits", "later", "together"),
    [
        pytest.param([], edit(1, 2, "X"), (edit(1, 2, "X"),), id="the first"),
        pytest.param(
            [edit(0, 0, "ab")],
            edit(4, 5, "X"),
            (edit(0, 0, "ab"), edit(2, 3, "X")),
            id="apart and behind: it is moved back",
        ),
        pytest.param(
            [edit(5, 6, "")],
            edit(1, 2, "X"),
            (edit(1, 2, "X"), edit(5, 6, "")),
            id="apart and before: it stays",
        ),
        pytest.param(
            [edit(1, 1, "ab")], edit(3, 3, "cd"), (edit(1, 1, "abcd"),), id="at the end of the text"
        ),
        pytest.param([edit(1, 1, "ab")], edit(1, 3, ""), (edit(1, 1, ""),), id="undone"),
        pytest.param(
            [edit(1, 2, "aé")], edit(2, 4, "x"), (edit(1, 2, "ax"),), id="offsets are bytes"
        ),
        pytest.param(
            [edit(1, 2, "ab"), edit(4, 4, "cd")],
            edit(2, 6, "X"),
            (edit(1, 4, "aXd"),),
            id="over two",
        ),
    ],
)
def test_an_edit_after_others_becomes_one_of_the_same_content(edits, later, together):
    assert followed_by(edits, later) == together


@given(st.data())
def test_edits_one_after_another_are_the_same_at_once(data):
    content, edits = b"0123456789", ()
    after = content
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(after)))
        later = edit(
            start,
            data.draw(st.integers(start, len(after))),
            data.draw(st.text("xyz", max_size=3)),
        )
        edits, after = followed_by(edits, later), apply_edits(after, [later])
        assert apply_edits(content, edits) == after
