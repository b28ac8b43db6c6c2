"""Which Worker each deployment has to be bound to, so that a fetch can go over the binding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from codemod.model import Deployment, DeploymentRef, GlobalFetch, Location, Project, Worker
from codemod.planner.refusal import Refusal
from codemod.rules.workers_dev_fetch import Address, address_of, makes

_BIND = "bind to it and call env.<binding>.fetch by hand"
_HANDED_ON = (
    "fetch is handed to code that calls it: give it "
    "(input, init) => env.<binding>.fetch(input, init), with a service binding to the target"
)
_CHOSEN = (
    "conditions in the code decide on the URL: let them choose between calls, and send those to a "
    "Worker of the account over a service binding, env.<binding>.fetch"
)


@dataclass(frozen=True, slots=True)
class Service:
    """The Worker that a deployment fetches: its deployed name, and where that is configured."""

    name: str
    target: DeploymentRef
    is_own: bool


@dataclass(frozen=True, slots=True)
class Need:
    """The call at ``location``, and what every deployment that makes it has to be bound to."""

    location: Location
    services: Mapping[DeploymentRef, Service]

    @property
    def targets(self) -> tuple[str, ...]:
        """The deployed names of the services."""
        return tuple(dict.fromkeys(service.name for service in self.services.values()))


def needed(project: Project, location: Location) -> Need | Refusal:
    """What the call at ``location`` needs, or why it cannot go over a binding."""
    services: dict[DeploymentRef, Service] = {}
    for worker, deployment, fetch in _made(project, location):
        if fetch.handed_on:
            return Refusal(_HANDED_ON, location)
        if fetch.chosen:
            return Refusal(_CHOSEN, location)
        service = _service(project, worker, deployment, fetch)
        if isinstance(service, Refusal):
            return service
        services[DeploymentRef(worker.config_path, deployment.environment)] = service
    if not services:
        return Refusal("only generated configurations reach it", location)
    return Need(location, services)


def _made(project: Project, location: Location) -> Iterator[tuple[Worker, Deployment, GlobalFetch]]:
    """The deployments that make the call, each with what it fetches, as far as that is known."""
    for worker in project.in_use:
        if worker.generated:
            continue
        fetches = [item for item in worker.usages.global_fetches if item.location == location]
        for deployment in worker.deployments if fetches else ():
            made = [fetch for fetch in fetches if makes(deployment, fetch)]
            if made:
                yield worker, deployment, max(made, key=lambda fetch: bool(fetch.url))


def _service(
    project: Project, worker: Worker, deployment: Deployment, fetch: GlobalFetch
) -> Service | Refusal:
    name = worker.name_of(deployment)
    if deployment.environment and not deployment.name:
        name = f"{name} (environment {deployment.environment})"
    address = address_of(fetch.url)
    found = _deployed(project, address.worker if address else _behind(project, fetch))
    if found is not None:
        target = DeploymentRef(found[0].config_path, found[1].environment)
        is_own = found[1].name == deployment.name
        return Service(found[1].name or "", target, is_own)
    return Refusal(_obstacle(project, name, fetch, address), deployment.location)


def _obstacle(project: Project, caller: str, fetch: GlobalFetch, address: Address | None) -> str:
    if address is None:
        where = urlsplit(fetch.url).hostname if fetch.url else None
        return (
            f"{caller} makes the same call, and there it leads to {where or 'an unknown host'}: "
            "tell the two apart, then bind"
        )
    if address.of_version and _deployed(project, address.of_version):
        return (
            f"{address} is one version of {address.of_version}: a binding leads to the deployed "
            f"one; if that serves, {_BIND}"
        )
    return (
        f"no Worker that was read is called {address.worker}: if it is of this account, {_BIND}; "
        "else give it a Custom Domain and fetch that"
    )


def _deployed(project: Project, name: str | None) -> tuple[Worker, Deployment] | None:
    """The Worker and deployment of this name."""
    for worker in project.in_use:
        for deployment in worker.deployments:
            if name and deployment.name == name:
                return worker, deployment
    return None


def _behind(project: Project, fetch: GlobalFetch) -> str | None:
    """The deployed name of the Worker whose Custom Domain is fetched."""
    host = urlsplit(fetch.url).hostname if fetch.url else None
    for worker in project.in_use:
        for deployment in worker.deployments:
            for route in deployment.routes:
                if route.custom_domain and route.pattern == host:
                    return deployment.name
    return None
