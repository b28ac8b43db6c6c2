"""Cases of the rules on the real runtime: what is found to fail does, and its repaired form works.

A case takes part by the tables ``[[runtime]]`` of its ``case.toml``, one for each call::

    [[runtime]]
    call = 'env["shop"].fetch("https://shop/")'
    fails = "Invalid URL: /stock"
    gives = "200 stock of the shop"

- ``call``: a JavaScript expression. Its ``env`` has a service binding to every Worker of the case,
  under its deployed name; beside ``fetch`` and methods, ``scheduled`` and ``queue`` can be called.
- ``fails``: a part of what comes of it ``before``: what the call throws or gives, or what the
  runtime has against the Worker's configuration. Without it, ``before`` has to work.
- ``gives``: what comes of it ``after``, and ``before`` where nothing fails: a response as its
  status and body, anything else as JSON. Only a case that has no ``after`` goes without.
  Where there is no repair, a folder ``by_hand`` may hold the mended form in the place of ``after``.
- ``environment``: the environment of the configurations; the top level where there is none of it.

Every Worker has its module, bundled by esbuild, its compatibility date and flags, ``vars``, service
bindings and Durable Objects. A service that is not in the case answers ``200 elsewhere <url>``, and
so does the Internet.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from codemod import scan
from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    LifecycleAction,
    Project,
    Worker,
)

HERE = Path(__file__).parent
ENOUGH = 60  # seconds for all calls together
DATE = "2026-05-12"  # of a configuration without one
DONE = "every call is made"

BUNDLE = """
const { entryPoints, outdir, packages } = JSON.parse(require("fs").readFileSync(0, "utf8"));
require("esbuild").buildSync({
  entryPoints, outdir, bundle: true, format: "esm", target: "esnext", logLevel: "error",
  external: ["cloudflare:*", "node:*"], nodePaths: [packages], tsconfigRaw: {},
});
"""
CALLER = """
const CALLS = [%s];

async function outcome(call, env) {
  try {
    const given = await call(env);
    if (given instanceof Response) return `${given.status} ${await given.text()}`;
    return JSON.stringify(given) ?? "undefined";
  } catch (error) {
    return String(error?.message ?? error);
  }
}

export default {
  async test(controller, env) {
    for (const { key, workers, call } of CALLS) {
      const bindings = Object.fromEntries(workers.map(([name, service]) => [name, env[service]]));
      console.log(JSON.stringify([key, await outcome(call, bindings)]));
    }
    console.log("%s");
  },
};
"""
ELSEWHERE = """
export default { fetch: (request) => new Response(`elsewhere ${request.url}`) };
"""


@dataclass(frozen=True)
class Call:
    """A call that a case makes, on one of its two sides."""

    folder: Path
    index: int
    expression: str
    environment: str | None

    @property
    def key(self) -> str:
        return f"{name_of(self.folder)} {self.index}"


@dataclass(frozen=True)
class Outcome:
    """What came of a call, and what the runtime has against the configuration."""

    given: str
    complaints: str = ""


def runtime_of(folder: Path) -> list[dict]:
    return tomllib.loads((folder / "case.toml").read_text()).get("runtime", [])


CALLS = [
    (folder, index, call)
    for folder in sorted(path.parent for path in HERE.glob("*/*/case.toml"))
    for index, call in enumerate(runtime_of(folder))
]


def calls() -> Iterator[Call]:
    for folder, index, call in CALLS:
        for side in (folder / "before", *mended(folder)):
            yield Call(side, index, call["call"], call.get("environment"))


def mended(folder: Path) -> list[Path]:
    """The case as it is when nothing fails any more: as wfix leaves it, or a person."""
    return [side for side in (folder / "after", folder / "by_hand") if side.exists()]


# --- The runtime's configuration ------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One side of a case in one environment, as services of the runtime."""

    folder: Path
    environment: str | None
    project: Project

    @property
    def name(self) -> str:
        return f"{name_of(self.folder)} {self.environment or ''}".strip()

    def deployment(self, worker: Worker) -> Deployment:
        return worker.deployment(self.environment) or worker.deployments[0]

    def service(self, worker: Worker) -> str:
        return f"{self.name} {worker.config_path}"

    @property
    def named_services(self) -> list[tuple[str, str]]:
        """The Workers' deployed names, and the services that stand for them."""
        return [
            (worker.name_of(self.deployment(worker)), self.service(worker))
            for worker in self.workers
        ]

    def complaints(self, lines: Iterable[str]) -> str:
        """What the runtime says of the configuration of one of the services."""
        quoted = [written(self.service(worker)) for worker in self.workers]
        found = [line for line in lines if any(name in line for name in quoted)]
        return "\n".join(line for line in found if not line.startswith('["'))

    @property
    def workers(self) -> list[Worker]:
        return [worker for worker in self.project.workers if worker.main and not worker.shadowed_by]

    def services(self) -> Iterator[str]:
        for worker in self.workers:
            deployment = self.deployment(worker)
            parts = [
                module(bundle_name(self.folder, worker)),
                f"compatibilityDate = {written(deployment.compatibility_date or DATE)}",
                f"compatibilityFlags = {listed(map(written, deployment.compatibility_flags))}",
                f"bindings = {listed(self._bindings(worker, deployment))}",
                f"durableObjectNamespaces = {listed(self._namespaces(worker))}",
                'durableObjectStorage = (inMemory = void), globalOutbound = "elsewhere"',
            ]
            yield f"(name = {written(self.service(worker))}, worker = ({', '.join(parts)}))"

    def _bindings(self, worker: Worker, deployment: Deployment) -> Iterator[str]:
        for variable in deployment.variables:
            if variable.value is not None:
                yield f"(name = {written(variable.name)}, text = {written(variable.value)})"
        for binding in deployment.bindings:
            service = self._target(worker, binding)
            if binding.kind is BindingKind.SERVICE:
                entrypoint = binding.entrypoint
                named = f", entrypoint = {written(entrypoint)}" if entrypoint else ""
                value = f"service = (name = {written(service)}{named})"
            elif binding.kind is BindingKind.DURABLE_OBJECT and binding.class_name:
                names = (
                    f"className = {written(binding.class_name)}, serviceName = {written(service)}"
                )
                value = f"durableObjectNamespace = ({names})"
            else:
                continue
            yield f"(name = {written(binding.name)}, {value})"

    def _target(self, worker: Worker, binding: Binding) -> str:
        if binding.service is None:
            return self.service(worker)
        resolved = self.project.resolve(binding.target)
        return self.service(resolved[0]) if resolved else "elsewhere"

    def _namespaces(self, worker: Worker) -> Iterator[str]:
        """The Durable Object classes that some Worker binds; with SQLite unless made without."""
        bound = {
            binding.class_name
            for other in self.workers
            for binding in self.deployment(other).of_kind(BindingKind.DURABLE_OBJECT)
            if self._target(other, binding) == self.service(worker)
        }
        for name in sorted(filter(None, bound)):
            is_legacy = any(
                step.class_name == name and step.action is LifecycleAction.CREATED
                for step in self.deployment(worker).lifecycle
            )
            key = f"uniqueKey = {written(f'{self.service(worker)} {name}')}"
            yield f"(className = {written(name)}, {key}, enableSql = {str(not is_legacy).lower()})"


def configuration(sides: Iterable[Side]) -> str:
    names = [side.service(worker) for side in sides for worker in side.workers]
    bindings = listed(f"(name = {written(name)}, service = {written(name)})" for name in names)
    services = [
        f'(name = "caller", worker = ({module("caller")}, compatibilityDate = "{DATE}", '
        f'compatibilityFlags = ["service_binding_extra_handlers"], bindings = {bindings}))',
        f'(name = "elsewhere", worker = ({module("elsewhere")}, compatibilityDate = "{DATE}"))',
        *(service for side in sides for service in side.services()),
    ]
    return (
        'using Workerd = import "/workerd/workerd.capnp";\n'
        f"const config :Workerd.Config = (services = {listed(services)});\n"
    )


def calling(made: dict[Call, Side]) -> str:
    """The module of the Worker that makes the calls, and writes a line about each."""
    entries = (
        f"{{ key: {written(call.key)}, call: async (env) => ({call.expression}), "
        f"workers: {json.dumps(side.named_services)} }}"
        for call, side in made.items()
    )
    return CALLER % (",\n".join(entries), DONE)


def written(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def listed(items: Iterable[str]) -> str:
    return "[" + ",\n".join(items) + "]"


def module(name: str) -> str:
    return f'modules = [(name = "index", esModule = embed {written(name + ".js")})]'


def name_of(side: Path) -> str:
    return side.relative_to(HERE).as_posix()


def bundle_name(side: Path, worker: Worker) -> str:
    return f"{name_of(side)}/{worker.main}"


# --- The run --------------------------------------------------------------------------------


def run(node_tools, folder: Path) -> dict[str, Outcome]:
    """The outcomes of all calls, which one process makes."""
    sides: dict[tuple[Path, str | None], Side] = {}
    made: dict[Call, Side] = {}
    for call in calls():
        key = call.folder, call.environment
        if key not in sides:
            sides[key] = Side(*key, scan(call.folder))
        made[call] = sides[key]
    bundle(node_tools, sides.values(), folder)
    (folder / "caller.js").write_text(calling(made))
    (folder / "elsewhere.js").write_text(ELSEWHERE)
    (folder / "config.capnp").write_text(configuration(sides.values()))
    lines = list(said_by_workerd(node_tools, folder / "config.capnp"))
    given = dict(json.loads(line) for line in lines if line.startswith('["'))
    assert given.keys() == {call.key for call in made}, "\n".join(lines)
    return {
        call.key: Outcome(given[call.key], side.complaints(lines)) for call, side in made.items()
    }


def bundle(node_tools, sides: Iterable[Side], folder: Path) -> None:
    entries = {
        bundle_name(side.folder, worker): str(side.folder / worker.main)
        for side in sides
        for worker in side.workers
    }
    points = [{"in": path, "out": name} for name, path in entries.items()]
    given = {"entryPoints": points, "outdir": str(folder), "packages": str(node_tools.packages)}
    node_tools.run(BUNDLE, json.dumps(given))


def said_by_workerd(node_tools, config: Path) -> Iterator[str]:
    """What the runtime writes until every call is made.

    While it watches its configuration, it runs the services that have no fault beside those that
    have one, and waits for changes at the end.
    """
    program = node_tools.run("process.stdout.write(require('workerd').default)")
    process = subprocess.Popen(
        [program, "test", "--experimental", "--watch", config, "caller"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    watchdog = threading.Timer(ENOUGH, process.kill)
    watchdog.start()
    try:
        for line in process.stdout:
            yield line.rstrip("\n")
            if DONE in line:
                return
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="session")
def outcomes(node_tools, tmp_path_factory) -> dict[str, Outcome]:
    """Run once, whichever of the parallel processes comes first."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "runtime"
    kept = folder / "outcomes.json"
    with FileLock(shared / "runtime.lock"):
        if not kept.exists():
            folder.mkdir()
            found = run(node_tools, folder)
            kept.write_text(json.dumps({key: asdict(value) for key, value in found.items()}))
    return {key: Outcome(**value) for key, value in json.loads(kept.read_text()).items()}


@pytest.mark.parametrize(
    ("folder", "index", "expected"),
    [pytest.param(*call, id=f"{call[0].parent.name}/{call[0].name}/{call[1]}") for call in CALLS],
)
def test_call(folder, index, expected, outcomes):
    before = outcomes[f"{name_of(folder / 'before')} {index}"]

    if "fails" in expected:
        assert expected["fails"] in before.given or expected["fails"] in before.complaints
    else:
        assert before == Outcome(expected["gives"])
    for side in mended(folder):
        assert outcomes[f"{name_of(side)} {index}"] == Outcome(expected["gives"])
