"""A handler of a class uses parameters `env` and `ctx`, which the runtime gives to objects alone.

The handlers of an exported object get `(event, env, ctx)`. On a class that extends WorkerEntrypoint
or DurableObject the second and third are always undefined: there they are `this.env` and
`this.ctx`. A class made of an object by hand so throws `Cannot read properties of undefined
(reading 'API')`, or passes undefined on.

Parameters that nothing uses do no harm and are left alone, and so are those with a default, those
that the code asks for whether they are there, and those of methods that a caller in the repository
calls over RPC with arguments of its own.

## Evidence

Measured on workerd 1.20240404 to 1.20261117 for `fetch`, `scheduled` and `queue` of
WorkerEntrypoint classes and for `fetch` and `alarm` of Durable Object classes; on 1.20261023 for
`tail`, `tailStream` and `test`; documented for `email`.

## Example

Before:

```ts
export default class extends WorkerEntrypoint<Env> {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.API.fetch(request);
  }
}
```

After:

```ts
export default class extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    return this.env.API.fetch(request);
  }
}
```

## By hand

Take the parameters out, and read `this.env` and `this.ctx`; in functions that have a `this` of
their own, a constant declared outside them.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    BindingKind,
    Evidence,
    Export,
    ExportKind,
    Exports,
    Finding,
    Handler,
    Location,
    Mark,
    Parameter,
    ParameterRole,
    Project,
    Related,
    Safety,
    UsageKind,
    Worker,
)
from codemod.scanner.handlers import ENTRYPOINT_HANDLERS

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261117: the second and third argument are undefined",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.SAFE,)

NAME = "class-handler-parameters"
_HANDLERS = {
    ExportKind.WORKER_ENTRYPOINT: ENTRYPOINT_HANDLERS - {"connect"},
    ExportKind.DURABLE_OBJECT: frozenset({"alarm", "fetch"}),
}
_PROPERTIES = {ParameterRole.ENV: "env", ParameterRole.CONTEXT: "ctx"}


def check(project: Project) -> Iterator[Finding]:
    seen: set[Location] = set()
    for worker in project.in_use:
        if worker.generated or not isinstance(worker.exports, Exports):
            continue
        for export in filter(None, (worker.exports.default, *worker.exports.named)):
            for handler in export.handlers:
                if handler.location in seen or not _is_given_nothing(
                    project, worker, export, handler
                ):
                    continue
                seen.add(handler.location)
                yield _finding(worker, export, handler)


def relied_on(handler: Handler) -> tuple[Parameter, ...]:
    """The ``env`` and ``ctx`` parameters that a handler needs to be given."""
    return tuple(
        parameter
        for parameter in handler.parameters
        if parameter.role in _PROPERTIES and parameter.relied_on
    )


def _is_given_nothing(project: Project, worker: Worker, export: Export, handler: Handler) -> bool:
    """Whether a handler relies on parameters that nothing gives it."""
    if handler.name not in _HANDLERS.get(export.kind, ()) or not relied_on(handler):
        return False
    return not any(
        usage.kind is UsageKind.RPC and usage.method == handler.name and usage.argument_count != 1
        for caller, _, binding in project.bindings(BindingKind.SERVICE)
        if (resolved := project.resolve(binding.target)) and resolved[0] == worker
        for usage in caller.usages.of(binding.name)
    )


def _finding(worker: Worker, export: Export, handler: Handler) -> Finding:
    parameters = relied_on(handler)
    owner = export.local_name or ("the default class" if export.name == "default" else export.name)
    names = " and ".join(_PROPERTIES[each.role] for each in parameters)
    instead = " and ".join(f"this.{_PROPERTIES[each.role]}" for each in parameters)
    verb = "is" if len(parameters) == 1 else "are"
    return Finding(
        rule=NAME,
        worker=worker.name or worker.config_path,
        environment=None,
        binding=None,
        target=None,
        location=parameters[0].location,
        message=(
            f"{handler.name} of {owner}: {names} {verb} undefined on a class, where the runtime "
            f"gives a handler its event alone: use {instead}"
        ),
        evidence=EVIDENCE,
        locations=(
            Related(handler.name, handler.location),
            *(
                Related(f"parameter for {_PROPERTIES[each.role]}", each.location)
                for each in parameters
            ),
            *(
                Related(f"{_PROPERTIES[each.role]} is used", place)
                for each in parameters
                for place in each.relied_on
                if place != each.location
            ),
        ),
    )
