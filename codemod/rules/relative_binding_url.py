"""A binding is fetched with a URL that has no scheme and host, so that the call throws.

`fetch` of a binding takes absolute URLs alone. What a page in a browser resolves against its own
address has nothing to be resolved against in a Worker: `env.API.fetch("/users")` throws `Invalid
URL: /users`, or `Fetch API cannot load: /users` where the compatibility date is older.

The host plays no part in where the call goes: the binding decides that. The target sees it in
`request.url`, so the name of its service makes a good one.

The rule speaks about service bindings, static assets and the stubs of Durable Objects, whatever the
call is given: a string, a template or a `Request` whose beginning is constant, wherever that is
declared. Stubs take paths where the compatibility date is before 2021-11-10, and may with the flag
`durable_object_fetch_allows_relative_url`: there they are left alone.

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
from collections.abc import Callable, Iterator

from codemod.model import (
    BindingKind,
    Deployment,
    Evidence,
    Finding,
    Location,
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
    "workerd 1.20240404 to 1.20261117: `Invalid URL: /path`, or `Fetch API cannot load: /path`",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.SAFE,)

NAME = "relative-binding-url"
_ASSETS = "assets"
_STRICT, _STRICT_SINCE = "durable_object_fetch_requires_full_url", "2021-11-10"
_LENIENT = "durable_object_fetch_allows_relative_url"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
# What the parser of URLs takes out before anything else.
_IGNORED = re.compile(r"^[\x00-\x20]+|[\t\n\r]")


_Condition = Callable[[Deployment, Usage], bool]


def check(project: Project) -> Iterator[Finding]:
    seen: set[Location] = set()
    for worker in project.in_use:
        if worker.generated:
            continue
        for usage, fetched in _fetches(worker):
            deployment = next((each for each in worker.deployments if fetched(each, usage)), None)
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


def _fetches(worker: Worker) -> Iterator[tuple[Usage, _Condition]]:
    """The fetches with a relative URL, and what tells whether they throw in a deployment."""
    for usage in worker.usages.uses:
        if usage.kind is UsageKind.FETCH and is_relative(usage):
            yield usage, _is_fetcher
    for usage in worker.usages.stub_fetches:
        if is_relative(usage):
            yield usage, _is_strict_namespace


def _is_fetcher(deployment: Deployment, usage: Usage) -> bool:
    names = {binding.name for binding in deployment.of_kind(BindingKind.SERVICE)}
    names |= {other.name for other in deployment.other_bindings if other.key == _ASSETS}
    return usage.binding in names


def _is_strict_namespace(deployment: Deployment, usage: Usage) -> bool:
    """Whether the stubs of a Durable Object namespace take absolute URLs alone."""
    flags, date = deployment.compatibility_flags, deployment.compatibility_date
    is_strict = _STRICT in flags or (date is not None and date >= _STRICT_SINCE)
    namespaces = deployment.of_kind(BindingKind.DURABLE_OBJECT)
    is_declared = any(binding.name == usage.binding for binding in namespaces)
    return is_declared and is_strict and _LENIENT not in flags


def _finding(worker: Worker, deployment: Deployment, usage: Usage) -> Finding:
    name = usage.binding
    binding = next((each for each in deployment.bindings if each.name == name), None)
    url = usage.url if usage.url is not None else f"{usage.url_start}…"
    places = [Related("fetch", usage.location)]
    if usage.url_location:
        places.append(Related("URL", usage.url_location))
    if binding:
        places.append(Related("binding", binding.location))
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=name,
        target=binding.service if binding else None,
        location=usage.location,
        message=f'{name}: fetch takes absolute URLs alone, and throws "Invalid URL: {url}"',
        evidence=EVIDENCE,
        locations=tuple(places),
    )
