"""A whole repository: modules located, bindings joined, nothing lost and nothing broken."""

import hashlib
import json
import os

import pytest

from codemod.model import (
    BindingKind,
    DeploymentRef,
    ExportKind,
    Exports,
    Language,
    Unknown,
)
from codemod.scanner import scan

CODE = "export default { async fetch() { return new Response('') } };"


def worker(name: str | None = None, *services: str, **settings) -> str:
    content = {"main": "index.js", **settings}
    if name is not None:
        content["name"] = name
    if services:
        content["services"] = [{"binding": item.upper(), "service": item} for item in services]
    return json.dumps(content)


def target(project, config_path, environment=None, index=0):
    found = project.worker(config_path).deployment(environment)
    return found.bindings[index].target


def reason(project, config_path, environment=None) -> str:
    found = target(project, config_path, environment)
    assert isinstance(found, Unknown)
    return found.reason


def notes(project) -> list[tuple[str, str]]:
    return [(note.path, note.text) for note in project.notes]


def service(binding: str, to: str) -> dict[str, str]:
    return {"binding": binding, "service": to}


@pytest.mark.parametrize(
    ("settings", "expected", "why"),
    [
        ({"services": [service("A", "b"), service("A", "c")]}, "lines 5 and 9", "two services"),
        (
            {"env": {"x": {"services": [service("A", "b"), service("A", "b")]}}},
            "lines 7 and 11",
            "within an environment, one service twice",
        ),
        ({"services": [service("A", "b"), service("a", "c")]}, None, "names differ by case"),
        (
            {"services": [service("A", "b")], "env": {"x": {"services": [service("A", "c")]}}},
            None,
            "each environment has its own bindings",
        ),
        ({"services": [service("A", "b"), service("B", "b")]}, None, "two names of one service"),
    ],
)
def test_services_under_one_name_are_noted(repository, settings, expected, why):
    content = json.dumps({"name": "a", "main": "index.js", **settings}, indent=1)
    project = scan(repository({"wrangler.json": content, "index.js": CODE}))
    told = f'{expected} give several services the name "A": wrangler rejects it'
    assert notes(project) == ([("wrangler.json", told)] if expected else []), why
    assert len(list(project.bindings(BindingKind.SERVICE))) == 2, "each is judged all the same"


# --- Configurations that only a command names -----------------------------------------------


def scripted(command: str, folder: str = "") -> dict[str, str]:
    path = f"{folder}/package.json" if folder else "package.json"
    return {path: json.dumps({"scripts": {"run": command}})}


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("wrangler dev -c conf/one.jsonc", "the plain form"),
        ("wrangler dev -c=conf/one.jsonc", "with an equals sign"),
        ("wrangler dev -c./conf/one.jsonc", "a path that cannot be read as more short options"),
        ("wrangler dev --config ./conf/one.jsonc", "the long form"),
        ("wrangler dev --config=conf/../conf/one.jsonc", "the long form with an equals sign"),
        ("wrangler deploy -c conf/one.jsonc", "what is deployed is a Worker too"),
        ("wrangler types -c conf/one.jsonc", "types are written of a configuration alone"),
        ("tsc && cd conf && npx wrangler dev -c one.jsonc", "below another folder"),
        ("pnpm exec wrangler dev --cwd conf -c one.jsonc", "below another folder, by an option"),
        ("concurrently 'vite' 'wrangler dev -c conf/one.jsonc'", "within another command"),
    ],
)
def test_a_file_given_with_c_is_a_configuration(repository, command, why):
    project = scan(repository({**scripted(command), "conf/one.jsonc": worker("one")}))
    assert [item.name for item in project.workers] == ["one"], why
    assert not project.workers[0].generated


@pytest.mark.parametrize(
    ("command", "files", "why"),
    [
        ("vite -c conf/one.jsonc", {}, "another tool's configuration"),
        ("echo wrangler dev -c conf/one.jsonc", {}, "only printed"),
        ("wrangler dev -- -c conf/one.jsonc", {}, "another's option"),
        ("wrangler dev -cone.json", {"one.json": worker("one")}, "a group of short options"),
        ("wrangler dev -c conf/absent.jsonc", {}, "a file that is not there"),
        ("wrangler dev -c conf", {}, "a folder"),
        ("wrangler dev -c ../one.json", {}, "outside the root"),
        ("wrangler dev -c /conf/one.jsonc", {}, "an absolute path"),
        ("wrangler dev -c one.yaml", {"one.yaml": "name: one"}, "no language of configurations"),
        (
            "wrangler dev -c one.json",
            {"one.json": worker("one"), ".gitignore": "one.json"},
            "what git ignores",
        ),
        (
            "wrangler dev -c gen/one.json",
            {"gen/one.json": worker("one"), ".gitignore": "gen/"},
            "in a folder that git ignores",
        ),
        (
            "wrangler dev -c node_modules/x/one.json",
            {"node_modules/x/one.json": worker("one")},
            "belongs to a package",
        ),
    ],
)
def test_a_file_that_is_none_though_a_command_may_name_it(repository, command, files, why):
    (repository({}).parent / "one.json").write_text(worker("outside"))
    root = repository({**scripted(command), "conf/one.jsonc": worker("one"), **files})
    assert scan(root).workers == (), why


def test_a_file_given_with_c_without_a_setting_is_noted(repository):
    project = scan(repository({**scripted("wrangler dev -c x.json"), "x.json": '{"a": 1}'}))
    assert project.workers == ()
    assert notes(project) == [("x.json", "holds no setting of wrangler: not a configuration")]


def test_paths_and_exclusions_limit_files_given_with_c(repository):
    files = {
        **scripted("wrangler dev -c a/one.json -c b/two.json"),
        "a/one.json": worker("one"),
        "b/two.json": worker("two"),
    }
    root = repository(files)
    assert [item.name for item in scan(root).workers] == ["one", "two"]
    assert [item.name for item in scan(root, [root / "a"]).workers] == ["one"]
    assert [item.name for item in scan(root, exclude=["a/"]).workers] == ["two"]


def test_a_built_file_given_with_c_is_generated(repository):
    files = {**scripted("wrangler dev -c dist/one.json"), "dist/one.json": worker("one")}
    (found,) = scan(repository(files)).workers
    assert found.generated


def test_a_file_given_with_c_below_a_linked_folder_is_read_under_its_own_path(repository):
    root = repository({**scripted("wrangler dev -c a/x.json -c b/x.json"), "b/x.json": worker("x")})
    (root / "a").symlink_to(root / "b")
    assert [item.config_path for item in scan(root).workers] == ["b/x.json"]


# --- Joining --------------------------------------------------------------------------------


def test_a_binding_leads_to_the_worker_with_that_name(repository):
    project = scan(
        repository(
            {
                "a/wrangler.json": worker("a", "b"),
                "b/wrangler.toml": 'name = "b"\nmain = "index.js"',
                "a/index.js": CODE,
                "b/index.js": CODE,
            }
        )
    )
    assert target(project, "a/wrangler.json") == DeploymentRef("b/wrangler.toml", None)


def test_names_are_told_apart_by_case(repository):
    project = scan(
        repository({"a/wrangler.json": worker("a", "B"), "b/wrangler.json": worker("b")})
    )
    assert reason(project, "a/wrangler.json") == (
        'no Worker that was read is deployed under the name "B"'
    )


ENVIRONMENTS = {
    "api/wrangler.json": worker("api", env={"staging": {}, "prod": {"name": "api-live"}})
}


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("api", DeploymentRef("api/wrangler.json", None)),
        ("api-staging", DeploymentRef("api/wrangler.json", "staging")),
        ("api-live", DeploymentRef("api/wrangler.json", "prod")),
        ("api-prod", None),
        ("staging", None),
        ("api-staging-", None),
    ],
)
def test_deployed_names_of_environments(repository, service, expected):
    project = scan(repository({**ENVIRONMENTS, "a/wrangler.json": worker("a", service)}))
    found = target(project, "a/wrangler.json")
    assert found == expected if expected else isinstance(found, Unknown)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ("staging", DeploymentRef("api/wrangler.json", "staging")),
        ("prod", None),
        ("", DeploymentRef("api/wrangler.json", None)),
    ],
)
def test_the_deprecated_environment_key(repository, environment, expected):
    services = [{"binding": "API", "service": "api", "environment": environment}]
    caller = worker("a", services=services)
    project = scan(repository({**ENVIRONMENTS, "a/wrangler.json": caller}))
    found = target(project, "a/wrangler.json")
    assert found == expected if expected else isinstance(found, Unknown)


def test_a_worker_that_binds_to_itself_in_each_environment(repository):
    services = [{"binding": "SELF", "service": "one"}]
    env = {
        "staging": {"name": "two", "services": [{"binding": "SELF", "service": "two"}]},
        "crossed": {"name": "three", "services": services},
    }
    project = scan(repository({"wrangler.json": worker("one", services=services, env=env)}))
    assert target(project, "wrangler.json") == DeploymentRef("wrangler.json", None)
    assert target(project, "wrangler.json", "staging") == DeploymentRef("wrangler.json", "staging")
    assert target(project, "wrangler.json", "crossed") == DeploymentRef("wrangler.json", None)


def test_a_shadowed_worker_that_binds_to_itself_means_itself(repository):
    old = 'name = "a"\nmain = "old.js"\nservices = [{ binding = "SELF", service = "a" }]'
    files = {"wrangler.json": worker("a"), "wrangler.toml": old}
    project = scan(repository(files))
    assert target(project, "wrangler.toml") == DeploymentRef("wrangler.toml", None)


def test_the_callers_own_configuration_counts_before_one_beside_it(repository):
    env = {"x": {"services": [{"binding": "TOP", "service": "a"}]}}
    files = {
        "a.wrangler.json": worker("a", main="other.js"),
        "b.wrangler.json": worker("a", env=env),
    }
    project = scan(repository(files))
    assert target(project, "b.wrangler.json", "x") == DeploymentRef("b.wrangler.json", None)


def test_two_deployments_of_one_worker_with_one_name(repository):
    env = {"live": {"name": "b"}}
    caller = worker("a", "b", env={"live": {"services": [{"binding": "B", "service": "b"}]}})
    project = scan(repository({"a/wrangler.json": caller, "b/wrangler.json": worker("b", env=env)}))
    assert target(project, "a/wrangler.json") == DeploymentRef("b/wrangler.json", None)
    assert target(project, "a/wrangler.json", "live") == DeploymentRef("b/wrangler.json", "live")


@pytest.mark.parametrize(
    ("caller", "candidates", "expected"),
    [
        pytest.param(
            "one/a", ["one/b", "two/b"], "one/b", id="the deepest folder that both lie in"
        ),
        pytest.param("one/x/y/a", ["one/b", "b"], "one/b", id="however far down the caller is"),
        pytest.param("a", ["one/two/b", "three/b"], "three/b", id="then the shortest way"),
        pytest.param("one/a", ["two/b", "three/b"], None, id="as near as each other"),
    ],
)
def test_of_several_workers_the_nearest_counts(repository, caller, candidates, expected):
    files = {f"{folder}/wrangler.json": worker("b") for folder in candidates}
    project = scan(repository({**files, f"{caller}/wrangler.json": worker("a", "b")}))
    found = target(project, f"{caller}/wrangler.json")
    if expected:
        assert found == DeploymentRef(f"{expected}/wrangler.json", None)
        assert not [text for _, text in notes(project) if "are called" in text]
    else:
        paths = sorted(f"{folder}/wrangler.json" for folder in candidates)
        text = f'two Workers are called "b": {", ".join(paths)}'
        assert found == Unknown(text)
        assert (paths[0], text) in notes(project)


def test_many_workers_with_one_name_give_one_note(repository):
    files = {f"{i}/wrangler.json": worker("worker") for i in range(1, 10)}
    callers = {f"c{i}/wrangler.json": worker(f"c{i}", "worker") for i in range(5)}
    found = [text for _, text in notes(scan(repository({**files, **callers}))) if "called" in text]
    assert found == [
        '9 Workers are called "worker": 1/wrangler.json, 2/wrangler.json, 3/wrangler.json, '
        "4/wrangler.json, 5/wrangler.json and 4 more"
    ]


def test_a_shared_name_that_nobody_binds_to_is_nothing_to_note(repository):
    files = {f"{i}/wrangler.json": worker("worker") for i in range(9)}
    files |= {f"{i}/index.js": CODE for i in range(9)}
    assert notes(scan(repository(files))) == []


def test_of_configurations_of_one_module_the_default_one_counts(repository):
    files = {
        "b/wrangler.e2e.json": worker("b"),
        "b/wrangler.jsonc": worker("b", main="./index.js"),
        "a/wrangler.json": worker("a", "b"),
    }
    project = scan(repository(files))
    assert target(project, "a/wrangler.json") == DeploymentRef("b/wrangler.jsonc", None)


def test_configurations_of_different_modules_are_not_one_worker(repository):
    files = {
        "b/wrangler.mock.json": worker("b", main="mock.js"),
        "b/wrangler.jsonc": worker("b"),
        "a/wrangler.json": worker("a", "b"),
    }
    assert "two Workers" in reason(scan(repository(files)), "a/wrangler.json")


def test_configurations_without_a_module_are_not_known_to_be_one_worker(repository):
    files = {
        "b/wrangler.e2e.json": '{"name": "b"}',
        "b/wrangler.jsonc": '{"name": "b"}',
        "a/wrangler.json": worker("a", "b"),
    }
    assert "two Workers" in reason(scan(repository(files)), "a/wrangler.json")


def test_a_shadowed_configuration_counts_only_where_no_other_has_the_name(repository):
    files = {
        "b/wrangler.json": worker("new"),
        "b/wrangler.toml": 'name = "old"\nmain = "index.js"',
        "c/wrangler.json": worker("c"),
        "c/wrangler.toml": 'name = "c"\nmain = "other.js"',
        "a/wrangler.json": worker("a", "old", "c"),
    }
    project = scan(repository(files))
    assert project.worker("b/wrangler.toml").shadowed_by == "b/wrangler.json"
    assert target(project, "a/wrangler.json") == DeploymentRef("b/wrangler.toml", None)
    assert target(project, "a/wrangler.json", index=1) == DeploymentRef("c/wrangler.json", None)


@pytest.mark.parametrize(
    ("names", "shadowed"),
    [
        (
            ["wrangler.json", "wrangler.jsonc", "wrangler.toml"],
            {"wrangler.jsonc": "wrangler.json", "wrangler.toml": "wrangler.json"},
        ),
        (["wrangler.jsonc", "wrangler.toml"], {"wrangler.toml": "wrangler.jsonc"}),
        (["wrangler.json", "wrangler.staging.jsonc"], {}),
        (["wrangler.staging.json", "wrangler.toml"], {}),
        (["wrangler.json", "a/wrangler.toml"], {}),
    ],
)
def test_which_file_of_a_folder_wrangler_reads(repository, names, shadowed):
    files = {name: 'name = "x"' if name.endswith("toml") else worker("x") for name in names}
    found = scan(repository(files)).workers
    assert {item.config_path: item.shadowed_by for item in found if item.shadowed_by} == shadowed


def test_a_generated_configuration_counts_only_where_no_other_has_the_name(repository):
    files = {
        "a/dist/wrangler.json": worker("b", main="other.js"),
        "b/wrangler.json": worker("b"),
        "a/wrangler.json": worker("a", "b"),
    }
    project = scan(repository(files))
    assert project.worker("a/dist/wrangler.json").generated
    assert target(project, "a/wrangler.json") == DeploymentRef("b/wrangler.json", None)


def test_a_pages_project_is_no_target(repository):
    files = {
        "p/wrangler.json": json.dumps({"name": "site", "pages_build_output_dir": "out"}),
        "a/wrangler.json": worker("a", "site"),
    }
    assert reason(scan(repository(files)), "a/wrangler.json") == (
        '"site" is a Pages project (p/wrangler.json), not a Worker'
    )


def test_a_worker_counts_before_a_pages_project_of_its_name(repository):
    files = {
        "p/wrangler.json": json.dumps({"name": "b", "pages_build_output_dir": "out"}),
        "x/y/b/wrangler.json": worker("b"),
        "a/wrangler.json": worker("a", "b"),
    }
    found = target(scan(repository(files)), "a/wrangler.json")
    assert found == DeploymentRef("x/y/b/wrangler.json", None)


def test_an_environment_with_a_module_of_its_own_is_not_judged_by_the_workers(repository):
    env = {"x": {"main": "other.js"}, "y": {}}
    files = {
        "b/wrangler.json": worker("b", env=env),
        "b/index.js": CODE,
        "a/wrangler.json": worker("a", "b-x", "b-y"),
    }
    project = scan(repository(files))
    assert "other.js" in reason(project, "a/wrangler.json")
    assert target(project, "a/wrangler.json", index=1) == DeploymentRef("b/wrangler.json", "y")
    assert [gap.reason for gap in project.worker("b/wrangler.json").usages.open] == [
        "env.x runs a module of its own, other.js"
    ]


def test_classes_workflows_and_tails_of_other_workers(repository):
    settings = {
        "durable_objects": {
            "bindings": [
                {"name": "OWN", "class_name": "X"},
                {"name": "SELF", "class_name": "X", "script_name": "a"},
                {"name": "FAR", "class_name": "X", "script_name": "b"},
                {"name": "NONE", "class_name": "X", "script_name": "c"},
            ]
        },
        "workflows": [{"binding": "F", "name": "f", "class_name": "F", "script_name": "b"}],
        "tail_consumers": [{"service": "b"}],
    }
    project = scan(
        repository({"a/wrangler.json": worker("a", **settings), "b/wrangler.json": worker("b")})
    )
    own, far = DeploymentRef("a/wrangler.json", None), DeploymentRef("b/wrangler.json", None)
    found = project.worker("a/wrangler.json").deployments[0].bindings
    assert [item.target for item in found if item.name != "NONE"] == [own, own, far, far, far]
    assert isinstance(found[3].target, Unknown)


# --- The module -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("main", "path"),
    [
        ("src/index.ts", "a/src/index.ts"),
        ("./src/index.ts", "a/src/index.ts"),
        ("src/index", "a/src/index.ts"),
        ("src", "a/src/index.ts"),
        ("../shared/worker.js", "shared/worker.js"),
        ("dist/index.js", "a/dist/index.js"),
    ],
)
def test_where_main_leads(repository, main, path):
    files = {"a/wrangler.json": worker("a", main=main), path: CODE}
    (found,) = scan(repository(files)).workers
    assert found.main == path
    assert isinstance(found.exports, Exports)
    assert found.exports.default.kind is ExportKind.OBJECT


@pytest.mark.parametrize(
    ("settings", "files", "part"),
    [
        pytest.param({"main": "dist/x.js"}, {}, "is absent: a build writes it", id="dist"),
        pytest.param({"main": ".open-next/worker.js"}, {}, "a build writes it", id="OpenNext"),
        pytest.param({"main": "./build/x.js"}, {}, "a build writes it", id="build"),
        pytest.param(
            {"main": ".svelte-kit/cloudflare/_worker.js"}, {}, "a build writes it", id="SvelteKit"
        ),
        pytest.param(
            {"main": "x.js", "build": {"command": "make"}}, {}, "(build.command)", id="command"
        ),
        pytest.param({"main": "x.js", "no_bundle": True}, {}, "(no_bundle)", id="no bundle"),
        pytest.param(
            {"main": "gen/x.js"}, {".gitignore": "gen/"}, "is ignored by git", id="ignored"
        ),
        pytest.param(
            {"main": "gen/x.js"},
            {".gitignore": "gen/", "a/gen/x.js": CODE},
            "is ignored by git",
            id="ignored and left from a build",
        ),
        pytest.param(
            {"main": "@astrojs/cloudflare/entrypoints/server"}, {}, "by a package", id="a package"
        ),
        pytest.param(
            {"main": "tool/server"},
            {"package.json": '{"devDependencies": {"tool": "1"}}'},
            "by a package",
            id="a dependency",
        ),
        pytest.param({"main": "virtual:entry"}, {}, "or a bundler", id="a virtual module"),
        pytest.param({"main": "../../x.js"}, {}, "leads out of", id="outside"),
        pytest.param({"main": "/srv/x.js"}, {}, "leads out of", id="an absolute path"),
    ],
)
def test_modules_that_cannot_be_seen_are_noted(repository, settings, files, part):
    project = scan(repository({"a/wrangler.json": worker("a", **settings), **files}))
    (found,) = project.workers
    assert (found.main, project.unreadable) == (None, ())
    assert isinstance(found.exports, Unknown)
    assert part in found.exports.reason
    assert found.exports.location.line == 1
    assert [path for path, text in notes(project) if part in text] == ["a/wrangler.json"]
    assert found.usages.open != ()


def test_a_main_that_is_a_folder_is_not_said_to_be_missing(repository):
    project = scan(repository({"wrangler.json": worker("a", main="src"), "src/worker.ts": CODE}))
    assert [(item.path, item.reason) for item in project.unreadable] == [
        ("src", "named as main in wrangler.json line 1: is a folder that holds no index module")
    ]


@pytest.mark.parametrize("main", ["src", "./src/"])
def test_a_main_that_is_a_folder_is_entered_at_its_index(repository, main):
    project = scan(repository({"wrangler.json": worker("a", main=main), "src/index.ts": CODE}))
    assert (project.workers[0].main, project.unreadable) == ("src/index.ts", ())


@pytest.mark.parametrize(
    "main", ["src/index.ts", "distribution/index.ts", "src/entry.py", "worker/x", "_worker.ts"]
)
def test_a_module_that_should_be_there_is_unreadable(repository, main):
    content = f'{{\n  "name": "a",\n  "main": "{main}"\n}}'
    project = scan(repository({"a/wrangler.json": content}))
    assert [(item.path, item.reason) for item in project.unreadable] == [
        (f"a/{main}", "named as main in a/wrangler.json line 3: does not exist")
    ]
    (found,) = project.workers
    assert found.exports == Unknown(f"its main a/{main} does not exist", found.exports.location)
    assert notes(project) == []


@pytest.mark.parametrize(
    ("settings", "language", "reason"),
    [
        ({"main": "x.py"}, Language.PYTHON, "it is written in Python"),
        ({"main": "build/worker/shim.mjs"}, Language.RUST, "it is compiled from Rust"),
        (
            {"assets": {"directory": "public"}},
            Language.ASSETS,
            "it has no code: it serves static assets alone",
        ),
        (
            {"pages_build_output_dir": "out"},
            Language.PAGES,
            "a Pages project has no module that a binding leads to",
        ),
    ],
)
def test_workers_without_a_module_of_javascript_need_no_note(
    repository, settings, language, reason
):
    content = json.dumps({"name": "a", **settings})
    project = scan(repository({"wrangler.json": content, "x.py": ""}))
    (found,) = project.workers
    assert (found.language, found.main) == (language, None)
    assert isinstance(found.exports, Unknown)
    assert found.exports.reason == reason
    assert (notes(project), project.unreadable) == ([], ())


def test_a_worker_that_names_no_module_is_noted(repository):
    project = scan(repository({"wrangler.json": '{"name": "a"}'}))
    assert notes(project) == [
        ("wrangler.json", "names no main: what the Worker exports cannot be known")
    ]


def test_what_is_known_of_classes_comes_from_all_configurations(repository):
    room = {"name": "ROOM", "class_name": "Room", "script_name": "b"}
    flow = {"binding": "FLOW", "name": "f", "class_name": "Flow", "script_name": "b"}
    base = 'import { Base } from "some-package";\n'
    files = {
        "a/wrangler.json": worker("a", durable_objects={"bindings": [room]}, workflows=[flow]),
        "b/wrangler.json": worker(
            "b",
            migrations=[{"tag": "v1", "new_classes": ["Hall"], "deleted_classes": ["Gone"]}],
            durable_objects={"bindings": [{"name": "OWN", "class_name": "Own"}]},
            exports={"Declared": {"type": "workflow", "name": "d"}},
        ),
        "b/index.js": base
        + "".join(
            f"export class {name} extends Base {{}}\n"
            for name in ("Room", "Flow", "Hall", "Own", "Declared", "Plain", "Gone")
        )
        + CODE,
    }
    exports = scan(repository(files)).worker("b/wrangler.json").exports
    kinds = {item.name: item.kind for item in exports.named}
    assert kinds == {
        "Room": ExportKind.DURABLE_OBJECT,
        "Flow": ExportKind.WORKFLOW,
        "Hall": ExportKind.DURABLE_OBJECT,
        "Own": ExportKind.DURABLE_OBJECT,
        "Declared": ExportKind.WORKFLOW,
        "Plain": ExportKind.UNKNOWN,
        "Gone": ExportKind.UNKNOWN,
    }


def test_the_values_of_variables_are_known_to_the_code(repository):
    settings = {"vars": {"URL": "https://b.x.workers.dev"}, "env": {"x": {"vars": {"URL": "/"}}}}
    files = {
        "wrangler.json": worker("a", **settings),
        "index.js": "export default { fetch(request, env) { return fetch(env.URL) } };",
    }
    (found,) = scan(repository(files)).workers
    assert [(item.url, item.vars, item.values) for item in found.usages.global_fetches] == [
        ("/", ("URL",), ("/",)),
        ("https://b.x.workers.dev", ("URL",), ("https://b.x.workers.dev",)),
    ]


def test_configurations_of_one_module_share_one_reading(repository):
    code = "export default { fetch(request, env) { return env.B.fetch(request) } };"
    files = {
        "wrangler.json": worker("a", "b"),
        "wrangler.test.json": worker("t", "b"),
        "index.js": code,
    }
    first, second = scan(repository(files)).workers
    assert first.exports is second.exports
    assert [usage.binding for usage in first.usages.uses] == ["B"]
    assert first.usages == second.usages


def test_pages_functions_are_read_and_their_bindings_joined(repository):
    content = json.dumps(
        {
            "name": "site",
            "pages_build_output_dir": "out",
            "services": [{"binding": "API", "service": "api"}],
            "env": {"preview": {}, "staging": {}},
        }
    )
    files = {
        "site/wrangler.json": content,
        "site/functions/api/[[path]].ts": (
            "export const onRequest = (context) => context.env.API.fetch(context.request);"
        ),
        "site/functions/node_modules/x/index.ts": "import('./gone')",
        "api/wrangler.json": worker("api"),
        "api/index.js": CODE,
    }
    project = scan(repository(files))
    site = project.worker("site/wrangler.json")
    assert [item.environment for item in site.deployments] == [None, "preview"]
    assert target(project, "site/wrangler.json") == DeploymentRef("api/wrangler.json", None)
    assert [usage.binding for usage in site.usages.uses] == ["API"]


# --- What is not as it should be ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("wrangler.json", b"", "is empty"),
        ("wrangler.toml", b"\xef\xbb\xbf \n", "is empty"),
        ("wrangler.jsonc", b'{\n  "name": }', "line 2, column 11"),
        ("wrangler.jsonc", b'{\n  "name": {{ name }}\n}', "line 2, column 12"),
        ("wrangler.toml", b'name = "a"\nmain = {{ main }}\n', "line 2, column"),
        ("wrangler.toml", b"name = ${NAME}\n", "line 1, column"),
        ("wrangler.json", b'{"name": "\xff"}', "UTF-8"),
        ("wrangler.json", b"[" * 50_000, "line 1"),
        ("wrangler.toml", b"a = " + b"[" * 50_000, "line 1"),
    ],
)
def test_a_file_that_cannot_be_read_does_not_hide_the_others(repository, name, content, part):
    root = repository({"a/wrangler.json": worker("a"), "a/index.js": CODE})
    (root / name).write_bytes(content)
    project = scan(root)
    assert [item.config_path for item in project.workers] == ["a/wrangler.json"]
    (item,) = project.unreadable
    assert item.path == name
    assert part in item.reason


@pytest.mark.parametrize("entry", ['export { B } from "./b";', 'export * from "./b";'])
def test_a_module_that_is_no_text_is_unreadable_and_leaves_gaps(repository, entry):
    root = repository({"a/wrangler.json": worker("a"), "a/index.js": entry + CODE})
    (root / "a/b.ts").write_bytes("export class B {}".encode("utf-16"))
    project = scan(root)
    reason = "a/b.ts is not UTF-8 text"
    (found,) = project.workers
    assert [(item.path, item.reason) for item in project.unreadable] == [
        ("a/b.ts", "is not UTF-8 text")
    ]
    because = [item.because for item in found.exports.named]
    assert [*because, *(item.reason for item in found.exports.open)] == [reason]
    assert [item.reason for item in found.usages.open] == [reason]


def test_the_tsconfig_of_a_configuration_governs_its_worker_alone(repository):
    mapping = '{"compilerOptions": {"paths": {"lib": ["./own.ts"]}}}'
    files = {
        "a/wrangler.json": worker("a", tsconfig="./tsconfig.w.json"),
        "a/plain.wrangler.json": worker("plain"),
        "a/tsconfig.w.json": mapping,
        "a/index.js": 'export * from "lib";',
        "a/own.ts": "export class Own {}",
    }
    project = scan(repository(files))
    governed = project.worker("a/wrangler.json").exports
    assert ([item.name for item in governed.named], governed.open) == (["Own"], ())
    plain = project.worker("a/plain.wrangler.json").exports
    assert [item.reason for item in plain.open] == ["everything that lib exports is passed on"]


def test_files_that_are_no_files(repository):
    root = repository({"a/wrangler.json": worker("a"), "a/index.js": CODE})
    os.mkfifo(root / "wrangler.json")
    (root / "b.wrangler.json").symlink_to(root / "nowhere")
    (root / "c.wrangler.json").symlink_to(root / "c.wrangler.json")
    (root / "d.wrangler.json").symlink_to("/etc/hostname")
    (root / "wrangler.toml").mkdir()
    project = scan(root)
    assert [item.config_path for item in project.workers] == ["a/wrangler.json"]
    reasons = {item.path: item.reason for item in project.unreadable}
    assert reasons["wrangler.json"] == "is not a regular file"
    assert reasons["b.wrangler.json"] == "does not exist"
    assert "symbolic links" in reasons["c.wrangler.json"]
    assert reasons["d.wrangler.json"] == "leads out of the repository's root"
    assert len(reasons) == 4


@pytest.mark.parametrize(
    "content",
    [
        '{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {}}',
        "{}",
        "[]",
        "null",
    ],
)
def test_a_file_without_settings_is_no_worker(repository, content):
    project = scan(repository({"wrangler.schema.json": content}))
    assert (project.workers, project.unreadable) == ((), ())
    assert notes(project) == [
        ("wrangler.schema.json", "holds no setting of wrangler: not a configuration")
    ]


def test_configurations_in_typescript_are_noted(repository):
    project = scan(repository({"a/cloudflare.config.ts": "export default {}"}))
    assert notes(project) == [
        ("a/cloudflare.config.ts", "configures Workers in TypeScript (beta): not analysed")
    ]


def test_a_module_with_broken_syntax_and_odd_bytes_is_survived(repository):
    root = repository({"wrangler.json": worker("a", "b"), "index.js": ""})
    (root / "index.js").write_bytes(b"\xff export default { fetch( { ((( \x00 class {{{ `${")
    assert [item.config_path for item in scan(root).workers] == ["wrangler.json"]


def test_every_file_that_a_fact_rests_on_is_recorded(repository):
    files = {
        ".gitignore": "out/",
        "wrangler.json": worker("a", "b"),
        "index.js": 'import "./other.js";' + CODE,
        "other.js": "",
        "package.json": "{}",
        "vite.config.ts": "",
        "readme.md": "",
    }
    project = scan(repository(files))
    expected = {
        path: hashlib.sha256(text.encode()).hexdigest()
        for path, text in sorted(files.items())
        if path != "readme.md"
    }
    assert project.read == expected
    assert list(project.read) == list(expected)


def test_two_scans_of_one_repository_are_equal(repository):
    files = {
        f"{name}/{file}": content
        for name in ("z", "a", "m")
        for file, content in (("wrangler.json", worker(name, "a", "z", "gone")), ("index.js", CODE))
    }
    root = repository(files)
    assert scan(root) == scan(root)
    assert [item.config_path for item in scan(root).workers] == [
        "a/wrangler.json",
        "m/wrangler.json",
        "z/wrangler.json",
    ]


def test_a_scan_of_an_empty_folder(repository):
    project = scan(repository({}))
    assert (project.workers, project.notes, project.unreadable) == ((), (), ())


def test_service_bindings_are_listed_with_their_worker_and_deployment(repository):
    env = {"x": {"services": [{"binding": "B", "service": "b"}]}}
    project = scan(repository({"wrangler.json": worker("a", "b", env=env)}))
    found = [
        (deployment.environment, binding.name)
        for _, deployment, binding in project.bindings(BindingKind.SERVICE)
    ]
    assert found == [(None, "B"), ("x", "B")]


def test_changed_files_are_read_as_if_they_stood_there(repository):
    root = repository(
        {
            "caller/wrangler.json": worker("caller", "target"),
            "caller/index.js": CODE,
            "target/wrangler.json": worker("target"),
            "target/index.js": CODE,
        }
    )
    (root / "alias").symlink_to("target")
    changed = {
        "caller/wrangler.json": worker("caller", "target", "fresh"),
        "target/index.js": f"export class Added {{}}\n{CODE}",
        "deep/fresh/wrangler.json": worker("fresh", main="../../alias/index.js"),
    }

    project = scan(root, changed={path: text.encode() for path, text in changed.items()})

    assert target(project, "caller/wrangler.json", index=1) == DeploymentRef(
        "deep/fresh/wrangler.json", None
    )
    for path in ("target/wrangler.json", "deep/fresh/wrangler.json"):
        assert project.worker(path).exports.get("Added"), f"{path} enters the changed module"
    content = changed["target/index.js"].encode()
    assert project.read["target/index.js"] == hashlib.sha256(content).hexdigest()
    assert not (root / "deep").exists()
    assert not scan(root).worker("target/wrangler.json").exports.get("Added")


@pytest.mark.parametrize(
    ("absent", "left", "has_code"),
    [
        ("a/wrangler.json", ["b/wrangler.json"], True),
        ("b/index.js", ["a/wrangler.json", "b/wrangler.json"], False),
        ("b/other.js", ["a/wrangler.json", "b/wrangler.json"], True),
        ("nowhere/wrangler.json", ["a/wrangler.json", "b/wrangler.json"], True),
    ],
)
def test_a_changed_file_may_be_absent(repository, absent, left, has_code):
    root = repository(
        {
            "a/wrangler.json": worker("a"),
            "b/wrangler.json": worker("b", main="index.js"),
            "b/index.js": CODE,
            "b/other.js": CODE,
        }
    )

    project = scan(root, changed={absent: None})

    assert [item.config_path for item in project.workers] == left
    assert isinstance(project.worker("b/wrangler.json").exports, Exports) is has_code
    assert absent not in project.read
    assert project.overlay == {absent: None}


def test_a_changed_file_may_be_ignored_excluded_or_out_of_scope(repository):
    root = repository({".gitignore": "build/", "a/wrangler.json": worker("a"), "old/a": ""})
    changed = {
        path: worker("b").encode()
        for path in ("build/wrangler.json", "old/wrangler.json", "c/wrangler.json")
    }

    project = scan(root, [root / "a", root / "old"], ["old/"], changed)

    assert [item.config_path for item in project.workers] == ["a/wrangler.json"]
