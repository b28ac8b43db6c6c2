"""The global `fetch` is sent to the `*.workers.dev` address of a Worker of the same account.

Workers of one account share their zone on `workers.dev`, and there the global `fetch` does not
reach another Worker: it answers 404 with `error code: 1042`, "Worker tried to fetch from another
Worker on the same zone", or times out. A Worker that fetches its own address gets the same.
`wrangler dev` sends the request over the Internet, so local development shows nothing of it.

The address may stand in the call, in a variable that keeps its value, in `vars`, or in the default
of a parameter that every call leaves out, and may be joined from such parts. The call may go by a
constant that is `fetch`, or by way of `fetch.call` and `fetch.apply`. Where a condition chooses
between addresses, each is looked at. Which Worker it belongs to is read from its first label, the
deployed name. An address with a name that no Worker of the repository has may be of another
account, where the call works: then no claim is made, unless its account is one that a Worker of the
repository is seen on.

A caller with the flag `global_fetch_strictly_public` is left out too. It is documented to send
`fetch` the public way within a zone, and reported both to help and not to help on `workers.dev`.

## Evidence

Documented: Cloudflare's list of errors (1042), its page on `fetch`, and workers-sdk issue 11215.
Not measured: the local runtime has no zones.

## Example

Before:

```jsonc
{ "name": "book-telic", "main": "src/index.ts" }
```

```ts
const blurb = await fetch("https://api-mom.example.workers.dev/v1/blurbs", init);
```

After:

```jsonc
{
  "name": "book-telic",
  "main": "src/index.ts",
  "services": [{ "binding": "API_MOM", "service": "api-mom" }]
}
```

```ts
const blurb = await env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs", init);
```

The URL stays: its host plays no part in where a binding leads to, and the target sees it in
`request.url` as before.

## What the repair does

A binding to the target that the Worker has already is used. A new one is called as other Workers
call theirs, else after the target, as far as the name is free in the Worker. The call goes by the
environment that is nearest: a parameter, a field, a context of Hono or Pages, or a pattern that
takes one of these apart and gets one name more. It is taken for the environment where the runtime
gives it, its type says so, or every call that is seen passes it, not for its name. Where there is
none, `env` is imported from `cloudflare:workers`; its type is the global `Cloudflare.Env`, which
`wrangler types` writes. Objects of a type that gains a binding are named, for a person to extend.

Types that are written by hand get the binding. One that has it as optional has it for certain
where all deployments have it now; else the call says so, `env.X!.fetch(…)`.

## What the repair costs

The fix is unsafe. `wrangler dev` answers such a call only while the target runs locally too. A
client that is given `fetch` and the address has no repair here, nor has a call by way of
`fetch.call`, one whose address a condition chooses among several Workers, or code that the
environment does not reach.

## By hand

- A service binding in every environment of the caller, and `env.X.fetch(…)` in place of `fetch(…)`;
  a client library takes `fetch: (input, init) => env.X.fetch(input, init)`.
- Where the target belongs to another repository: the same, or a Custom Domain on the target (a
  Route is not enough) and its address in the call.
- `global_fetch_strictly_public` on the caller is the last resort. It changes all its fetches to its
  own zone: none goes straight to the origin any more, so never set it where a Worker stands in
  front of its origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from codemod.model import (
    Deployment,
    Evidence,
    Finding,
    GlobalFetch,
    Location,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)

EVIDENCE = Evidence(
    Mark.DOCUMENTED,
    "Cloudflare's list of errors (1042) and page on fetch, workers-sdk issue 11215; local "
    "development does not show it",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.UNSAFE,)

NAME = "workers-dev-fetch"
FLAG = "global_fetch_strictly_public"

_DOMAIN = ".workers.dev"
# A version's address has the first eight digits of its identifier before the Worker's name.
_VERSION = re.compile(r"[0-9a-f]{8}-(?P<name>.+)")
_TEST_FOLDERS = frozenset({"__tests__", "test", "tests"})
_TEST_FILE = re.compile(r".*\.(?:spec|test)\.\w+")


@dataclass(frozen=True, slots=True)
class Address:
    """A host on ``workers.dev``: the deployed name before the account's own label."""

    worker: str
    account: str

    def __str__(self) -> str:
        return f"{self.worker}.{self.account}{_DOMAIN}"

    @property
    def of_version(self) -> str | None:
        """The deployed name in the address of one version of a Worker, None for other ones."""
        match = _VERSION.fullmatch(self.worker)
        return match["name"] if match else None


@dataclass(frozen=True, slots=True)
class Caller:
    """A deployment that makes a fetch, and the address that it fetches."""

    worker: Worker
    deployment: Deployment
    fetch: GlobalFetch
    address: Address

    @property
    def is_target(self) -> bool:
        return self.address.worker == self.deployment.name

    @property
    def is_strictly_public(self) -> bool:
        return FLAG in self.deployment.compatibility_flags


def check(project: Project) -> Iterator[Finding]:
    names = _deployed_names(project)
    called = places(project)
    accounts = {
        address.account
        for address in (*_configured(project), *_fetched(called))
        if address.worker in names
    }
    for location, callers in called.items():
        affected = [caller for caller in callers if not caller.is_strictly_public]
        yield _finding(location, affected or callers, names, accounts)


def places(project: Project) -> Mapping[Location, list[Caller]]:
    """The calls that fetch an address on ``workers.dev``, with the deployments that make them."""
    found: dict[Location, list[Caller]] = {}
    for worker in project.in_use:
        for deployment, fetch in product(worker.deployments, worker.usages.global_fetches):
            address = address_of(fetch.url)
            is_made = address is not None and makes(deployment, fetch)
            if address is not None and is_made and not _is_test(fetch.location.path):
                caller = Caller(worker, deployment, fetch, address)
                found.setdefault(fetch.location, []).append(caller)
    return dict(sorted(found.items()))


def address_of(url: str) -> Address | None:
    """The address that ``url``, or its start, leads to, None where it is not on ``workers.dev``."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    # A Worker's name has no dot, so that a host with more labels is none's.
    worker, _, account = host.removesuffix(_DOMAIN).partition(".")
    is_worker = host.endswith(_DOMAIN) and worker and account and "." not in account
    return Address(worker, account) if is_worker and parts.scheme in ("http", "https") else None


def makes(deployment: Deployment, fetch: GlobalFetch) -> bool:
    """Whether the variables of ``deployment`` are those that give ``fetch`` its URL."""
    read = map(deployment.variable, fetch.vars)
    return all(
        variable is not None and variable.value == value
        for variable, value in zip(read, fetch.values, strict=True)
    )


def _finding(
    location: Location, callers: list[Caller], names: frozenset[str], accounts: set[str]
) -> Finding:
    first = callers[0]
    addresses = dict.fromkeys(caller.address for caller in callers)
    targets = ", ".join(dict.fromkeys(address.worker for address in addresses))
    return Finding(
        rule=NAME,
        worker=first.worker.name_of(first.deployment),
        environment=first.deployment.environment,
        binding=None,
        target=targets,
        location=location,
        message=(
            f"{_what(callers)} {', '.join(map(str, addresses))}: within an account the global "
            "fetch does not reach a Worker on workers.dev (error 1042); local development does "
            "not show it"
        ),
        evidence=EVIDENCE,
        locations=tuple(_related(location, callers)),
        skipped=_why_not(callers, addresses, names, accounts),
    )


def _what(callers: list[Caller]) -> str:
    if callers[0].fetch.handed_on:
        return "fetch is handed on with"
    if all(caller.is_target for caller in callers):
        return "fetch of the Worker's own address"
    return "fetch of"


def _why_not(
    callers: list[Caller],
    addresses: Mapping[Address, None],
    names: frozenset[str],
    accounts: set[str],
) -> str | None:
    if callers[0].is_strictly_public:
        return (
            f"the caller has {FLAG}, which is documented to let it through within a zone; for "
            "workers.dev that is disputed, so try the call once deployed"
        )
    strange = [
        address
        for address in addresses
        if address.worker not in names
        and address.of_version not in names
        and address.account not in accounts
    ]
    if len(strange) < len(addresses):
        return None
    return (
        f"no Worker that was read is called {strange[0].worker}, and whether the account "
        f"{strange[0].account} is this one's cannot be told; if it is, bind to that Worker or give "
        "it a Custom Domain"
    )


def _related(location: Location, callers: list[Caller]) -> Iterator[Related]:
    yield Related("fetch", location)
    for caller in callers:
        name = caller.worker.name_of(caller.deployment)
        yield Related(f"made by {name}", caller.deployment.location)
        for read in caller.fetch.vars:
            variable = caller.deployment.variable(read)
            if variable is not None:
                yield Related(f"{read} of {name}", variable.location)


def _deployed_names(project: Project) -> frozenset[str]:
    deployments = (deployment for worker in project.workers for deployment in worker.deployments)
    return frozenset(deployment.name for deployment in deployments if deployment.name)


def _configured(project: Project) -> Iterator[Address]:
    """The addresses in variables of the configurations, fetched or not."""
    for worker in project.workers:
        for deployment in worker.deployments:
            for variable in deployment.variables:
                address = address_of(variable.value or "")
                if address is not None:
                    yield address


def _fetched(called: Mapping[Location, list[Caller]]) -> Iterator[Address]:
    yield from (caller.address for callers in called.values() for caller in callers)


def _is_test(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return not _TEST_FOLDERS.isdisjoint(parts[:-1]) or _TEST_FILE.fullmatch(parts[-1]) is not None
