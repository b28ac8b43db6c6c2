"""Files that wfix writes beside a plan: whole, or as they were."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from codemod.writer import disk

BEFORE, AFTER = b"as it was", b"as it shall be"


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(BEFORE)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears(tmp_path):
    disk.write_whole(tmp_path / "new.json", AFTER)
    assert (tmp_path / "new.json").read_bytes() == AFTER
    assert names(tmp_path) == ["new.json"]


def test_a_new_file_has_the_mode_that_others_get(tmp_path):
    (tmp_path / "other").touch()
    disk.write_whole(tmp_path / "new", AFTER)
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_stood_there_is_replaced_and_its_mode_kept(target):
    target.chmod(0o640)
    disk.write_whole(target, AFTER)
    assert target.read_bytes() == AFTER
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert names(target.parent) == ["report.json"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only a superuser gives files away")
def test_the_owner_is_kept(target):
    os.chown(target, 12345, 12345)
    disk.write_whole(target, AFTER)
    assert (target.stat().st_uid, target.stat().st_gid) == (12345, 12345)


def test_a_link_stays_and_what_it_leads_to_is_replaced(target, tmp_path):
    (tmp_path / "link").symlink_to(target)
    disk.write_whole(tmp_path / "link", AFTER)
    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == AFTER


def test_a_link_to_nothing_makes_what_it_leads_to(tmp_path):
    (tmp_path / "link").symlink_to("new")
    disk.write_whole(tmp_path / "link", AFTER)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "new").read_bytes() == AFTER


# Each is called once, in this order; os.fsync flushes the file, and then the folder.
STEPS = [(os, "fsync"), (Path, "replace")]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=lambda item: getattr(item, "__name__", item))
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), SystemExit()])
def test_what_stood_there_stays_where_it_cannot_be_written(target, monkeypatch, owner, name, error):
    def fail(*_arguments):
        raise error

    monkeypatch.setattr(owner, name, fail)
    with pytest.raises(type(error)):
        disk.write_whole(target, AFTER)
    assert target.read_bytes() == BEFORE
    assert names(target.parent) == ["report.json"]


def test_a_file_that_is_not_to_be_written_is_not_replaced(target, monkeypatch):
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    with pytest.raises(PermissionError):
        disk.write_whole(target, AFTER)
    assert target.read_bytes() == BEFORE


def test_a_folder_is_no_place_for_a_file(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        disk.write_whole(tmp_path / "folder", AFTER)
    assert names(tmp_path) == ["folder"]


WRITE = "import sys; from pathlib import Path; from codemod.writer import disk; "
WRITE += f"disk.write_whole(Path(sys.argv[1]), {AFTER!r})"


@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_an_open_file_is_written_to_as_it_is(tmp_path, path):
    """A file renamed over it would be another one than its opener has; this one has text before."""
    with (tmp_path / "out").open("wb") as stream:
        stream.write(b"before ")
        stream.flush()
        subprocess.run([sys.executable, "-c", WRITE, path], stdout=stream, check=True)
    assert (tmp_path / "out").read_bytes() == b"before " + AFTER
    assert names(tmp_path) == ["out"]


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    process = subprocess.Popen([sys.executable, "-c", WRITE, tmp_path / "pipe"])
    assert (tmp_path / "pipe").read_bytes() == AFTER
    assert process.wait() == 0
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_device_is_written_to_and_stays_one():
    disk.write_whole(Path("/dev/null"), AFTER)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
