"""Findings as a person reads them: the paragraph, the count, and the colours."""

import io

import pytest

from codemod.model import Location, Safety, Span, Unreadable
from codemod.report import colours, terminal, text
from codemod.report.display import Display
from codemod.report.styled import plain

WHOLE = """\
w/wrangler.json:4:5: poisoned-binding: API: it breaks
      3 |   "services": [
    > 4 |     { "binding": "API", "service": "api" }
        |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      5 |   ]
    evidence: reported, an article
    fix (safe): add it
    because: it is so
    w/index.ts:2:3: API is fetched

1 finding, 1 fixable with `wfix apply`, 1 Worker read
"""


def test_a_finding_is_shown_with_its_source_and_all_that_it_rests_on(plan, finding, fix):
    assert text.render(plan(finding(fix=fix())), Display()) == WHOLE


def test_paths_start_where_the_user_stands(plan, finding):
    shown = text.render(plan(finding()), Display("examples"))
    assert shown.startswith("examples/w/wrangler.json:4:5: ")
    assert "\n    examples/w/index.ts:2:3: API is fetched\n" in shown


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"environment": "staging"}, "API: it breaks (environment staging)"),
        ({"no_fix": "nobody knows how"}, "    no fix: nobody knows how"),
        ({"skipped": "it is elsewhere"}, "    skipped: it is elsewhere"),
    ],
)
def test_what_else_a_finding_may_say(plan, finding, changes, line):
    shown = text.render(plan(finding(**changes)), Display())
    assert line in shown
    assert ("evidence" in shown) is ("skipped" not in changes)


def test_a_known_finding_is_counted_and_not_shown(plan, finding):
    shown = text.render(plan(finding(suppressed=True)), Display())
    assert shown == "0 findings, 1 known, 1 Worker read\n"


def test_no_line_ends_in_blanks(plan, finding, place):
    content = b"[  \n  {}  \n]\t\n"
    location = place("w/wrangler.json", content, b"{}")
    made = plan(finding(location=location), files={"w/wrangler.json": content})
    shown = text.render(made, Display())
    assert "> 2 |   {}\n" in shown
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(b"{}", id="it holds other bytes"),
        pytest.param(None, id="it is gone"),
    ],
)
def test_a_file_that_changed_since_is_not_shown(plan, finding, tmp_path, changed):
    made = plan(finding())
    path = tmp_path / "w/wrangler.json"
    path.write_bytes(changed) if changed else path.unlink()
    shown = text.render(made, Display())
    assert "|" not in shown
    assert "w/wrangler.json:4:5: " in shown


@pytest.mark.parametrize("path", ["other.ts", "../outside.ts", "nul\0.ts"])
def test_a_file_that_was_not_read_is_not_shown(plan, finding, path):
    location = Location(path, 1, 1, Span(0, 3))
    assert "|" not in text.render(plan(finding(location=location)), Display())


def test_a_file_that_is_meant_as_a_whole_is_not_shown(plan, finding, place):
    content = b"{}\n"
    location = place("w/wrangler.json", content)
    made = plan(finding(location=location), files={"w/wrangler.json": content})
    assert "|" not in text.render(made, Display())


@pytest.mark.parametrize(
    ("safeties", "said"),
    [
        ([], "1 finding, 1 Worker"),
        (["safe"], "2 findings, 1 fixable with `wfix apply`, 1 Worker"),
        (["manual"], "2 findings, 1 fixable with `wfix apply`, 1 Worker"),
        (["unsafe"], "2 findings, 1 fix with --unsafe-fixes, 1 Worker"),
        (["safe", "unsafe"], "1 fixable with `wfix apply`, 1 more fix with --unsafe-fixes,"),
        (["safe", "unsafe", "unsafe"], ", 2 more fixes with --unsafe-fixes, "),
    ],
)
def test_the_count_tells_what_can_be_repaired(plan, finding, fix, safeties, said):
    fixable = [finding(fix=fix(safety=Safety(safety))) for safety in safeties]
    assert said in text.summary(plan(finding(), *fixable))


def test_the_count_tells_apart_what_stands_what_is_skipped_and_what_is_known(plan, finding, fix):
    skipped = finding(skipped="why")
    known = finding(suppressed=True, fix=fix())
    made = plan(finding(), skipped, skipped, known, finding(suppressed=True, skipped="why"))
    assert text.summary(made) == "1 finding, 2 skipped, 2 known, 1 Worker read"


def test_colours_change_nothing_but_colours(plan, finding, fix):
    from rich.text import Text

    made = plan(finding(fix=fix()))
    painted = colours.painted(text.lines(made, Display()))
    assert "\x1b[" in painted
    bare = [Text.from_ansi(line).plain for line in painted.splitlines()]
    assert bare == plain(text.lines(made, Display())).splitlines()


def test_markup_of_theirs_is_not_the_terminals(plan, finding):
    message = "[red]API[/red] [link=x]"
    assert message in colours.painted(text.lines(plan(finding(message=message)), Display()))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "takes"),
    [
        (Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (None, {}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (Terminal(), {"FORCE_COLOR": "0"}, False),
        (io.StringIO(), {"FORCE_COLOR": ""}, False),
        (Terminal(), {"TERM": "dumb"}, False),
    ],
)
def test_where_colours_are_taken(monkeypatch, stream, environment, takes):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal.takes_colours(stream) is takes


def test_a_closed_stream_takes_no_colours(monkeypatch):
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    stream = io.StringIO()
    stream.close()
    assert not terminal.takes_colours(stream)


def test_what_cannot_be_read_is_no_finding(plan):
    made = plan(unreadable=(Unreadable("w/index.ts", "does not exist"),))
    assert text.render(made, Display()) == "0 findings, 1 Worker read\n"


@pytest.mark.parametrize("own_first", [True, False])
def test_the_findings_own_place_is_not_said_twice(plan, finding, own_first):
    """It is shown with the source; rules list it wherever it comes in what they tell."""
    own, other = finding().locations
    places = (own, other) if own_first else (other, own)
    shown = text.render(plan(finding(locations=places)), Display())
    assert "w/index.ts:2:3: API is fetched\n" in shown
    assert ": binding\n" not in shown
