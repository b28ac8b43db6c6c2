"""Whatever becomes of a run, the next ones bring about what an undisturbed one would have.

What the forge is asked and answers is held to GitHub's own description; what disturbs it is not: a
cut connection is no answer, and refusals come where the description knows of none.
"""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bots import NAME, Bot, client_of
from busy import BEFORE, Snapshot, make_busy, settled
from forge import Fault, When, serving

from codemod.bot.forge import ForgeError, RateLimited

SUPPORT = Path(__file__).parents[1] / "support"
MOST_RUNS = 3

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """The forge, how it stood before the run, and how it stands after an undisturbed one."""
    folder = tmp_path_factory.mktemp("forge")
    with serving(folder) as forge:
        bot = Bot(forge, forge.host(NAME, BEFORE), client_of(forge))
        make_busy(bot)
        before = Snapshot.of(bot.hosted, tmp_path_factory.mktemp("snapshot") / "git")
        forge.requests.clear()
        bot.client = client_of(forge)
        done = {f"{done.branch}: {done.what}" for done in bot.run().done}
        assert done == {
            "wfix/books: rebuilt",
            "wfix/clubs: closed",
            "wfix/depot: left to others",
            "wfix/extra: opened",
        }
        requests = list(forge.requests)
        bot.client = client_of(forge)
        bot.run()
        yield forge, before, settled(bot.hosted), requests


@pytest.fixture(autouse=True)
def guarded(busy, prism):
    forge, *_ = busy
    prism.guard(forge)
    yield
    assert forge.violations == []


def kinds(requests: list[str]) -> list[int]:
    """The numbers of the first request of each kind, whatever it is about."""
    first: dict[str, int] = {}
    for number, request in enumerate(requests):
        kind = re.sub(r"wfix%2F\w+|[0-9a-f]{40}|\b\d+\b", "", request)
        first.setdefault(kind, number)
    return list(first.values())


def brought_about(forge, hosted, expected: object) -> object:
    """What stands after further runs: at once what is ``expected``, or a little later."""
    forge.fault = lambda _number, _request: None
    for _ in range(MOST_RUNS):
        forge.requests.clear()
        Bot(forge, hosted, client_of(forge)).run()
        if settled(hosted) == expected:
            break
    return settled(hosted)


def disturbed(busy, number: int, fault: Fault) -> object:
    forge, before, expected, _ = busy
    hosted = before.restore(forge)
    forge.fault = lambda at, _request: fault if at == number else None
    raised = None
    try:
        Bot(forge, hosted, client_of(forge)).run()
    except ForgeError as error:
        raised = error
    assert raised is None or "t0ken" not in str(raised)
    return raised, brought_about(forge, hosted, expected)


@pytest.mark.parametrize(
    "fault", [Fault(), Fault(when=When.AFTER), Fault(500)], ids=["cut", "unanswered", "broken"]
)
def test_cut_off_or_broken_at_every_request(busy, fault):
    *_, expected, requests = busy
    assert len(requests) >= 30
    for number, request in enumerate(requests):
        assert disturbed(busy, number, fault)[1] == expected, request


@pytest.mark.parametrize("status", [403, 404, 422])
def test_refused_at_every_kind_of_request(busy, status):
    *_, expected, requests = busy
    for number in kinds(requests):
        # One reviewer whom the forge does not take is passed over: that is no failure.
        if not requests[number].endswith("requested_reviewers"):
            assert disturbed(busy, number, Fault(status))[1] == expected, requests[number]


@pytest.mark.parametrize(("status", "headers"), [(429, {"Retry-After": "7"}), (403, {})])
def test_turned_away_for_a_while(busy, status, headers):
    *_, expected, requests = busy
    for number in kinds(requests):
        fault = Fault(status, headers, "You have exceeded a secondary rate limit")
        raised, after = disturbed(busy, number, fault)
        if "/git/" not in requests[number]:
            assert isinstance(raised, RateLimited), requests[number]
            assert raised.retry_after == (7 if headers else 60)
        assert after == expected, requests[number]


@pytest.mark.parametrize("when", When)
def test_killed_at_every_request(busy, when, tmp_path):
    forge, before, expected, requests = busy
    unharmed = []
    for number, request in enumerate(requests):
        hosted = before.restore(forge)
        fault = Fault(when=when, kill=True)
        forge.fault = lambda at, _request, n=number, f=fault: f if at == n else None
        process = subprocess.Popen(
            [sys.executable, SUPPORT / "reconcile_once.py", forge.url, NAME],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SUPPORT), "TMPDIR": str(tmp_path)},
            stderr=subprocess.DEVNULL,
        )
        forge.victim = process.pid
        if process.wait() != -signal.SIGKILL:
            unharmed.append(request)
        forge.victim = None
        assert brought_about(forge, hosted, expected) == expected, request
    assert unharmed == []
