"""Repositories written down in a test, and the runtime that the tests' npm packages bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from codemod.runtime import workerd as programs
from codemod.runtime.workerd import Workerd

Build = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def repository(tmp_path) -> Build:
    """Builds a folder from the contents of its files."""

    def build(files: Mapping[str, str]) -> Path:
        root = tmp_path / "repository"
        for path, content in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        return root

    return build


@pytest.fixture(scope="session")
def workerd(node_tools) -> Workerd:
    """The current release of the runtime."""
    found = programs.find(None, node_tools.packages.parent, [], {})
    assert found
    return found
