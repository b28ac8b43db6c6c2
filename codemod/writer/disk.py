"""Files that appear whole: written beside their place, on disk, and only then given the name."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from pathlib import Path

_OPEN_FILES = ("/dev/", "/proc/")
"""Where a path stands for what a process has open: a name that nothing can be renamed to."""


def write_whole(path: Path, content: bytes) -> None:
    """Puts ``content`` at ``path``: all of it, or what stood there stays as it was.

    Links are followed, and the mode and owner of what is replaced are kept. What is no regular
    file, as a pipe or ``/dev/stdout``, gets it appended. Raises ``OSError`` where it cannot
    be written; nothing of it is left behind then.
    """
    if _takes_a_stream(path):
        # Whoever opened it may have written to it already.
        with path.open("ab") as stream:
            stream.write(content)
        return
    target = Path(os.path.realpath(path))
    if target.exists() and not os.access(target, os.W_OK):
        # To be renamed over, a file need not be writable; but whoever made it so means it.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    staged = target.with_name(f".wfix-{os.urandom(8).hex()}")
    try:
        stage(target, staged, content)
        rename(staged, target)
    except BaseException:
        discard(staged)
        raise


def stage(target: Path, staged: Path, content: bytes) -> None:
    """Writes what is to be renamed from ``staged`` to ``target``, with the latter's attributes."""
    write_new(staged, content)
    if target.exists():
        _copy_owner(target, staged)
        shutil.copymode(target, staged)


def write_new(path: Path, content: bytes) -> None:
    """Writes a file that must not be there, nor a link in its place, and flushes it to disk."""
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def rename(source: Path, target: Path) -> None:
    """Replaces ``target`` by ``source``, and flushes that to disk."""
    source.replace(target)
    sync_folder(target.parent)


def discard(path: Path) -> None:
    """Removes a file, if it is there."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()


def sync_folder(folder: Path) -> None:
    """Flushes the names in ``folder`` to disk, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _takes_a_stream(path: Path) -> bool:
    if path.absolute().as_posix().startswith(_OPEN_FILES):
        return True
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode)


def _copy_owner(source: Path, target: Path) -> None:
    if os.name == "nt":
        return
    owner = source.stat()
    # Only a superuser may give a file away: everybody else replaces it by one of their own.
    with contextlib.suppress(PermissionError):
        os.chown(target, owner.st_uid, owner.st_gid)
