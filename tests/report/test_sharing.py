"""One finding is shown where a rule has one for each deployment that says the same."""

import pytest

from codemod.model import Evidence, FindingKey, Mark, Related, Safety
from codemod.report import concise, junit, prose, statistics
from codemod.report.display import Display
from codemod.report.sharing import join, joined

STAGING = {"worker": "caller-staging", "environment": "staging"}
KEY = FindingKey("poisoned-binding", "caller-staging", "staging", "API")
PLACE = "w/wrangler.json:4:5: poisoned-binding: API: it breaks"


def test_the_first_stands_for_all_and_rests_on_what_each_rests_on(finding, place):
    here, there = (Related(name, place("a.ts", b"ab", name.encode())) for name in "ab")

    [one] = join([finding(locations=(here,)), finding(**STAGING, locations=(here, there))])

    assert one == finding(locations=(here, there), also=(KEY,))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"message": "API: it breaks otherwise"}, "another text"),
        ({"target": "api-staging"}, "another target"),
        ({"binding": "OTHER"}, "another binding"),
        ({"rule": "bare-binding"}, "another rule"),
        ({"suppressed": True}, "one is known, the other is not"),
        ({"skipped": "it is elsewhere"}, "no claim is made about one"),
        ({"no_fix": "nobody knows how"}, "one has a reason for having no repair"),
        ({"evidence": Evidence(Mark.MEASURED, "a run")}, "other evidence"),
    ],
)
def test_what_differs_in_more_than_the_deployment_is_shown_apart(finding, changes, why):
    both = [finding(), finding(**STAGING, **changes)]
    assert list(join(both)) == both, why


def test_another_place_or_repair_is_shown_apart(finding, fix, place):
    moved = finding(**STAGING, location=place("w/wrangler.json", b"{ }"))
    mended = finding(**STAGING, fix=fix(safety=Safety.UNSAFE))
    apart = [finding(fix=fix()), moved, mended]
    assert list(join(apart)) == apart


def test_what_is_the_same_in_everything_is_told_once(finding):
    assert list(join([finding(), finding()])) == [finding()]


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([], ""),
        ([STAGING], " (in caller, caller-staging)"),
        ([STAGING, {"worker": "twin"}], " (in caller, caller-staging, twin)"),
        (
            [{"environment": "staging"}],
            " (in the top level of caller, environment staging of caller)",
        ),
    ],
)
def test_the_message_says_which_deployments_it_is_about(finding, others, told):
    [one] = join([finding(), *(finding(**other) for other in others)])
    assert next(prose.of_finding(one)) == f"API: it breaks{told}"


def test_each_is_shown_and_counted_once(plan, finding):
    made = joined(plan(finding(), finding(**STAGING), finding(message="API: and otherwise")))

    assert concise.render(made, Display()).splitlines() == [
        f"{PLACE} (in caller, caller-staging)",
        "w/wrangler.json:4:5: poisoned-binding: API: and otherwise",
    ]
    assert statistics.render(made).startswith("2  poisoned-binding")
    assert junit.render(made, Display()).count("<failure") == 2
