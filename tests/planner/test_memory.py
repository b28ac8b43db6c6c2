"""What was found is told again only where it would be found again."""

import os
from dataclasses import replace

import pytest
from repositories import CASES, copy

from codemod import plan, scan
from codemod.model import Strategy
from codemod.planner import judging
from codemod.settings import Settings

LONG_AGO = 1_600_000_000


@pytest.fixture
def root(tmp_path):
    folder = copy(CASES / "durable_object_declared/before", tmp_path / "faulty")
    for path in folder.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return folder


@pytest.fixture
def made(root, tmp_path, monkeypatch):
    """Plans, and says whether anything was judged for that."""
    judged = []
    judge = judging.findings
    monkeypatch.setattr(
        judging, "findings", lambda *arguments: judged.append(1) or judge(*arguments)
    )

    def make(settings=None, overlay=None):
        judged.clear()
        project = scan(root, changed=overlay, cache=tmp_path / "cache")
        found = plan(project, settings, cache=tmp_path / "cache")
        new = bool(judged)
        assert found == plan(scan(root, changed=overlay), settings)
        return found, new

    return make


def test_a_plan_is_told_again(made):
    first, is_first_new = made()
    again, is_again_new = made()

    assert first.findings
    assert first.changes
    assert (is_first_new, is_again_new) == (True, False)
    assert again == first


def test_a_comment_in_a_module_has_nothing_judged_again(root, made):
    made()
    module = next(root.rglob("*.ts"))
    module.write_text(module.read_text() + "// nothing\n")

    _, is_new = made()

    assert not is_new


CHANGES = (
    # What a repair edits stands elsewhere now.
    ("caller/wrangler.jsonc", lambda text: "// a new head\n" + text),
    # The bytes of a configuration that no fact tells of are those that a repair goes by.
    ("caller/wrangler.jsonc", lambda text: text.rstrip() + "\n\n"),
    # The finding is gone.
    ("caller/wrangler.jsonc", lambda _text: "{}"),
)


@pytest.mark.parametrize(("path", "change"), CHANGES)
def test_what_a_change_touches_is_judged_again(root, made, path, change):
    made()
    file = root / path
    file.write_text(change(file.read_text()))

    _, is_new = made()

    assert is_new


def test_other_settings_are_judged_by_themselves(made):
    made()

    _, is_new = made(replace(Settings(), strategy=Strategy.LEAVE))

    assert is_new


def test_what_only_seems_to_stand_there_is_not_kept(made):
    made(overlay={"caller/wrangler.jsonc": b"{}"})

    found, is_new = made()

    assert is_new
    assert found.findings


def test_what_is_no_entry_is_passed_over(tmp_path, made):
    first, _ = made()
    for entry in (tmp_path / "cache").iterdir():
        entry.write_bytes(entry.read_bytes()[:-9])

    again, is_new = made()

    assert is_new
    assert again == first
