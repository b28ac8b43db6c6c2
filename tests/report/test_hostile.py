"""Names and messages that would break out of a format, in every format."""

import importlib
import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import xmlschema
from jsonschema import Draft4Validator

from codemod.model import Related, Unreadable
from codemod.report.display import Display, printable, well_formed

TEXTS = {
    "line breaks": "two\nlines\r\nthree\u2028four",
    "quotes": "a\"b'c`d",
    "the end of CDATA": "]]> <![CDATA[",
    "a tag": "</failure></testsuite><!-- -->",
    "an entity": "&lt; &#0; &unknown;",
    "a workflow command": "::error file=x::y",
    "an old workflow command": "##[error]x",
    "percent": "%0A%25%",
    "a table": "| a | b |\n|---|---|",
    "backticks": "```` ` ```",
    "a heading": "# h\n\n- i",
    "an escape sequence": "\x1b[31mred\x1b]0;title\x07",
    "a control character": "\x00\x08\x7f\x9b",
    "a line taken back": "good\rbad\x1b[2K",
    "the other direction": "a\u202eb\u2066c",
    "a lone surrogate": "\udc80 \ud800",
    "no character": "\ufffe\uffff",
    "astral": "\U0001f600\U0010ffff",
    "an interpolation": "{0} ${x} %s {{",
    "nothing": "",
}
FORMATS = ("text", "concise", "json", "sarif", "github", "junit", "markdown")


def hostile(plan, finding, fix, text):
    """A plan in which every name, message, reason and path holds ``text``."""
    location = replace(finding().location, path=f"{text}/w.json")
    given = finding(
        worker=text,
        environment=text or None,
        binding=text,
        target=text,
        message=text,
        location=location,
        locations=(Related(text, location), Related(text, replace(location, line=9))),
    )
    repair = fix(title=text, reasons=(text,), edits=())
    return plan(
        replace(given, fix=repair),
        replace(given, no_fix=text or "?"),
        replace(given, skipped=text or "?"),
        replace(given, suppressed=True),
        unreadable=(Unreadable(f"{text}/x.ts", text),),
    )


@pytest.fixture(params=TEXTS, ids=lambda name: name.replace(" ", "-"))
def text(request):
    return TEXTS[request.param]


@pytest.fixture
def rendered(plan, finding, fix, text):
    def rendered(output_format, given=text):
        module = importlib.import_module(f"codemod.report.{output_format}")
        return module.render(hostile(plan, finding, fix, given), Display(given))

    return rendered


@pytest.mark.parametrize("output_format", FORMATS)
def test_nothing_steers_a_terminal_or_is_no_utf_8(rendered, output_format):
    output = rendered(output_format)
    assert output.encode().decode() == output
    assert all(line.isprintable() for line in output.replace("\u200b", "").split("\n"))


@pytest.mark.parametrize("output_format", ["text", "concise", "github", "json", "sarif"])
def test_the_lines_are_those_of_a_harmless_text(rendered, output_format):
    assert rendered(output_format).count("\n") == rendered(output_format, "plain").count("\n")


def test_json_gives_the_text_back(rendered, text):
    content = json.loads(rendered("json"))
    assert {found["message"] for found in content["findings"]} == {well_formed(text)}
    assert content["unreadable"][0]["reason"] == well_formed(text)


def test_sarif_stays_valid(rendered, schemas, text):
    log = json.loads(rendered("sarif"))
    Draft4Validator(json.loads(schemas.sarif.read_text())).validate(log)
    [run] = log["runs"]
    first = run["results"][0]["message"]["text"].split("\n")[0]
    assert first.startswith(printable(text))
    assert len(run["results"]) == 4


def test_every_line_of_github_is_one_command(rendered):
    lines = rendered("github").splitlines()
    names = [line.removeprefix("::").partition(" ")[0] for line in lines]
    assert names == ["warning", "warning", "notice", "warning"]
    for line in lines:
        assert line.removeprefix("::").partition("::")[0].count(",") <= 5


def test_junit_stays_valid(rendered, schemas, text):
    document = rendered("junit")
    xmlschema.XMLSchema(schemas.junit).validate(document)
    root = ElementTree.fromstring(document.encode())
    assert [failure.get("message") for failure in root.iter("failure")] == [
        printable(text) + (f" (environment {printable(text)})" if text else "")
    ] * 2
    assert len(list(root.iter("testcase"))) == 6
