"""A service binding is used by `fetch` alone, where RPC would serve.

RPC calls a method of the target with values and gives one back, with its types; over HTTP both
sides agree on paths, methods and bodies that nothing checks. New bindings may as well start with
it.

Said of bindings to a Worker of the repository that only paths of its own are fetched from, spelled
out in the calls. A Request that is forwarded has to be one, and such a binding is left alone.

## Evidence

Reported, as advice, by an article of April 2026 (Rule 3).

## Example

Before:

```ts
const response = await env.API.fetch("https://api/v1/books/7");
const book = await response.json();
```

After, where the target extends WorkerEntrypoint and has a method `book`:

```ts
const book = await env.API.book(7);
```

## By hand

`wfix plan --strategy rpc --stubs` makes the target a class with a method for each path that is
fetched; the callers then move over one by one.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Evidence,
    Finding,
    Language,
    Mark,
    Project,
    Related,
    Safety,
    Usage,
    UsageKind,
    Worker,
)

EVIDENCE = Evidence(Mark.REPORTED, "an article of April 2026, Rule 3: advice")
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "http-binding"


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        uses = worker.usages.of(binding.name)
        if not _is_by_path(uses) or not _takes_rpc(project, worker, binding):
            continue
        yield Finding(
            rule=NAME,
            worker=worker.name_of(deployment),
            environment=deployment.environment,
            binding=binding.name,
            target=binding.service,
            location=binding.location,
            message=f"{binding.name}: {binding.service} is called by fetch alone; RPC would serve",
            evidence=EVIDENCE,
            locations=(
                Related("binding", binding.location),
                *(Related(f"{binding.name} is fetched", use.location) for use in uses),
            ),
        )


def _is_by_path(uses: tuple[Usage, ...]) -> bool:
    return bool(uses) and all(use.kind is UsageKind.FETCH and use.url for use in uses)


def _takes_rpc(project: Project, worker: Worker, binding: Binding) -> bool:
    """Whether the target is a JavaScript Worker of the repository, and not the caller itself."""
    resolved = project.resolve(binding.target)
    if resolved is None or resolved[0].config_path == worker.config_path:
        return False
    return resolved[0].language is Language.JAVASCRIPT
