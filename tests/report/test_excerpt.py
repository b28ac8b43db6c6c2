"""Lines around a span: what is shown, and that the carets stand under it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.model import Span
from codemod.report.excerpt import WIDTH, Row, rows
from codemod.report.sources import Source

LONG = b"x" * 500


def excerpt(content: bytes, start: int, end: int) -> list[Row]:
    source = Source(content)
    return rows(source, source.region(Span(start, end)))


def marked(content: bytes, span: bytes) -> Row:
    """The one row of ``span``."""
    start = content.index(span)
    [row] = [row for row in excerpt(content, start, start + len(span)) if row.width]
    return row


@pytest.mark.parametrize(
    ("content", "span", "before", "shown", "column", "width", "why"),
    [
        (b"let a = 1;", b"a", "let ", "a", 4, 1, "plain text"),
        (b"\tlet a", b"a", "    let ", "a", 8, 1, "a tab goes to the next stop"),
        (b"ab\ta", b"\t", "ab", "  ", 2, 2, "a tab in the span is as wide as it looks"),
        ("日本 a".encode(), b"a", "日本 ", "a", 5, 1, "wide characters take two columns"),
        ("a 日本".encode(), "日本".encode(), "a ", "日本", 2, 4, "in the span too"),
        ("e\u0301 a".encode(), b"a", "e\u0301 ", "a", 2, 1, "combining ones take none"),
        (b"a\x1b[31m b", b"b", "a\\x1b[31m ", "b", 10, 1, "an escape cannot colour"),
        ("a\u202e b".encode(), b"b", "a\\u202e ", "b", 8, 1, "nor turn the direction"),
        (b"\xff b", b"b", "\ufffd ", "b", 2, 1, "bytes that are no UTF-8 are replaced"),
        (b"\xef\xbb\xbfabc", b"b", "a", "b", 1, 1, "a byte order mark is not shown"),
        (b"a\r\nb\r\nc", b"b", "", "b", 0, 1, "CRLF ends lines and is not shown"),
        (b"a\rb\rc", b"b", "", "b", 0, 1, "so does a lone CR"),
    ],
)
def test_the_span_stands_in_its_columns(content, span, before, shown, column, width, why):
    row = marked(content, span)
    assert (row.before, row.span, row.column, row.width) == (before, shown, column, width), why


@pytest.mark.parametrize(
    ("content", "span", "starts", "ends", "why"),
    [
        (LONG + b"HIT" + LONG, b"HIT", "…x", "x…", "both sides are cut"),
        (b"HIT" + LONG, b"HIT", "HIT", "x…", "the beginning is there"),
        (LONG + b"HIT", b"HIT", "…x", "HIT", "the end is there"),
        (b"x" * 40 + b"HIT" + LONG, b"HIT", "xx", "x…", "what fits is not cut"),
    ],
)
def test_a_long_line_is_cut_around_the_span(content, span, starts, ends, why):
    row = marked(content, span)
    text = row.before + row.span + row.after
    assert text.startswith(starts), why
    assert text.endswith(ends), why
    assert text[row.column : row.column + row.width] == "HIT"
    assert len(text) <= WIDTH + 1


def test_a_span_that_would_be_cut_off_moves_to_the_left():
    row = marked(b"x" * (WIDTH - 5) + b"some words" + LONG, b"some words")
    assert row.before.startswith("…x")
    assert (row.span, row.width) == ("some words", 10)


def test_a_span_longer_than_the_line_shows_its_beginning():
    row = marked(b"a " + b"y" * 1000, b"y" * 1000)
    assert row.before == "a "
    assert row.span.strip("y") == ""
    assert row.after == "…"
    assert row.column + row.width <= WIDTH


def test_one_line_before_and_after_is_shown_unless_it_is_blank():
    shown = excerpt(b"one\n\ntwo\nthree\nfour", 5, 8)
    assert [(row.number, row.before + row.span) for row in shown] == [(3, "two"), (4, "three")]


def test_a_span_of_lines_is_marked_from_its_first_character_to_its_last():
    content = b"head\n  a {\n    b\n  } tail\n"
    shown = excerpt(content, content.index(b"{"), content.index(b"}") + 1)
    assert [(row.number, row.span) for row in shown] == [(1, ""), (2, "{"), (3, "b"), (4, "}")]


def test_the_middle_of_many_lines_is_left_out():
    content = b"".join(b"%d\n" % number for number in range(1, 21))
    shown = excerpt(content, content.index(b"3\n"), content.index(b"18"))
    assert [row.number for row in shown] == [2, 3, 4, 5, 6, None, 17, 18]


@pytest.mark.parametrize(
    ("content", "offset", "number", "column", "why"),
    [
        (b"", 0, 1, 0, "the file is empty"),
        (b"ab", 2, 1, 2, "after the last character"),
        (b"ab\n", 3, 2, 0, "after the last line break"),
        (b"ab\ncd", 1, 1, 1, "an insertion point"),
    ],
)
def test_an_empty_span_is_one_column_wide(content, offset, number, column, why):
    [row] = [row for row in excerpt(content, offset, offset) if row.width]
    assert (row.number, row.column, row.width) == (number, column, 1), why


def test_a_span_that_ends_with_its_line_break_does_not_reach_into_the_next_line():
    shown = excerpt(b"one\ntwo\nthree\n", 4, 8)
    assert [(row.number, row.span) for row in shown] == [(1, ""), (2, "two"), (3, "")]


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_span_of_any_bytes_can_be_shown(content, first, second):
    start, end = sorted((min(first, len(content)), min(second, len(content))))
    shown = excerpt(content, start, end)
    assert any(row.width for row in shown)
    for row in shown:
        assert (row.before + row.span + row.after).isprintable()
        assert row.column + row.width <= WIDTH + 1
