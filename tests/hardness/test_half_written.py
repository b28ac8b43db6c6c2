"""Nothing is half written: not where files may not grow, nor on a full disk, nor over changes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

APPLY = ("apply", "--allow-no-vcs", "--unsafe-fixes")


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".wfix" not in path.parts
    }


def test_an_apply_writes_beside_a_hostile_neighbour(wfix, root):
    (root / "h").mkdir()
    os.mkfifo(root / "h/wrangler.jsonc")
    assert wfix(root, *APPLY).code == 7
    assert b"entrypoint" in (root / "caller/wrangler.jsonc").read_bytes()


@pytest.mark.parametrize(
    "size", [50, *(pytest.param(size, marks=pytest.mark.slow) for size in (0, 1, 100))]
)
def test_nothing_is_half_written_where_files_may_not_grow(wfix, root, size):
    before = files(root)
    ran = wfix(root, *APPLY, file_size=size)
    assert ran.code in (5, 6)
    assert files(root) == before


@pytest.mark.slow
@pytest.mark.parametrize("room", [4, 8, 12, 16, 20, 24, 28, 32])
def test_nothing_is_half_written_where_the_disk_is_full(wfix, root, tmp_path, room):
    with small_disk(tmp_path / "disk") as disk:
        subprocess.run(["cp", "-r", root, disk / "root"], check=True)
        fill(disk, room * 1024)
        before = files(disk / "root")
        ran = wfix(disk / "root", *APPLY)
        written = ran.code == 0
        assert ran.code in (0, 5, 6)
        assert (files(disk / "root") == before) is not written
        assert not list(disk.rglob("*.wfix-*"))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(disk: Path, room: int) -> None:
    """Takes all of the disk but ``room`` bytes."""
    state = os.statvfs(disk)
    (disk / "ballast").write_bytes(b"\0" * max(state.f_bavail * state.f_bsize - room, 0))


@pytest.mark.slow
def test_a_plan_that_a_file_left_behind_is_stale(wfix, root):
    assert wfix(root, "plan", "-o", "plan.json").code == 0
    path = root / "caller/wrangler.jsonc"
    path.write_bytes(path.read_bytes() + b"// later\n")
    before = files(root)
    ran = wfix(root, "apply", "plan.json", "--allow-no-vcs")
    assert ran.code == 4
    assert files(root) == before


WRITTEN = {
    "a plan file": ("plan", "-o", "out"),
    "a report": ("check", "-o", "out"),
    "a baseline": ("check", "--baseline", "out", "--write-baseline"),
}
EVERYDAY = ("a plan file", 100)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        (name, size)
        if (name, size) == EVERYDAY
        else pytest.param(name, size, marks=pytest.mark.slow)
        for name in WRITTEN
        for size in (0, 100)
    ],
)
def test_what_stood_there_stays_where_files_may_not_grow(wfix, root, name, size):
    (root / "out").write_bytes(b"theirs")
    before = files(root)
    ran = wfix(root, *WRITTEN[name], file_size=size)
    assert ran.code == 2
    assert ran.err.splitlines()[-1] == b"wfix: cannot write out: File too large"
    assert files(root) == before


@pytest.mark.slow
def test_no_configuration_is_begun_where_files_may_not_grow(wfix, root):
    before = files(root)
    ran = wfix(root, "init", file_size=100)
    assert ran.code == 2
    assert ran.err == b"wfix: cannot write wfix.toml: File too large\n"
    assert files(root) == before
