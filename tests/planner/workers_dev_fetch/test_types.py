"""The repaired cases of ``workers-dev-fetch`` before the type checker."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from codemod import plan, scan
from codemod.settings import Settings

CASES = Path(__file__).parents[2] / "rules" / "workers_dev_fetch"
REPAIRED = sorted(path.parent for path in CASES.glob("*/after"))
# In these a person has to run `wrangler types` again, or to give objects of tests the binding.
LEFT_TO_A_PERSON = {"default_of_a_client", "generated_types", "objects_of_the_type"}

CHECK = """
const ts = require("typescript");
const { programs, types } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const options = {
  allowJs: true,
  checkJs: false,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: [types],
};
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
const kept = new Map();
host.getSourceFile = (name, ...rest) => {
  if (!name.includes("node_modules")) return read(name, ...rest);
  if (!kept.has(name)) kept.set(name, read(name, ...rest));
  return kept.get(name);
};
const problems = programs.map((files) =>
  ts
    .getPreEmitDiagnostics(ts.createProgram(files, options, host))
    .map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, " ")),
);
process.stdout.write(JSON.stringify(problems));
"""


def modules(folder: Path) -> list[str]:
    return [
        str(path)
        for path in sorted(folder.rglob("*.*"))
        if path.suffix in (".ts", ".js") and "node_modules" not in path.parts
    ]


@pytest.mark.slow
def test_repaired_code_is_as_well_typed_as_before(node_tools, tmp_path):
    (tmp_path / "node_modules").symlink_to(node_tools.packages)
    folders = [case / side for case in REPAIRED for side in ("before", "after")]
    for folder in folders:
        shutil.copytree(folder, tmp_path / folder.relative_to(CASES))
    given = {
        "programs": [modules(tmp_path / folder.relative_to(CASES)) for folder in folders],
        "types": str(node_tools.packages / "@cloudflare" / "workers-types"),
    }

    problems = json.loads(node_tools.run(CHECK, json.dumps(given)))

    found = {
        folder.relative_to(CASES).as_posix(): each
        for folder, each in zip(folders, problems, strict=True)
    }
    assert [name for name, each in found.items() if "before" in name and each] == []
    assert {name.split("/")[0] for name, each in found.items() if each} == LEFT_TO_A_PERSON, found


@pytest.mark.parametrize("case", REPAIRED, ids=lambda case: case.name)
def test_what_is_left_to_a_person_is_said(case):
    settings = tomllib.loads((case / "case.toml").read_text())
    made = plan(
        scan(case / "before"),
        Settings(select=("workers-dev-fetch",), unsafe_fixes=settings["unsafe-fixes"]),
    )

    steps = {step for finding in made.findings for step in finding.fix.steps}

    assert bool(steps) == (case.name in LEFT_TO_A_PERSON), steps
