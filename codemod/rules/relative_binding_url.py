"""A binding is fetched with a URL that has no scheme and host, so that the call throws.

`fetch` of a binding takes absolute URLs alone. What a page in a browser resolves against its own
address has nothing to be resolved against in a Worker: `env.API.fetch("/users")` throws `Invalid
URL: /users`, or `Fetch API cannot load: /users` where the compatibility date is older.

The host plays no part in where the call goes: the binding decides that. The target sees it in
`request.url`, so the name of its service makes a good one.

The rule speaks about service bindings and static assets, whatever the call is given: a string, a
template or a `Request` whose beginning is constant, wherever that is declared.

## Evidence

Measured on workerd 1.20240404 to 1.20261117.

## Example

Before:

```ts
const response = await env.API.fetch(`/users/${id}`);
```

After, where the binding leads to the service `api-mom`:

```ts
const response = await env.API.fetch(`https://api-mom/users/${id}`);
```

## By hand

Put any scheme and host before the path, or pass the incoming request on as it is:
`env.API.fetch(request)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.model import (
    BindingKind,
    Deployment,
    Evidence,
    Finding,
    Location,
    Mark,
    Project,
    Related,
    Usage,
    UsageKind,
    Worker,
)

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261117: `Invalid URL: /path`, or `Fetch API cannot load: /path`",
)
DEFAULT = True

NAME = "relative-binding-url"
_ASSETS = "assets"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
# What the parser of URLs takes out before anything else.
_IGNORED = re.compile(r"^[\x00-\x20]+|[\t\n\r]")


def check(project: Project) -> Iterator[Finding]:
    seen: set[Location] = set()
    for worker in project.workers:
        if worker.shadowed_by or worker.generated:
            continue
        for usage in worker.usages.uses:
            if usage.kind is not UsageKind.FETCH or not is_relative(usage):
                continue
            deployment = _declaring(worker, usage.binding)
            if deployment is not None and usage.location not in seen:
                seen.add(usage.location)
                yield _finding(worker, deployment, usage)


def is_relative(usage: Usage) -> bool:
    """Whether the URL of a fetch is known to lack a scheme."""
    if usage.url_start is None:
        return False
    start = _IGNORED.sub("", usage.url_start)
    scheme = _SCHEME.match(start)
    if scheme is None:
        return bool(start) or usage.url is not None
    following = start[scheme.end() :][:1]
    # A name that nothing is known after may be a scheme, until the end shows that it is none.
    return following != ":" if following else usage.url is not None


def _declaring(worker: Worker, binding: str) -> Deployment | None:
    """The first deployment in which ``binding`` is one whose ``fetch`` takes URLs."""
    return next(
        (each for each in worker.deployments if binding in _fetchers(each)),
        None,
    )


def _fetchers(deployment: Deployment) -> Iterator[str]:
    for binding in deployment.of_kind(BindingKind.SERVICE):
        yield binding.name
    for other in deployment.other_bindings:
        if other.key == _ASSETS:
            yield other.name


def _finding(worker: Worker, deployment: Deployment, usage: Usage) -> Finding:
    name = usage.binding
    services = deployment.of_kind(BindingKind.SERVICE)
    service = next((each for each in services if each.name == name), None)
    url = usage.url if usage.url is not None else f"{usage.url_start}…"
    places = [Related("fetch", usage.location)]
    if usage.url_location:
        places.append(Related("URL", usage.url_location))
    if service:
        places.append(Related("binding", service.location))
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=name,
        target=service.service if service else None,
        location=usage.location,
        message=f'{name}: fetch takes absolute URLs alone, and throws "Invalid URL: {url}"',
        evidence=EVIDENCE,
        locations=tuple(places),
    )
