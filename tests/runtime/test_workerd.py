"""Where the runtime's program is looked for, and how its process is kept in bounds.

Other programs stand in for it where it matters how they misbehave.
"""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from codemod.errors import NoProof
from codemod.runtime import workerd as programs
from codemod.runtime.workerd import Workerd, find, is_native, watched

pytestmark = pytest.mark.skipif(os.name == "nt", reason="programs are written as shell scripts")

PACKAGE = programs._package_name()
A_WHILE = 20  # seconds, below the 30 that a process which is not ended would take
NATIVE = f"node_modules/@cloudflare/{PACKAGE}/bin/workerd"


def install(root: Path, path: str, program: Path, version: str = "1.20260101.0") -> Path:
    """A package with the real program, which is linked since it is large."""
    target = root / path
    target.parent.mkdir(parents=True)
    target.symlink_to(program)
    (target.parents[1] / "package.json").write_text(f'{{ "version": "{version}" }}')
    return target


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


# --- Where it lies


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (NATIVE, "npm puts it at the top"),
        (f"packages/api/{NATIVE}", "a package of a workspace has its own"),
        (f"node_modules/wrangler/{NATIVE}", "npm nests it where two releases are wanted"),
        (f"node_modules/@cloudflare/vite-plugin/{NATIVE}", "the same within a scope"),
        (f"node_modules/.pnpm/@cloudflare+{PACKAGE}@1.2.3/{NATIVE}", "pnpm links only the others"),
        (f"node_modules/.bun/@cloudflare+{PACKAGE}@1.2.3/{NATIVE}", "Bun's isolated installs"),
        (f".yarn/unplugged/@cloudflare-{PACKAGE}-npm-1.2.3-0a/{NATIVE}", "Yarn without folders"),
    ],
)
def test_is_found_in_a_package(tmp_path, workerd, path, why):
    installed = install(tmp_path, path, workerd.path)
    found = find(None, tmp_path, [tmp_path / "packages/api"], {})
    assert found == Workerd(installed, workerd.release), why


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (NATIVE.replace(PACKAGE, "workerd-solaris-64"), "for another machine"),
        (f"vendor/{NATIVE}", "in a folder that no Worker stands in or below"),
        (f"node_modules/a/node_modules/b/{NATIVE}", "deeper than package managers put it"),
        ("node_modules/workerd/bin/workerd", "that package holds a script, or a copy"),
    ],
)
def test_is_not_found_where_it_cannot_be_meant(tmp_path, workerd, path, why):
    install(tmp_path, path, workerd.path)
    assert find(None, tmp_path, [tmp_path / "packages/api"], {}) is None, why


def test_is_looked_for_up_to_the_top_of_the_repository(tmp_path, workerd):
    top = tmp_path / "top"
    git(tmp_path, "init", "-q", "top")
    installed = install(top, NATIVE, workerd.path)
    root = top / "apps/one"
    root.mkdir(parents=True)
    found = find(None, root, [], {})
    assert found
    assert found.path == installed


def test_is_not_looked_for_above_the_repository(tmp_path, workerd):
    git(tmp_path, "init", "-q", "inner")
    install(tmp_path, NATIVE, workerd.path)
    assert find(None, tmp_path / "inner", [], {}) is None


def test_of_several_releases_the_newest_is_taken(tmp_path, workerd):
    install(tmp_path, NATIVE, workerd.path, "1.20250901.0")
    nested = install(tmp_path, f"node_modules/wrangler/{NATIVE}", workerd.path, "1.20251101.0")
    install(tmp_path, f"node_modules/other/{NATIVE}", workerd.path, "not a version")
    found = find(None, tmp_path, [], {})
    assert found
    assert found.path == nested


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("#!/usr/bin/env node\nthrow 1;\n", "the script of a package without postinstall"),
        ("", "an install that was cut off"),
    ],
)
def test_a_script_is_no_native_program(tmp_path, content, why):
    path = tmp_path / NATIVE
    path.parent.mkdir(parents=True)
    path.write_text(content)
    path.chmod(0o755)
    assert not is_native(path)
    assert find(None, tmp_path, [], {}) is None, why


@pytest.mark.parametrize("name", ["node_modules", NATIVE])
def test_what_is_no_folder_and_what_is_one_are_passed(tmp_path, name):
    if name == NATIVE:
        (tmp_path / name).mkdir(parents=True)
    else:
        (tmp_path / name).write_text("")
    assert find(None, tmp_path, [], {}) is None


def test_a_native_program_that_is_not_executable_is_said(tmp_path):
    path = tmp_path / NATIVE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x7fELF")
    with pytest.raises(NoProof, match=r"is not executable.*npm install"):
        find(None, tmp_path, [], {})


def test_order_of_the_places(tmp_path, workerd):
    given = install(tmp_path, "given/bin/workerd", workerd.path)
    named = install(tmp_path, "named/bin/workerd", workerd.path)
    in_package = install(tmp_path, NATIVE, workerd.path)
    on_path = install(tmp_path, "path/bin/workerd", workerd.path)
    environment = {"WFIX_WORKERD": str(named), "PATH": str(on_path.parent)}
    order = [find(given, tmp_path, [], environment), find(None, tmp_path, [], environment)]
    del environment["WFIX_WORKERD"]
    order.append(find(None, tmp_path, [], environment))
    in_package.unlink()
    order.append(find(None, tmp_path, [], environment))
    assert [item and item.path for item in order] == [given, named, in_package, on_path]


def test_a_script_on_the_path_leads_to_the_program_beside_it(tmp_path, workerd):
    """``npm install --global workerd`` links its script into a folder of the path."""
    shim = script(tmp_path / "lib/node_modules/workerd/bin/workerd", "exit 1")
    (shim.parents[1] / "package.json").write_text('{ "name": "workerd", "version": "1.2.3" }')
    native = install(tmp_path / "lib", NATIVE, workerd.path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/workerd").symlink_to(shim)
    empty = tmp_path / "empty"
    empty.mkdir()
    on_path = find(None, empty, [], {"PATH": str(tmp_path / "bin")})
    assert on_path
    assert on_path.path == native
    assert find(tmp_path / "bin/workerd", empty, [], {}) == on_path


def test_a_script_of_anything_else_on_the_path_is_passed(tmp_path, workerd):
    script(tmp_path / "bin/workerd", "exit 1")
    install(tmp_path, NATIVE, workerd.path)
    assert find(None, tmp_path / "bin", [], {"PATH": str(tmp_path / "bin")}) is None


# --- What git tracks


@pytest.mark.parametrize("how", ["package", "explicit", "variable"])
def test_a_tracked_program_is_never_run(tmp_path, how):
    """It is the repository's own code, whoever names it."""
    path = tmp_path / NATIVE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x7fELF")
    path.chmod(0o755)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "--force", NATIVE)
    explicit = path if how == "explicit" else None
    environment = {"WFIX_WORKERD": str(path)} if how == "variable" else {}
    with pytest.raises(NoProof, match="is tracked by git: it is the repository's own code"):
        find(explicit, tmp_path, [], environment)


def test_a_tracked_link_and_the_target_of_a_link_are_never_run(tmp_path, workerd):
    git(tmp_path, "init", "-q")
    link = install(tmp_path, NATIVE, workerd.path)
    git(tmp_path, "add", "--force", NATIVE)
    with pytest.raises(NoProof, match="tracked by git"):
        find(None, tmp_path, [], {})
    git(tmp_path, "rm", "-q", "--cached", NATIVE)
    link.unlink()
    (tmp_path / "own").write_bytes(b"\x7fELF")
    (tmp_path / "own").chmod(0o755)
    git(tmp_path, "add", "own")
    link.symlink_to(tmp_path / "own")
    with pytest.raises(NoProof, match="tracked by git"):
        find(None, tmp_path, [], {})


def test_an_installed_program_beside_a_tracked_one_is_run_and_the_other_told(tmp_path, workerd):
    git(tmp_path, "init", "-q")
    install(tmp_path, NATIVE, workerd.path, "1.20270101.0")
    git(tmp_path, "add", "--force", NATIVE)
    (tmp_path / ".gitignore").write_text("other\n")
    installed = install(tmp_path, f"node_modules/other/{NATIVE}", workerd.path)
    found = find(None, tmp_path, [], {})
    assert found
    assert found.path == installed
    assert "tracked by git" in found.passed_over[0]


# --- Programs that are no workerd


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("echo 'workerd 2026-13-45'", "is no workerd"),
        ("echo 'wrangler 4.1.0'", "is no workerd: --version says 'wrangler 4.1.0'"),
        ("echo 'no such library' >&2; exit 1", "is no workerd: --version says 'no such library'"),
        ("head -c 100 /dev/urandom", "is no workerd"),
        ("sleep 30", "--version does not answer"),
    ],
)
def test_what_does_not_say_its_release_is_refused(tmp_path, monkeypatch, text, message):
    monkeypatch.setattr(programs, "_VERSION_SECONDS", 0.5)
    with pytest.raises(NoProof, match=message):
        find(script(tmp_path / "workerd", f"exec {text}"), tmp_path, [], {})


def test_what_cannot_be_run_is_refused(tmp_path):
    with pytest.raises(NoProof, match="does not exist"):
        find(tmp_path / "absent", tmp_path, [], {})
    with pytest.raises(NoProof, match="is no file"):
        find(tmp_path, tmp_path, [], {})
    damaged = tmp_path / "damaged"
    damaged.write_bytes(b"\x7fELF and no more")
    with pytest.raises(NoProof, match="is not executable"):
        find(damaged, tmp_path, [], {})
    damaged.chmod(0o755)
    with pytest.raises(NoProof, match="cannot be run"):
        find(damaged, tmp_path, [], {})


def test_the_latest_date_is_no_later_than_today():
    future = Workerd(Path("workerd"), date(2999, 1, 1))
    assert future.latest == datetime.now(UTC).date()
    assert Workerd(Path("workerd"), date(2024, 4, 4)).latest == date(2024, 4, 4)


# --- The process


def run(tmp_path: Path, text: str, seconds: float = 10) -> list[str]:
    program = Workerd(script(tmp_path / "workerd", text), date(2026, 1, 1))
    with watched(program, tmp_path / "config.capnp", seconds) as lines:
        return list(lines)


def test_its_lines_are_those_of_both_streams(tmp_path):
    program = Workerd(
        script(tmp_path / "workerd", "echo one; echo two >&2; printf 'th\\377ree\\n'; sleep 30"),
        date(2026, 1, 1),
    )
    with watched(program, tmp_path / "config.capnp", 10) as lines:
        assert [next(lines) for _ in range(3)] == ["one", "two", "th\ufffdree"]


@pytest.mark.parametrize(
    ("text", "seconds", "message"),
    [
        ("exec sleep 30", 0.2, "was not done in time; verify --timeout"),
        ("trap '' TERM; while :; do sleep 0.05; done", 0.2, "was not done in time"),
        ("echo 'error: no config' >&2; exit 1", 10, "ended before .* saying: error: no config"),
        ("exit 0", 10, "ended before every call was made$"),
        ("sleep 30", 0.2, "was not done in time"),
        ("sleep 30 & exit 0", 0.2, "was not done in time"),
        ("setsid sleep 3 & exit 0", 0.2, "was not done in time"),
        ("exec yes", 10, "writes more than 1 MiB"),
        ("exec tr '\\0' x </dev/zero", 10, "writes more than 1 MiB"),
    ],
)
def test_a_process_out_of_bounds_is_ended(tmp_path, monkeypatch, text, seconds, message):
    monkeypatch.setattr(programs, "_MAX_OUTPUT", 1024 * 1024)
    started = time.monotonic()
    with pytest.raises(NoProof, match=message):
        run(tmp_path, text, seconds)
    assert time.monotonic() - started < A_WHILE


def test_a_process_does_not_outlive_the_block(tmp_path):
    program = Workerd(script(tmp_path / "workerd", "echo $$; exec sleep 30"), date(2026, 1, 1))
    with suppress(KeyboardInterrupt), watched(program, tmp_path / "c", 10) as lines:
        process = int(next(lines))
        os.kill(process, 0)
        raise KeyboardInterrupt
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_what_it_has_started_is_ended_with_it(tmp_path):
    text = "sleep 30 & echo $!; exit 0"
    program = Workerd(script(tmp_path / "workerd", text), date(2026, 1, 1))
    with watched(program, tmp_path / "c", 10) as lines:
        child = int(next(lines))
        os.kill(child, 0)
    assert is_over(child)


def is_over(process: int) -> bool:
    """Whether a process has ended, be it that nobody has asked for it yet."""
    ran = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return ran.stdout.strip()[:1] in ("", "Z")


@pytest.mark.parametrize("text", ["sleep 30", "sleep 30 & exit 0", "exec sleep 30"])
def test_the_question_for_the_release_counts_against_the_limit(tmp_path, text):
    started = time.monotonic()
    with pytest.raises(NoProof, match="--version does not answer"):
        find(script(tmp_path / "workerd", text), tmp_path, [], {}, 0.2)
    assert time.monotonic() - started < A_WHILE


def test_a_process_that_cannot_start_is_told(tmp_path):
    with (
        pytest.raises(NoProof, match="cannot be run"),
        watched(Workerd(tmp_path / "absent", date(2026, 1, 1)), tmp_path / "c", 10),
    ):
        pass
