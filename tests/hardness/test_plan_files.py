"""Plan files, baselines and settings that somebody else wrote: refused in words, nothing done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

APPLY = ("apply", "plan.json", "--allow-no-vcs", "--allow-new-files")


@pytest.fixture
def planned(wfix, root: Path) -> Path:
    assert wfix(root, "plan", "-o", "plan.json").code == 0
    return root


def files(root: Path) -> dict[str, bytes]:
    folder = root.parent
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".wfix" not in path.parts and path.name != "plan.json"
    }


def at(path: str) -> Callable[[dict[str, Any]], None]:
    """The plan, with its file at ``path`` instead."""

    def change(plan: dict[str, Any]) -> None:
        plan["files"][0]["path"] = path

    return change


def set_in_file(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(plan: dict[str, Any]) -> None:
        plan["files"][0][key] = value

    return change


def set_in_edit(**values: object) -> Callable[[dict[str, Any]], None]:
    def change(plan: dict[str, Any]) -> None:
        plan["files"][0]["edits"][0].update(values)

    return change


def set_in_plan(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(plan: dict[str, Any]) -> None:
        plan[key] = value

    return change


def overlapping(plan: dict[str, Any]) -> None:
    edit = plan["files"][0]["edits"][0]
    plan["files"][0]["edits"] += [{**edit, "start": 0, "end": 30, "text": ""}]


def new_file(plan: dict[str, Any]) -> None:
    edit = {**plan["files"][0]["edits"][0], "start": 0, "end": 0}
    added = {**plan["files"][0], "path": "new.ts", "before_sha256": None, "edits": [edit]}
    plan["files"].append(added)


CHANGED = {
    "out of the root": (at("../outside.txt"), 2),
    "absolute": (at("/etc/passwd"), 2),
    "through the parent and back": (at("caller/../caller/wrangler.jsonc"), 2),
    "a backslash": (at("caller\\wrangler.jsonc"), 2),
    "no path": (at(""), 2),
    "a null byte": (at("caller/\0"), 4),
    "into .git": (at(".git/config"), 2),
    "into node_modules": (at("node_modules/a/index.js"), 2),
    "through a link": (at("link/outside.txt"), 4),
    "another file": (at("target/wrangler.jsonc"), 4),
    "overlapping edits": (overlapping, 2),
    "an edit beyond the end": (set_in_edit(start=10**6, end=10**6), 2),
    "an edit before the start": (set_in_edit(start=-5), 2),
    "an edit that ends before it starts": (set_in_edit(start=9, end=3), 2),
    "a number beyond all bounds": (set_in_edit(start=2**70), 2),
    "another text": (set_in_edit(text="evil"), 2),
    "half a character": (set_in_edit(text="\ud800"), 2),
    "a wrong hash before": (set_in_file("before_sha256", "0" * 64), 4),
    "a wrong hash after": (set_in_file("after_sha256", "0" * 64), 2),
    "no hash at all": (set_in_file("before_sha256", None), 4),
    "no such strategy": (set_in_edit(strategy="delete"), 2),
    "a file more": (new_file, 2),
    "evidence outside": (set_in_plan("evidence", {"../x": "0"}), 2),
    "evidence that is gone": (set_in_plan("evidence", {"gone.ts": "0" * 64}), 4),
    "a scope outside": (set_in_plan("scope", [".."]), 2),
    "another root": (set_in_plan("root", "caller"), 4),
    "no such root": (set_in_plan("root", "nowhere"), 2),
    "another version": (set_in_plan("version", 99), 2),
    "other settings": (set_in_plan("configuration_sha256", "0" * 64), 4),
    "a key more": (set_in_plan("run", "rm"), 2),
}


EVERYDAY = ("out of the root", "overlapping edits", "deep arrays", "dotted")


def each(cases: Iterable[str]) -> list[Any]:
    """The cases, each a run of the program: all but a few are for the slow tests."""
    return [
        name if name in EVERYDAY else pytest.param(name, marks=pytest.mark.slow) for name in cases
    ]


@pytest.mark.parametrize("name", each(CHANGED))
def test_a_changed_plan_is_refused_and_nothing_written(wfix, planned, name):
    change, code = CHANGED[name]
    outside = planned.parent / "outside"
    outside.mkdir()
    (outside / "outside.txt").write_text("theirs")
    (planned / "link").symlink_to(outside)
    path = planned / "plan.json"
    plan = json.loads(path.read_text())
    change(plan)
    path.write_text(json.dumps(plan))
    before = files(planned)
    ran = wfix(planned, *APPLY)
    assert ran.code == code, ran.err
    assert ran.err.startswith(b"wfix: ")
    assert files(planned) == before


DEEP = 100_000
CONTENTS = {
    "empty": b"",
    "deep arrays": b"[" * DEEP,
    "deep objects": b'{"a":' * DEEP,
    "deep in a key to be passed over": b'{"settings":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "no UTF-8": b'{"version": "\xff"}',
    "UTF-16": '{"version": 1}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"version": 1}',
    "cut off": b'{"version": 1, "tool": "wf',
    "null": b"null",
    "a long number": b'{"version": ' + b"9" * DEEP + b"}",
    "another document after it": b'{"version": 1, "findings": []} {}',
}


@pytest.mark.parametrize("name", each(CONTENTS))
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(APPLY, id="plan file"),
        pytest.param(("verify", "plan.json"), id="verify", marks=pytest.mark.slow),
        pytest.param(("check", "--baseline", "plan.json"), id="baseline"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(wfix, root, name, command):
    (root / "plan.json").write_bytes(CONTENTS[name])
    ran = wfix(root, *command)
    assert ran.code == 2
    assert ran.err.startswith(b"wfix: ")
    assert len(ran.err) < 1000


@pytest.mark.slow
@pytest.mark.parametrize("command", [APPLY, ("check", "--baseline", "plan.json")])
def test_a_huge_file_is_refused_unread(wfix, root, command):
    with (root / "plan.json").open("wb") as file:
        file.truncate(2 << 30)
    ran = wfix(root, *command)
    assert ran.code == 2
    assert b"is larger than" in ran.err


SETTINGS = {
    "deep": b"a = " + b"[" * 50_000,
    "dotted": b"a." * 50_000 + b"b = 1",
    "no UTF-8": b'exclude = ["\xff"]',
    "an unknown key": b"evil = true",
    "another type": b"select = 1",
    "a table for a list": b"[exclude]\na = 1",
    "twice": b"select = []\nselect = []",
    "too large": b"#" * 200_000,
    "no such strategy": b'[targets.a]\nstrategy = "delete"',
}


@pytest.mark.parametrize("name", each(SETTINGS))
def test_settings_that_are_none_are_refused_with_their_place(wfix, root, name):
    (root / "wfix.toml").write_bytes(SETTINGS[name])
    ran = wfix(root, "check")
    assert ran.code == 2
    assert ran.err.startswith(b"wfix: wfix.toml:")
