"""A binding with `"entrypoint": "default"` stops its Workers from running together locally.

`"entrypoint": "default"` is the repair that `poisoned-binding` knows from its reports, and is
reported to work once deployed. The local runtime has no entrypoint of that name: Workers bound so
do not start under one `wrangler dev`, the Vite plugin's auxiliary Workers or Vitest's. With each
Worker in its own `wrangler dev` every call throws `Worker does not export an entrypoint named
"default"` (wrangler 4.164.0; 3.99.0 let it pass). A Worker that is bound to itself so does not
even start alone.

The rule speaks up only where something in the repository shows that the Workers do run together
locally, or where the Worker is bound to itself.

## Evidence

Measured with wrangler 3.99.0 and 4.164.0 and on workerd 1.20240404 to 1.20261117; workers-sdk
issues 9412 and 9874 report the same.

## Example

Before, in a repository whose root script runs `wrangler dev -c caller/… -c api-mom/…`:

```jsonc
{ "binding": "APIMOM", "service": "api-mom", "entrypoint": "default" }
```

After, where `api-mom` exports nothing beside its default object or has become a WorkerEntrypoint
class (strategy `rpc`):

```jsonc
{ "binding": "APIMOM", "service": "api-mom" }
```

After, where its default object is also exported by name (strategy `named`):

```jsonc
{ "binding": "APIMOM", "service": "api-mom", "entrypoint": "Http" }
```

## By hand

Remove the key where the target exports nothing but its default; otherwise export the default
object under a name as well (`export { handler as Http }`) and bind to that name.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DevelopmentEvidence,
    Evidence,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)

EVIDENCE = Evidence(
    Mark.MEASURED,
    "wrangler 3.99.0 and 4.164.0, workerd 1.20240404 to 1.20261117: such Workers do not start "
    "together, or every call throws",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.SAFE, Safety.MANUAL)

NAME = "default-entrypoint-in-dev"
DEFAULT_ENTRYPOINT = "default"


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        if binding.entrypoint != DEFAULT_ENTRYPOINT:
            continue
        resolved = project.resolve(binding.target)
        if resolved is None:
            continue
        target = resolved[0]
        is_own = target.config_path == worker.config_path
        together = project.local_development({worker.config_path, target.config_path})
        if together or is_own:
            yield _finding(worker, deployment, binding, together)


def _finding(
    worker: Worker,
    deployment: Deployment,
    binding: Binding,
    together: tuple[DevelopmentEvidence, ...],
) -> Finding:
    why = together[0].description if together else "the Worker is bound to itself"
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=(
            f'{binding.name}: "entrypoint": "default" stops {binding.service} and its callers from '
            f"running together locally, and they do: {why}"
        ),
        evidence=EVIDENCE,
        locations=(
            Related("binding", binding.location),
            *(Related(item.description, item.location) for item in together if item.location),
        ),
    )
