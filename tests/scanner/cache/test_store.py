"""Entries on disk: whole or absent, the user's own, and bounded."""

import multiprocessing
import os
import sys
from pathlib import Path

import pytest

from codemod.scanner.cache import store
from codemod.scanner.cache.store import Store, user_folder

ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links of POSIX")


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", "/home/me/.cache/wfix"),
        ({"XDG_CACHE_HOME": "/var/cache/me"}, "linux", "/var/cache/me/wfix"),
        # The specification says that a relative path is to be ignored: it would be a repository's.
        ({"XDG_CACHE_HOME": "cache"}, "linux", "/home/me/.cache/wfix"),
        ({"XDG_CACHE_HOME": ""}, "linux", "/home/me/.cache/wfix"),
        ({}, "darwin", "/home/me/Library/Caches/wfix"),
        ({"XDG_CACHE_HOME": "/var/cache/me"}, "win32", "/home/me/AppData/Local/wfix/Cache"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/wfix/Cache"),
    ],
)
def test_the_users_folder_follows_the_platforms_conventions(environment, platform, expected):
    assert user_folder(environment, Path("/home/me"), platform) == Path(expected)


def test_what_is_written_is_read(tmp_path):
    kept = Store(tmp_path / "deep" / "cache")
    kept.write("a", b"content")
    kept.write("b", b"")
    assert (kept.read("a"), kept.read("b"), kept.read("c")) == (b"content", b"", None)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: content + b"x",
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: b"x" + content[1:],
        lambda content: b"\x80\x04\x95.",
    ],
    ids=["cut", "half", "empty", "longer", "a bit", "mark", "a pickle"],
)
def test_a_damaged_entry_is_absent_and_replaced(tmp_path, damage):
    kept = Store(tmp_path / "cache")
    kept.write("a", b"some content")
    path = tmp_path / "cache" / "a"
    path.write_bytes(damage(path.read_bytes()))
    assert kept.read("a") is None
    kept.write("a", b"new")
    assert kept.read("a") == b"new"


def test_an_entry_under_another_name_is_not_believed(tmp_path):
    kept = Store(tmp_path / "cache")
    kept.write("a", b"content")
    (tmp_path / "cache" / "a").rename(tmp_path / "cache" / "b")
    assert kept.read("b") is None


@ON_POSIX
def test_only_the_user_can_read_and_write_entries(tmp_path):
    kept = Store(tmp_path / "cache")
    kept.write("a", b"content")
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "cache", tmp_path / "cache" / "a")}
    assert modes == {0o700, 0o600}


@ON_POSIX
@pytest.mark.parametrize("place", ["cache", "cache/a"])
def test_what_others_can_write_is_not_believed(tmp_path, place):
    kept = Store(tmp_path / "cache")
    kept.write("a", b"content")
    (tmp_path / place).chmod(0o777)
    assert kept.read("a") is None


@ON_POSIX
def test_no_link_is_followed_to_an_entry_or_a_folder(tmp_path):
    elsewhere = Store(tmp_path / "elsewhere")
    elsewhere.write("a", b"planted")
    (tmp_path / "cache").symlink_to(tmp_path / "elsewhere")
    planted = Store(tmp_path / "cache")
    assert planted.read("a") is None
    planted.write("b", b"content")
    assert planted.clean() == 0
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["a"]
    own = Store(tmp_path / "own")
    own.write("b", b"content")
    (tmp_path / "own" / "a").symlink_to(tmp_path / "elsewhere" / "a")
    assert own.read("a") is None
    assert own.clean() == 1
    assert elsewhere.read("a") == b"planted"


@ON_POSIX
def test_a_pipe_in_an_entrys_place_is_not_waited_for(tmp_path):
    kept = Store(tmp_path / "cache")
    kept.write("b", b"content")
    os.mkfifo(tmp_path / "cache" / "a")
    assert kept.read("a") is None


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "file").write_text("")
    kept = Store(tmp_path / "file" / "cache")
    kept.write("a", b"content")
    assert kept.read("a") is None
    assert kept.clean() == 0


def test_a_full_disk_leaves_the_entry_that_was_there(tmp_path, monkeypatch):
    kept = Store(tmp_path / "cache")
    kept.write("a", b"content")

    class Full:
        def __init__(self, handle, _mode):
            os.close(handle)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def write(self, _content):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fdopen", Full)
    kept.write("a", b"new")
    monkeypatch.undo()
    assert kept.read("a") == b"content"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["a"]


def test_the_entries_not_used_for_longest_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "MAX_BYTES", 450)
    kept = Store(tmp_path)
    for age, name in enumerate(("a", "b", "c")):
        kept.write(name, bytes(100))
        os.utime(tmp_path / name, (1_000 + age, 1_000 + age))
    assert kept.read("a") is not None
    kept.write("d", bytes(100))
    assert [name for name in "abcd" if (tmp_path / name).exists()] == ["a", "c", "d"]


def test_an_entry_that_is_too_large_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "MAX_ENTRY", 10)
    kept = Store(tmp_path / "cache")
    kept.write("a", bytes(11))
    assert not (tmp_path / "cache").exists()


def test_what_a_killed_run_left_is_removed_in_time(tmp_path):
    kept = Store(tmp_path / "cache")
    kept.write("a", b"content")
    for name, age in ((".new-old", 1_000), (".new-young", None)):
        (tmp_path / "cache" / name).write_bytes(b"half")
        if age:
            os.utime(tmp_path / "cache" / name, (age, age))
    kept.write("b", b"content")
    assert {path.name for path in (tmp_path / "cache").iterdir()} == {"a", "b", ".new-young"}
    assert kept.clean() == 2
    assert not list((tmp_path / "cache").iterdir())


def _write_often(folder: Path, content: bytes) -> None:
    kept = Store(folder)
    for _ in range(30):
        kept.write("a", content * 20_000)


@pytest.mark.slow
def test_runs_at_the_same_time_see_whole_entries_alone(tmp_path):
    folder = tmp_path / "cache"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_often, args=(folder, sign)) for sign in (b"x", b"y")]
    kept = Store(folder)
    kept.write("a", b"x" * 20_000)
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        seen.add(kept.read("a"))
    for writer in writers:
        writer.join()
    assert seen <= {b"x" * 20_000, b"y" * 20_000}
    assert [writer.exitcode for writer in writers] == [0, 0]


def test_a_run_that_is_killed_while_it_writes_harms_nothing(tmp_path):
    folder = tmp_path / "cache"
    kept = Store(folder)
    kept.write("a", b"x" * 20_000)
    context = multiprocessing.get_context("spawn")
    writer = context.Process(target=_write_often, args=(folder, b"y"))
    writer.start()
    while writer.is_alive() and kept.read("a") != b"y" * 20_000:
        pass
    writer.kill()
    writer.join()
    assert kept.read("a") == b"y" * 20_000
