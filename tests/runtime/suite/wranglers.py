"""A case in wrangler: in ``wrangler dev`` and ``wrangler pages dev``, or given to a command."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import ExitStack
from pathlib import Path

from programs import Programs
from suite.cases import (
    CALLER,
    Case,
    DurableObject,
    Kind,
    Service,
    Step,
    Text,
    Worker,
    Workflow,
)
from suite.outcomes import NOT_STARTED, caller_module, tidy

ANSI = re.compile(r"\x1b\[[0-9;]*m")
# What a server says of another one that has not made itself known yet.
NOT_CONNECTED = re.compile(r"Couldn't find `wrangler dev` session|Make sure it is running locally")
# What wrangler says when its runtime has ended, before or after it passes on what that said.
RUNTIME_ENDED = "The Workers runtime failed to start."
STARTS = 3
MAIN = "index.js"
CONFIGURATION = "wrangler.json"


def measure(case: Case, kind: Kind, programs: Programs, folder: Path) -> list[str]:
    """The outcomes of a case's calls, or of its commands; ``folder`` is written to."""
    _write(case, kind, folder)
    if kind is Kind.COMMAND:
        return [_command(step, programs, folder) for step in case.commands]
    for _ in range(STARTS):
        outcomes = _serve(case, kind, programs, folder)
        if not all(RUNTIME_ENDED in outcome for outcome in outcomes):
            break
    return outcomes


def _serve(case: Case, kind: Kind, programs: Programs, folder: Path) -> list[str]:
    """The outcomes of a case's calls in servers that are started for them."""
    with ExitStack() as running:
        for command in _targets_first(case, kind):
            where = folder / CALLER if command[0] == "pages" else folder
            development = running.enter_context(programs.development(*command, folder=where))
            answer = development.first_answer("/", unless=NOT_CONNECTED)
        if answer is None:
            log = development.log.read_text("utf-8")
            return [f"{NOT_STARTED} {reason(log)}"] * len(case.calls)
    assert answer.status == 200, answer.body
    return [tidy(outcome) for outcome in answer.json()]


def _targets_first(case: Case, kind: Kind) -> list[list[str]]:
    """The commands that serve a case; the last one serves the caller."""
    if kind is Kind.TOGETHER:
        names = [CALLER, *(worker.name for worker in case.workers[:-1])]
        return [["dev", *(text for name in names for text in ("-c", f"{name}/{CONFIGURATION}"))]]
    own = [["dev", "-c", f"{worker.name}/{CONFIGURATION}"] for worker in case.workers]
    return own if kind is Kind.APART else [*own[:-1], ["pages", "dev"]]


def _write(case: Case, kind: Kind, folder: Path) -> None:
    for worker in case.workers:
        home = folder / worker.name
        is_caller = worker.name == CALLER
        function = is_caller and kind is Kind.PAGES
        module = home / "functions" / MAIN if function else home / MAIN
        module.parent.mkdir(parents=True)
        module.write_text(caller_module(case, kind) if is_caller else worker.code, "utf-8")
        entry = {"pages_build_output_dir": "."} if function else {"main": MAIN}
        configuration = entry | _configuration(case, worker)
        (home / CONFIGURATION).write_text(json.dumps(configuration), "utf-8")
        # Without one of its own, the package of a folder above would be taken for the project.
        (home / "package.json").write_text("{}", "utf-8")
    for path, text in case.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def _configuration(case: Case, worker: Worker) -> dict[str, object]:
    services, objects, workflows, texts = [], [], [], {}
    for name, binding in worker.bindings.items():
        match binding:
            case Service(target, entrypoint):
                named = {} if entrypoint is None else {"entrypoint": entrypoint}
                services.append({"binding": name, "service": target} | named)
            case DurableObject(class_name, owner):
                script = {} if owner == worker.name else {"script_name": owner}
                objects.append({"name": name, "class_name": class_name} | script)
            case Workflow(class_name):
                workflows.append({"binding": name, "name": name, "class_name": class_name})
            case Text(text):
                texts[name] = text
    classes = case.durable_objects(worker)
    configuration = {
        "name": worker.name,
        "compatibility_date": worker.date,
        "compatibility_flags": worker.flags,
        "services": services,
        "durable_objects": {"bindings": objects} if objects else {},
        "migrations": [{"tag": "v1", "new_classes": classes}] if classes else [],
        "workflows": workflows,
        "vars": texts,
    }
    return {key: value for key, value in configuration.items() if value}


def reason(log: str) -> str:
    """What wrangler ended with: its first error, which says more than the ones that follow.

    That its runtime has ended is the reason only where nothing else is: it can be told before
    what the runtime said, and wrangler can end before it has read that.
    """
    lines = ANSI.sub("", log).splitlines()
    errors = [tidy(line.partition("[ERROR]")[2]) for line in lines if "ERROR" in line]
    assert errors, log
    return next((error for error in errors if not error.startswith(RUNTIME_ENDED)), errors[0])


def _command(step: Step, programs: Programs, folder: Path) -> str:
    program, *arguments = shlex.split(step.does)
    if program == "tsc":
        output = programs.tsc(folder).output
    else:
        output = programs.wrangler(*arguments, folder=folder).output
    shown = re.finditer(step.shows, ANSI.sub("", output), re.MULTILINE)
    return tidy(" ".join(match[0] for match in shown)) or "nothing of the kind"
