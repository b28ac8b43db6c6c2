"""Completion in shells, and `python -m codemod`."""

import os
import shutil
import subprocess
import sys

import pytest

from codemod.rules import all_rules
from codemod.settings import strategy_names

RULES = [rule.name for rule in all_rules()]
OF_RPC = [name for name in RULES if name.startswith("rpc-")]


@pytest.fixture
def shell(tmp_path):
    """Runs a script in a shell that finds `wfix` and knows its completion."""
    program = tmp_path / "bin/wfix"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m codemod "$@"\n')
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }

    def run(name: str, script: str) -> list[str]:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"{name} is not installed")
        ran = subprocess.run(
            [found, "-c", script],
            env=environment,
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        return ran.stdout.splitlines()

    return run


@pytest.fixture
def offered(wfix, monkeypatch):
    """What the program offers after these words, of which the last is being typed.

    It is asked as the script for fish asks it.
    """

    def offered(*words: str) -> list[str]:
        monkeypatch.setenv("_WFIX_COMPLETE", "complete_fish")
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", " ".join(("wfix", *words)))
        return [line.partition("\t")[0] for line in wfix().out.splitlines() if line]

    return offered


@pytest.mark.parametrize(
    ("name", "registers"),
    [
        ("bash", "complete -o default -F _wfix_completion wfix"),
        ("zsh", "compdef _wfix_completion wfix"),
        ("fish", "complete --command wfix"),
    ],
)
def test_show_completion_prints_what_registers_it(wfix, monkeypatch, name, registers):
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    ran = wfix("--show-completion", name)
    assert ran.code == 0
    assert registers in ran.out


def test_the_shell_that_asks_is_told_by_itself(shell):
    assert "complete -o default -F _wfix_completion wfix" in shell(
        "bash", "wfix --show-completion; true"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["che"], ["check"]),
        (["check", "--select", "rpc-"], OF_RPC),
        pytest.param(["ls"], ["lsp"], marks=pytest.mark.slow),
        pytest.param(["plan", "--strategy", "r"], ["rpc"], marks=pytest.mark.slow),
    ],
)
def test_bash_completes(shell, words, expected):
    given = " ".join(words)
    script = (
        'eval "$(wfix --show-completion; true)"\n'
        f"COMP_WORDS=(wfix {given}); COMP_CWORD={len(words)}\n"
        '_wfix_completion wfix; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    assert shell("bash", script) == expected


@pytest.mark.slow
def test_fish_completes(shell):
    script = 'wfix --show-completion | source; complete -C "wfix check --select rpc-"'
    assert shell("fish", script) == OF_RPC


def test_zsh_registers_the_completion(shell):
    script = (
        'autoload -Uz compinit; compinit -u -D; eval "$(wfix --show-completion; true)"; '
        "echo ${_comps[wfix]}"
    )
    assert shell("zsh", script) == ["_wfix_completion"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(("check", "--select", "rpc-"), OF_RPC, id="rules"),
        pytest.param(("plan", "--ignore", "rpc-on"), ["rpc-on-object"], id="rules to leave out"),
        pytest.param(
            ("check", "--select", "bare-binding,rpc-on"),
            ["bare-binding,rpc-on-object"],
            id="the last of several",
        ),
        pytest.param(("check", "--select", "nothing-"), [], id="no rule"),
        pytest.param(("check", "--select", "a,nothing-"), [], id="no rule at the end"),
        pytest.param(("apply", "--strategy", "e"), ["entrypoint"], id="a strategy"),
        pytest.param(("verify", "--strategy", "x"), [], id="no strategy"),
        pytest.param(("map", "--format", "m"), ["mermaid"], id="a format"),
    ],
)
def test_values_are_completed(offered, words, expected):
    assert offered(*words) == expected


def test_every_rule_and_strategy_is_offered(offered):
    assert offered("check", "--select", "") == RULES
    assert offered("plan", "--strategy", "") == strategy_names()


def test_rules_are_loaded_for_their_names_alone():
    program = "import sys; import codemod.cli.commands; sys.exit('codemod.rules' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# --- python -m codemod


def module(*arguments, folder):
    return subprocess.run(
        [sys.executable, "-m", "codemod", *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def test_python_m_codemod_is_wfix(wfix, faulty):
    ran, same = (
        module("check", "--output-format", "concise", folder=faulty),
        wfix("check", "--output-format", "concise"),
    )
    assert (ran.returncode, ran.stdout) == (same.code, same.out)
    assert ran.returncode == 1


@pytest.mark.slow
def test_python_m_codemod_calls_itself_wfix(tmp_path):
    assert module("--version", folder=tmp_path).stdout.startswith("wfix ")
    assert "Usage: wfix " in module("plan", "--help", folder=tmp_path).stdout
    ran = module("plan", folder=tmp_path)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("wfix: no Worker found")
