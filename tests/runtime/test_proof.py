"""Calls between Workers on the real runtime, before a plan and after it.

The expectations are the platform's: what each kind of target makes of each call.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

import codemod
from codemod import api, planner, scan
from codemod.errors import NoProof
from codemod.model import Exports, Outcome, Project, Proof, ProofRow, Result, Strategy
from codemod.runtime import proof, running
from codemod.runtime import workerd as programs
from codemod.runtime.judgement import disproved
from codemod.runtime.workerd import Workerd
from codemod.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples"
SECONDS = 60
IMPORT = 'import { DurableObject, RpcTarget, WorkerEntrypoint } from "cloudflare:workers";\n'
FETCH = "async fetch() { return new Response(); }"
NO_ENTRYPOINT = "has no such named entrypoint"


def every(_environment: str | None) -> bool:
    return True


def proved(workerd: Workerd, before: Project, after: Project | None = None) -> Proof:
    return proof.prove(workerd, before, after or before, every, SECONDS)


def outcome(result: Result | None) -> str:
    return result.outcome if result else "-"


def shown(row: ProofRow) -> str:
    where = f" ({row.environment})" if row.environment else ""
    return (
        f"{row.worker}.{row.binding}{where}{row.call}: {outcome(row.before)} {outcome(row.after)}"
    )


def worker(name: str, **configuration) -> str:
    return json.dumps({"name": name, "main": "index.js", **configuration})


def code(uses: str) -> str:
    return f"export default {{ async fetch(request, env) {{ {uses} }} }};"


# --- The platform


TARGETS = {
    "object": f"export default {{ {FETCH}, one(a) {{}} }};",
    "with-class": f"export class Room extends DurableObject {{}} export default {{ {FETCH} }};",
    "entrypoint": f"export default class extends WorkerEntrypoint {{ {FETCH} add(a, b) {{}} }}",
    "admin": f"export class Admin extends WorkerEntrypoint {{ add() {{}} a = () => 1; }}"
    f" export class Room extends DurableObject {{ {FETCH} }} export default {{ {FETCH} }};",
    "named": f"const it = {{ {FETCH} }}; export {{ it as Http }}; export default it;",
    "read": "export default { version: '1' };",
    "nothing": "export const other = {};",
    "no-fetch": "export default { scheduled() {} };",
    "class": f"export default class {{ {FETCH} }}",
    "silent": "export default { fetch() { log(); } };",
    "silent-async": "export default { async fetch() { log(); } };",
    "parameters": "export default class extends WorkerEntrypoint {"
    " async fetch(request, env) { return env.KV.get(request.url); } }",
    "dead-end": "export default { fetch(request) { if (request.body) { return new Response(); }"
    " log(); } };",
    "instance": f"class App {{ {FETCH} }} export default new App();",
    "rooms": f"export class Room extends DurableObject {{ {FETCH} }} "
    "export class Table extends DurableObject { join() {} } export default {};",
}
# Binding, the Worker and entrypoint it names, how it is used, and what comes of it.
MATRIX = [
    ("OBJECT", "object", None, "fetch(request)", None),
    ("WITH_CLASS", "with-class", None, "fetch(request)", None),
    ("DEFAULT", "object", "default", "fetch(request)", NO_ENTRYPOINT),
    ("DEFAULT_CLASS", "entrypoint", "default", "fetch(request)", NO_ENTRYPOINT),
    ("CLASS_DEFAULT", "entrypoint", None, "fetch(request)", None),
    ("RPC", "entrypoint", None, "add(1, 2)", None),
    ("RPC_NONE", "entrypoint", None, "sub(1)", 'does not implement the method "sub"'),
    ("RPC_ONE", "object", None, "one(1)", None),
    ("RPC_READ", "read", None, "version", None),
    ("RPC_TWO", "object", None, "one(1, 2)", "wrong number of arguments"),
    ("ADMIN", "admin", "Admin", "add()", None),
    ("ADMIN_FETCH", "admin", "Admin", "fetch(request)", "does not export a fetch() function"),
    ("ADMIN_ARROW", "admin", "Admin", "a()", 'does not implement the method "a"'),
    ("ROOM", "admin", "Room", "fetch(request)", "internal error (worker is not an actor"),
    ("HTTP", "named", "Http", "fetch(request)", None),
    ("MISSING", "named", "Https", "fetch(request)", NO_ENTRYPOINT),
    ("NOTHING", "nothing", None, "fetch(request)", "no handler of the target takes the call"),
    ("NO_FETCH", "no-fetch", None, "fetch(request)", "does not export a fetch() function"),
    ("CLASS", "class", None, "fetch(request)", "no handler of the target takes the call"),
    ("SILENT", "silent", None, "fetch(request)", "expected 'Promise'"),
    ("DEAD_END", "dead-end", None, "fetch(request)", None),
    ("PARAMETERS", "parameters", None, "fetch(request)", None),
    ("SILENT_ASYNC", "silent-async", None, "fetch(request)", "did not resolve to 'Response'"),
    ("INSTANCE", "instance", None, "fetch(request)", None),
    ("RELATIVE", "object", None, 'fetch("/v1")', "/v1"),
    ("OUTSIDE", "elsewhere", None, "fetch(request)", "not run"),
]
OBJECTS = [
    ("DO", "Room", "rooms", None),
    ("DO_RPC", "Table", "rooms", None),
    ("DO_MISSING", "Gone", "rooms", "internal error (no such actor class; c = Gone)"),
]


@pytest.fixture(scope="module")
def matrix(workerd, tmp_path_factory) -> dict[str, ProofRow]:
    """All of it in one repository: what is wrong with one binding must not hide the others."""
    root = tmp_path_factory.mktemp("matrix")
    return {
        row.binding + row.call.partition(" where ")[2]: row
        for row in proved(workerd, matrix_of(root)).rows
    }


def test_paths_that_are_seen_to_fail_are_taken_too(matrix):
    ending = matrix["DEAD_ENDit gives nothing"].telling
    assert (ending.outcome, ending.cause) == (Outcome.FAILED, matrix["SILENT"].telling.cause)
    undefined = matrix["PARAMETERSit uses env"].telling
    assert "Cannot read properties of undefined (reading '…')" in undefined.message
    assert "use this.env and this.ctx" in (undefined.cause or "")


def test_the_cause_of_silence_is_what_the_binding_leads_to(matrix):
    assert "has no default export" in (matrix["NOTHING"].telling.cause or "")
    assert "default export is a function" in (matrix["CLASS"].telling.cause or "")


def matrix_of(root: Path) -> Project:
    services = [
        {"binding": name, "service": target, **({"entrypoint": entrypoint} if entrypoint else {})}
        for name, target, entrypoint, _, _ in MATRIX
    ]
    objects = [
        {"name": name, "class_name": class_name, "script_name": target}
        for name, class_name, target, _ in OBJECTS
    ]
    files = {f"{name}/wrangler.json": worker(name) for name in TARGETS}
    files |= {f"{name}/index.js": IMPORT + text for name, text in TARGETS.items()}
    files["caller/wrangler.json"] = worker(
        "caller", services=services, durable_objects={"bindings": objects}
    )
    files["caller/index.js"] = code(" ".join(f"await env.{row[0]}.{row[3]};" for row in MATRIX))
    write(root, files)
    return scan(root)


def write(root: Path, files: dict[str, str]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)


@pytest.mark.parametrize(
    ("binding", "expected"),
    [(row[0], row[-1]) for row in (*MATRIX, *OBJECTS)],
)
def test_what_comes_of_a_call(matrix, binding, expected):
    row = matrix[binding]
    if expected is None:
        assert row.after == Result(Outcome.PASSED)
    elif expected == "not run":
        assert row.after == Result(
            Outcome.NOT_RUN, 'no Worker that was read is deployed under the name "elsewhere"'
        )
    else:
        assert row.after
        assert row.after.outcome is Outcome.FAILED
        assert expected in row.after.message


def test_a_failure_has_its_cause_and_only_the_local_one_is_expected(matrix):
    failed = [row for row in matrix.values() if row.telling.outcome is Outcome.FAILED]
    assert [row.binding for row in failed if row.telling.cause is None] == []
    expected = {row.binding for row in failed if row.telling.expected}
    assert expected == {"DEFAULT", "DEFAULT_CLASS"}
    assert "not async" in (matrix["SILENT"].telling.cause or "")


@pytest.mark.slow
def test_releases_of_three_years_agree(tmp_path, workerd, older_tools):
    programs_ = sorted(older_tools.packages.glob("**/@cloudflare/workerd-*/bin/workerd"), key=str)
    assert len(programs_) >= 3
    project = matrix_of(tmp_path)
    current = [outcome(row.after) for row in proved(workerd, project).rows]
    for path in programs_:
        older = programs.find(path, tmp_path, [], {})
        assert older
        rows = proved(older, project).rows
        assert [outcome(row.after) for row in rows] == current, str(older)


# --- Callers


def test_environments_have_bindings_and_names_of_their_own(repository, workerd):
    plain = {"binding": "T", "service": "target"}
    staging = {"binding": "T", "service": "target-staging", "entrypoint": "Gone"}
    root = repository(
        {
            "caller/wrangler.json": worker(
                "caller", services=[plain], env={"staging": {"services": [staging]}}
            ),
            "caller/index.js": code("return env.T.fetch(request);"),
            "target/wrangler.json": worker("target", env={"staging": {}}),
            "target/index.js": code("return new Response();"),
        }
    )
    rows = proved(workerd, scan(root)).rows
    assert [shown(row) for row in rows] == [
        "caller.T.fetch(): pass pass",
        "caller-staging.T (staging).fetch(): fail fail",
    ]
    assert 'Worker "caller-staging"\'s binding "T" refers to service "target-staging"' in (
        rows[1].telling.message
    )
    assert rows[1].target == "target-staging"
    assert not rows[1].telling.expected


@pytest.mark.parametrize(
    ("date", "flags", "expected"),
    [
        ("2024-04-02", [], "is not a function"),
        ("2024-04-02", ["rpc", "nodejs_compat", "no_such_flag"], None),
        ("2024-04-03", [], None),
        ("2024-04-03", ["no_rpc"], "is not a function"),
        ("2999-01-01", [], None),
        ("soon", [], None),
    ],
)
def test_the_compatibility_of_the_caller_decides(repository, workerd, date, flags, expected):
    root = repository(
        {
            "caller/wrangler.json": worker(
                "caller",
                compatibility_date=date,
                compatibility_flags=flags,
                services=[{"binding": "T", "service": "target"}],
            ),
            "caller/index.js": code("await env.T.add(1, 2);"),
            "target/wrangler.json": worker("target"),
            "target/index.js": IMPORT + TARGETS["entrypoint"],
        }
    )
    (row,) = proved(workerd, scan(root)).rows
    assert row.telling.outcome is (Outcome.FAILED if expected else Outcome.PASSED)
    assert (expected or "") in row.telling.message


def test_a_worker_calls_itself_and_one_that_calls_it(repository, workerd):
    services = [{"binding": "SELF", "service": "one"}, {"binding": "T", "service": "two"}]
    root = repository(
        {
            "one/wrangler.json": worker("one", services=services),
            "one/index.js": code("await env.SELF.fetch(request); return env.T.fetch(request);"),
            "two/wrangler.json": worker("two", services=[{"binding": "T", "service": "one"}]),
            "two/index.js": code("return env.T.fetch(request);"),
        }
    )
    assert {outcome(row.after) for row in proved(workerd, scan(root)).rows} == {"pass"}


def test_callers_in_other_languages_are_tried_and_targets_in_them_are_not(repository, workerd):
    services = [{"binding": "T", "service": "target"}, {"binding": "P", "service": "python"}]
    root = repository(
        {
            "python/wrangler.json": json.dumps(
                {"name": "python", "main": "entry.py", "services": services}
            ),
            "python/entry.py": "",
            "target/wrangler.json": worker("target"),
            "target/index.js": code("return new Response();"),
        }
    )
    rows = proved(workerd, scan(root)).rows
    assert [(row.binding, outcome(row.after)) for row in rows] == [("T", "pass"), ("P", "not run")]


def test_static_assets_answer(repository, workerd):
    root = repository(
        {
            "caller/wrangler.json": worker(
                "caller",
                services=[
                    {"binding": "SITE", "service": "site"},
                    {"binding": "BOTH", "service": "both"},
                ],
            ),
            "caller/index.js": code("await env.SITE.fetch(request); await env.BOTH.fetch(request)"),
            "site/wrangler.json": '{ "name": "site", "assets": { "directory": "public" } }',
            "both/wrangler.json": worker("both", assets={"directory": "public"}),
            "both/index.js": "export default { scheduled() {} };",
        }
    )
    rows = proved(workerd, scan(root)).rows
    assert {outcome(row.after) for row in rows} == {"pass"}
    assert "static assets" in rows[1].telling.message


def test_an_assumption_passes_and_is_said(repository, workerd):
    root = repository(
        {
            "caller/wrangler.json": worker(
                "caller", services=[{"binding": "T", "service": "target", "entrypoint": "Api"}]
            ),
            "caller/index.js": code("await env.T.add(1, 2); await env.T.fetch(request);"),
            "target/wrangler.json": worker("target"),
            "target/index.js": 'export * from "package"; export default {};',
        }
    )
    rows = proved(workerd, scan(root)).rows
    assert [outcome(row.after) for row in rows] == ["pass", "pass"]
    assert rows[0].telling.message.startswith("assumed to have add: its export Api is not seen")


# --- Odd names and sizes


def test_names_may_be_anything(repository, workerd):
    odd = 'it\'s "q"\n\u202e\\'
    root = repository(
        {
            "caller/wrangler.json": worker(
                odd,
                services=[
                    {"binding": odd, "service": "internet"},
                    {"binding": "__proto__", "service": "internet"},
                    {"binding": "A", "service": "internet", "entrypoint": "class"},
                    {"binding": "B", "service": "internet", "entrypoint": "__proto__"},
                    {"binding": "C", "service": "internet", "entrypoint": odd},
                    {"binding": "D", "service": odd},
                ],
            ),
            "caller/index.js": code("return env.A.fetch(request);"),
            "target/wrangler.json": worker("internet"),
            "target/index.js": f"const it = {{ {FETCH} }};\n"
            "export { it as default, it as class, it as __proto__ };\n"
            f"export {{ it as {json.dumps(odd)} }};\n",
        }
    )
    rows = {row.binding: row for row in proved(workerd, scan(root)).rows}
    assert {name: outcome(row.after) for name, row in rows.items()} == {
        odd: "pass",
        "A": "pass",
        "B": "pass",
        "C": "pass",
        "D": "pass",
        "__proto__": "pass",
    }


def test_workers_of_one_name_are_told_apart(repository, workerd):
    gone = {"binding": "T", "service": "target", "entrypoint": "Gone"}
    plain = {"binding": "T", "service": "target"}
    root = repository(
        {
            "a/caller/wrangler.json": worker("caller", services=[gone]),
            "a/caller/index.js": code("return env.T.fetch(request);"),
            "a/target/wrangler.json": worker("target"),
            "a/target/index.js": code("return new Response();"),
            "b/caller/wrangler.json": worker("caller", services=[plain]),
            "b/caller/index.js": code("return env.T.fetch(request);"),
            "b/target/wrangler.json": worker("target"),
            "b/target/index.js": code("return new Response();"),
        }
    )
    rows = proved(workerd, scan(root)).rows
    assert [(row.location.path, outcome(row.after)) for row in rows] == [
        ("a/caller/wrangler.json", "fail"),
        ("b/caller/wrangler.json", "pass"),
    ]


def test_a_binding_that_stands_twice_breaks_nothing(repository, workerd):
    services = [{"binding": "T", "service": "target"}] * 2
    root = repository(
        {
            "caller/wrangler.json": worker("caller", services=services),
            "caller/index.js": code("return env.T.fetch(request);"),
            "target/wrangler.json": worker("target"),
            "target/index.js": code("return new Response();"),
        }
    )
    assert {outcome(row.after) for row in proved(workerd, scan(root)).rows} == {"pass"}


def test_thousands_of_exports(repository, workerd):
    root = repository(
        {
            "caller/wrangler.json": worker(
                "caller", services=[{"binding": "T", "service": "target", "entrypoint": "C4999"}]
            ),
            "caller/index.js": code("await env.T.m(1);"),
            "target/wrangler.json": worker("target"),
            "target/index.js": f"export const C = {{ m(a) {{}}, {FETCH} }}; export default C;",
        }
    )
    project = scan(root)
    caller, target = project.workers
    assert isinstance(target.exports, Exports)
    (one,) = target.exports.named
    named = tuple(replace(one, name=f"C{number}") for number in range(5000))
    target = replace(target, exports=replace(target.exports, named=named))
    (row,) = proved(workerd, replace(project, workers=(caller, target))).rows
    assert outcome(row.after) == "pass"


def test_a_repository_without_bindings_starts_no_process(repository):
    root = repository({"wrangler.json": worker("one"), "index.js": code("return null;")})
    absent = Workerd(root / "absent", programs.date(2026, 1, 1))
    assert proved(absent, scan(root)).rows == ()


# --- Before and after


def planned(root: Path, **settings) -> tuple[Project, Project]:
    before = scan(root)
    plan = planner.plan(before, Settings(unsafe_fixes=True, **settings))
    return before, scan(root, changed={change.path: change.after for change in plan.changes})


LOCAL_FAILURES = {
    "atlas": {"scram-jet.MEDIA_STORE", "scram-jet.APIMOM"},
    "workspace": {"orders.CATALOGUE"},
}


@pytest.mark.parametrize(
    ("example", "strategy"),
    [
        ("atlas", "named"),
        ("workspace", "split"),
        *(
            pytest.param(example, strategy, marks=pytest.mark.slow)
            for example, strategy in [
                ("atlas", "entrypoint"),
                ("atlas", "rpc"),
                ("atlas", "split"),
                ("workspace", "entrypoint"),
                ("workspace", "named"),
                ("workspace", "rpc"),
            ]
        ),
    ],
)
def test_the_examples_under_every_strategy(workerd, example, strategy):
    before, after = planned(EXAMPLES / example, strategy=Strategy(strategy))
    rows = proved(workerd, before, after).rows
    red = {f"{row.worker}.{row.binding}" for row in rows if outcome(row.before) == "fail"}
    assert red == LOCAL_FAILURES[example]
    failing = [row for row in rows if outcome(row.after) == "fail"]
    assert all(row.telling.expected for row in failing)
    if strategy == "entrypoint":
        assert red < {f"{row.worker}.{row.binding}" for row in failing}
    else:
        assert not failing


def test_only_a_call_that_works_without_the_entrypoint_is_expected_to_work_deployed(
    repository, workerd
):
    files = {
        "caller/wrangler.json": worker("caller", services=[{"binding": "T", "service": "target"}]),
        "caller/index.js": code(
            'await env.T.nope(1, 2); await env.T.fetch("/v1"); return env.T.fetch(request);'
        ),
        "target/wrangler.json": worker("target"),
        "target/index.js": IMPORT
        + "export default class extends WorkerEntrypoint { fetch(request) {"
        " if (request.body) { return new Response(); } log(); } }",
    }
    root = repository(files)
    service = {"binding": "T", "service": "target", "entrypoint": "default"}
    bound = worker("caller", services=[service]).encode()
    before, after = scan(root), scan(root, changed={"caller/wrangler.json": bound})
    rows = proved(workerd, before, after).rows
    assert {row.call: bool(row.after and row.after.expected) for row in rows} == {
        ".nope(2 arguments)": False,
        '.fetch("/v1")': False,
        ".fetch()": True,
        ".fetch() where it gives nothing": False,
    }
    assert all(row.after and NO_ENTRYPOINT in row.after.message for row in rows)
    (nope,) = (row for row in rows if "nope" in row.call)
    assert nope.before
    assert "does not implement" in nope.before.message
    assert nope.after
    assert nope.after.cause == f"once deployed the call fails too: {nope.before.message}"


def test_a_call_that_is_written_otherwise_stands_beside_the_one_before(repository, workerd):
    files = {
        "caller/wrangler.json": worker("caller", services=[{"binding": "T", "service": "target"}]),
        "caller/index.js": code('await env.T.fetch("/v1"); return env.T.fetch("https://t/v2");'),
        "target/wrangler.json": worker("target"),
        "target/index.js": code("return new Response();"),
    }
    root = repository(files)
    mended = files["caller/index.js"].replace('"/v1"', '"https://t/v1"').encode()
    before, after = scan(root), scan(root, changed={"caller/index.js": mended})
    assert [shown(row) for row in proved(workerd, before, after).rows] == [
        'caller.T.fetch("/v1") → .fetch("https://t/v1"): fail pass',
        'caller.T.fetch("https://t/v2"): pass pass',
    ]


def test_a_binding_that_only_the_plan_declares_fails_before_it(repository, workerd):
    services = [{"binding": "T", "service": "target"}]
    files = {
        "caller/wrangler.json": worker("caller", services=services, env={"staging": {}}),
        "caller/index.js": code("return env.T.fetch(request);"),
        "target/wrangler.json": worker("target"),
        "target/index.js": code("return new Response();"),
    }
    root = repository(files)
    mended = worker("caller", services=services, env={"staging": {"services": services}}).encode()
    before, after = scan(root), scan(root, changed={"caller/wrangler.json": mended})
    rows = proved(workerd, before, after).rows
    assert [shown(row) for row in rows] == [
        "caller.T.fetch(): pass pass",
        "caller-staging.T (staging).fetch(): fail pass",
    ]
    assert "Cannot read properties of undefined (reading 'fetch')" in rows[1].telling.message


def test_a_path_that_is_mended_is_seen_to_work(repository, workerd):
    files = {
        "caller/wrangler.json": worker("caller", services=[{"binding": "T", "service": "target"}]),
        "caller/index.js": code("return env.T.fetch(request);"),
        "target/wrangler.json": worker("target"),
        "target/index.js": TARGETS["dead-end"],
    }
    root = repository(files)
    mended = files["target/index.js"].replace("log();", "return log();").encode()
    before, after = scan(root), scan(root, changed={"target/index.js": mended})
    assert [shown(row) for row in proved(workerd, before, after).rows] == [
        "caller.T.fetch(): pass pass",
        "caller.T.fetch() where it gives nothing: fail pass",
    ]


def test_what_comes_and_goes_has_one_side_alone(repository, workerd):
    files = {
        "caller/wrangler.json": worker("caller", services=[{"binding": "T", "service": "target"}]),
        "caller/index.js": code(""),
        "target/wrangler.json": worker("target"),
        "target/index.js": code("return new Response();"),
    }
    root = repository(files)
    other = worker("caller", services=[{"binding": "U", "service": "target"}]).encode()
    before, after = scan(root), scan(root, changed={"caller/wrangler.json": other})
    assert [shown(row) for row in proved(workerd, before, after).rows] == [
        "caller.T.fetch(): pass -",
        "caller.U.fetch(): - pass",
    ]


def test_one_process_a_side_and_one_for_both_where_nothing_changes(workerd, monkeypatch):
    started: list[Path] = []
    watched = running.watched

    def counting(program, config, seconds):
        started.append(config)
        return watched(program, config, seconds)

    monkeypatch.setattr(running, "watched", counting)
    before, after = planned(EXAMPLES / "atlas", strategy=Strategy.NAMED)
    proved(workerd, before, after)
    assert len(started) == 2, "though calls that fail locally are made as they are deployed, too"
    proved(workerd, after)
    assert len(started) == 3
    assert not any(config.exists() for config in started)


def test_the_library_proves_a_plan(repository, workerd, monkeypatch):
    root = repository(
        {
            "caller/wrangler.json": worker(
                "caller", services=[{"binding": "T", "service": "target"}]
            ),
            "caller/index.js": code("return env.T.fetch(request);"),
            "target/wrangler.json": worker("target"),
            "target/index.js": IMPORT + TARGETS["with-class"],
        }
    )
    settings = Settings(strategy=Strategy.NAMED)
    plan = codemod.plan(codemod.scan(root), settings)
    rows = codemod.prove(plan, settings, workerd).rows
    assert [shown(row) for row in rows] == ["caller.T.fetch(): pass pass"]
    monkeypatch.setattr(programs, "find", lambda *_: None)
    with pytest.raises(NoProof, match="no workerd is found"):
        codemod.prove(plan, settings)


# --- Rules


@pytest.mark.slow
def test_no_repair_of_a_rules_case_is_disproved(workerd):
    cases = sorted((Path(__file__).parents[1] / "rules").glob("*/*/before"))
    assert len(cases) > 50
    for case in cases:
        settings = Settings(unsafe_fixes=True)
        plan = planner.plan(scan(case), settings)
        assert not disproved(plan, api.prove(plan, settings, workerd)), case


# --- A runtime that fails


@pytest.mark.parametrize(
    ("text", "seconds", "message"),
    [
        ("exec sleep 30", 0.3, "was not done in time"),
        ("echo '[0, null]'; echo 'Segmentation fault'; exit 139", 10, "saying: Segmentation fault"),
    ],
)
def test_a_runtime_without_answers_gives_no_proof(tmp_path, text, seconds, message):
    program = tmp_path / "workerd"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    fake = Workerd(program, programs.date(2026, 1, 1))
    project = scan(EXAMPLES / "atlas")
    with pytest.raises(NoProof, match=message):
        proof.prove(fake, project, project, every, seconds)


# --- Sizes


def monorepo(root: Path, count: int) -> Path:
    """Workers that call their neighbours, each with a Durable Object class and an environment."""
    for number in range(count):
        services = [
            {"binding": "NEXT", "service": f"worker-{(number + 1) % count}"},
            {"binding": "API", "service": f"worker-{(number + 7) % count}", "entrypoint": "Api"},
        ]
        objects = {"bindings": [{"name": "ROOM", "class_name": "Room"}]}
        write(
            root,
            {
                f"w{number}/wrangler.json": worker(
                    f"worker-{number}", services=services, durable_objects=objects
                ),
                f"w{number}/index.js": IMPORT
                + f"export class Room extends DurableObject {{ {FETCH} }}\n"
                + "export class Api extends WorkerEntrypoint { add(a, b) {} }\n"
                + code("await env.API.add(1, 2); return env.NEXT.fetch(request);"),
            },
        )
    return root


def time_of_processors() -> float:
    """Seconds that this process and those that it has waited for have used."""
    return sum(os.times()[:4])


@pytest.mark.slow
def test_two_hundred_workers_in_one_run(tmp_path, workerd, capsys):
    root = monorepo(tmp_path / "monorepo", 200)
    before, after = planned(root, strategy=Strategy.ENTRYPOINT)
    spent = time_of_processors()
    rows = proved(workerd, before, after).rows
    assert time_of_processors() - spent < 60
    assert len(rows) == 600
    assert all(row.before == Result(Outcome.PASSED) for row in rows)
    assert sum(bool(row.telling.expected) for row in rows) == 200


# --- What is held back


STATIC_FETCH = {
    "caller/wrangler.json": worker("caller", services=[{"binding": "T", "service": "target"}]),
    "caller/index.js": code('return env.T.fetch("http://x/");'),
    "target/wrangler.json": worker("target"),
    "target/index.js": "export default class App { static async fetch(r)"
    ' { return new Response("s"); } }',
}
OBJECT = {
    "rooms/wrangler.json": worker(
        "rooms",
        compatibility_date="2025-06-01",
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Room"]}],
        durable_objects={"bindings": [{"name": "ROOM", "class_name": "Room"}]},
    ),
    "rooms/index.js": IMPORT
    + "export class Room extends DurableObject { %s }\n"
    + code('const id = env.ROOM.newUniqueId(); return env.ROOM.get(id).fetch("/join");'),
}


@pytest.mark.parametrize(
    ("files", "members", "is_made", "why"),
    [
        (STATIC_FETCH, "", False, "a static fetch is none of an entrypoint either"),
        (OBJECT, "join() {}", False, "the object has no fetch, whatever the URL"),
        (OBJECT, FETCH, True, "the URL is all that is wrong"),
    ],
)
def test_a_repair_whose_call_fails_on_is_not_made(
    repository, workerd, files, members, is_made, why
):
    written = {path: text.replace("%s", members) for path, text in files.items()}
    settings = Settings(unsafe_fixes=True)
    plan = planner.plan(scan(repository(written)), settings)
    assert plan.findings
    made = api.proved(plan, settings, None, workerd)
    assert any(finding.fix for finding in made.plan.findings) is is_made, why


def test_a_compatibility_date_that_is_lowered_and_a_trial_call_are_told(repository, workerd):
    files = {
        "caller/wrangler.json": worker(
            "caller",
            compatibility_date="2999-01-01",
            services=[{"binding": "T", "service": "target"}],
        ),
        "caller/index.js": code("return new Response();"),
        "target/wrangler.json": worker("target", compatibility_date="2024-01-01"),
        "target/index.js": code("return new Response();"),
    }
    made = proved(workerd, scan(repository(files)))
    (note,) = made.notes
    assert note.startswith("caller/wrangler.json: the compatibility date 2999-01-01 is later")
    assert note.endswith(workerd.latest.isoformat())
    assert [row.is_trial for row in made.rows] == [True]
