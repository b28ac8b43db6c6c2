"""Entries on disk, in a folder that is the user's own.

An entry may have pieces, files of their own that it names by their digests. Several processes may
read and write at once, and end at any time: a file is whole or absent. What cannot be read or
written is passed over: a cache is never needed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 512 * 1024 * 1024
"""What all files may hold together; the ones not used for longest go first."""

MAX_ENTRY = 128 * 1024 * 1024

_MARK = b"wfix cache 1\n"
_DIGEST_SIZE = hashlib.sha256().digest_size
_TEMPORARY = ".new-"
_PIECE = "."
"""Stands in the name of a piece between its entry's and the digest."""

_ABANDONED_SECONDS = 3600.0
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def user_folder(environment: Mapping[str, str], home: Path, platform: str) -> Path:
    """Where wfix keeps its cache, by the conventions of ``platform`` (as ``sys.platform``)."""
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "wfix" / "Cache"
    given = environment.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():
        return Path(given) / "wfix"
    return home / ("Library/Caches" if platform == "darwin" else ".cache") / "wfix"


@dataclass(frozen=True, slots=True)
class Store:
    """The entries in ``folder``."""

    folder: Path

    def read(self, name: str) -> memoryview | None:
        """The content of an entry or a piece; None where there is none that can be believed."""
        try:
            if not _is_private(os.lstat(self.folder), stat.S_ISDIR):
                return None
            content = _read_own(self.folder / name)
        except OSError:
            return None
        start = len(_MARK) + _DIGEST_SIZE
        payload = memoryview(content)[start:]
        checksum = _checksum(name, payload)
        if content[:start] != _MARK + checksum:
            return None
        _, is_piece, digest = name.partition(_PIECE)
        return None if is_piece and digest != checksum.hex() else payload

    def write(self, name: str, payload: bytes, pieces: Collection[str] = ()) -> None:
        """Puts the entry in the place of the one before it; ``pieces`` are all that it has."""
        if self._write(name, payload):
            self._evict(name, pieces)

    def write_piece(self, entry: str, payload: bytes) -> str | None:
        """Writes a piece of an entry and gives its name; None where it cannot be written."""
        name = f"{entry}{_PIECE}{_checksum(entry + _PIECE, payload).hex()}"
        return name if self._write(name, payload) else None

    def _write(self, name: str, payload: bytes) -> bool:
        if len(payload) > MAX_ENTRY:
            return False
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(os.lstat(self.folder), stat.S_ISDIR):
                return False
            handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=self.folder)
        except OSError:
            return False
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MARK + _checksum(name, payload))
                stream.write(payload)
            Path(temporary).replace(self.folder / name)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            return False
        return True

    def remove(self, name: str) -> None:
        """Removes an entry, if it can be; its pieces go in time."""
        with contextlib.suppress(OSError):
            (self.folder / name).unlink(missing_ok=True)

    def clean(self) -> int:
        """Removes all entries and gives their number."""
        removed = 0
        for path, _ in self._files():
            path.unlink(missing_ok=True)
            removed += _PIECE not in path.name
        return removed

    def _evict(self, entry: str, pieces: Collection[str]) -> None:
        """Removes what nothing needs any more, and what is too much.

        A piece that ``entry`` has no more is another run's for a while, which reads it or has yet
        to write the entry.
        """
        files = sorted(self._files(), key=lambda file: file[1].st_mtime)
        size = sum(found.st_size for _, found in files)
        needed = {entry, *pieces}
        passing = (_TEMPORARY, entry + _PIECE)
        now = time.time()
        for path, found in files:
            is_abandoned = (
                path.name.startswith(passing)
                and path.name not in needed
                and now - found.st_mtime > _ABANDONED_SECONDS
            )
            if path.name == entry or not (is_abandoned or size > MAX_BYTES):
                continue
            try:
                path.unlink(missing_ok=True)
            except OSError:
                return
            size -= found.st_size

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        """The regular files of the folder; none where it is a link."""
        found: list[tuple[Path, os.stat_result]] = []
        try:
            if not stat.S_ISDIR(os.lstat(self.folder).st_mode):
                return found
            paths = list(self.folder.iterdir())
        except OSError:
            return found
        for path in paths:
            try:
                seen = path.lstat()
            except OSError:
                continue
            if stat.S_ISREG(seen.st_mode):
                found.append((path, seen))
        return found


def _read_own(path: Path) -> bytes:
    """The bytes of a regular file that only the user can write; the file counts as used now."""
    handle = os.open(path, os.O_RDONLY | _NO_FOLLOW | _BINARY)
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        limit = MAX_ENTRY + len(_MARK) + _DIGEST_SIZE
        if not _is_private(found, stat.S_ISREG) or found.st_size > limit:
            return b""
        content = stream.read(limit)
    try:
        os.utime(path, follow_symlinks=False)
    except (OSError, NotImplementedError):
        return content
    return content


def _is_private(found: os.stat_result, is_expected: Callable[[int], bool]) -> bool:
    if not is_expected(found.st_mode):
        return False
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE


def _checksum(name: str, payload: bytes | memoryview) -> bytes:
    """Tells a content that is not whole, or under another name; a piece has it in its name."""
    owner, is_piece, _ = name.partition(_PIECE)
    digest = hashlib.sha256(owner.encode() + is_piece.encode() + b"\0")
    digest.update(payload)
    return digest.digest()
