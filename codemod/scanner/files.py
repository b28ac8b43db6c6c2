"""Reading the files of a repository: each once, inside its root, with a record of what was read."""

from __future__ import annotations

import codecs
import hashlib
import os
import posixpath
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from codemod.scanner import tracing
from codemod.scanner.tracing import Recorder

MAX_SIZE = 16 * 1024 * 1024

_NO_NAMES = ("", ".", "..")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableFile(OSError):
    """A path that cannot be read as a file of the repository; ``str()`` is the reason."""


def read_regular(path: Path, limit: int = MAX_SIZE) -> bytes:
    """The bytes of a regular file, links followed.

    Raises ``UnreadableFile`` for a pipe, a socket or a device, which are never waited for, and for
    a file of more than ``limit`` bytes; other ``OSError`` as ``open`` does.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableFile("is not a regular file")
    with open(path, "rb", opener=_without_waiting) as stream:
        # What stands there may be another file by now, and may still grow.
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise UnreadableFile("is not a regular file")
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise UnreadableFile(f"is larger than {limit // 1024 // 1024} MiB")
    return content


class Files:
    """The files under ``root``. Paths are POSIX and relative to it.

    ``changed`` are files to be taken as if they stood there with these bytes, or with None as if
    they did not stand there. ``hashes`` maps
    every file read so far to the SHA-256 (hex) of its bytes, ``failures`` every file that is there
    and could not be read to the reason. ``holding`` are those whose bytes hold ``word``, in the
    order that they were first read in. ``recorder`` notes every question that is asked.
    """

    def __init__(
        self,
        root: Path,
        changed: Mapping[str, bytes | None] | None = None,
        word: bytes | None = None,
    ) -> None:
        self.root = Path(os.path.realpath(root))
        self._top = os.path.join(self.root, "")
        self._changed = dict(changed or {})
        self._overlaid = _members(self._changed)
        self._added = _members(path for path, held in self._changed.items() if held is not None)
        self.hashes: dict[str, str] = {}
        self.failures: dict[str, str] = {}
        self.holding: dict[str, None] = {}
        self.held_bytes = 0
        self.recorder = Recorder()
        self._word = word
        self._contents: dict[str, bytes] = {}
        self._folders: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self._links: dict[str, str] = {}

    def read(self, path: str) -> bytes:
        """The file's bytes. Raises ``UnreadableFile`` with the reason in words."""
        content = self._contents.get(path)
        if content is None:
            content = self._contents[path] = self._read(path)
            self.held_bytes += len(content)
            if path not in self.hashes:
                self._record(path, content)
        self.recorder.trace.answers[tracing.READ + path] = self.hashes[path]
        return content

    def _read(self, path: str) -> bytes:
        try:
            return self._load(path)
        except UnreadableFile as error:
            self.recorder.trace.answers[tracing.READ + path] = f"!{error}"
            if self.is_file(path):
                self.fail(path, str(error))
            raise

    def fail(self, path: str, reason: str) -> None:
        """Notes that a file is there and cannot be read."""
        self.failures[path] = reason
        self.recorder.trace.failures[path] = reason

    def held(self, path: str) -> int:
        """How many bytes of a file are held."""
        return len(self._contents.get(path, b""))

    def release(self) -> None:
        """Lets go of all contents. Who asks for one again has the file read again."""
        self._contents.clear()
        self.held_bytes = 0

    def _record(self, path: str, content: bytes) -> None:
        self.hashes[path] = hashlib.sha256(content).hexdigest()
        if self._word is not None and self._word in content:
            self.holding[path] = None

    def read_text(self, path: str) -> bytes:
        """The bytes of a file that is to be UTF-8. Raises ``UnreadableFile`` where it is not.

        Single bytes of another encoding, as in comments, are let pass: they cost no more than the
        characters they stand for. Null bytes and the marks of UTF-16 and UTF-32 tell of a file of
        which nothing can be read.
        """
        content = self.read(path)
        if b"\0" in content or content.startswith(_WIDE_MARKS):
            self.fail(path, "is not UTF-8 text")
            raise UnreadableFile(self.failures[path])
        return content

    def digest(self, path: str) -> str:
        """The answer to ``tracing.READ``; the content is not kept."""
        try:
            return hashlib.sha256(self._load(path)).hexdigest()
        except UnreadableFile as error:
            return f"!{error}"

    def is_overlaid(self, path: str) -> bool:
        """Whether the file or folder at ``path`` is taken to be another than stands there."""
        return path in self._changed or path in self._overlaid

    def is_file(self, path: str) -> bool:
        """Whether ``path`` is a regular file inside the root, links followed."""
        return self.kind(path) == "f"

    def is_directory(self, path: str) -> bool:
        """Whether ``path`` is a folder inside the root, links followed."""
        return self.kind(path) == "d"

    def kind(self, path: str) -> str:
        """What stands at ``path`` inside the root, links followed, as ``tracing.KIND`` has it."""
        kind = self._kinds.get(path)
        if kind is None:
            kind = self._kinds[path] = self._look(path)
        self.recorder.trace.answers[tracing.KIND + path] = kind
        return kind

    def entries(
        self, folder: str, names: str = "a", counts: Callable[[str], bool] = bool
    ) -> list[tuple[str, bool]]:
        """The names in ``folder`` in order, each with whether it is a folder and no link to one.

        Of what is no folder, the names that ``counts`` accepts; the letter ``names`` stands for it
        in the record. Raises ``OSError`` where the folder cannot be listed.
        """
        question = f"{tracing.LIST}{names}{folder}"
        try:
            found = self._entries(folder, counts)
        except OSError as error:
            self.recorder.trace.answers[question] = f"!{error.strerror}"
            raise
        self.recorder.trace.answers[question] = _digest(found)
        return found

    def listing(self, folder: str, names: str, counts: Callable[[str], bool]) -> str:
        """The answer to ``tracing.LIST``, arguments as in ``entries``."""
        try:
            return _digest(self.entries(folder, names, counts))
        except OSError as error:
            return f"!{error.strerror}"

    def _entries(self, folder: str, counts: Callable[[str], bool]) -> list[tuple[str, bool]]:
        added = self._added.get(folder, {})
        try:
            with os.scandir(self._top + folder) as entries:
                present = {
                    item.name: is_folder
                    for item in entries
                    if (is_folder := item.is_dir(follow_symlinks=False)) or counts(item.name)
                }
        except FileNotFoundError:
            if not added:
                raise
            present = {}
        wanted = {name: folder for name, folder in added.items() if folder or counts(name)}
        return sorted(
            (name, is_folder)
            for name, is_folder in (wanted | present).items()
            if is_folder or self._changed.get(posixpath.join(folder, name), b"") is not None
        )

    def is_link(self, path: str) -> bool:
        """Whether a link stands at ``path``."""
        return self.link(path).startswith("@")

    def real(self, path: str) -> str:
        """The absolute place of ``path``, links resolved, inside the root or not."""
        return self.link(path).removeprefix("@")

    def link(self, path: str) -> str:
        """Where ``path`` leads, as ``tracing.LINK`` has it."""
        found = self._links.get(path)
        if found is None:
            place = self._top + path
            found = ("@" if os.path.islink(place) else "") + os.path.realpath(place)
            self._links[path] = found
        self.recorder.trace.answers[tracing.LINK + path] = found
        return found

    def canonical(self, path: str) -> str:
        """The one path that a file inside the root has, whatever links lead to its folder."""
        if path in self._changed:
            return path
        folder, name = posixpath.split(path)
        place = os.path.join(self.real(folder), "")
        if not place.startswith(self._top):
            return path
        return posixpath.join(place[len(self._top) :].replace(os.sep, "/"), name)

    def read_above(self, path: Path, limit: int) -> bytes:
        """The bytes of a file that may lie outside the root; empty where none can be read."""
        try:
            content = read_regular(path, limit)
        except OSError:
            content = b""
        digest = hashlib.sha256(content).hexdigest()
        self.recorder.trace.answers[f"{tracing.READ_ABOVE}{limit}:{path}"] = digest
        return content

    def digest_above(self, question: str) -> str:
        """The answer to ``tracing.READ_ABOVE``; ``question`` is the limit and the path."""
        limit, _, path = question.partition(":")
        self.read_above(Path(path), int(limit))
        return self.recorder.trace.answers[tracing.READ_ABOVE + question]

    def exists_above(self, path: Path) -> bool:
        """Whether anything stands at an absolute path."""
        found = os.path.exists(path)
        self.recorder.trace.answers[f"{tracing.EXISTS_ABOVE}{path}"] = "+" if found else "-"
        return found

    def _look(self, path: str) -> str:
        if path in self._changed:
            return "-" if self._changed[path] is None else "f"
        if path in self._added:
            return "d"
        try:
            mode = os.stat(self._inside(path)).st_mode
        except (OSError, ValueError):
            return "-"
        return "f" if stat.S_ISREG(mode) else "d" if stat.S_ISDIR(mode) else "-"

    def _inside(self, path: str) -> str:
        """The place of ``path``, links resolved."""
        folder, name = posixpath.split(path)
        if name in _NO_NAMES:
            return self._within(os.path.realpath(self._top + path))
        return self._within(self._place(self._folder(folder), name))

    def _folder(self, folder: str) -> str:
        """The same of a folder, once each, for which the one around it is looked at."""
        below: list[str] = []
        while folder not in self._folders:
            around, name = posixpath.split(folder)
            if name in _NO_NAMES:
                self._folders[folder] = os.path.realpath(self._top + folder)
                break
            below.append(folder)
            folder = around
        place = self._folders[folder]
        for each in reversed(below):
            place = self._folders[each] = self._place(place, posixpath.basename(each))
        return place

    @staticmethod
    def _place(folder: str, name: str) -> str:
        place = f"{folder}{os.sep}{name}"
        return os.path.realpath(place) if os.path.islink(place) else place

    def _within(self, place: str) -> str:
        if place + os.sep != self._top and not place.startswith(self._top):
            raise UnreadableFile("leads out of the repository's root")
        return place

    def _overlay(self, path: str) -> bytes:
        content = self._changed[path]
        if content is None:
            raise UnreadableFile("does not exist")
        return content

    def _load(self, path: str) -> bytes:
        try:
            resolved = self._inside(path)
            inside = resolved[len(self._top) :].replace(os.sep, "/")
            if inside in self._changed:
                return self._overlay(inside)
            return read_regular(Path(resolved), MAX_SIZE)
        except UnreadableFile:
            raise
        except FileNotFoundError:
            raise UnreadableFile("does not exist") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UnreadableFile(f"cannot be read: {reason}") from error


def _digest(entries: Iterable[tuple[str, bool]]) -> str:
    written = "".join(f"{name}{'/' if is_folder else chr(0)}" for name, is_folder in entries)
    return hashlib.sha256(written.encode("utf-8", "surrogateescape")).hexdigest()


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _members(paths: Iterable[str]) -> dict[str, dict[str, bool]]:
    """The folders that ``paths`` lie in, with what they hold: names, and whether it is a folder."""
    members: dict[str, dict[str, bool]] = {}
    for path in paths:
        member, is_folder = path, False
        while member:
            folder, name = posixpath.split(member)
            members.setdefault(folder, {})[name] = is_folder
            member, is_folder = folder, True
    return members
