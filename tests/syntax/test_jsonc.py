"""JSON with comments: what is read, what is rejected, and edits that leave all else alone."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemod.errors import EditError, SourceError
from codemod.model import Span
from codemod.syntax import jsonc
from codemod.syntax.edits import apply_edits
from codemod.syntax.jsonc import JsoncDocument
from codemod.syntax.tree import Mapping, Node, Scalar, Sequence, mapping_at, walk

LIGHT = settings(derandomize=True, deadline=None, max_examples=100)


def parse(source: str) -> JsoncDocument:
    return jsonc.parse(source.encode())


def node_at(root: Node, *path: str | int) -> Node:
    for step in path:
        root = root.get(step) if isinstance(root, Mapping) else root.items[step]
    return root


def edited(document: JsoncDocument, edit) -> str:
    return apply_edits(document.source, [edit]).decode()


# --- Reading --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param('{"a": [1, "b", true, false, null]}', {"a": [1, "b", True, False, None]}),
        pytest.param("{}", {}, id="empty object"),
        pytest.param(" [ ] ", [], id="empty array, blanks around"),
        pytest.param('"text"', "text", id="a scalar alone is a document"),
        pytest.param('{"a": 1,}', {"a": 1}, id="trailing comma in an object"),
        pytest.param("[1, 2 , ]", [1, 2], id="trailing comma in an array"),
        pytest.param("// x\n[1 // y\n,2]// z", [1, 2], id="line comments in every gap"),
        pytest.param('/*x*/{/**/"a"/* */:/***/1/*\n*/}/**/', {"a": 1}, id="block comments"),
        pytest.param('{"a": "//", "b": "/* */"}', {"a": "//", "b": "/* */"}, id="no comments"),
        pytest.param('{"a": 1}// x', {"a": 1}, id="comment to the end of the file"),
        pytest.param('\ufeff{"a": 1}', {"a": 1}, id="byte order mark"),
        pytest.param('{\r\n"a":\r\n1\r\n}\r\n', {"a": 1}, id="CRLF"),
        pytest.param('{"a": // x\r1}', {"a": 1}, id="a lone CR ends a comment"),
        pytest.param(r'"\" \\ \/ \b \f \n \r \t"', '" \\ / \b \f \n \r \t', id="escapes"),
        pytest.param(r'{"\u0061\u00e9": "\u00C9"}', {"aé": "É"}, id="escapes in keys"),
        pytest.param(r'"\ud83d\ude00"', "😀", id="surrogate pair"),
        pytest.param(r'"\ud83d-\ude00"', "\ufffd-\ufffd", id="halves of a pair"),
        pytest.param('"\u2028\x7f"', "\u2028\x7f", id="odd characters that are allowed"),
        pytest.param("[0, -1, 1.5, -0.25]", [0, -1, 1.5, -0.25], id="numbers"),
        pytest.param("[1e3, 1E-2, 2.5e+1]", [1000, 0.01, 25], id="exponents"),
        pytest.param("[1e999, -1e999]", [math.inf, -math.inf], id="beyond double precision"),
        pytest.param('{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}, id="the last duplicate counts"),
    ],
)
def test_documents_mean(source, value, plain):
    assert plain(parse(source).root) == value


@pytest.mark.parametrize(
    ("source", "place", "reason"),
    [
        pytest.param("", "1:1", "the file is empty", id="empty"),
        pytest.param("\ufeff", "1:1", "the file is empty", id="byte order mark alone"),
        pytest.param(" \n\t", "2:2", "the file is empty", id="white space alone"),
        pytest.param("// x\n", "2:1", "only comments", id="comments alone"),
        pytest.param("{'a': 1}", "1:2", "single quotes", id="key in single quotes"),
        pytest.param("{\"a\": 'b'}", "1:7", "single quotes", id="string in single quotes"),
        pytest.param("{a: 1}", "1:2", "double quotes", id="bare key"),
        pytest.param('{"a": b}', "1:7", "'b'", id="bare value"),
        pytest.param('{"a": undefined}', "1:7", "'undefined'", id="undefined"),
        pytest.param('{"a": True}', "1:7", "'True'", id="another language's literal"),
        pytest.param('{"a": truer}', "1:7", "'truer'", id="more than a literal"),
        pytest.param("[0x1F]", "1:2", "'0x1F'", id="hexadecimal"),
        pytest.param("[+1]", "1:2", "'+1'", id="plus sign"),
        pytest.param("[01]", "1:2", "'01'", id="leading zero"),
        pytest.param("[1.]", "1:2", "'1.'", id="no digit after the point"),
        pytest.param("[.5]", "1:2", "'.5'", id="no digit before the point"),
        pytest.param("[1e]", "1:2", "'1e'", id="no exponent"),
        pytest.param("[-]", "1:2", "'-'", id="minus alone"),
        pytest.param("[NaN]", "1:2", "'NaN'", id="not a number"),
        pytest.param('["a\tb"]', "1:4", "U+0009", id="tab in a string"),
        pytest.param('["a\x00"]', "1:4", "U+0000", id="NUL in a string"),
        pytest.param('["a\nb"]', "1:2", "closing quote", id="line break in a string"),
        pytest.param('["a\rb"]', "1:2", "closing quote", id="CR in a string"),
        pytest.param('["a', "1:2", "closing quote", id="unterminated string"),
        pytest.param('["a\\', "1:2", "closing quote", id="escape at the end"),
        pytest.param(r'["\x41"]', "1:3", r"'\\x'", id="unknown escape"),
        pytest.param(r'["ab\u12"]', "1:5", "escape", id="short escape"),
        pytest.param('{"a": 1', "1:1", "never closed", id="unterminated object"),
        pytest.param('{\n"a": [1,', "2:6", "never closed", id="unterminated array"),
        pytest.param('{"a":', "1:1", "never closed", id="end after the colon"),
        pytest.param("[1}", "1:3", "']'", id="the wrong bracket"),
        pytest.param('{"a" 1}', "1:6", "':'", id="no colon"),
        pytest.param('{"a": 1 "b": 2}', "1:9", "',' or '}'", id="no comma in an object"),
        pytest.param("[1 2]", "1:4", "',' or ']'", id="no comma in an array"),
        pytest.param('{"a": 1,, "b": 2}', "1:9", "','", id="doubled comma in an object"),
        pytest.param("[1,,2]", "1:4", "','", id="doubled comma in an array"),
        pytest.param("[,1]", "1:2", "','", id="leading comma"),
        pytest.param("{,}", "1:2", "','", id="comma alone"),
        pytest.param('{"a":}', "1:6", "'}'", id="no value"),
        pytest.param('{"a": 1} x', "1:10", "'x'", id="text after the end"),
        pytest.param("{} {}", "1:4", "end here", id="a second document"),
        pytest.param("[1 /* x", "1:4", "'*/'", id="unterminated comment"),
        pytest.param("[1 /*/]", "1:4", "'*/'", id="a comment needs two stars"),
        pytest.param("[1 / 2]", "1:4", "'/'", id="a slash"),
        pytest.param("[1] # x", "1:5", "'#'", id="another language's comment"),
        pytest.param("[\u00a01]", "1:2", "value", id="a no-break space is no white space"),
        pytest.param("\ufeff\ufeff[]", "1:1", "value", id="two byte order marks"),
        pytest.param("[\r\n\r\n  x]", "3:3", "'x'", id="CRLF is one line end"),
        pytest.param("[\r\r  x]", "3:3", "'x'", id="CR is a line end"),
        pytest.param('["日本", x]', "1:8", "'x'", id="columns count characters"),
        pytest.param("\ufeff[x]", "1:2", "'x'", id="a byte order mark has no column"),
    ],
)
def test_documents_are_rejected_where_they_are_wrong(source, place, reason):
    with pytest.raises(SourceError) as caught:
        parse(source)
    assert f"{caught.value.line}:{caught.value.column}" == place
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("source", "place", "reason"),
    [
        (b'{\n"a": "\xff"}', (2, 7), "0xff"),
        (b"\xff\xfe{\x00}\x00", (1, 1), "UTF-16"),
        (b'{"a": "\xed\xa0\x80"}', (1, 8), "0xed"),
    ],
    ids=["stray byte", "UTF-16", "encoded surrogate"],
)
def test_bytes_that_are_not_utf_8_are_rejected(source, place, reason):
    with pytest.raises(SourceError) as caught:
        jsonc.parse(source)
    assert (caught.value.line, caught.value.column) == place
    assert reason in caught.value.reason


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a":', "}")])
def test_depth_has_a_limit_that_is_told(start, end):
    source = start * 200 + "1" + end * 200
    assert parse(source).nodes.to_source() == source
    with pytest.raises(SourceError, match="more than 200"):
        parse(start * 201 + "1" + end * 201)
    with pytest.raises(SourceError, match="more than 200"):
        parse(start * 100_000)


@pytest.mark.parametrize(
    "source",
    [
        '"' + "a" * 300_000,
        "/*" + "*" * 300_000,
        '["' + "\\n" * 150_000,
        pytest.param("[" + "1," * 150_000, marks=pytest.mark.slow),
        "1" * 300_000 + "x",
    ],
    ids=["string", "comment", "escapes", "array", "number"],
)
def test_long_mistakes_are_found_in_linear_time(source):
    with pytest.raises(SourceError):
        parse(source)


@pytest.mark.slow
def test_a_large_file_is_read_and_edited(plain):
    items = ",\n".join(f'    {{ "binding": "B{i}", "service": "é-{i}" }}' for i in range(4000))
    document = parse(f'{{\n  "services": [\n{items}\n  ]\n}}')
    last = node_at(document.root, "services", 3999)
    after = parse(edited(document, document.insert_member("f", last, "entrypoint", "default")))
    assert plain(after.root)["services"][3999] == {
        "binding": "B3999",
        "service": "é-3999",
        "entrypoint": "default",
    }


def test_every_value_has_the_span_of_its_text():
    source = '\ufeff{"é": "日本", /* ü */ "b": [1.50, {"c": null}],}'
    document = parse(source)
    texts = [
        document.source[node.span.start : node.span.end].decode() for node in walk(document.root)
    ]
    assert texts == [source[1:], '"日本"', '[1.50, {"c": null}]', "1.50", '{"c": null}', "null"]
    member = document.root.members[0]
    assert document.source[member.key_span.start : member.key_span.end].decode() == '"é"'
    assert document.source[member.span.start : member.span.end].decode() == '"é": "日本"'
    assert mapping_at(document.root, node_at(document.root, "b", 1).span).get("c").value is None


def test_duplicate_keys_all_stand_in_the_tree():
    root = parse('{"a": 1, "b": 2, "a": 3}').root
    assert [(member.key, member.value.value) for member in root.members] == [
        ("a", 1),
        ("b", 2),
        ("a", 3),
    ]
    assert root.get("a").value == 3


@pytest.mark.parametrize(
    ("source", "comments"),
    [
        ("// a\r\n{/* b\n*/}// c", ["// a", "/* b\n*/", "// c"]),
        ('{"é": "// no" /*ü*/, /**/}', ["/*ü*/", "/**/"]),
        ('{"a": "/* no */"}', []),
    ],
)
def test_comments_are_listed_without_their_line_ends(source, comments):
    document = parse(source)
    assert [
        document.source[span.start : span.end].decode() for span in document.comments()
    ] == comments


def test_locations_have_lines_and_columns():
    document = parse('\ufeff{\r\n  "日": "x", "b": 1\r}')
    location = document.location("f", document.root.get("b").span)
    assert (location.path, location.line, location.column) == ("f", 2, 18)


# --- Edits ----------------------------------------------------------------------------------

ONE_LINE = [
    pytest.param(
        '[{ "binding": "X", "service": "y" }]',
        '[{ "binding": "X", "service": "y", "new": "v" }]',
        id="padding and spaces",
    ),
    pytest.param('[{"a": 1, "b": 2}]', '[{"a": 1, "b": 2, "new": "v"}]', id="no padding"),
    pytest.param('[{"a":1,"b":2}]', '[{"a":1,"b":2,"new":"v"}]', id="minified"),
    pytest.param('[{"a":1}]', '[{"a":1,"new":"v"}]', id="minified, with nothing to copy"),
    pytest.param('[{ "a": 1 }]', '[{ "a": 1, "new": "v" }]', id="one member"),
    pytest.param('[{"a" : 1 ,  "b" : 2}]', '[{"a" : 1 ,  "b" : 2,  "new" : "v"}]', id="odd gaps"),
    pytest.param('[{ "a": 1, }]', '[{ "a": 1, "new": "v", }]', id="trailing comma"),
    pytest.param('[{ "a": 1 , }]', '[{ "a": 1 , "new": "v", }]', id="trailing comma after a blank"),
    pytest.param(
        '[{ "a": 1 /* x */ }]', '[{ "a": 1, /* x */ "new": "v" }]', id="block comment at the end"
    ),
    pytest.param(
        '[{ "a": 1, /* x */ }]', '[{ "a": 1, /* x */ "new": "v", }]', id="comment after the comma"
    ),
    pytest.param(
        '[{ "a"/*x*/:/*y*/1, "b": 2 }]', '[{ "a"/*x*/:/*y*/1, "b": 2, "new": "v" }]', id="comments"
    ),
    pytest.param("[{}]", '[{ "new": "v" }]', id="empty"),
    pytest.param('[{"a":1},{}]', '[{"a":1},{"new":"v"}]', id="empty in a minified document"),
    pytest.param('[{ "a": {} }]', '[{ "a": {}, "new": "v" }]', id="not the empty object inside"),
    pytest.param("[{ /* x */ }]", '[{ /* x */ "new": "v" }]', id="only a comment"),
]

LINES = [
    pytest.param(
        '[{\n  "a": 1,\n  "b": 2\n}]', '[{\n  "a": 1,\n  "b": 2,\n  "new": "v"\n}]', id="two spaces"
    ),
    pytest.param('[{\n\t\t"a": 1\n\t}]', '[{\n\t\t"a": 1,\n\t\t"new": "v"\n\t}]', id="tabs"),
    pytest.param('[{\r\n "a": 1\r\n}]', '[{\r\n "a": 1,\r\n "new": "v"\r\n}]', id="CRLF"),
    pytest.param('[{\r "a": 1\r}]', '[{\r "a": 1,\r "new": "v"\r}]', id="CR"),
    pytest.param('[{\n  "a": 1,\n}]', '[{\n  "a": 1,\n  "new": "v",\n}]', id="trailing comma"),
    pytest.param(
        '[{\n  "a": 1 // x\n}]', '[{\n  "a": 1, // x\n  "new": "v"\n}]', id="comment at the end"
    ),
    pytest.param(
        '[{\n  "a": 1, // x\n}]',
        '[{\n  "a": 1, // x\n  "new": "v",\n}]',
        id="comment after a trailing comma",
    ),
    pytest.param(
        '[{\n  "a": 1 // x\n  ,\n}]',
        '[{\n  "a": 1 // x\n  ,\n  "new": "v",\n}]',
        id="trailing comma on a line of its own",
    ),
    pytest.param(
        '[{\n\t"service": "y"\n\t// TODO\n\t// "entrypoint": "default"\n}]',
        '[{\n\t"service": "y",\n\t"new": "v"\n\t// TODO\n\t// "entrypoint": "default"\n}]',
        id="a pair that is commented out stays below",
    ),
    pytest.param(
        '[{\n  "a": 1 // x\n         // y\n  // z\n}]',
        '[{\n  "a": 1, // x\n         // y\n  "new": "v"\n  // z\n}]',
        id="a comment goes on below its beginning",
    ),
    pytest.param(
        '[{\n  "a": 1 /* x\n  y */ // z\n}]',
        '[{\n  "a": 1, /* x\n  y */ // z\n  "new": "v"\n}]',
        id="block comment over two lines",
    ),
    pytest.param(
        '[{\n  "a": 1 /* x */ }]',
        '[{\n  "a": 1, /* x */\n  "new": "v" }]',
        id="the brace stays on the last line",
    ),
    pytest.param(
        '[{ "a": 1,\n   "b": 2 }]',
        '[{ "a": 1,\n   "b": 2,\n   "new": "v" }]',
        id="the first member beside the brace",
    ),
    pytest.param(
        '[{ "a": 1 // x\n}]',
        '[{ "a": 1, // x\n   "new": "v"\n}]',
        id="a line comment forces a line",
    ),
    pytest.param(
        '[{ "a": 1, "b": 2,\n  "c": 3, "d": 4\n}]',
        '[{ "a": 1, "b": 2,\n  "c": 3, "d": 4, "new": "v"\n}]',
        id="several members on the last line",
    ),
    pytest.param(
        '[{\n  "a": 1\n, "b": 2\n}]', '[{\n  "a": 1\n, "b": 2\n, "new": "v"\n}]', id="commas first"
    ),
    pytest.param(
        '[{\n  "a": 1\n  , "b": 2 // x\n}]',
        '[{\n  "a": 1\n  , "b": 2 // x\n  , "new": "v"\n}]',
        id="commas first, with a comment",
    ),
    pytest.param(
        '[{\n  "a": [\n    1\n  ]\n}]',
        '[{\n  "a": [\n    1\n  ],\n  "new": "v"\n}]',
        id="long value",
    ),
    pytest.param(
        '[{\n  "a":   1,\n  "bcd": 2\n}]',
        '[{\n  "a":   1,\n  "bcd": 2,\n  "new": "v"\n}]',
        id="values in one column",
    ),
    pytest.param(
        '[{\n  "a":\n    1,\n  "b":  2\n}]',
        '[{\n  "a":\n    1,\n  "b":  2,\n  "new":  "v"\n}]',
        id="a value below its key is no example",
    ),
    pytest.param("[{\n}]", '[{\n  "new": "v"\n}]', id="empty, over two lines"),
    pytest.param(
        "[\n    {\n    }\n]", '[\n    {\n        "new": "v"\n    }\n]', id="empty, indented by four"
    ),
    pytest.param(
        '[{\n    // "a": 1\n}]', '[{\n    // "a": 1\n    "new": "v"\n}]', id="only a comment line"
    ),
    pytest.param("[{ // x\n}]", '[{ // x\n  "new": "v"\n}]', id="only a comment at the brace"),
    pytest.param('[{\n  "a": 1  \n}]', '[{\n  "a": 1,  \n  "new": "v"\n}]', id="blanks at the end"),
]


@pytest.mark.parametrize(("before", "after"), [*ONE_LINE, *LINES])
def test_a_member_is_inserted_as_its_neighbours_are_and_can_be_taken_out_again(before, after):
    document = parse(before)
    edit = document.insert_member("f", document.root.items[-1], "new", "v")
    assert (edit.path, edited(document, edit)) == ("f", after)
    document = parse(after)
    edit = document.remove_member("f", document.root.items[-1], "new")
    assert edited(document, edit) == before


REMOVALS = [
    pytest.param('{ "x": 1, "b": 2 }', '{ "b": 2 }', id="first on a line"),
    pytest.param('{ "a": 1, "x": 2, "b": 3 }', '{ "a": 1, "b": 3 }', id="middle of a line"),
    pytest.param('{ "a": 1, "x": 2 }', '{ "a": 1 }', id="last on a line"),
    pytest.param('{"a":1,"x":2,}', '{"a":1,}', id="last before a trailing comma"),
    pytest.param('{ "x": 1 }', "{}", id="only one"),
    pytest.param('{ "x": 1, }', "{}", id="only one, trailing comma"),
    pytest.param('{ /* c */ "x": 1 }', "{ /* c */ }", id="only one, after a comment"),
    pytest.param('{\n  "x": 1\n}', "{\n}", id="only one, on its line"),
    pytest.param('{\n  "x": 1,\n  "b": 2\n}', '{\n  "b": 2\n}', id="first line"),
    pytest.param(
        '{\n  "a": 1,\n  "x": 2,\n  "b": 3\n}', '{\n  "a": 1,\n  "b": 3\n}', id="middle line"
    ),
    pytest.param('{\n  "a": 1,\n  "x": 2\n}', '{\n  "a": 1\n}', id="last line"),
    pytest.param('{\n  "a": 1,\n  "x": 2,\n}', '{\n  "a": 1,\n}', id="last line, trailing comma"),
    pytest.param(
        '{\r\n\t"a": 1,\r\n\t"x": 2\r\n}', '{\r\n\t"a": 1\r\n}', id="last line, CRLF and tabs"
    ),
    pytest.param(
        '{\n  "x": 1, // about x\n  "b": 2\n}', '{\n  "b": 2\n}', id="its own comment goes with it"
    ),
    pytest.param(
        '{\n  // c\n  "x": 1, // about x\n  // d\n  "b": 2\n}',
        '{\n  // c\n  // d\n  "b": 2\n}',
        id="comments on other lines stay",
    ),
    pytest.param(
        '{\n  "a": 1, // about a\n  "x": 2 // about x\n  // end\n}',
        '{\n  "a": 1 // about a\n  // end\n}',
        id="the comment before the last one stays",
    ),
    pytest.param(
        '{ "x": 1, // about what?\n  "b": 2 }',
        '{ // about what?\n  "b": 2 }',
        id="a comment stays on a line that stays",
    ),
    pytest.param(
        '{ "x": 1 /* c */, "b": 2 }', '{ /* c */ "b": 2 }', id="a comment before the comma stays"
    ),
    pytest.param(
        '{ "a": 1, "x": 2,\n  "b": 3 }', '{ "a": 1,\n  "b": 3 }', id="end of a line of several"
    ),
    pytest.param(
        '{\n  "a": 1\n, "x": 2\n, "b": 3\n}', '{\n  "a": 1\n, "b": 3\n}', id="commas first, middle"
    ),
    pytest.param('{\n  "x": 1\n, "b": 2\n}', '{\n "b": 2\n}', id="commas first, first"),
    pytest.param(
        '{ "a": 1, // c\n  "x": 2 }',
        '{ "a": 1 // c\n }',
        id="a line comment must not eat the brace",
    ),
    pytest.param(
        '{\n  "x": {\n    "y": 1 // c\n  },\n  "b": 2\n}', '{\n  "b": 2\n}', id="a long value"
    ),
]


@pytest.mark.parametrize(("before", "after"), REMOVALS)
def test_a_member_is_removed_with_what_is_its_own(before, after):
    document = parse(before)
    assert edited(document, document.remove_member("f", document.root, "x")) == after
    parse(after)


SERVICES = [{"binding": "A", "service": "b"}, {"binding": "C", "remote": True}]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            '{"a":1}',
            '{"a":1,"new":[{"binding":"A","service":"b"},{"binding":"C","remote":true}]}',
            id="minified",
        ),
        pytest.param(
            '{ "a": 1 }',
            '{ "a": 1, "new": [{ "binding": "A", "service": "b" },'
            ' { "binding": "C", "remote": true }] }',
            id="one line",
        ),
        pytest.param(
            '{\r\n\t"a": 1,\r\n}',
            '{\r\n\t"a": 1,\r\n\t"new": [\r\n'
            '\t\t{\r\n\t\t\t"binding": "A",\r\n\t\t\t"service": "b",\r\n\t\t},\r\n'
            '\t\t{\r\n\t\t\t"binding": "C",\r\n\t\t\t"remote": true,\r\n\t\t},\r\n'
            "\t],\r\n}",
            id="lines, tabs, CRLF, trailing commas",
        ),
    ],
)
def test_lists_and_objects_are_inserted_in_the_style_of_the_place(before, after):
    document = parse(before)
    assert edited(document, document.insert_member("f", document.root, "new", SERVICES)) == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        pytest.param('["a"]', "v", '["a", "v"]', id="one line"),
        pytest.param('["a","b"]', "v", '["a","b","v"]', id="minified"),
        pytest.param("[]", "v", '["v"]', id="empty"),
        pytest.param('[\n  "a",\n]', "v", '[\n  "a",\n  "v",\n]', id="lines with trailing comma"),
        pytest.param("[]", [], "[[]]", id="an empty list"),
        pytest.param(
            '[\n  { "a": 1 }\n]',
            {"b": "c"},
            '[\n  { "a": 1 },\n  { "b": "c" }\n]',
            id="objects of one line each",
        ),
        pytest.param(
            '[\n  {\n    "a": 1\n  } // x\n  // y\n]',
            {"b": "c", "d": ["e", "f"]},
            '[\n  {\n    "a": 1\n  }, // x\n'
            '  {\n    "b": "c",\n    "d": ["e", "f"]\n  }\n  // y\n]',
            id="objects over several lines",
        ),
        pytest.param(
            '{"services": [{\n  "a": 1\n}, {\n  "a": 2\n}]}',
            {"a": "c"},
            '{"services": [{\n  "a": 1\n}, {\n  "a": 2\n}, {\n  "a": "c"\n}]}',
            id="objects that begin where others end",
        ),
        pytest.param("[[]]", "v", '[[], "v"]', id="not the empty array inside"),
    ],
)
def test_items_are_appended_in_the_style_of_the_place(before, value, after):
    document = parse(before)
    root = document.root
    sequence = root if isinstance(root, Sequence) else root.get("services")
    assert edited(document, document.append_item("f", sequence, value)) == after


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("default", '"default"'),
        ('a"\\/\n\t\x01', '"a\\"\\\\/\\n\\t\\u0001"'),
        ("日本\u2028", '"日本\u2028"'),
        ("", '""'),
    ],
)
def test_strings_are_written_as_json(value, written):
    document = parse('{"a": 1}')
    replaced = edited(document, document.replace_scalar("f", document.root.get("a"), value))
    assert replaced == '{"a": ' + written + "}"
    inserted = edited(document, document.insert_member("f", document.root, value, value))
    assert inserted == '{"a": 1, ' + written + ": " + written + "}"
    assert parse(inserted).root.get(value).value == value


def test_edits_that_make_no_sense_are_refused():
    document, other = parse('{"a": 1, "b": {}, "b": 2}'), parse('{"a": 1, "b": {}, "b": 2}')
    with pytest.raises(EditError, match="holds 'a' already"):
        document.insert_member("f", document.root, "a", "v")
    with pytest.raises(EditError, match="0 times"):
        document.remove_member("f", document.root, "c")
    with pytest.raises(EditError, match="2 times"):
        document.remove_member("f", document.root, "b")
    with pytest.raises(EditError, match="not of this document"):
        document.insert_member("f", other.root, "c", "v")
    with pytest.raises(EditError, match="not of this document"):
        document.remove_member("f", other.root, "a")
    with pytest.raises(EditError, match="not of this document"):
        document.replace_scalar("f", Scalar(1, Span(6, 7)), "v")
    with pytest.raises(EditError, match="not of this document"):
        document.append_item("f", Sequence((), Span(0, 2)), "v")


# --- Any layout -----------------------------------------------------------------------------

GAPS = st.lists(
    st.sampled_from(
        ["", " ", "  ", "\t", "\n", "\n  ", "\r\n\t", "\r", "/* c */", "/*\n*/", "// c\n", "//\r"]
    ),
    max_size=2,
).map("".join)
SCALARS = st.sampled_from(['""', '"é, {"', '"// x"', "-1.5e3", "true", "null"])
KEYS = st.sampled_from(['"a"', '"b"', '"日"', '"\\u0063"', '"services"'])


def listed(start: str, items: st.SearchStrategy[str], end: str) -> st.SearchStrategy[str]:
    filled = st.builds(
        lambda items, comma, gap: start + ",".join(items) + comma + gap + end,
        st.lists(st.builds("{}{}{}".format, GAPS, items, GAPS), min_size=1, max_size=4),
        st.sampled_from(["", ","]),
        GAPS,
    )
    # Blanks between the brackets of an empty list are the one thing that removal cannot restore.
    empty = GAPS.filter(lambda gap: not gap or gap.strip(" \t")).map(lambda gap: start + gap + end)
    return filled | empty


def containers(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.builds("{}{}:{}{}".format, KEYS, GAPS, GAPS, values)
    return listed("[", values, "]") | listed("{", members, "}")


OBJECTS = listed(
    "{", st.builds("{}{}:{}{}".format, KEYS, GAPS, GAPS, st.recursive(SCALARS, containers)), "}"
)
DOCUMENTS = st.builds("{}{}{}".format, GAPS, OBJECTS, GAPS)


def containers_with_paths(root: Node) -> Iterator[tuple[tuple[int, ...], Mapping | Sequence]]:
    """Every object and array, with the positions that lead to it (keys may be doubled)."""
    pending: list[tuple[tuple[int, ...], Node]] = [((), root)]
    while pending:
        path, node = pending.pop()
        if not isinstance(node, Scalar):
            yield path, node
            nodes = node.items if isinstance(node, Sequence) else [m.value for m in node.members]
            pending += [((*path, index), child) for index, child in enumerate(nodes)]


def shape(node: Node) -> object:
    """The tree without places, doubled keys kept."""
    if isinstance(node, Mapping):
        return {"members": [[member.key, shape(member.value)] for member in node.members]}
    if isinstance(node, Sequence):
        return {"items": [shape(item) for item in node.items]}
    return node.value


def comments(document: JsoncDocument) -> list[bytes]:
    return [document.source[span.start : span.end] for span in document.comments()]


@LIGHT
@given(DOCUMENTS)
def test_nodes_and_spans_agree_with_any_source(source):
    document = parse(source)
    assert document.nodes.to_source() == source
    for node in walk(document.root):
        if not isinstance(node, Scalar):
            text = document.source[node.span.start : node.span.end].decode()
            assert shape(parse(text).root) == shape(node)


@pytest.mark.slow
@LIGHT
@given(DOCUMENTS, st.sampled_from(["v", ["v", True], {"k": [{}]}]))
def test_insertion_adds_one_member_and_removal_undoes_it_in_any_layout(source, value):
    document = parse(source)
    for path, node in containers_with_paths(document.root):
        expected = shape(document.root)
        place = expected
        for step in path:
            place = place["members"][step][1] if "members" in place else place["items"][step]
        if isinstance(node, Mapping):
            edit = document.insert_member("f", node, "new", value)
            place["members"].append(["new", shape(parse(json.dumps(value)).root)])
        else:
            edit = document.append_item("f", node, value)
            place["items"].append(shape(parse(json.dumps(value)).root))
        changed = parse(edited(document, edit))
        assert shape(changed.root) == expected
        assert comments(changed) == comments(document)
        if isinstance(node, Mapping):
            inside = dict(containers_with_paths(changed.root))[path]
            assert edited(changed, changed.remove_member("f", inside, "new")) == source


@LIGHT
@given(DOCUMENTS)
def test_removal_takes_one_member_in_any_layout(source):
    document = parse(source)
    for path, node in containers_with_paths(document.root):
        keys = [member.key for member in node.members] if isinstance(node, Mapping) else []
        for index, key in enumerate(keys):
            if keys.count(key) > 1:
                continue
            expected = shape(document.root)
            place = expected
            for step in path:
                place = place["members"][step][1] if "members" in place else place["items"][step]
            del place["members"][index]
            changed = parse(edited(document, document.remove_member("f", node, key)))
            assert shape(changed.root) == expected
