"""A Durable Object class of the Worker's own is bound, but neither migrated nor declared.

A class has to be brought into being before it can be bound: by a step of `migrations`
(`new_sqlite_classes`, `new_classes`, `renamed_classes`, `transferred_classes`) or, from wrangler
4.107.0 on, by an entry of `exports` that is live. Without one a first deploy is refused: `Cannot
create binding for class … because it is not currently configured to implement Durable Objects`.
wrangler warns only where `migrations` is empty: `you have configured durable_objects exported by
this Worker (…), but no live exports entry for them`. Local runs work.

The steps are followed in order, so that a class which a later step deletes, renames or transfers
away counts as gone. Environments inherit `migrations` and `exports`. A class that was created by a
step which has since been taken out of the configuration is reported as well: the configuration no
longer deploys to an empty account.

A configuration without a name, and one that stands among tests by its path or by that of its
module, is most likely never deployed: that is only told.

## Evidence

Documented by wrangler 4.164.0, whose own warning it is; the refusal is error 10061 of Cloudflare's
API, reported in workers-sdk issue 10034.

## Example

Before:

```jsonc
"durable_objects": { "bindings": [{ "name": "ROOMS", "class_name": "ChatRoom" }] }
```

After:

```jsonc
"durable_objects": { "bindings": [{ "name": "ROOMS", "class_name": "ChatRoom" }] },
"migrations": [{ "tag": "v1", "new_sqlite_classes": ["ChatRoom"] }]
```

## By hand

Add a step with a tag of its own after the last one; never change one that was deployed. A class
that is deployed already and was created by a step that is gone needs that step back, with its tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Finding,
    Language,
    Lifecycle,
    LifecycleAction,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)
from codemod.spelling import hint

EVIDENCE = Evidence(
    Mark.DOCUMENTED,
    "wrangler 4.164.0 warns of a class without lifecycle; error 10061 of Cloudflare's API",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = ()

NAME = "durable-object-without-lifecycle"

_AMONG_TESTS = re.compile(r"(?:^|[-_./])(?:__tests__|e2e|fixtures?|spec|tests?)(?=[-_./])")
_ENDING = frozenset({LifecycleAction.DELETED, LifecycleAction.TRANSFERRED_OUT})


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.DURABLE_OBJECT):
        if binding.service or worker.language is Language.PAGES:
            continue
        if binding.class_name not in live_classes(deployment.lifecycle):
            yield _finding(worker, deployment, binding)


def live_classes(steps: Iterable[Lifecycle]) -> set[str]:
    """The classes that exist after ``steps``."""
    live: set[str] = set()
    for step in steps:
        if step.action in _ENDING:
            live.discard(step.class_name)
            continue
        live.add(step.class_name)
        if step.action is LifecycleAction.RENAMED and step.previous_name is not None:
            live.discard(step.previous_name)
    return live


def is_for_tests(worker: Worker) -> bool:
    """Whether the path of its configuration, or of its module, says that it is for tests."""
    return any(map(_AMONG_TESTS.search, (worker.config_path, worker.main or "")))


def _finding(worker: Worker, deployment: Deployment, binding: Binding) -> Finding:
    name = binding.class_name or ""
    steps = [step for step in deployment.lifecycle if name in (step.class_name, step.previous_name)]
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=None,
        location=binding.location,
        message=f"{binding.name}: {_claim(deployment, name, steps)}",
        evidence=EVIDENCE,
        locations=(
            Related("binding", binding.location),
            *(Related(f"{step.class_name} is {step.action}", step.location) for step in steps),
        ),
        skipped=_why_not_deployed(worker, deployment),
    )


def _why_not_deployed(worker: Worker, deployment: Deployment) -> str | None:
    if deployment.name is None:
        return "it has no name, so that it is not deployed as it is"
    if is_for_tests(worker):
        return "its path, or that of its module, says that it is for tests, which are not deployed"
    return None


def _claim(deployment: Deployment, name: str, steps: list[Lifecycle]) -> str:
    if steps:
        last = steps[-1]
        if last.previous_name == name:
            return f"the class {name} is bound, but renamed to {last.class_name}"
        return f"the class {name} is bound, but {last.action}"
    bound = {binding.class_name for binding in deployment.bindings}
    meant = hint(name, sorted(live_classes(deployment.lifecycle) - bound))
    return (
        f"the class {name} is bound, but neither migrations nor exports create it: a first deploy "
        f"is refused{meant}"
    )
