import hashlib
import json
import os
import secrets
import signal
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest

from codemod.errors import Refused, RolledBack, StalePlan, WfixError
from codemod.model import FileChange
from codemod.writer import transaction


def change(path: str, before: bytes | None, after: bytes) -> FileChange:
    return FileChange(path, before, after, ())


CHANGES = (
    change("a.txt", b"a before", b"a after"),
    change("deep/b.txt", b"b before\r\n", b"b after\r\n"),
    change("deep/new.txt", None, b"new"),
    change("deep/er/c.txt", b"", b"c after"),
    change("deep/er/d.txt", b"d before", b""),
    change("deep/er/e.txt", b"e before", b"e after"),
)
UNTOUCHED = {"untouched": b"as it is"}
BEFORE = UNTOUCHED | {item.path: item.before for item in CHANGES if item.before is not None}
AFTER = UNTOUCHED | {item.path: item.after for item in CHANGES}


def accept() -> None:
    pass


@pytest.fixture(autouse=True)
def _without_disk_flushes(monkeypatch):
    # A killed process loses nothing that the kernel has: flushing only makes these tests slow.
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def root(tmp_path):
    return fill(tmp_path / "root")


def fill(root: Path) -> Path:
    for path, content in BEFORE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and transaction.STATE_FOLDER not in path.relative_to(root).parts
    }


def test_all_changes_are_written(root):
    transaction.apply(root, CHANGES, accept)
    assert tree(root) == AFTER


def test_nothing_is_written_where_the_check_fails(root):
    seen = []

    def reject() -> None:
        seen.append(tree(root))
        raise WfixError("not settled")

    with pytest.raises(RolledBack, match="not settled"):
        transaction.apply(root, CHANGES, reject)
    assert seen == [AFTER]
    assert tree(root) == BEFORE


def test_nothing_is_written_where_the_check_is_interrupted(root):
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transaction.apply(root, CHANGES, interrupt)
    assert tree(root) == BEFORE


def test_nothing_is_written_where_a_file_changed_since(root):
    (root / "deep/b.txt").write_bytes(b"edited by a person")
    with pytest.raises(StalePlan, match=r"deep/b\.txt"):
        transaction.apply(root, CHANGES, accept)
    assert tree(root) == {**BEFORE, "deep/b.txt": b"edited by a person"}


def test_a_new_file_never_replaces_one_that_is_there(root):
    (root / "deep/new.txt").write_bytes(b"somebody's")
    with pytest.raises(StalePlan, match=r"deep/new\.txt"):
        transaction.apply(root, CHANGES, accept)
    assert tree(root) == {**BEFORE, "deep/new.txt": b"somebody's"}


def test_nothing_is_written_where_staging_fails(root):
    blocked = change("a.txt/impossible", None, b"x")
    with pytest.raises((RolledBack, StalePlan)):
        transaction.apply(root, [*CHANGES, blocked], accept)
    assert tree(root) == BEFORE


def test_a_link_out_of_the_root_is_not_followed(root, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"a before")
    (root / "a.txt").unlink()
    (root / "a.txt").symlink_to(outside)
    with pytest.raises(Refused, match="leads out"):
        transaction.apply(root, CHANGES, accept)
    assert outside.read_bytes() == b"a before"


def test_a_link_inside_the_root_stays_a_link(root):
    (root / "a.txt").rename(root / "real.txt")
    (root / "a.txt").symlink_to("real.txt")
    transaction.apply(root, CHANGES[:1], accept)
    assert (root / "a.txt").is_symlink()
    assert (root / "real.txt").read_bytes() == b"a after"


def test_the_file_mode_is_kept(root):
    (root / "a.txt").chmod(0o640)
    transaction.apply(root, CHANGES, accept)
    assert (root / "a.txt").stat().st_mode & 0o777 == 0o640


def test_rollback_undoes_the_last_run(root):
    transaction.apply(root, CHANGES, accept)
    undone = transaction.rollback(root)
    assert tree(root) == BEFORE
    assert undone.restored == tuple(item.path for item in CHANGES)


def test_rollback_is_refused_where_nothing_was_applied(root):
    with pytest.raises(Refused, match="no applied run"):
        transaction.rollback(root)


def test_rollback_is_refused_twice(root):
    transaction.apply(root, CHANGES, accept)
    transaction.rollback(root)
    with pytest.raises(Refused, match="no applied run"):
        transaction.rollback(root)


def test_rollback_leaves_everything_where_one_file_changed_since(root):
    transaction.apply(root, CHANGES, accept)
    (root / "deep/b.txt").write_bytes(b"edited by a person")
    with pytest.raises(Refused, match=r"deep/b\.txt"):
        transaction.rollback(root)
    assert tree(root) == {**AFTER, "deep/b.txt": b"edited by a person"}


def test_the_state_lies_in_gits_folder_and_otherwise_ignores_itself(tmp_path):
    plain = fill(tmp_path / "plain")
    transaction.apply(plain, CHANGES, accept)
    assert (plain / ".wfix/.gitignore").read_text() == "*\n"
    repository = fill(tmp_path / "repository")
    (repository / ".git").mkdir()
    transaction.apply(repository / "deep", [change("b.txt", b"b before\r\n", b"x")], accept)
    assert {path.name for path in repository.iterdir()} == {".git", "a.txt", "deep", "untouched"}
    transaction.rollback(repository)
    assert (repository / "deep/b.txt").read_bytes() == BEFORE["deep/b.txt"]


def test_without_git_a_cut_off_run_is_found_from_a_folder_below(root):
    cut_off_halfway(root)
    transaction.recover(root / "deep/er")
    assert tree(root) == BEFORE


def test_a_failed_run_leaves_the_last_one_to_roll_back(root):
    transaction.apply(root, CHANGES, accept)

    def reject() -> None:
        raise WfixError("not settled")

    with pytest.raises(RolledBack):
        transaction.apply(root, [change("a.txt", b"a after", b"a later")], reject)
    transaction.rollback(root)
    assert tree(root) == BEFORE


def test_a_refused_rollback_leaves_no_folder_behind(root):
    with pytest.raises(Refused):
        transaction.rollback(root)
    assert not (root / ".wfix").exists()


def test_what_changed_between_writing_and_undoing_is_named(root):
    def change_and_reject() -> None:
        (root / "a.txt").write_bytes(b"edited by a person")
        raise WfixError("not settled")

    with pytest.raises(RolledBack, match=r"all but a\.txt"):
        transaction.apply(root, CHANGES, change_and_reject)
    assert tree(root) == {**BEFORE, "a.txt": b"edited by a person"}


def test_where_nothing_can_be_written_the_run_is_refused(root, monkeypatch):
    def deny(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", deny)
    with pytest.raises(Refused, match=r"cannot write in .*Permission denied"):
        transaction.apply(root, CHANGES, accept)


HASH_OF_VICTIM = hashlib.sha256(b"victim").hexdigest()


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("{outside}", id="absolute"),
        pytest.param("../outside.txt", id="upwards"),
        pytest.param("link/outside.txt", id="through a link to a folder"),
        pytest.param("link.txt", id="a link to a file"),
    ],
)
@pytest.mark.parametrize("name", ["journal.json", "last.json"])
def test_a_journal_that_somebody_planted_reaches_nothing_outside(root, tmp_path, path, name):
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"victim")
    (root / "link").symlink_to(tmp_path)
    (root / "link.txt").symlink_to(outside)
    entry = {
        "path": path.format(outside=outside),
        "before_sha256": None,
        "after_sha256": HASH_OF_VICTIM,
    }
    (root / ".wfix").mkdir()
    record = {"token": "0" * 16, "entries": [entry]}
    (root / ".wfix" / name).write_text(json.dumps(record))
    with pytest.raises(Refused, match="damaged"):
        (transaction.recover if name == "journal.json" else transaction.rollback)(root)
    assert outside.read_bytes() == b"victim"


@pytest.mark.parametrize("planted", [".wfix", ".wfix/.gitignore", ".wfix/lock", ".wfix/last.json"])
def test_a_link_that_somebody_planted_is_not_written_through(root, tmp_path, planted):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim").write_bytes(b"victim")
    (root / planted).parent.mkdir(exist_ok=True)
    (root / planted).symlink_to(outside if planted == ".wfix" else outside / "victim")
    with pytest.raises(Refused, match="is a symbolic link"):
        transaction.apply(root, CHANGES, accept)
    assert tree(outside) == {"victim": b"victim"}
    assert tree(root) == BEFORE


def test_staged_files_never_replace_what_is_there(root, monkeypatch):
    monkeypatch.setattr(secrets, "token_hex", lambda _size: "0" * 16)
    (root / ".a.txt.wfix-0000000000000000").write_bytes(b"somebody's")
    with pytest.raises(RolledBack):
        transaction.apply(root, CHANGES, accept)
    assert (root / "a.txt").read_bytes() == b"a before"


def test_a_second_run_is_refused_while_one_is_writing(root, monkeypatch):
    monkeypatch.setattr(transaction, "_LOCK_SECONDS", 0)

    def apply_again() -> None:
        with pytest.raises(Refused, match="another run"):
            transaction.apply(root, [change("a.txt", b"a after", b"a later")], accept)

    transaction.apply(root, CHANGES, apply_again)
    assert tree(root) == AFTER


def test_a_damaged_journal_is_named_and_nothing_is_touched(root):
    (root / ".wfix").mkdir()
    (root / ".wfix/journal.json").write_text("{")
    with pytest.raises(Refused, match=r"journal\.json is damaged"):
        transaction.recover(root)
    assert tree(root) == BEFORE


PLANTED = {
    "nested too deeply": b'{"x": ' + b"[" * 100_000,
    "no UTF-8": b'{"token": "\xff"}',
    "a null byte in a path": b"a\\u0000b",
    "a name that is too long": b"a" * 5_000,
    "half a character": b"\\ud800",
}


@pytest.mark.parametrize("name", ["journal.json", "last.json"])
@pytest.mark.parametrize("content", PLANTED.values(), ids=PLANTED)
def test_a_journal_that_holds_nonsense_is_named(root, content, name):
    if not content.startswith(b"{"):
        entry = b'{"path": "%s", "before_sha256": null, "after_sha256": ""}' % content
        content = b'{"token": "0000000000000000", "entries": [%s]}' % entry
    (root / ".wfix").mkdir()
    (root / ".wfix" / name).write_bytes(content)
    with pytest.raises(Refused, match=f"{name} is damaged"):
        (transaction.recover if name == "journal.json" else transaction.rollback)(root)
    assert tree(root) == BEFORE


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a pipe", "a folder"])
@pytest.mark.parametrize("name", ["journal.json", "last.json", "lock", ".gitignore"])
def test_state_that_is_no_file_is_named_and_not_waited_for(root, make, name):
    (root / ".wfix").mkdir()
    make(root / ".wfix" / name)
    with pytest.raises(Refused, match=f"{name} is no file: remove it"):
        transaction.apply(root, CHANGES, accept)
    if name == "journal.json":
        with pytest.raises(Refused, match="is no file"):
            transaction.recover(root)
    assert tree(root) == BEFORE


def _links_to_a_secret(image: Path) -> None:
    secret = image.parents[2].parent / "secret"
    secret.write_bytes(image.read_bytes())
    image.unlink()
    image.symlink_to(secret)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda image: image.write_bytes(b"another"), id="another content"),
        pytest.param(lambda image: image.unlink(), id="gone"),
        pytest.param(lambda image: (image.unlink(), os.mkfifo(image)), id="a pipe"),
        pytest.param(lambda image: os.truncate(image, 1 << 40), id="endless"),
        pytest.param(_links_to_a_secret, id="a link to the same content"),
    ],
)
def test_what_is_put_back_is_what_stood_there(root, spoil):
    transaction.apply(root, CHANGES, accept)
    (images,) = (path for path in (root / ".wfix").iterdir() if path.is_dir())
    spoil(images / "0")
    with pytest.raises(Refused, match=r"last\.json is damaged"):
        transaction.rollback(root)
    assert tree(root) == AFTER


def test_there_is_nothing_to_recover_after_a_whole_run(root):
    transaction.apply(root, CHANGES, accept)
    assert transaction.recover(root) is None
    assert tree(root) == AFTER


def killed_at(point: int, work) -> bool:
    """Runs ``work`` in a child that is killed at its ``point``-th file operation; was it killed?"""
    child = os.fork()
    if child == 0:
        count = 0

        def audit(event: str, _arguments: object) -> None:
            nonlocal count
            if event == "open" or event.startswith(("os.", "shutil.", "fcntl.")):
                count += 1
                if count == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(audit)
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@cache
def halfway() -> int:
    """The file operation before which some files of an apply are written and others not."""
    with TemporaryDirectory() as folder:
        root = fill(Path(folder) / "repository")
        for point in range(1, 1000):
            killed_at(point, lambda: transaction.apply(root, CHANGES, accept))
            if (root / "a.txt").read_bytes() == b"a after":
                return point
            transaction.recover(root)
    raise AssertionError


def cut_off_halfway(root: Path) -> None:
    killed_at(halfway(), lambda: transaction.apply(root, CHANGES, accept))
    assert (root / "a.txt").read_bytes() == b"a after"
    assert (root / "deep/er/e.txt").read_bytes() == b"e before"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_killed_anywhere_in_an_apply_the_next_run_leaves_all_or_nothing(tmp_path):
    outcomes = []
    for point in range(1, 1000):
        root = fill(tmp_path / str(point))
        killed = killed_at(point, lambda root=root: transaction.apply(root, CHANGES, accept))
        transaction.recover(root)
        outcomes.append(tree(root))
        assert outcomes[-1] in (BEFORE, AFTER), f"killed at file operation {point}"
        if not killed:
            break
    assert len(outcomes) >= 50
    assert outcomes[0] == BEFORE
    assert outcomes[-1] == AFTER


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_killed_anywhere_in_a_rollback_the_next_run_finishes_or_forgets_it(tmp_path):
    for point in range(1, 1000):
        root = fill(tmp_path / str(point))
        transaction.apply(root, CHANGES, accept)
        killed = killed_at(point, lambda root=root: transaction.rollback(root))
        transaction.recover(root)
        assert tree(root) in (BEFORE, AFTER), f"killed at file operation {point}"
        if not killed:
            break
    assert point > 20
    assert tree(root) == BEFORE


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_a_recovery_that_is_killed_is_recovered(tmp_path):
    for point in range(1, 1000):
        root = fill(tmp_path / str(point))
        cut_off_halfway(root)
        killed = killed_at(point, lambda root=root: transaction.recover(root))
        transaction.recover(root)
        assert tree(root) in (BEFORE, AFTER), f"killed at file operation {point}"
        if not killed:
            break
    assert point > 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_recovery_leaves_what_a_person_changed_after_the_kill(root):
    cut_off_halfway(root)
    (root / "a.txt").write_bytes(b"edited by a person")
    undone = transaction.recover(root)
    assert undone is not None
    assert undone.left == ("a.txt",)
    assert tree(root) == {**BEFORE, "a.txt": b"edited by a person"}


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a pipe", "a folder"])
@pytest.mark.parametrize("path", ["a.txt", "deep/new.txt"])
def test_what_is_no_file_any_more_is_neither_waited_for_nor_replaced(root, make, path):
    (root / path).unlink(missing_ok=True)
    make(root / path)
    with pytest.raises(StalePlan, match=path):
        transaction.apply(root, CHANGES, accept)
    assert not (root / path).is_file()
    assert (root / "deep/b.txt").read_bytes() == BEFORE["deep/b.txt"]


def test_a_file_that_can_no_longer_be_read_is_named(root, unreadable):
    with unreadable, pytest.raises(StalePlan, match=r"a\.txt can no longer be read: Permission"):
        transaction.apply(root, CHANGES, accept)
    assert tree(root) == BEFORE


def test_nothing_is_rolled_back_where_a_file_can_no_longer_be_read(root, unreadable):
    transaction.apply(root, CHANGES, accept)
    with unreadable, pytest.raises(StalePlan, match=r"a\.txt can no longer be read: Permission"):
        transaction.rollback(root)
    assert tree(root) == AFTER


@pytest.fixture
def unreadable():
    def deny(_path: Path) -> str:
        raise PermissionError(13, "Permission denied")

    return patch.object(transaction, "_hash_of", deny)
