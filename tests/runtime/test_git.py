import subprocess

import pytest

from codemod.errors import Refused, UsageError
from codemod.runtime.git import Difference, changed_since, staged, work_tree


def git(folder, *arguments):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "repository"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub/tracked.txt").write_text("one")
    (folder / "other.txt").write_text("one")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def test_there_is_no_work_tree_outside_git(tmp_path):
    assert work_tree(tmp_path) is None


def test_a_clean_work_tree_has_a_commit_and_nothing_else(repository):
    tree = work_tree(repository)
    assert (tree.modified, tree.untracked) == (frozenset(), frozenset())
    assert len(tree.commit) == 40


def test_before_the_first_commit_there_is_no_commit(tmp_path):
    git(tmp_path, "init", "-q")
    assert work_tree(tmp_path).commit is None


def test_paths_are_relative_to_the_folder_asked_about(repository):
    (repository / "sub/tracked.txt").write_text("two")
    (repository / "other.txt").write_text("two")
    (repository / "sub/new file.txt").write_text("two")
    tree = work_tree(repository / "sub")
    assert tree.modified == {"tracked.txt", "../other.txt"}
    assert tree.untracked == {"new file.txt"}


def test_both_ends_of_a_staged_rename_are_modified(repository):
    git(repository, "mv", "other.txt", "renamed.txt")
    assert work_tree(repository).modified == {"other.txt", "renamed.txt"}


def test_ignored_files_are_neither(repository):
    (repository / ".gitignore").write_text("ignored.txt\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "second")
    (repository / "ignored.txt").write_text("x")
    tree = work_tree(repository)
    assert (tree.modified, tree.untracked) == (frozenset(), frozenset())


def test_hooks_and_monitors_of_the_repository_do_not_run(repository, tmp_path):
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(trap))
    git(repository, "config", "core.hooksPath", str(tmp_path))
    (repository / "other.txt").write_text("two")
    assert work_tree(repository).modified == {"other.txt"}
    assert not (tmp_path / "sprung").exists()


def _with_a_filter(repository, tmp_path, name, kind, *where):
    """A filter that ``repository`` asks for, and a file that git has to look into."""
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\ncat\n")
    trap.chmod(0o755)
    git(repository, "config", *where, f"filter.{name}.{kind}", str(trap))
    (repository / ".git/info/attributes").write_text(f"*.txt filter={name}\n")
    (repository / "other.txt").write_text("two")


@pytest.mark.parametrize(
    ("name", "kind"), [("x", "clean"), ("x", "process"), ("a.B=c", "clean"), ("=", "clean")]
)
def test_filters_of_the_repository_do_not_run(repository, tmp_path, name, kind):
    _with_a_filter(repository, tmp_path, name, kind)
    git(repository, "config", f"filter.{name}.required", "true")
    assert work_tree(repository).modified == {"other.txt"}
    assert changed_since(repository, "HEAD").paths == ("other.txt",)
    assert staged(repository).paths == ()
    assert not (tmp_path / "sprung").exists()


def test_filters_of_the_user_do(repository, tmp_path, monkeypatch):
    """As for large files: without theirs, each of these would count as changed."""
    theirs = tmp_path / "gitconfig"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(theirs))
    _with_a_filter(repository, tmp_path, "x", "clean", "--file", str(theirs))
    work_tree(repository)
    assert (tmp_path / "sprung").exists()


def test_a_broken_repository_is_named_as_such(tmp_path):
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(Refused, match="git cannot read the work tree"):
        work_tree(tmp_path)


def test_what_changed_since_a_revision(repository):
    git(repository, "checkout", "-qb", "topic")
    (repository / "sub/tracked.txt").write_text("two")
    git(repository, "commit", "-qam", "on the topic")
    (repository / "sub/new file.txt").write_text("untracked")
    git(repository, "checkout", "-q", "-")
    (repository / "other.txt").write_text("two")
    git(repository, "commit", "-qam", "meanwhile")
    git(repository, "tag", "main-end")
    git(repository, "checkout", "-q", "topic")

    found = changed_since(repository, "main-end")
    assert found == Difference(
        ("sub/tracked.txt", "sub/new file.txt"),
        {"sub/tracked.txt": b"one", "sub/new file.txt": None},
        {},
    )
    below = changed_since(repository / "sub", "main-end")
    assert below.before == {"tracked.txt": b"one", "new file.txt": None}
    assert changed_since(repository, "HEAD").before == {"sub/new file.txt": None}


def test_both_names_of_a_renamed_file_and_a_deleted_one_changed(repository):
    git(repository, "mv", "other.txt", "renamed.txt")
    git(repository, "rm", "-q", "sub/tracked.txt")

    assert changed_since(repository, "HEAD").before == {
        "other.txt": b"one",
        "renamed.txt": None,
        "sub/tracked.txt": b"one",
    }


def test_what_is_staged(repository):
    (repository / "other.txt").write_text("two")
    (repository / "sub/tracked.txt").write_text("two")
    git(repository, "add", "other.txt")

    (repository / "other.txt").write_text("three")

    assert staged(repository) == Difference(
        ("other.txt",),
        {"other.txt": b"one", "sub/tracked.txt": b"one"},
        {"other.txt": b"two", "sub/tracked.txt": b"one"},
    )
    assert staged(repository / "sub").paths == ()


def test_what_is_staged_is_not_what_stands_in_the_work_tree(repository):
    for name in ("kept", "untracked", "intended", "added\nwith a line"):
        (repository / name).write_text(name)
    (repository / ".gitignore").write_text("kept")
    (repository / "link").symlink_to("other.txt")
    git(repository, "add", ".gitignore", "link", "added\nwith a line")
    git(repository, "add", "--intent-to-add", "intended")
    (repository / "sub/tracked.txt").unlink()
    (repository / "added\nwith a line").write_bytes(b"")

    found = staged(repository)

    assert set(found.paths) == {".gitignore", "link", "added\nwith a line"}
    assert found.after == {
        "added\nwith a line": b"added\nwith a line",
        "intended": None,
        "sub/tracked.txt": b"one",
        "untracked": None,
    }
    assert found.before == {
        **found.after,
        ".gitignore": None,
        "added\nwith a line": None,
        "link": None,
    }


def test_what_is_staged_before_the_first_commit(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "new").write_text("one")
    git(tmp_path, "add", "new")

    assert staged(tmp_path) == Difference(("new",), {"new": None}, {})


def test_a_conflict_leaves_the_work_tree_as_it_is(repository):
    git(repository, "checkout", "-qb", "topic")
    for branch, text in (("topic", "two"), ("-", "three")):
        git(repository, "checkout", "-q", *([branch] if branch == "-" else []))
        (repository / "other.txt").write_text(text)
        git(repository, "commit", "-qam", text)
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "topic")

    assert "other.txt" not in staged(repository).after


@pytest.mark.parametrize("revision", ["nowhere", "", "--output=x", "HEAD:other.txt"])
def test_a_revision_that_is_no_commit_is_refused(repository, revision):
    with pytest.raises(UsageError, match="knows no commit"):
        changed_since(repository, revision)
    assert not (repository / "x").exists()


def test_without_git_nothing_is_told(tmp_path):
    with pytest.raises(UsageError, match="is not in a git work tree"):
        staged(tmp_path)
    with pytest.raises(UsageError, match="is not in a git work tree"):
        changed_since(tmp_path, "HEAD")


def test_what_changed_in_a_broken_repository_is_not_told(tmp_path):
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(UsageError, match="git cannot tell what changed: fatal"):
        staged(tmp_path)
