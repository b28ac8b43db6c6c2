"""Writing all of a plan's files or none, across errors, kills and power cuts.

The state of a run is kept in ``.git/wfix`` of the work tree, or in a folder ``.wfix`` where there
is no such folder: a journal of the run under way, the pre-images of the last one, and a lock.

Order of events: pre-images and journal are on disk before the first file is touched; every file
is staged beside its target, and when all are, each is renamed over its target; the journal becomes
the record of the last run only after the caller's check of the result. A journal found at the
start of a run therefore means that an apply was cut off, and what it had written is put back.

A journal may come from a repository that somebody else made: it is believed only as far as it
speaks of plain files below the folder that the state belongs to.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec

from codemod.errors import Refused, RolledBack, StalePlan, WfixError
from codemod.model import FileChange
from codemod.scanner.files import read_regular
from codemod.writer.disk import discard, rename, stage, sync_folder, write_new

STATE_FOLDER = ".wfix"
_JOURNAL = "journal.json"
_LAST = "last.json"
_LOCK = "lock"
_IGNORED = ".gitignore"
_FILES = (_JOURNAL, _LAST, _LOCK, _IGNORED)
_LOCK_SECONDS = 10
_NO_FILE = "no file"
_TOKEN = re.compile(r"[0-9a-f]{16}")


class _Entry(msgspec.Struct, frozen=True):
    """One file of a run: path relative to the home's base, hashes (None: not there)."""

    path: str
    before_sha256: str | None
    after_sha256: str


class _Record(msgspec.Struct, frozen=True):
    """A run. ``token`` names its folder of pre-images and its staged files."""

    token: str
    entries: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What an undoing did: the files put back, and those left since they were changed again."""

    restored: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Home:
    """Where the state is kept, and the folder that its paths are relative to."""

    state: Path
    base: Path

    def target(self, entry: _Entry) -> Path:
        return self.base / entry.path

    def image(self, record: _Record, number: int) -> Path:
        return self.state / record.token / str(number)


def apply(root: Path, changes: Sequence[FileChange], check: Callable[[], None]) -> None:
    """Writes ``changes`` under ``root``, then calls ``check``; all or nothing.

    Raises ``StalePlan`` where a file is not what the change was made for (nothing is written
    then), ``Refused`` where nothing can be written here, another run holds the lock or a path
    leads out of ``root``, and ``RolledBack`` where writing failed or ``check`` raised a
    ``WfixError``: everything is put back.
    """
    with _locked(_home(root)) as home:
        targets = [_target(root, change) for change in changes]
        record = _prepare(home, targets, changes)
        try:
            for target, change in zip(targets, changes, strict=True):
                _stage(target, change.after, record)
            for target in targets:
                rename(_staged(target, record), target)
            check()
        except BaseException as error:
            undone = _abandon(home, record)
            if isinstance(error, (OSError, WfixError)):
                raise RolledBack(_told(undone, error)) from error
            raise
        rename(home.state / _JOURNAL, home.state / _LAST)
        _sweep(home, record)


def recover(root: Path) -> Restored | None:
    """Undoes an apply that was cut off; None where there is none. Raises ``Refused`` if locked."""
    home = _home(root)
    if not (home.state / _JOURNAL).exists():
        return None
    with _locked(home):
        record = _read(home, _JOURNAL)
        return _abandon(home, record) if record else None


def rollback(root: Path) -> Restored:
    """Undoes the last applied run. Raises ``Refused`` where there is none or it no longer stands.

    Raises ``StalePlan`` where a file of it can no longer be read. Nothing is undone unless every
    file still is what that run left.
    """
    home = _home(root)
    if not (home.state / _LAST).exists():
        raise Refused("there is no applied run to roll back")
    with _locked(home):
        record = _read(home, _LAST)
        if record is None:
            raise Refused("there is no applied run to roll back")
        changed = [
            entry.path
            for entry in record.entries
            if _readable_hash(home.target(entry), entry.path) != entry.after_sha256
        ]
        if changed:
            raise Refused(f"changed since the last run, so it stays: {', '.join(changed)}")
        rename(home.state / _LAST, home.state / _JOURNAL)
        return _abandon(home, record)


def _home(root: Path) -> _Home:
    resolved = Path(os.path.realpath(root))
    for folder in (resolved, *resolved.parents):
        git = folder / ".git"
        if git.is_dir() and not git.is_symlink():
            return _Home(git / "wfix", folder)
        if git.exists() or (folder / STATE_FOLDER / _JOURNAL).exists():
            return _Home(folder / STATE_FOLDER, folder)
    return _Home(resolved / STATE_FOLDER, resolved)


@contextlib.contextmanager
def _locked(home: _Home) -> Iterator[_Home]:
    from filelock import FileLock, Timeout

    try:
        home.state.mkdir(exist_ok=True)
        _require_plain_state(home)
        if home.state.name == STATE_FOLDER and not (home.state / _IGNORED).exists():
            write_new(home.state / _IGNORED, b"*\n")
        lock = FileLock(home.state / _LOCK)
        lock.acquire(timeout=_LOCK_SECONDS)
    except Timeout as error:
        raise Refused("another run of wfix is writing here: try again when it is done") from error
    except OSError as error:
        raise Refused(f"cannot write in {home.state}: {error.strerror}") from error
    try:
        yield home
    finally:
        lock.release()


def _require_plain_state(home: _Home) -> None:
    """What a repository brings along must not lead the state's files elsewhere, nor stand there."""
    for path in (home.state, *home.state.iterdir()):
        if path.is_symlink():
            raise Refused(f"{path} is a symbolic link: remove it")
        if path.name in _FILES and not path.is_file():
            raise Refused(f"{path} is no file: remove it")


def _target(root: Path, change: FileChange) -> Path:
    top = Path(os.path.realpath(root))
    target = Path(os.path.realpath(top / change.path))
    if not target.is_relative_to(top):
        raise Refused(f"{change.path} leads out of {root}")
    found = _readable_hash(target, change.path)
    if found != (None if change.before is None else _sha256(change.before)):
        raise StalePlan(f"{change.path} changed since it was read: plan again")
    return target


def _prepare(home: _Home, targets: Sequence[Path], changes: Sequence[FileChange]) -> _Record:
    entries = tuple(
        _Entry(
            path=target.relative_to(home.base).as_posix(),
            before_sha256=None if change.before is None else _sha256(change.before),
            after_sha256=_sha256(change.after),
        )
        for target, change in zip(targets, changes, strict=True)
    )
    record = _Record(secrets.token_hex(8), entries)
    new = home.state / f"{record.token}.json"
    try:
        _write_images(home, record, changes)
        write_new(new, msgspec.json.encode(record))
        rename(new, home.state / _JOURNAL)
    except OSError as error:
        discard(new)
        shutil.rmtree(home.state / record.token, ignore_errors=True)
        raise Refused(f"cannot write in {home.state}: {error.strerror}") from error
    return record


def _write_images(home: _Home, record: _Record, changes: Sequence[FileChange]) -> None:
    images = home.state / record.token
    images.mkdir()
    for number, change in enumerate(changes):
        if change.before is not None:
            write_new(home.image(record, number), change.before)
    sync_folder(images)


def _abandon(home: _Home, record: _Record) -> Restored:
    """Puts everything back and closes the journal."""
    with _undisturbed():
        try:
            undone = _undo(home, record)
        except OSError as error:
            raise RolledBack(
                f"not everything could be put back ({error}); the next run of wfix tries again"
            ) from error
        discard(home.state / _JOURNAL)
        shutil.rmtree(home.state / record.token, ignore_errors=True)
        return undone


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Lets a second interrupt wait for the end, where the system can."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _undo(home: _Home, record: _Record) -> Restored:
    restored: list[str] = []
    left: list[str] = []
    for number, entry in enumerate(record.entries):
        target = home.target(entry)
        discard(_staged(target, record))
        found = _hash_of(target)
        if found == entry.before_sha256:
            continue
        if found != entry.after_sha256:
            left.append(entry.path)
        elif entry.before_sha256 is None:
            target.unlink()
            _remove_empty_folders(home, target.parent)
            restored.append(entry.path)
        else:
            _stage(target, home.image(record, number).read_bytes(), record)
            rename(_staged(target, record), target)
            restored.append(entry.path)
    return Restored(tuple(restored), tuple(left))


def _remove_empty_folders(home: _Home, folder: Path) -> None:
    with contextlib.suppress(OSError):
        while folder != home.base:
            folder.rmdir()
            folder = folder.parent


def _told(undone: Restored, error: BaseException) -> str:
    if undone.left:
        return f"put back all but {', '.join(undone.left)}, which changed meanwhile: {error}"
    return f"all files are as before: {error}"


def _sweep(home: _Home, kept: _Record) -> None:
    """Removes the pre-images of earlier runs, those of runs that never got a journal included."""
    for path in home.state.iterdir():
        if path.is_dir() and _TOKEN.fullmatch(path.name) and path.name != kept.token:
            shutil.rmtree(path, ignore_errors=True)


def _read(home: _Home, name: str) -> _Record | None:
    path = home.state / name
    try:
        record = msgspec.json.decode(read_regular(path), type=_Record)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _damaged(path) from error
    if not _TOKEN.fullmatch(record.token):
        raise _damaged(path)
    for number, entry in enumerate(record.entries):
        if not _is_inside(home.base, entry.path) or not _has_image(home, record, number):
            raise _damaged(path)
    return record


def _has_image(home: _Home, record: _Record, number: int) -> bool:
    """Whether what would be put back is what stood there."""
    expected = record.entries[number].before_sha256
    image = home.image(record, number)
    if expected is None:
        return True
    try:
        return not image.is_symlink() and _sha256(read_regular(image)) == expected
    except OSError:
        return False


def _damaged(path: Path) -> Refused:
    return Refused(f"{path} is damaged: compare the work tree with git, then remove that file")


def _is_inside(base: Path, path: str) -> bool:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in path:
        return False
    try:
        parent = Path(os.path.realpath((base / path).parent))
        return parent.is_relative_to(base) and not (base / path).is_symlink()
    except OSError:
        # A name that is too long.
        return False


def _stage(target: Path, content: bytes, record: _Record) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    stage(target, _staged(target, record), content)


def _staged(target: Path, record: _Record) -> Path:
    return target.with_name(f".{target.name}.wfix-{record.token}")


def _readable_hash(target: Path, path: str) -> str | None:
    try:
        return _hash_of(target)
    except OSError as error:
        raise StalePlan(f"{path} can no longer be read: {error.strerror}") from error


def _hash_of(path: Path) -> str | None:
    """None where nothing stands there, ``_NO_FILE`` where it is a folder, a pipe or a device."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return _NO_FILE
        return _sha256(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
