"""Entries on disk, in a folder that is the user's own.

Several processes may read and write at once, and end at any time: an entry is whole or absent.
What cannot be read or written is passed over: a cache is never needed.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 512 * 1024 * 1024
"""What all entries may hold together; the ones not used for longest go first."""

MAX_ENTRY = 128 * 1024 * 1024

_MARK = b"wfix cache 1\n"
_DIGEST_SIZE = hashlib.sha256().digest_size
_TEMPORARY = ".new-"
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
        """The entry's content; None where there is none that can be believed."""
        try:
            if not _is_private(os.lstat(self.folder), stat.S_ISDIR):
                return None
            content = _read_own(self.folder / name)
        except OSError:
            return None
        start = len(_MARK) + _DIGEST_SIZE
        payload = memoryview(content)[start:]
        if content[:start] != _MARK + _checksum(name, payload):
            return None
        return payload

    def write(self, name: str, payload: bytes) -> None:
        """Puts the entry in the place of the one before it."""
        if len(payload) > MAX_ENTRY:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(os.lstat(self.folder), stat.S_ISDIR):
                return
            handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=self.folder)
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MARK + _checksum(name, payload))
                stream.write(payload)
            Path(temporary).replace(self.folder / name)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            return
        self._evict(name)

    def clean(self) -> int:
        """Removes all entries and gives their number."""
        removed = 0
        for path, _ in self._entries():
            path.unlink(missing_ok=True)
            removed += not path.name.startswith(_TEMPORARY)
        return removed

    def _evict(self, kept: str) -> None:
        entries = sorted(self._entries(), key=lambda entry: entry[1].st_mtime)
        size = sum(found.st_size for _, found in entries)
        now = time.time()
        for path, found in entries:
            is_abandoned = (
                path.name.startswith(_TEMPORARY) and now - found.st_mtime > _ABANDONED_SECONDS
            )
            if path.name == kept or not (is_abandoned or size > MAX_BYTES):
                continue
            try:
                path.unlink(missing_ok=True)
            except OSError:
                return
            size -= found.st_size

    def _entries(self) -> list[tuple[Path, os.stat_result]]:
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
    digest = hashlib.sha256(name.encode() + b"\0")
    digest.update(payload)
    return digest.digest()
