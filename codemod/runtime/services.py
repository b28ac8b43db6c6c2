"""The services of a run: one for each deployment that calls another or is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DeploymentRef,
    ExportKind,
    Exports,
    Project,
    Unknown,
    Worker,
)
from codemod.runtime import twins
from codemod.runtime.calls import DEFAULT, BoundCalls, Call, Fetch, Rpc
from codemod.runtime.configuration import (
    END,
    OUTSIDE,
    NamespaceBinding,
    Service,
    ServiceBinding,
    compatibility_date,
    relevant_flags,
)
from codemod.runtime.twins import Needs


@dataclass(frozen=True, slots=True)
class Numbered:
    """A call that is made, and how it is known in the run.

    ``service`` and ``binding`` are the names that the caller and the binding go by there, and
    ``target`` that of the service that is called.
    """

    number: int
    call: Call
    bound: BoundCalls
    service: str
    binding: str
    target: str


@dataclass(frozen=True, slots=True)
class Run:
    """All that one process of the runtime is to do.

    ``ends`` are the numbers that the callers report when they are done, each with its service.
    """

    services: tuple[Service, ...]
    calls: tuple[Numbered, ...]
    ends: Mapping[int, str]


def of_calls(project: Project, planned: Iterable[BoundCalls], latest: date, token: str) -> Run:
    """The services that make the calls of ``planned`` which nothing hinders, and their targets."""
    names = _Names()
    numbered: list[Numbered] = []
    for bound in planned:
        target = project.resolve(bound.binding.target)
        for call in bound.calls if target else ():
            if call.obstacle is None and target:
                numbered.append(
                    Numbered(
                        number=len(numbered),
                        call=call,
                        bound=bound,
                        service=names.of(bound.worker, bound.deployment),
                        binding=_name_in_env(bound.binding.name, len(numbered)),
                        target=names.of(*target),
                    )
                )
    callers = dict.fromkeys(item.service for item in numbered)
    ends = dict(enumerate(callers, start=len(numbered)))
    return Run(_services(numbered, names, ends, latest, token), tuple(numbered), ends)


class _Names:
    """Names for services: the deployed ones, so that messages read as wrangler's do."""

    def __init__(self) -> None:
        self.deployments: dict[str, tuple[Worker, Deployment]] = {}
        self._names: dict[DeploymentRef, str] = {}

    def of(self, worker: Worker, deployment: Deployment) -> str:
        reference = DeploymentRef(worker.config_path, deployment.environment)
        if reference not in self._names:
            name = self._free(worker, deployment)
            self._names[reference] = name
            self.deployments[name] = worker, deployment
        return self._names[reference]

    def _free(self, worker: Worker, deployment: Deployment) -> str:
        name = worker.name_of(deployment)
        place = f"{worker.config_path}, {deployment.environment or 'top level'}"
        for candidate in (name, f"{name} ({worker.config_path})", f"{name} ({place})"):
            if _is_plain(candidate) and candidate not in self.deployments:
                return candidate
        return f"worker {len(self.deployments)}"


def _is_plain(name: str) -> bool:
    """Whether a name can be told from what stands around it in a message."""
    return name.isprintable() and '"' not in name and name not in (OUTSIDE, END)


def _name_in_env(name: str, number: int) -> str:
    return name if _is_plain(name) else f"binding {number}"


def _services(
    numbered: Sequence[Numbered], names: _Names, ends: Mapping[int, str], latest: date, token: str
) -> tuple[Service, ...]:
    own: dict[str, list[Numbered]] = {name: [] for name in names.deployments}
    led_to: dict[str, list[Numbered]] = {name: [] for name in names.deployments}
    for item in numbered:
        own[item.service].append(item)
        led_to[item.target].append(item)
    numbers = {service: number for number, service in ends.items()}
    return tuple(
        Service(
            name=name,
            module=twins.module(
                worker.exports,
                _needs(worker.exports, led_to[name]),
                _calling(own[name], token, numbers[name]) if name in numbers else "",
            ),
            compatibility_date=compatibility_date(deployment.compatibility_date, latest),
            compatibility_flags=relevant_flags(deployment.compatibility_flags),
            bindings=_bindings(own[name]),
            classes=tuple(
                dict.fromkeys(
                    item.bound.binding.class_name
                    for item in led_to[name]
                    if _is_namespace(item.bound.binding) and item.bound.binding.class_name
                )
            ),
        )
        for name, (worker, deployment) in names.deployments.items()
    )


def _calling(calls: Iterable[Numbered], token: str, end: int) -> str:
    made = (
        (item.number, item.binding, _is_namespace(item.bound.binding), item.call) for item in calls
    )
    return twins.calling(made, token, end)


def _is_namespace(binding: Binding) -> bool:
    return binding.kind is BindingKind.DURABLE_OBJECT


def _bindings(calls: Iterable[Numbered]) -> tuple[ServiceBinding | NamespaceBinding, ...]:
    """The bindings that calls go over; of several under one name the first."""
    made: dict[str, ServiceBinding | NamespaceBinding] = {}
    for item in calls:
        binding = item.bound.binding
        if not item.bound.is_declared or item.binding in made:
            continue
        if _is_namespace(binding):
            class_name = binding.class_name or ""
            made[item.binding] = NamespaceBinding(item.binding, item.target, class_name)
        else:
            made[item.binding] = ServiceBinding(item.binding, item.target, binding.entrypoint)
    return tuple(made.values())


# --- What callers use -----------------------------------------------------------------------


def _needs(exports: Exports | Unknown, calls: Iterable[Numbered]) -> dict[str, Needs]:
    """What callers use of exports that cannot be seen whole."""
    used: dict[str, Needs] = {}
    for item in calls:
        if item.call.assumes is None:
            continue
        binding = item.bound.binding
        name = binding.class_name or binding.entrypoint or DEFAULT
        is_class = _is_namespace(binding)
        kind = ExportKind.DURABLE_OBJECT if is_class else ExportKind.WORKER_ENTRYPOINT
        known = used.get(name) or Needs(kind, fetch=False, methods=frozenset())
        used[name] = _and(known, item.call)
    if not isinstance(exports, Exports):
        used.setdefault(DEFAULT, Needs(ExportKind.WORKER_ENTRYPOINT, True, frozenset()))
    return used


def _and(known: Needs, call: Call) -> Needs:
    match call.action:
        case Fetch():
            return Needs(known.kind, True, known.methods)
        case Rpc(method):
            return Needs(known.kind, known.fetch, known.methods | {method})
    return known
