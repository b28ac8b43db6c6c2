"""A service binding says the target's environment under a key that is no longer read.

`environment` was for service environments, which wrangler has given up: an environment is a Worker
of its own, deployed as `<name>-<environment>`, and a binding names that. `wrangler dev` passes over
the key and leads to the Worker without the suffix, and a deploy hands the key on to Cloudflare's
API, which refuses it: `Target environment … not found for target script …`.

## Evidence

Measured with wrangler 4.164.0; the refusal is error 10144 of Cloudflare's API, reported in
workers-sdk issue 10168.

## Example

Before:

```jsonc
{ "binding": "AUTH", "service": "auth", "environment": "staging" }
```

After:

```jsonc
{ "binding": "AUTH", "service": "auth-staging" }
```

The repair is safe where a Worker of this repository is deployed as `auth-staging`, and unsafe
elsewhere. It is unsafe for `production` in any case: that was also what the only environment of a
Worker without environments was called.

## By hand

Write the deployed name of the environment as `service`, and take `environment` out.
"""

from __future__ import annotations

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
    Worker,
)

EVIDENCE = Evidence(
    Mark.MEASURED,
    "wrangler 4.164.0: `wrangler dev` passes over the key; a deploy is reported to be refused with "
    "error 10144",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.SAFE, Safety.UNSAFE)

NAME = "service-environment-key"


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        if binding.service_environment:
            yield _finding(project, worker, deployment, binding)


def deployed_name(project: Project, binding: Binding) -> str:
    """The name that the environment of the binding's target is deployed under.

    The service may name it already.
    """
    names_it = any(
        (deployment.name, deployment.environment) == (binding.service, binding.service_environment)
        for worker in project.workers
        for deployment in worker.deployments
    )
    if names_it:
        return binding.service or ""
    return f"{binding.service}-{binding.service_environment}"


def _finding(project: Project, worker: Worker, deployment: Deployment, binding: Binding) -> Finding:
    resolved = project.resolve(binding.target)
    target = [Related("target", resolved[1].location)] if resolved else []
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=(
            f'{binding.name}: "environment": "{binding.service_environment}" is no longer read: '
            f"wrangler dev leads to {binding.service}, and a deploy is refused; the environment is "
            f"deployed as {deployed_name(project, binding)}"
        ),
        evidence=EVIDENCE,
        locations=(
            Related("binding", binding.location),
            *target,
            *(
                Related(f"{binding.name} is used", use.location)
                for use in worker.usages.of(binding.name)
            ),
        ),
    )
