"""`wfix add`: shown or written, under the guards of `wfix apply`."""

import pytest
from repositories import commit, git

STEPS = "what is left to a person:"


def state(folder) -> str:
    return git(folder, "status", "--porcelain", "--untracked-files=all")


@pytest.mark.parametrize(
    ("kind", "worker", "file"),
    [
        ("diagnose", "book-telic", "book-telic/src/diagnose-bindings.ts"),
        pytest.param(
            "health", "book-telic", "book-telic/src/binding-health.ts", marks=pytest.mark.slow
        ),
        ("facade", "api-mom", "api-mom-facade/src/index.ts"),
        pytest.param(
            "fallback",
            "book-telic",
            "book-telic/src/fetch-with-fallback.ts",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_it_writes_new_files_alone_and_tells_what_is_left(wfix, atlas, kind, worker, file):
    before = wfix("check", atlas, "--output-format", "concise").out

    ran = wfix("add", kind, "--worker", worker, atlas)

    assert (ran.code, ran.out) == (0, "")
    assert STEPS in ran.err
    assert f"{file} | +" in ran.err
    assert (atlas / file).is_file()
    assert {line[:2] for line in state(atlas).splitlines()} == {"??"}
    assert wfix("check", atlas, "--output-format", "concise").out == before


@pytest.mark.parametrize(
    ("kind", "wire"),
    [
        pytest.param("diagnose", [], marks=pytest.mark.slow),
        pytest.param("health", ["--wire"], marks=pytest.mark.slow),
        ("facade", ["--wire"]),
    ],
)
def test_a_dry_run_prints_a_patch_that_comes_to_the_same(wfix, atlas, kind, wire):
    command = ["add", kind, "--worker", "api-mom", atlas, *wire]

    ran = wfix(*command, "--dry-run")

    assert ran.code == 0
    assert state(atlas) == ""
    (atlas.parent / "the.patch").write_text(ran.out)
    assert wfix(*command).code == 0
    git(atlas, "apply", "--check", "--reverse", str(atlas.parent / "the.patch"))


def test_a_patch_starts_where_the_user_stands(wfix, atlas, monkeypatch):
    monkeypatch.chdir(atlas.parent)

    ran = wfix("add", "health", "--worker", "book-telic", "atlas", "--dry-run")

    assert "+++ b/atlas/book-telic/src/binding-health.ts\n" in ran.out


def test_a_wired_facade_mends_its_callers(wfix, atlas):
    assert "api-mom, which exports" in wfix("check", atlas).out

    ran = wfix("add", "facade", "--worker", "api-mom", "--wire", atlas)

    assert ran.code == 0
    assert "book-telic.API_MOM is bound to api-mom-facade" in ran.err
    assert "api-mom, which exports" not in wfix("check", atlas).out


def test_what_was_added_is_rolled_back(wfix, atlas):
    assert wfix("add", "health", "--worker", "api-mom", "--wire", atlas).code == 0
    assert state(atlas) != ""

    assert wfix("rollback", atlas).code == 0
    assert state(atlas) == ""


def test_new_findings_are_told(wfix, tmp_path):
    """A binding that nobody used is called by what is wired."""
    folder = tmp_path / "unused"
    files = {
        "api/wrangler.json": '{ "name": "api", "main": "a.js" }',
        "api/a.js": 'import { DurableObject } from "cloudflare:workers";\n'
        "export class Room extends DurableObject {}\n"
        "export default { async fetch() { return new Response(); } };\n",
        "b/wrangler.json": '{ "name": "b", "main": "b.js", '
        '"services": [{ "binding": "API", "service": "api" }] }',
        "b/b.js": "export default { async fetch(request, env) { return new Response(); } };\n",
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    commit(folder)

    alone = wfix("add", "health", "--worker", "b", folder, "--dry-run")
    wired = wfix("add", "health", "--worker", "b", folder, "--wire")

    assert "note:" not in alone.err
    assert "note: `wfix check` will say " in wired.err
    assert "poisoned-binding: API: plain binding to api" in wired.err
    assert wfix("check", folder).code == 1


@pytest.mark.parametrize("kind", ["health", pytest.param("facade", marks=pytest.mark.slow)])
def test_the_guards_hold(wfix, atlas, kind):
    command = ["add", kind, "--worker", "api-mom", atlas]
    (atlas / "api-mom/package.json").write_text("{}")

    ran = wfix(*command)

    assert ran.code == 5
    assert "api-mom/package.json" in ran.err
    assert wfix(*command, "--dry-run").code == 0
    assert not (atlas / "api-mom-facade").exists()
    assert wfix(*command, "--allow-dirty").code == 0


def test_a_folder_without_version_control_is_asked_about(wfix, tmp_path):
    (tmp_path / "wrangler.json").write_text('{ "name": "a", "main": "a.js" }')
    (tmp_path / "a.js").write_text("export default { async fetch() {} };\n")
    command = ["add", "facade", "--worker", "a", tmp_path]

    assert wfix(*command).code == 5
    assert wfix(*command, "--allow-no-vcs").code == 0
    assert (tmp_path / "a-facade/src/index.js").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["health", "--worker", "book-tellic"], 2, 'did you mean "book-telic"'),
        (["health"], 2, "--worker"),
        (["heath", "--worker", "book-telic"], 2, "heath"),
        (["fallback", "--worker", "book-telic", "--wire"], 5, "yours to say"),
        (["health", "--worker", "media-store"], 5, "nothing to check"),
        (["health", "--worker", "book-telic", "--env", "nowhere"], 2, "nowhere"),
    ],
)
def test_what_cannot_be_added_is_refused(wfix, atlas, monkeypatch, arguments, code, message):
    monkeypatch.chdir(atlas)

    ran = wfix("add", *arguments)

    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
    assert state(atlas) == ""


def test_a_second_time_nothing_is_overwritten(wfix, atlas):
    command = ["add", "health", "--worker", "book-telic", atlas]
    assert wfix(*command).code == 0
    git(atlas, "add", ".")
    git(atlas, "commit", "-qm", "added")

    ran = wfix(*command)

    assert ran.code == 5
    assert "binding-health.ts exists already" in ran.err
    assert state(atlas) == ""


def test_a_folder_without_workers_has_its_own_code(wfix, tmp_path):
    assert wfix("add", "health", "--worker", "a", tmp_path).code == 3
