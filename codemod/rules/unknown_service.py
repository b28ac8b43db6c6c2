"""A binding names a Worker that the repository does not have, though one like it is there.

Repositories bind to Workers that live elsewhere all the time, so that a name which nothing here
comes near to is told and not held against anybody; `external-services` in `wfix.toml` ends the
telling. A claim is made where something shows that the Worker should be here:

- a Worker here has the same name but for case, separators or a slip of the pen in one word (a
  letter too many, missing or swapped; names that differ by a number are different names), and the
  binding's own deployment does not bind that Worker, too;
- a Worker here has the name without an environment (`auth-staging` for `auth`), has environments,
  and lacks this one, while it is an environment of other Workers here.

A deploy is refused: `Service binding … references Worker … which was not found`. Under `wrangler
dev` every call answers `503`: `Worker "…" not found. Make sure it is running locally.`

## Evidence

Measured with wrangler 4.164.0; the refusal is error 10143 of Cloudflare's API, reported.

## Example

Before, where a Worker is called `auth-service`:

```jsonc
{ "binding": "AUTH", "service": "auth-servcie" }
```

After:

```jsonc
{ "binding": "AUTH", "service": "auth-service" }
```

The repair is unsafe: a Worker of the other name may be deployed from elsewhere.

## By hand

Mend the name, give the Worker the environment that is missing, or list the name under
`external-services` where it is right and its Worker lives elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Finding,
    Language,
    Location,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)
from codemod.spelling import question

EVIDENCE = Evidence(
    Mark.MEASURED,
    'wrangler 4.164.0: `503 Worker "…" not found`; a deploy is reported to be refused with error '
    "10143",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.UNSAFE,)

NAME = "unknown-service"
EMPTY = '""'
"""How a claim quotes a name that has no letters."""

_KINDS = (BindingKind.SERVICE, BindingKind.TAIL_CONSUMER)
_SEPARATORS = re.compile(r"[-_]")
_SHORTEST = 4  # letters of a word that a slip can be told from another word in


@dataclass(frozen=True, slots=True)
class Hint:
    """What shows that a Worker should be in the repository.

    ``name`` is the deployed name of the Worker here, ``location`` its deployment. It is the right
    name in place of a wrong one, or where ``environment`` is set, the Worker that lacks that one.
    """

    name: str
    location: Location
    environment: str | None = None

    @property
    def sentence(self) -> str:
        """The hint in words, to be put after a claim."""
        if self.environment is None:
            return question(self.name)
        return f"{self.name} is here, and has no environment {self.environment}"


class Names:
    """The deployed names of a project's Workers."""

    def __init__(self, project: Project) -> None:
        self._is_partial = bool(project.scope)
        self._deployments: dict[str, tuple[Worker, Deployment]] = {}
        self._environments: dict[str, None] = {}
        for worker in project.workers:
            for deployment in worker.deployments:
                if deployment.environment is not None:
                    self._environments[deployment.environment] = None
                if deployment.name is not None and worker.language is not Language.PAGES:
                    self._deployments.setdefault(deployment.name, (worker, deployment))

    def __contains__(self, name: str) -> bool:
        return name in self._deployments

    def hint(self, name: str, deployment: Deployment) -> Hint | None:
        """What shows that ``name``, which ``deployment`` binds, should be in the repository.

        None where nothing does, and where only a part of the repository was read.
        """
        if self._is_partial:
            return None
        bound = {binding.service for binding in deployment.bindings}
        near = [here for here in self._deployments if here not in bound and _is_slip(name, here)]
        if near:
            return Hint(near[0], self._deployments[near[0]][1].location)
        return self._without_environment(name)

    def _without_environment(self, name: str) -> Hint | None:
        for environment in self._environments:
            base = name.removesuffix(f"-{environment}")
            if base == name or base not in self._deployments:
                continue
            worker, deployment = self._deployments[base]
            has_others = any(each.environment for each in worker.deployments)
            if deployment.environment is None and has_others:
                return Hint(base, deployment.location, environment)
        return None


def check(project: Project) -> Iterator[Finding]:
    names = Names(project)
    for kind in _KINDS:
        for worker, deployment, binding in project.bindings_in_use(kind):
            # What the deprecated key makes of a name is for `service-environment-key`.
            if binding.service_environment or binding.service is None:
                continue
            if binding.service not in names:
                hint = names.hint(binding.service, deployment)
                yield _finding(worker, deployment, binding, hint)


def _finding(
    worker: Worker, deployment: Deployment, binding: Binding, hint: Hint | None
) -> Finding:
    claim = f"no Worker here is deployed as {binding.service or EMPTY}"
    skipped = None
    if hint is not None:
        claim += f"; {hint.sentence}"
    else:
        skipped = "it may live elsewhere; list it under external-services in wfix.toml if it does"
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=f"{binding.name}: {claim}",
        evidence=EVIDENCE,
        locations=tuple(_places(worker, binding, hint)),
        skipped=skipped,
    )


def _places(worker: Worker, binding: Binding, hint: Hint | None) -> Iterator[Related]:
    yield Related("binding", binding.location)
    if binding.service_location is not None:
        yield Related("service", binding.service_location)
    if hint is not None:
        yield Related(f"{hint.name} is deployed from here", hint.location)
    for use in worker.usages.of(binding.name):
        yield Related(f"{binding.name} is used", use.location)


# --- Names that are meant to be one -----------------------------------------------------------


def _is_slip(name: str, other: str) -> bool:
    """Whether ``name`` is ``other`` but for case, separators or one slip of the pen in a word."""
    words, others = _words(name), _words(other)
    if "".join(words) == "".join(others):
        return True
    if len(words) != len(others):
        return False
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_slip_of_word(*differing[0])


def _words(name: str) -> list[str]:
    return _SEPARATORS.split(name.lower())


def _is_slip_of_word(word: str, other: str) -> bool:
    """Whether a letter after the first is missing, too many, or has changed places with the next.

    A letter in place of another makes another word too often to be told from a slip.
    """
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) < _SHORTEST or word[0] != other[0] or not longer.isalpha():
        return False
    at = next((i for i, letter in enumerate(shorter) if letter != longer[i]), len(shorter))
    if len(longer) == len(shorter) + 1:
        return longer[at + 1 :] == shorter[at:]
    swapped = shorter[:at] + shorter[at : at + 2][::-1] + shorter[at + 2 :]
    return swapped == longer
