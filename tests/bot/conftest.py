"""A forge on loopback with one repository of Workers, and the bot signed in there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bots import NAME, ONE_FAULT, Bot, client_of
from forge import Forge, serving
from prism import Prism, listening


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    folder = tmp_path / "forge"
    folder.mkdir()
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="session")
def prism(forge_tools) -> Iterator[Prism]:
    with listening(forge_tools.node, forge_tools.packages) as running:
        yield running


@pytest.fixture
def guarded(forge: Forge, prism: Prism) -> Iterator[None]:
    """What the forge is asked, and what it answers, has to hold to GitHub's own description."""
    prism.guard(forge)
    yield
    assert forge.violations == []


@pytest.fixture
def bot_in(forge: Forge):
    """A bot for a repository with the given files, None leaves it empty."""

    def build(files: dict[str, str] | None) -> Bot:
        return Bot(forge, forge.host(NAME, files), client_of(forge))

    return build


@pytest.fixture
def bot(bot_in) -> Bot:
    """A bot for a repository in which one target needs a repair."""
    return bot_in(ONE_FAULT)
