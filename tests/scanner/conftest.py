from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Build = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def repository(tmp_path) -> Build:
    """Builds a folder from the contents of its files."""

    def build(files: Mapping[str, str]) -> Path:
        root = tmp_path / "repository"
        root.mkdir(exist_ok=True)
        for path, content in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        return root

    return build
