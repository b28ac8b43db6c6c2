"""The generated modules before the type checker, at its strictest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

WORKERS = sorted(path.name for path in (Path(__file__).parent / "workers").iterdir())
JAVASCRIPT = (".js", ".mjs")
CHECK = """
const ts = require("typescript");
const { programs, types } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const options = {
  allowImportingTsExtensions: true,
  allowJs: true,
  checkJs: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: [types],
  verbatimModuleSyntax: true,
};
const kept = new Map();
const problems = programs.map(({ files, unchecked }) => {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, ...rest) => {
    if (!name.includes("node_modules")) return read(name, ...rest);
    if (!kept.has(name)) kept.set(name, read(name, ...rest));
    return kept.get(name);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram(files, options, host))
    .filter((problem) => !unchecked.includes(problem.file?.fileName))
    .map((problem) => [
      problem.file?.fileName,
      ts.flattenDiagnosticMessageText(problem.messageText, " "),
    ]);
});
process.stdout.write(JSON.stringify(problems));
"""


def test_they_are_well_typed_beside_the_code_and_wired_into_it(
    node_tools, with_targets, add, tmp_path
):
    (tmp_path / "node_modules").symlink_to(node_tools.packages)
    programs = {}
    for name in WORKERS:
        root = with_targets(name)
        own = {path for path in root.rglob("*.*") if path.suffix in JAVASCRIPT}
        add(root, "diagnose", wire=True)
        add(root, "health", wire=True)
        add(root, "fallback")
        add(root, "facade")
        files = [*root.glob("caller/**/*.*"), *root.glob("caller-facade/**/*.*")]
        programs[name] = {
            "files": sorted(str(path) for path in files if path.suffix in (".ts", *JAVASCRIPT)),
            # JavaScript that was there makes no promises about types.
            "unchecked": sorted(map(str, own)),
        }
    given = {
        "programs": list(programs.values()),
        "types": str(node_tools.packages / "@cloudflare" / "workers-types"),
    }

    problems = json.loads(node_tools.run(CHECK, json.dumps(given)))

    assert dict(zip(programs, problems, strict=True)) == {name: [] for name in programs}
