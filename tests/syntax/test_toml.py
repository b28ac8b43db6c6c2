"""TOML: what is read, what is rejected, and edits that leave all else alone."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from codemod.errors import EditError, SourceError
from codemod.model import Span
from codemod.syntax import toml
from codemod.syntax.edits import apply_edits
from codemod.syntax.toml import TomlDocument
from codemod.syntax.tree import Mapping, Node, Scalar, Sequence, mapping_at

LIGHT = settings(derandomize=True, deadline=None, max_examples=120)


def parse(source: str) -> TomlDocument:
    return toml.parse(source.encode())


def node_at(root: Node, path: str) -> Node:
    for step in filter(None, path.split("/")):
        root = root.items[int(step)] if isinstance(root, Sequence) else root.get(step)
    return root


def edited(document: TomlDocument, edit) -> str:
    return apply_edits(document.source, [edit]).decode()


def text(document: TomlDocument, span: Span) -> str:
    return document.source[span.start : span.end].decode()


# What belongs to the last element of an array may come later; tomlkit itself refuses that.
LATER = """\
[[env.x.workflows]]
name = "a"
[[env.y.services]]
binding = "A"
[env.x.workflows.limits]
steps = 1
"""


# --- Reading --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("", id="empty"),
        pytest.param("# only a comment", id="comment"),
        pytest.param("a = 1\nb = 'x'\nc = true\nd = 1.5\ne = [1, 'y']", id="pairs"),
        pytest.param("a = 0x1F\nb = 1_000\nc = -inf\nd = 1e-3", id="numbers"),
        pytest.param('a = "\\u00e9\\n\\"#"\n"b c" = \'\\\'\n\'d\' = ""', id="strings and keys"),
        pytest.param("a = \"\"\"\nx # y\n\"z\" \\\n  w\"\"\"\nb = '''\n'q''''", id="long strings"),
        pytest.param(
            "a = 1979-05-27 # x\nb = 1979-05-27 07:32:00 #\nc = 1979-05-27T07:32:00Z\nd = 07:32:00",
            id="dates, which may be followed by blanks",
        ),
        pytest.param("[a]\nb = 1\n[a.c]\nd = 2\n[e]", id="tables"),
        pytest.param("[a.b.c]\nd = 1\n[a]\ne = 2", id="a table after the one that implies it"),
        pytest.param("[a]\nb = 1\n[x]\n[a.c]\nd = 2", id="tables in pieces"),
        pytest.param('a.b.c = 1\na.b.d = 2\na . "e" = 3', id="dotted keys"),
        pytest.param("[t]\na.b = 1\n[t.a.c]\nd = 2", id="a table below dotted keys"),
        pytest.param("[a.b.c]\n[a]\nb.x = 1", id="dotted keys above a table"),
        pytest.param("[[a]]\nb = 1\n[[a]]\n[[a]]\nb = 2", id="array of tables"),
        pytest.param(
            "[[env.x.services]]\na = 1\n[env.y.vars]\nb = 2\n[[env.x.services]]\na = 3",
            id="array of tables in pieces",
        ),
        pytest.param("[[a]]\n[a.b]\nc = 1\n[[a.d]]\n[[a.d]]\n[[a]]\n[[a.d]]", id="below an array"),
        pytest.param(LATER, id="below an array, after other tables"),
        pytest.param("[[a.b.c]]\n[[a.c.e]]\n[a.b.c.d]", id="below an array, after its sibling"),
        pytest.param("a = { b = 1, c.d = 'x', e = {} }", id="inline tables"),
        pytest.param("a = [\n  { b = 1 }, # x\n  # y\n  [1, 2,\n],\n]", id="arrays over lines"),
        pytest.param("a = 1\r\n\r\n[b]\r\nc = [\r\n1,\r\n]\r\n", id="CRLF"),
        pytest.param('"é" = 1\nb = "日本" # ü\n[c]', id="more bytes than characters"),
    ],
)
def test_documents_mean_what_the_standard_library_says(source, plain):
    document = parse(source)
    assert plain(document.root) == tomllib.loads(source)


def test_tables_that_come_later_are_edited_where_they_stand():
    document = parse(LATER)
    limits = node_at(document.root, "env/x/workflows/0/limits")
    services = node_at(document.root, "env/y/services/0")
    after = LATER.replace("steps = 1\n", "steps = 1\nmore = 2\n")
    assert edited(document, document.insert_member("f", limits, "more", 2)) == after
    after = LATER.replace('"A"\n', '"A"\nservice = "b"\n')
    assert edited(document, document.insert_member("f", services, "service", "b")) == after


def test_a_byte_order_mark_is_no_text(plain):
    document = parse('\ufeffa = "x"\n[b]')
    assert plain(document.root) == {"a": "x", "b": {}}
    assert text(document, document.root.get("a").span) == '"x"'
    assert document.location("f", document.root.get("a").span).column == 5


def test_line_ends_in_long_strings_stay_as_they_are_for_wrangler(plain):
    # smol-toml, which wrangler reads TOML with, keeps CRLF; Python's library makes it LF.
    assert plain(parse('a = """x\r\ny"""').root) == {"a": "x\r\ny"}


@pytest.mark.parametrize(
    ("source", "place", "reason"),
    [
        pytest.param("a", "1:2", "'='", id="no value"),
        pytest.param("a = 1\na = 2", "2:6", "overwrite", id="a key twice"),
        pytest.param("[a]\n[a]", "2:3", "twice", id="a table twice"),
        pytest.param("a.b = 1\n[a]", "2:3", "twice", id="a header for dotted keys"),
        pytest.param("a = []\n[[a]]", "2:4", "", id="a header for an inline array"),
        pytest.param("a = {b = 1}\n[a.c]", "2:5", "", id="a table below an inline one"),
        pytest.param("a = b", "1:5", "Invalid value", id="bare value"),
        pytest.param("a = 01", "1:6", "", id="leading zero"),
        pytest.param('a = "x', "1:7", "Unterminated", id="unterminated string"),
        pytest.param('a = "x\ny"', "1:7", "Illegal character", id="line break in a string"),
        pytest.param('a = "\\x41"', "1:8", "", id="an escape of TOML 1.1"),
        pytest.param("a = { b = 1,\n  c = 2 }", "1:13", "", id="lines in an inline table"),
        pytest.param("a = { b = 1, }", "1:14", "", id="trailing comma in an inline table"),
        pytest.param("a = 07:32", "1:6", "", id="a time of TOML 1.1"),
        pytest.param("a = [1", "1:7", "Unclosed array", id="unterminated array"),
        pytest.param("a = 1\rb = 2", "1:6", "", id="a lone CR"),
        pytest.param("{{ template }}", "1:1", "Invalid statement", id="a template"),
        pytest.param('a = "日本" x', "1:10", "", id="columns count characters"),
        pytest.param("\ufeffa", "1:2", "'='", id="a byte order mark has no column"),
        pytest.param("a = 1\r\nb", "2:2", "'='", id="CRLF is one line end"),
        pytest.param("a = " + "1" * 5000, "1:1", "too long", id="a number beyond Python's limit"),
    ],
)
def test_documents_are_rejected_where_they_are_wrong(source, place, reason):
    with pytest.raises(SourceError) as caught:
        parse(source)
    assert f"{caught.value.line}:{caught.value.column}" == place
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("source", "place"), [(b"a = 1\nb = '\xff'", (2, 6)), (b"\xfe\xff\x00a", (1, 1))]
)
def test_bytes_that_are_not_utf_8_are_rejected(source, place):
    with pytest.raises(SourceError, match="UTF-8") as caught:
        toml.parse(source)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("a = " + "[" * 101 + "]" * 101, id="arrays"),
        pytest.param("a = " + "[" * 20_000, id="arrays without end"),
        pytest.param(".".join("a" * 101) + " = 1", id="dotted key"),
        pytest.param("[" + ".".join("a" * 101) + "]", id="header"),
        pytest.param(
            "a = " + ("{" + ".".join("b" * 80) + "=") * 80 + "1" + "}" * 80,
            id="dotted keys in inline tables",
        ),
    ],
)
def test_depth_has_a_limit_that_is_told(source):
    with pytest.raises(SourceError, match=r"more than \d+"):
        parse(source)


def test_depth_below_the_limit_is_read(plain):
    source = f"[{'.'.join('a' * 60)}]\n{'.'.join('b' * 60)} = {'[' * 60}{']' * 60}"
    assert plain(parse(source).root) == tomllib.loads(source)


def test_spans_are_those_of_the_texts():
    source = (
        '\ufeff"é" = "日本" # ü\n'
        "[[env.x.services]] # s\n"
        "a.b = 1\n"
        "c = { d = 1979-05-27 }\n"
        "# end\n\n"
        "[[env.x.services]]\n"
        "[env.x.services.props]\n"
        "p = [1,\n 2]\n"
        "[env.x.vars]\n"
    )
    document = parse(source)
    spans = {
        "": source,
        "é": '"日本"',
        "env": "env",
        "env/x": "x",
        "env/x/services": source[source.index("[[") : source.index("\n[env.x.vars]")],
        "env/x/services/0": source[source.index("[[") : source.index("\n# end")],
        "env/x/services/0/a": "a",
        "env/x/services/0/a/b": "1",
        "env/x/services/0/c": "{ d = 1979-05-27 }",
        "env/x/services/0/c/d": "1979-05-27",
        "env/x/services/1": "[[env.x.services]]",
        "env/x/services/1/props": "[env.x.services.props]\np = [1,\n 2]",
        "env/x/services/1/props/p": "[1,\n 2]",
        "env/x/services/1/props/p/1": "2",
        "env/x/vars": "[env.x.vars]",
    }
    for path, written in spans.items():
        node = node_at(document.root, path)
        assert text(document, node.span) == written, path
        if isinstance(node, Mapping):
            assert mapping_at(document.root, node.span) is node, path
    member = document.root.members[0]
    assert text(document, member.key_span) == '"é"'
    assert text(document, member.span) == '"é" = "日本"'


def test_a_table_alone_in_its_file_is_told_from_the_file():
    document = parse("[a]\nb = 1")
    assert mapping_at(document.root, Span(0, 9)) is document.root.get("a")


def test_comments_are_listed_in_order():
    document = parse("# a\r\n[b] # c\nd = '#' # e\nf = [ # g\n  1, # h\n]\n#")
    written = [text(document, span) for span in document.comments()]
    assert written == ["# a", "# c", "# e", "# g", "# h", "#"]


# --- Edits ----------------------------------------------------------------------------------

LINES = [
    pytest.param(
        "services/0",
        '[[services]]\nbinding = "X"\nservice = "y"\n\n[vars]\n',
        '[[services]]\nbinding = "X"\nservice = "y"\nnew = "v"\n\n[vars]\n',
        id="after the last pair, before the next table",
    ),
    pytest.param(
        "services/0",
        '[[services]]\nservice = "y" # note\n# entrypoint = "default"\n# next\n[vars]\n',
        '[[services]]\nservice = "y" # note\nnew = "v"\n# entrypoint = "default"\n# next\n[vars]\n',
        id="comments stay",
    ),
    pytest.param(
        "services/0",
        "[[services]]\na = 'x' # one\n        # two\n# three",
        "[[services]]\na = 'x' # one\n        # two\nnew = 'v'\n# three",
        id="a comment goes on below its beginning; single quotes",
    ),
    pytest.param(
        "services/0",
        '[[services]]\na = "x"\n[[services]]\na = "y"',
        '[[services]]\na = "x"\nnew = "v"\n[[services]]\na = "y"',
        id="the first of two, without a final line end after the second",
    ),
    pytest.param(
        "services/1",
        '[[services]]\na = "x"\n[[services]]\na = "y"',
        '[[services]]\na = "x"\n[[services]]\na = "y"\nnew = "v"',
        id="the second of two",
    ),
    pytest.param(
        "a", "[a]\r\n\tb=1\r\n\r\n", '[a]\r\n\tb=1\r\n\tnew="v"\r\n\r\n', id="CRLF, tabs, no blanks"
    ),
    pytest.param(
        "a",
        "[a]\nb    = 'x'\nlong = 'y'\n",
        "[a]\nb    = 'x'\nlong = 'y'\nnew  = 'v'\n",
        id="values in one column",
    ),
    pytest.param(
        "a",
        "[a]\nb = 1\nc   = 2\nd = 3\n",
        '[a]\nb = 1\nc   = 2\nd = 3\nnew = "v"\n',
        id="most gaps",
    ),
    pytest.param(
        "a",
        '[a]\nb = """\n# x\n"""\n\n[c]\n',
        '[a]\nb = """\n# x\n"""\nnew = "v"\n\n[c]\n',
        id="after a string of several lines",
    ),
    pytest.param(
        "a", "[a]\nb = [\n  1,\n]\n[c]", '[a]\nb = [\n  1,\n]\nnew = "v"\n[c]', id="after an array"
    ),
    pytest.param("a", "[a] # x\n\n[b]\n", '[a] # x\nnew = "v"\n\n[b]\n', id="an empty table"),
    pytest.param("a", "  [a]", '  [a]\n  new = "v"', id="an empty table at the end, indented"),
    pytest.param(
        "a",
        "[a]\nb = 1\n[c]\n[a.d]\ne = 1\n",
        '[a]\nb = 1\nnew = "v"\n[c]\n[a.d]\ne = 1\n',
        id="pieces",
    ),
    pytest.param("", "a = 1\n\n[b]\n", 'a = 1\nnew = "v"\n\n[b]\n', id="outermost"),
    pytest.param(
        "", "a.b = 1\n[b]\n", 'a.b = 1\nnew = "v"\n[b]\n', id="outermost, dotted key last"
    ),
    pytest.param("", "\ufeffa = 1\r\n", '\ufeffa = 1\r\nnew = "v"\r\n', id="byte order mark"),
    pytest.param("", "", 'new = "v"\n', id="empty file"),
    pytest.param("", "\ufeff", '\ufeffnew = "v"\n', id="a byte order mark alone"),
    pytest.param("", "# x\n", '# x\nnew = "v"\n', id="a comment alone"),
    pytest.param("", "# x", '# x\nnew = "v"', id="a comment alone, without a line end"),
    pytest.param("", "[a]\nb=1\n", 'new="v"\n\n[a]\nb=1\n', id="above the first table"),
    pytest.param(
        "",
        "# file\n\n# a\n[a]\n",
        '# file\n\nnew = "v"\n\n# a\n[a]\n',
        id="above the first table's comment, below the file's",
    ),
    pytest.param(
        "a/b",
        "[a]\nb.c = 1\nb . d = 2\nx = 3\n",
        '[a]\nb.c = 1\nb . d = 2\nb . new = "v"\nx = 3\n',
        id="dotted keys, with their prefix",
    ),
    pytest.param("a/b", "a.b.c = 1", 'a.b.c = 1\na.b.new = "v"', id="two names before the key"),
    pytest.param("a", "a.b.c = 1", 'a.b.c = 1\na.new = "v"', id="one name of these"),
    pytest.param(
        "a/b",
        "[a.b.c]\n[a]\nb.x = 1",
        '[a.b.c]\n[a]\nb.x = 1\nb.new = "v"',
        id="dotted below a header",
    ),
]

INLINE = [
    pytest.param(
        "services/0",
        'services = [{ binding = "X", service = "y" }]',
        'services = [{ binding = "X", service = "y", new = "v" }]',
        id="in an array",
    ),
    pytest.param(
        "services/1",
        "services = [\n  { a = 'x' }, # x\n  { a = 'y' }, # y\n  # { a = 'z' },\n]\n",
        "services = [\n  { a = 'x' }, # x\n  { a = 'y', new = 'v' }, # y\n  # { a = 'z' },\n]\n",
        id="in an array over lines",
    ),
    pytest.param("a", "a={b=1,c=2}", 'a={b=1,c=2,new="v"}', id="no blanks"),
    pytest.param("a", "a = {b = 1}", 'a = {b = 1, new = "v"}', id="one pair"),
    pytest.param("a", "a = {}", 'a = { new = "v" }', id="empty"),
    pytest.param(
        "a", "a = { b.c = 1 } # x", 'a = { b.c = 1, new = "v" } # x', id="beside a dotted key"
    ),
    pytest.param(
        "a/b", "a = { b.c = 1, d = 2 }", 'a = { b.c = 1, d = 2, b.new = "v" }', id="dotted"
    ),
    pytest.param(
        "a/b",
        "a = { b = { c = 1 }, d = 2 }",
        'a = { b = { c = 1, new = "v" }, d = 2 }',
        id="nested",
    ),
]


@pytest.mark.parametrize(("path", "before", "after"), [*LINES, *INLINE])
def test_a_pair_is_inserted_as_its_neighbours_are_and_can_be_taken_out_again(path, before, after):
    document = parse(before)
    edit = document.insert_member("f", node_at(document.root, path), "new", "v")
    assert (edit.path, edited(document, edit)) == ("f", after)
    document = parse(after)
    edit = document.remove_member("f", node_at(document.root, path), "new")
    assert edited(document, edit) == before


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param(
            "env/x",
            "[a]\n\n# x\n[env . x.vars]\nb = 1\n",
            '[a]\n\n[env . x]\nnew = "v"\n\n# x\n[env . x.vars]\nb = 1\n',
            id="before the table that implies it",
        ),
        pytest.param(
            "env",
            "[[env.x]]\r\nb='1'\r\n",
            "[env]\r\nnew='v'\r\n\r\n[[env.x]]\r\nb='1'\r\n",
            id="before an array of tables, at the top",
        ),
        pytest.param(
            "a/1/b",
            "[[a]]\n[[a]]\n[a.b.c]\n",
            '[[a]]\n[[a]]\n[a.b]\nnew = "v"\n\n[a.b.c]\n',
            id="in an array",
        ),
    ],
)
def test_a_table_without_header_gets_one(path, before, after):
    document = parse(before)
    assert (
        edited(document, document.insert_member("f", node_at(document.root, path), "new", "v"))
        == after
    )
    assert node_at(parse(after).root, path).get("new").value == "v"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param("", "a = 1\nx = 2\nb = 3\n", "a = 1\nb = 3\n", id="middle line"),
        pytest.param("", "x = 2\nb = 3\n", "b = 3\n", id="first line of the file"),
        pytest.param(
            "", "\ufeffx = 2\r\nb = 3\r\n", "\ufeffb = 3\r\n", id="after a byte order mark"
        ),
        pytest.param("", "a = 1\nx = 2", "a = 1", id="last line of the file"),
        pytest.param("", "x = 2", "", id="all of the file"),
        pytest.param(
            "", "x = 2 # x\n\n[a]\n", "[a]\n", id="the empty line after the last one goes"
        ),
        pytest.param(
            "a", "[a]\nx = 2 # x\n# y\n\n[b]", "[a]\n# y\n\n[b]", id="its comment goes, others stay"
        ),
        pytest.param(
            "a",
            "[a]\nx = [ # y\n  1, # z\n]\nb = 1",
            "[a]\nb = 1",
            id="a long value goes with all in it",
        ),
        pytest.param(
            "a", "[a]\nb = 1\n[c]\n[a.d]\nx = 1", None, id="not what stands in a table below"
        ),
        pytest.param("a", "a = { x = 1, b = 2 }", "a = { b = 2 }", id="first in line"),
        pytest.param("a", "a = { b = 2, x = 1 }", "a = { b = 2 }", id="last in line"),
        pytest.param("a", "a = { x = 1 }", "a = {}", id="only one in line"),
        pytest.param("a/b", "a.b.x = 1\na.b.c = 2", "a.b.c = 2", id="dotted"),
        pytest.param("", "[x]\na = 1", None, id="not a table with a header"),
        pytest.param("", "x.a = 1\nx.b = 2", None, id="not a table of dotted keys"),
        pytest.param("", "x.a = 1", None, id="nor one of a single dotted key"),
    ],
)
def test_a_pair_is_removed_with_what_is_its_own(path, before, after):
    document = parse(before)
    mapping = node_at(document.root, path)
    if after is None:
        with pytest.raises(EditError, match="'x'"):
            document.remove_member("f", mapping, "x")
        return
    assert edited(document, document.remove_member("f", mapping, "x")) == after
    parse(after)


SERVICES = [{"binding": "A", "a b": ["c"]}, {}]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1\n", 'a = 1\nnew = [{ binding = "A", "a b" = ["c"] }, {}]\n'),
        ("a='1'\n", "a='1'\nnew=[{ binding='A', \"a b\"=['c'] }, {}]\n"),
        (
            "a    = 1\nlong = 2\n",
            'a    = 1\nlong = 2\nnew  = [{ binding = "A", "a b" = ["c"] }, {}]\n',
        ),
    ],
)
def test_lists_and_tables_are_inserted_on_one_line(before, after):
    document = parse(before)
    assert edited(document, document.insert_member("f", document.root, "new", SERVICES)) == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        pytest.param("x = ['a']", "v", "x = ['a', 'v']", id="array"),
        pytest.param("x = []", "v", 'x = ["v"]', id="empty array"),
        pytest.param(
            "x = [\n  1, # one\n]", 2, "x = [\n  1, # one\n  2,\n]", id="array over lines"
        ),
        pytest.param(
            "x = [\n  1 # one\n  # two\n]", 2, "x = [\n  1, # one\n  2\n  # two\n]", id="comments"
        ),
        pytest.param("x = [{a='b'}]", {"c": "d"}, "x = [{a='b'}, {c='d'}]", id="inline tables"),
        pytest.param(
            '[[x]]\na = "b"\n\n[y]\n',
            {"c": "d", "e": True},
            '[[x]]\na = "b"\n\n[[x]]\nc = "d"\ne = true\n\n[y]\n',
            id="array of tables",
        ),
        pytest.param(
            "[[x]]\na='b'\n[[ x ]]\r\n\ta='b'\r\n",
            {"c": "d"},
            "[[x]]\na='b'\n[[ x ]]\r\n\ta='b'\r\n[[ x ]]\r\n\tc='d'\r\n",
            id="array of tables without empty lines",
        ),
        pytest.param(
            "[[x]]\na = 1\n[x.y]\nb = 1 # z\n# c = 2\n\n# d\n[e]",
            {"a": 2},
            "[[x]]\na = 1\n[x.y]\nb = 1 # z\n# c = 2\n\n[[x]]\na = 2\n\n# d\n[e]",
            id="after the tables and comments of the last one",
        ),
        pytest.param(
            "[[x]]\na = 1\n# of e\n[e]",
            {"a": 2},
            "[[x]]\na = 1\n\n[[x]]\na = 2\n# of e\n[e]",
            id="before a comment that adjoins the next table",
        ),
        pytest.param("[[x]]", {}, "[[x]]\n\n[[x]]", id="empty tables"),
    ],
)
def test_items_are_appended_in_the_style_of_the_place(before, value, after):
    document = parse(before)
    assert edited(document, document.append_item("f", document.root.get("x"), value)) == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ('a = "x" # c', "v", 'a = "v" # c'),
        ("a = 'x'", "v", "a = 'v'"),
        ("a = 'x'", "it's", 'a = "it\'s"'),
        ("a = 'x'", "a\nb", 'a = "a\\nb"'),
        ("a = 'x'", "a\tb\\", "a = 'a\tb\\'"),
        ('a = """x"""', "v", 'a = "v"'),
        ("a = 1", '"\\\x7f\x01é', 'a = "\\"\\\\\\u007f\\u0001é"'),
    ],
)
def test_strings_replace_values_in_their_quotes(before, value, after):
    document = parse(before)
    assert edited(document, document.replace_scalar("f", document.root.get("a"), value)) == after
    assert parse(after).root.get("a").value == value


def test_edits_that_make_no_sense_are_refused():
    document, other = parse("a = 1\n[[b]]\n"), parse("a = 1\n[[b]]\n")
    with pytest.raises(EditError, match="holds 'a' already"):
        document.insert_member("f", document.root, "a", "v")
    with pytest.raises(EditError, match="'c'"):
        document.remove_member("f", document.root, "c")
    with pytest.raises(EditError, match="tables alone"):
        document.append_item("f", document.root.get("b"), "v")
    with pytest.raises(EditError, match="not of this document"):
        document.insert_member("f", other.root, "c", "v")
    with pytest.raises(EditError, match="not of this document"):
        document.remove_member("f", other.root, "a")
    with pytest.raises(EditError, match="not of this document"):
        document.append_item("f", other.root.get("b"), {})
    with pytest.raises(EditError, match="not of this document"):
        document.replace_scalar("f", Scalar(1, Span(4, 5)), "v")


# --- Any layout -----------------------------------------------------------------------------

KEYS = st.lists(st.sampled_from(["a", "b", "c", '"é"', "'d e'"]), min_size=1, max_size=3)
DOTTED = st.builds(lambda names, dot: dot.join(names), KEYS, st.sampled_from([".", " . "]))
GAPS = st.sampled_from(["", " ", "\n", " # c\n", "\n  # c\n\t"])
BLANKS = st.sampled_from(["", " ", "\t"])
SIGNS = st.sampled_from(["=", " = ", "  =\t"])
SCALARS = st.sampled_from(
    ["1", "-0.5", "true", '"#é"', "'\\'", '"""x\n"""', "1979-05-27", "1979-05-27 07:32:00", "inf"]
)


def containers(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arrays = st.builds(
        lambda items, comma, gap: "[" + ",".join(items) + (comma if items else "") + gap + "]",
        st.lists(st.builds("{}{}{}".format, GAPS, values, GAPS), max_size=3),
        st.sampled_from(["", ","]),
        GAPS,
    )
    pairs = st.builds("{}{}{}{}{}".format, BLANKS, DOTTED, SIGNS, values, BLANKS)
    return arrays | st.lists(pairs, max_size=3).map(lambda items: "{" + ",".join(items) + "}")


STATEMENTS = (
    st.builds(
        "{}{}{}{}".format, BLANKS, DOTTED, SIGNS, st.recursive(SCALARS, containers, max_leaves=6)
    )
    | st.builds("{}[{}]".format, BLANKS, DOTTED)
    | st.builds("{}[[{}]]".format, BLANKS, DOTTED)
    | st.just("")
)
DOCUMENTS = st.builds(
    lambda lines, end: "\n".join(lines) + end,
    st.lists(st.builds("{}{}".format, STATEMENTS, st.sampled_from(["", " # c", " "])), max_size=8),
    st.sampled_from(["", "\n"]),
)


def valid(source: str) -> TomlDocument:
    """The document, if the standard library takes the source for TOML, which may be any text."""
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        assume(False)
    return parse(source)


def containers_with_paths(root: Node) -> Iterator[tuple[tuple[str | int, ...], Mapping | Sequence]]:
    pending: list[tuple[tuple[str | int, ...], Node]] = [((), root)]
    while pending:
        path, node = pending.pop()
        if isinstance(node, Mapping):
            yield path, node
            pending += [((*path, member.key), member.value) for member in node.members]
        elif isinstance(node, Sequence):
            yield path, node
            pending += [((*path, index), item) for index, item in enumerate(node.items)]


def comments(document: TomlDocument) -> list[str]:
    return [text(document, span) for span in document.comments()]


@LIGHT
@given(DOCUMENTS)
def test_any_valid_document_is_read_as_the_standard_library_does(plain, source):
    assert plain(valid(source).root) == tomllib.loads(source)


@pytest.mark.slow
@LIGHT
@given(DOCUMENTS, st.sampled_from(["v", ["v'", True], {"k": [{}]}]))
def test_insertion_adds_one_value_and_removal_undoes_it_in_any_layout(plain, source, value):
    document = valid(source)
    for path, node in containers_with_paths(document.root):
        item = value if isinstance(node, Mapping) else {"k": value}
        if isinstance(node, Mapping):
            edit = document.insert_member("f", node, "new", item)
        else:
            edit = document.append_item("f", node, item)
        changed = parse(edited(document, edit))
        assert comments(changed) == comments(document)
        values = plain(changed.root)
        place = values
        for step in path:
            place = place[step]
        assert (place.pop("new") if isinstance(node, Mapping) else place.pop()) == item
        assert values == tomllib.loads(source)
        if isinstance(node, Mapping):
            inside = dict(containers_with_paths(changed.root))[path]
            restored = edited(changed, changed.remove_member("f", inside, "new"))
            # A table that had no header keeps the one that it needed.
            assert restored == source or text(document, node.span)[:1] not in ("[", "{")
