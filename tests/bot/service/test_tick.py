"""What happens from time to time."""

import os
import sqlite3
import time
from contextlib import closing

import pytest
from forge import serving
from service import running, signed_in

from codemod.bot.service.board import Board
from codemod.bot.service.jobs import Ended, Result
from codemod.bot.service.queue import opened
from codemod.bot.service.tick import Ticked, tick

DAY = 24 * 3600.0
NAMES = ["acme/a", "acme/b"]


@pytest.fixture
def board(tmp_path, monkeypatch) -> Board:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return Board(opened(f"sqlite:///{tmp_path / 'queue.db'}"))


def names(board: Board) -> set[str]:
    return {job.repository for job in board.jobs()}


def test_each_repository_is_asked_for_once_an_interval(board):
    assert tick(board, NAMES, DAY, listed=time.time()) == Ticked(2, 0, 0, 0)
    assert tick(board, NAMES, DAY, listed=time.time()) == Ticked(0, 0, 0, 0)
    board.end(board.take("acme/a"), Ended(Result.DONE))
    board.end(board.take("acme/b"), Ended(Result.FAILED))
    assert tick(board, NAMES, DAY, listed=time.time()) == Ticked(0, 0, 0, 0)
    assert tick(board, NAMES, 0, listed=time.time()) == Ticked(2, 0, 0, 0)


@pytest.mark.parametrize(
    ("happens", "code", "said"),
    [
        pytest.param(
            "create trigger full before insert on wfix_records "
            "begin select raise(fail, 'the disk is full'); end",
            1,
            "wfix: the queue fails, run it again: the disk is full",
            id="the queue is full",
        ),
        pytest.param("select 1", 0, "queued 1, ", id="it is well"),
    ],
)
def test_what_a_queue_fails_of_is_told_in_a_line(tmp_path, happens, code, said):
    path = tmp_path / "queue.db"
    opened(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as store:
        store.execute(happens)
        store.commit()

    given = signed_in("http://127.0.0.1:1", tmp_path)
    with running("tick", "acme/a", "--queue", f"sqlite:///{path}", **given) as program:
        assert program.wait() == code

    assert said in program.said[-1]
    assert "Traceback" not in "".join(program.said)


def test_what_is_not_installed_any_more_is_forgotten(board):
    tick(board, [*NAMES, "acme/c"], DAY, listed=time.time())

    assert tick(board, [name.upper() for name in NAMES], DAY, listed=time.time()).forgotten == 1
    assert names(board) == {*NAMES}


def test_what_came_while_the_rest_was_listed_is_not_forgotten(board):
    began = time.time()
    board.ask("acme/new")
    turn = board.take("acme/new")

    assert tick(board, NAMES, DAY, listed=began).forgotten == 0
    assert board.renew(turn)
    assert tick(board, NAMES, DAY, listed=time.time()).forgotten == 1
    assert not board.renew(turn)


def test_naming_some_forgets_no_others(board):
    tick(board, NAMES, DAY, listed=time.time())

    assert tick(board, ["acme/c"], DAY, listed=None) == Ticked(1, 0, 0, 0)
    assert names(board) == {*NAMES, "acme/c"}


def test_only_old_folders_of_runs_are_removed(board, tmp_path):
    old = time.time() - 2 * DAY
    for name in ("wfix-bot-old", "other-old", "wfix-bot-new"):
        (tmp_path / name / "deep").mkdir(parents=True)
    for name in ("wfix-bot-old", "other-old"):
        os.utime(tmp_path / name, (old, old))
    outside = tmp_path / "outside"
    outside.mkdir()
    os.utime(outside, (old, old))
    (tmp_path / "wfix-bot-link").symlink_to(outside)

    assert tick(board, [], DAY, listed=None).removed == 1

    left = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert left == {"other-old", "wfix-bot-new", "wfix-bot-link", "outside"}


@pytest.mark.slow
def test_the_program_says_what_it_did(tmp_path):
    queue = f"sqlite:///{tmp_path / 'queue.db'}"
    folder = tmp_path / "forge"
    folder.mkdir()
    with serving(folder) as forge:
        given = signed_in(forge.url, tmp_path)
        with running("tick", *NAMES, "--queue", queue, **given) as program:
            assert program.wait() == 0
        with running("tick", "--queue", queue, **given) as nameless:
            assert nameless.wait() == 1

    assert program.said[-1] == "queued 2, forgot 0, revived 0, removed 0 folders\n"
    assert "only an app knows where it is installed" in nameless.said[-1]
