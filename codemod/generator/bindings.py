"""The Workers and Durable Objects that a Worker is bound to, and how each can be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Export,
    ExportKind,
    Exports,
    MethodKind,
    Project,
    UsageKind,
    Worker,
)
from codemod.settings import Settings

TOP_LEVEL = "the top level"
_DEFAULT_PATH = "/health"
_HEALTH_PATH = re.compile(r"(?:/\w[\w-]*){0,2}/(?:health|healthz|health-?check)", re.IGNORECASE)
_NOT_IN_A_HOST = re.compile(r"[^a-z0-9-]+")
CALLABLE = frozenset({ExportKind.OBJECT, ExportKind.WORKER_ENTRYPOINT})
"""What a service binding can lead to."""


class Manner(StrEnum):
    """What a binding is, in the words of the generated modules."""

    HTTP = "http"
    RPC = "rpc"
    DURABLE_OBJECT = "durable object"


@dataclass(frozen=True, slots=True)
class Reached:
    """A binding by its name, over all environments.

    ``targets`` are the deployed names that it leads to, or the class of a Durable Object;
    ``methods`` what can be called over RPC, ``path`` where its health can be asked for.
    ``only_in`` are the environments that have the binding, empty where all do. ``domains`` are
    the Custom Domains of its targets.
    """

    name: str
    manner: Manner
    targets: tuple[str, ...]
    methods: tuple[str, ...]
    path: str
    only_in: tuple[str, ...]
    domains: tuple[str, ...]

    @property
    def origin(self) -> str:
        """A URL's beginning for calls over the binding: its host plays no part in the way."""
        host = _NOT_IN_A_HOST.sub("-", self.targets[0].lower()).strip("-")
        return f"https://{host or 'service'}"

    @property
    def leads_to(self) -> str:
        return " or ".join(self.targets)


def reached(project: Project, settings: Settings, worker: Worker) -> tuple[Reached, ...]:
    """What ``worker`` is bound to in the environments that the user asked for, by first mention."""
    deployments = [item for item in worker.deployments if settings.covers(item.environment)]
    by_name: dict[str, list[tuple[Deployment, Binding]]] = {}
    for deployment in deployments:
        for kind in (BindingKind.SERVICE, BindingKind.DURABLE_OBJECT):
            for binding in deployment.of_kind(kind):
                by_name.setdefault(binding.name, []).append((deployment, binding))
    return tuple(
        _reached(project, worker, deployments, found) for found in by_name.values() if found
    )


def _reached(
    project: Project,
    worker: Worker,
    deployments: Sequence[Deployment],
    found: Sequence[tuple[Deployment, Binding]],
) -> Reached:
    bindings = [binding for _, binding in found]
    having = dict.fromkeys(deployment.environment for deployment, _ in found)
    everywhere = len(having) == len({item.environment for item in deployments})
    owners = list(_owners(project, bindings))
    manners = [_manner(project, worker, binding) for binding in bindings]
    return Reached(
        name=bindings[0].name,
        manner=Manner.HTTP if Manner.HTTP in manners else manners[0],
        targets=tuple(dict.fromkeys(map(_target, bindings))),
        methods=tuple(dict.fromkeys(_methods(project, bindings))),
        path=_health_path(owner for owner, _ in owners),
        only_in=() if everywhere else tuple(name or TOP_LEVEL for name in having),
        domains=tuple(
            dict.fromkeys(
                route.pattern
                for _, deployment in owners
                for route in deployment.routes
                if route.custom_domain
            )
        ),
    )


def _owners(project: Project, bindings: Sequence[Binding]) -> Iterator[tuple[Worker, Deployment]]:
    return filter(None, (project.resolve(binding.target) for binding in bindings))


def _target(binding: Binding) -> str:
    if binding.kind is BindingKind.DURABLE_OBJECT:
        return binding.class_name or binding.name
    service = binding.service or binding.name
    is_named = binding.entrypoint not in (None, "default")
    return f"{service}#{binding.entrypoint}" if is_named else service


def _manner(project: Project, worker: Worker, binding: Binding) -> Manner:
    if binding.kind is BindingKind.DURABLE_OBJECT:
        return Manner.DURABLE_OBJECT
    export = _entrypoint(project, binding)
    if export is not None:
        is_closed = export.kind in CALLABLE and export.open_members is None
        return Manner.RPC if is_closed and not export.handler("fetch") else Manner.HTTP
    uses = {use.kind for use in worker.usages.of(binding.name)}
    return Manner.RPC if uses == {UsageKind.RPC} else Manner.HTTP


def _entrypoint(project: Project, binding: Binding) -> Export | None:
    """The export that a service binding leads to, None where it is not seen."""
    resolved = project.resolve(binding.target)
    if resolved is None or not isinstance(resolved[0].exports, Exports):
        return None
    return resolved[0].exports.get(binding.entrypoint or "default")


def _methods(project: Project, bindings: Sequence[Binding]) -> Iterator[str]:
    for binding in bindings:
        export = _entrypoint(project, binding)
        for member in export.members if export is not None else ():
            if member.kind is MethodKind.METHOD:
                yield member.name


def _health_path(owners: Iterator[Worker]) -> str:
    """The path that a target's code knows for it, else the usual one."""
    known = (path for owner in owners for path in owner.usages.paths)
    return next(filter(_HEALTH_PATH.fullmatch, known), _DEFAULT_PATH)
