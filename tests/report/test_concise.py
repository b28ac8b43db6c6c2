"""One line a finding, for editors."""

import pytest

from codemod.model import Safety
from codemod.report import concise
from codemod.report.display import Display

PLACE = "w/wrangler.json:4:5: poisoned-binding: API: it breaks"


@pytest.mark.parametrize(
    ("safety", "changes", "line"),
    [
        (None, {}, PLACE),
        ("safe", {}, f"{PLACE} [fix]"),
        ("unsafe", {}, f"{PLACE} [unsafe fix]"),
        ("manual", {}, f"{PLACE} [manual fix]"),
        (None, {"no_fix": "nobody knows how"}, PLACE),
        (None, {"skipped": "it is elsewhere"}, f"{PLACE} [skipped: it is elsewhere]"),
    ],
)
def test_a_finding_is_a_line(plan, finding, fix, safety, changes, line):
    repair = fix(safety=Safety(safety)) if safety else None
    assert concise.render(plan(finding(fix=repair, **changes)), Display()) == f"{line}\n"


def test_environments_are_told_apart(plan, finding):
    made = plan(finding(), finding(environment="staging"))
    assert concise.render(made, Display()).splitlines() == [PLACE, f"{PLACE} (environment staging)"]


def test_nothing_found_prints_nothing(plan, finding):
    assert concise.render(plan(), Display()) == ""
    assert concise.render(plan(finding(suppressed=True)), Display()) == ""
