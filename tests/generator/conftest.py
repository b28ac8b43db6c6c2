"""Repositories of a Worker and those it is bound to, and additions to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from codemod import generator, scan
from codemod.generator import Generated, diagnose, facade, fallback, health
from codemod.settings import Settings

HERE = Path(__file__).parent
MAKERS = {
    "diagnose": diagnose.make,
    "facade": facade.make,
    "fallback": fallback.make,
    "health": health.make,
}


@pytest.fixture
def repository(tmp_path) -> Callable[[Mapping[str, str]], Path]:
    """Writes files, by their paths, into a folder."""

    def write(files: Mapping[str, str]) -> Path:
        root = tmp_path / "repository"
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        return root

    return write


@pytest.fixture
def with_targets(tmp_path) -> Callable[[str], Path]:
    """A copy of a folder of ``workers`` as ``caller``, beside the Workers that it is bound to."""

    def copy(name: str) -> Path:
        root = tmp_path / name
        shutil.copytree(HERE / "targets", root)
        shutil.copytree(HERE / "workers" / name, root / "caller")
        return root

    return copy


@pytest.fixture
def add() -> Callable[..., Generated]:
    """Makes an addition to the Worker ``caller`` and writes it, unless ``write`` says not to."""

    def make(
        root: Path,
        kind: str,
        worker: str = "caller",
        *,
        wire: bool = False,
        write: bool = True,
        settings: Settings | None = None,
    ) -> Generated:
        settings = settings or Settings()
        made = generator.generate(scan(root), settings, MAKERS[kind], worker, wire=wire)
        for change in made.changes if write else ():
            target = root / change.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(change.after)
        return made

    return make
