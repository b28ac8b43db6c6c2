"""Writing all of a plan's files or none, across errors, kills and power cuts.

The folder ``.wfix`` at the work tree's top (or at the root where there is no version control)
holds the journal of the transaction under way, the pre-images of the last one, and a lock. It
ignores itself in git.

Order of events: pre-images and journal are on disk before the first file is touched; every file
is staged beside its target and then renamed over it; the journal becomes the record of the last
run only after the caller's check of the result. A journal found at the start of a run therefore
means that an apply was cut off, and what it had written is put back.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from codemod.errors import Refused, RolledBack, StalePlan, WfixError
from codemod.model import FileChange

STATE_FOLDER = ".wfix"
_JOURNAL = "journal.json"
_LAST = "last.json"
_LOCK = "lock"
_LOCK_SECONDS = 10
_STAGED_SUFFIX = ".wfix-staged"


class _Entry(msgspec.Struct, frozen=True):
    """One file of a run: path relative to the state's home, hashes (None: not there), image."""

    path: str
    before_sha256: str | None
    after_sha256: str
    image: str | None


class _Record(msgspec.Struct, frozen=True):
    entries: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What an undoing did: the files put back, and those left since they were changed again."""

    restored: tuple[str, ...]
    left: tuple[str, ...]


def apply(root: Path, changes: Sequence[FileChange], check: Callable[[], None]) -> None:
    """Writes ``changes`` under ``root``, then calls ``check``; all or nothing.

    Raises ``StalePlan`` where a file is not what the change was made for (nothing is written
    then), ``Refused`` where another run holds the lock or a path leads out of ``root``, and
    ``RolledBack`` where writing failed or ``check`` raised a ``WfixError``: everything is put back.
    """
    with _locked(root) as state:
        targets = [_target(root, change) for change in changes]
        record = _prepare(state, targets, changes)
        try:
            for target, change in zip(targets, changes, strict=True):
                _stage(target, change.after)
            for target in targets:
                _rename(_staged(target), target)
            check()
        except BaseException as error:
            _undo(state, record)
            _discard(state / _JOURNAL)
            if isinstance(error, (OSError, WfixError)):
                raise RolledBack(f"all files are as before: {error}") from error
            raise
        _rename(state / _JOURNAL, state / _LAST)


def recover(root: Path) -> Restored | None:
    """Undoes an apply that was cut off; None where there is none. Raises ``Refused`` if locked."""
    if not (_state_folder(root) / _JOURNAL).exists():
        return None
    with _locked(root) as state:
        record = _read(state / _JOURNAL)
        if record is None:
            return None
        restored = _undo(state, record)
        _discard(state / _JOURNAL)
        return restored


def rollback(root: Path) -> Restored:
    """Undoes the last applied run. Raises ``Refused`` where there is none or it no longer stands.

    Nothing is undone unless every file still is what that run left.
    """
    with _locked(root) as state:
        record = _read(state / _LAST)
        if record is None:
            raise Refused("there is no applied run to roll back")
        changed = [
            entry.path
            for entry in record.entries
            if _hash_of(state.parent / entry.path) != entry.after_sha256
        ]
        if changed:
            raise Refused(f"changed since the last run, so it stays: {', '.join(changed)}")
        _write_journal(state, record)
        restored = _undo(state, record)
        _discard(state / _LAST)
        _discard(state / _JOURNAL)
        return restored


def _state_folder(root: Path) -> Path:
    resolved = root.resolve()
    for folder in (resolved, *resolved.parents):
        if (folder / ".git").exists():
            return folder / STATE_FOLDER
    return resolved / STATE_FOLDER


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[Path]:
    state = _state_folder(root)
    try:
        state.mkdir(exist_ok=True)
        (state / ".gitignore").write_text("*\n")
        lock = FileLock(state / _LOCK)
        with lock.acquire(timeout=_LOCK_SECONDS):
            yield state
    except Timeout as error:
        raise Refused("another run of wfix is writing here: try again when it is done") from error


def _target(root: Path, change: FileChange) -> Path:
    top = root.resolve()
    target = (top / change.path).resolve()
    if not target.is_relative_to(top):
        raise Refused(f"{change.path} leads out of {root}")
    found = _hash_of(target)
    if found != (None if change.before is None else _sha256(change.before)):
        raise StalePlan(f"{change.path} changed since the plan was made: plan again")
    return target


def _prepare(state: Path, targets: Sequence[Path], changes: Sequence[FileChange]) -> _Record:
    images = state / "images"
    shutil.rmtree(images, ignore_errors=True)
    _discard(state / _LAST)
    images.mkdir()
    entries = []
    for number, (target, change) in enumerate(zip(targets, changes, strict=True)):
        image = None
        if change.before is not None:
            image = str(number)
            _write(images / image, change.before)
        entries.append(
            _Entry(
                path=target.relative_to(state.parent).as_posix(),
                before_sha256=None if change.before is None else _sha256(change.before),
                after_sha256=_sha256(change.after),
                image=image,
            )
        )
    _sync_folder(images)
    record = _Record(tuple(entries))
    _write_journal(state, record)
    return record


def _write_journal(state: Path, record: _Record) -> None:
    _write(state / "journal.new", msgspec.json.encode(record))
    _rename(state / "journal.new", state / _JOURNAL)


def _undo(state: Path, record: _Record) -> Restored:
    restored: list[str] = []
    left: list[str] = []
    for entry in record.entries:
        target = state.parent / entry.path
        _discard(_staged(target))
        found = _hash_of(target)
        if found == entry.before_sha256:
            continue
        if found != entry.after_sha256:
            left.append(entry.path)
        elif entry.image is None:
            target.unlink()
            restored.append(entry.path)
        else:
            _stage(target, (state / "images" / entry.image).read_bytes())
            _rename(_staged(target), target)
            restored.append(entry.path)
    return Restored(tuple(restored), tuple(left))


def _read(path: Path) -> _Record | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Record)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise Refused(f"{path} is damaged: compare the work tree with git, remove it") from error


def _stage(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(_staged(target), content)
    if target.exists():
        shutil.copymode(target, _staged(target))


def _staged(target: Path) -> Path:
    return target.with_name(f".{target.name}{_STAGED_SUFFIX}")


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _rename(source: Path, target: Path) -> None:
    source.replace(target)
    _sync_folder(target.parent)


def _discard(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hash_of(path: Path) -> str | None:
    try:
        return _sha256(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
