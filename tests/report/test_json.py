"""Findings for programs."""

import json

from codemod.model import NewFile, Safety, Strategy, Unreadable
from codemod.report import json as report
from codemod.report.display import Display


def parsed(plan, prefix=""):
    return json.loads(report.render(plan, Display(prefix)))


PLACE = {
    "path": "w/wrangler.json",
    "line": 4,
    "column": 5,
    "end_line": 4,
    "end_column": 43,
    "start": 42,
    "end": 80,
}


FETCHED = {
    "path": "w/index.ts",
    "line": 2,
    "column": 3,
    "end_line": None,
    "end_column": None,
    "start": 10,
    "end": 19,
}


def test_a_finding_has_all_keys_always(plan, finding):
    [found] = parsed(plan(finding()))["findings"]
    assert found == {
        "rule": "poisoned-binding",
        "worker": "caller",
        "environment": None,
        "binding": "API",
        "target": "api",
        **PLACE,
        "message": "API: it breaks",
        "evidence": "reported",
        "source": "an article",
        "fix": None,
        "no_fix": None,
        "skipped": None,
        "suppressed": False,
        "locations": [{"label": "binding", **PLACE}, {"label": "API is fetched", **FETCHED}],
    }


def test_a_fix_has_its_edits_with_their_places(plan, finding, fix):
    repair = fix(new_files=(NewFile("new.ts", "export {};\n"),), steps=("deploy",))
    [found] = parsed(plan(finding(fix=repair)), "repo")["findings"]
    insertion = {"line": 4, "column": 41, "end_line": 4, "end_column": 41, "start": 78, "end": 78}
    assert found["fix"] == {
        "strategy": "entrypoint",
        "safety": "safe",
        "title": "add it",
        "reasons": ["it is so"],
        "edits": [
            {"path": "repo/w/wrangler.json", **insertion, "text": ', "entrypoint": "default"'}
        ],
        "new_files": [{"path": "repo/new.ts", "text": "export {};\n"}],
        "steps": ["deploy"],
    }


def test_known_and_skipped_findings_are_listed(plan, finding, fix):
    manual = fix(safety=Safety.MANUAL, strategy=Strategy.SPLIT)
    made = plan(finding(suppressed=True), finding(skipped="why"), finding(fix=manual))
    findings = parsed(made)["findings"]
    assert [found["suppressed"] for found in findings] == [True, False, False]
    assert [found["skipped"] for found in findings] == [None, "why", None]


def test_of_a_file_that_changed_since_only_the_beginning_is_known(plan, finding, fix, tmp_path):
    made = plan(finding(fix=fix()))
    (tmp_path / "w/wrangler.json").write_text("{}")
    [found] = parsed(made)["findings"]
    assert (found["line"], found["column"]) == (4, 5)
    assert (found["end_line"], found["end_column"]) == (None, None)
    assert found["fix"]["edits"][0]["line"] is None
    assert found["fix"]["edits"][0]["start"] == 78


def test_what_is_not_a_finding(plan):
    made = plan(unreadable=(Unreadable("w/index.ts", "does not exist"),))
    assert parsed(made, "repo") == {
        "version": 1,
        "findings": [],
        "workers": 1,
        "unreadable": [{"path": "repo/w/index.ts", "reason": "does not exist"}],
    }
