"""A Worker that other Workers call has no Custom Domain (opt-in).

Over a service binding a Worker needs none. A Custom Domain is the other way in: where a binding
fails, for Workers of other accounts, and for people who look after it. On `workers.dev` the
Workers of one account do not reach each other (see `workers-dev-fetch`), and behind a Route no
Worker of the same zone reaches it without a flag.

Said of every deployment that another Worker of the repository is bound to.

## Evidence

Reported, as advice, by an article of April 2026 (Rule 2). That a Route does not serve is
documented.

## Example

Before:

```jsonc
{ "name": "api-mom", "main": "src/index.ts" }
```

After:

```jsonc
{
  "name": "api-mom",
  "main": "src/index.ts",
  "routes": [{ "pattern": "api-mom.example.com", "custom_domain": true }]
}
```

## By hand

Add the route to each environment that is deployed, with a host of a zone that you own. Leave it
where a Worker is not to be reached from outside.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    BindingKind,
    Deployment,
    DeploymentRef,
    Evidence,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
)

EVIDENCE = Evidence(Mark.REPORTED, "an article of April 2026, Rule 2: advice")
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "no-custom-domain"


def check(project: Project) -> Iterator[Finding]:
    callers: dict[DeploymentRef, list[Related]] = {}
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        target = binding.target
        if not isinstance(target, DeploymentRef):
            continue
        if target.config_path != worker.config_path:
            name = worker.name_of(deployment)
            related = Related(f"{binding.name} of {name}", binding.location)
            callers.setdefault(target, []).append(related)
    for target, bindings in callers.items():
        resolved = project.resolve(target)
        if resolved is None or any(route.custom_domain for route in resolved[1].routes):
            continue
        worker, deployment = resolved
        yield Finding(
            rule=NAME,
            worker=worker.name_of(deployment),
            environment=deployment.environment,
            binding=None,
            target=None,
            location=deployment.location,
            message=_message(deployment),
            evidence=EVIDENCE,
            locations=(Related("deployment", deployment.location), *bindings),
        )


def _message(deployment: Deployment) -> str:
    if deployment.routes:
        return (
            "has Routes and no Custom Domain: Workers of the same zone reach it by bindings alone"
        )
    return "has no Custom Domain: other Workers reach it by bindings alone"
