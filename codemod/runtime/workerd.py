"""Finds the runtime's native program, and runs its tests under a limit of time and output."""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from codemod.errors import NoProof, Refused
from codemod.runtime import git

VARIABLE = "WFIX_WORKERD"
HOW_TO_GET = (
    "no workerd is found: `npm install --save-dev workerd` in the repository brings it, and so "
    f"does wrangler; --workerd FILE or ${VARIABLE} names one that lies elsewhere"
)

_VERSION_SECONDS = 20
_VERSION = re.compile(r"workerd (\d{4}-\d\d-\d\d)\s*")
_MAX_OUTPUT = 256 * 1024 * 1024
_MAX_LINE = 1024 * 1024
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
    explicit: Path | None, root: Path, folders: Iterable[Path], environment: Mapping[str, str]
) -> Workerd | None:
    """The runtime to use, None where there is none.

    ``explicit`` comes first, then ``$WFIX_WORKERD`` of ``environment``, the packages under
    ``node_modules`` of ``folders`` and of those around them, up to the top of the repository that
    ``root`` lies in (of several releases the newest), then ``$PATH``. A program that git tracks is
    the repository's own code, and is never run. Raises ``NoProof`` where the program that is asked
    for cannot be run or is no workerd, and where the only one is tracked.
    """
    named = explicit or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else None)
    if named is not None:
        return _named(named.absolute())
    passed_over: list[str] = []
    for path in (*_installed(_upwards(root, folders)), *_on_path(environment)):
        reason = _reason_against(path)
        if reason is None:
            return Workerd(path, _release(path), tuple(passed_over))
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
    process: subprocess.Popen[bytes] | None = None
    limit: _Limit | None = None
    try:
        with _undisturbed():
            process = _started(workerd, config)
        limit = _Limit(process, seconds)
        yield _lines(workerd, process, limit)
    finally:
        if limit:
            limit.end()
        if process:
            _end(process)


def _started(workerd: Workerd, config: Path) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "LLVM_SYMBOLIZER"}
    try:
        return subprocess.Popen(
            [str(workerd.path), "test", "--experimental", "--watch", str(config)],
            cwd=config.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise NoProof(f"{workerd.path} cannot be run: {error.strerror}") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


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


class _Limit:
    """Kills a process after some seconds. ``reached`` says that it did."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.reached = False
        self._process = process
        self._timer = threading.Timer(max(seconds, 0), self._kill)
        self._timer.daemon = True
        self._timer.start()

    def _kill(self) -> None:
        self.reached = True
        self._process.kill()

    def end(self) -> None:
        self._timer.cancel()
        self._timer.join()


def _lines(workerd: Workerd, process: subprocess.Popen[bytes], limit: _Limit) -> Iterator[str]:
    assert process.stdout
    size = 0
    last = ""
    while line := process.stdout.readline(_MAX_LINE):
        size += len(line)
        if size > _MAX_OUTPUT:
            raise NoProof(f"{workerd} writes more than {_MAX_OUTPUT // 1024 // 1024} MiB")
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        last = text[:_SHOWN] if text.strip() else last
        yield text
    if limit.reached:
        raise NoProof(f"{workerd} was not done in time; verify --timeout SECONDS gives it longer")
    said = f", saying: {last}" if last else ""
    raise NoProof(f"{workerd} ended before every call was made{said}")


# --- Where it lies --------------------------------------------------------------------------


def _named(path: Path) -> Workerd:
    if not path.exists():
        raise NoProof(f"{path} does not exist")
    if not path.is_file():
        raise NoProof(f"{path} is no file")
    native = path if is_native(path) else _beside(path)
    path = native or path
    reason = _reason_against(path)
    if reason:
        raise NoProof(reason)
    return Workerd(path, _release(path))


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


def _release(path: Path) -> date:
    try:
        ran = subprocess.run(
            [path, "--version"],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_VERSION_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise NoProof(f"{path} --version does not answer") from error
    except OSError as error:
        raise NoProof(f"{path} cannot be run: {error.strerror}") from error
    said = ran.stdout.decode("utf-8", "replace")
    match = _VERSION.fullmatch(said)
    if match is None:
        shown = (said or ran.stderr.decode("utf-8", "replace")).strip()[:_SHOWN]
        raise NoProof(f"{path} is no workerd: --version says {shown!r}")
    try:
        return date.fromisoformat(match[1])
    except ValueError as error:
        raise NoProof(f"{path} is no workerd: --version says {said!r}") from error
