"""JUnit reports, as Jenkins' schema and a reader of results see them."""

from xml.etree import ElementTree

import pytest
import xmlschema

from codemod.model import Unreadable
from codemod.report import junit
from codemod.report.display import Display


@pytest.fixture
def suites(schemas):
    """The suites of a report, which must be valid."""
    schema = xmlschema.XMLSchema(schemas.junit)

    def suites(plan, prefix=""):
        document = junit.render(plan, Display(prefix))
        schema.validate(document)
        return ElementTree.fromstring(document.encode())

    return suites


def counts(element):
    return {name: element.get(name) for name in ("tests", "failures", "errors", "skipped")}


def test_a_finding_is_a_failed_test_in_the_suite_of_its_file(suites, plan, finding, fix):
    root = suites(plan(finding(fix=fix())), "repo")
    [suite] = root
    assert suite.get("name") == "repo/w/wrangler.json"
    assert counts(suite) == {"tests": "1", "failures": "1", "errors": "0", "skipped": "0"}
    [case] = suite
    assert case.attrib == {
        "name": "poisoned-binding: caller.API",
        "classname": "repo/w/wrangler.json",
    }
    [failure] = case
    assert (failure.tag, failure.get("type")) == ("failure", "warning")
    assert failure.get("message") == "API: it breaks"
    assert failure.text.splitlines() == [
        "repo/w/wrangler.json:4:5",
        "API: it breaks",
        "evidence: reported, an article",
        "fix (safe): add it",
        "because: it is so",
        "repo/w/index.ts:2:3: API is fetched",
    ]


def test_a_file_without_findings_is_a_test_that_passes(suites, plan):
    [suite] = suites(plan())
    assert [(case.get("name"), len(case)) for case in suite] == [("no findings", 0)]
    assert counts(suite) == {"tests": "1", "failures": "0", "errors": "0", "skipped": "0"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"skipped": "it is elsewhere"}, "it is elsewhere"), ({"suppressed": True}, "known")],
)
def test_what_fails_nothing_is_a_skipped_test(suites, plan, finding, changes, message):
    [suite] = suites(plan(finding(**changes)))
    assert counts(suite) == {"tests": "1", "failures": "0", "errors": "0", "skipped": "1"}
    assert [outcome.get("message") for outcome in suite.iter("skipped")] == [message]


def test_what_cannot_be_read_is_an_error_beside_the_findings(suites, plan, finding):
    made = plan(finding(), unreadable=(Unreadable("a/wrangler.toml", "line 1: broken"),))
    root = suites(made)
    assert [suite.get("name") for suite in root] == ["a/wrangler.toml", "w/wrangler.json"]
    assert [error.get("message") for error in root.iter("error")] == ["line 1: broken"]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "1", "1")


def test_no_two_tests_of_a_file_have_one_name(suites, plan, finding):
    """Readers keep the first of a name, or take the others for its repetitions."""
    made = plan(finding(), finding(environment="staging"), finding(), finding(binding=None))
    assert [case.get("name") for case in suites(made).iter("testcase")] == [
        "poisoned-binding: caller.API",
        "poisoned-binding: caller.API (staging)",
        "poisoned-binding: caller.API [2]",
        "poisoned-binding: caller",
    ]
