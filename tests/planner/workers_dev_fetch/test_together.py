"""The repair of ``workers-dev-fetch`` beside those of other rules, and beside itself."""

import shutil
from pathlib import Path

import pytest

from codemod import apply, plan, scan
from codemod.model import Strategy
from codemod.rules import all_rules
from codemod.settings import Settings
from codemod.syntax import documents

CASES = Path(__file__).parents[2] / "rules" / "workers_dev_fetch"
DEFAULT = tuple(rule.name for rule in all_rules() if rule.default)
URL = "https://api-mom.example.workers.dev"


@pytest.fixture
def repository(tmp_path):
    """Writes files over those of a case."""

    def write(case: str, files: dict[str, str] | None = None) -> Path:
        root = tmp_path / "repository"
        shutil.copytree(CASES / case / "before", root)
        for path, content in (files or {}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content)
        return root

    return write


@pytest.fixture
def bindings(plain):
    """The service bindings of book-telic."""

    def read(root: Path) -> list[dict[str, str]]:
        content = (root / "book-telic/wrangler.jsonc").read_bytes()
        return plain(documents.parse("wrangler.jsonc", content).root).get("services", [])

    return read


@pytest.mark.parametrize(
    ("case", "settings", "entrypoint", "why"),
    [
        ("in_a_handler", Settings(), None, "the target exports no class"),
        ("target_with_classes", Settings(), "default", "as poisoned-binding would have it"),
        ("target_with_classes_bound", Settings(), "default", "that rule mends the binding there"),
        (
            "target_with_classes",
            Settings(targets={"api-mom": Strategy.LEAVE}),
            None,
            "wfix.toml leaves bindings to the target plain",
        ),
        (
            "in_a_handler",
            Settings(select=(*DEFAULT, "bare-binding"), strategy=Strategy.ENTRYPOINT),
            "default",
            "--defensive gives every binding the key",
        ),
        ("in_a_handler", Settings(select=("all",)), "default", "so does bare-binding alone"),
    ],
)
def test_the_new_binding_is_as_the_other_rules_want_it(
    repository, bindings, case, settings, entrypoint, why
):
    """An apply is undone where a second plan would change something again."""
    root = repository(case)
    settings = Settings(
        select=settings.select,
        strategy=settings.strategy,
        targets=settings.targets,
        unsafe_fixes=True,
    )

    apply(plan(scan(root), settings), settings)

    assert [binding.get("entrypoint") for binding in bindings(root)] == [entrypoint], why


def test_a_binding_that_is_only_called_over_rpc_stays_apart(repository, bindings):
    """Fetched as well, it would need an entrypoint that its methods are not on."""
    root = repository(
        "target_with_classes_bound",
        {
            "book-telic/src/index.ts": "export default {\n"
            "  async fetch(request: Request, env: Env) {\n"
            f'    await env.MOM.ping();\n    return fetch("{URL}/v1/blurbs");\n  }},\n}};\n'
        },
    )
    settings = Settings(unsafe_fixes=True)

    apply(plan(scan(root), settings), settings)

    assert bindings(root) == [
        {"binding": "MOM", "service": "api-mom"},
        {"binding": "API_MOM", "service": "api-mom", "entrypoint": "default"},
    ]


def test_calls_of_one_worker_share_a_fix_and_those_of_others_do_not(repository):
    shelf = f'export default {{ fetch: (request, env) => fetch("{URL}/v1/shelf") }};\n'
    root = repository(
        "hono",
        {
            "shelf/wrangler.toml": 'name = "shelf"\nmain = "index.js"\n',
            "shelf/index.js": shelf,
        },
    )

    first, second, third = plan(scan(root), Settings(select=("workers-dev-fetch",))).findings

    assert first.fix == second.fix
    assert {edit.path for edit in third.fix.edits} == {"shelf/wrangler.toml", "shelf/index.js"}


def test_a_known_call_keeps_its_fetch(repository):
    """The others of the Worker are repaired all the same."""
    root = repository("hono")
    index = root / "book-telic/src/index.ts"
    known = "  // wfix-ignore workers-dev-fetch: goes over another account\n  return fetch("
    index.write_text(index.read_text().replace("  return fetch(", known))
    settings = Settings(select=("workers-dev-fetch",), unsafe_fixes=True)

    apply(plan(scan(root), settings), settings)

    after = index.read_text()
    assert after.count("c.env.API_MOM.fetch(") == 1
    assert known in after


def test_one_call_that_cannot_be_repaired_keeps_no_other_from_it(repository):
    root = repository("two_targets")
    shutil.rmtree(root / "ubermesh")
    settings = Settings(select=("workers-dev-fetch",), unsafe_fixes=True)

    made = plan(scan(root), settings)
    apply(made, settings)

    assert [finding.no_fix is None for finding in made.findings] == [True, False]
    assert "fetch(new URL(" in (root / "book-telic/src/index.ts").read_text()


def test_a_configuration_that_is_a_link_is_not_edited(repository):
    root = repository("in_a_handler")
    (root / "shared.jsonc").write_text((root / "book-telic/wrangler.jsonc").read_text())
    (root / "book-telic/wrangler.jsonc").unlink()
    (root / "book-telic/wrangler.jsonc").symlink_to("../shared.jsonc")

    (finding,) = plan(scan(root), Settings(select=("workers-dev-fetch",))).findings

    assert finding.fix is None
    assert finding.no_fix is not None


@pytest.mark.parametrize(
    ("environments", "why"),
    [
        ('"staging": 1', "an environment that is no table"),
        ('"staging": {"services": {}}', "services that are no list"),
    ],
)
def test_odd_configurations_are_left_alone(repository, environments, why):
    configuration = (
        '{ "name": "book-telic", "main": "src/index.ts", "env": { ' + environments + " } }"
    )
    root = repository("in_a_handler", {"book-telic/wrangler.jsonc": configuration})
    settings = Settings(select=("workers-dev-fetch",), unsafe_fixes=True)

    apply(plan(scan(root), settings), settings)

    text = (root / "book-telic/wrangler.jsonc").read_text()
    assert environments in text, why
