"""The releases that the suite measures, and the option that writes the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from programs import Programs
from suite.measuring import Bench, Releases

TESTS = Path(__file__).parents[2]
OLDER_WORKERD = ["workerd-2024", "workerd", "workerd-2025"]


def pytest_addoption(parser):
    parser.addoption(
        "--write-page",
        action="store_true",
        help="write docs/what-we-measured.md from what the slow test measures",
    )


@pytest.fixture(scope="session")
def releases() -> Releases:
    """As the lock files have them, so that nothing needs to be installed."""
    workerd = [workerd_release("npm-older", package) for package in OLDER_WORKERD]
    wrangler = [locked(folder, "wrangler") for folder in ("npm-older", "npm")]
    return Releases((*workerd, workerd_release("npm", "workerd")), tuple(wrangler))


@pytest.fixture(scope="session")
def current(releases, node_tools) -> Bench:
    return Bench({releases.workerd[-1]: program(node_tools, "workerd")}, {})


@pytest.fixture(scope="session")
def bench(releases, current, node_tools, older_tools) -> Bench:
    older = [program(older_tools, package) for package in OLDER_WORKERD]

    def programs(tools):
        return lambda home: Programs.at(home, tools.node, tools.packages, node_tools.packages)

    return Bench(
        dict(zip(releases.workerd[:-1], older, strict=True)) | current.workerd,
        dict(zip(releases.wrangler, map(programs, (older_tools, node_tools)), strict=True)),
    )


def program(tools, package: str) -> Path:
    return Path(tools.run(f"process.stdout.write(require({json.dumps(package)}).default)"))


def workerd_release(folder: str, package: str) -> str:
    """``1.20241218.0`` is known as 1.20241218."""
    return locked(folder, package).rpartition(".")[0]


def locked(folder: str, package: str) -> str:
    lock = json.loads((TESTS / folder / "package-lock.json").read_text())
    return lock["packages"][f"node_modules/{package}"]["version"]
