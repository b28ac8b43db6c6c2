"""Which scripts and configurations show that Workers run together on a developer's machine."""

import json

import pytest

from codemod.scanner import scan

A, B, C = "apps/a/wrangler.jsonc", "apps/b/wrangler.jsonc", "apps/c/wrangler.jsonc"
WORKERS = {
    A: '{"name": "a"}',
    B: '{"name": "b"}',
    C: '{"name": "c"}',
}


def package(name, dependencies=(), **scripts) -> str:
    content = {"name": name, "scripts": scripts}
    if dependencies:
        content["dependencies"] = dict.fromkeys(dependencies, "workspace:*")
    return json.dumps(content)


def workspace(**scripts) -> dict[str, str]:
    """Three Worker packages whose ``dev`` starts the Worker, and a root with ``scripts``."""
    return {
        **WORKERS,
        "package.json": json.dumps({"workspaces": ["apps/*"], "scripts": scripts}),
        "apps/a/package.json": package("@x/a", ["@x/b"], dev="wrangler dev", build="tsc"),
        "apps/b/package.json": package("@x/b", dev="wrangler dev --port 8788", build="tsc"),
        "apps/c/package.json": package("@x/c", dev="wrangler dev", build="tsc"),
    }


def workers(root) -> list[tuple[str, ...]]:
    return [item.workers for item in scan(root).development]


# --- One command ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "wrangler dev --config apps/a/wrangler.jsonc --config=apps/b/wrangler.jsonc",
        "npx wrangler dev -c ./apps/a/wrangler.jsonc -c ./apps/b/wrangler.jsonc",
        "npx -y wrangler@latest dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "pnpm wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "pnpm exec wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc --port 1",
        "yarn wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "bunx wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "CI=1 NO_COLOR= wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "cross-env CI=1 wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "dotenv -e .env -- wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "npm run build && wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "./node_modules/.bin/wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc",
        "cd apps && wrangler dev -c a/wrangler.jsonc -c b/wrangler.jsonc",
        "cd apps; wrangler dev -c a/wrangler.jsonc -c b/wrangler.jsonc",
        "wrangler --cwd apps dev -c a/wrangler.jsonc -c b/wrangler.jsonc",
        "wrangler dev --cwd apps -c a/wrangler.jsonc -c b/wrangler.jsonc 2>&1 | tee log",
        "bash -c 'wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc'",
        "wrangler dev -c apps/a/wrangler.jsonc & wrangler dev -c apps/b/wrangler.jsonc",
        "wrangler dev -c apps/a/wrangler.jsonc & wrangler dev -c apps/b/wrangler.jsonc & wait",
        "(cd apps/a && wrangler dev) & (cd apps/b && wrangler dev)",
        "cd apps/a && wrangler dev & cd apps/b && wrangler dev",
        "concurrently 'wrangler dev -c apps/a/wrangler.jsonc' 'cd apps/b && wrangler dev'",
        "concurrently -n a,b -c red,blue 'npm run dev -w apps/a' 'npm run dev -w apps/b'",
        "concurrently -k npm:a npm:b",
        "concurrently 'npm:one:*'",
        "run-p a b",
        "run-p one:*",
        "npm-run-all build --parallel a b",
        "npm-run-all -p 'one:**'",
        "pnpm run '/^one:.*/'",
        "npm run a & npm run b",
        "npm run both",
        "turbo run dev --filter=@x/a --filter=@x/b",
        "turbo dev --filter=@x/a...",
        "turbo dev --filter=...@x/b",
        "turbo dev --filter='!@x/c'",
        "turbo dev -F a -F b",
        "turbo run @x/a#dev @x/b#dev",
        "turbo run build dev --filter='./apps/[ab]'",
        "pnpm --filter a --filter b dev",
        "pnpm -r --filter '!@x/c' --parallel run dev",
        "pnpm -r --filter='!./apps/c' dev",
        "pnpm --filter @x/a... run dev",
        "pnpm -C apps -r --filter '!c' dev",
        "npm run dev --workspace=apps/a --workspace=@x/b",
        "yarn workspace @x/a dev & yarn workspace @x/b run dev",
        "nx run-many -t dev -p @x/a,@x/b",
        "nx run-many --target=dev --projects=a,b",
        "nx dev a & nx run b:dev",
        "npx nx run-many --targets=build,dev --projects=a,b",
        "lerna run dev --scope @x/a --scope @x/b",
        "lerna run dev --ignore @x/c --parallel",
    ],
)
def test_scripts_that_run_two_workers_at_once(repository, command):
    scripts = {
        "a": "npm --prefix apps/a run dev",
        "b": "yarn --cwd apps/b dev",
        "one:a": "pnpm -C apps/a dev",
        "one:b": "pnpm --dir apps/b run dev",
        "both": "run-p a b",
        "build": "tsc",
    }
    files = workspace(only=command)
    root = repository({**files, "other/package.json": "{}"})
    manifest = json.loads(files["package.json"])
    (root / "package.json").write_text(
        json.dumps({**manifest, "scripts": {"only": command, **scripts}})
    )
    assert workers(root)[0] == (A, B)


@pytest.mark.parametrize(
    "command",
    [
        "turbo dev",
        "turbo run dev",
        "turbo run dev --parallel --concurrency=12",
        "turbo watch dev",
        "env $(cat .env | xargs) turbo dev",
        "turbo dev --filter='@x/*'",
        "turbo dev --filter='./apps/*'",
        "turbo dev --filter='[HEAD^1]'",
        "nx run-many -t dev",
        "nx run-many --target=dev --all",
        "nx affected -t dev",
        "pnpm -r dev",
        "pnpm -r --parallel run dev",
        "pnpm --recursive dev",
        "pnpm run -r dev",
        "pnpm --filter '*' dev",
        "yarn workspaces run dev",
        "yarn workspaces foreach -Ap run dev",
        "npm run dev --workspaces",
        "npm run dev -ws --if-present",
        "bun --filter '*' dev",
        "bun run --filter '*' dev",
        "lerna run dev",
        "lerna run dev --parallel --stream",
    ],
)
def test_scripts_that_run_the_whole_workspace(repository, command):
    assert workers(repository(workspace(start=command))) == [(A, B, C)]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("wrangler dev -c apps/a/wrangler.jsonc", "one Worker"),
        ("wrangler dev -c apps/a/wrangler.jsonc -c apps/a/wrangler.jsonc", "the same one twice"),
        ("wrangler deploy -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc", "a deployment"),
        ("wrangler types -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc", "types alone"),
        ("echo wrangler dev -c apps/a/wrangler.jsonc -c apps/b/wrangler.jsonc", "only printed"),
        ("wrangler dev -c apps/a/wrangler.jsonc # -c apps/b/wrangler.jsonc", "a comment"),
        ("wrangler dev -c apps/a/wrangler.jsonc -- -c apps/b/wrangler.jsonc", "another's options"),
        (
            "wrangler dev -c apps/a/wrangler.jsonc && wrangler dev -c apps/b/wrangler.jsonc",
            "in turn",
        ),
        ("wrangler dev -c apps/a/wrangler.jsonc; wrangler dev -c apps/b/wrangler.jsonc", "in turn"),
        ("cd apps/a && wrangler dev & cd apps/b && wrangler deploy", "only one is run"),
        ("wrangler dev -c 'apps/a/wrangler.jsonc", "a quote is not closed"),
        ("turbo run build", "no development"),
        ("pnpm -r build", "no development"),
        ("pnpm -r exec wrangler types", "no development"),
        ("nx run-many -t build", "no development"),
        ("lerna run build", "no development"),
        ("turbo dev --filter=@x/b", "a filter for one package"),
        ("turbo dev --filter=b...", "a package without dependencies in the workspace"),
        ("turbo dev --filter=...@x/c", "a package that no other depends on"),
        ("turbo dev --filter=@x/none", "a filter for no package"),
        ("turbo run @x/a#dev", "the task of one package"),
        ("pnpm --filter a dev", "a filter for one package"),
        ("pnpm --filter ./apps/a dev", "a filter for one folder"),
        ("npm run dev -w apps/a", "one workspace"),
        ("yarn workspace @x/a dev", "one workspace"),
        ("nx dev a", "one project"),
        ("nx run a:dev", "one project"),
        ("nx run-many -t dev -p a", "one project"),
        ("lerna run dev --scope @x/a", "one package"),
        ("concurrently 'npm:one:a' 'tsc -w'", "one Worker beside a compiler"),
        ("concurrently -n vite,wrangler 'wrangler dev -c apps/a/wrangler.jsonc'", "names"),
        ("run-s one:a one:b", "in turn"),
        ("npm-run-all one:a one:b", "in turn"),
        ("npm-run-all -p one:a -s one:b", "in turn"),
        ("npm run start", "itself"),
        ("sh ./dev.sh", "a file that is not read"),
        ("", "nothing"),
    ],
)
def test_scripts_that_do_not(repository, command, why):
    files = workspace(start=command)
    files["package.json"] = json.dumps(
        {
            "workspaces": ["apps/*"],
            "scripts": {
                "start": command,
                "one:a": "npm --prefix apps/a run dev",
                "one:b": "npm --prefix apps/b run dev",
            },
        }
    )
    assert workers(repository(files)) == [], why


# --- The workspace --------------------------------------------------------------------------


def test_only_one_package_runs_a_worker(repository):
    files = workspace(dev="turbo dev")
    files["apps/b/package.json"] = package("@x/b", dev="tsc --watch")
    files["apps/c/package.json"] = package("@x/c", build="wrangler deploy --dry-run")
    assert workers(repository(files)) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ('packages:\n  - "apps/*"\n', [(A, B, C)]),
        ("packages: ['apps/a', 'apps/b']\n", [(A, B)]),
        ("packages:\n  - apps/*\n  - '!apps/c'\n", [(A, B)]),
        ("packages:\n  - apps/a\n", []),
    ],
)
def test_members_of_a_pnpm_workspace(repository, members, expected):
    files = workspace()
    files["package.json"] = package("root", dev="pnpm -r dev")
    files["pnpm-workspace.yaml"] = members
    assert workers(repository(files)) == expected


def test_packages_outside_the_workspace_are_not_run(repository):
    files = workspace(dev="turbo dev")
    files["examples/d/wrangler.jsonc"] = '{"name": "d"}'
    files["examples/d/package.json"] = package("d", dev="wrangler dev")
    assert workers(repository(files)) == [(A, B, C)]


def test_without_a_workspace_all_packages_below_count(repository):
    files = workspace()
    files["package.json"] = package("root", dev="lerna run dev")
    assert workers(repository(files)) == [(A, B, C)]


def test_targets_of_nx_projects(repository):
    files = {
        **WORKERS,
        "nx.json": "{}",
        "package.json": package("root", dev="nx run-many -t serve"),
        "apps/a/project.json": json.dumps(
            {
                "name": "a",
                "targets": {
                    "serve": {
                        "executor": "nx:run-commands",
                        "options": {"command": "wrangler dev", "cwd": "apps/a"},
                    }
                },
            }
        ),
        "apps/b/project.json": json.dumps(
            {"targets": {"serve": {"command": "cd {projectRoot} && wrangler dev"}}}
        ),
        "apps/c/project.json": json.dumps({"targets": {"serve": "vite", "lint": {}}}),
    }
    assert workers(repository(files)) == [(A, B)]


@pytest.mark.parametrize(
    ("command", "expected", "why"),
    [
        ("nx run-many -t serve", [(A, B)], "Nx takes every project.json for a project"),
        ("nx run-many -t serve -p a", [], "one project"),
        ("npm run serve -ws", [], "to npm the folder is no package"),
    ],
)
def test_an_nx_project_that_is_no_member_of_the_workspace(repository, command, expected, why):
    serve = {"serve": {"options": {"command": "wrangler dev", "cwd": "{projectRoot}"}}}
    files = {
        **WORKERS,
        "nx.json": "{}",
        "package.json": json.dumps({"workspaces": ["apps/*"], "scripts": {"dev": command}}),
        "apps/a/package.json": package("a", serve="wrangler dev"),
        "apps/b/project.json": json.dumps({"name": "b", "targets": serve}),
    }
    assert workers(repository(files)) == expected, why


def test_a_command_of_nx_without_a_folder_runs_in_the_root(repository):
    serve = {"serve": {"executor": "nx:run-commands", "options": {"command": "wrangler dev"}}}
    files = {
        **WORKERS,
        "nx.json": "{}",
        "package.json": package("root", dev="nx run-many -t serve"),
        "apps/a/project.json": json.dumps({"name": "a", "targets": serve}),
        "apps/b/project.json": json.dumps({"name": "b", "targets": serve}),
    }
    assert workers(repository(files)) == []


WITH_B = {"turbo.json": '{"tasks": {"@x/a#dev": {"with": ["@x/b#dev"]}}}'}


@pytest.mark.parametrize(
    ("files", "expected", "why"),
    [
        (WITH_B, [(A, B)], "the task of one package"),
        (
            {"turbo.json": '{"tasks": {"dev": {"with": ["@x/c#dev"]}}}'},
            [(A, C)],
            "the task of all packages",
        ),
        (
            {"apps/a/turbo.jsonc": '{"extends": ["//"], "tasks": {"dev": {"with": ["@x/b#dev"]}}}'},
            [(A, B)],
            "the package's own configuration",
        ),
        (
            {
                "turbo.json": (
                    '{"tasks": {"@x/a#dev": {"with": ["@x/b#dev"]},'
                    ' "@x/b#dev": {"with": ["@x/c#dev", "@x/a#dev"]}}}'
                )
            },
            [(A, B, C)],
            "step by step, and round in a circle",
        ),
        (
            {"turbo.json": '{"tasks": {"@x/a#dev": {"dependsOn": ["@x/b#dev"]}}}'},
            [],
            "what runs before it",
        ),
        (
            {"turbo.json": '{"tasks": {"@x/b#dev": {"with": ["@x/c#dev"]}}}'},
            [],
            "another package's task",
        ),
        ({"turbo.json": '{"tasks": {"@x/a#dev": {"with": ["@x/b#build"]}}}'}, [], "no development"),
        ({"turbo.json": '{"tasks": {"dev": {"with": "@x/b#dev"}}}'}, [], "no list"),
        (
            {**WITH_B, "apps/a/turbo.json": '{"tasks": {"dev": {"with": []}}}'},
            [],
            "the package's own configuration takes it back",
        ),
    ],
)
def test_tasks_that_turborepo_runs_with_another(repository, files, expected, why):
    root = repository({**workspace(start="turbo dev --filter=@x/a"), **files})
    assert workers(root) == expected, why


def test_the_commands_of_one_nx_target_run_at_once(repository):
    options = {
        "commands": [
            "wrangler dev -c apps/a/wrangler.jsonc",
            {"command": "wrangler dev -c apps/b/wrangler.jsonc"},
        ]
    }
    files = {
        **WORKERS,
        "nx.json": "{}",
        "apps/a/project.json": json.dumps({"name": "a", "targets": {"dev": {"options": options}}}),
    }
    assert workers(repository(files)) == [(A, B)]


def test_without_c_wrangler_takes_the_configuration_above(repository):
    files = {
        "wrangler.toml": 'name = "root"',
        **WORKERS,
        "package.json": package(
            "root", dev="(cd tools/x && wrangler dev) & (cd apps/a && npx wrangler dev)"
        ),
    }
    assert workers(repository(files)) == [(A, "wrangler.toml")]


def test_a_configuration_that_is_not_there_counts_but_is_not_named(repository):
    files = {**WORKERS, "package.json": package("r", dev=f"wrangler dev -c {A} -c dist/w.json")}
    assert workers(repository(files)) == [(A,)]


def test_configurations_of_any_name_run_together(repository):
    files = {
        "package.json": package("r", dev="wrangler dev -c conf/one.jsonc -c conf/two.jsonc"),
        "conf/one.jsonc": '{"name": "one"}',
        "conf/two.jsonc": '{"name": "two"}',
    }
    assert workers(repository(files)) == [("conf/one.jsonc", "conf/two.jsonc")]


def test_the_same_workers_are_told_of_once(repository):
    files = workspace(dev="turbo dev", start="npm run dev", again="turbo dev")
    found = scan(repository(files)).development
    assert [item.workers for item in found] == [(A, B, C)]


def test_scripts_that_lead_back_to_each_other_end(repository):
    files = workspace(
        dev="npm run start & npm run other",
        start="npm run dev & wrangler dev -c apps/a/wrangler.jsonc",
        other="npm run dev & wrangler dev -c apps/b/wrangler.jsonc",
    )
    assert (A, B) in workers(repository(files))


@pytest.mark.parametrize(
    "command",
    [
        "pnpm " * 5_000,
        "(" * 5_000 + "wrangler dev" + ")" * 5_000,
        "$(" * 5_000,
        "npx " * 5_000 + "wrangler dev",
        "a & " * 20_000,
        "run-p " + "d*" * 5_000,
        "turbo dev --filter=" + "a*" * 5_000,
    ],
    ids=["managers", "subshells", "substitutions", "runners", "jobs", "globs", "filters"],
)
def test_absurd_scripts_are_survived(repository, command):
    assert workers(repository(workspace(dev=command))) == []


def test_a_long_chain_of_scripts_is_given_up(repository):
    scripts = {f"s{i}": f"npm run s{i + 1}" for i in range(2_000)}
    assert workers(repository(workspace(**scripts))) == []


def test_the_place_is_that_of_the_script(repository):
    content = f'{{\n  "scripts": {{\n    "dev": "wrangler dev -c {A} -c {B}"\n  }}\n}}\n'
    found = scan(repository({**WORKERS, "tools/package.json": "{}", "package.json": content}))
    (item,) = found.development
    assert item.description == f'script "dev" runs 2 Workers: wrangler dev -c {A} -c {B}'
    assert (item.location.path, item.location.line, item.location.column) == ("package.json", 3, 12)
    assert content[item.location.span.start : item.location.span.end].startswith('"wrangler dev')


@pytest.mark.parametrize("content", ["{", "[]", "", "\ud7ff"])
def test_a_package_that_cannot_be_read_is_told_of(repository, content):
    found = scan(repository({**WORKERS, "package.json": content}))
    assert [note.text for note in found.notes if note.path == "package.json"] == [
        "cannot be read: what its scripts run is not known"
    ]


@pytest.mark.parametrize(
    "manifest",
    [
        {"scripts": []},
        {"scripts": {"dev": 1, "start": None, "x": ["wrangler dev"]}},
        {"scripts": "wrangler dev", "workspaces": 7, "name": 3, "dependencies": []},
        {"workspaces": {"packages": {}}, "scripts": {"dev": "turbo dev"}},
    ],
)
def test_packages_of_the_wrong_shape(repository, manifest):
    assert workers(repository({**WORKERS, "package.json": json.dumps(manifest)})) == []


# --- Vite and Vitest ------------------------------------------------------------------------

PLUGIN = 'import { cloudflare } from "@cloudflare/vite-plugin";\n'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            PLUGIN + 'export default { plugins: [cloudflare({ configPath: "./a/wrangler.jsonc", '
            'auxiliaryWorkers: [{ configPath: "./b/wrangler.jsonc" }] })] };',
            [(A, B)],
            id="both are named",
        ),
        pytest.param(
            PLUGIN + "export default { plugins: [cloudflare({ auxiliaryWorkers: "
            '[{ configPath: "b/wrangler.jsonc" }, { configPath: `c/wrangler.jsonc` }] })] };',
            [(B, C)],
            id="the main one has no configuration in the folder",
        ),
        pytest.param(
            PLUGIN + "cloudflare({ auxiliaryWorkers: others })", [()], id="a list from elsewhere"
        ),
        pytest.param(
            PLUGIN + "cloudflare({ auxiliaryWorkers })", [()], id="a list by its own name"
        ),
        pytest.param(
            PLUGIN + 'cloudflare({ auxiliaryWorkers: [{ configPath: "b/wrangler.jsonc" }, ...x] })',
            [()],
            id="more of them from elsewhere",
        ),
        pytest.param(
            PLUGIN + "cloudflare({ auxiliaryWorkers: dev ? [{}] : [] })", [()], id="a condition"
        ),
        pytest.param(
            'export default { test: { auxiliaryWorkers: [{ name: "b" }, { name: "mock" }] } };',
            [(B,)],
            id="by name, through a helper of the repository",
        ),
        pytest.param(PLUGIN + "cloudflare({ auxiliaryWorkers: [] })", [], id="an empty list"),
        pytest.param(
            PLUGIN + "cloudflare({ auxiliaryWorkers: [ /* none */ ] })", [], id="only a comment"
        ),
        pytest.param(
            PLUGIN + "cloudflare({ auxiliaryWorkers: undefined })", [], id="nothing at all"
        ),
        pytest.param(
            PLUGIN + 'cloudflare({ configPath: "./a/wrangler.jsonc" })', [], id="one Worker"
        ),
        pytest.param(
            "// auxiliaryWorkers: [{ configPath: 'b/wrangler.jsonc' }]\n", [], id="in a comment"
        ),
        pytest.param("interface Options { auxiliaryWorkers: Worker[] }", [], id="in a type"),
    ],
)
def test_auxiliary_workers_of_the_vite_plugin(repository, content, expected):
    assert workers(repository({**WORKERS, "apps/vite.config.ts": content})) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            "defineWorkersConfig({ test: { poolOptions: { workers: { wrangler: { configPath: "
            '"./a/wrangler.jsonc" }, miniflare: { workers: [{ name: "b", script: "" }] } } } } })',
            [(A, B)],
            id="of the pool",
        ),
        pytest.param(
            'export default { plugins: [cloudflareTest({ miniflare: { workers: [{ name: "c" }] } '
            "as Options })] };",
            [(C,)],
            id="of the plugin for tests, with a cast",
        ),
        pytest.param("x({ miniflare: { workers: [helper] } })", [()], id="from elsewhere"),
        pytest.param("x({ miniflare: { workers } })", [()], id="by its own name"),
        pytest.param(
            "x({ poolOptions: { workers: { miniflare: {} } } })", [], id="the pool's own options"
        ),
        pytest.param("x({ miniflare: { workers: [] } })", [], id="an empty list"),
        pytest.param("x({ workers: [{ name: 'b' }] })", [], id="not of Miniflare"),
        pytest.param("x({ test: { maxWorkers: 4, workers } })", [], id="a number of processes"),
    ],
)
def test_auxiliary_workers_of_vitest(repository, content, expected):
    assert workers(repository({**WORKERS, "apps/vitest.config.mts": content})) == expected


VITE = PLUGIN + "export default { plugins: [cloudflare()] };"


def test_vite_runs_a_worker_where_it_loads_the_plugin(repository):
    files = workspace(dev="turbo dev")
    files["apps/a/package.json"] = package("@x/a", dev="vite dev --port 1")
    files["apps/b/package.json"] = package("@x/b", dev="vite")
    files["apps/c/package.json"] = package("@x/c", dev="react-router dev")
    files |= {f"apps/{name}/vite.config.ts": VITE for name in "abc"}
    assert workers(repository(files)) == [(A, B, C)]


@pytest.mark.parametrize(
    ("script", "config", "why"),
    [
        ("vite build", VITE, "a build"),
        ("vite preview", VITE, "a preview of a build"),
        ("vite", "export default {};", "Vite without the plugin"),
        ("vite", '// import { cloudflare } from "@cloudflare/vite-plugin"', "in a comment"),
        ("vite -c vite.other.config.ts", VITE, "another configuration"),
        ("vitest", VITE, "tests"),
    ],
)
def test_vite_that_runs_no_worker(repository, script, config, why):
    files = workspace(dev="turbo dev")
    for name in "abc":
        files[f"apps/{name}/package.json"] = package(f"@x/{name}", dev=script)
        files[f"apps/{name}/vite.config.ts"] = config
    assert workers(repository(files)) == [], why


def test_the_place_is_that_of_the_setting(repository):
    content = PLUGIN + "cloudflare({\n  auxiliaryWorkers: [{ configPath: 'b/wrangler.jsonc' }] })"
    (item,) = scan(repository({**WORKERS, "apps/vite.config.ts": content})).development
    assert item.description == "auxiliary Workers (auxiliaryWorkers)"
    assert (item.location.path, item.location.line, item.location.column) == (
        "apps/vite.config.ts",
        3,
        3,
    )


def test_a_script_that_starts_what_vite_names_is_not_told_of_again(repository):
    content = PLUGIN + 'cloudflare({ auxiliaryWorkers: [{ configPath: "../b/wrangler.jsonc" }] });'
    files = {
        **WORKERS,
        "apps/a/vite.config.ts": content,
        "apps/a/package.json": package("a", dev="vite"),
    }
    assert workers(repository(files)) == [(A, B)]
