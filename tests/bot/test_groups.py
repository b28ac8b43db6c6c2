"""Which repairs share a pull request, how it is called, and what it is known by."""

import subprocess

import pytest
from bots import ONE_FAULT, TWO_TARGETS, worker

from codemod.bot import planning
from codemod.bot.groups import as_ref
from codemod.model import Safety


def planned(folder, files):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return planning.plan(folder).proposals


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("target", ["api", "books"]),
        ("rule", ["poisoned-binding"]),
        ("repository", ["repository"]),
    ],
)
def test_what_shares_a_pull_request(tmp_path, by, groups):
    files = {**TWO_TARGETS, "wfix.toml": f'[bot]\ngroup-by = "{by}"'}

    assert [item.group for item in planned(tmp_path, files)] == groups


def test_two_groups_may_change_the_same_file_each_for_itself(tmp_path):
    api, books = planned(tmp_path, TWO_TARGETS)

    (one,), (other,) = api.plan.changes, books.plan.changes
    assert one.path == other.path
    assert one.after.count(b"entrypoint") == other.after.count(b"entrypoint") == 1


@pytest.mark.parametrize(
    ("setting", "awaits"), [("", Safety.MANUAL), ("[bot]\nmanual-fixes = true\n", None)]
)
def test_what_has_to_be_asked_for(tmp_path, setting, awaits):
    files = {**ONE_FAULT, "wfix.toml": f'{setting}[targets.api]\nstrategy = "split"'}

    (made,) = planned(tmp_path, files)

    assert made.awaits is awaits


NAMES = ["api", "a-b", "API", "a_b", "a/b", "a..b", "x.lock", "-", "ü", "", "a" * 300, "configure"]


@pytest.mark.parametrize("name", NAMES)
def test_a_branch_is_a_ref_to_git(name):
    ref = f"refs/heads/wfix/{as_ref(name)}"
    subprocess.run(["git", "check-ref-format", ref], check=True)


def test_branches_are_as_different_as_names():
    assert len({as_ref(name) for name in NAMES}) == len(NAMES)
    assert as_ref("configure") != "configure"
    assert (as_ref("api"), as_ref("a-b")) == ("api", "a-b")


def only(folder, files) -> str:
    folder.mkdir()
    (made,) = planned(folder, files)
    return made.fingerprint


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        pytest.param({"README.md": "x"}, True, id="another file"),
        pytest.param(worker("lonely"), True, id="another Worker"),
        pytest.param(
            {"web/wrangler.json": "\n\n" + ONE_FAULT["web/wrangler.json"]}, True, id="lines moved"
        ),
        pytest.param(worker("admin", "api"), False, id="another caller"),
        pytest.param({"wfix.toml": '[targets.api]\nstrategy = "named"'}, False, id="strategy"),
        pytest.param(
            {"web/wrangler.json": ONE_FAULT["web/wrangler.json"].replace('"API"', '"API" ')},
            True,
            id="another line of the same binding",
        ),
        pytest.param(
            {
                "web/wrangler.json": ONE_FAULT["web/wrangler.json"].replace('"API"', '"SERVICE"'),
                "web/index.ts": ONE_FAULT["web/index.ts"].replace("API", "SERVICE"),
            },
            False,
            id="another binding",
        ),
    ],
)
def test_when_a_proposal_stays_what_it_is(tmp_path, changed, is_same):
    before = only(tmp_path / "before", ONE_FAULT)

    after = only(tmp_path / "after", {**ONE_FAULT, **changed})

    assert (before == after) is is_same
