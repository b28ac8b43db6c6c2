"""Finds the runtime's native program, and runs its tests under a limit of time and output."""

from __future__ import annotations

import os
import platform
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

import msgspec

from codemod.errors import NoProof, Refused
from codemod.runtime import git

VARIABLE = "WFIX_WORKERD"
HOW_TO_GET = (
    "no workerd is found: `npm install --save-dev workerd` in the repository brings it, and so "
    f"does wrangler; --workerd FILE or ${VARIABLE} names one that lies elsewhere"
)

_VERSION_SECONDS = 20.0
_VERSION = re.compile(r"^workerd (\d{4}-\d\d-\d\d)\s*$", re.MULTILINE)
_MAX_VERSION = 64 * 1024
_MAX_OUTPUT = 256 * 1024 * 1024
_MAX_LINE = 1024 * 1024
_CHUNK = 64 * 1024
_CHUNKS_AHEAD = 16
_SECONDS_TO_CLOSE = 0.2
_SHOWN = 300
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "windows"}
_MACHINES = {"x86_64": "64", "amd64": "64", "arm64": "arm64", "aarch64": "arm64"}
_MAGIC = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"MZ")
"""How native programs start: ELF, Mach-O (of one machine, of several), PE."""
# Below ``node_modules``: hoisted, nested in another package, and the stores of pnpm and Bun.
_PLACES = (
    "@cloudflare/{package}",
    "*/node_modules/@cloudflare/{package}",
    "@cloudflare/*/node_modules/@cloudflare/{package}",
    ".pnpm/@cloudflare+{package}@*/node_modules/@cloudflare/{package}",
    ".bun/@cloudflare+{package}@*/node_modules/@cloudflare/{package}",
)
_UNPLUGGED = ".yarn/unplugged/@cloudflare-{package}-*/node_modules/@cloudflare/{package}"


@dataclass(frozen=True, slots=True)
class Workerd:
    """A program of the runtime.

    ``latest`` is the newest compatibility date that it is sure to take, ``passed_over`` what was
    met before it and not run, with the reason in words.
    """

    path: Path
    release: date
    passed_over: tuple[str, ...] = ()

    @property
    def latest(self) -> date:
        return min(self.release, datetime.now(UTC).date())

    def __str__(self) -> str:
        return f"workerd {self.release.isoformat()} ({self.path})"


def find(
    explicit: Path | None,
    root: Path,
    folders: Iterable[Path],
    environment: Mapping[str, str],
    seconds: float = _VERSION_SECONDS,
) -> Workerd | None:
    """The runtime to use, None where there is none.

    ``explicit`` comes first, then ``$WFIX_WORKERD`` of ``environment``, the packages under
    ``node_modules`` of ``folders`` and of those around them, up to the top of the repository that
    ``root`` lies in (of several releases the newest), then ``$PATH``. A program that git tracks is
    the repository's own code, and is never run. It has ``seconds`` to say its release. Raises
    ``NoProof`` where the program that is asked for cannot be run, does not answer or is no
    workerd, and where the only one is tracked.
    """
    named = explicit or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else None)
    if named is not None:
        return _named(named.absolute(), seconds)
    passed_over: list[str] = []
    for path in (*_installed(_upwards(root, folders)), *_on_path(environment)):
        reason = _reason_against(path)
        if reason is None:
            return Workerd(path, _release(path, seconds), tuple(passed_over))
        passed_over.append(reason)
    if passed_over:
        raise NoProof(f"{'; '.join(passed_over)}; {HOW_TO_GET}")
    return None


@contextmanager
def watched(workerd: Workerd, config: Path, seconds: float) -> Iterator[Iterator[str]]:
    """The lines that the runtime writes, to both streams, while it runs the tests of ``config``.

    It watches its configuration: so it notes every fault of it and runs what is sound all the
    same, where it would stop at the first otherwise. It does not end by itself then, and is killed
    at the end of the context. Raises ``NoProof`` where it ends before, or goes over ``seconds`` or
    a limit of output.
    """
    arguments = ("test", "--experimental", "--watch", str(config))
    with _running(workerd.path, arguments, config.parent, seconds) as output:
        yield _lines(workerd, output)


@contextmanager
def _running(
    path: Path, arguments: Iterable[str], folder: Path | None, seconds: float
) -> Iterator[_Output]:
    process: subprocess.Popen[bytes] | None = None
    output: _Output | None = None
    at = time.monotonic() + seconds
    try:
        with _undisturbed():
            process = _started(path, arguments, folder)
        output = _Output(process, at)
        yield output
    finally:
        if process:
            _end(process)
        if output:
            output.close()


def _started(path: Path, arguments: Iterable[str], folder: Path | None) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "LLVM_SYMBOLIZER"}
    try:
        return subprocess.Popen(
            [str(path), *arguments],
            cwd=folder,
            env=environment,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    except OSError as error:
        raise NoProof(f"{path} cannot be run: {error.strerror}") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills a process with those that it has started: a script may stand before the program."""
    if sys.platform == "win32":
        process.kill()
    else:
        # It is not waited for before: so its number is that of its group alone.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Lets no signal come between the start of a process and its being known."""
    if os.name == "nt":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Output:
    """What a process writes, until some point in time.

    A thread reads it: whatever the process has started may hold the pipe open for ever, and a
    read of that cannot be broken off.
    """

    def __init__(self, process: subprocess.Popen[bytes], at: float) -> None:
        assert process.stdout
        self._at = at
        self._is_over = False
        self._chunks: queue.Queue[bytes] = queue.Queue(_CHUNKS_AHEAD)
        self._reader = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            while not self._is_over and (chunk := stream.read(_CHUNK)):
                self._chunks.put(chunk)
        self._chunks.put(b"")

    def chunks(self) -> Iterator[bytes]:
        """Raises ``TimeoutError`` where the end is not reached in time."""
        while chunk := self._next():
            yield chunk

    def _next(self) -> bytes:
        left = min(self._at - time.monotonic(), threading.TIMEOUT_MAX)
        if left <= 0:
            raise TimeoutError
        try:
            return self._chunks.get(timeout=left)
        except queue.Empty:
            raise TimeoutError from None

    def close(self) -> None:
        """Ends the reading, at once where the process and all that it has started are dead."""
        self._is_over = True
        with suppress(queue.Empty):
            while True:
                self._chunks.get_nowait()
        self._reader.join(_SECONDS_TO_CLOSE)


def _lines(workerd: Workerd, output: _Output) -> Iterator[str]:
    last = ""
    try:
        for line in _split(workerd, output):
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            last = text[:_SHOWN] if text.strip() else last
            yield text
    except TimeoutError:
        raise NoProof(
            f"{workerd} was not done in time; verify --timeout SECONDS gives it longer"
        ) from None
    said = f", saying: {last}" if last else ""
    raise NoProof(f"{workerd} ended before every call was made{said}")


def _split(workerd: Workerd, output: _Output) -> Iterator[bytes]:
    """The lines of the output, those that are too long in pieces."""
    size = 0
    begun = b""
    for chunk in output.chunks():
        size += len(chunk)
        if size > _MAX_OUTPUT:
            raise NoProof(f"{workerd} writes more than {_MAX_OUTPUT // 1024 // 1024} MiB")
        *whole, begun = (begun + chunk).split(b"\n")
        yield from whole
        if len(begun) > _MAX_LINE:
            yield begun
            begun = b""
    if begun:
        yield begun


# --- Where it lies --------------------------------------------------------------------------


def _named(path: Path, seconds: float) -> Workerd:
    if not path.exists():
        raise NoProof(f"{path} does not exist")
    if not path.is_file():
        raise NoProof(f"{path} is no file")
    native = path if is_native(path) else _beside(path)
    path = native or path
    reason = _reason_against(path)
    if reason:
        raise NoProof(reason)
    return Workerd(path, _release(path, seconds))


def _installed(folders: Iterable[Path]) -> Iterator[Path]:
    """Native programs of the npm packages that are installed around ``folders``, newest first."""
    packages = {package for folder in folders for package in _packages(folder) if package.is_dir()}
    for package in sorted(packages, key=lambda path: (_version(path), path), reverse=True):
        program = package / "bin" / _program_name()
        if is_native(program):
            yield program


def _upwards(root: Path, folders: Iterable[Path]) -> set[Path]:
    """The folders, and those around them up to the top of the repository."""
    top = next((item for item in (root, *root.parents) if (item / ".git").exists()), root)
    found = {root, *folders}
    for folder in tuple(found):
        found.update(item for item in folder.parents if item.is_relative_to(top))
    return found


def _packages(folder: Path) -> Iterator[Path]:
    package = _package_name()
    if package is None:
        return
    modules = folder / "node_modules"
    for place in _PLACES if modules.is_dir() else ():
        yield from modules.glob(place.format(package=package))
    yield from folder.glob(_UNPLUGGED.format(package=package))


def _on_path(environment: Mapping[str, str]) -> Iterator[Path]:
    found = shutil.which("workerd", path=environment.get("PATH", os.defpath))
    if found is None:
        return
    path = Path(found).absolute()
    native = path if is_native(path) else _beside(path)
    if native:
        yield native


def _beside(script: Path) -> Path | None:
    """The native program that the script of the npm package ``workerd`` would start."""
    real = Path(os.path.realpath(script))
    package = _package_name()
    if package is None or _manifest(real.parent.parent).name != "workerd":
        return None
    places = (
        folder / "node_modules" / "@cloudflare" / package / "bin" / _program_name()
        for folder in real.parents
    )
    return next(filter(is_native, places), None)


def _package_name() -> str | None:
    system, machine = _SYSTEMS.get(sys.platform), _MACHINES.get(platform.machine().lower())
    return f"workerd-{system}-{machine}" if system and machine else None


def _program_name() -> str:
    return "workerd.exe" if sys.platform == "win32" else "workerd"


class _Manifest(msgspec.Struct):
    name: str = ""
    version: str = ""


def _manifest(package: Path) -> _Manifest:
    try:
        return msgspec.json.decode((package / "package.json").read_bytes(), type=_Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return _Manifest()


def _version(package: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", _manifest(package).version))


# --- Whether it may be run ------------------------------------------------------------------


def is_native(path: Path) -> bool:
    """Whether the file at ``path`` starts as a program of some operating system does."""
    try:
        with path.open("rb") as stream:
            return stream.read(4).startswith(_MAGIC)
    except OSError:
        return False


def _reason_against(path: Path) -> str | None:
    """Why the program at ``path`` must not or cannot be run."""
    try:
        if git.tracks(path) or git.tracks(Path(os.path.realpath(path))):
            return f"{path} is tracked by git: it is the repository's own code, and is not run"
    except Refused as error:
        return f"{error}; so it is not run"
    return None if os.access(path, os.X_OK) else f"{path} is not executable"


def _release(path: Path, seconds: float) -> date:
    said = _said_of_version(path, min(seconds, _VERSION_SECONDS))
    match = _VERSION.search(said)
    if match is None:
        raise NoProof(f"{path} is no workerd: --version says {said.strip()[:_SHOWN]!r}")
    try:
        return date.fromisoformat(match[1])
    except ValueError as error:
        raise NoProof(f"{path} is no workerd: --version says {said!r}") from error


def _said_of_version(path: Path, seconds: float) -> str:
    said = b""
    with _running(path, ("--version",), None, seconds) as output:
        try:
            for chunk in output.chunks():
                said += chunk
                if len(said) > _MAX_VERSION:
                    break
        except TimeoutError:
            raise NoProof(f"{path} --version does not answer in time") from None
    return said.decode("utf-8", "replace")
