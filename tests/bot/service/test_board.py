"""Jobs in a store: asked for once, taken by one, given back, revived. On all three stores."""

import multiprocessing
import sqlite3
import time
from pathlib import Path

import pytest

from codemod.bot.service.board import Board
from codemod.bot.service.deliveries import REMEMBERED_SECONDS, Deliveries
from codemod.bot.service.jobs import LONGEST_LIMIT, MOST_ATTEMPTS, Ended, Phase, Result
from codemod.bot.service.queue import described, has_password, opened
from codemod.bot.service.records import Kind
from codemod.errors import UsageError

NAME = "acme/workers"
DONE = Ended(Result.DONE)


def messages(board: Board) -> int:
    return board.queue.huey.pending_count()


def later(board: Board) -> int:
    return board.queue.huey.scheduled_count()


def phase(board: Board) -> Phase:
    (job,) = board.jobs()
    return job.phase


def test_what_is_queued_is_not_queued_twice_however_it_is_spelled(board):
    assert board.ask(NAME)
    assert not board.ask(NAME)
    assert not board.ask(NAME.upper())

    assert messages(board) == 1
    assert [job.repository for job in board.jobs()] == [NAME]


def test_one_repository_is_one_turn_and_another_one_another(board):
    board.ask(NAME)
    board.ask("acme/other")

    assert board.take(NAME)
    assert board.take(NAME) is None
    assert board.take("acme/other")


def test_nothing_is_taken_that_nobody_asked_for(board):
    assert board.take(NAME) is None
    board.ask(NAME)
    board.end(board.take(NAME), DONE)
    assert board.take(NAME) is None


def test_what_changes_during_a_run_makes_one_more_and_no_second(board):
    board.ask(NAME)
    turn = board.take(NAME)
    before = messages(board)

    assert board.ask(NAME)
    assert not board.ask(NAME)
    assert messages(board) == before

    board.end(turn, DONE)
    assert (phase(board), messages(board)) == (Phase.QUEUED, before + 1)
    board.end(board.take(NAME), DONE)
    assert phase(board) is Phase.DONE


def test_a_turn_lasts_as_long_as_it_is_renewed(board, clock):
    board.ask(NAME)
    turn = board.take(NAME)
    for _ in range(5):
        clock.now += 45
        assert board.renew(turn)
        assert board.take(NAME) is None


def test_a_silent_worker_loses_its_turn_and_can_neither_renew_nor_end_it(board, clock):
    board.ask(NAME)
    lost = board.take(NAME)
    clock.now += 61

    turn = board.take(NAME)

    assert turn
    assert not board.renew(lost)
    board.end(lost, DONE)
    assert phase(board) is Phase.RUNNING
    assert board.renew(turn)


def test_a_turn_that_nobody_took_over_can_be_renewed_late(board, clock):
    board.ask(NAME)
    turn = board.take(NAME)
    clock.now += 600

    assert board.renew(turn)
    assert board.take(NAME) is None


def test_workers_that_go_away_again_and_again_are_not_sent_for_ever(board, clock):
    board.ask(NAME)
    turns = 0
    while board.take(NAME):
        turns += 1
        clock.now += 61

    assert turns == MOST_ATTEMPTS
    assert phase(board) is Phase.FAILED
    assert board.ask(NAME)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Ended(Result.RETRIED, "x"), Phase.QUEUED),
        (Ended(Result.LIMITED, "x", 7.0), Phase.QUEUED),
        (Ended(Result.FAILED, "x"), Phase.FAILED),
        (Ended(Result.GIVEN_BACK), Phase.QUEUED),
    ],
)
def test_how_runs_end(board, how, expected):
    board.ask(NAME)
    board.end(board.take(NAME), how)

    assert phase(board) is expected
    assert board.queue.add(how.result, 0) == 1


def test_a_failure_is_retried_later_and_later_and_then_no_more(board, clock):
    board.ask(NAME)
    waits = []
    while turn := board.take(NAME):
        board.end(turn, Ended(Result.RETRIED, "the forge is away"))
        (job,) = board.jobs()
        waits.append(job.due - clock.now)
        clock.now = job.due

    assert waits == [30, 120, 480, 1920, 0]
    assert (job.phase, job.problem) == (Phase.FAILED, "the forge is away")
    assert board.queue.add(Result.RETRIED, 0) == 4
    assert board.queue.add(Result.FAILED, 0) == 1


def test_a_limit_holds_for_all_repositories_of_an_owner_and_no_others(board, clock):
    for name in (NAME, "acme/other", "else/where"):
        board.ask(name)
    board.end(board.take(NAME), Ended(Result.LIMITED, retry_after=90))

    assert board.take("acme/other") is None
    assert board.take("else/where")
    clock.now += 90
    assert board.take("acme/other")
    assert board.take(NAME)


def test_a_limit_is_no_failed_try(board, clock):
    board.ask(NAME)
    for _ in range(MOST_ATTEMPTS * 2):
        board.end(board.take(NAME), Ended(Result.LIMITED, retry_after=5))
        clock.now += 5

    assert phase(board) is Phase.QUEUED


def test_a_message_before_its_time_comes_again(board):
    board.ask(NAME)
    board.end(board.take(NAME), Ended(Result.RETRIED))
    scheduled = later(board)

    assert board.take(NAME) is None
    assert later(board) == scheduled + 1


def test_what_was_lost_is_revived_once(board, clock):
    board.ask(NAME)
    board.queue.huey.storage.flush_queue()

    assert board.revive() == 0
    clock.now += 901
    assert board.revive() == 1
    assert board.revive() == 0
    assert messages(board) == 1


def test_a_lost_worker_is_noticed_as_soon_as_its_lease_ends(board, clock):
    board.ask(NAME)
    board.take(NAME)
    board.queue.huey.storage.flush_queue()

    clock.now += 59
    assert board.revive() == 0
    clock.now += 2
    assert board.revive() == 1
    assert board.revive() == 0


def test_what_is_done_or_failed_is_not_revived(board, clock):
    for name, how in ((NAME, DONE), ("acme/other", Ended(Result.FAILED))):
        board.ask(name)
        board.end(board.take(name), how)
    clock.now += 100_000

    assert board.revive() == 0


@pytest.mark.parametrize(
    "theirs", [b'{"repository":"acme/next","phase":"paused","since":1,"due":1,"sent":1}', b"[]"]
)
def test_what_another_release_noted_its_way_is_left_alone(board, clock, theirs):
    board.queue.records.swap(Kind.JOB, "acme/next", None, theirs)
    board.ask(NAME)
    clock.now += 3600

    assert [job.repository for job in board.jobs()] == [NAME]
    assert board.revive() == 1
    assert not board.ask("acme/next")
    assert board.take("acme/next") is None
    assert board.queue.records.read(Kind.JOB, "acme/next") == theirs


def test_a_job_that_another_release_gave_more_members_is_revived(board, clock):
    board.ask(NAME)
    known = board.queue.records.read(Kind.JOB, NAME)
    board.queue.records.swap(Kind.JOB, NAME, known, known[:-1] + b',"more":1}')
    clock.now += 3600

    assert board.revive() == 1
    assert board.take(NAME)


def test_what_is_forgotten_is_gone_and_its_run_has_no_turn(board):
    board.ask(NAME)
    turn = board.take(NAME)

    board.forget(NAME)

    assert not board.renew(turn)
    board.end(turn, DONE)
    assert list(board.jobs()) == []


def test_what_comes_back_while_its_run_is_ended_waits_for_that(board):
    board.ask(NAME)
    turn = board.take(NAME)
    board.forget(NAME)
    board.ask(NAME)

    assert board.take(NAME) is None
    assert not board.renew(turn)
    board.end(turn, Ended(Result.GIVEN_BACK))
    assert phase(board) is Phase.QUEUED
    assert board.take(NAME)


def test_a_forgotten_job_of_a_silent_worker_is_gone_after_its_lease(board, clock):
    board.ask(NAME)
    board.take(NAME)
    board.forget(NAME)

    assert board.take(NAME) is None
    assert phase(board) is Phase.RUNNING
    clock.now += 61
    assert board.take(NAME) is None
    assert list(board.jobs()) == []


@pytest.mark.parametrize("seconds", [1e9, 1e300])
def test_a_limit_that_a_forge_makes_up_holds_nobody_up_for_ever(board, clock, seconds):
    board.ask(NAME)
    board.end(board.take(NAME), Ended(Result.LIMITED, "x", seconds))
    board.ask("acme/other")

    assert board.take("acme/other") is None
    clock.now += LONGEST_LIMIT
    assert board.take(NAME)
    assert board.take("acme/other")


@pytest.mark.parametrize(
    ("ahead", "is_heeded"), [(LONGEST_LIMIT, True), (LONGEST_LIMIT + 9, False)]
)
def test_a_pause_that_only_a_wrong_clock_can_have_noted_is_none(board, clock, ahead, is_heeded):
    board.queue.records.swap(Kind.PAUSE, "acme", None, b"%f" % (clock.now + ahead))
    board.ask(NAME)

    assert (board.take(NAME) is None) is is_heeded


# --- Messages, records, deliveries -------------------------------------------------------------


def test_messages_are_names_and_no_pickles(board):
    board.ask(NAME)

    (stored,) = board.queue.huey.storage.enqueued_items()

    assert b'"arguments":["acme/workers"]' in bytes(stored)
    assert [task.args for task in board.queue.huey.pending()] == [(NAME,)]


def test_a_message_that_is_none_is_passed_over(board):
    board.queue.huey.storage.enqueue(b"\x80\x04cos\nsystem\n.")
    board.ask(NAME)

    with pytest.raises(ValueError, match="JSON"):
        board.queue.huey.dequeue()
    assert board.queue.huey.dequeue().args == (NAME,)


def test_a_record_is_swapped_only_from_what_it_is(queue):
    records = queue.records

    assert not records.swap(Kind.JOB, "a", b"1", b"2")
    assert records.swap(Kind.JOB, "a", None, b"1")
    assert not records.swap(Kind.JOB, "a", None, b"2")
    assert not records.swap(Kind.JOB, "a", b"2", b"3")
    assert records.swap(Kind.JOB, "a", b"1", b"\x00\xff")
    assert records.read(Kind.JOB, "a") == b"\x00\xff"
    assert records.read(Kind.DELIVERY, "a") is None
    assert list(records.each(Kind.JOB)) == [("a", b"\x00\xff")]
    assert not records.swap(Kind.JOB, "a", b"1", None)
    assert records.swap(Kind.JOB, "a", b"\x00\xff", None)
    assert records.read(Kind.JOB, "a") is None


def test_a_delivery_is_remembered_once_until_it_is_old(queue, clock):
    deliveries = Deliveries(queue.records, clock)

    assert not deliveries.is_known("a")
    assert deliveries.remember("a")
    assert deliveries.is_known("a")
    assert not deliveries.remember("a")
    clock.now += REMEMBERED_SECONDS
    assert deliveries.remember("b")
    clock.now += 1
    assert deliveries.sweep() == 1
    assert not deliveries.is_known("a")
    assert deliveries.is_known("b")


# --- URLs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://u:s3cret@127.0.0.1/x",
        "sqlite://queue.db",
        "sqlite:///",
        "sqlite:////nowhere/at/all/queue.db",
        "redis://:s3cret@127.0.0.1:1/0",
        "redis://u:s3cret@127.0.0.1:port",
        "redis://u:s3cret[@127.0.0.1",
        "redis://127.0.0.1?ssl_password=s3cret",
        "postgresql://u:s3cret\N{DOUBLE-STRUCK CAPITAL C}\N{ACCOUNT OF}@127.0.0.1/x",
        "postgresql://u:s3cret@127.0.0.1:1/x",
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_its_password(url):
    with pytest.raises(UsageError) as raised:
        opened(url)

    assert "s3cret" not in str(raised.value)
    assert raised.value.__cause__ is None or "s3cret" not in str(raised.value.__cause__)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(sqlite3.OperationalError("disk is full"), "disk is full", id="SQLite"),
        pytest.param(
            RuntimeError('host "x": FATAL:  no role "u"\nDETAIL: s3cret'),
            'no role "u"',
            id="a server",
        ),
        pytest.param(
            RuntimeError("no host 's3cret@h'"),
            "RuntimeError (is it there, and the URL right?)",
            id="a client, which repeats the URL",
        ),
    ],
)
def test_what_a_store_failed_of_is_told_without_the_url(error, expected):
    assert described(error) == expected


@pytest.mark.parametrize("url", ["redis://127.0.0.1:port", "postgresql://u@127.0.0.1/x?s3cret=1"])
def test_what_is_no_url_of_a_store_is_told_as_such(url):
    with pytest.raises(UsageError, match="it is no such URL") as raised:
        opened(url)

    assert "s3cret" not in str(raised.value)


def test_a_folder_is_no_queue(tmp_path):
    with pytest.raises(UsageError):
        opened(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://:x@host", True),
        ("postgresql://u:x@host/db", True),
        ("postgresql://host/db?user=u&password=x", True),
        ("rediss://host?ssl_password=x", True),
        ("redis://u:x[@host", True),
        ("redis://[host", False),
        ("postgresql://u@host/db", False),
        ("sqlite:///password.db", False),
    ],
)
def test_which_urls_have_a_password(url, expected):
    assert has_password(url) is expected


# --- Many at once ------------------------------------------------------------------------------

PROCESSES = 4
REPOSITORIES = [f"acme/w{number}" for number in range(5)]
ROUNDS = 60


def hammer(url: str, folder: str, number: int) -> None:
    """Asks for and takes all repositories in turns, and notes where it is not alone on one."""
    board = Board(opened(url))
    for turn_number in range(ROUNDS):
        name = REPOSITORIES[(turn_number + number) % len(REPOSITORIES)]
        board.ask(name)
        turn = board.take(name)
        if turn is None:
            continue
        lock = Path(folder, name.replace("/", "-"))
        try:
            lock.touch(exist_ok=False)
            time.sleep(0.002)
            lock.unlink()
            Path(folder, f"run-{number}-{turn_number}").touch()
        except FileExistsError:
            Path(folder, f"clash-{number}-{turn_number}").touch()
        board.end(turn, DONE)


@pytest.mark.slow
def test_four_processes_never_have_the_same_turn_and_lose_no_job(url, tmp_path):
    folder = tmp_path / "seen"
    folder.mkdir()
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=hammer, args=(url, str(folder), number))
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert not list(folder.glob("clash-*"))
    assert len(list(folder.glob("run-*"))) >= len(REPOSITORIES)
    board = Board(opened(url))
    for name in REPOSITORIES:
        while turn := board.take(name):
            board.end(turn, DONE)
    assert {job.phase for job in board.jobs()} == {Phase.DONE}
    assert board.queue.huey.pending_count() > 0
