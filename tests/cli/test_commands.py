"""The commands as a user meets them: arguments, both output streams, exit codes, files."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import ATLAS, CASES, commit, copy, git

FIXED = '{ "binding": "TARGET", "service": "target", "entrypoint": "default" }'


# --- plan


def test_plan_prints_a_patch_that_git_applies_and_changes_nothing(wfix, faulty):
    ran = wfix("plan")
    assert ran.code == 0
    assert f'+  "services": [{FIXED}]' in ran.out.splitlines()
    assert git(faulty, "status", "--porcelain") == ""
    (faulty / "the.patch").write_text(ran.out)
    git(faulty, "apply", "--check", "the.patch")


def test_plan_says_on_standard_error_what_its_evidence_is(wfix, faulty):
    ran = wfix("plan")
    assert "evidence: reported" in ran.err
    assert "not reproduced on workerd" in ran.err
    assert "no local development of several Workers is in evidence" in ran.err


def test_plan_paths_start_where_the_user_stands(wfix, faulty, monkeypatch):
    monkeypatch.chdir(faulty.parent)
    assert "--- a/faulty/caller/wrangler.jsonc\n" in wfix("plan", "faulty").out
    (faulty.parent / "elsewhere").mkdir()
    monkeypatch.chdir(faulty.parent / "elsewhere")
    assert "--- a/caller/wrangler.jsonc\n" in wfix("plan", faulty).out


def test_plan_stat_counts(wfix, faulty):
    assert wfix("plan", "--stat").out == (
        " caller/wrangler.jsonc | +1 -1\n 1 file changed, +1 -1\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 0), (["--exit-code"], 1), (["--exit-code", "--strategy", "leave"], 0)],
)
def test_plan_exit_code_tells_whether_changes_are_pending(wfix, faulty, arguments, code):
    assert wfix("plan", *arguments).code == code


def test_plan_of_a_sound_repository_is_empty(wfix, sound):
    ran = wfix("plan", "--exit-code")
    assert (ran.code, ran.out) == (0, "")


def test_plan_shows_an_unsafe_fix_without_putting_it_in_the_diff(wfix, tmp_path):
    folder = copy(CASES / "local_development/before", tmp_path / "local")
    ran = wfix("plan", folder, "--strategy", "entrypoint")
    assert ran.out == ""
    assert "unsafe fix, not made" in ran.err
    assert "package.json:3" in ran.err
    assert "--unsafe-fixes" in ran.err
    ran = wfix("plan", folder, "--strategy", "entrypoint", "--unsafe-fixes")
    assert '"entrypoint": "default"' in ran.out


@pytest.mark.parametrize("strategy", ["leave", "entrypoint", "named", "auto"])
def test_plan_takes_a_strategy(wfix, faulty, strategy):
    ran = wfix("plan", "--strategy", strategy)
    assert ran.code == 0
    assert bool(ran.out) is (strategy != "leave")


def test_defensive_gives_every_plain_http_binding_the_entrypoint(wfix, sound):
    ran = wfix("plan", "--defensive")
    assert f'+  "services": [{FIXED}]' in ran.out.splitlines()
    assert wfix("plan", "--defensive", "--strategy", "named").code == 2


STRATEGIES = ["entrypoint", "named", "rpc", "split", "auto"]
LOCAL = {"named", "rpc", "split"}


@pytest.mark.parametrize(
    ("source", "firsts", "mends_default"),
    [
        pytest.param(ATLAS, STRATEGIES, LOCAL, id="atlas", marks=pytest.mark.slow),
        pytest.param(
            ATLAS.parent / "workspace",
            ["entrypoint", "named", "auto"],  # the others cannot repair all of its targets
            {*LOCAL, "auto"},
            id="workspace",
        ),
    ],
)
def test_a_plan_over_an_applied_one_is_empty_for_every_pair_of_strategies(
    wfix, tmp_path, source, firsts, mends_default
):
    """But for one kind of pair: who asks for what works locally has ``default`` mended as well."""
    for first in firsts:
        folder = copy(source, tmp_path / first)
        arguments = ["--allow-no-vcs", "--allow-new-files", "--unsafe-fixes"]
        assert wfix("apply", folder, "--strategy", first, *arguments).code == 0
        has_default = first == "entrypoint" or (first == "auto" and "auto" not in mends_default)
        for second in STRATEGIES:
            if has_default and second in mends_default:
                continue
            ran = wfix("plan", folder, "--strategy", second, "--unsafe-fixes", "--exit-code")
            assert (ran.code, ran.out) == (0, ""), f"{second} after {first}"


# --- plan files


def test_a_plan_file_is_applied_as_it_was_made(wfix, faulty):
    assert wfix("plan", "-o", "plan.json").code == 0
    plan = json.loads((faulty / "plan.json").read_text())
    assert plan["base_commit"] == git(faulty, "rev-parse", "HEAD").strip()
    assert [file["path"] for file in plan["files"]] == ["caller/wrangler.jsonc"]
    ran = wfix("apply", "plan.json")
    assert ran.code == 0, ran.err
    assert FIXED in (faulty / "caller/wrangler.jsonc").read_text()


def test_a_plan_file_finds_its_root_from_where_it_was_made(wfix, faulty, monkeypatch):
    monkeypatch.chdir(faulty.parent)
    wfix("plan", "faulty", "-o", "plan.json")
    assert wfix("apply", "plan.json").code == 0
    assert FIXED in (faulty / "caller/wrangler.jsonc").read_text()


@pytest.mark.parametrize(
    ("path", "evidence"),
    [
        pytest.param("caller/wrangler.jsonc", "changed since", id="the file to change"),
        pytest.param("target/src/index.ts", "changed since", id="evidence only"),
        pytest.param("caller/src/index.ts", "changed since", id="the caller's code"),
    ],
)
def test_a_stale_plan_is_refused(wfix, faulty, path, evidence):
    wfix("plan", "-o", "plan.json")
    (faulty / path).write_text((faulty / path).read_text() + "\n")
    git(faulty, "commit", "-qam", "moved on")
    ran = wfix("apply", "plan.json")
    assert ran.code == 4
    assert path in ran.err
    assert evidence in ran.err


def test_a_plan_whose_evidence_is_gone_is_refused(wfix, faulty):
    wfix("plan", "-o", "plan.json")
    (faulty / "target/src/index.ts").unlink()
    git(faulty, "commit", "-qam", "moved on")
    assert wfix("apply", "plan.json").code == 4


def test_a_plan_made_under_other_settings_is_refused(wfix, faulty):
    wfix("plan", "-o", "plan.json")
    (faulty / "wfix.toml").write_text('[targets.target]\nstrategy = "leave"\n')
    ran = wfix("apply", "plan.json")
    assert ran.code == 4
    assert "wfix.toml changed" in ran.err


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param(
            "package.json",
            '{"scripts": {"dev": "wrangler dev -c caller/wrangler.jsonc '
            '-c target/wrangler.jsonc"}}',
            id="a script that runs the Workers together",
        ),
        pytest.param(
            "caller/target/wrangler.jsonc",
            '{ "name": "target", "main": "../../plain.ts" }',
            id="a nearer Worker of the target's name",
        ),
        pytest.param(
            "other/wrangler.jsonc",
            '{ "name": "other", "main": "../caller/src/index.ts",'
            ' "services": [{ "binding": "TARGET", "service": "target" }] }',
            id="another caller",
        ),
    ],
)
def test_a_plan_that_would_be_made_otherwise_now_is_refused(wfix, faulty, path, content):
    (faulty / "plain.ts").write_text('export default { fetch: () => new Response("plain") };\n')
    wfix("plan", "-o", "plan.json")
    (faulty / path).parent.mkdir(parents=True, exist_ok=True)
    (faulty / path).write_text(content)
    before = (faulty / "caller/wrangler.jsonc").read_bytes()
    ran = wfix("apply", "plan.json")
    assert ran.code == 4
    assert "a plan made now" in ran.err
    assert (faulty / "caller/wrangler.jsonc").read_bytes() == before


def test_a_plan_file_is_applied_from_anywhere(wfix, faulty, monkeypatch):
    (faulty / "plans").mkdir()
    wfix("plan", "-o", "plans/plan.json")
    monkeypatch.chdir(faulty / "caller")
    assert wfix("apply", "../plans/plan.json").code == 0
    assert FIXED in (faulty / "caller/wrangler.jsonc").read_text()


def other_text(plan: dict) -> dict:
    return {**plan["files"][0]["edits"][0], "text": "x"}


def edited(plan: dict, **changes) -> dict:
    return {**plan, "files": [{**plan["files"][0], **changes}]}


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda plan: {**plan, "version": 99}, id="another version"),
        pytest.param(lambda plan: {**plan, "more": 1}, id="unknown key"),
        pytest.param(lambda plan: {k: plan[k] for k in plan if k != "files"}, id="no files"),
        pytest.param(lambda plan: edited(plan, path="../out.jsonc"), id="out of the root"),
        pytest.param(lambda plan: edited(plan, path="/out.jsonc"), id="absolute"),
        pytest.param(lambda plan: edited(plan, path="node_modules/x"), id="node_modules"),
        pytest.param(lambda plan: edited(plan, path=".git/config"), id="git's own"),
        pytest.param(lambda plan: edited(plan, after_sha256="0" * 64), id="wrong result"),
        pytest.param(
            lambda plan: edited(plan, edits=[*plan["files"][0]["edits"], other_text(plan)]),
            id="two texts at one place",
        ),
    ],
)
def test_a_tampered_plan_file_is_refused(wfix, faulty, tamper):
    wfix("plan", "-o", "plan.json")
    plan = json.loads((faulty / "plan.json").read_text())
    (faulty / "plan.json").write_text(json.dumps(tamper(plan)))
    before = (faulty / "caller/wrangler.jsonc").read_bytes()
    ran = wfix("apply", "plan.json")
    assert ran.code == 2
    assert ran.err.startswith("wfix: ")
    assert (faulty / "caller/wrangler.jsonc").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_plan_file_is_refused(wfix, faulty, content):
    (faulty / "plan.json").write_bytes(content)
    ran = wfix("apply", "plan.json")
    assert ran.code == 2
    assert "not a plan file" in ran.err


def test_a_plan_file_takes_no_other_options(wfix, faulty):
    wfix("plan", "-o", "plan.json")
    assert wfix("apply", "plan.json", "--unsafe-fixes").code == 2
    assert wfix("apply", "plan.json", "caller").code == 2


# --- apply


def test_apply_makes_the_edits_and_then_has_nothing_to_do(wfix, faulty):
    assert wfix("apply").code == 0
    assert FIXED in (faulty / "caller/wrangler.jsonc").read_text()
    assert git(faulty, "diff", "--numstat").split() == ["1", "1", "caller/wrangler.jsonc"]
    git(faulty, "commit", "-qam", "fixed")
    again = wfix("apply")
    assert again.code == 0
    assert "nothing to apply" in again.err
    assert git(faulty, "status", "--porcelain") == ""


def test_apply_is_refused_on_a_dirty_work_tree(wfix, faulty):
    (faulty / "target/src/index.ts").write_text(
        (faulty / "target/src/index.ts").read_text() + "\n// edited\n"
    )
    ran = wfix("apply")
    assert ran.code == 5
    assert "target/src/index.ts" in ran.err
    assert FIXED not in (faulty / "caller/wrangler.jsonc").read_text()
    assert wfix("apply", "--allow-dirty").code == 0
    assert FIXED in (faulty / "caller/wrangler.jsonc").read_text()


def test_apply_is_refused_without_version_control(wfix, tmp_path):
    folder = copy(CASES / "durable_object_declared/before", tmp_path / "plain")
    ran = wfix("apply", folder)
    assert ran.code == 5
    assert "--allow-no-vcs" in ran.err
    assert wfix("apply", folder, "--allow-no-vcs").code == 0
    assert FIXED in (folder / "caller/wrangler.jsonc").read_text()


def test_apply_has_nothing_to_refuse_where_there_is_nothing_to_do(wfix, tmp_path):
    folder = copy(CASES / "default_only/before", tmp_path / "plain")
    assert wfix("apply", folder).code == 0


@pytest.fixture
def two_callers(tmp_path, monkeypatch):
    folder = commit(copy(CASES / "two_callers/before", tmp_path / "two"))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("answers", "changed"),
    [
        ("y\ny\n", ["caller/wrangler.jsonc", "other/wrangler.jsonc"]),
        ("n\ny\n", ["other/wrangler.jsonc"]),
        ("y\nn\n", ["caller/wrangler.jsonc"]),
        ("n\nn\n", []),
        ("y\n", []),
    ],
)
def test_apply_asks_for_each_fix(wfix, two_callers, monkeypatch, answers, changed):
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    wfix("apply", "-i")
    assert git(two_callers, "diff", "--name-only").split() == changed


def test_a_repair_that_findings_share_is_asked_for_once(wfix, two_callers, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    ran = wfix("apply", "-i", "--strategy", "named")
    assert ran.code == 0, ran.err
    assert len(git(two_callers, "diff", "--name-only").split()) == 3


def test_split_is_made_with_new_files_and_rolled_back_without_a_trace(wfix, atlas):
    refused = wfix("apply", atlas, "--strategy", "split")
    assert refused.code == 5
    assert "--allow-new-files" in refused.err
    ran = wfix("apply", atlas, "--strategy", "split", "--allow-new-files")
    assert ran.code == 0, ran.err
    assert "what is left to a person, in this order:" in ran.err
    assert (atlas / "api-mom-dos/wrangler.jsonc").exists()
    assert wfix("plan", atlas, "--strategy", "split", "--exit-code").code == 0
    wfix("rollback", atlas)
    assert git(atlas, "status", "--porcelain") == ""
    assert not (atlas / "api-mom-dos").exists()


def test_a_fresh_split_creates_the_classes_anew(wfix, atlas):
    ran = wfix("plan", atlas, "--strategy", "split", "--fresh")
    assert "transferred_classes" not in ran.out
    assert "new_sqlite_classes" in ran.out
    assert wfix("apply", atlas, "--strategy", "split", "--fresh", "--allow-new-files").code == 0
    assert "transferred_classes" not in (atlas / "api-mom-dos/wrangler.jsonc").read_text()


def test_stubs_are_methods_for_fetched_routes(wfix, faulty):
    module = faulty / "target/src/index.ts"
    method = "  async root(): Promise<Response> {\n    return this.fetch();\n  }\n"
    asked = ("--strategy", "rpc", "--stubs", "--unsafe-fixes")
    assert "async root" not in wfix("plan", "--strategy", "rpc", "--unsafe-fixes").out
    assert "+  async root(): Promise<Response> {\n" in wfix("plan", *asked).out
    assert wfix("apply", *asked).code == 0
    assert method in module.read_text()
    again = wfix("plan", *asked, "--exit-code")
    assert (again.code, again.out) == (0, "")
    git(faulty, "checkout", ".")
    wfix("plan", *asked, "-o", faulty.parent / "plan.json")
    assert wfix("apply", faulty.parent / "plan.json").code == 0
    assert method in module.read_text()


def test_a_split_is_recommended_in_words_where_several_workers_call(wfix, atlas, faulty):
    assert "worth a thought: --strategy split, since 3 Workers call it" in wfix("plan", atlas).err
    assert "worth a thought" not in wfix("plan").err


def test_the_types_of_callers_are_offered_after_a_conversion(wfix, faulty):
    ran = wfix("plan", "--strategy", "rpc")
    offer = 'caller/src/index.ts:2: the type of TARGET may become Service<import("../../target/'
    assert offer in ran.err


def test_two_configurations_of_one_module_are_repaired_once(wfix, faulty):
    (faulty / "target/wrangler.staging.jsonc").write_text(
        '{ "name": "target-two", "main": "src/index.ts" }\n'
    )
    caller = faulty / "caller/wrangler.jsonc"
    caller.write_text(
        caller.read_text().replace(
            '"service": "target" }',
            '"service": "target" }, { "binding": "TWO", "service": "target-two" }',
        )
    )
    source = faulty / "caller/src/index.ts"
    source.write_text(
        source.read_text() + "\nexport const two = (env: Env) => env.TWO.fetch('x:');\n"
    )
    ran = wfix("plan", "--strategy", "rpc")
    assert ran.out.count("+export default class Target extends WorkerEntrypoint") == 1
    assert "touches the same bytes" not in ran.err
    assert wfix("apply", "--strategy", "rpc", "--allow-dirty").code == 0


def test_rollback_puts_everything_back(wfix, faulty):
    wfix("apply")
    ran = wfix("rollback")
    assert ran.code == 0
    assert "caller/wrangler.jsonc" in ran.err
    assert git(faulty, "status", "--porcelain") == ""
    assert wfix("rollback").code == 5


def test_rollback_stays_off_what_was_edited_since(wfix, faulty):
    wfix("apply")
    file = faulty / "caller/wrangler.jsonc"
    file.write_text(file.read_text() + "// mine\n")
    assert wfix("rollback").code == 5
    assert file.read_text().endswith("// mine\n")


# --- check


def test_check_exits_with_1_on_findings(wfix, faulty):
    ran = wfix("check")
    assert ran.code == 1
    assert ran.out.startswith("caller/wrangler.jsonc:4:16: poisoned-binding: TARGET: ")
    assert wfix("check", "--exit-zero").code == 0


def test_check_exits_with_0_where_nothing_is_found(wfix, sound):
    assert wfix("check").code == 0


def test_what_is_not_judged_fails_nothing(wfix, tmp_path):
    ran = wfix("check", CASES / "target_elsewhere/before")
    assert ran.code == 0
    assert "skipped: " in ran.out


def test_check_json_has_the_documented_keys(wfix, faulty):
    ran = wfix("check", "--output-format", "json")
    result = json.loads(ran.out)
    assert ran.code == 1
    assert (result["version"], result["workers"], result["unreadable"]) == (1, 2, [])
    [finding] = result["findings"]
    expected = {
        "rule": "poisoned-binding",
        "worker": "caller",
        "environment": None,
        "binding": "TARGET",
        "target": "target",
        "path": "caller/wrangler.jsonc",
        "line": 4,
        "column": 16,
        "evidence": "reported",
        "skipped": None,
        "suppressed": False,
    }
    assert {key: finding[key] for key in expected} == expected
    assert finding["fix"]["strategy"] == "entrypoint"
    assert finding["fix"]["safety"] == "safe"
    assert {place["path"] for place in finding["locations"]} == {
        "caller/wrangler.jsonc",
        "caller/src/index.ts",
        "target/src/index.ts",
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--ignore", "poisoned-binding"], 0),
        (["--select", "poisoned-binding"], 1),
        (["--select", "all"], 1),
        (["--env", ""], 1),
    ],
)
def test_check_narrows_down(wfix, faulty, arguments, code):
    assert wfix("check", *arguments).code == code


# --- configuration


@pytest.mark.parametrize(
    ("toml", "code"),
    [
        ('[targets.target]\nstrategy = "leave"\n', 0),
        ('[targets.other]\nstrategy = "leave"\n', 1),
        ('ignore = ["poisoned-binding"]\n', 0),
        ('exclude = ["caller/"]\n', 0),
        ('[per-file-ignores]\n"caller/**" = ["poisoned-binding"]\n', 0),
        ('[per-file-ignores]\n"target/**" = ["poisoned-binding"]\n', 1),
    ],
)
def test_wfix_toml_is_heard(wfix, faulty, toml, code):
    (faulty / "wfix.toml").write_text(toml)
    assert wfix("check").code == code


def test_a_target_that_no_worker_has_is_noted(wfix, faulty):
    (faulty / "wfix.toml").write_text('[targets.targte]\nstrategy = "leave"\n')
    ran = wfix("check")
    assert ran.code == 1
    assert (
        "note: wfix.toml:1:10: [targets.targte] names no Worker that was read; "
        'did you mean "target"?'
    ) in ran.err


@pytest.mark.parametrize(
    ("toml", "note"),
    [
        (
            '[per-file-ignores]\n"calller/**" = ["all"]\n',
            'note: wfix.toml:2:1: "calller/**" matches no file that was read',
        ),
        ('[per-file-ignores]\n"!caller/**" = ["all"]\n', "matches no file"),
    ],
)
def test_a_pattern_that_matches_nothing_is_noted(wfix, faulty, toml, note):
    (faulty / "wfix.toml").write_text(toml)
    assert note in wfix("check").err


@pytest.mark.parametrize("pattern", ["caller/**", "*.ts", "target/"])
def test_a_pattern_that_matches_is_not_noted(wfix, faulty, pattern):
    (faulty / "wfix.toml").write_text(f'[per-file-ignores]\n"{pattern}" = ["bare-binding"]\n')
    assert "note:" not in wfix("check").err


def test_what_is_idle_is_not_noted_where_only_a_part_is_read(wfix, faulty):
    """The rest may have it."""
    (faulty / "wfix.toml").write_text('[targets.gone]\n[per-file-ignores]\n"gone/" = ["all"]\n')
    assert "gone" in wfix("check").err
    assert "gone" not in wfix("check", "caller", "wfix.toml").err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["check"], 'wfix.toml:1:21: no Worker has an environment called "live"'),
        (["check", "--env", "liv"], 'wfix: no Worker has an environment called "liv"'),
    ],
)
def test_an_environment_that_no_worker_has_is_told_where_it_is_said(
    wfix, faulty, arguments, complaint
):
    (faulty / "wfix.toml").write_text('environments = ["", "live"]\n')
    ran = wfix(*arguments)
    assert ran.code == 2
    assert complaint in ran.err


def test_a_wfix_toml_above_the_root_is_noted(wfix, faulty):
    (faulty / "wfix.toml").write_text('ignore = ["poisoned-binding"]\n')
    assert "wfix.toml is not read" in wfix("check", "caller").err
    assert "wfix.toml is not read" not in wfix("check").err


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ('selct = ["x"]\n', 'wfix.toml:1:1: unknown key "selct"; did you mean "select"?'),
        ("\nignore = 1\n", "wfix.toml:2:10: expected an array of strings"),
        ("ignore = [1]\n", "wfix.toml:1:11: expected a string"),
        ("targets = 1\n", "wfix.toml:1:11: expected a table"),
        ('[targets.a]\nstrategy = "leav"\n', 'wfix.toml:2:12: no strategy is called "leav"'),
        ('[targets.a]\nstrat = "leave"\n', 'wfix.toml:2:1: unknown key "strat"'),
        ("select = [\n", "wfix.toml:2:1: "),
        ('select = ["no-such-rule"]\n', 'wfix.toml:1:11: no rule is called "no-such-rule"'),
        (
            '[per-file-ignores]\n"a" = ["poisned-binding"]\n',
            'wfix.toml:2:8: no rule is called "poisned-binding"; did you mean "poisoned-binding"?',
        ),
    ],
)
def test_a_broken_wfix_toml_is_named_with_its_place(wfix, faulty, toml, complaint):
    (faulty / "wfix.toml").write_text(toml)
    ran = wfix("check")
    assert ran.code == 2
    assert complaint in ran.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["plan", "nowhere"], "nowhere does not exist"),
        (["plan", "--strategy", "entrypiont"], 'did you mean "entrypoint"?'),
        (["check", "--select", "poisoned-bindin"], 'did you mean "poisoned-binding"?'),
        (["plan", "--ignore", "poisoned-bindin"], 'did you mean "poisoned-binding"?'),
        (["explain", "poisned-binding"], 'did you mean "poisoned-binding"?'),
        (["explain", "xyz"], "`wfix rules` lists them (a binding is named WORKER.BINDING)"),
        (["explain", "caller.TARGT"], 'did you mean "caller.TARGET"?'),
        (["check", "--output-format", "yaml"], "yaml"),
        (["check", "--env", "stagin"], 'no Worker has an environment called "stagin"'),
        (["plan", "-o", "no/such/folder/plan.json"], "cannot write"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_a_wrong_command_line_exits_with_2(wfix, faulty, arguments, complaint):
    ran = wfix(*arguments)
    assert ran.code == 2
    assert complaint in ran.err


# --- what cannot be read


def test_no_worker_exits_with_3(wfix, tmp_path):
    ran = wfix("check", tmp_path)
    assert ran.code == 3
    assert "no Worker found" in ran.err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b'{ "name": }', "line 1, column 11", id="broken"),
        pytest.param(b'{ "name": "\xff" }', "UTF-8", id="bytes that are no UTF-8"),
        pytest.param(b'{ "name": "x", "main": "nowhere.ts" }', "does not exist", id="no main"),
        pytest.param(b"[" * 100_000, "more than 200", id="too deep"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_done(wfix, faulty, content, reason):
    (faulty / "broken").mkdir()
    (faulty / "broken/wrangler.jsonc").write_bytes(content)
    git(faulty, "add", ".")
    git(faulty, "commit", "-qm", "broken")
    ran = wfix("check", "--output-format", "json")
    assert ran.code == 7
    assert reason in ran.err
    result = json.loads(ran.out)
    assert len(result["findings"]) == 1
    assert [reason in item["reason"] for item in result["unreadable"]] == [True]
    assert wfix("apply").code == 7
    assert FIXED in (faulty / "caller/wrangler.jsonc").read_text()


def test_a_plan_file_over_something_unreadable_is_applied_and_says_so(wfix, faulty):
    (faulty / "broken").mkdir()
    (faulty / "broken/wrangler.jsonc").write_text("{")
    wfix("plan", "-o", "plan.json")
    assert wfix("apply", "plan.json").code == 7
    assert FIXED in (faulty / "caller/wrangler.jsonc").read_text()


def test_a_module_that_is_there_and_cannot_be_read_is_named(wfix, faulty, monkeypatch):
    monkeypatch.setattr("codemod.scanner.files.MAX_SIZE", 400)
    (faulty / "target/src/index.ts").write_text("// long\n" * 100)
    ran = wfix("check")
    assert ran.code == 7
    assert "cannot read target/src/index.ts: is larger than" in ran.err


def test_a_configuration_that_is_a_link_is_judged_and_not_edited(wfix, faulty):
    (faulty / "shared").mkdir()
    (faulty / "caller/wrangler.jsonc").rename(faulty / "shared/caller.jsonc")
    (faulty / "caller/wrangler.jsonc").symlink_to("../shared/caller.jsonc")
    ran = wfix("plan")
    assert (ran.code, ran.out) == (0, "")
    assert "its configuration is generated or a link" in ran.err


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param("nowhere.toml", "wfix.toml is a link that leads to no file", id="no file"),
        pytest.param("nowhere/wfix.toml", "is a link that leads to no file", id="no folder"),
        pytest.param("wfix.toml", "wfix.toml cannot be read: Too many levels", id="itself"),
        pytest.param("caller", "wfix.toml is not a regular file", id="a folder"),
    ],
)
@pytest.mark.parametrize("command", ["check", "plan", "apply", "map"])
def test_settings_that_are_a_link_to_no_file_are_an_error(wfix, faulty, command, target, said):
    (faulty / "wfix.toml").symlink_to(target)
    ran = wfix(command)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("content", "found", "why"),
    [
        ("", 1, "an empty file says nothing"),
        ('ignore = ["poisoned-binding"]', 0, "the settings count as if they stood there"),
    ],
)
def test_settings_that_are_a_link_to_a_file_are_read(wfix, faulty, content, found, why):
    (faulty / "shared.toml").write_text(content)
    (faulty / "wfix.toml").symlink_to("shared.toml")
    assert wfix("check").code == found, why


@pytest.mark.parametrize("value", ["null", "1", '""'])
def test_a_key_that_is_there_without_a_value_stops_nothing_else(wfix, faulty, value):
    (faulty / "other").mkdir()
    (faulty / "other/wrangler.jsonc").write_text(
        '{ "name": "other", "main": "../caller/src/index.ts", "services": '
        f'[{{ "binding": "TARGET", "service": "target", "entrypoint": {value} }}] }}'
    )
    ran = wfix("plan")
    assert ran.code == 0
    assert FIXED in ran.out
    assert "other/wrangler.jsonc" in ran.err
    assert "other/wrangler.jsonc" not in ran.out


# --- output


def test_a_reader_that_goes_away_ends_the_program_quietly(faulty):
    command = f"{sys.executable} -m codemod check | true"
    ran = subprocess.run(
        command, shell=True, cwd=faulty, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in ran.stderr
    assert "Error" not in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_an_error(faulty):
    command = f"{sys.executable} -m codemod check > /dev/full"
    ran = subprocess.run(
        command, shell=True, cwd=faulty, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "cannot write to standard output: No space left on device" in ran.stderr


def test_a_path_that_leads_nowhere_is_an_error(wfix, tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    ran = wfix("check", tmp_path / "loop")
    assert ran.code == 2
    assert "loop" in ran.err


# --- an apply that was cut off


def test_the_next_run_undoes_an_apply_that_was_cut_off(wfix, faulty):
    wfix("apply")
    (faulty / ".git/wfix/last.json").rename(faulty / ".git/wfix/journal.json")
    ran = wfix("check")
    assert "an earlier apply was cut off; put back: caller/wrangler.jsonc" in ran.err
    assert ran.code == 1
    assert git(faulty, "status", "--porcelain") == ""


# --- the example


def test_the_example_is_repaired_as_the_article_says(wfix, atlas):
    ran = wfix("plan", atlas)
    added = [line for line in ran.out.splitlines() if line.startswith("+") and "entrypoint" in line]
    changed = [line[6:] for line in ran.out.splitlines() if line.startswith("+++")]
    assert ran.code == 0
    assert [path.split("atlas/")[-1] for path in changed] == [
        "book-telic/wrangler.jsonc",
        "ubermesh/packages/api/wrangler.jsonc",
    ]
    assert len(added) == 2
    assert wfix("apply", atlas).code == 0
    assert wfix("plan", atlas, "--exit-code").code == 0


def test_the_examples_map_is_the_articles_table(wfix, atlas):
    table = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in wfix("map", atlas).out.splitlines()
        if line.startswith("| ")
    ]
    assert table[0] == ("Worker", "Binding", "Target", "Has entrypoint: default?", "Status")
    assert {
        ("scram-jet", "APIMOM", "api-mom", "Yes", "Fixed"),
        ("scram-jet", "MEDIA_STORE", "media-store", "Yes", "Fixed"),
        ("book-telic", "API_MOM", "api-mom", "No", "Needs fix"),
        ("book-telic", "UBERMESH", "ubermesh", "No (not needed)", "Works"),
        ("ubermesh", "APIMOM", "api-mom", "No", "Needs fix"),
        ("gallery", "UBERMESH", "ubermesh", "No (not needed)", "Works"),
    } <= set(table)
    assert {row[4] for row in table[1:]} == {"Fixed", "Needs fix", "Works"}


@pytest.mark.parametrize(
    "toml", ['ignore = ["poisoned-binding"]\n', "exclude = []\n", 'select = ["bare-binding"]\n']
)
def test_the_map_does_not_depend_on_which_rules_are_heard(wfix, faulty, toml):
    (faulty / "wfix.toml").write_text(toml)
    assert "| Needs fix |" in wfix("map").out
    assert "verdict: Needs fix" in wfix("explain", "caller.TARGET").out


def test_a_configuration_that_wrangler_does_not_read_is_not_in_the_map(wfix):
    ran = wfix("map", CASES / "shadowed_configuration/before")
    assert len([line for line in ran.out.splitlines() if line.startswith("| caller")]) == 1


# --- the program


def test_rules_are_listed(wfix):
    ran = wfix("rules")
    assert ran.code == 0
    assert "\npoisoned-binding (on by default, reported, safe/unsafe/manual fix): A" in ran.out


def test_the_version_is_printed(wfix):
    assert wfix("--version").out.startswith("wfix 0.")


@pytest.mark.parametrize("program", [["wfix"], [sys.executable, "-m", "codemod"]])
def test_the_installed_program_runs(program):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    ran = subprocess.run(
        [*program, "--help"], capture_output=True, text=True, check=True, env=environment
    )
    assert "Show the repair as a diff" in ran.stdout
