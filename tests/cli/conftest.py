"""The program as a user runs it, and repositories to run it on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from repositories import ATLAS, CASES, commit, copy

from codemod import cli
from codemod.runtime import workerd


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def wfix(monkeypatch, capfdbinary):
    def run(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["wfix", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfdbinary.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, out.decode(), err.decode())

    return run


@pytest.fixture(autouse=True)
def no_runtime(monkeypatch) -> None:
    """Nothing is proved on the runtime unless a test brings one: this machine may have its own."""
    monkeypatch.delenv(workerd.VARIABLE, raising=False)
    monkeypatch.setattr(workerd, "_on_path", lambda _environment: iter(()))


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    """A committed repository with one fault, and the current folder."""
    folder = commit(copy(CASES / "durable_object_declared/before", tmp_path / "faulty"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def sound(tmp_path, monkeypatch):
    folder = commit(copy(CASES / "default_only/before", tmp_path / "sound"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def atlas(tmp_path):
    return commit(copy(ATLAS, tmp_path / "atlas"))
