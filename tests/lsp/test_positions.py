"""Byte offsets and the positions that editors count: both ways, in every encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position

from codemod.lsp.positions import Text
from codemod.model import Span

ENCODINGS = ("utf-8", "utf-16", "utf-32")
MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("before", "utf_8", "utf_16", "utf_32"),
    [
        pytest.param("abc", 3, 3, 3, id="one unit in each"),
        pytest.param("\t\t", 2, 2, 2, id="a tab is one character, however wide it is shown"),
        pytest.param("ü", 2, 1, 1, id="two bytes"),
        pytest.param("日本", 6, 2, 2, id="three bytes, and wide on a screen"),
        pytest.param("🚀", 4, 2, 1, id="beyond the first plane: a pair of surrogates"),
        pytest.param("👩‍🚀", 11, 5, 3, id="joined to one glyph, counted as three characters"),
        pytest.param("e\u0301", 3, 2, 2, id="a combining accent counts"),
        pytest.param("a\u2028b\x0c\x0b\x85", 9, 6, 6, id="no ends of lines to the protocol"),
        pytest.param("one\ntwo", 3, 3, 3, id="after a line feed"),
        pytest.param("one\r\ntwo", 3, 3, 3, id="after a carriage return and line feed"),
        pytest.param("one\rtwo", 3, 3, 3, id="after a lone carriage return"),
    ],
)
def test_columns_are_counted_in_the_encoding_that_was_agreed_on(before, utf_8, utf_16, utf_32):
    content = f"{before}X".encode()
    offset = len(before.encode())
    line = 1 if before.startswith("one") else 0
    for encoding, column in zip(ENCODINGS, (utf_8, utf_16, utf_32), strict=True):
        text = Text(content, encoding)
        assert text.position(offset) == Position(line, column)
        assert text.offset(Position(line, column)) == offset


@pytest.mark.parametrize(
    ("holds_mark", "column"),
    [(False, 1), (True, 2)],
    ids=["an editor hides the mark of a file", "one that hands it over counts it"],
)
def test_a_byte_order_mark_counts_where_the_editor_has_it_as_a_character(holds_mark, column):
    text = Text(MARK + b"{}\n{}", "utf-16", holds_mark=holds_mark)
    assert text.position(len(MARK) + 1) == Position(0, column)
    assert text.offset(Position(0, column)) == len(MARK) + 1
    assert text.position(len(MARK) + 4) == Position(1, 1)


def test_the_start_of_a_file_with_a_mark_is_after_it():
    assert Text(MARK + b"{}", "utf-16").offset(Position(0, 0)) == len(MARK)
    assert Text(MARK + b"{}", "utf-16").position(0) == Position(0, 0)


@pytest.mark.parametrize(
    ("position", "offset"),
    [
        pytest.param(Position(0, 99), 2, id="beyond a line: its end, not the line break"),
        pytest.param(Position(9, 0), 6, id="beyond the last line"),
        pytest.param(Position(1, 99), 6, id="beyond the last character"),
    ],
)
def test_positions_that_do_not_exist_are_taken_back(position, offset):
    assert Text(b"ab\r\ncd", "utf-16").offset(position) == offset


def test_a_position_in_the_middle_of_a_pair_is_taken_back_to_its_start():
    assert Text("a🚀b".encode(), "utf-16").offset(Position(0, 2)) == 1


def test_bytes_that_are_no_utf_8_count_as_a_character_each():
    text = Text(b"// caf\xe9 X", "utf-16")
    assert text.position(8) == Position(0, 8)
    assert text.offset(Position(0, 8)) == 8


def test_places_as_people_count_them_reach_to_the_end_of_the_line():
    text = Text("{\r\n  🚀 oh\r\n}".encode(), "utf-16")
    span = text.rest_of_line(2, 4)
    assert text.content[span.start : span.end] == b" oh"


@given(st.text(alphabet="aé日🚀\n\r\u2028\ufeff"), st.sampled_from(ENCODINGS))
def test_every_character_finds_back(written, encoding):
    """All but the line feed after a carriage return, which is no place in the protocol."""
    text = Text(written.encode(), encoding, holds_mark=True)
    for index, character in enumerate(written):
        if character == "\n" and written[:index].endswith("\r"):
            continue
        offset = len(written[:index].encode())
        assert text.offset(text.position(offset)) == offset


def test_a_span_and_its_range_are_the_same_place():
    text = Text('{\n  "🚀": 1,\n  "b": 2\n}'.encode(), "utf-16")
    span = Span(4, 22)
    assert text.span(text.range(span)) == span
