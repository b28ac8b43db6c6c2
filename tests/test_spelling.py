"""Names that nothing has, and what they are taken for."""

import pytest

from codemod import spelling


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("selct", ["ignore", "select"], '; did you mean "select"?'),
        ("Select", ["select"], '; did you mean "select"?'),
        ("apii", ["api", "apiii", "web"], '; did you mean "apiii"?'),
        ("xyz", ["select"], "; known: select"),
        ("select", ["select"], "; known: select"),
        ("", [""], "; known: select"),
    ],
)
def test_the_nearest_is_asked_for(name, known, hint):
    assert spelling.hint(name, known, "known: select") == hint


def test_without_anything_near_or_else_to_say_there_is_no_hint():
    assert spelling.hint("xyz", ["select"]) == ""
    assert spelling.hint("xyz", []) == ""
