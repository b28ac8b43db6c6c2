"""SARIF logs: valid by the schema, and read as the specification says."""

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator

from codemod import planner
from codemod.model import (
    Edit,
    Evidence,
    Location,
    Mark,
    NewFile,
    Project,
    Safety,
    Span,
    Suppression,
    Unreadable,
)
from codemod.report import sarif
from codemod.report.display import Display
from codemod.rules import all_rules
from codemod.scanner import scan

ATLAS = Path(__file__).parents[2] / "examples/atlas"


@pytest.fixture(scope="session")
def validator(schemas):
    return Draft4Validator(json.loads(schemas.sarif.read_text()))


@pytest.fixture
def run(validator):
    """The run of a log, which must be valid."""

    def run(plan, prefix=""):
        log = json.loads(sarif.render(plan, Display(prefix)))
        validator.validate(log)
        [content] = log["runs"]
        return content

    return run


def result(run):
    [found] = run["results"]
    return found


def offset(text: str, line: int, column: int) -> int:
    """Where a line and column lie in ``text``, which has no byte order mark."""
    starts = [0, *(match.end() for match in re.finditer("\r\n|\n|\r", text))]
    return starts[line - 1] + column - 1


def extent(text: str, region) -> slice:
    start = offset(text, region["startLine"], region["startColumn"])
    return slice(start, offset(text, region["endLine"], region["endColumn"]))


def test_a_finding_is_a_result(run, plan, finding):
    found = result(run(plan(finding()), "repo"))
    assert found["ruleId"] == "poisoned-binding"
    assert (found["kind"], found["level"]) == ("fail", "warning")
    assert found["message"]["text"] == "API: it breaks\nevidence: reported, an article"
    [location] = found["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "caller.API"
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "repo/w/wrangler.json", "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": 4,
            "startColumn": 5,
            "endLine": 4,
            "endColumn": 43,
            "byteOffset": 42,
            "byteLength": 38,
        },
    }
    assert [(item["id"], item["message"]["text"]) for item in found["relatedLocations"]] == [
        (1, "API is fetched")
    ]
    assert "fixes" not in found
    assert found["suppressions"] == []


@pytest.mark.parametrize(
    ("changes", "kind", "level"),
    [
        ({"evidence": Evidence(Mark.MEASURED, "a run")}, "fail", "error"),
        ({"evidence": Evidence(Mark.DOCUMENTED, "a page")}, "fail", "warning"),
        ({"evidence": Evidence(Mark.REPORTED, "an article")}, "fail", "warning"),
        ({"skipped": "why", "evidence": Evidence(Mark.MEASURED, "a")}, "informational", "none"),
    ],
)
def test_the_level_tells_how_well_it_is_founded(run, plan, finding, changes, kind, level):
    found = result(run(plan(finding(**changes))))
    assert (found["kind"], found["level"]) == (kind, level)


def test_every_rule_has_its_help(run, plan, finding):
    content = run(plan(finding()))
    rules = content["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.name for rule in all_rules()]
    index = result(content)["ruleIndex"]
    assert rules[index]["id"] == "poisoned-binding"
    assert rules[index]["help"]["markdown"].startswith("# poisoned-binding\n")
    assert "## Evidence" in rules[index]["help"]["text"]
    assert rules[index]["properties"]["evidence"] == "reported"
    assert rules[index]["defaultConfiguration"] == {"enabled": True, "level": "warning"}
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert "## " not in rule["fullDescription"]["text"]


SOURCES = [
    pytest.param("a\nb MARK c\n", id="plain"),
    pytest.param("a\r\nb MARK c\r\n", id="CRLF"),
    pytest.param("a\rb MARK c\r", id="lone CR"),
    pytest.param("é日\U0001f600 MARK \U0001f600\n", id="characters of two, three and four bytes"),
    pytest.param("\tMARK", id="a tab, at the end of the file"),
    pytest.param("a\u2028b\x0cc MARK\n", id="breaks that are none here"),
]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "byte order mark"])
@pytest.mark.parametrize("text", SOURCES)
def test_regions_and_offsets_name_the_same_characters(run, plan, finding, place, text, bom):
    content = bom + text.encode()
    location = place("w/wrangler.json", content, b"MARK")
    made = plan(finding(location=location), files={"w/wrangler.json": content})
    region = result(run(made))["locations"][0]["physicalLocation"]["region"]
    assert text[extent(text, region)] == "MARK"
    start = region["byteOffset"]
    assert content[start : start + region["byteLength"]] == b"MARK"


@pytest.mark.parametrize("text", SOURCES)
def test_a_fix_replaces_what_its_edits_do(run, plan, finding, fix, text):
    content = text.encode()
    start = content.index(b"MARK")
    edits = tuple(
        Edit("w/wrangler.json", Span(start + first, start + last), new)
        for first, last, new in ((0, 0, "«"), (1, 3, "\n"), (4, 4, "»"))
    )
    made = plan(finding(fix=fix(edits=edits)), files={"w/wrangler.json": content})
    [repair] = result(run(made))["fixes"]
    [change] = repair["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "w/wrangler.json"
    for replacement in reversed(change["replacements"]):
        assert not replacement["deletedRegion"].keys() & {"byteOffset", "byteLength"}
        where = extent(text, replacement["deletedRegion"])
        text = text[: where.start] + replacement["insertedContent"]["text"] + text[where.stop :]
    assert text.encode() == content.replace(b"MARK", "«M\nK»".encode())


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({"safety": Safety.SAFE}, True),
        ({"safety": Safety.UNSAFE}, True),
        ({"safety": Safety.MANUAL}, False),
        ({"new_files": (NewFile("new.ts", ""),)}, False),
    ],
)
def test_a_fix_is_offered_where_its_edits_are_all_of_it(run, plan, finding, fix, changes, offered):
    found = result(run(plan(finding(fix=fix(**changes)))))
    assert ("fixes" in found) is offered
    if offered:
        assert f"({changes['safety']})" in found["fixes"][0]["description"]["text"]


def test_of_a_file_that_changed_since_only_the_beginning_is_told(run, plan, finding, fix, tmp_path):
    made = plan(finding(fix=fix()))
    (tmp_path / "w/wrangler.json").write_text("{}")
    found = result(run(made))
    region = found["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 4, "startColumn": 5}
    assert "fixes" not in found


def test_a_comment_suppresses_in_the_source_with_its_reason(run, plan, finding, place):
    comment = replace(finding().location, line=3)
    silenced = Suppression(("poisoned-binding",), "works since March", comment, 4, 4)
    made = plan(finding(suppressed=True), suppressions=(silenced,))
    [suppression] = result(run(made))["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["justification"] == "works since March"


def test_a_baseline_suppresses_from_outside(run, plan, finding):
    other = Suppression(("bare-binding",), "another rule's", finding().location, 4, 4)
    made = plan(finding(suppressed=True), suppressions=(other,))
    assert result(run(made))["suppressions"] == [{"kind": "external"}]


def test_what_cannot_be_read_is_a_notification(run, plan):
    content = run(plan(unreadable=(Unreadable("w/a b.ts", "does not exist"),)))
    [invocation] = content["invocations"]
    assert invocation["executionSuccessful"] is True
    [notification] = invocation["toolExecutionNotifications"]
    assert notification["level"] == "warning"
    assert notification["message"]["text"] == "does not exist"
    [location] = notification["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "w/a%20b.ts"


def test_a_fingerprint_stays_where_lines_move(run, tmp_path):
    """The same fault in another place or layout is the same; another binding or Worker is not."""
    prints = []
    for text in ('{ "a": 1 }', '\n\n   { "a": 1 }', '{ "a": 2 }'):
        (tmp_path / "wrangler.json").write_text(text)
        start = text.index("{")
        where = Location("wrangler.json", text.count("\n") + 1, 1, Span(start, len(text)))
        prints.append(fingerprint_of(run, tmp_path, where))
    assert len(set(prints)) == 1
    for changes in ({"binding": "OTHER"}, {"worker": "other"}, {"environment": "live"}):
        assert fingerprint_of(run, tmp_path, where, **changes) not in prints


def fingerprint_of(run, root, location, **changes):
    from codemod.model import Finding, Plan

    given = Finding(
        "poisoned-binding", "w", None, "API", "t", location, "m", Evidence(Mark.REPORTED, "a")
    )
    made = Plan(Project(root, ()), (replace(given, **changes),), ())
    return result(run(made))["partialFingerprints"]["wfix/v1"]


@pytest.mark.parametrize(
    ("message", "is_link"),
    [("see [x](1)", True), ("a [x] (1)", False), ("array[0]", False), ("f](x", True)],
)
def test_no_message_makes_a_link(run, plan, finding, message, is_link):
    text = result(run(plan(finding(message=message))))["message"]["text"].splitlines()[0]
    assert "](" not in text
    assert (text == message) is not is_link


@pytest.mark.parametrize(
    "path", ["a b/c#d?e.json", "c:/x.json", "日本/wrangler.json", "100%/w.json", "a\\b.json"]
)
def test_a_path_is_a_relative_reference(run, plan, finding, path):
    location = replace(finding().location, path=path)
    found = result(run(plan(finding(location=location))))
    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri)
    assert unquote(uri) == path


def test_the_examples_log_is_valid(run):
    content = run(planner.plan(scan(ATLAS)), "examples/atlas")
    assert content["columnKind"] == "unicodeCodePoints"
    assert len(content["results"]) == 2
    assert all("fixes" in found for found in content["results"])
