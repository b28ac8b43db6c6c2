"""The hooks in pre-commit itself, on a scratch repository; wfix is the one that is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from repositories import CASES, commit, copy, git

ROOT = Path(__file__).parents[2]
CONFIGURATION = "caller/wrangler.jsonc"

pytestmark = pytest.mark.slow


@pytest.fixture
def hooks(tmp_path):
    """A repository of the hooks alone: their entries run what the tests' Python has installed."""
    folder = tmp_path / "hooks"
    folder.mkdir()
    (folder / ".pre-commit-hooks.yaml").write_bytes((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    return commit(folder)


@pytest.fixture
def faulty(tmp_path):
    return commit(copy(CASES / "durable_object_declared/before", tmp_path / "faulty"))


@pytest.fixture
def run(hooks, faulty, tmp_path):
    def pre_commit(hook: str, *arguments: str):
        revision = git(hooks, "rev-parse", "HEAD").strip()
        # The project's own environment stands for the one that pre-commit would install.
        used = {"id": hook, "language": "system"}
        wanted = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": [used]}]}
        (faulty / ".pre-commit-config.yaml").write_text(yaml.safe_dump(wanted))
        git(faulty, "add", ".pre-commit-config.yaml")
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", hook, *arguments],
            cwd=faulty,
            env={
                **os.environ,
                "PRE_COMMIT_HOME": str(tmp_path / "home"),
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            },
            capture_output=True,
            check=False,
            text=True,
        )

    return pre_commit


def test_the_manifest_is_valid():
    checked = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"],
        capture_output=True,
        check=False,
        text=True,
    )

    assert checked.returncode == 0, checked.stdout


def test_check_fails_on_a_finding_and_names_its_place(run):
    ran = run("wfix-check", "--all-files")

    assert ran.returncode == 1
    assert f"{CONFIGURATION}:4:" in ran.stdout


def test_check_passes_once_the_finding_is_gone(run, faulty):
    path = faulty / CONFIGURATION
    path.write_text(path.read_text().replace('"target" }', '"target", "entrypoint": "default" }'))

    ran = run("wfix-check", "--all-files")

    assert ran.returncode == 0, ran.stdout


def test_check_is_not_run_for_files_that_do_not_matter(run, faulty):
    (faulty / "README.md").write_text("# Read me\n")
    git(faulty, "add", "README.md")
    git(faulty, "commit", "-qm", "say what it is")

    ran = run("wfix-check", "--files", "README.md")

    assert "Skipped" in ran.stdout


def test_apply_mends_and_fails_so_that_a_person_looks(run, faulty):
    ran = run("wfix-apply", "--all-files")

    assert ran.returncode == 1
    assert "files were modified by this hook" in ran.stdout
    assert git(faulty, "diff", "--name-only").split() == [CONFIGURATION]
    again = run("wfix-apply", "--all-files")
    assert again.returncode == 0, again.stdout
