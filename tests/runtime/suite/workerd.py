"""A case on bare workerd: one process, one configuration, one test of the caller."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from suite.cases import CALLER, Binding, Case, DurableObject, Kind, Service, Text, Worker
from suite.outcomes import NOT_STARTED, caller_module, read_outcomes, tidy

LIMIT = 60  # seconds, for a busy machine
NETWORK = """
export default {
  async fetch(request) {
    const { method, url } = request;
    return new Response(`the network: ${method} ${url} ${await request.text()}`.trim());
  },
};
"""
SOURCE = re.compile(r"\S+\.(c\+\+|rs):\d+: ")
CONFIGURATION = """using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  {services}
]);
"""


def measure(case: Case, workerd: Path, folder: Path) -> list[str]:
    """The outcomes of a case's calls; ``folder`` is written to."""
    (folder / "internet.js").write_text(NETWORK, "utf-8")
    for worker in case.workers:
        code = caller_module(case, Kind.WORKERD) if worker.name == CALLER else worker.code
        (folder / f"{worker.name}.js").write_text(code, "utf-8")
    configuration = folder / "case.capnp"
    configuration.write_text(_configuration(case), "utf-8")
    process = subprocess.run(
        [workerd, "test", "--experimental", configuration, CALLER],
        cwd=folder,
        env={"PWD": str(folder)},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=LIMIT,
    )
    outcomes = read_outcomes(process.stdout)
    if outcomes is None:
        return [f"{NOT_STARTED} {_reason(process.stderr)}"] * len(case.calls)
    return [_with_log(outcome, process.stderr) for outcome in outcomes]


def _configuration(case: Case) -> str:
    # Whatever is asked of the network gets an answer that says so, and nothing leaves the machine.
    network = Worker("internet", NETWORK, case.caller.date, (), {})
    services = [_service(case, worker) for worker in (network, *case.workers)]
    return CONFIGURATION.replace("{services}", ",\n  ".join(services))


def _service(case: Case, worker: Worker) -> str:
    fields = [
        f'modules = [(name = "{worker.name}.js", esModule = embed "{worker.name}.js")]',
        f'compatibilityDate = "{worker.date}"',
        f"compatibilityFlags = {json.dumps(worker.flags)}",
        f"bindings = [{', '.join(_binding(*item) for item in worker.bindings.items())}]",
    ]
    classes = case.durable_objects(worker)
    if classes:
        namespaces = [f'(className = "{name}", uniqueKey = "{name}")' for name in classes]
        fields.append(f"durableObjectNamespaces = [{', '.join(namespaces)}]")
        fields.append("durableObjectStorage = (inMemory = void)")
    return f'(name = "{worker.name}", worker = ({", ".join(fields)}))'


def _binding(name: str, binding: Binding) -> str:
    match binding:
        case Service(worker, None):
            value = f'service = "{worker}"'
        case Service(worker, entrypoint):
            value = f'service = (name = "{worker}", entrypoint = "{entrypoint}")'
        case DurableObject(class_name, worker):
            value = (
                f'durableObjectNamespace = (className = "{class_name}", serviceName = "{worker}")'
            )
        case Text(text):
            value = f"text = {json.dumps(text)}"
        case _:
            raise ValueError(f"workerd has no binding for {binding}")
    return f'(name = "{name}", {value})'


def _reason(log: str) -> str:
    """What the runtime has against the configuration: lines that name no line of its source."""
    return tidy(" ".join(line for line in log.splitlines() if not SOURCE.match(line)))


def _with_log(outcome: str, log: str) -> str:
    """An internal error says nothing itself; what it is about stands in the runtime's log."""
    if "internal error" not in outcome:
        return outcome
    logged = [_message(line) for line in log.splitlines() if ": error: " in line]
    return f"{outcome} (logged: {'; '.join(dict.fromkeys(logged))})"


def _message(line: str) -> str:
    message = line.partition(": error: ")[2].partition("; sentryErrorContext")[0]
    return tidy(re.sub(r"^e = \S+ failed: (expected .*? != nullptr; )?", "", message))
