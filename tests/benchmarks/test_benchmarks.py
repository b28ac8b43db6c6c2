"""The benchmark runs, and what it measures on is the same every time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from codemod import plan, scan

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def write(root: Path, workers: int, files: int) -> dict[str, bytes]:
    """Writes a repository; the bytes of its files by their paths."""
    program = (
        f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r}); from pathlib import Path; "
        f"from repository import Size, write; write(Path({str(root)!r}), Size({workers}, {files}))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    paths = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    assert write(tmp_path / "a", 3, 10) == write(tmp_path / "b", 3, 10)


def test_a_repository_holds_what_is_to_be_found_and_what_is_to_be_passed_over(
    tmp_path: Path,
) -> None:
    paths = write(tmp_path, 10, 20)
    project = scan(tmp_path)
    assert len(project.workers) == 10
    assert sum(path.endswith(".ts") for path in project.read) == 200
    assert any("node_modules" in path for path in paths)
    assert not any("node_modules" in path or "/dist/" in path for path in project.read)
    assert {finding.rule for finding in plan(project).findings} == {"poisoned-binding"}


@pytest.mark.slow
def test_the_command_measures_ten_workers() -> None:
    ran = subprocess.run(
        [sys.executable, BENCHMARKS, "--workers", "10", "--files", "5", "--runs", "1"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "wfix check, cold" in ran.stdout
    assert "wfix plan, warm" in ran.stdout
