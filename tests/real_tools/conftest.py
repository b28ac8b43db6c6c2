"""The compiler, wrangler and its schema, as users run them on a repository."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import Programs

from codemod import apply, plan, scan
from codemod.settings import Settings, parse_strategy
from codemod.syntax import documents

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def programs(node_tools, tmp_path: Path) -> Programs:
    packages = node_tools.packages
    return Programs.at(tmp_path / "home", node_tools.node, packages, packages)


@pytest.fixture(params=["node_tools", "older_tools"], ids=["current", "older"])
def each_wrangler(request, node_tools, tmp_path: Path) -> Programs:
    """The programs with wrangler 4.164.0, and again with 3.99.0."""
    tools = request.getfixturevalue(request.param)
    return Programs.at(tmp_path / "home", tools.node, tools.packages, node_tools.packages)


@pytest.fixture
def example(tmp_path: Path) -> Callable[..., Path]:
    """Copies an example; edited by ``edit``, and then repaired, where a strategy is named."""

    def copy(
        name: str,
        strategy: str | None = None,
        *,
        edit: Callable[[Path], None] | None = None,
        fresh: bool = False,
    ) -> Path:
        root = tmp_path / name
        shutil.copytree(
            EXAMPLES / name, root, ignore=shutil.ignore_patterns("node_modules", ".wrangler")
        )
        if edit is not None:
            edit(root)
        if strategy is not None:
            settings = Settings(strategy=parse_strategy(strategy), unsafe_fixes=True, fresh=fresh)
            made = plan(scan(root), settings)
            assert made.changes
            apply(made, settings)
        return root

    return copy


@pytest.fixture
def configurations(plain) -> Callable[[Path], dict[str, dict]]:
    """The configurations in a folder: what each one holds, by its path."""

    def read(root: Path) -> dict[str, dict]:
        return {
            path.relative_to(root).as_posix(): plain(
                documents.parse(path.name, path.read_bytes()).root
            )
            for path in sorted(root.rglob("wrangler.*"))
        }

    return read


@pytest.fixture
def violations(node_tools) -> Callable[[object], list[str]]:
    """What wrangler's own schema has against a configuration."""
    # Imported where used: the everyday run collects this file and validates nothing.
    import jsonschema

    schema = json.loads((node_tools.packages / "wrangler/config-schema.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    return lambda configuration: [
        f"{error.json_path}: {error.message}" for error in validator.iter_errors(configuration)
    ]


@pytest.fixture
def dry_run(programs, configurations) -> Callable[[Path], dict[str, str]]:
    """Deploys nothing, for all Workers and their environments; the output of those that fail."""

    def deploy(root: Path) -> dict[str, str]:
        failed = {}
        for path, configuration in configurations(root).items():
            if "main" not in configuration:
                continue
            for environment in ("", *configuration.get("env", ())):
                out = programs.home / "out" / path / (environment or "top")
                options = ["--outdir", out, "--env", environment, *_date(configuration)]
                outcome = programs.wrangler(
                    "deploy", "--dry-run", "-c", path, *options, folder=root
                )
                if outcome.code or not list(out.glob("*.js")):
                    failed[f"{path} {environment}"] = outcome.output
        return failed

    return deploy


def _date(configuration: dict) -> list[str]:
    # A Worker can be deployed with a date in its configuration or in the command only.
    return [] if "compatibility_date" in configuration else ["--compatibility-date", "2026-05-12"]
