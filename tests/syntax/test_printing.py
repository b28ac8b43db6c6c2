"""Configurations written anew, in the style of another one."""

import json
import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.syntax import jsonc, toml
from codemod.syntax.printing import json_like, toml_like, value_of

VALUE = {
    "name": "api",
    "flags": ["a", "b"],
    "empty": {},
    "none": [],
    "limits": {"cpu": 0.5, "deep": {"on": True}},
    "bindings": [{"name": "A", "tags": ["x"]}, {"name": "B", "inner": {"c": 1}}],
}

PLAIN = """\
{
  "name": "api",
  "flags": ["a", "b"],
  "empty": {},
  "none": [],
  "limits": {
    "cpu": 0.5,
    "deep": { "on": true }
  },
  "bindings": [
    { "name": "A", "tags": ["x"] },
    {
      "name": "B",
      "inner": { "c": 1 }
    }
  ]
}
"""


@pytest.mark.parametrize(
    ("like", "expected"),
    [
        pytest.param('{\n  "a": 1\n}\n', PLAIN, id="two spaces"),
        pytest.param('{\n\t"a": 1\n}\n', PLAIN.replace("  ", "\t"), id="tabs"),
        pytest.param('{ "a": 1 }', PLAIN, id="nothing to go by"),
        pytest.param("{}", PLAIN, id="nothing at all"),
        pytest.param('{\r\n  "a": 1\r\n}', PLAIN.replace("\n", "\r\n"), id="line ends"),
    ],
)
def test_json_is_written_as_the_other_file_is(like, expected):
    assert json_like(jsonc.parse(like.encode()), VALUE) == expected


def test_trailing_commas_are_written_where_the_other_file_has_them():
    like = jsonc.parse(b'{\n  "a": [1] // one\n  ,\n}')
    written = json_like(like, {"a": {"b": ["c"]}, "d": [{"e": 1}]})
    assert written == ('{\n  "a": {\n    "b": ["c"],\n  },\n  "d": [\n    { "e": 1 },\n  ],\n}\n')


def test_what_does_not_fit_on_a_line_gets_several():
    long = {"from": "a" * 40, "to": "b" * 40}
    like = jsonc.parse(b"{}")
    short = json_like(like, {"x": [{**long, "to": "b"}]})
    assert short.count("\n") == 5
    assert json_like(like, {"x": [long]}).count("\n") == 8


TOML = """\
name = "api"
flags = ["a", "b"]
none = []
day = 2026-03-10

[empty]

[limits]
cpu = 0.5

[limits.deep]
on = true

[[bindings]]
name = "A"
tags = ["x"]

[[bindings]]
name = "B"
inner = { c = 1 }
"""


@pytest.mark.parametrize(
    ("like", "expected"),
    [
        ('a = "b"\n', TOML),
        ("a = 'b'\n", TOML.replace('"', "'")),
        ("", TOML),
        ("a = 1\r\n", TOML.replace("\n", "\r\n")),
    ],
)
def test_toml_is_written_as_the_other_file_is(like, expected):
    value = {**VALUE, "day": date(2026, 3, 10)}
    assert toml_like(toml.parse(like.encode()), value) == expected


def test_a_string_that_a_literal_cannot_hold_is_a_basic_one():
    written = toml_like(toml.parse(b"a = 'b'"), {"a": "it's", "b c": "\x7f"})
    assert written == 'a = "it\'s"\n"b c" = "\\u007f"\n'


SCALARS = st.one_of(st.text(), st.booleans(), st.integers(-(2**53), 2**53))
VALUES = st.dictionaries(
    st.text(),
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@given(VALUES)
def test_what_is_written_is_read_the_same(value):
    written = json_like(jsonc.parse(b"{}"), value)
    assert json.loads(written) == value
    assert value_of(jsonc.parse(written.encode()).root) == value
    assert tomllib.loads(toml_like(toml.parse(b""), value)) == value
