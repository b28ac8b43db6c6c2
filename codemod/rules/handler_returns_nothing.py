"""A path through a Worker's `fetch` gives no Response, so that requests which take it fail.

The runtime takes a Response, or a Promise of one, from `fetch`. A `fetch` that is not async and
comes to its end without `return`, or returns a string or an object, throws `Callback returned
incorrect type; expected 'Promise'`; an async one `Incorrect type for Promise: the Promise did not
resolve to 'Response'.` The caller of a service binding gets the exception, a visitor the status
500.

The rule looks at the default export, at entrypoints that a binding names, at WorkerEntrypoint and
Durable Object classes, wherever the function stands. It claims only paths that nothing seems to
forbid: not those behind a call that may never come back, nor a `switch` that may cover every case.
A `fetch` that calls `passThroughOnException` is left alone.

## Evidence

Measured on workerd 1.20240404 to 1.20261023, for objects, WorkerEntrypoint classes and Durable
Object classes.

## Example

Before:

```ts
export default {
  fetch(request: Request, env: Env) {
    handle(request, env);
  },
};
```

After:

```ts
export default {
  fetch(request: Request, env: Env) {
    return handle(request, env);
  },
};
```

## By hand

End every path with `return` and a Response; one that nothing else serves with
`return new Response("Not found", { status: 404 })`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from codemod.model import (
    BindingKind,
    DeadEnd,
    Evidence,
    Export,
    ExportKind,
    Exports,
    Finding,
    Handler,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261023: the request fails with `Callback returned incorrect type; "
    "expected 'Promise'`, or `Incorrect type for Promise` where the function is async",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.UNSAFE,)

NAME = "handler-returns-nothing"
_CLASSES = frozenset({ExportKind.DURABLE_OBJECT, ExportKind.WORKER_ENTRYPOINT})
_IN_PROMISE = "Incorrect type for Promise: the Promise did not resolve to 'Response'."
_AT_ONCE = "Callback returned incorrect type; expected 'Promise'"


def check(project: Project) -> Iterator[Finding]:
    seen = set()
    bound = _bound(project)
    for worker in project.in_use:
        if worker.generated:
            continue
        for export in _fetched(worker, bound.get(worker.config_path, set())):
            handler = export.handler("fetch")
            if handler and handler.dead_ends and handler.dead_ends[0].location not in seen:
                seen.add(handler.dead_ends[0].location)
                yield _finding(worker, export, handler)


def _bound(project: Project) -> dict[str, set[str]]:
    """The entrypoints that bindings name, by the path of their Worker's configuration."""
    bound: dict[str, set[str]] = {}
    for _, _, binding in project.bindings(BindingKind.SERVICE):
        resolved = project.resolve(binding.target)
        if resolved and binding.entrypoint:
            bound.setdefault(resolved[0].config_path, set()).add(binding.entrypoint)
    return bound


def _fetched(worker: Worker, bound: Collection[str]) -> Iterator[Export]:
    """The exports whose ``fetch`` the runtime calls, as far as the repository shows."""
    exports = worker.exports
    if not isinstance(exports, Exports):
        return
    if exports.default and exports.default.kind in (ExportKind.OBJECT, *_CLASSES):
        yield exports.default
    for export in exports.named:
        if export.kind in _CLASSES or (export.kind is ExportKind.OBJECT and export.name in bound):
            yield export


def _finding(worker: Worker, export: Export, handler: Handler) -> Finding:
    first = handler.dead_ends[0]
    name = "fetch" if export.name == "default" else f"{export.name}.fetch"
    thrown = _IN_PROMISE if first.in_promise else _AT_ONCE
    return Finding(
        rule=NAME,
        worker=worker.name or worker.config_path,
        environment=None,
        binding=None,
        target=None,
        location=first.location,
        message=f'{name} may give {first.given} and no Response: "{thrown}"',
        evidence=EVIDENCE,
        locations=(
            Related("fetch", handler.location),
            *(Related(_label(end), end.location) for end in handler.dead_ends),
        ),
    )


def _label(end: DeadEnd) -> str:
    return f"a path ends here and gives {end.given}"
