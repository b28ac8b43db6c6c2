import pytest

from codemod.model import Location, Span
from codemod.report.display import Display, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain → text", "plain → text"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("two\nlines", "two\\x0alines"),
        ("right\u202eleft", "right\\u202eleft"),
        ("lone \udc80 surrogate", "lone \\udc80 surrogate"),
        ("a\x9bb", "a\\x9bb"),
    ],
)
def test_nothing_of_theirs_steers_the_terminal(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("prefix", "shown"), [("", "w/a.ts:2:3"), ("examples/atlas", "examples/atlas/w/a.ts:2:3")]
)
def test_places_are_shown_from_where_the_user_stands(prefix, shown):
    assert Display(prefix).place(Location("w/a.ts", 2, 3, Span(4, 5))) == shown
