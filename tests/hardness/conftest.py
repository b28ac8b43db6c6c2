"""The program in a process of its own, with limits of time and memory."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from repositories import CASES

SECONDS = 60
"""A busy machine takes a few: what hangs, or tries exponentially many ways, takes them all."""
MEMORY = 1 << 30
WFIX = (sys.executable, "-c", "from codemod.cli import main; main()")


@dataclass(frozen=True)
class Ran:
    code: int
    out: bytes
    err: bytes


@pytest.fixture
def wfix() -> Callable[..., Ran]:
    """Runs a command in a folder; fails where it takes too long, or ends in a traceback."""

    def run(root: Path, *arguments: str, file_size: int | None = None) -> Ran:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            if file_size is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

        process = subprocess.run(
            [*WFIX, *arguments],
            cwd=root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=SECONDS,
            preexec_fn=limit,
        )
        assert b"Traceback" not in process.stderr, process.stderr.decode(errors="replace")
        assert process.returncode >= 0, process
        return Ran(process.returncode, process.stdout, process.stderr)

    return run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one fault, which is found whatever else stands in it."""
    return Path(shutil.copytree(CASES / "durable_object_declared/before", tmp_path / "root"))


def environment() -> dict[str, str]:
    # No runtime: what is proved on one takes longer than what is tested here.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
