"""``wfix verify``, and what ``plan`` and ``apply`` make of a proof that fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from repositories import ATLAS, CASES, commit, copy, git

from codemod.planner import repairs
from codemod.runtime import workerd as programs

pytestmark = pytest.mark.skipif(os.name == "nt", reason="programs are written as shell scripts")


@pytest.fixture(scope="module")
def program(node_tools) -> Path:
    found = programs.find(None, node_tools.packages.parent, [], {})
    assert found
    return found.path


@pytest.fixture
def runtime(program, monkeypatch) -> Path:
    """The runtime is at hand."""
    monkeypatch.setenv(programs.VARIABLE, str(program))
    return program


@pytest.fixture
def misled(monkeypatch) -> None:
    """The planner makes a mistake: one caller is given an entrypoint that its target lacks."""
    insert = repairs._insert

    def insert_wrongly(workshop, binding, entrypoint):
        is_misled = binding.location.path.startswith("wrong/")
        return insert(workshop, binding, f"{entrypoint}Typo" if is_misled else entrypoint)

    monkeypatch.setattr(repairs, "_insert", insert_wrongly)


@pytest.fixture
def pair(tmp_path, monkeypatch) -> Path:
    """A committed repository with two callers of one target, and the current folder."""
    folder = tmp_path / "pair"
    caller = "export default { async fetch(request, env) { return env.TARGET.fetch(request); } };\n"
    files = {
        "target/wrangler.json": '{ "name": "target", "main": "index.js" }\n',
        "target/index.js": 'import { DurableObject } from "cloudflare:workers";\n'
        "export class Room extends DurableObject {}\n"
        "export default {\n  async fetch() {\n    return new Response();\n  },\n};\n",
    }
    for name in ("right", "wrong"):
        binding = '{ "binding": "TARGET", "service": "target" }'
        files[f"{name}/wrangler.json"] = (
            f'{{ "name": "{name}", "main": "index.js", "services": [{binding}] }}\n'
        )
        files[f"{name}/index.js"] = caller
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    monkeypatch.chdir(folder)
    return commit(folder)


def fake(path: Path, text: str) -> Path:
    path.write_text(
        f"#!/bin/sh\ncase $1 in --version) echo workerd 2026-01-01; exit;; esac\n{text}\n"
    )
    path.chmod(0o755)
    return path


def rows(ran) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in json.loads(ran.out)["rows"]:
        found.setdefault(f"{row['worker']}.{row['binding']}", []).append(
            (row["before"], row["after"])
        )
    return found


# --- verify


def test_verify_proves_the_plan_that_it_is_asked_about(wfix, runtime):
    ran = wfix("verify", ATLAS, "--strategy", "named", "--format", "json")
    assert ran.code == 0, ran.err
    found = rows(ran)
    assert found["scram-jet.MEDIA_STORE"] == [("fail", "pass")]
    assert {pair for name, pairs in found.items() if "scram" not in name for pair in pairs} == {
        ("pass", "pass")
    }


def test_verify_fails_where_calls_fail_and_says_which_fail_only_locally(wfix, runtime):
    ran = wfix("verify", ATLAS)
    assert ran.code == 1
    lines = ran.out.splitlines()
    (line,) = (index for index, text in enumerate(lines) if text.startswith("ubermesh.APIMOM"))
    assert 'pass    fail   Worker "ubermesh"\'s binding "APIMOM" refers to' in lines[line]
    assert lines[line + 1].startswith("    expected locally: ")
    assert "once deployed the call works (reported)" in lines[line + 1]
    assert lines[-1].endswith("9 pass, 5 fail (5 only locally)")


def test_verify_of_what_needs_no_change_is_of_what_is_there(wfix, runtime, sound):
    ran = wfix("verify", "--format", "json")
    assert (ran.code, rows(ran)) == (0, {"caller.TARGET": [("pass", "pass")]})


def test_verify_holds_unsafe_fixes_back_as_plan_does(wfix, runtime, tmp_path):
    local = copy(
        CASES / "local_development/before",
        tmp_path / "local",
    )
    flags = ["verify", local, "--strategy", "entrypoint", "--format", "json"]
    assert rows(wfix(*flags)) == {"caller.TARGET": [("pass", "pass")]}
    assert rows(wfix(*flags, "--unsafe-fixes")) == {"caller.TARGET": [("pass", "fail")]}


def test_verify_takes_a_plan_file(wfix, runtime, pair, tmp_path):
    file = tmp_path / "plan.json"
    wfix("plan", "--strategy", "named", "--verify", "never", "-o", file)
    ran = wfix("verify", file, "--format", "json")
    assert ran.code == 0, ran.err
    assert rows(ran) == {"right.TARGET": [("pass", "pass")], "wrong.TARGET": [("pass", "pass")]}
    assert wfix("verify", file, "--strategy", "rpc").code == 2
    (pair / "target/index.js").write_text("export default {};")
    assert wfix("verify", file).code == 4


def test_verify_writes_nothing(wfix, runtime, atlas):
    wfix("verify", atlas, "--strategy", "split")
    assert git(atlas, "status", "--porcelain", "--ignored") == ""


def test_verify_without_a_runtime_says_how_to_get_one(wfix):
    ran = wfix("verify", ATLAS)
    assert (ran.code, ran.out) == (2, "")
    assert "npm install --save-dev workerd" in ran.err


def test_verify_never_runs_what_git_tracks(wfix, tmp_path, pair):
    ran_it = tmp_path / "ran"
    tracked = fake(pair / "workerd", f"touch {ran_it}")
    git(pair, "add", "workerd")
    ran = wfix("verify", "--workerd", tracked)
    assert ran.code == 2
    assert "is tracked by git" in ran.err
    assert not ran_it.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--timeout", "0"], "above 0"),
        (["--timeout", "nan"], "above 0"),
        (["--timeout", "inf"], "above 0"),
        (["--timeout", "0.2"], " in time"),
        (["--workerd", "/nowhere/workerd"], "does not exist"),
    ],
)
def test_verify_ends_in_an_error_where_there_is_no_proof(
    wfix, monkeypatch, tmp_path, pair, arguments, message
):
    monkeypatch.setenv(programs.VARIABLE, str(fake(tmp_path / "workerd", "exec sleep 30")))
    ran = wfix("verify", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


@pytest.mark.slow
def test_a_runtime_does_not_outlive_a_program_that_is_told_to_end(tmp_path, pair):
    """It watches its configuration for ever, and ignores the signal itself."""
    started = tmp_path / "started"
    hanging = fake(
        tmp_path / "workerd",
        f"trap '' TERM\necho $$ >{started}.new\nmv {started}.new {started}\nexec sleep 60",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "codemod", "verify", "--workerd", hanging],
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while not started.exists():
        assert time.monotonic() < deadline
        assert process.poll() is None
    child = int(started.read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


# --- plan


def test_plan_tells_the_proof_of_what_it_repairs(wfix, runtime):
    ran = wfix("plan", ATLAS, "--strategy", "named")
    assert ran.code == 0
    assert "book-telic.API_MOM" in ran.err
    assert "gallery.UBERMESH" not in ran.err
    assert "14 calls on workerd" in ran.err


def test_an_expected_failure_holds_nothing_back(wfix, runtime, pair):
    proved = wfix("plan", "--strategy", "entrypoint")
    never = wfix("plan", "--strategy", "entrypoint", "--verify", "never")
    assert proved.out == never.out
    assert "calls on workerd" not in never.err
    assert "expected locally" in proved.err


def test_plan_leaves_out_a_repair_whose_proof_fails(wfix, runtime, misled, pair):
    ran = wfix("plan", "--strategy", "entrypoint")
    assert "right/wrangler.json" in ran.out
    assert "wrong" not in ran.out
    assert "no fix: its proof fails: wrong.TARGET.fetch() works before it" in ran.err
    assert 'a named entrypoint "defaultTypo"' in ran.err
    ran = wfix("plan", "--strategy", "entrypoint", "--verify", "never")
    assert "wrong/wrangler.json" in ran.out


def test_what_one_repair_mends_together_is_left_out_together(wfix, runtime, misled, pair):
    ran = wfix("plan", "--strategy", "named", "--exit-code")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.count("no fix: its proof fails") == 2


def test_plan_without_a_runtime(wfix, pair):
    ran = wfix("plan")
    assert ran.code == 0
    assert "workerd is found" not in ran.err
    ran = wfix("plan", "--verify", "always")
    assert (ran.code, ran.out) == (2, "")
    assert "no workerd is found" in ran.err


def test_plan_with_a_runtime_that_fails(wfix, monkeypatch, tmp_path, pair):
    broken = fake(tmp_path / "workerd", "echo broken; exit 1")
    monkeypatch.setenv(programs.VARIABLE, str(broken))
    ran = wfix("plan")
    assert ran.code == 0
    assert ran.out
    assert "note: nothing is proved on the runtime: " in ran.err
    assert "saying: broken" in ran.err
    assert wfix("plan", "--verify", "always").code == 2


# --- apply


def test_apply_makes_what_is_proved_and_leaves_the_rest_for_good(wfix, runtime, misled, pair):
    ran = wfix("apply", "--strategy", "entrypoint")
    assert ran.code == 0, ran.err
    assert git(pair, "diff", "--name-only").split() == ["right/wrangler.json"]
    assert "its proof fails" in ran.err
    git(pair, "commit", "-qam", "applied")
    ran = wfix("apply", "--strategy", "entrypoint")
    assert ran.code == 0, ran.err
    assert "nothing to apply" in ran.err


def test_a_plan_file_keeps_what_it_leaves_out(wfix, runtime, misled, pair, tmp_path):
    file = tmp_path / "plan.json"
    wfix("plan", "--strategy", "entrypoint", "-o", file)
    assert [item["worker"] for item in json.loads(file.read_text())["withheld"]] == ["wrong"]
    ran = wfix("apply", file, "--verify", "never")
    assert ran.code == 0, ran.err
    assert git(pair, "diff", "--name-only").split() == ["right/wrangler.json"]


def test_a_plan_file_with_a_repair_whose_proof_fails_is_refused(
    wfix, runtime, misled, pair, tmp_path
):
    file = tmp_path / "plan.json"
    wfix("plan", "--strategy", "entrypoint", "--verify", "never", "-o", file)
    ran = wfix("apply", file)
    assert ran.code == 5
    assert "must not be made: its proof fails: wrong.TARGET" in ran.err
    assert git(pair, "status", "--porcelain") == ""


def test_apply_proves_what_is_left_after_the_answers(wfix, runtime, misled, pair, monkeypatch):
    asked: list[str] = []

    def confirm(question: str, *, err: bool) -> bool:
        asked.append(question)
        return len(asked) != 1

    monkeypatch.setattr("typer.confirm", confirm)
    ran = wfix("apply", "--strategy", "entrypoint", "-i")
    assert ran.code == 0, ran.err
    assert len(asked) == 2
    assert git(pair, "status", "--porcelain") == ""


def test_apply_without_a_runtime_where_one_is_asked_for(wfix, pair):
    assert wfix("apply", "--verify", "always").code == 2
    assert git(pair, "status", "--porcelain") == ""
    commit_before = git(pair, "rev-parse", "HEAD")
    assert wfix("apply").code == 0
    assert git(pair, "rev-parse", "HEAD") == commit_before
    assert git(pair, "status", "--porcelain")
