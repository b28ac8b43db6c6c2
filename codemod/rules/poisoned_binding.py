"""A plain service binding fetches a Worker that also exports classes beside its default object.

A binding without `entrypoint` leads to its target's default export. It is reported that in
production `.fetch()` on such a binding throws `Callback returned incorrect type; expected
'Promise'` as soon as the target also exports Durable Object, WorkerEntrypoint or Workflow
classes, unless the default export is itself a WorkerEntrypoint class.

The local runtime does not reproduce this: on workerd releases from 2024 to 2026 the call works.
There the message has another cause, a `fetch` that is not async and returns no Response. A
finding of this rule is therefore a precaution, not a proven fault.

## Evidence

Reported, by an article of April 2026 on service bindings and Durable Object exports (its fix
matrix, row 2; row 10 for a Workflow step, 12 for a Durable Object and 13 for a Pages Function as
the caller). Measured to work on workerd 1.20240404 to 1.20261117.

## Example

The target exports a Durable Object class beside its default object:

```ts
export { RunnerDO } from "./runner-do";

export default {
  async fetch(request: Request, env: Env): Promise<Response> { … },
};
```

Before, the caller's configuration:

```jsonc
{ "binding": "APIMOM", "service": "api-mom" }
```

After, with the strategy `entrypoint`:

```jsonc
{ "binding": "APIMOM", "service": "api-mom", "entrypoint": "default" }
```

## What the repair costs

`"entrypoint": "default"` is reported to work once deployed. Under `wrangler dev` it is measured
to fail: Workers started together do not start at all, and with each Worker in its own
`wrangler dev` of 4.164.0 every call throws `Worker does not export an entrypoint named "default"`.
So the fix is safe only where nothing in the repository says that its Workers run together on a
developer's machine, and unsafe otherwise.

## By hand

Add the key to every plain binding that fetches the target; or leave the binding as it is where
the call is known to work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

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
    Unknown,
    Usage,
    UsageKind,
    Worker,
)

EVIDENCE = Evidence(
    Mark.REPORTED,
    "an article of April 2026, fix matrix row 2; not reproduced on workerd 1.20240404 to "
    "1.20261117, where the call works",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.SAFE, Safety.UNSAFE, Safety.MANUAL)

NAME = "poisoned-binding"
_CLASS_NAMES = {
    ExportKind.DURABLE_OBJECT: "Durable Object",
    ExportKind.WORKER_ENTRYPOINT: "WorkerEntrypoint",
    ExportKind.WORKFLOW: "Workflow",
}
_BROKEN_ANYWAY = frozenset(
    {ExportKind.CLASS, ExportKind.FUNCTION, ExportKind.DURABLE_OBJECT, ExportKind.WORKFLOW}
)


class Shape(Enum):
    """What a target's exports mean for a plain binding to it."""

    CLEAN = auto()
    POISONED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A target's shape, the classes that poison it, or why the shape is unknown."""

    shape: Shape
    classes: tuple[Export, ...] = ()
    reason: str = ""


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        if not binding.entrypoint:
            yield from _check_binding(project, worker, deployment, binding)


def judge(project: Project, binding: Binding) -> Judgement:
    """What the exports of ``binding``'s target mean for a plain binding to it."""
    if isinstance(binding.target, Unknown):
        return Judgement(Shape.UNKNOWN, reason=binding.target.reason)
    resolved = project.resolve(binding.target)
    if resolved is None:
        return Judgement(Shape.UNKNOWN, reason="the target is not among the Workers read")
    exports = resolved[0].exports
    if isinstance(exports, Unknown):
        return Judgement(Shape.UNKNOWN, reason=exports.reason)
    return _judge_exports(exports)


def _judge_exports(exports: Exports) -> Judgement:
    default = exports.default
    if default is None and not exports.open:
        return Judgement(Shape.CLEAN)
    if default and (default.kind is ExportKind.WORKER_ENTRYPOINT or default.kind in _BROKEN_ANYWAY):
        return Judgement(Shape.CLEAN)
    classes = tuple(export for export in exports.named if export.kind in _CLASS_NAMES)
    unsure = [export for export in exports.named if export.kind is ExportKind.UNKNOWN]
    if not classes and not unsure and not exports.open:
        return Judgement(Shape.CLEAN)
    if default is None:
        return Judgement(Shape.UNKNOWN, classes, exports.open[0].reason)
    if default.kind is ExportKind.UNKNOWN:
        return Judgement(Shape.UNKNOWN, classes, f"its default export: {default.because}")
    if classes:
        return Judgement(Shape.POISONED, classes)
    if unsure:
        return Judgement(Shape.UNKNOWN, reason=f"its export {unsure[0].name}: {unsure[0].because}")
    return Judgement(Shape.UNKNOWN, reason=exports.open[0].reason)


def _check_binding(
    project: Project, worker: Worker, deployment: Deployment, binding: Binding
) -> Iterator[Finding]:
    uses = worker.usages.of(binding.name)
    matters = [use for use in uses if use.kind in (UsageKind.FETCH, UsageKind.PASSED_ON)]
    unseen = worker.usages.open
    if not matters and not unseen:
        return
    judgement = judge(project, binding)
    if judgement.shape is Shape.CLEAN:
        return
    target = binding.service or "this Worker"
    skipped = None
    if judgement.shape is Shape.UNKNOWN:
        message = f"cannot tell whether a plain binding to {target} is affected"
        skipped = judgement.reason
    else:
        names = ", ".join(f"{item.name} ({_CLASS_NAMES[item.kind]})" for item in judgement.classes)
        message = (
            f"plain binding to {target}, which exports {names} beside its default object: "
            "its .fetch() is reported to throw once deployed (the local runtime does not "
            "reproduce it)"
        )
        if not matters:
            message = f"plain binding to {target}, which exports {names}; no use of it is seen"
            skipped = f"whether the code fetches it cannot be told: {unseen[0].reason}"
    yield Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=f"{binding.name}: {message}",
        evidence=EVIDENCE,
        locations=tuple(_places(project, binding, judgement, matters)),
        skipped=skipped,
    )


def _places(
    project: Project, binding: Binding, judgement: Judgement, uses: list[Usage]
) -> Iterator[Related]:
    yield Related("binding", binding.location)
    resolved = project.resolve(binding.target)
    if resolved and isinstance(resolved[0].exports, Exports) and resolved[0].exports.default:
        yield Related("default export", resolved[0].exports.default.location)
    for export in judgement.classes:
        yield Related(f"{_CLASS_NAMES[export.kind]} class {export.name}", export.location)
        for step in export.via:
            yield Related(f"export of {export.name}", step)
    for use in uses:
        yield Related(f"{binding.name} is {_VERBS[use.kind]}", use.location)


_VERBS = {UsageKind.FETCH: "fetched", UsageKind.PASSED_ON: "passed on"}
