"""Repositories for tests: copies of the project's own, under git."""

from __future__ import annotations

import subprocess
from pathlib import Path

_TESTS = Path(__file__).parents[1]
CASES = _TESTS / "rules/poisoned_binding"
ATLAS = _TESTS.parent / "examples/atlas"


def copy(source: Path, target: Path) -> Path:
    subprocess.run(["cp", "-r", source, target], check=True)
    return target


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    ran = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return ran.stdout


def commit(folder: Path) -> Path:
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "as it was")
    return folder
