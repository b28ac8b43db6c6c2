"""`wfix bot run` as a program: signed in by its environment, one second between two writes."""

import os
import subprocess
import sys
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
def wfix(forge, tmp_path):
    """Runs ``wfix bot run`` with more arguments."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {"WFIX_BOT_TOKEN": TOKEN, "WFIX_BOT_API_URL": forge.url, "WFIX_BOT_LOGIN": BOT}
        return subprocess.run(
            [sys.executable, "-m", "codemod", "bot", "run", *map(str, arguments)],
            env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), **given, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_run_says_what_it_did_and_takes_its_time(forge, wfix):
    hosted = forge.host(NAME, {**ONE_FAULT, "wfix.toml": '[bot]\nlabels = ["a"]'})
    writes: list[float] = []

    def note(_number: int, request: str) -> None:
        if not request.startswith("GET") and "/git/" not in request:
            writes.append(time.monotonic())

    forge.fault = note
    ran = wfix(NAME)

    assert (ran.returncode, ran.stderr) == (0, f"{NAME}: done\n")
    assert ran.stdout == "wfix/api (pull request 1): opened: 1 fault in 1 file\n"
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
def test_a_dry_run(forge, wfix, dry_run, said):
    hosted = forge.host(NAME, ONE_FAULT)

    ran = wfix(NAME, "--dry-run", dry_run)

    assert (ran.returncode, ran.stdout, hosted.pulls) == (0, said, {})
    assert "nothing was changed" in ran.stderr


@pytest.mark.parametrize("origin", [f"https://127.0.0.1/{NAME}.git", f"git@127.0.0.1:{NAME}.git"])
def test_a_folder_stands_for_its_remote(forge, wfix, tmp_path, origin):
    forge.host(NAME, {"README.md": "x"})
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    git(commit(folder), "remote", "add", "origin", origin)

    assert wfix(folder).stderr == f"{NAME}: no Worker is in it\n"


@pytest.mark.parametrize("origin", [f"https://forge/{NAME}.git", f"git@forge:{NAME}.git"])
def test_a_folder_whose_remote_is_elsewhere(forge, wfix, tmp_path, origin):
    forge.host(NAME, ONE_FAULT)
    (tmp_path / "a.txt").write_text("x")
    git(commit(tmp_path), "remote", "add", "origin", origin)

    ran = wfix(tmp_path)

    assert (ran.returncode, "is not on 127.0.0.1" in ran.stderr) == (2, True)


def test_a_folder_without_a_remote(wfix, tmp_path):
    ran = wfix(tmp_path)

    assert (ran.returncode, "has no remote called origin" in ran.stderr) == (2, True)


@pytest.mark.parametrize("name", ["workers", "a/b/c", "/b", "a/"])
def test_what_is_no_repository(wfix, name):
    ran = wfix(name)

    assert (ran.returncode, "OWNER/REPO" in ran.stderr) == (2, True)


def test_without_a_sign_in(wfix):
    ran = wfix(NAME, WFIX_BOT_TOKEN="")

    assert (ran.returncode, "WFIX_BOT_TOKEN" in ran.stderr) == (2, True)


def test_what_the_forge_refuses_is_told_without_the_token(forge, wfix):
    ran = wfix(NAME)

    assert (ran.returncode, ran.stderr) == (1, "wfix: GET /repos/acme/workers: 404 Not Found\n")
    assert TOKEN not in ran.stdout + ran.stderr
