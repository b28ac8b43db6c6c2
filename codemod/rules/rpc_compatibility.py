"""A method is called over a binding by a Worker whose compatibility date is before RPC.

Before 2024-04-03, bindings have no methods of their target's: `env.API.ping()` throws `env.API.ping
is not a function`, whatever the target exports. It is the caller's compatibility date that counts;
the target's makes no difference. The flag `rpc` gives a Worker with an older date the methods, and
`no_rpc` takes them away from one with a newer date.

Where no date is configured nothing is claimed: `wrangler dev` then takes a recent one, and
`wrangler deploy` wants one on its command line. Before 2024-03-26 a binding has its own `get`,
`put` and `delete`, which are no RPC.

## Evidence

Measured on workerd 1.20240404 to 1.20261117; the dates and flags are those of workerd's
`compatibility-date.capnp` (`rpc`, `no_rpc`, `fetcher_no_get_put_delete`).

## Example

Before, in the caller's configuration:

```jsonc
"compatibility_date": "2023-11-21",
"compatibility_flags": ["nodejs_compat"],
```

After:

```jsonc
"compatibility_date": "2023-11-21",
"compatibility_flags": ["nodejs_compat", "rpc"],
```

With the flag a binding answers to every name: `typeof env.API.anything` is `"function"`.

## By hand

Add the flag, or raise the compatibility date to 2024-04-03 or later after reading what else changes
with it. Both at once is refused: with such a date the flag `rpc` must not be given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    Usage,
    UsageKind,
    Worker,
)

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261117: `env.X.m is not a function`; dates and flags as in "
    "workerd's compatibility-date.capnp",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.SAFE,)

NAME = "rpc-compatibility"
FLAG = "rpc"
NO_FLAG = "no_rpc"
DATE = "2024-04-03"
"""Bindings have methods from this compatibility date on."""

_EXPERIMENTAL = "experimental"
_HELPERS = frozenset({"delete", "get", "put"})
_HELPERS_GONE = "2024-03-26"
_EXTRA_HANDLERS = "service_binding_extra_handlers"
_EVENTS = frozenset({"queue", "scheduled"})
_OF_EVERY_OBJECT = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "then",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        if not lacks_rpc(deployment):
            continue
        services = {item.name for item in deployment.of_kind(BindingKind.SERVICE)}
        calls = [
            use
            for use in worker.usages.of(binding.name)
            if goes_over_rpc(deployment, use) and services.issuperset(worker.usages.others_at(use))
        ]
        if calls:
            yield _finding(worker, deployment, binding, calls)


def lacks_rpc(deployment: Deployment) -> bool:
    """Whether bindings of a deployment are known to have no methods of their target's."""
    flags = deployment.compatibility_flags
    if FLAG in flags or _EXPERIMENTAL in flags:
        return False
    return NO_FLAG in flags or is_before_rpc(deployment)


def is_before_rpc(deployment: Deployment) -> bool:
    """Whether the compatibility date of a deployment is known to be from before RPC."""
    configured = _date(deployment)
    return configured is not None and configured < DATE


def goes_over_rpc(deployment: Deployment, usage: Usage) -> bool:
    """Whether a use is known to reach the target by RPC: it is of nothing that a binding has."""
    if usage.kind is not UsageKind.RPC or usage.method in _OF_EVERY_OBJECT:
        return False
    flags = deployment.compatibility_flags
    if usage.method in _EVENTS:
        return _EXTRA_HANDLERS not in flags
    if usage.method not in _HELPERS or "fetcher_no_get_put_delete" in flags:
        return True
    date = _date(deployment)
    return "fetcher_has_get_put_delete" not in flags and date is not None and date >= _HELPERS_GONE


def _date(deployment: Deployment) -> str | None:
    """The compatibility date in the form in which dates compare; None for anything else."""
    date = deployment.compatibility_date
    return date if date and _DATE.fullmatch(date) else None


def _finding(
    worker: Worker, deployment: Deployment, binding: Binding, calls: list[Usage]
) -> Finding:
    names = ", ".join(dict.fromkeys(str(call.method) for call in calls))
    why = f"the compatibility date {deployment.compatibility_date} is before {DATE}"
    if NO_FLAG in deployment.compatibility_flags:
        why = f'the compatibility flag "{NO_FLAG}" is set'
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=f"{binding.name}: {names} is called, and bindings have no such methods here: {why}",
        evidence=EVIDENCE,
        locations=(
            Related("binding", binding.location),
            *(
                Related(f"{call.method} of {binding.name} is called", call.location)
                for call in calls
            ),
        ),
    )
