"""Which Workers a change concerns: those it touches, and those at the other ends of bindings."""

import json

import pytest

from codemod import plan, scan
from codemod.planner.touched import concerned
from codemod.settings import Settings

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
    names = concerned(scan(root), changed)

    assert {name for name in names if "/" not in name} == expected, why


def test_only_what_a_change_concerns_is_judged(root):
    project = scan(root)

    def judged(changed):
        return {finding.worker for finding in plan(project, Settings(changed=changed)).findings}

    assert judged(None) == {"first", "second"}
    assert judged(("first/src/index.ts",)) == {"first", "second"}
    assert judged(("third/src/index.ts",)) == {"second"}
    assert judged(("fourth/src/index.ts",)) == set()
