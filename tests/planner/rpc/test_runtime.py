"""The folders of ``conversions`` before the real tools: the type checker and the runtime."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECK = """
const ts = require("typescript");
const { files, types } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const options = {
  allowJs: true,
  checkJs: false,
  jsx: ts.JsxEmit.React,
  jsxFactory: "h",
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: [types],
};
const problems = ts.getPreEmitDiagnostics(ts.createProgram(files, options)).map((problem) => [
  problem.file ? problem.file.fileName : "",
  ts.flattenDiagnosticMessageText(problem.messageText, " "),
]);
process.stdout.write(JSON.stringify(problems));
"""


def test_the_conversions_are_as_well_typed_as_the_objects(node_tools, cases, tmp_path):
    for case in cases:
        folder = tmp_path / case.folder.name
        folder.mkdir()
        for path in case.folder.iterdir():
            (folder / path.name).write_text(path.read_text())
    types = Path(__file__).parent / "conversions" / "env.d.ts"
    (tmp_path / "env.d.ts").write_text(types.read_text())
    (tmp_path / "node_modules").symlink_to(node_tools.packages)
    files = [str(path) for path in tmp_path.rglob("*.*") if "node_modules" not in path.parts]
    given = {
        "files": [path for path in files if path.endswith((".ts", ".tsx", ".js", ".mjs"))],
        "types": str(node_tools.packages / "@cloudflare" / "workers-types"),
    }

    problems = json.loads(node_tools.run(CHECK, json.dumps(given)))

    assert not problems, "\n".join(": ".join(problem) for problem in problems)


def test_the_conversions_answer_as_the_objects_did(answers, cases):
    modules = {
        f"{case.folder.name}/{path.stem}": path
        for case in cases
        for path in (case.before, case.after)
    }

    given = answers(modules)

    for case in cases:
        name = case.folder.name
        before, after = given[f"{name}/before"], given[f"{name}/after"]
        assert after == before, name
        assert any(answer[0] == 200 for answer in before), f"{name} answers nothing: {before}"
