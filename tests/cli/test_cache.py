"""``--no-cache`` and ``wfix cache clean``."""

import sys

import pytest


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder of the user's cache, empty so far."""
    name = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    monkeypatch.setenv(name, str(tmp_path / "kept"))
    return tmp_path / "kept"


def files(kept):
    return [path for path in kept.rglob("*") if path.is_file()]


def entries(kept):
    """The files that are no pieces of others."""
    return [path for path in files(kept) if "." not in path.name]


def test_the_second_run_says_the_same(wfix, faulty, kept):
    first = wfix("check", "--output-format", "json")
    # What was read, and what was found in it: for `map` nothing else is found.
    assert len(entries(kept)) == 2
    assert wfix("check", "--output-format", "json") == first
    assert wfix("check", "--output-format", "json", "--no-cache") == first
    assert wfix("map", "--format", "json").out == wfix("map", "--format", "json", "--no-cache").out
    assert len(entries(kept)) == 2


@pytest.mark.parametrize("command", ["check", "plan", "map", "verify", "apply"])
def test_nothing_is_kept_that_is_not_to_be(wfix, sound, kept, command):
    wfix(command, "--no-cache")
    assert not files(kept)


def test_what_was_applied_is_seen(wfix, faulty, kept):
    assert wfix("check").code == 1
    assert wfix("apply", "--unsafe-fixes", "--allow-dirty").code == 0
    assert wfix("check").out == wfix("check", "--no-cache").out


def test_clean_removes_what_is_kept(wfix, faulty, kept):
    wfix("check")
    cleaned = wfix("cache", "clean")
    assert (cleaned.code, files(kept)) == (0, [])
    assert cleaned.err.startswith("removed 2 of what was kept in ")
    assert wfix("cache", "clean").err.startswith("removed 0 ")


def test_a_folder_that_the_repository_could_write_is_not_used(wfix, faulty, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(faulty / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(faulty / "cache"))
    wfix("check")
    assert not (faulty / "cache").exists()


def test_a_file_in_the_folders_place_is_done_without(wfix, faulty, kept):
    kept.write_text("")
    assert wfix("check") == wfix("check", "--no-cache")
