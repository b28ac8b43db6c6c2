"""Signals and other runs at the same time: the tree is as before or as planned, never between."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import ATLAS

from codemod.writer import transaction

# Runs wfix, and sends itself a signal at the given file operation, before it or after it.
INTERRUPTED = """
import os, sys
from codemod.cli import main
from codemod.writer import transaction

number, wanted, is_after = int(sys.argv.pop(1)), int(sys.argv.pop(1)), sys.argv.pop(1) == "after"
count = 0

def counted(operation):
    def run(*arguments):
        global count
        count += 1
        here = count == wanted
        if here and not is_after:
            os.kill(os.getpid(), number)
        result = operation(*arguments)
        if here and is_after:
            os.kill(os.getpid(), number)
        return result
    return run

for name in ("write_new", "rename", "discard", "stage", "sync_folder"):
    setattr(transaction, name, counted(getattr(transaction, name)))
main()
"""
APPLY = ("apply", "--allow-no-vcs")


@pytest.fixture
def atlas(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ATLAS, tmp_path / "atlas"))


def start(root: Path, *arguments: str, script: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", script or "from codemod.cli import main; main()", *arguments],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    _, err = process.communicate(timeout=120)
    assert b"Traceback" not in err, err.decode()
    return process.returncode, err


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and transaction.STATE_FOLDER not in path.relative_to(root).parts
    }


@pytest.fixture
def after(atlas: Path, tmp_path: Path) -> dict[str, bytes]:
    copy = Path(shutil.copytree(atlas, tmp_path / "applied"))
    assert finish(start(copy, *APPLY))[0] == 0
    return files(copy)


# An apply of two files has 16 such operations and more: past the last one, it ends undisturbed.
EVERYDAY = [(signal.SIGINT, 9, "after")]
SLOW = [
    pytest.param(number, wanted, when, marks=pytest.mark.slow)
    for number in (signal.SIGINT, signal.SIGTERM)
    for wanted in (*range(1, 31, 3), 9, 12)
    for when in ("before", "after")
    if (number, wanted, when) not in EVERYDAY
]


@pytest.mark.parametrize(("number", "wanted", "when"), [*EVERYDAY, *SLOW])
def test_an_interrupt_leaves_no_half_state_and_no_temporary_file(
    atlas, after, number, wanted, when
):
    before = files(atlas)
    process = start(atlas, str(int(number)), str(wanted), when, *APPLY, script=INTERRUPTED)
    code, _ = finish(process)
    assert code != -number
    assert files(atlas) in (before, after)
    assert finish(start(atlas, "plan"))[0] == 0
    assert files(atlas) in (before, after)
    assert not (atlas / transaction.STATE_FOLDER / "journal.json").exists()


@pytest.mark.slow
def test_of_two_applies_at_once_the_tree_has_one(atlas, after):
    runs = [start(atlas, *APPLY) for _ in range(2)]
    codes = sorted(finish(process)[0] for process in runs)
    # The second finds nothing left to do, a plan gone stale, or the lock held.
    assert codes[0] == 0
    assert codes[1] in (0, 4, 5)
    assert files(atlas) == after


@pytest.mark.slow
def test_an_apply_beside_a_rollback_leaves_one_of_both(atlas, after):
    before = files(atlas)
    assert finish(start(atlas, *APPLY))[0] == 0
    runs = [start(atlas, "rollback"), start(atlas, *APPLY)]
    for process in runs:
        assert finish(process)[0] in (0, 4, 5)
    assert files(atlas) in (before, after)
