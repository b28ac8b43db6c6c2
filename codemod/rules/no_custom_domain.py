"""A Worker that other Workers call has no Custom Domain.

Over a service binding a Worker needs none. A Custom Domain is the other way in: where a binding
fails, for Workers of other accounts, and for people who look after it. On `workers.dev` the
Workers of one account do not reach each other (see `workers-dev-fetch`), and behind a Route no
Worker of the same zone reaches it.

Said once of a Worker whose `fetch` or static assets another Worker of the repository is bound to.
Left alone is one

- that is only called over RPC, or at an entrypoint of another name: no domain leads there;
- whose callers have the flag `global_fetch_strictly_public`, which may let them reach it otherwise;
- that has a Custom Domain in any environment: the others are for trying things out;
- that is kept internal: `"workers_dev": false`, and no routes;
- that is for tests or examples, by its path.

## Evidence

Reported, as advice, by an article of April 2026 (Rule 2, whose own example is a Route). That a
Route does not serve is documented.

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

Add the route to each environment that people depend on, with a host of a zone that you own. Where a
Worker is not to be reached from outside, set `"workers_dev": false` instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    ExportForm,
    Finding,
    Language,
    Mark,
    Project,
    Related,
    Safety,
    UsageKind,
    Worker,
)
from codemod.rules.durable_object_without_lifecycle import is_for_tests
from codemod.rules.workers_dev_fetch import FLAG

EVIDENCE = Evidence(Mark.REPORTED, "an article of April 2026, Rule 2: advice")
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "no-custom-domain"

_AMONG_EXAMPLES = re.compile(r"(?:^|/)(?:examples?|playgrounds?|templates?)/")

_Callers = dict[str | None, list[Related]]
"""The bindings that lead to each environment of a Worker."""


def check(project: Project) -> Iterator[Finding]:
    for path, callers in _called(project).items():
        worker = project.worker(path)
        if worker is None or _has_domain(worker):
            continue
        named = (each for each in worker.deployments if each.environment in callers)
        open_ones = [each for each in named if _answers(worker, each) and is_public(worker, each)]
        if open_ones:
            yield _finding(worker, open_ones, callers)


def has_fetch(worker: Worker) -> bool:
    """Whether the default export is seen to answer requests, by itself or as a framework's app."""
    default = worker.default_export
    if default is None:
        return False
    return default.form is ExportForm.APP or default.handler("fetch") is not None


def is_public(worker: Worker, deployment: Deployment) -> bool:
    """Whether a deployment is made for more than tests and examples, and has an address."""
    if is_for_tests(worker) or _AMONG_EXAMPLES.search(worker.config_path):
        return False
    has_address = deployment.on_workers_dev or bool(deployment.routes)
    return has_address or worker.language is Language.PAGES


def _called(project: Project) -> dict[str, _Callers]:
    """For each Worker, by its configuration, the bindings of others that are the only way to it."""
    found: dict[str, _Callers] = {}
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        resolved = project.resolve(binding.target)
        if resolved is None or resolved[0].config_path == worker.config_path:
            continue
        if FLAG in deployment.compatibility_flags or not _is_for_requests(worker, binding):
            continue
        target, its_deployment = resolved
        related = Related(f"{binding.name} of {worker.name_of(deployment)}", binding.location)
        callers = found.setdefault(target.config_path, {})
        callers.setdefault(its_deployment.environment, []).append(related)
    return found


def _is_for_requests(worker: Worker, binding: Binding) -> bool:
    """Whether a request to the target's own address could do what the binding is there for."""
    if binding.entrypoint not in (None, "default"):
        return False
    uses = worker.usages.of(binding.name)
    return not uses or any(use.kind is not UsageKind.RPC for use in uses)


def _has_domain(worker: Worker) -> bool:
    return any(route.custom_domain for each in worker.deployments for route in each.routes)


def _answers(worker: Worker, deployment: Deployment) -> bool:
    return deployment.has_assets or has_fetch(worker)


def _finding(worker: Worker, deployments: list[Deployment], callers: _Callers) -> Finding:
    first = deployments[0]
    return Finding(
        rule=NAME,
        worker=worker.name_of(first),
        environment=first.environment,
        binding=None,
        target=None,
        location=first.location,
        message=_message(first),
        evidence=EVIDENCE,
        locations=tuple(
            related
            for each in deployments
            for related in (Related("deployment", each.location), *callers[each.environment])
        ),
    )


def _message(deployment: Deployment) -> str:
    if deployment.routes:
        return (
            "has Routes and no Custom Domain: Workers of the same zone reach it by bindings alone"
        )
    return "has no Custom Domain: other Workers of the account reach it by bindings alone"
