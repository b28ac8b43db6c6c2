"""Which Workers a change concerns: those it touches, and those at the other ends of bindings."""

import json

import pytest

from codemod import plan, scan
from codemod.planner.touched import concerned
from codemod.settings import Change, Settings

OBJECTS = (
    'import { DurableObject } from "cloudflare:workers"; export class A extends DurableObject {}'
)
DEFAULT = "export default { async fetch() { return new Response(''); } };"


def worker(name: str, *services: str) -> str:
    bindings = [{"binding": each.upper(), "service": each} for each in services]
    return json.dumps({"name": name, "main": "src/index.ts", "services": bindings})


@pytest.fixture
def root(tmp_path):
    files = {
        "tsconfig.json": "{}",
        "package.json": "{}",
        "README.md": "",
        "first/wrangler.json": worker("first", "second"),
        "first/src/index.ts": 'import "../../shared/a";\n'
        "export default { async fetch(request, env) { return env.SECOND.fetch(request); } };",
        "first/package.json": "{}",
        "second/wrangler.json": worker("second", "third"),
        "second/src/index.ts": f"{OBJECTS}\n"
        "export default { async fetch(request, env) { return env.THIRD.fetch(request); } };",
        "third/wrangler.json": worker("third"),
        "third/src/index.ts": f"{OBJECTS}\n{DEFAULT}",
        "fourth/wrangler.json": worker("fourth"),
        "fourth/src/index.ts": f'import "../../shared/a";\n{DEFAULT}',
        "shared/a.ts": "export const a = 1;",
        "shared/unused.ts": "export const b = 1;",
    }
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        (["first/src/index.ts"], {"first", "second"}, "a module, and what its Worker binds to"),
        (["third/src/index.ts"], {"second", "third"}, "a module, and who binds to its Worker"),
        (["second/wrangler.json"], {"first", "second", "third"}, "a configuration, both ends"),
        (["fourth/wrangler.json"], {"fourth"}, "a Worker without bindings"),
        (["shared/a.ts"], {"first", "second", "fourth"}, "a module of two Workers"),
        (["shared/unused.ts"], set(), "a module of none, in no Worker's folder"),
        (["README.md"], set(), "a file that nothing was read from"),
        ([], set(), "no change"),
        (["third/src/gone.ts"], {"second", "third"}, "a file that was deleted"),
        (["first/package.json"], {"first", "second"}, "a manifest in the Worker's folder"),
        (["package.json"], {"first", "second", "third", "fourth"}, "the root's manifest"),
    ],
)
def test_who_is_concerned(root, changed, expected, why):
    names = concerned(scan(root), Change(tuple(changed)))

    assert {name for name in names if "/" not in name} == expected, why


@pytest.mark.parametrize(
    ("before", "paths", "expected", "why"),
    [
        (["first/wrangler.json"], [], {"first"}, "what it concerned before"),
        (["first/wrangler.json"], ["fourth/wrangler.json"], {"first", "fourth"}, "and does now"),
        (["gone/wrangler.json"], [], set(), "a Worker that is gone is nobody to judge"),
        (["first/package.json"], [], set(), "a path that is no configuration"),
    ],
)
def test_who_was_concerned_before_is_concerned(root, before, paths, expected, why):
    names = concerned(scan(root), Change(tuple(paths), tuple(before)))

    assert {name for name in names if "/" not in name} == expected, why


def test_who_binds_to_a_name_is_concerned_where_the_binding_leads_nowhere(root):
    twin = root / "twin/wrangler.json"
    twin.parent.mkdir()
    twin.write_text(worker("third"))
    project = scan(root)

    names = concerned(project, Change(("twin/wrangler.json",)))

    assert {name for name in names if "/" not in name} == {"second", "third"}


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        ("packages/lib/package.json", {"user"}, "its exports say what the Worker imports"),
        ("packages/other/package.json", set(), "the manifest of a package that nobody imports"),
        ("packages/lib/README.md", set(), "says nothing of what is imported"),
    ],
)
def test_who_imports_a_package_is_concerned_by_its_manifest(tmp_path, changed, expected, why):
    files = {
        "package.json": json.dumps({"workspaces": ["packages/*", "user"]}),
        "packages/lib/package.json": json.dumps({"name": "lib", "exports": "./src/a.ts"}),
        "packages/lib/src/a.ts": "export const a = 1;",
        "packages/lib/README.md": "",
        "packages/other/package.json": json.dumps({"name": "other", "exports": "./b.ts"}),
        "packages/other/b.ts": "export const b = 1;",
        "user/wrangler.json": worker("user"),
        "user/src/index.ts": f'import "lib"; {DEFAULT}',
        "idle/wrangler.json": worker("idle"),
        "idle/src/index.ts": DEFAULT,
    }
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)

    names = concerned(scan(tmp_path), Change((changed,)))

    assert {name for name in names if "/" not in name} == expected, why


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        ("configs/base.json", {"extending"}, "the file that its tsconfig.json extends"),
        ("configs/root.json", {"extending"}, "the file that this one extends in turn"),
        ("configs/listed.json", {"listing"}, "a project that its tsconfig.json lists"),
        ("configs/named.json", {"naming"}, "the file that its wrangler.json names"),
        ("configs/idle.json", set(), "a file of that kind that nobody rests on"),
        ("configs/gone.json", set(), "a file that is not there, and that nobody rests on"),
        ("plain/tsconfig.json", {"plain"}, "the file in its own folder, and nobody else's"),
    ],
)
def test_who_is_mapped_by_a_file_that_stands_elsewhere_is_concerned(
    tmp_path, changed, expected, why
):
    mapped = json.dumps({"compilerOptions": {"paths": {"~/*": ["../shared/*"]}}})
    code = f'import "~/a"; {DEFAULT}'
    files = {
        "configs/root.json": mapped,
        "configs/base.json": json.dumps({"extends": "./root.json"}),
        "configs/listed.json": mapped,
        "configs/named.json": mapped,
        "configs/idle.json": mapped,
        "shared/a.ts": "export const a = 1;",
        "extending/wrangler.json": worker("extending"),
        "extending/tsconfig.json": json.dumps({"extends": "../configs/base.json"}),
        "extending/src/index.ts": code,
        "listing/wrangler.json": worker("listing"),
        "listing/tsconfig.json": json.dumps({"references": [{"path": "../configs/listed.json"}]}),
        "listing/src/index.ts": code,
        "naming/wrangler.json": json.dumps(
            {"name": "naming", "main": "src/index.ts", "tsconfig": "../configs/named.json"}
        ),
        "naming/src/index.ts": code,
        "plain/wrangler.json": worker("plain"),
        "plain/tsconfig.json": "{}",
        "plain/src/index.ts": code,
    }
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)

    names = concerned(scan(tmp_path), Change((changed,)))

    assert {name for name in names if "/" not in name} == expected, why


def test_only_what_a_change_concerns_is_judged(root):
    project = scan(root)

    def judged(*changed):
        settings = Settings(changed=Change(changed) if changed else None)
        return {finding.worker for finding in plan(project, settings).findings}

    assert judged() == {"first", "second"}
    assert judged("first/src/index.ts") == {"first", "second"}
    assert judged("third/src/index.ts") == {"second"}
    assert judged("fourth/src/index.ts") == set()
