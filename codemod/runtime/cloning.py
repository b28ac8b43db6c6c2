"""Clones of repositories that nobody vouches for, through git's command line.

A clone is shallow and fetches contents only for the files that are looked at: pictures, fonts,
media and archives stay away. git runs in an environment of its own making. No configuration of the
user or the system counts; hooks, filters (so LFS too), external diff drivers, credential helpers,
file monitors, submodules and includes are off; contents come out of the repository byte for byte,
whatever its attributes say; no redirect is followed and no protocol but the remote's own is spoken.
Who asks is said in the environment alone: never in an argument, an address or a file.
"""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from urllib.parse import urlsplit

from codemod.errors import WfixError
from codemod.model import FileChange

_PASSED_ON = (
    "PATH",
    "SYSTEMROOT",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "NO_PROXY",
    "no_proxy",
)
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.autocrlf": "false",
    "core.askPass": "",
    "core.sparseCheckout": "true",
    "core.sparseCheckoutCone": "false",
    "credential.helper": "",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "30",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "push.recurseSubmodules": "no",
    "push.gpgSign": "false",
    "commit.gpgSign": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.detachedHead": "false",
}
_AS_STORED = "* -text -eol -ident -filter -working-tree-encoding -diff -merge\n"
# What no Worker's configuration or code is in. Where such a file is asked for, it is not there.
_LEFT_AWAY = (
    *("png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "bmp", "tif", "tiff", "psd"),
    *("mp3", "mp4", "m4a", "wav", "ogg", "webm", "mov", "avi", "woff", "woff2", "ttf", "otf"),
    *("zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "jar", "pdf", "sqlite", "db"),
)
_REGULAR = ("100644", "100755")
_POLL_SECONDS = 0.25
_SHOWN = 300
_CHUNK = 64 * 1024
_BYTES_AN_ENTRY = 200
"""How long its path may be, on the average."""
_HEADS = "refs/heads/"


class Failure(Enum):
    """Why git did not do what it was told."""

    NOT_SIGNED_IN = auto()
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    REJECTED = auto()
    BUSY = auto()
    TOO_LARGE = auto()
    TOO_SLOW = auto()
    OTHER = auto()


class GitFailed(WfixError):
    """git gave up; ``str()`` is its complaint without secrets."""

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a repository lives. ``authorization`` is the header's value, None for none."""

    url: str
    authorization: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one repository may cost: seconds for all of git's work, bytes on the disk.

    ``entries`` are its files and folders: a few objects, each in many places, make trees that no
    memory holds.
    """

    seconds: float = 600.0
    bytes: int = 2 * 1024 * 1024 * 1024
    entries: int = 200_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a commit is from."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone of one branch's newest commit, ``commit``, in the folder ``root``."""

    root: Path
    remote: Remote
    commit: str
    limits: Limits
    deadline: float

    def build_commit(self, changes: Sequence[FileChange], message: str, by: Identity) -> str:
        """Makes a commit of ``changes`` on top of ``commit``, and gives its hash.

        It is dated as its parent, so that the same change of the same commit is the same commit
        again. The work tree stays as it is. Raises ``GitFailed`` where a path is no plain file.
        """
        git = _Git(self.root, self.remote, self.limits, self.deadline)
        index = {"GIT_INDEX_FILE": str(self.root / ".git" / "wfix-index")}
        git.run("read-tree", self.commit, extra=index)
        entries = b"".join(_entry(git, self.commit, change) for change in changes)
        git.run("update-index", "-z", "--index-info", extra=index, given=entries)
        tree = git.line("write-tree", "--missing-ok", extra=index)
        date = git.line("show", "-s", "--no-show-signature", "--format=%ct +0000", self.commit)
        signed = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", by.name), ("EMAIL", by.email), ("DATE", date))
        }
        command = ("commit-tree", tree, "-p", self.commit, "-F", "-")
        return git.line(*command, extra=signed, given=message.encode("utf-8", "replace"))

    def push(self, branch: str, commit: str, expected: str | None) -> None:
        """Makes ``commit`` the newest one of ``branch``, if that is still at ``expected``.

        None expects that there is no such branch. Raises ``GitFailed``, ``REJECTED`` where it is
        elsewhere by now or protected.
        """
        self._push(f"{commit}:{_HEADS}{branch}", branch, expected or "")

    def delete(self, branch: str, expected: str) -> None:
        """Deletes ``branch``, if it is still at ``expected``. Raises as ``push``."""
        self._push(f":{_HEADS}{branch}", branch, expected)

    def _push(self, what: str, branch: str, expected: str) -> None:
        lease = f"--force-with-lease={_HEADS}{branch}:{expected}"
        git = _Git(self.root, self.remote, self.limits, self.deadline)
        git.run("push", "--porcelain", "--no-verify", lease, "origin", what)


def basic_authorization(user: str, password: str) -> str:
    """The value of an ``Authorization`` header."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def heads(remote: Remote, patterns: Sequence[str], scratch: Path, limits: Limits) -> dict[str, str]:
    """The branches of ``remote`` that ``patterns`` (as in ``wfix/*``) name, with their commits.

    ``scratch`` is a folder of no repository. Raises ``GitFailed``.
    """
    git = _Git(scratch, remote, limits, time.monotonic() + limits.seconds)
    wanted = [f"{_HEADS}{pattern}" for pattern in patterns]
    listed = git.run("ls-remote", "--", remote.url, *wanted).decode("utf-8", "replace")
    pairs = [line.partition("\t") for line in listed.splitlines()]
    return {name.removeprefix(_HEADS): commit for commit, _, name in pairs}


def clone(remote: Remote, branch: str, folder: Path, limits: Limits) -> Clone:
    """The newest commit of ``branch``, checked out in ``folder``, which is made.

    Raises ``GitFailed``; ``TOO_LARGE`` and ``TOO_SLOW`` where it goes over ``limits``.
    """
    deadline = time.monotonic() + limits.seconds
    folder.mkdir()
    git = _Git(folder, remote, limits, deadline)
    depth = ("--depth=1", "--single-branch", "--no-tags", "--filter=blob:none")
    where = ("--branch", branch, "--", remote.url, ".")
    git.run("clone", "--quiet", "--template=", "--no-checkout", *depth, *where)
    information = folder / ".git" / "info"
    information.mkdir(exist_ok=True)
    (information / "attributes").write_text(_AS_STORED, encoding="ascii")
    (information / "sparse-checkout").write_text(_patterns(), encoding="ascii")
    git.require_few_entries("HEAD")
    git.run("checkout", "--quiet", "--detach", "HEAD")
    git.require_limits()
    commit = git.line("rev-parse", "--verify", "HEAD")
    return Clone(folder, remote, commit, limits, deadline)


def _patterns() -> str:
    return "".join(["/*\n", *(f"!*.{suffix}\n" for suffix in _LEFT_AWAY)])


def _entry(git: _Git, commit: str, change: FileChange) -> bytes:
    mode = _mode(git, commit, change)
    # Forms of names of files are bytes to git, and surrogates stand for those that are no UTF-8.
    path = change.path.encode("utf-8", "surrogateescape")
    blob = git.line("hash-object", "-w", "--no-filters", "--stdin", given=change.after)
    return f"{mode} {blob} 0\t".encode() + path + b"\0"


def _mode(git: _Git, commit: str, change: FileChange) -> str:
    listed = git.run("--literal-pathspecs", "ls-tree", "-z", commit, "--", change.path)
    mode = listed.split(b" ", 1)[0].decode("ascii", "replace")
    if change.before is None and not listed:
        return _REGULAR[0]
    if change.before is None or mode not in _REGULAR:
        raise GitFailed(f"{change.path} is no plain file of the repository", Failure.OTHER)
    return mode


# --- Running ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Git:
    """git in one folder, with one remote."""

    folder: Path
    remote: Remote
    limits: Limits
    deadline: float

    def line(
        self, *arguments: str, extra: Mapping[str, str] | None = None, given: bytes = b""
    ) -> str:
        return self.run(*arguments, extra=extra, given=given).decode("utf-8", "replace").strip()

    def run(
        self, *arguments: str, extra: Mapping[str, str] | None = None, given: bytes = b""
    ) -> bytes:
        """What the command writes. Raises ``GitFailed``."""
        process = self._started(arguments, extra or {})
        try:
            output, complaint = self._watched(process, given)
        finally:
            _end(process)
        if process.returncode:
            raise _failed(arguments, output + complaint, self.remote)
        return output

    def require_few_entries(self, commit: str) -> None:
        """Raises ``GitFailed`` where ``commit`` has more entries than the limit, uncounted."""
        process = self._started(("ls-tree", "-r", "-t", "-z", "--name-only", commit), {})
        timer = threading.Timer(max(0.0, self.deadline - time.monotonic()), process.kill)
        timer.start()
        entries = size = 0
        try:
            assert process.stdout
            while chunk := process.stdout.read(_CHUNK):
                entries += chunk.count(b"\0")
                size += len(chunk)
                if entries > self.limits.entries or size > self.limits.entries * _BYTES_AN_ENTRY:
                    raise GitFailed(
                        f"the repository has more than {self.limits.entries} files and folders",
                        Failure.TOO_LARGE,
                    )
            _, complaint = process.communicate()
        finally:
            timer.cancel()
            _end(process)
        self.require_limits()
        if process.returncode:
            raise _failed(("ls-tree",), complaint, self.remote)

    def _started(
        self, arguments: Sequence[str], extra: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ["git", "--no-pager", *arguments],
                cwd=self.folder,
                env={**_environment(self.remote, self.folder), **extra},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                process_group=0,
            )
        except FileNotFoundError:
            raise GitFailed("git is not installed", Failure.OTHER) from None

    def _watched(self, process: subprocess.Popen[bytes], given: bytes) -> tuple[bytes, bytes]:
        pause, left = _POLL_SECONDS, given or None
        while True:
            try:
                return process.communicate(left, timeout=pause)
            except subprocess.TimeoutExpired:
                # What is left to be written is remembered, and must not be given again.
                pause, left = self.require_limits(), None

    def require_limits(self) -> float:
        """Seconds until the limits are looked at again. Raises ``GitFailed`` beyond them."""
        started = time.monotonic()
        if started > self.deadline:
            raise GitFailed(
                f"git took more than {self.limits.seconds:.0f} seconds", Failure.TOO_SLOW
            )
        if _size(self.folder) > self.limits.bytes:
            mebibytes = self.limits.bytes // 1024 // 1024
            raise GitFailed(f"the repository has more than {mebibytes} MiB", Failure.TOO_LARGE)
        return max(_POLL_SECONDS, 10 * (time.monotonic() - started))


def _environment(remote: Remote, folder: Path) -> dict[str, str]:
    settings = {**_SETTINGS, f"protocol.{urlsplit(remote.url).scheme or 'file'}.allow": "always"}
    if remote.authorization:
        settings[f"http.{remote.url}.extraHeader"] = f"Authorization: {remote.authorization}"
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {
        "HOME": str(folder.parent),
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (key, value) in enumerate(settings.items()):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends git with all that it started, where it runs yet."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _size(folder: Path) -> int:
    size = 0
    pending = [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(Path(entry.path))
                    else:
                        size += entry.stat(follow_symlinks=False).st_size
        except OSError:
            # git moves its files while they are counted.
            continue
    return size


# --- Failures --------------------------------------------------------------------------------

_SIGNS = (
    (
        re.compile(r"error: 401|Authentication failed|could not read (Username|Password)"),
        Failure.NOT_SIGNED_IN,
    ),
    (re.compile(r"error: 429"), Failure.BUSY),
    (re.compile(r"error: 403|Permission to \S+ denied"), Failure.FORBIDDEN),
    (
        re.compile(r"error: 404|repository '.*' not found|Remote branch .* not found"),
        Failure.NOT_FOUND,
    ),
    (re.compile(r"\[(remote )?rejected\]|stale info"), Failure.REJECTED),
)


def _failed(arguments: Sequence[str], written: bytes, remote: Remote) -> GitFailed:
    complaint = _without_secrets(written.decode("utf-8", "replace"), remote)
    failure = next((kind for sign, kind in _SIGNS if sign.search(complaint)), Failure.OTHER)
    command = next(item for item in arguments if not item.startswith("-"))
    return GitFailed(f"git {command}: {' '.join(complaint.split())[:_SHOWN]}", failure)


def _without_secrets(text: str, remote: Remote) -> str:
    if not remote.authorization:
        return text
    scheme, _, encoded = remote.authorization.partition(" ")
    secrets = [encoded]
    if scheme == "Basic":
        secrets.append(base64.b64decode(encoded).decode().partition(":")[2])
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return text
