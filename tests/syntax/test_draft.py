"""Several edits of one configuration, each made on what the last one left."""

import pytest

from codemod.errors import EditError, SourceError
from codemod.model import Edit, Span
from codemod.syntax.draft import Draft
from codemod.syntax.edits import apply_edits
from codemod.syntax.tree import Mapping

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


def test_the_edits_leave_the_rest_of_their_lines_alone():
    """So that another repair of the same line can be made with them."""
    draft = Draft("x.jsonc", JSONC)
    draft.append((), "list", {"n": "3"})
    draft.remove(("a",), "storage")
    storage, last = JSONC.index(b', "storage"'), JSONC.index(b"],")
    assert draft.edits() == (
        Edit("x.jsonc", Span(storage, JSONC.index(b" },\n")), ""),
        Edit("x.jsonc", Span(last, last), ', { "n": "3" }'),
    )


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


SERVICE = {"binding": "A", "service": "a"}


@pytest.mark.parametrize(
    ("before", "keys", "after", "why"),
    [
        ('{ "l": [] }', (), '{ "l": [{ "binding": "A", "service": "a" }] }', "an empty list"),
        (
            '{\n  "env": { "x": {} }\n}',
            ("env", "x"),
            '{\n  "env": { "x": { "l": [{ "binding": "A", "service": "a" }] } }\n}',
            "an object inside another",
        ),
        (
            '{\n\t"l": [\n\t\t{\n\t\t\t"binding": "B",\n\t\t},\n\t],\n}',
            (),
            '{\n\t"l": [\n\t\t{\n\t\t\t"binding": "B",\n\t\t},\n\t\t{\n\t\t\t"binding": "A",\n'
            '\t\t\t"service": "a",\n\t\t},\n\t],\n}',
            "objects of several lines",
        ),
    ],
)
def test_an_item_is_added_to_a_list_that_may_be_new(before, keys, after, why):
    draft = Draft("x.jsonc", before.encode())
    draft.append(keys, "l", SERVICE)
    assert draft.document.source.decode() == after, why


TABLE = '[[{}l]]\nbinding = "A"\nservice = "a"\n'


@pytest.mark.parametrize(
    ("before", "keys", "after", "why"),
    [
        ('a = "1"\n', (), 'a = "1"\n\n' + TABLE.format(""), "after the pairs on top"),
        (
            '# a\na = "1" # b\n# c\n\n[env.x]\nb = 1\n',
            (),
            '# a\na = "1" # b\n# c\n\n' + TABLE.format("") + "\n[env.x]\nb = 1\n",
            "before what a longer header begins",
        ),
        (
            'a = "1"\n\n[v]\nb = 1\n\n[v.w]\nc = 1\n\n[env.x]\nb = 1\n',
            (),
            'a = "1"\n\n[v]\nb = 1\n\n[v.w]\nc = 1\n\n' + TABLE.format("") + "\n[env.x]\nb = 1\n",
            "after the last table, with those below it",
        ),
        (
            "[env.x]\n[env.x.vars]\nb = '1'\n[env.y]\n",
            ("env", "x"),
            "[env.x]\n[env.x.vars]\nb = '1'\n\n"
            "[[env.x.l]]\nbinding = 'A'\nservice = 'a'\n[env.y]\n",
            "after the tables of a table, in its quotes",
        ),
        (
            '["env"."x y".vars]\nb = "1"\n',
            ("env", "x y"),
            '["env"."x y".vars]\nb = "1"\n\n' + TABLE.format('"env"."x y".'),
            "a table that a longer header implies, its names as they are written",
        ),
        (
            '[env.x]\nl = [{ binding = "B" }]\n[env.y]\nb = "1"\n',
            ("env", "y"),
            '[env.x]\nl = [{ binding = "B" }]\n[env.y]\nb = "1"\n'
            'l = [{ binding = "A", service = "a" }]\n',
            "within a line, as the file has it",
        ),
        (
            'env = { x = { a = "1" } }\n',
            ("env", "x"),
            'env = { x = { a = "1", l = [{ binding = "A", service = "a" }] } }\n',
            "within an inline table",
        ),
        (
            'env.x.a = "1"\n',
            ("env", "x"),
            'env.x.a = "1"\nenv.x.l = [{ binding = "A", service = "a" }]\n',
            "beside dotted keys",
        ),
        (
            '  [env.x]\n  a = "1"\n',
            ("env", "x"),
            '  [env.x]\n  a = "1"\n\n  [[env.x.l]]\n  binding = "A"\n  service = "a"\n',
            "as far in as the table",
        ),
        (
            'a = "1"\n[[l]]\nbinding = "B"\n[env.x]\n',
            (),
            'a = "1"\n[[l]]\nbinding = "B"\n\n' + TABLE.format("") + "[env.x]\n",
            "beside the tables that are there",
        ),
        ("", (), 'l = [{ binding = "A", service = "a" }]\n', "an empty file"),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_list_of_tables_is_written_as_the_file_has_them(before, keys, after, why, line_break):
    content = before.replace("\n", line_break).encode()
    draft = Draft("x.toml", content)
    draft.append(keys, "l", SERVICE)
    written = draft.document.source.decode()
    assert written == after.replace("\n", line_break if before else "\n"), why
    assert isinstance(draft.node(*keys, "l", 0), Mapping)


def test_what_is_no_list_takes_no_item():
    draft = Draft("x.jsonc", JSONC)
    with pytest.raises(EditError):
        draft.append((), "a", SERVICE)
    with pytest.raises(EditError):
        draft.append(("b",), "l", SERVICE)
