"""A Durable Object class is bound that the Worker's module does not export.

A binding without `script_name` is for a class of the Worker's own, which its module has to export
under exactly that name. wrangler refuses to bundle such a Worker: `Your Worker depends on the
following Durable Objects, which are not exported in your entrypoint file`. Where a build gets past
that check, the runtime warns that no such class is exported, and every call to an object throws
`internal error`; so it does where the name is exported, but is no Durable Object class.

Nothing is claimed of modules whose exports cannot all be known (`export *` from a package), that a
build writes, or that are Python or Rust.

## Evidence

Measured with wrangler 3.99.0 and 4.164.0, and on workerd 1.20240404 to 1.20261023.

## Example

Before:

```jsonc
"durable_objects": { "bindings": [{ "name": "ROOMS", "class_name": "ChatRom" }] }
```

After, where the module says `export class ChatRoom extends DurableObject`:

```jsonc
"durable_objects": { "bindings": [{ "name": "ROOMS", "class_name": "ChatRoom" }] }
```

## By hand

Export the class from the module that `main` names (`export { ChatRoom } from "./chat-room"`), mend
its name, or give the Worker that has it as `script_name`. Where `migrations` or `exports` name the
class, they have to agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Export,
    ExportKind,
    Exports,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)
from codemod.rules.undeclared_binding import runs_other_code
from codemod.spelling import hint

EVIDENCE = Evidence(
    Mark.MEASURED,
    "wrangler 3.99.0 and 4.164.0 do not bundle such a Worker; on workerd 1.20240404 to 1.20261023 "
    "every call to an object is an internal error",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = ()

NAME = "durable-object-not-exported"

_IDENTIFIER = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
# All other classes can be objects, whatever they extend, and so can functions (measured).
_NO_OBJECTS = {
    ExportKind.OBJECT: "an object",
    ExportKind.WORKER_ENTRYPOINT: "a WorkerEntrypoint class",
    ExportKind.WORKFLOW: "a Workflow class",
}


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.DURABLE_OBJECT):
        if binding.service or runs_other_code(worker, deployment):
            continue
        fault = fault_of(worker, deployment, binding)
        if fault is not None:
            yield _finding(worker, deployment, binding, fault)


def fault_of(worker: Worker, deployment: Deployment, binding: Binding) -> str | None:
    """What is wrong with the class of ``worker`` that a binding of ``deployment`` is for, in words.

    None where the Worker exports it, and where that cannot be known. A class that cannot be called
    so stands in a template, which is no configuration yet.
    """
    exports, name = worker.exports, binding.class_name
    if not isinstance(exports, Exports) or name is None or not _IDENTIFIER.fullmatch(name):
        return None
    export = exports.get(name)
    if export is not None:
        kind = _NO_OBJECTS.get(export.kind)
        return f"its export {name} is {kind}, no Durable Object class" if kind else None
    return None if exports.open else f"it does not export {name}{_hint(exports, deployment, name)}"


def _classes(exports: Exports) -> Iterator[Export]:
    for export in exports.named:
        if export.kind not in _NO_OBJECTS and export.kind is not ExportKind.FUNCTION:
            yield export


def _hint(exports: Exports, deployment: Deployment, name: str) -> str:
    default = exports.default
    if default is not None and default.local_name == name and default.kind not in _NO_OBJECTS:
        return " but by default: it has to be exported by its name, too"
    bound = {binding.class_name for binding in deployment.bindings}
    free = [export.name for export in _classes(exports) if export.name not in bound]
    return hint(name, free)


def _finding(worker: Worker, deployment: Deployment, binding: Binding, fault: str) -> Finding:
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=None,
        location=binding.location,
        message=f"{binding.name}: bound to {binding.class_name} of {worker.main}, but {fault}",
        evidence=EVIDENCE,
        locations=(
            Related("binding", binding.location),
            *places_of_class(worker, binding),
        ),
    )


def places_of_class(worker: Worker, binding: Binding) -> Iterator[Related]:
    """What ``worker`` exports under the name of the class, and its configuration says of it."""
    exports, name = worker.exports, binding.class_name
    export = exports.get(name) if isinstance(exports, Exports) and name is not None else None
    if export is not None:
        yield Related(f"export {export.name}", export.location)
        for step in export.via:
            yield Related(f"export of {export.name}", step)
    steps = dict.fromkeys(
        step for deployment in worker.deployments for step in deployment.lifecycle
    )
    for mentioned in steps:
        if mentioned.class_name == name:
            yield Related(f"{name} is {mentioned.action}", mentioned.location)
