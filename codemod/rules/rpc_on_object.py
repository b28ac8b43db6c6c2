"""A method of a plain object is called over a binding with other than exactly one argument.

Where a target exports a plain object, its functions can be called over RPC too: each receives
`(argument, env, ctx)`. So the call has to give exactly one argument. With none or several it throws
`Attempted to call RPC function "m" with the wrong number of arguments. …`. Methods of a
WorkerEntrypoint class take any number.

Calls with one argument work and are no findings. A method that the object lacks is
`rpc-method-missing`'s.

## Evidence

Measured on workerd 1.20240404 to 1.20261117.

## Example

The caller makes the call `env.PRICES.total("shoes", 3)`. Before, in the target:

```ts
export default {
  async fetch(): Promise<Response> { … },
  total(item: string, amount: number) { … },
};
```

After, with the strategy `rpc`:

```ts
import { WorkerEntrypoint } from "cloudflare:workers";

export default class Prices extends WorkerEntrypoint<Env> {
  async fetch(): Promise<Response> { … }
  total(item: string, amount: number) { … }
}
```

## By hand

Make the object a WorkerEntrypoint class, in which `this.env` and `this.ctx` stand for the second
and third argument; or pass one argument, an object with all that the function needs.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Export,
    ExportForm,
    ExportKind,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    Usage,
    Worker,
)
from codemod.rules import rpc_method_missing
from codemod.rules.default_entrypoint_in_dev import DEFAULT_ENTRYPOINT
from codemod.rules.missing_entrypoint import export_of
from codemod.rules.rpc_compatibility import goes_over_rpc

EVIDENCE = Evidence(
    Mark.MEASURED,
    'workerd 1.20240404 to 1.20261117: `Attempted to call RPC function "m" with the wrong number '
    "of arguments`",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.SAFE,)

NAME = "rpc-on-object"


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        export = export_of(project, binding)
        if not isinstance(export, Export) or not _is_plain_object(export):
            continue
        calls = [
            use
            for use in wrong_calls(worker, deployment, binding)
            if rpc_method_missing.reason(export, use) is None
        ]
        if calls:
            yield _finding(worker, deployment, binding, export, calls)


def wrong_calls(worker: Worker, deployment: Deployment, binding: Binding) -> Iterator[Usage]:
    """The calls over RPC that a plain object cannot take, were it what ``binding`` leads to."""
    for use in worker.usages.of(binding.name):
        if use.argument_count in (1, None) or worker.usages.others_at(use):
            continue
        if goes_over_rpc(deployment, use):
            yield use


def _is_plain_object(export: Export) -> bool:
    return export.kind is ExportKind.OBJECT and export.form is not ExportForm.SERVICE_WORKER


def _finding(
    worker: Worker, deployment: Deployment, binding: Binding, export: Export, calls: list[Usage]
) -> Finding:
    made = ", ".join(dict.fromkeys(f"{use.method}() with {_counted(use)}" for use in calls))
    named = binding.entrypoint not in (None, DEFAULT_ENTRYPOINT)
    what = f"{export.name} of" if named else "the default export of"
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=(
            f"{binding.name}: RPC {made}, and {what} {binding.service} is a plain object, whose "
            "functions take exactly one"
        ),
        evidence=EVIDENCE,
        locations=(
            Related("binding", binding.location),
            *(Related(f"{use.method} of {binding.name} is called", use.location) for use in calls),
            Related(f"export {export.name}", export.location),
            *(Related(f"export of {export.name}", step) for step in export.via),
            *_functions(export, calls),
        ),
        no_fix="only a default object is made a class: do the same with this one"
        if named
        else None,
    )


def _counted(use: Usage) -> str:
    return f"{use.argument_count or 'no'} arguments"


def _functions(export: Export, calls: list[Usage]) -> Iterator[Related]:
    called = {use.method for use in calls}
    named = {item.name: item.location for item in export.handlers}
    named |= {item.name: item.location for item in export.members}
    for name, location in named.items():
        if name in called:
            yield Related(f"function {name}", location)
