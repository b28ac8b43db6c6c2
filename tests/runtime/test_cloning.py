"""Clones of repositories that nobody vouches for: nothing of theirs runs, nothing leaks."""

import os
import subprocess
from pathlib import Path

import pytest
from forge import TOKEN, serving

from codemod.model import Edit, FileChange, PlannedEdit, Safety, Span
from codemod.runtime import cloning
from codemod.runtime.cloning import Failure, GitFailed, Identity, Limits, Remote

NAME = "acme/workers"
BOT = Identity("wfix", "bot@wfix.invalid")
LIMITS = Limits()


@pytest.fixture
def forge(tmp_path):
    folder = tmp_path / "forge"
    folder.mkdir()
    with serving(folder) as running:
        yield running


@pytest.fixture
def remote(forge):
    return Remote(f"{forge.url}/git/{NAME}.git", cloning.basic_authorization("x", TOKEN))


def change(path: str, before: bytes | None, after: bytes) -> FileChange:
    edit = Edit(path, Span(0, len(before or b"")), after.decode())
    return FileChange(path, before, after, (PlannedEdit(edit, "r", None, Safety.SAFE, ()),))


def test_one_commit_of_one_branch_without_what_nobody_reads(forge, remote, tmp_path):
    hosted = forge.host(NAME, {"a.txt": "old"})
    hosted.commit("main", {"a.txt": "new", "b/logo.png": "picture", "b/c.ts": "code"})

    made = cloning.clone(remote, "main", tmp_path / "clone", LIMITS)

    assert made.commit == hosted.head("main")
    assert (made.root / "a.txt").read_text() == "new"
    assert (made.root / "b/c.ts").is_file()
    assert not (made.root / "b/logo.png").exists()
    log = subprocess.run(
        ["git", "rev-list", "--all"], cwd=made.root, capture_output=True, check=True
    )
    assert len(log.stdout.split()) == 1


def test_the_same_change_is_the_same_commit_and_is_pushed_with_a_lease(forge, remote, tmp_path):
    hosted = forge.host(NAME, {"a.txt": "old", "b/c.txt": "stays"})
    made = cloning.clone(remote, "main", tmp_path / "clone", LIMITS)
    changes = [change("a.txt", b"old", b"new\r\n"), change("d/e f.txt", None, "ü".encode())]

    commit = made.build_commit(changes, "message\n", BOT)

    assert commit == made.build_commit(changes, "message\n", BOT)
    made.push("wfix/x", commit, None)
    assert hosted.run("show", "--format=%an %ae %cn %P", "--name-only", commit).split() == [
        *("wfix", BOT.email, "wfix", made.commit),
        *("a.txt", "d/e", "f.txt"),
    ]
    with pytest.raises(GitFailed) as raised:
        made.push("wfix/x", made.commit, None)
    assert raised.value.failure is Failure.REJECTED
    theirs = hosted.commit("wfix/x", {"mine.txt": "x"})
    for act in (
        lambda: made.push("wfix/x", made.commit, commit),
        lambda: made.delete("wfix/x", commit),
    ):
        with pytest.raises(GitFailed) as raised:
            act()
        assert raised.value.failure is Failure.REJECTED
    assert hosted.head("wfix/x") == theirs
    made.delete("wfix/x", theirs)
    assert hosted.branches() == ["main"]


def test_branches_by_pattern(forge, remote, tmp_path):
    hosted = forge.host(NAME, {"a.txt": "x"})
    for name in ("wfix/a", "wfix/b", "other"):
        hosted.run("update-ref", f"refs/heads/{name}", "main")

    heads = cloning.heads(remote, ("main", "wfix/*"), tmp_path, LIMITS)

    assert heads == dict.fromkeys(["main", "wfix/a", "wfix/b"], hosted.head("main"))


def test_contents_are_taken_as_they_are_stored(forge, remote, tmp_path):
    attributes = "* text=auto eol=crlf ident\n*.ts filter=lfs working-tree-encoding=UTF-16\n"
    forge.host(NAME, {".gitattributes": attributes, "a.txt": "one\ntwo $Id$\n", "b.ts": "code\n"})

    made = cloning.clone(remote, "main", tmp_path / "clone", LIMITS)

    assert (made.root / "a.txt").read_bytes() == b"one\ntwo $Id$\n"
    assert (made.root / "b.ts").read_bytes() == b"code\n"


def test_nothing_of_theirs_and_nothing_of_the_users_runs(forge, remote, tmp_path, monkeypatch):
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\ncat\n")
    trap.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-checkout", "pre-push", "reference-transaction", "post-index-change"):
        (hooks / name).symlink_to(trap)
    home = tmp_path / "home"
    home.mkdir()
    settings = [
        f"[core]\nhooksPath = {hooks}\nfsmonitor = {trap}\naskPass = {trap}",
        f'[credential]\nhelper = "!{trap}"',
        f'[filter "trap"]\nsmudge = {trap}\nclean = {trap}',
        f"[diff]\nexternal = {trap}\n",
    ]
    (home / ".gitconfig").write_text("\n".join(settings))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_ASKPASS", str(trap))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    hosted = forge.host(NAME, {".gitattributes": "* filter=trap diff=trap\n", "a.txt": "x"})

    made = cloning.clone(remote, "main", tmp_path / "clone", LIMITS)
    made.push("wfix/x", made.build_commit([change("a.txt", b"x", b"y")], "m", BOT), None)

    assert hosted.file("wfix/x", "a.txt") == "y"
    assert not (tmp_path / "sprung").exists()


def test_a_submodule_is_not_fetched(forge, remote, tmp_path):
    hosted = forge.host(NAME, {".gitmodules": '[submodule "x"]\npath = x\nurl = ../other.git\n'})
    forge.requests.clear()
    other = hosted.head("main")
    index = {"GIT_INDEX_FILE": str(tmp_path / "index")}
    hosted.run("read-tree", "main", **index)
    hosted.run("update-index", "--add", "--cacheinfo", f"160000,{other},x", **index)
    tree = hosted.run("write-tree", **index)
    who = {
        f"GIT_{role}_{part}": "x" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    made = hosted.run("commit-tree", tree, "-p", other, "-m", "submodule", **who)
    hosted.run("update-ref", "refs/heads/main", made)

    cloning.clone(remote, "main", tmp_path / "clone", LIMITS)

    assert all(f"/git/{NAME}.git" in request for request in forge.requests)


def link(hosted, path: str, target: str, index: Path) -> None:
    extra = {"GIT_INDEX_FILE": str(index)}
    blob = hosted.run("hash-object", "-w", "--stdin", given=target.encode())
    hosted.run("read-tree", "main", **extra)
    hosted.run("update-index", "--add", "--cacheinfo", f"120000,{blob},{path}", **extra)
    tree = hosted.run("write-tree", **extra)
    who = {
        f"GIT_{role}_{part}": "x" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    made = hosted.run("commit-tree", tree, "-p", "main", "-m", "link", **who)
    hosted.run("update-ref", "refs/heads/main", made)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(change("link.txt", b"x", b"y"), id="a link"),
        pytest.param(change("gone.txt", b"x", b"y"), id="a file that is not there"),
        pytest.param(change("a.txt", None, b"y"), id="a new file that is there"),
    ],
)
def test_only_plain_files_are_changed(forge, remote, tmp_path, changed):
    hosted = forge.host(NAME, {"a.txt": "x"})
    link(hosted, "link.txt", "a.txt", tmp_path / "index")
    made = cloning.clone(remote, "main", tmp_path / "clone", LIMITS)

    with pytest.raises(GitFailed, match="no plain file"):
        made.build_commit([changed], "m", BOT)


@pytest.mark.parametrize(
    ("break_it", "failure"),
    [
        (lambda hosted, _forge: setattr(hosted, "writable", False), Failure.FORBIDDEN),
        (lambda _hosted, forge: forge.repositories.clear(), Failure.NOT_FOUND),
    ],
)
def test_why_a_push_fails(forge, remote, tmp_path, break_it, failure):
    hosted = forge.host(NAME, {"a.txt": "x"})
    made = cloning.clone(remote, "main", tmp_path / "clone", LIMITS)
    break_it(hosted, forge)

    with pytest.raises(GitFailed) as raised:
        made.push("wfix/x", made.commit, None)

    assert raised.value.failure is failure


def test_without_a_sign_in_nobody_is_asked(forge, tmp_path):
    forge.host(NAME, {"a.txt": "x"})
    with pytest.raises(GitFailed) as raised:
        cloning.clone(Remote(f"{forge.url}/git/{NAME}.git"), "main", tmp_path / "clone", LIMITS)

    assert raised.value.failure is Failure.NOT_SIGNED_IN


def test_a_branch_that_is_not_there(forge, remote, tmp_path):
    forge.host(NAME, {"a.txt": "x"})
    with pytest.raises(GitFailed) as raised:
        cloning.clone(remote, "other", tmp_path / "clone", LIMITS)

    assert raised.value.failure is Failure.NOT_FOUND


@pytest.mark.parametrize(
    ("limits", "failure"),
    [(Limits(bytes=10_000), Failure.TOO_LARGE), (Limits(seconds=0.0), Failure.TOO_SLOW)],
)
def test_limits(forge, remote, tmp_path, limits, failure):
    hosted = forge.host(NAME, {"a.txt": "x"})
    noise = "".join(os.urandom(32).hex() for _ in range(4000))
    hosted.commit("main", {"noise.txt": noise})
    with pytest.raises(GitFailed) as raised:
        cloning.clone(remote, "main", tmp_path / "clone", limits)

    assert raised.value.failure is failure


@pytest.mark.parametrize("leaf", ["a file", "nothing"])
def test_trees_in_trees_are_refused_before_they_are_checked_out(forge, remote, tmp_path, leaf):
    hosted = forge.host(NAME, {"a.txt": "x"})
    blob = hosted.run("hash-object", "-w", "--stdin", given=b"x")
    tree = hosted.run("mktree", given=f"100644 blob {blob}\tf\n".encode() * (leaf == "a file"))
    for _ in range(10):
        entries = "".join(f"040000 tree {tree}\td{number}\n" for number in range(10))
        tree = hosted.run("mktree", given=entries.encode())
    who = {
        f"GIT_{role}_{part}": "x" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    hosted.run("update-ref", "refs/heads/main", hosted.run("commit-tree", tree, "-m", "m", **who))

    with pytest.raises(GitFailed) as raised:
        cloning.clone(remote, "main", tmp_path / "clone", LIMITS)

    assert raised.value.failure is Failure.TOO_LARGE
    assert {path.name for path in (tmp_path / "clone").iterdir()} == {".git"}


def test_as_many_entries_as_the_limit_are_taken(forge, remote, tmp_path):
    forge.host(NAME, {"a.txt": "x", "b/c.txt": "y"})

    assert cloning.clone(remote, "main", tmp_path / "clone", Limits(entries=3)).commit
    with pytest.raises(GitFailed, match="more than 2 files and folders"):
        cloning.clone(remote, "main", tmp_path / "other", Limits(entries=2))


def test_the_token_is_in_no_argument_file_or_complaint(forge, remote, tmp_path, monkeypatch):
    hosted = forge.host(NAME, {"a.txt": "x"})
    seen: list[str] = []
    start = subprocess.Popen

    def recording(arguments, **options):
        seen.extend(map(str, arguments))
        return start(arguments, **options)

    monkeypatch.setattr(cloning.subprocess, "Popen", recording)
    made = cloning.clone(remote, "main", tmp_path / "clone", LIMITS)
    made.push("wfix/x", made.build_commit([change("a.txt", b"x", b"y")], "m", BOT), None)
    hosted.writable = False
    with pytest.raises(GitFailed) as raised:
        made.push("wfix/y", made.commit, None)

    secrets = (TOKEN, remote.authorization.partition(" ")[2])
    written = [file.read_bytes() for file in (tmp_path / "clone").rglob("*") if file.is_file()]
    for secret in secrets:
        assert not any(secret in argument for argument in seen)
        assert not any(secret.encode() in content for content in written)
        assert secret not in str(raised.value)
        assert secret not in repr(remote)
