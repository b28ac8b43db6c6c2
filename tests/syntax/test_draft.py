"""Several edits of one configuration, each made on what the last one left."""

import pytest

from codemod.errors import EditError, SourceError
from codemod.model import Edit, Span
from codemod.syntax.draft import Draft
from codemod.syntax.edits import apply_edits

JSONC = b"""{
  // the only one
  "a": { "type": "x", "storage": "sqlite" },
  "list": [{ "n": 1 }, { "n": "2" }],
  "b": true
}
"""

TOML = b"""name = "api"

[[steps]]
tag = "v1"

[[steps]] # the last
tag = "v2"

  [[steps.moves]]
  from = "a"

# about b
[b]
c = 1
"""


def after(draft: Draft, before: bytes) -> str:
    return apply_edits(before, draft.edits()).decode()


def test_edits_of_one_object_are_made_one_after_the_other():
    """Each alone would be in the way of the next: they meet at the last member."""
    draft = Draft("x.jsonc", JSONC)
    draft.insert(("a",), "state", "gone")
    draft.insert(("a",), "to", "b")
    draft.remove(("a",), "storage")
    assert after(draft, JSONC) == JSONC.decode().replace(
        '"storage": "sqlite"', '"state": "gone", "to": "b"'
    )


def test_values_are_found_by_their_keys():
    draft = Draft("x.jsonc", JSONC)
    draft.replace(("list", 1, "n"), "3")
    assert after(draft, JSONC) == JSONC.decode().replace('"2"', '"3"')
    assert draft.node("list", 2) is None
    assert draft.node("list", "n") is None
    assert draft.node("b", 0) is None


def test_the_edits_span_the_lines_that_change():
    draft = Draft("x.jsonc", JSONC)
    draft.remove((), "b")
    start, end = JSONC.index(b'  "list"'), JSONC.rindex(b"}")
    list_alone = '  "list": [{ "n": 1 }, { "n": "2" }]\n'
    assert draft.edits() == (Edit("x.jsonc", Span(start, end), list_alone),)


def test_nothing_changed_is_no_edit():
    assert Draft("x.jsonc", JSONC).edits() == ()


@pytest.mark.parametrize(
    ("keys", "key", "gone"),
    [
        pytest.param(
            (), "steps", TOML[TOML.index(b"\n[[steps]]") : TOML.index(b"\n# about")], id="all"
        ),
        pytest.param((), "b", b"[b]\nc = 1\n", id="a table, the comment above it stays"),
        pytest.param(("b",), "c", b"c = 1\n", id="a pair"),
    ],
)
def test_tables_of_toml_go_with_all_below_them(keys, key, gone):
    draft = Draft("x.toml", TOML)
    draft.remove(keys, key)
    assert after(draft, TOML) == TOML.replace(gone, b"").decode()


@pytest.mark.parametrize("line_break", ["\r\n", "\n"])
def test_line_ends_stay(line_break):
    content = TOML.replace(b"\n", line_break.encode())
    draft = Draft("x.toml", content)
    draft.remove((), "steps")
    draft.insert(("b",), "d", "e")
    assert after(draft, content) == line_break.join(
        ['name = "api"', "", "# about b", "[b]", "c = 1", 'd = "e"', ""]
    )


def test_what_is_not_there_cannot_be_edited():
    draft = Draft("x.jsonc", JSONC)
    with pytest.raises(EditError):
        draft.insert(("b",), "c", 1)
    with pytest.raises(EditError):
        draft.replace(("a",), "c")
    with pytest.raises(EditError):
        draft.remove((), "c")


def test_a_file_that_does_not_parse():
    with pytest.raises(SourceError):
        Draft("x.jsonc", b"{")
