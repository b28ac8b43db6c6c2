"""Files that go, or may not be read or written, while the program works: named, the rest done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from codemod import api, planner
from codemod.errors import StalePlan
from codemod.planner import ignoring
from codemod.scanner import files as scanned_files
from codemod.scanner import scan

FOUND = b"poisoned-binding"
APPLY = ("apply", "--allow-no-vcs")
# Reads and writes as its owner may, and no more: a superuser may do everything.
WITHOUT_PRIVILEGE = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
WFIX = (sys.executable, "-c", "from codemod.cli import main; main()")


@pytest.fixture
def unprivileged():
    """Runs a command as somebody whom the modes of files bind."""
    prefix = WITHOUT_PRIVILEGE if os.geteuid() == 0 else ()
    if prefix and subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no privilege can be given up here")

    def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        ran = subprocess.run(
            [*prefix, *WFIX, *arguments], cwd=root, capture_output=True, check=False, timeout=60
        )
        assert b"Traceback" not in ran.stderr, ran.stderr.decode()
        return ran

    return run


@pytest.fixture
def closed(root: Path) -> Iterator[Path]:
    """A folder beside the Workers, with a Worker that nobody may look at."""
    folder = root / "closed"
    folder.mkdir()
    (folder / "wrangler.jsonc").write_text('{"name": "closed", "main": "index.ts"}')
    (folder / "index.ts").write_text("export default { fetch() { return new Response() } };\n")
    yield folder
    folder.chmod(0o755)


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".wfix" not in path.parts
    }


@pytest.mark.parametrize(
    "name", ["index.ts", pytest.param("wrangler.jsonc", marks=pytest.mark.slow)]
)
def test_a_file_that_may_not_be_read_is_named_and_the_rest_is_done(
    unprivileged, root, closed, name
):
    (closed / name).chmod(0)
    ran = unprivileged(root, "check", "--output-format", "concise")
    assert ran.returncode == 7
    assert FOUND in ran.stdout
    assert f"closed/{name}".encode() in ran.stderr
    assert b"Permission denied" in ran.stderr


@pytest.mark.parametrize(
    "mode",
    [
        pytest.param(0, id="closed"),
        pytest.param(0o444, id="listed, not entered", marks=pytest.mark.slow),
        pytest.param(0o311, id="entered, not listed", marks=pytest.mark.slow),
    ],
)
def test_a_folder_that_may_not_be_read_is_named_and_the_rest_is_done(
    unprivileged, root, closed, mode
):
    closed.chmod(mode)
    ran = unprivileged(root, "check", "--output-format", "concise")
    assert FOUND in ran.stdout
    assert b"closed" in ran.stderr
    assert ran.returncode == 7


@pytest.mark.parametrize(
    "command",
    [APPLY, pytest.param(("apply", "plan.json", "--allow-no-vcs"), marks=pytest.mark.slow)],
    ids=["at once", "a plan file"],
)
def test_nothing_is_written_where_the_folder_takes_no_file(unprivileged, root, command):
    assert unprivileged(root, "plan", "-o", "plan.json").returncode == 0
    before = files(root)
    (root / "caller").chmod(0o555)
    ran = unprivileged(root, *command)
    (root / "caller").chmod(0o755)
    assert ran.returncode == 6
    assert b"Permission denied" in ran.stderr
    assert files(root) == before


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(APPLY, id="apply"),
        pytest.param(("check", "--add-ignores"), id="add-ignores", marks=pytest.mark.slow),
        pytest.param(("rollback",), id="rollback", marks=pytest.mark.slow),
    ],
)
def test_nothing_is_written_where_the_root_takes_no_folder(unprivileged, root, command):
    before = files(root)
    root.chmod(0o555)
    ran = unprivileged(root, *command)
    root.chmod(0o755)
    assert ran.returncode == 5
    assert ran.stderr.splitlines()[-1].startswith(b"wfix: ")
    assert files(root) == before


# --- Files that go ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("apply", "target/src/index.ts"),
        pytest.param("apply", "caller/wrangler.jsonc", marks=pytest.mark.slow),
        pytest.param("verify", "caller/wrangler.jsonc", marks=pytest.mark.slow),
        pytest.param("verify", "target/src/index.ts", marks=pytest.mark.slow),
    ],
)
def test_a_plan_file_is_stale_where_a_file_of_it_is_gone(wfix, root, name, command):
    assert wfix(root, "plan", "-o", "plan.json").code == 0
    (root / name).unlink()
    before = files(root)
    ran = wfix(root, command, "plan.json", *(["--allow-no-vcs"] if command == "apply" else []))
    assert ran.code == 4
    assert name.encode() in ran.err
    assert files(root) == before


def test_a_file_that_goes_between_scan_and_plan_makes_the_plan_stale(root):
    project = scan(root)
    (root / "caller/wrangler.jsonc").unlink()
    with pytest.raises(StalePlan, match=r"^caller/wrangler\.jsonc changed"):
        planner.plan(project)


def test_a_file_that_is_broken_between_scan_and_plan_makes_the_plan_stale(root):
    project = scan(root)
    (root / "caller/wrangler.jsonc").write_text("{")
    with pytest.raises(StalePlan, match=r"^caller/wrangler\.jsonc changed"):
        planner.plan(project)


def test_comments_are_for_files_as_they_were_scanned(root):
    plan = planner.plan(scan(root))
    (root / "caller/wrangler.jsonc").unlink()
    with pytest.raises(StalePlan, match=r"^caller/wrangler\.jsonc changed"):
        ignoring.comments(plan, "known")


def test_a_file_that_goes_between_plan_and_apply_makes_the_plan_stale(root):
    plan = planner.plan(scan(root))
    (root / "caller/wrangler.jsonc").unlink()
    before = files(root)
    with pytest.raises(StalePlan, match=r"caller/wrangler\.jsonc"):
        api.apply(plan)
    assert files(root) == before


@pytest.mark.parametrize("name", ["wrangler.jsonc", "index.ts"])
def test_a_file_that_goes_between_listing_and_reading_is_named(root, closed, name):
    read = scanned_files.read_regular

    def take_and_read(path: Path, *limit: int) -> bytes:
        if path == closed / name:
            path.unlink()
        return read(path, *limit)

    with patch.object(scanned_files, "read_regular", take_and_read):
        project = scan(root)
    assert not (closed / name).exists()
    assert project.worker("caller/wrangler.jsonc") is not None
    [item] = project.unreadable
    assert f"closed/{name}" in f"{item.path} {item.reason}"
    assert item.reason.endswith("does not exist")
