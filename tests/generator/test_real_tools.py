"""Templates and facades before esbuild and wrangler."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from programs import Programs

from codemod.generator import writing
from codemod.syntax import documents

pytestmark = pytest.mark.slow

STRIP = """
const { transformSync } = require("esbuild");
const sources = JSON.parse(require("fs").readFileSync(0, "utf8"));
const options = { format: "esm", target: "esnext", minifyWhitespace: true, legalComments: "none" };
const stripped = sources.map(([loader, text]) => transformSync(text, { loader, ...options }).code);
process.stdout.write(JSON.stringify(stripped));
"""


def test_each_template_is_the_same_code_in_both_languages(node_tools):
    typed = sorted(writing.TEMPLATES.glob("*.ts"))
    sources = [
        [path.suffix[1:], path.read_text()] for ts in typed for path in (ts, ts.with_suffix(".js"))
    ]

    stripped = json.loads(node_tools.run(STRIP, json.dumps(sources)))

    assert [path.stem for path in typed] == ["diagnose", "facade", "fallback", "health"]
    for path, one, other in zip(typed, stripped[::2], stripped[1::2], strict=True):
        assert one == other, path.stem


@pytest.fixture
def programs(node_tools, tmp_path) -> Programs:
    packages = node_tools.packages.resolve()
    home = tmp_path / "home"
    home.mkdir()
    return Programs(node_tools.node, packages, packages, home)


@pytest.fixture
def with_facade(with_targets, add) -> Path:
    """Workers whose callers go to a facade of ``api``, which has an environment."""
    root = with_targets("ts_object")
    configuration = root / "api/wrangler.jsonc"
    configuration.write_text(configuration.read_text().replace("\n}", ',\n  "env": { "x": {} }\n}'))
    add(root, "facade", "api", wire=True)
    return root


def test_wrangler_takes_a_facade(node_tools, programs, with_facade, plain):
    import jsonschema

    path = with_facade / "api-facade/wrangler.jsonc"
    schema = json.loads((node_tools.packages / "wrangler/config-schema.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)

    assert (
        list(validator.iter_errors(plain(documents.parse(path.name, path.read_bytes()).root))) == []
    )
    for environment, service in (("", "api"), ("x", "api-x")):
        out = programs.home / (environment or "top")
        options = ["--outdir", out, "--env", environment, "-c", path]
        outcome = programs.wrangler("deploy", "--dry-run", *options, folder=with_facade)
        assert outcome.code == 0, outcome.output
        assert f"env.TARGET ({service})" in outcome.output
        assert "WARNING" not in outcome.output
        assert list(out.glob("*.js"))


def test_callers_reach_the_target_through_it_under_wrangler_dev(programs, with_facade):
    configurations = [
        option
        for name in ("caller", "api-facade", "api", "admin", "rooms")
        for option in ("-c", f"{name}/wrangler.jsonc")
    ]

    with programs.development("dev", *configurations, folder=with_facade) as server:
        server.wait_until_ready()
        answer = server.ask("PUT", "/a?b=1", {"c": 2})

    assert (answer.status, answer.body) == (200, 'api PUT /a?b=1 {"c": 2}')
