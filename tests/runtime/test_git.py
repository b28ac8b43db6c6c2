import subprocess

import pytest

from codemod.errors import Refused, UsageError
from codemod.runtime.git import changed_since, staged, work_tree


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

    assert set(changed_since(repository, "main-end")) == {"sub/tracked.txt", "sub/new file.txt"}
    assert set(changed_since(repository / "sub", "main-end")) == {"tracked.txt", "new file.txt"}
    assert changed_since(repository, "HEAD") == ("sub/new file.txt",)


def test_both_names_of_a_renamed_file_and_a_deleted_one_changed(repository):
    git(repository, "mv", "other.txt", "renamed.txt")
    git(repository, "rm", "-q", "sub/tracked.txt")

    assert set(changed_since(repository, "HEAD")) == {"other.txt", "renamed.txt", "sub/tracked.txt"}


def test_what_is_staged(repository):
    (repository / "other.txt").write_text("two")
    (repository / "sub/tracked.txt").write_text("two")
    git(repository, "add", "other.txt")

    assert staged(repository) == ("other.txt",)
    assert staged(repository / "sub") == ()


@pytest.mark.parametrize("revision", ["nowhere", "", "--output=x", "HEAD:other.txt"])
def test_a_revision_that_is_no_commit_is_refused(repository, revision):
    with pytest.raises(UsageError, match="knows no commit"):
        changed_since(repository, revision)
    assert not (repository / "x").exists()


def test_without_git_nothing_is_told(tmp_path):
    with pytest.raises(UsageError, match="git cannot tell what changed"):
        staged(tmp_path)
