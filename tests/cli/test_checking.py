"""`wfix check` with what is known already: baselines, comments, only what changed."""

import json
from dataclasses import replace

import pytest
from repositories import git

from codemod import plan, scan
from codemod.planner.baseline import decode, with_known

CONFIGURATION = "caller/wrangler.jsonc"


@pytest.fixture
def baseline(faulty, wfix):
    assert wfix("check", "--baseline", "known.json", "--write-baseline").code == 0
    return faulty / "known.json"


def test_writing_a_baseline_says_what_it_holds(faulty, sound, wfix):
    ran = wfix("check", "--baseline", "none.json", "--write-baseline")
    assert "wrote none.json: 0 findings" in ran.err

    ran = wfix("check", faulty, "--baseline", "one.json", "--write-baseline")
    assert "wrote one.json: 1 finding\n" in ran.err


def test_a_baseline_silences_what_it_lists(baseline, wfix):
    ran = wfix("check", "--output-format", "json", "--baseline", baseline)

    assert ran.code == 0
    assert [finding["suppressed"] for finding in json.loads(ran.out)["findings"]] == [True]
    assert wfix("check").code == 1


def test_a_baseline_survives_moved_lines(faulty, baseline, wfix):
    path = faulty / CONFIGURATION
    path.write_text("// a new head\n\n" + path.read_text())

    assert wfix("check", "--baseline", baseline).code == 0


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(
            '{ "binding": "TARGET", "service": "target" }, // ours\n', id="comma and comment"
        ),
        pytest.param('{"binding":"TARGET","service":"target"}', id="no blanks"),
        pytest.param(
            '{\n      "service": "target",\n      "binding": "TARGET",\n    }',
            id="other lines, another order",
        ),
        pytest.param(
            '{ "binding": "TARGET", "service": "target", "remote": true }', id="a key more"
        ),
    ],
)
def test_a_baseline_survives_another_layout_of_the_binding(faulty, baseline, wfix, edited):
    path = faulty / CONFIGURATION
    before = '{ "binding": "TARGET", "service": "target" }'
    assert before in path.read_text()

    path.write_text(path.read_text().replace(before, edited))

    assert wfix("check", "--baseline", baseline).code == 0


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param("env  .GONE\n      .fetch( request )", id="blanks and lines"),
        pytest.param("env /* ours */.GONE.fetch(new Request(request))", id="comment, arguments"),
        pytest.param("null ?? env.GONE.fetch(request)", id="other code on its line"),
    ],
)
def test_a_baseline_survives_edits_around_a_call(faulty, wfix, edited):
    path = faulty / "caller/src/index.ts"
    call = "export default { async fetch(request, env) {\n    return %s;\n} };\n"
    path.write_text(call % "env.GONE.fetch(request)")
    wfix("check", "--baseline", "known.json", "--write-baseline")

    path.write_text(f"// moved\n{call % edited}")

    assert wfix("check", "--baseline", "known.json").code == 0


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("return env.NEWER.fetch(request);", "another binding"),
        ("await env.GONE.fetch(request); return env.NEWER.fetch(request);", "one more"),
    ],
)
def test_a_baseline_does_not_cover_what_is_new_in_a_module(faulty, wfix, code, why):
    path = faulty / "caller/src/index.ts"
    module = "export default { async fetch(request, env) { %s } };\n"
    path.write_text(module % "return env.GONE.fetch(request);")
    wfix("check", "--baseline", "known.json", "--write-baseline")

    path.write_text(module % code)

    assert wfix("check", "--baseline", "known.json").code == 1, why


def test_a_baseline_survives_the_repair_of_another_rule(faulty, wfix):
    """Two faults of one binding: the repair of one changes its line, and the other stays known."""
    (faulty / "target/wrangler.jsonc").write_text(
        '{ "name": "target", "main": "src/index.ts", "env": { "live": {} } }'
    )
    before = (faulty / CONFIGURATION).read_text()
    (faulty / CONFIGURATION).write_text(
        before.replace('"target" }', '"target", "environment": "live" }')
    )
    wfix("check", "--baseline", "known.json", "--write-baseline")
    known = wfix("check").out.count("poisoned-binding")

    assert wfix("apply", "--allow-dirty", "--select", "service-environment-key").code == 0

    assert "target-live" in (faulty / CONFIGURATION).read_text()
    assert (known, wfix("check").code) == (1, 1)
    assert wfix("check", "--baseline", "known.json").code == 0


def test_a_baseline_covers_as_many_findings_that_are_alike_as_it_lists(faulty, baseline):
    found = plan(scan(faulty))
    twice = replace(found, findings=found.findings * 2)

    marked, gone = with_known(twice, decode(baseline.read_bytes()))

    assert [item.suppressed for item in marked.findings] == [True, False]
    assert gone == 0


def test_a_call_of_all_environments_is_shown_once_and_known_for_each(faulty, wfix):
    configuration = '{ "name": "caller", "main": "src/index.ts", "env": { "live": {}%s } }'
    (faulty / CONFIGURATION).write_text(configuration % "")
    (faulty / "caller/src/index.ts").write_text(
        "export default { fetch: (request, env) => env.GONE.fetch(request) };"
    )
    concise = ("check", "--output-format", "concise", "--baseline", "known.json")

    shown = wfix("check", "--output-format", "concise").out
    assert (shown.count("undeclared-binding"), "(in caller, caller-live)" in shown) == (1, True)
    listed = json.loads(wfix("check", "--output-format", "json").out)["findings"]
    assert [(item["worker"], item["environment"]) for item in listed] == [
        ("caller", None),
        ("caller-live", "live"),
    ]

    wfix("check", "--baseline", "known.json", "--write-baseline")
    assert (wfix(*concise).code, wfix(*concise).out) == (0, "")

    (faulty / CONFIGURATION).write_text(configuration % ', "fresh": {}')
    ran = wfix(*concise)
    assert (ran.code, ran.out.count("undeclared-binding")) == (1, 1)
    assert ran.out.endswith("(environment fresh)\n")


def test_a_baseline_does_not_cover_the_same_rule_elsewhere(faulty, baseline, wfix):
    path = faulty / CONFIGURATION
    path.write_text(path.read_text().replace('"TARGET"', '"OTHER"'))
    code = faulty / "caller/src/index.ts"
    code.write_text(code.read_text().replace("env.TARGET", "env.OTHER"))

    assert wfix("check", "--baseline", baseline).code == 1


def test_what_is_mended_is_told_of_a_baseline(faulty, baseline, wfix):
    assert wfix("apply", "--allow-dirty").code == 0

    ran = wfix("check", "--baseline", baseline)

    assert ran.code == 0
    assert "1 finding is in" in ran.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "does not exist"),
        ("", "not a baseline"),
        ("[]", "not a baseline"),
        ('{"version": 2, "findings": []}', "version 2"),
        ('{"version": 1, "findings": [{}]}', "not a baseline"),
    ],
)
def test_what_is_no_baseline_is_refused(faulty, wfix, content, said):
    if content is not None:
        (faulty / "known.json").write_text(content)

    ran = wfix("check", "--baseline", "known.json")

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--write-baseline"], "needs the file"),
        (["--reason", "known"], "belongs to --add-ignores"),
        (["--add-ignores", "--reason", " "], "one line"),
        (["--add-ignores", "--reason", "a\nb"], "one line"),
        (["--add-ignores", "--reason", "a */ b"], "one line"),
        (["--since", "HEAD", "--staged"], "exclude each other"),
        (["--since", "nowhere"], "knows no commit"),
        (["--select", ""], "--select is empty"),
        (["--select", " ,"], "--select is empty"),
    ],
)
def test_options_that_make_no_sense(faulty, wfix, arguments, said):
    ran = wfix("check", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert git(faulty, "status", "--porcelain") == ""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_are_added_and_silence(faulty, wfix, newline):
    path = faulty / CONFIGURATION
    path.write_bytes(path.read_bytes().replace(b"\n", newline.encode()))
    before = path.read_bytes()

    assert wfix("check", "--add-ignores", "--reason", "answers in production").code == 0

    assert wfix("check").code == 0
    added = [item for item in path.read_bytes().splitlines(True) if b"wfix-ignore" in item]
    assert len(added) == 1
    assert added[0].strip() == b"// wfix-ignore poisoned-binding: answers in production"
    assert added[0].endswith(newline.encode())
    assert path.read_bytes().replace(added[0], b"") == before


def test_comments_added_twice_are_there_once(faulty, wfix):
    wfix("check", "--add-ignores")
    once = (faulty / CONFIGURATION).read_bytes()

    ran = wfix("check", "--add-ignores")

    assert "nothing to ignore" in ran.err
    assert (faulty / CONFIGURATION).read_bytes() == once


def test_only_what_is_staged_is_judged(faulty, wfix):
    assert wfix("check", "--staged").code == 0

    (faulty / "target/wrangler.jsonc").write_bytes(
        (faulty / "target/wrangler.jsonc").read_bytes() + b"\n"
    )
    assert wfix("check", "--staged").code == 0
    git(faulty, "add", ".")

    assert wfix("check", "--staged").code == 1


def test_only_what_changed_since_a_revision_is_judged_and_planned(faulty, wfix):
    git(faulty, "commit", "--allow-empty", "-qm", "nothing")
    assert wfix("check", "--since", "HEAD~1").code == 0
    assert wfix("plan", "--since", "HEAD~1").out == ""

    (faulty / "target/fresh.ts").write_text("export {};")

    assert wfix("check", "--since", "HEAD").code == 1
    assert "entrypoint" in wfix("plan", "--since", "HEAD").out


CODE = """export default {
  async fetch(request, env) {
    return new Response(`
  ${await env.ONE.fetch(request)}
  ${
    await env.TWO.fetch(request)
  }`);
  },
};
"""


def test_a_comment_for_a_line_in_a_template_goes_above_it(faulty, wfix):
    (faulty / "target/src/index.ts").write_text(CODE)
    before = wfix("check", "--output-format", "concise").out.count("undeclared-binding")

    ran = wfix("check", "--add-ignores", "--reason", "known")

    assert (before, ran.code, wfix("check").code) == (2, 0, 0)
    comment = "// wfix-ignore undeclared-binding: known\n"
    assert (faulty / "target/src/index.ts").read_text() == CODE.replace(
        "    return", f"    {comment}    return"
    ).replace("    await", f"    {comment}    await")


def test_what_can_have_no_comment_is_told_with_the_reason(faulty, wfix):
    (faulty / "target/src/index.ts").write_text(
        f"// wfix-ignore poisoned-binding\n{(faulty / 'target/src/index.ts').read_text()}"
    )

    ran = wfix("check", "--add-ignores")

    assert ran.code == 1
    assert "1 added" in ran.err
    assert "index.ts:1:1: ignore-comment has no comment: it is about such a comment" in ran.err


def test_a_file_that_a_build_writes_gets_no_comment_and_is_told(faulty, wfix):
    redirect = faulty / "caller/.wrangler/deploy/config.json"
    redirect.parent.mkdir(parents=True)
    redirect.write_text('{ "configPath": "../../wrangler.jsonc" }')
    before = (faulty / CONFIGURATION).read_bytes()

    ran = wfix("check", "--add-ignores")

    assert ran.code == 1
    assert "poisoned-binding has no comment: a build step writes the file" in ran.err
    assert (faulty / CONFIGURATION).read_bytes() == before
