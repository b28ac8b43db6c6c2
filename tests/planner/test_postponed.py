"""Two repairs of the same bytes: one is made, the other waits for the next run."""

import json

import pytest

from codemod import apply, plan, scan
from codemod.settings import Settings

UNSAFE = Settings(unsafe_fixes=True)


@pytest.fixture
def root(tmp_path):
    """A Worker whose environment gets two bindings by two rules; its code sorts behind it."""
    files = {
        "caller/wrangler.json": json.dumps(
            {
                "name": "caller",
                "main": "x/index.ts",
                "compatibility_date": "2026-05-12",
                "services": [{"binding": "FIRST", "service": "first"}],
                "env": {"live": {"services": []}},
            },
            indent=2,
        ),
        "caller/x/index.ts": """\
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await env.FIRST.fetch(request);
    return fetch("https://second.account.workers.dev/");
  },
};
""",
        "first/wrangler.json": '{ "name": "first", "main": "index.ts" }',
        "first/index.ts": "export default { async fetch() { return new Response('1'); } };\n",
        "second/wrangler.json": '{ "name": "second", "main": "index.ts" }',
        "second/index.ts": "export default { async fetch() { return new Response('2'); } };\n",
    }
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    return tmp_path


def test_one_waits_and_says_so(root):
    made = plan(scan(root), UNSAFE)

    waiting = [finding for finding in made.findings if finding.key in made.postponed]
    assert [finding.rule for finding in waiting] == ["workers-dev-fetch"]
    assert all("apply that, then run again" in (finding.no_fix or "") for finding in waiting)
    assert made.changes


def test_what_waits_does_not_undo_what_is_made_and_comes_next(root):
    apply(plan(scan(root), UNSAFE), UNSAFE)

    second = plan(scan(root), UNSAFE)
    assert [finding.rule for finding in second.findings if finding.fix] == ["workers-dev-fetch"]
    apply(second, UNSAFE)

    third = plan(scan(root), UNSAFE)
    assert (third.changes, third.postponed) == ((), frozenset())
    text = (root / "caller/wrangler.json").read_text()
    assert text.count('"FIRST"') == text.count('"SECOND"') == 2
