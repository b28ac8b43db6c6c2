"""Copies of bindings that have repairs of their own: one plan does both, and nothing is left."""

import pytest

from codemod import apply, plan, scan
from codemod.model import Strategy
from codemod.settings import Settings

CALLER = """
export default {
  async fetch(request, env) {
    return env.AUTH.fetch("https://auth/");
  },
};
"""
AUTH = '{ "name": "auth", "main": "index.js", "env": { "staging": {} } }'
CLEAN = """
export default {
  async fetch() {
    return new Response("auth");
  },
};
"""
WITH_CLASS = """
import { DurableObject } from "cloudflare:workers";
export class Session extends DurableObject {}
const auth = {
  async fetch() {
    return new Response("auth");
  },
};
export default auth;
"""
JSON = """{
  "name": "caller",
  "main": "index.js",
  "services": [
    %s
  ],
  "env": {
    "staging": {
      "services": [
        { "binding": "LOG", "service": "log" }
      ]
    }
  }
}
"""
TOML = """name = "caller"
main = "index.js"

[[services]]
%s

[[env.staging.services]]
binding = "LOG"
service = "log"
"""


@pytest.fixture
def repaired(tmp_path):
    """The caller's configuration after every repair, unsafe ones included, is made."""

    def repair(path: str, configuration: str, auth: str, **asked) -> str:
        files = {
            f"caller/{path}": configuration,
            "caller/index.js": CALLER,
            "auth/wrangler.json": AUTH,
            "auth/index.js": auth,
        }
        for name, content in files.items():
            target = tmp_path / name
            target.parent.mkdir(exist_ok=True)
            target.write_text(content)
        settings = Settings(unsafe_fixes=True, **asked)
        apply(plan(scan(tmp_path), settings), settings)
        assert plan(scan(tmp_path), settings).changes == ()
        return (tmp_path / "caller" / path).read_text()

    return repair


@pytest.mark.parametrize(
    ("binding", "auth", "asked", "copy", "why"),
    [
        (
            '{ "binding": "AUTH", "service": "auth" }',
            CLEAN,
            {},
            '{ "binding": "AUTH", "service": "auth-staging" }',
            "nothing else to repair",
        ),
        (
            '{ "binding": "AUTH", "service": "auht" }',
            CLEAN,
            {},
            '{ "binding": "AUTH", "service": "auth" }',
            "the name is mended first, and only then known to be a Worker's here",
        ),
        (
            '{ "binding": "AUTH", "service": "auth", "environment": "staging" }',
            CLEAN,
            {},
            '{ "binding": "AUTH", "service": "auth-staging" }',
            "the key is not copied",
        ),
        (
            '{ "binding": "AUTH", "service": "auth" }',
            WITH_CLASS,
            {"strategy": Strategy.ENTRYPOINT},
            '{ "binding": "AUTH", "service": "auth-staging", "entrypoint": "default" }',
            "the entrypoint that the binding is given is copied",
        ),
        (
            '{ "binding": "AUTH", "service": "auth" }',
            WITH_CLASS,
            {"strategy": Strategy.NAMED},
            '{ "binding": "AUTH", "service": "auth-staging", "entrypoint": "Http" }',
            "and one that its target is given",
        ),
        (
            '{ "binding": "AUTH", "service": "auth" }',
            WITH_CLASS,
            {"strategy": Strategy.RPC},
            '{ "binding": "AUTH", "service": "auth-staging" }',
            "a repair of the target alone leaves the copy plain",
        ),
    ],
)
def test_a_copy_is_of_the_repaired_binding(repaired, binding, auth, asked, copy, why):
    after = repaired("wrangler.json", JSON % binding, auth, **asked)

    log = '{ "binding": "LOG", "service": "log" }'
    assert f"        {log},\n        {copy}\n      ]" in after, why


def test_a_copy_in_toml_is_of_the_repaired_binding(repaired):
    binding = 'binding = "AUTH"\nservice = "auth" # the login'

    after = repaired("wrangler.toml", TOML % binding, WITH_CLASS, strategy=Strategy.ENTRYPOINT)

    own = f'{binding}\nentrypoint = "default"\n'
    copy = 'binding = "AUTH"\nservice = "auth-staging"\nentrypoint = "default"\n'
    assert after == (TOML % own.rstrip("\n")) + f"\n[[env.staging.services]]\n{copy}"


DEPRECATED = '{ "binding": "LOG", "service": "auth", "environment": "staging" }'
MENDED = '{ "binding": "LOG", "service": "auth-staging" }'
COPY = '{ "binding": "AUTH", "service": "auth-staging" }'
PLAIN = '{ "binding": "AUTH", "service": "auth" }'


@pytest.mark.parametrize(
    "around",
    [
        pytest.param(
            '{ "name": "caller", "main": "index.js", "services": [%s],'
            ' "env": { "staging": { "services": [%s] } } }',
            id="all in one line",
        ),
        pytest.param(
            '{\n  "name": "caller", "main": "index.js",\n  "services": [%s],\n'
            '  "env": { "staging": { "services": [%s] } }\n}\n',
            id="the environment in one line",
        ),
    ],
)
def test_a_list_is_mended_and_completed_in_one_line(repaired, around):
    before = around % (PLAIN, DEPRECATED)

    after = repaired("wrangler.json", before, CLEAN)

    assert after == around % (PLAIN, f"{MENDED}, {COPY}")


def test_two_environments_in_one_line_are_completed_and_the_rest_is_mended(repaired):
    around = (
        '{ "name": "caller", "main": "index.js", "services": [%s], "env": {'
        ' "one": { "services": [%s] }, "two": { "services": [%s] } } }'
    )

    after = repaired("wrangler.json", around % (PLAIN, DEPRECATED, DEPRECATED), CLEAN)

    assert after == around % (PLAIN, f"{MENDED}, {PLAIN}", f"{MENDED}, {PLAIN}")


def test_the_last_table_in_toml_is_mended_and_followed_by_the_copy(repaired):
    before = TOML % 'binding = "AUTH"\nservice = "auth"'
    deprecated = before.replace('service = "log"', 'service = "auth"\nenvironment = "staging"')

    after = repaired("wrangler.toml", deprecated, CLEAN)

    copy = '\n[[env.staging.services]]\nbinding = "AUTH"\nservice = "auth-staging"\n'
    assert after == before.replace('service = "log"', 'service = "auth-staging"') + copy
