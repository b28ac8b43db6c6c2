"""Stores, and a board whose clock only moves when a test moves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import uuid4

import pytest
from stores import STORES, fresh, is_missing, store

from codemod.bot.service.board import Board
from codemod.bot.service.queue import Queue, opened

SLOW = [pytest.param(kind, marks=pytest.mark.slow) for kind in STORES if kind != "sqlite"]


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Callable[[str], str]]:
    """Starts a server of a kind where there is none yet, and says its URL."""
    urls: dict[str, str] = {}
    with ExitStack() as stack:

        def url_of(kind: str) -> str:
            if is_missing(kind):
                pytest.skip(f"there is no {kind} on this machine")
            if kind not in urls:
                urls[kind] = stack.enter_context(store(kind, tmp_path_factory.mktemp("store")))
            return urls[kind]

        yield url_of


@pytest.fixture(params=["sqlite", *SLOW])
def url(request, server, tmp_path) -> str:
    """An empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'queue.db'}"
    return fresh(server(request.param), f"t{uuid4().hex}")


@pytest.fixture
def queue(url) -> Queue:
    return opened(url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board(queue, clock) -> Board:
    return Board(queue, lease=60, clock=clock)
