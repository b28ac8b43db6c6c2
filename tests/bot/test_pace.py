"""Writes keep their distance: within a run, between runs, and between workers that share a sign-in.

Nobody sleeps: the clock of the tests is moved by sleeping alone.
"""

import multiprocessing
import os
import stat
import threading
from pathlib import Path

import pytest
from bots import NAME
from forge import BOT, TOKEN, Fault

from codemod.bot import github, pace
from codemod.bot.forge import ForgeError, Unavailable
from codemod.bot.github import Patience
from codemod.bot.pace import Pace
from codemod.bot.sign_in import SignIn, TokenSignIn


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    return made


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    return tmp_path / "cache"


def began(turns: Pace, clock: Clock, lasts: float = 0.0) -> float:
    """When a turn begins that takes a while."""
    with turns.turn():
        at = clock.now
        clock.now += lasts
    return at - 1_000_000


def test_a_turn_begins_a_second_after_the_end_of_the_last(clock, tmp_path):
    turns = Pace(1.0, tmp_path / "pace")

    assert [began(turns, clock, lasts) for lasts in (0.25, 0, 5.0, 0)] == [0, 1.25, 2.25, 8.25]


def test_who_comes_later_does_not_wait(clock, tmp_path):
    turns = Pace(1.0, tmp_path / "pace")
    began(turns, clock)
    clock.now += 0.75
    assert began(turns, clock) == 1.0
    clock.now += 60

    assert began(turns, clock) == 61


@pytest.mark.parametrize("is_shared", [True, False])
def test_runs_wait_for_each_other_where_they_share_a_sign_in(clock, tmp_path, is_shared):
    first = Pace(1.0, tmp_path / "pace")
    second = Pace(1.0, tmp_path / ("pace" if is_shared else "of another"))
    began(first, clock)

    assert began(second, clock) == (1 if is_shared else 0)


@pytest.mark.parametrize("content", ["2000000", "soon", "", "inf", "nan", "-inf"])
def test_what_the_file_says_makes_nobody_wait_for_longer(clock, tmp_path, content):
    (tmp_path / "pace").write_text(content)

    assert 0 <= began(Pace(1.0, tmp_path / "pace"), clock) <= 1


def test_without_a_file_a_run_keeps_the_pause_for_itself(clock, tmp_path):
    (tmp_path / "file").write_text("no folder")
    turns = Pace(1.0, tmp_path / "file" / "pace")

    assert [began(turns, clock), began(turns, clock)] == [0, 1]


def test_without_a_pause_nothing_is_kept(clock, tmp_path):
    turns = Pace(0.0, tmp_path / "pace")

    assert [began(turns, clock), began(turns, clock)] == [0, 0]
    assert [*tmp_path.iterdir()] == []


def test_a_turn_that_fails_counts(clock, tmp_path):
    turns = Pace(1.0, tmp_path / "pace")
    with pytest.raises(ForgeError), turns.turn():
        raise Unavailable("no answer")

    assert began(turns, clock) == 1


def test_what_is_read_within_a_turn_is_read_right_before_the_write(forge, clock):
    hosted = forge.host(NAME, {"README.md": "x"})
    run = client(forge)
    number = run.open_issue(NAME, "title", "body").number
    forge.requests.clear()
    asked: list[float] = []
    forge.fault = lambda _number, _request: asked.append(clock.now - 1_000_000)

    with run.turn():
        found = run.issue(NAME, number)
        run.edit_issue(NAME, number, body=f"{found.body} and more")

    assert asked == [1, 1]
    assert hosted.issues[number].body == "body and more"
    run.edit_issue(NAME, number, is_open=False)
    assert asked[-1] == 2


def test_one_has_the_turn_at_a_time(tmp_path):
    entered, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with Pace(0.01, tmp_path / "pace").turn():
            entered.set()
            may_end.wait(30)

    threads = [threading.Thread(target=write) for _ in range(2)]
    threads[0].start()
    assert entered.wait(30)
    entered.clear()
    threads[1].start()
    assert not entered.wait(0.2)
    may_end.set()
    assert entered.wait(30)
    for thread in threads:
        thread.join(30)


def held_and_killed(file: Path) -> None:
    with Pace(0.01, file).turn():
        os._exit(9)


@pytest.mark.slow
def test_who_is_killed_gives_the_turn_back(tmp_path):
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=held_and_killed, args=(tmp_path / "pace",))
    process.start()
    process.join(60)
    assert process.exitcode == 9

    with Pace(0.01, tmp_path / "pace").turn():
        pass


def client(forge, *, seconds: float = 1.0, token: str = TOKEN) -> github.GitHub:
    patience = Patience(between_writes=seconds, again=())
    return github.connect(SignIn(TokenSignIn(token), forge.url, BOT), NAME, patience)


def test_every_write_keeps_its_distance_and_reading_does_not(forge, clock):
    forge.host(NAME, {"README.md": "x"})
    written: list[tuple[str, float]] = []
    forge.fault = lambda _, request: written.append((request.split()[0], clock.now - 1_000_000))

    for _ in range(2):
        # Each run has a client of its own.
        run = client(forge)
        made = run.open_issue(NAME, "title", "body")
        run.issue(NAME, made.number)
        run.issues(NAME)
        run.edit_issue(NAME, made.number, is_open=False)

    assert written == [
        ("POST", 0),
        ("GET", 0),
        ("GET", 0),
        ("PATCH", 1),
        ("POST", 2),
        ("GET", 2),
        ("GET", 2),
        ("PATCH", 3),
    ]


def test_a_write_that_is_refused_keeps_its_distance_too(forge, clock):
    forge.host(NAME, {"README.md": "x"})
    forge.fault = lambda number, _request: None if number else Fault(422)
    with pytest.raises(ForgeError):
        client(forge).open_issue(NAME, "title", "body")

    client(forge).open_issue(NAME, "title", "body")

    assert clock.now == 1_000_001


def test_what_is_kept_is_the_users_own_and_tells_nothing(forge, clock, folder):
    forge.host(NAME, {"README.md": "x"})
    client(forge).open_issue(NAME, "title", "body")

    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert len({path.stem for path in kept}) == 1
    for path in kept:
        assert TOKEN not in f"{path}{path.read_text()}"
        assert not stat.S_IMODE(path.parent.stat().st_mode) & 0o077
