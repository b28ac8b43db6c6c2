"""The changes of a job that are not to be seen from outside: times, and when it is told again."""

from dataclasses import replace

import pytest

from codemod.bot.service.jobs import (
    LONGEST_LIMIT,
    Ended,
    Job,
    Phase,
    Result,
    asked,
    back_off,
    limit,
    overdue,
    postponed,
    taken,
)

NOW = 1000.0
PATIENCE = 900.0
QUEUED = Job("a/b", Phase.QUEUED, since=NOW, due=NOW, sent=NOW)
RUNNING = replace(QUEUED, phase=Phase.RUNNING, holder="x", expires=NOW + 60)
LATER = replace(QUEUED, due=NOW + 300, sent=NOW + 300)
TOLD_AGAIN = replace(RUNNING, sent=NOW + 61)
DONE = replace(QUEUED, phase=Phase.DONE)


@pytest.mark.parametrize(
    ("job", "after", "expected"),
    [
        pytest.param(QUEUED, 899, False, id="its message may be on its way yet"),
        pytest.param(QUEUED, 900, True, id="its message is lost"),
        pytest.param(LATER, 900, False, id="it was not due for as long"),
        pytest.param(LATER, 1200, True, id="nobody came when it was due"),
        pytest.param(RUNNING, 59, False, id="its worker is at it"),
        pytest.param(RUNNING, 60, True, id="its worker is silent"),
        pytest.param(TOLD_AGAIN, 100, False, id="somebody was told that its worker is silent"),
        pytest.param(TOLD_AGAIN, 961, True, id="and did not come"),
        pytest.param(DONE, 10**9, False, id="nothing is to be done"),
        pytest.param(replace(DONE, phase=Phase.FAILED), 10**9, False, id="nothing can be done"),
    ],
)
def test_when_the_queue_is_told_again(job, after, expected):
    told = overdue(job, NOW + after, PATIENCE)

    assert told == (replace(job, sent=NOW + after) if expected else None)


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 30), (1, 120), (3, 1920), (9, 3600)])
def test_tries_come_later_and_later_up_to_an_hour(attempts, seconds):
    assert back_off(attempts) == seconds


@pytest.mark.parametrize(
    ("said", "seconds"), [(9, 9), (3600, 3600), (LONGEST_LIMIT + 1, LONGEST_LIMIT), (1e300, 86400)]
)
def test_a_limit_ends_after_a_day_at_the_latest(said, seconds):
    assert limit(Ended(Result.LIMITED, retry_after=said)) == seconds


def test_a_reason_to_run_does_not_hasten_what_waits():
    assert asked(LATER, "a/b", NOW) is LATER
    assert taken(LATER, "x", NOW, 60) is None


def test_only_what_waits_is_put_off():
    assert postponed(QUEUED, NOW, NOW + 9) == replace(QUEUED, due=NOW + 9, sent=NOW + 9)
    assert postponed(RUNNING, NOW, NOW + 9) is None
    assert postponed(DONE, NOW, NOW + 9) is None
