"""`wfix check --since` and `--staged` where Workers are renamed, moved or deleted."""

import json
import shutil

import pytest
from repositories import commit, git

OBJECTS = """import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {}
export default { async fetch() { return new Response(""); } };
"""
CALL = "export default { async fetch(request, env) { return env.TARGET.fetch(request); } };\n"
# Who breaks is in `src/call.ts`, and `configs/base.json` says whether it is what the code imports.
MAPPED = 'import { call } from "~/call";\nexport default { fetch: call };\n'


def configuration(name: str, *services: str) -> str:
    bindings = [{"binding": "TARGET", "service": service} for service in services]
    return json.dumps({"name": name, "main": "src/index.ts", "services": bindings})


def mappings(folder: str) -> str:
    return json.dumps({"compilerOptions": {"paths": {"~/*": [f"../{folder}/*"]}}})


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    """Two callers, each with a fault in the binding to its target, and one without any yet."""
    files = {
        "README.md": "two pairs\n",
        "api/wrangler.json": configuration("api"),
        "api/src/index.ts": OBJECTS,
        "shop/wrangler.json": configuration("shop", "api"),
        "shop/src/index.ts": CALL,
        "store/wrangler.json": configuration("store"),
        "store/src/index.ts": OBJECTS,
        "blog/wrangler.json": configuration("blog", "store"),
        "blog/src/index.ts": CALL,
        "plain/wrangler.json": configuration("plain"),
        "plain/src/index.ts": "export default { fetch: () => new Response() };\n",
        "mapped/wrangler.json": configuration("mapped", "plain"),
        "mapped/tsconfig.json": '{ "extends": "../configs/base.json" }',
        "mapped/src/index.ts": MAPPED,
        "configs/base.json": mappings("sound"),
        "configs/other.json": mappings("sound"),
        "sound/call.ts": "export const call = () => new Response();\n",
        "faulty/call.ts": 'export const call = (request, env) => env.TARGET.fetch("/");\n',
    }
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    monkeypatch.chdir(commit(tmp_path))
    return tmp_path


def rename(root):
    (root / "api/wrangler.json").write_text(configuration("rooms"))


def move(root):
    (root / "api").rename(root / "rooms")


def move_to_another_name(root):
    move(root)
    (root / "rooms/wrangler.json").write_text(configuration("rooms"))


def delete(root):
    shutil.rmtree(root / "api")


def delete_configuration(root):
    (root / "api/wrangler.json").unlink()


def delete_caller(root):
    shutil.rmtree(root / "shop")


def rename_caller(root):
    (root / "shop/wrangler.json").write_text(configuration("market", "api"))


def delete_nobody(root):
    (root / "README.md").unlink()


def rename_sound(root):
    (root / "plain/wrangler.json").write_text(configuration("simple"))


def map_to_fault(root):
    (root / "configs/base.json").write_text(mappings("faulty"))


def map_nobody(root):
    (root / "configs/other.json").write_text(mappings("faulty"))


def map_alike(root):
    (root / "configs/base.json").write_text(mappings("sound") + "\n")


@pytest.fixture
def judged(wfix):
    """The Workers that something is said of, by these options of ``check``."""

    def judged(*options: str) -> set[str]:
        ran = wfix("check", "--output-format", "json", *options)
        assert ran.code in (0, 1)
        return {finding["worker"] for finding in json.loads(ran.out)["findings"]}

    return judged


CHANGES = [
    pytest.param(rename, {"shop"}, id="a target gets another name"),
    pytest.param(move, {"shop"}, id="a target gets another folder"),
    pytest.param(move_to_another_name, {"shop"}, id="a target gets another folder and name"),
    pytest.param(delete, {"shop"}, id="a target goes"),
    pytest.param(delete_configuration, {"shop"}, id="a target's configuration goes"),
    pytest.param(rename_caller, {"market"}, id="a caller gets another name"),
    pytest.param(delete_caller, set(), id="a caller goes, and its fault with it"),
    pytest.param(delete_nobody, set(), id="a file goes that is nobody's"),
    pytest.param(rename_sound, {"mapped"}, id="a target without a fault gets another name"),
    pytest.param(map_to_fault, {"mapped"}, id="a file elsewhere maps to other code"),
    pytest.param(map_nobody, set(), id="a file elsewhere maps for nobody"),
    pytest.param(map_alike, set(), id="a file elsewhere maps to the same code"),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_whom_a_change_concerns(fleet, judged, change, expected):
    change(fleet)

    assert judged("--since", "HEAD") == expected
    assert judged("--staged") == set()

    git(fleet, "add", "--all")
    assert judged("--staged") == expected

    git(fleet, "commit", "-qm", "change")
    assert judged("--since", "HEAD") == judged("--staged") == set()
    assert judged("--since", "HEAD~1") == expected


def test_what_is_staged_counts_where_the_work_tree_has_it_back(fleet, judged):
    git(fleet, "rm", "-rq", "--cached", "api")
    assert (fleet / "api/wrangler.json").exists()
    assert judged("--staged") == {"shop"}


def test_what_goes_only_from_the_work_tree_is_not_staged(fleet, judged):
    delete(fleet)
    git(fleet, "commit", "--allow-empty", "-qm", "nothing")
    assert judged("--staged") == set()
    assert judged("--since", "HEAD~1") == {"shop"}


def test_a_mapping_that_is_staged_counts_whatever_the_work_tree_says(fleet, judged):
    map_to_fault(fleet)
    git(fleet, "add", "--all")
    map_alike(fleet)
    assert judged("--staged") == {"mapped"}
    assert judged("--since", "HEAD") == set()
