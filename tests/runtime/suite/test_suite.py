"""The runtime does what the cases state, and the page shows it."""

from __future__ import annotations

import pytest
from suite.cases import Kind, Run, all_cases, read_groups
from suite.page import PAGE, render

CASES = list(all_cases())
ON_WORKERD = [case for case in CASES if Kind.WORKERD in case.kinds]
OF_THE_ARTICLE = [
    *(f"1-fix-matrix/row-{number:02}" for number in range(1, 14)),
    *(f"2-examples/example-{number}" for number in range(1, 9)),
    *(f"3-patterns/pattern-{number}" for number in range(1, 5)),
    *(f"4-diagnosis/step-{number}" for number in range(1, 6)),
]


def test_the_article_is_covered():
    assert set(OF_THE_ARTICLE) <= {case.name for case in CASES}


@pytest.mark.parametrize("case", [case for case in CASES if case.says], ids=lambda case: case.name)
def test_a_claim_is_put_to_the_test_or_is_productions_to_settle(case):
    claims = [step for step in (*case.calls, *case.commands) if step.claimed is not None]
    assert bool(claims) != bool(case.production)


@pytest.mark.parametrize("case", ON_WORKERD, ids=lambda case: case.name)
def test_current_runtime(case, current, tmp_path):
    [release] = current.workerd
    run = Run(Kind.WORKERD, release)

    assert current.measure(case, run, tmp_path) == [step.outcome(run) for step in case.calls]


def test_the_page_shows_what_the_cases_state(releases):
    assert PAGE.read_text("utf-8") == render(read_groups(), releases.stated(CASES))


@pytest.mark.slow
def test_every_release_does_what_the_page_shows(bench, releases, tmp_path, request):
    measured = bench.measure_all(CASES, releases, tmp_path)
    page = render(read_groups(), measured)

    if request.config.getoption("--write-page", default=False):
        PAGE.write_text(page, "utf-8")
    assert measured == releases.stated(CASES)
    assert page == PAGE.read_text("utf-8")
