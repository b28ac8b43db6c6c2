"""`wfix bot run` as it is called: signed in by its environment, one second between two writes."""

import os
import tempfile
import time
from itertools import pairwise

import pytest
from bots import NAME, ONE_FAULT
from forge import BOT, TOKEN, serving
from repositories import commit, git


@pytest.fixture
def forge(tmp_path):
    folder = tmp_path / "forge"
    folder.mkdir()
    with serving(folder) as running:
        yield running


@pytest.fixture
def bot_run(forge, wfix, tmp_path, monkeypatch):
    """Runs ``wfix bot run`` with more arguments."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in [name for name in os.environ if name.startswith(("WFIX_", "GITHUB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WFIX_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("WFIX_BOT_API_URL", forge.url)
    monkeypatch.setenv("WFIX_BOT_LOGIN", BOT)
    return lambda *arguments: wfix("bot", "run", *arguments)


def test_a_run_says_what_it_did_and_takes_its_time(forge, bot_run):
    hosted = forge.host(NAME, {**ONE_FAULT, "wfix.toml": '[bot]\nlabels = ["a"]'})
    writes: list[float] = []

    def note(_number: int, request: str) -> None:
        if not request.startswith("GET") and "/git/" not in request:
            writes.append(time.monotonic())

    forge.fault = note
    ran = bot_run(NAME)

    assert (ran.code, ran.err) == (0, f"{NAME}: done\n")
    assert ran.out == "wfix/api (pull request 1): opened: 1 fault in 1 file\n"
    assert hosted.pulls[1].labels == ["a"]
    assert len(writes) == 3
    assert all(later - earlier >= 1 for earlier, later in pairwise(writes))


@pytest.mark.parametrize(
    ("dry_run", "said"),
    [
        ("scan", ""),
        ("plan", "wfix/api: opened: Repair the calls around api\n"),
        ("full", "wfix/api: opened: 1 fault in 1 file\n"),
    ],
)
def test_a_dry_run(forge, bot_run, dry_run, said):
    hosted = forge.host(NAME, ONE_FAULT)

    ran = bot_run(NAME, "--dry-run", dry_run)

    assert (ran.code, ran.out, hosted.pulls) == (0, said, {})
    assert "nothing was changed" in ran.err


@pytest.mark.parametrize("origin", [f"https://127.0.0.1/{NAME}.git", f"git@127.0.0.1:{NAME}.git"])
def test_a_folder_stands_for_its_remote(forge, bot_run, tmp_path, origin):
    forge.host(NAME, {"README.md": "x"})
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    git(commit(folder), "remote", "add", "origin", origin)

    assert bot_run(folder).err == f"{NAME}: no Worker is in it\n"


@pytest.mark.parametrize("origin", [f"https://forge/{NAME}.git", f"git@forge:{NAME}.git"])
def test_a_folder_whose_remote_is_elsewhere(forge, bot_run, tmp_path, origin):
    forge.host(NAME, ONE_FAULT)
    (tmp_path / "a.txt").write_text("x")
    git(commit(tmp_path), "remote", "add", "origin", origin)

    ran = bot_run(tmp_path)

    assert (ran.code, "is not on 127.0.0.1" in ran.err) == (2, True)


def test_a_folder_without_a_remote(bot_run, tmp_path):
    ran = bot_run(tmp_path)

    assert (ran.code, "has no remote called origin" in ran.err) == (2, True)


@pytest.mark.parametrize("name", ["workers", "a/b/c", "/b", "a/"])
def test_what_is_no_repository(bot_run, name):
    ran = bot_run(name)

    assert (ran.code, "OWNER/REPO" in ran.err) == (2, True)


def test_without_a_sign_in(bot_run, monkeypatch):
    monkeypatch.setenv("WFIX_BOT_TOKEN", "")

    ran = bot_run(NAME)

    assert (ran.code, "WFIX_BOT_TOKEN" in ran.err) == (2, True)


def test_what_the_forge_refuses_is_told_without_the_token(forge, bot_run):
    ran = bot_run(NAME)

    assert (ran.code, ran.err) == (1, "wfix: GET /repos/acme/workers: 404 Not Found\n")
    assert TOKEN not in ran.out + ran.err
