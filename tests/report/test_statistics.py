"""Counts by rule."""

import json

import pytest

from codemod.model import Safety
from codemod.report import statistics


@pytest.fixture
def made(plan, finding, fix):
    unsafe = fix(safety=Safety.UNSAFE)
    return plan(
        finding(rule="rare"),
        *(finding(rule="frequent", fix=fix()) for _ in range(9)),
        finding(rule="frequent", fix=unsafe),
        finding(rule="unheard", skipped="why"),
        finding(rule="also-unheard", suppressed=True, fix=fix()),
    )


def test_the_most_frequent_rule_comes_first(made):
    assert statistics.render(made) == (
        "10  frequent      9 fixable with `wfix apply`, 1 more fix with --unsafe-fixes\n"
        " 1  rare\n"
        " 0  also-unheard  1 known\n"
        " 0  unheard       1 skipped\n"
        "11 findings, 9 fixable with `wfix apply`, 1 more fix with --unsafe-fixes, "
        "1 skipped, 1 known, 1 Worker read\n"
    )


def test_programs_get_the_same_numbers(made):
    content = json.loads(statistics.render_json(made))
    assert content["version"] == 1
    assert content["statistics"][0] == {
        "rule": "frequent",
        "findings": 10,
        "fixable": 9,
        "unsafe": 1,
        "skipped": 0,
        "suppressed": 0,
    }
    assert [item["rule"] for item in content["statistics"][1:]] == [
        "rare",
        "also-unheard",
        "unheard",
    ]


def test_nothing_found(plan):
    assert statistics.render(plan()) == "0 findings, 1 Worker read\n"
    assert json.loads(statistics.render_json(plan()))["statistics"] == []
