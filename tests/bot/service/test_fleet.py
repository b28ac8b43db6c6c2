"""A fleet of repositories and workers of which one is killed on the way.

WFIX_FLEET is how many repositories there are (40 where it is not set).
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from bots import host_of_objects, worker
from forge import Forge, Hosted, serving
from service import running, signed_in
from stores import STORES, fresh

from codemod.bot.service.board import Board
from codemod.bot.service.jobs import Phase, Result
from codemod.bot.service.queue import opened

SIZE = int(os.environ.get("WFIX_FLEET", "40"))
WORKERS = 4
LEASE = 4.0
MOST_SECONDS_EACH = 15
FILES = {**host_of_objects("api"), **worker("web", "api"), "wfix.toml": ""}
ABOUT = re.compile(r"\w+ /repos/(acme/w\d+)\b")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Run:
    """One run over a repository: the numbers of its first and its last request to the forge."""

    first: int
    last: int


@pytest.fixture(params=STORES)
def place(request, server, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'queue.db'}"
    return fresh(server(request.param), f"fleet{uuid4().hex}")


@pytest.fixture
def forge(tmp_path) -> Iterator[Forge]:
    folder = tmp_path / "forge"
    folder.mkdir()
    with serving(folder) as running_forge:
        host_fleet(running_forge, SIZE)
        yield running_forge


def host_fleet(forge: Forge, size: int) -> None:
    first = forge.host("acme/w0", FILES)
    for number in range(1, size):
        name = f"acme/w{number}"
        copied = forge.folder / f"{name}.git"
        shutil.copytree(first.git, copied)
        forge.repositories[name] = Hosted(name, copied)


def work_off(place: str, forge: Forge, folder: Path, workers: int, *, kill: bool) -> float:
    """Has the fleet worked off; one worker is killed after a quarter of it. Seconds it took."""
    board = Board(opened(place), lease=LEASE)
    for name in forge.repositories:
        board.ask(name)
    started = time.monotonic()
    deadline = started + len(forge.repositories) * MOST_SECONDS_EACH
    given = signed_in(forge.url, folder) | {"WFIX_BOT_QUEUE": place}
    with ExitStack() as stack:
        programs = [
            stack.enter_context(running("worker", "--workers", 1, "--lease", LEASE, **given))
            for _ in range(workers)
        ]
        while not all(job.phase is Phase.DONE for job in board.jobs()):
            assert time.monotonic() < deadline, programs[-1].said[-20:]
            done = board.queue.add(Result.DONE, 0)
            if kill and programs[0].process.poll() is None and done >= len(forge.repositories) // 4:
                programs[0].process.kill()
            board.revive()
            time.sleep(0.5)
    return time.monotonic() - started


def runs(forge: Forge) -> dict[str, list[Run]]:
    """The runs over each repository, told apart by the connections that they asked through."""
    found: dict[tuple[str, int], Run] = {}
    for number, (connection, request) in enumerate(forge.connections):
        about = ABOUT.match(request)
        if about:
            key = (about[1], connection)
            found[key] = Run(found[key].first if key in found else number, number)
    by_name: dict[str, list[Run]] = {}
    for (name, _), run in sorted(found.items(), key=lambda item: item[1].first):
        by_name.setdefault(name, []).append(run)
    return by_name


def test_every_repository_once_and_none_twice_at_a_time(place, forge, tmp_path):
    work_off(place, forge, tmp_path, WORKERS, kill=True)

    by_name = runs(forge)
    again = [name for name, found in by_name.items() if len(found) > 1]
    assert set(by_name) == set(forge.repositories)
    # The one that the killed worker was at, if it had asked the forge already.
    assert len(again) <= 1
    for found in by_name.values():
        assert all(earlier.last < later.first for earlier, later in pairwise(found))
    for hosted in forge.repositories.values():
        assert [pull.branch for pull in hosted.pulls.values()] == ["wfix/api"], hosted.name
    assert Board(opened(place)).queue.add(Result.DONE, 0) == SIZE
