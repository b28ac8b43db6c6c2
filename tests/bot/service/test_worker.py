"""Jobs as processes: done, cut off, given back, and taken over from a worker that was killed."""

import io
import logging
import os
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest
from bots import NAME, ONE_FAULT
from forge import Fault, serving
from service import headers, push, running, serving_webhooks, signed_in, start

from codemod.bot.service import child
from codemod.bot.service.board import Board
from codemod.bot.service.child import Order, Rules
from codemod.bot.service.jobs import Ended, Phase, Result
from codemod.bot.service.queue import opened
from codemod.bot.service.worker import Brief, Labour, Shift
from codemod.runtime import children

SUPPORT = Path(__file__).parents[2] / "support"
ROOT = Path(__file__).parents[3]
SECONDS = 60


@pytest.fixture
def forge(tmp_path):
    folder = tmp_path / "forge"
    folder.mkdir()
    with serving(folder) as running_forge:
        yield running_forge


@pytest.fixture
def place(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'queue.db'}"


def until(condition, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def job_of(board: Board):
    (job,) = board.jobs()
    return job


# --- One shift, with children that are made up -------------------------------------------------


@pytest.fixture
def shift(place, monkeypatch, tmp_path):
    """A board on which a repository waits, and a shift that runs it with a module of the tests."""
    board = Board(opened(place), lease=2)
    board.ask(NAME)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{SUPPORT}")
    monkeypatch.setenv("STUBBORN", str(tmp_path / "stubborn"))
    monkeypatch.setenv("OBLIGING_STARTED", str(tmp_path / "started"))

    def build(module: str, seconds: float = SECONDS) -> tuple[Board, Shift]:
        return board, Shift(board, Labour(Rules(), 1, seconds, module))

    return build


@pytest.mark.parametrize(
    ("answer", "phase", "result"),
    [
        ('{"result":"done"}\n', Phase.DONE, Result.DONE),
        ('{"result":"failed","problem":"x"}\n', Phase.FAILED, Result.FAILED),
        ('{"result":"rate-limited","retry_after":9}\n', Phase.QUEUED, Result.LIMITED),
        ('{"result":"unheard of"}\n', Phase.QUEUED, Result.RETRIED),
        ("", Phase.QUEUED, Result.RETRIED),
        ("Traceback\n", Phase.QUEUED, Result.RETRIED),
    ],
)
def test_what_a_child_says(shift, monkeypatch, answer, phase, result):
    monkeypatch.setenv("OBLIGING_ANSWER", answer)
    board, worker = shift("obliging")

    worker.work(NAME)

    assert job_of(board).phase is phase
    assert board.queue.add(result, 0) == 1


def test_what_nobody_asked_for_starts_no_child(shift, tmp_path):
    _, worker = shift("obliging")

    worker.work("acme/other")

    assert not (tmp_path / "started").exists()


@pytest.mark.slow
def test_a_long_job_keeps_its_turn(shift, monkeypatch):
    monkeypatch.setenv("OBLIGING_SECONDS", "4")
    monkeypatch.setenv("OBLIGING_ANSWER", '{"result":"done"}\n')
    board, worker = shift("obliging")
    thread = threading.Thread(target=worker.work, args=(NAME,))
    thread.start()
    until(lambda: job_of(board).phase is Phase.RUNNING)

    while thread.is_alive():
        assert board.take(NAME) is None
        time.sleep(0.05)

    assert job_of(board).phase is Phase.DONE


@pytest.mark.slow
def test_a_job_that_takes_too_long_is_killed_with_all_that_it_started(shift, tmp_path):
    board, worker = shift("stubborn", 1.5)

    worker.work(NAME)

    child, grandchild, name = (tmp_path / "stubborn").read_text().split()
    assert name == NAME
    until(lambda: not is_alive(int(child)) and not is_alive(int(grandchild)))
    job = job_of(board)
    assert (job.phase, job.problem) == (Phase.FAILED, "it took more than 1.5 seconds")
    assert board.queue.add(Result.FAILED, 0) == 1
    assert board.revive() == 0
    worker.work(NAME)
    assert job_of(board) == job
    assert board.ask(NAME)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (lambda board, worker: worker.end(), [Phase.QUEUED]),
        (lambda board, worker: board.forget(NAME), []),
    ],
    ids=["the worker ends", "the repository goes"],
)
def test_a_job_is_given_up(shift, monkeypatch, tmp_path, happens, expected):
    monkeypatch.setenv("OBLIGING_SECONDS", "600")
    board, worker = shift("obliging")
    thread = threading.Thread(target=worker.work, args=(NAME,))
    thread.start()
    until((tmp_path / "started").exists)
    until((tmp_path / "started").read_text)

    happens(board, worker)
    thread.join(SECONDS)

    assert not thread.is_alive()
    assert not is_alive(int((tmp_path / "started").read_text()))
    assert [job.phase for job in board.jobs()] == expected


def started(worker, folder: Path) -> tuple[threading.Thread, int]:
    """A thread that works on a repository, and the number of its child."""
    thread = threading.Thread(target=worker.work, args=(NAME,))
    thread.start()
    until((folder / "started").exists)
    until((folder / "started").read_text)
    return thread, int((folder / "started").read_text())


@pytest.mark.slow
def test_a_worker_that_is_held_up_loses_its_child_with_its_lease(shift, monkeypatch, tmp_path):
    monkeypatch.setenv("OBLIGING_SECONDS", "600")
    board, worker = shift("obliging")
    answered = threading.Event()

    def held_up(_turn) -> bool:
        answered.wait(SECONDS)
        return False

    monkeypatch.setattr(board, "renew", held_up)
    thread, child = started(worker, tmp_path)
    taken = job_of(board).expires

    until(lambda: not is_alive(child))
    late = time.time() - taken
    answered.set()
    thread.join(SECONDS)

    # Where the machine is slow it is noticed late: a child that goes on does so for minutes.
    assert late < SECONDS / 2
    assert not thread.is_alive()


@pytest.mark.slow
def test_a_store_that_is_away_for_a_moment_ends_no_job(shift, monkeypatch, tmp_path):
    monkeypatch.setenv("OBLIGING_SECONDS", "3")
    monkeypatch.setenv("OBLIGING_ANSWER", '{"result":"done"}\n')
    board, worker = shift("obliging")
    renew, failures = board.renew, [sqlite3.OperationalError("database is locked")]

    def renewed(turn) -> bool:
        if failures:
            raise failures.pop()
        return renew(turn)

    monkeypatch.setattr(board, "renew", renewed)
    thread, _ = started(worker, tmp_path)
    thread.join(SECONDS)

    assert not failures
    assert job_of(board).phase is Phase.DONE


@pytest.mark.slow
def test_what_is_no_fault_of_the_store_ends_the_job(shift, monkeypatch, tmp_path):
    monkeypatch.setenv("OBLIGING_SECONDS", "600")
    board, worker = shift("obliging")

    def broken(_turn) -> bool:
        until((tmp_path / "started").exists)
        until((tmp_path / "started").read_text)
        raise ZeroDivisionError

    monkeypatch.setattr(board, "renew", broken)
    with pytest.raises(ZeroDivisionError):
        worker.work(NAME)

    assert not is_alive(int((tmp_path / "started").read_text()))


@pytest.mark.parametrize(
    ("error", "is_brief"),
    [
        pytest.param(sqlite3.OperationalError("disk is full"), True, id="the store fails"),
        pytest.param(ZeroDivisionError("disk is full"), False, id="it is another fault"),
    ],
)
def test_a_store_that_is_away_takes_a_line_of_the_log(error, is_brief):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Brief(sqlite3.Error))
    log = logging.Logger("huey.consumer.Worker")
    log.addHandler(handler)
    log.info("plain %d", 1)

    try:
        raise error
    except type(error):
        log.exception("Error reading from %s", "queue")

    first, *others = stream.getvalue().splitlines()
    assert first == "plain 1"
    assert others[0].startswith("Error reading from queue")
    assert "disk is full" in others[-1]
    assert (len(others) == 1) is is_brief


# --- Whole programs ----------------------------------------------------------------------------

LEASE = ("--lease", "2")


@pytest.mark.slow
def test_a_job_becomes_a_pull_request(forge, place, tmp_path):
    hosted = forge.host(NAME, ONE_FAULT)
    board = Board(opened(place))
    board.ask(NAME)
    with running("worker", "--queue", place, **signed_in(forge.url, tmp_path)) as program:
        until(lambda: job_of(board).phase is Phase.DONE)
        program.process.send_signal(signal.SIGTERM)
        assert program.wait() == 0

    assert [pull.branch for pull in hosted.open_pulls()] == ["wfix/api"]
    assert board.queue.add(Result.DONE, 0) == 1
    assert "t0ken" not in "".join(program.said)
    assert not list(tmp_path.glob("wfix-bot-*"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "phase", "result"),
    [
        (Fault(429, {"Retry-After": "30"}), Phase.QUEUED, Result.LIMITED),
        (Fault(500), Phase.QUEUED, Result.RETRIED),
        (Fault(403), Phase.FAILED, Result.FAILED),
    ],
)
def test_what_the_forge_says_decides_about_another_try(
    forge, place, tmp_path, fault, phase, result
):
    forge.host(NAME, ONE_FAULT)
    forge.fault = lambda _number, _request: fault
    board = Board(opened(place))
    board.ask(NAME)
    began = time.time()
    with running("worker", "--queue", place, **signed_in(forge.url, tmp_path)):
        until(lambda: board.queue.add(result, 0))

    job = job_of(board)
    assert job.phase is phase
    assert result is not Result.LIMITED or began + 30 < job.due <= time.time() + 30


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(entry.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux who started whom")
def test_a_killed_worker_is_followed_by_another_and_its_child_goes_with_it(forge, place, tmp_path):
    hosted = forge.host(NAME, ONE_FAULT)
    board = Board(opened(place), lease=2)
    board.ask(NAME)
    given = signed_in(forge.url, tmp_path)
    left: list[int] = []
    killed = start("worker", "--queue", place, *LEASE, **given)

    def kill(_number: int, request: str) -> None:
        if request.startswith("POST /repos") and not left:
            left.extend(children_of(killed.process.pid))
            killed.process.kill()

    forge.fault = kill
    killed.wait(SECONDS)
    assert len(left) == 1
    until(lambda: not is_alive(left[0]))
    assert job_of(board).phase is Phase.RUNNING
    with running("worker", "--queue", place, *LEASE, **given):
        until(lambda: job_of(board).expires < time.time())
        until(lambda: board.revive() or job_of(board).phase is Phase.DONE)
        until(lambda: job_of(board).phase is Phase.DONE)

    assert [pull.branch for pull in hosted.open_pulls()] == ["wfix/api"]
    assert len(hosted.pulls) == 1
    assert board.queue.add(Result.DONE, 0) == 1


def in_session(leader: int) -> list[str]:
    """The names of what lives in a session."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = entry.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(name)
    return found


@pytest.fixture
def hanging(forge):
    """A forge that answers everything but git, and tells when git has begun to wait."""
    forge.host(NAME, ONE_FAULT)
    begun, ended = threading.Event(), threading.Event()

    def hang(_number: int, request: str) -> None:
        if "/git/" in request:
            begun.set()
            ended.wait(2 * SECONDS)

    forge.fault = hang
    yield begun
    ended.set()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what is in a session")
@pytest.mark.parametrize(
    ("victim", "number"),
    [
        ("worker", signal.SIGKILL),
        ("worker", signal.SIGINT),
        ("child", signal.SIGKILL),
        ("child", signal.SIGTERM),
    ],
)
def test_git_outlives_neither_its_run_nor_the_worker(
    hanging, forge, place, tmp_path, victim, number
):
    Board(opened(place)).ask(NAME)
    with running("worker", "--queue", place, **signed_in(forge.url, tmp_path)) as program:
        assert hanging.wait(SECONDS)
        (child,) = children_of(program.process.pid)
        assert any(name.startswith("git") for name in in_session(child))

        os.kill(child if victim == "child" else program.process.pid, number)

        until(lambda: not in_session(child))


@pytest.mark.slow
def test_a_run_that_git_takes_too_long_for_says_so(hanging, forge, place, tmp_path):
    board = Board(opened(place))
    board.ask(NAME)
    limit = ("--job-timeout", 4)
    with running("worker", "--queue", place, *limit, **signed_in(forge.url, tmp_path)):
        until(lambda: job_of(board).phase is Phase.FAILED)

    assert job_of(board).problem == "git took more than 2 seconds"


@pytest.mark.slow
def test_a_repository_of_too_many_files_fails_and_may_be_let_in(forge, place, tmp_path):
    forge.host(NAME, ONE_FAULT)
    board = Board(opened(place))
    given = signed_in(forge.url, tmp_path)
    for most, phase, problem in (
        (2, Phase.FAILED, "the repository has more than 2 files and folders"),
        (200, Phase.DONE, ""),
    ):
        board.ask(NAME)
        with running("worker", "--queue", place, "--max-files", most, **given):
            until(lambda: job_of(board).phase in (Phase.DONE, Phase.FAILED))
        assert (job_of(board).phase, job_of(board).problem) == (phase, problem)


@pytest.mark.slow
def test_from_a_webhook_to_a_pull_request_and_no_further(forge, place, tmp_path):
    hosted = forge.host(NAME, ONE_FAULT)
    board = Board(opened(place))
    with (
        serving_webhooks(place) as service,
        running("worker", "--queue", place, **signed_in(forge.url, tmp_path)),
    ):
        body = push(NAME)
        assert service.post(body, **headers(body, "a")).status_code == 202
        until(lambda: board.queue.add(Result.DONE, 0) == 1)
        own = body.replace(b"refs/heads/main", b"refs/heads/wfix/api").replace(b'"User"', b'"Bot"')
        assert service.post(own, **headers(own, "b")).status_code == 204
        metrics = service.metrics()

    assert [pull.branch for pull in hosted.open_pulls()] == ["wfix/api"]
    assert metrics['wfix_bot_jobs{phase="done"}'] == 1
    assert metrics['wfix_bot_runs_total{result="done"}'] == 1
    assert job_of(board).phase is Phase.DONE


@pytest.mark.slow
def test_a_worker_gives_back_what_it_runs_when_it_is_interrupted(forge, place, tmp_path):
    forge.host(NAME, ONE_FAULT)
    board = Board(opened(place))
    board.ask(NAME)
    started = threading.Event()
    held = threading.Event()

    def hold(_number: int, _request: str) -> None:
        started.set()
        held.wait(SECONDS)

    forge.fault = hold
    with running("worker", "--queue", place, **signed_in(forge.url, tmp_path)) as program:
        assert started.wait(SECONDS)
        program.process.send_signal(signal.SIGINT)
        assert program.wait() == 0
    held.set()

    assert job_of(board).phase is Phase.QUEUED
    assert job_of(board).attempts == 0


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--workerd", "/nowhere/workerd"), "/nowhere/workerd does not exist"),
        (("--lease", "inf"), "--lease"),
        (("--job-timeout", "inf"), "--job-timeout"),
    ],
    ids=["a runtime that is not there", "a lease without an end", "a job without an end"],
)
def test_a_worker_that_could_do_no_job_does_not_begin(place, tmp_path, option, said):
    given = signed_in("http://127.0.0.1:1", tmp_path)
    with running("worker", "--queue", place, *option, **given) as program:
        assert program.wait() == 2

    assert said in "".join(program.said)


def test_an_answer_is_shorter_than_a_pipe_holds_unread(monkeypatch, capfdbinary):
    order = msgspec.json.encode(Order(NAME, Rules(), 1.0))
    monkeypatch.setattr(children, "orders", lambda: order)
    monkeypatch.setattr(child, "_run", lambda _order: Ended(Result.FAILED, "\N{SNOWMAN}" * 100_000))

    child.main()

    said = capfdbinary.readouterr().out
    assert len(said) < 4096
    assert msgspec.json.decode(said, type=Ended).result is Result.FAILED


def test_a_worker_without_a_sign_in_does_not_begin(place):
    from service import environment

    with running("worker", "--queue", place, **environment()) as program:
        assert program.wait() == 2

    assert "WFIX_BOT_TOKEN" in "".join(program.said)
