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
- ``gives``: what comes of it ``after``, and ``before`` where nothing fails: a response as status and
  body, anything else as JSON. Only a case that has no ``after`` goes without.
- ``environment``: the environment of the configurations; the top level where there is none of it.

Every Worker has its module, bundled by esbuild, its compatibility date and flags, ``vars``, service
bindings and Durable Objects. A service that is not in the case answers ``200 elsewhere <url>``, and
so does the Internet.
"""

from __future__ import annotations

import json
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
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
    Unknown,
    Worker,
)

HERE = Path(__file__).parent
ENOUGH = 60  # seconds for all calls together
DATE = "2026-05-12"  # of a configuration without one
DONE = "every call is made"

BUILD = """
const { entries, outdir, packages } = JSON.parse(require("fs").readFileSync(0, "utf8"));
require("esbuild").buildSync({
  entryPoints: entries, outdir, bundle: true, format: "esm", outExtension: { ".js": ".mjs" },
  external: ["cloudflare:*", "node:*"], nodePaths: [packages], tsconfigRaw: {}, target: "esnext",
  logLevel: "error",
});
"""
CALLER = """
const CALLS = [%s];

async function outcome(call, env) {
  try {
    const given = await call(env);
    return given instanceof Response ? `${given.status} ${await given.text()}` : JSON.stringify(given);
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

    side: Path
    index: int
    expression: str
    environment: str | None

    @property
    def key(self) -> str:
        return f"{self.side.relative_to(HERE).as_posix()} {self.index}"


@dataclass(frozen=True)
class Outcome:
    """What came of a call, and what the runtime said of the Workers before it."""

    given: str
    complaints: str


def runtime_of(folder: Path) -> list[dict]:
    return tomllib.loads((folder / "case.toml").read_text()).get("runtime", [])


CALLS = [
    (folder, index, call)
    for folder in sorted(path.parent for path in HERE.glob("*/*/case.toml"))
    for index, call in enumerate(runtime_of(folder))
]


def calls() -> Iterator[Call]:
    for folder, index, call in CALLS:
        for side in (folder / "before", folder / "after"):
            if side.exists():
                yield Call(side, index, call["call"], call.get("environment"))


# --- The runtime's configuration ------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One side of a case in one environment, as services of the runtime."""

    name: str
    project: Project
    environment: str | None

    def deployment(self, worker: Worker) -> Deployment:
        return worker.deployment(self.environment) or worker.deployments[0]

    def service(self, worker: Worker) -> str:
        return f"{self.name} {worker.config_path}"

    @property
    def workers(self) -> list[Worker]:
        return [worker for worker in self.project.workers if worker.main and not worker.shadowed_by]

    def services(self, bundles: dict[str, str]) -> Iterator[str]:
        for worker in self.workers:
            deployment = self.deployment(worker)
            parts = [
                f'modules = [(name = "index", esModule = embed {written(bundles[path])})]'
                for path in [f"{self.name}/{worker.main}"]
            ]
            parts += [
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
                names = f"className = {written(binding.class_name)}, serviceName = {written(service)}"
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


def written(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def listed(items) -> str:
    return f"[{', '.join(items)}]"


def module(path: str) -> str:
    return f'modules = [(name = "index", esModule = embed {written(path)})]'


def configuration(sides: list[Side], bundles: dict[str, str]) -> str:
    names = [side.service(worker) for side in sides for worker in side.workers]
    bindings = listed(f"(name = {written(name)}, service = {written(name)})" for name in names)
    flags = '["service_binding_extra_handlers"]'
    caller = f"{module('caller.mjs')}, compatibilityFlags = {flags}, bindings = {bindings}"
    services = [
        f'(name = "caller", worker = ({caller}, compatibilityDate = "{DATE}"))',
        f'(name = "elsewhere", worker = ({module("elsewhere.mjs")}, compatibilityDate = "{DATE}"))',
        *(service for side in sides for service in side.services(bundles)),
    ]
    joined = ",\n".join(services)
    return (
        'using Workerd = import "/workerd/workerd.capnp";\n'
        f"const config :Workerd.Config = (services = [\n{joined}\n]);\n"
    )


def caller(made: list[tuple[Call, Side]]) -> str:
    entries = [
        f"{{ key: {written(call.key)}, call: async (env) => ({call.expression}), "
        f"workers: {json.dumps([[side.deployment(w).name, side.service(w)] for w in side.workers])} }}"
        for call, side in made
    ]
    return CALLER % (",\n".join(entries), DONE)


# --- The run --------------------------------------------------------------------------------


def run(node_tools, folder: Path) -> dict[str, Outcome]:
    """The outcome of every call, all of them made by one process."""
    sides: dict[tuple[Path, str | None], Side] = {}
    for call in calls():
        name = f"{call.side.relative_to(HERE).as_posix()} {call.environment or ''}".strip()
        key = call.side, call.environment
        sides.setdefault(key, Side(name, scan(call.side), call.environment))
    bundles = bundle(node_tools, sides, folder)
    made = [(call, sides[call.side, call.environment]) for call in calls()]
    (folder / "caller.mjs").write_text(caller(made))
    (folder / "elsewhere.mjs").write_text(ELSEWHERE)
    (folder / "config.capnp").write_text(configuration(list(sides.values()), bundles))
    lines = workerd(node_tools, folder)
    given = dict(json.loads(line) for line in lines if line.startswith('["'))
    assert given.keys() == {call.key for call, _ in made}, "\n".join(lines)
    return {
        call.key: Outcome(
            given[call.key],
            "\n".join(line for line in lines if f'service {side.name} ' in line),
        )
        for call, side in made
    }
