"""Workflow commands, read back as the runner of GitHub Actions reads them."""

import pytest

from codemod.model import Evidence, Mark, Unreadable
from codemod.report import github
from codemod.report.display import Display

UNESCAPED = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def unescape(text, codes):
    for code in codes:
        text = text.replace(code, UNESCAPED[code])
    return text


def command(line):
    """The name, properties and message of one line of output."""
    assert line.startswith("::")
    head, _, data = line.removeprefix("::").partition("::")
    name, _, listed = head.partition(" ")
    pairs = (pair.split("=", 1) for pair in listed.split(","))
    properties = {key: unescape(value, UNESCAPED) for key, value in pairs}
    return name, properties, unescape(data, ("%0D", "%0A", "%25"))


def commands(plan, prefix=""):
    return [command(line) for line in github.render(plan, Display(prefix)).splitlines()]


def test_a_finding_annotates_its_place(plan, finding, fix):
    [(name, properties, message)] = commands(plan(finding(fix=fix())), "repo")
    assert name == "warning"
    assert properties == {
        "file": "repo/w/wrangler.json",
        "line": "4",
        "col": "5",
        "endLine": "4",
        "endColumn": "43",
        "title": "poisoned-binding",
    }
    assert message.splitlines() == [
        "API: it breaks",
        "evidence: reported, an article",
        "fix (safe): add it",
        "because: it is so",
    ]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"evidence": Evidence(Mark.MEASURED, "a run")}, "error"),
        ({"evidence": Evidence(Mark.DOCUMENTED, "a page")}, "warning"),
        ({"evidence": Evidence(Mark.REPORTED, "an article")}, "warning"),
        ({"skipped": "why", "evidence": Evidence(Mark.MEASURED, "a run")}, "notice"),
    ],
)
def test_the_command_tells_how_bad_it_is(plan, finding, changes, name):
    assert [command[0] for command in commands(plan(finding(**changes)))] == [name]


def test_a_place_of_several_lines_has_no_columns(plan, finding, place):
    """GitHub refuses columns there."""
    content = b"{\n  a\n}\n"
    location = place("w/wrangler.json", content, b"a\n}")
    made = plan(finding(location=location), files={"w/wrangler.json": content})
    [(_, properties, _)] = commands(made)
    assert (properties["line"], properties["endLine"]) == ("2", "3")
    assert not properties.keys() & {"col", "endColumn"}


def test_of_a_file_that_changed_since_the_end_is_left_out(plan, finding, tmp_path):
    made = plan(finding())
    (tmp_path / "w/wrangler.json").unlink()
    [(_, properties, _)] = commands(made)
    assert (properties["line"], properties["col"]) == ("4", "5")
    assert not properties.keys() & {"endLine", "endColumn"}


def test_what_cannot_be_read_is_annotated_too(plan):
    made = plan(unreadable=(Unreadable("w/a,b:c.ts", "100% broken"),))
    [(name, properties, message)] = commands(made)
    assert (name, properties["file"], message) == ("warning", "w/a,b:c.ts", "100% broken")


def test_nothing_found_prints_nothing(plan, finding):
    assert github.render(plan(finding(suppressed=True)), Display()) == ""


@pytest.mark.parametrize("text", ["%0A", "%250A", "a::b", "x,y=z", "::error::x", "100 %"])
def test_what_looks_like_a_command_comes_back_as_it_was(plan, finding, text):
    location = finding().location
    path = f"{text}/wrangler.json"
    changed = finding(message=text, location=type(location)(path, 1, 1, location.span))
    [(_, properties, message)] = commands(plan(changed))
    assert properties["file"] == path
    assert message.splitlines()[0] == text
