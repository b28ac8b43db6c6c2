import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from codemod import scan
from codemod.model import Edit, Project, Worker
from codemod.planner.refusal import Refusal
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.syntax.edits import apply_edits

_BUNDLE = """
const { files, outdir, packages } = JSON.parse(require("fs").readFileSync(0, "utf8"));
require("esbuild").buildSync({
  bundle: true,
  entryPoints: files,
  external: ["cloudflare:*"],
  format: "esm",
  jsxFactory: "h",
  logLevel: "error",
  nodePaths: [packages],
  outdir,
  tsconfigRaw: {},
});
process.stdout.write(require("workerd").default);
"""

_CALLER = """
const REQUESTS = [
  ["http://target/", {}],
  ["http://target/name", {}],
  ["http://target/echo?x=1", { method: "POST", body: "body" }],
];

async function outcome(work) {
  try {
    return await work();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

async function ask(target, [url, init]) {
  const response = await target.fetch(url, init);
  return [response.status, await response.text()];
}

async function drive(target) {
  const message = { id: "1", timestamp: new Date(0), body: { id: 7 }, attempts: 1 };
  const steps = [
    ...REQUESTS.map((request) => () => ask(target, request)),
    () => target.scheduled({ cron: "* * * * *", scheduledTime: new Date(0) }),
    () => target.queue("jobs", [message]),
    ...REQUESTS.map((request) => () => ask(target, request)),
  ];
  const outcomes = [];
  for (const step of steps) outcomes.push(await outcome(step));
  return outcomes;
}

export default {
  async test(_controller, env) {
    for (const name of Object.keys(env)) {
      console.log(JSON.stringify([name, await drive(env[name])]));
    }
  },
};
"""


@dataclass(frozen=True)
class Target:
    """A scanned repository whose Worker in the folder ``target`` is to be repaired."""

    project: Project
    modules: Modules
    worker: Worker

    def after(self, edits: Iterable[Edit]) -> dict[str, str]:
        """The files that ``edits`` change, by their paths in the folder ``target``."""
        by_path: dict[str, list[Edit]] = {}
        for edit in edits:
            by_path.setdefault(edit.path, []).append(edit)
        return {
            path.removeprefix("target/"): apply_edits(self.modules.files.read(path), made).decode()
            for path, made in by_path.items()
        }

    def place(self, refusal: Refusal) -> str | None:
        """The source text that a refusal points at, its first line alone."""
        location = refusal.location
        if location is None:
            return None
        content = self.modules.files.read(location.path)[location.span.start : location.span.end]
        return (content.decode().splitlines() or [""])[0]


Build = Callable[..., Target]


@pytest.fixture
def target(tmp_path: Path) -> Build:
    """Writes the Worker ``api-mom`` into the folder ``target`` and scans it.

    ``entry`` is its main module, ``files`` are others below ``target``, ``around`` files below the
    root. Text is written as it is, line ends included.
    """

    def build(
        entry: str,
        files: Mapping[str, str] | None = None,
        *,
        main: str = "index.ts",
        name: str = "api-mom",
        around: Mapping[str, str] | None = None,
    ) -> Target:
        configuration = f'{{ "name": "{name}", "main": "{main}" }}'
        target = {"wrangler.jsonc": configuration, main: entry, **(files or {})}
        written = {**{f"target/{path}": text for path, text in target.items()}, **(around or {})}
        for path, text in written.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        project = scan(tmp_path)
        worker = project.worker("target/wrangler.jsonc")
        assert worker is not None
        return Target(project, Modules(Files(tmp_path)), worker)

    return build


Outcomes = dict[str, list[object]]
Answers = Callable[..., Outcomes]


@pytest.fixture
def answers(node_tools, tmp_path: Path) -> Answers:
    """Runs Workers on workerd and gives what each answers to the same requests and events.

    ``modules`` are their entry modules by name, bundled as wrangler does it. ``entrypoints`` names
    the export that the caller is bound to, where that is not the default one.
    """

    def run(modules: Mapping[str, Path], entrypoints: Mapping[str, str] | None = None) -> Outcomes:
        given = {
            "files": {name: str(path) for name, path in modules.items()},
            "outdir": str(tmp_path),
            "packages": str(node_tools.packages),
        }
        workerd = node_tools.run(_BUNDLE, json.dumps(given))
        (tmp_path / "caller.js").write_text(_CALLER)
        (tmp_path / "config.capnp").write_text(_configuration(list(modules), entrypoints or {}))
        process = subprocess.run(
            [workerd, "test", "--experimental", "config.capnp", "caller"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert process.returncode == 0, process.stderr
        lines = (line for line in process.stdout.splitlines() if line.startswith("["))
        return dict(json.loads(line) for line in lines)

    return run


def _configuration(names: list[str], entrypoints: Mapping[str, str]) -> str:
    """A configuration of workerd: a service for each module, and a caller bound to all."""
    services = [
        f'(name = "{name}", worker = (compatibilityDate = "2026-01-01",'
        f' modules = [(name = "index.js", esModule = embed "{name}.js")],'
        ' bindings = [(name = "NAME", text = "atlas"), (name = "OTHER", text = "other"),'
        ' (name = "LIMITS", json = "{\\"a\\": 1}")]))'
        for name in names
    ]
    bindings = [
        f'(name = "{name}", service = (name = "{name}"'
        + (f', entrypoint = "{entrypoints[name]}"' if name in entrypoints else "")
        + "))"
        for name in names
    ]
    caller = (
        '(name = "caller", worker = (compatibilityDate = "2026-01-01",'
        ' compatibilityFlags = ["service_binding_extra_handlers"],'
        ' modules = [(name = "index.js", esModule = embed "caller.js")],'
        f" bindings = [{', '.join(bindings)}]))"
    )
    return (
        'using Workerd = import "/workerd/workerd.capnp";\n'
        "const config :Workerd.Config = (services = [\n"
        + ",\n".join([*services, caller])
        + "\n]);\n"
    )
