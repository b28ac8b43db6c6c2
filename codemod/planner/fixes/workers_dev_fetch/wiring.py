"""The bindings of the callers: which of them serve, how new ones are called and written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DeploymentRef,
    Edit,
    ExportForm,
    ExportKind,
    Strategy,
    Unknown,
    UsageKind,
    Worker,
)
from codemod.planner.fixes.workers_dev_fetch.needs import Need, Service
from codemod.planner.free_names import first_free, names_in
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules import bare_binding, poisoned_binding, select_rules
from codemod.rules.default_entrypoint_in_dev import DEFAULT_ENTRYPOINT
from codemod.rules.poisoned_binding import Shape
from codemod.scanner.tracking.declared_types import declared_types
from codemod.syntax.draft import Draft, Key

IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
"""The names of bindings that code can write behind a dot."""

_NOT_A_NAME = re.compile(r"[^A-Za-z0-9]+")
_DEFAULT = (None, DEFAULT_ENTRYPOINT)
_FETCHER = "Fetcher"
_FETCHED = frozenset({UsageKind.FETCH, UsageKind.PASSED_ON})


@dataclass(frozen=True, slots=True)
class NewBinding:
    """A service binding that a deployment gets."""

    owner: DeploymentRef
    name: str
    service: str
    entrypoint: str | None


@dataclass(frozen=True, slots=True)
class Wire:
    """How a call goes: the binding's name, and the bindings that are added for it."""

    name: str
    added: tuple[NewBinding, ...]


class Wiring:
    """Gives calls their bindings; calls with the same needs share one."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._added: dict[tuple[DeploymentRef, str], NewBinding] = {}

    def wire(self, need: Need) -> Wire | Refusal:
        """The bindings for a call: those that are there, as far as they serve, and new ones."""
        name = self._name(need)
        added: list[NewBinding] = []
        for owner, service in need.services.items():
            if self._known(owner, service, name):
                continue
            new = self._new(owner, service, name)
            if isinstance(new, Refusal):
                return new
            added.append(new)
        self._added.update({(new.owner, new.name): new for new in added})
        rests_on = (self._added.get((owner, name)) for owner in need.services)
        return Wire(name, tuple(filter(None, rests_on)))

    def _name(self, need: Need) -> str:
        """The name that most deployments have such a binding under, else a new one."""
        known: dict[str, int] = {}
        for owner, service in need.services.items():
            for name in self._names(owner, service):
                known[name] = known.get(name, 0) + 1
        for name in sorted(known, key=lambda name: -known[name]):
            if all(
                self._known(owner, service, name) or not self._is_declared(owner, name)
                for owner, service in need.services.items()
            ):
                return name
        taken = {name for owner in need.services for name in self._taken(owner)}
        first = next(iter(need.services.values()))
        worker = self._workshop.project.worker(first.target.config_path)
        base = _upper_snake((worker.name if worker else None) or first.name)
        candidates = (*self._usual(first), base, f"{base}_SERVICE", f"{base}_WORKER")
        taken.update(self._meant_otherwise(need, candidates))
        return first_free(candidates, taken)

    def _usual(self, service: Service) -> list[str]:
        """The names of other bindings to the service's Worker, the most frequent ones first."""
        callers: dict[str, set[str]] = {}
        for caller, _, binding in self._workshop.project.bindings_in_use(BindingKind.SERVICE):
            target = binding.target
            is_same = isinstance(target, DeploymentRef) and (
                target.config_path == service.target.config_path
            )
            if is_same and binding.entrypoint in _DEFAULT and IDENTIFIER.fullmatch(binding.name):
                callers.setdefault(binding.name, set()).add(caller.config_path)
        return sorted(callers, key=lambda name: (-len(callers[name]), name))

    def _meant_otherwise(self, need: Need, candidates: Collection[str]) -> Iterator[str]:
        """The candidates that the code of a caller means something else by.

        As the property of a type, or as any name where bindings are global ones.
        """
        for config_path in dict.fromkeys(owner.config_path for owner in need.services):
            worker = self._workshop.project.worker(config_path)
            for path in worker.usages.modules if worker else ():
                source = self._workshop.modules.source(path)
                if worker is None or isinstance(source, Unknown):
                    continue
                if is_service_worker(worker):
                    yield from names_in(source)
                for declared in declared_types(source, candidates):
                    if declared.type != _FETCHER:
                        yield declared.binding

    def _names(self, owner: DeploymentRef, service: Service) -> Iterator[str]:
        worker, deployment = self._resolved(owner)
        for binding in deployment.of_kind(BindingKind.SERVICE):
            if self._serves(worker, binding, service):
                yield binding.name
        for (other, name), new in self._added.items():
            if other == owner and new.service == service.name:
                yield name

    def _known(self, owner: DeploymentRef, service: Service, name: str) -> bool:
        return name in self._names(owner, service)

    def _serves(self, worker: Worker, binding: Binding, service: Service) -> bool:
        """Whether a fetch over ``binding`` comes to the ``fetch`` of the service.

        A plain binding that nothing fetches so far serves where no rule has anything against it.
        """
        if binding.service != service.name or binding.service_environment:
            return False
        if not IDENTIFIER.fullmatch(binding.name):
            return False
        if binding.entrypoint:
            return binding.entrypoint == DEFAULT_ENTRYPOINT
        fetched = any(use.kind in _FETCHED for use in worker.usages.of(binding.name))
        return fetched or self._entrypoint(worker, service) is None

    def _new(self, owner: DeploymentRef, service: Service, name: str) -> NewBinding | Refusal:
        worker, deployment = self._resolved(owner)
        if service.is_own:
            return Refusal(
                "the Worker fetches itself: call its handler, or bind the Worker to itself and "
                "call env.<binding>.fetch by hand",
                deployment.location,
            )
        entrypoint = self._entrypoint(worker, service)
        if isinstance(entrypoint, Refusal):
            return entrypoint
        return NewBinding(owner, name, service.name, entrypoint)

    def _entrypoint(self, worker: Worker, service: Service) -> str | Refusal | None:
        """The entrypoint that a new binding names, so that no other rule finds fault with it."""
        project, settings = self._workshop.project, self._workshop.settings
        target = project.worker(service.target.config_path)
        probe = Binding(
            BindingKind.SERVICE, "", service.name, service.target, worker.deployments[0].location
        )
        shape = poisoned_binding.judge(project, probe).shape
        together = project.local_development({worker.config_path, service.target.config_path})
        asked = settings.strategy or settings.targets.get(service.name)
        if shape is Shape.CLEAN and target is not None:
            chosen = {rule.name for rule in select_rules(settings.select, settings.ignore)}
            is_wanted = bare_binding.NAME in chosen and _is_plain_object(target)
            is_kept = together and asked is not Strategy.ENTRYPOINT
            return DEFAULT_ENTRYPOINT if is_wanted and not is_kept else None
        if shape is not Shape.POISONED or asked is Strategy.LEAVE:
            return None
        if asked is Strategy.ENTRYPOINT or (asked is None and not together):
            return DEFAULT_ENTRYPOINT
        return Refusal(
            f"{service.name} exports classes beside its default object, and "
            '"entrypoint": "default" would stop the two from running together locally: make its '
            "default a WorkerEntrypoint class, or export it under a name and bind to that, by hand",
            None,
        )

    def _is_declared(self, owner: DeploymentRef, name: str) -> bool:
        _, deployment = self._resolved(owner)
        return name in _declared(deployment) or (owner, name) in self._added

    def _taken(self, owner: DeploymentRef) -> Iterator[str]:
        """The names that a new binding of ``owner`` must not have, as its Worker has them."""
        worker, _ = self._resolved(owner)
        for deployment in worker.deployments:
            yield from _declared(deployment)
        yield from (use.binding for use in worker.usages.uses)
        yield from (declared.binding for declared in worker.usages.declared_types)
        yield from (name for other, name in self._added if other.config_path == owner.config_path)

    def _resolved(self, owner: DeploymentRef) -> tuple[Worker, Deployment]:
        resolved = self._workshop.project.resolve(owner)
        assert resolved is not None, "needs name deployments of the project"
        return resolved


def written(workshop: Workshop, added: Iterable[NewBinding]) -> list[Edit]:
    """The edits that put bindings into the configurations.

    Raises ``EditError`` where a configuration does not hold the environment as a table.
    """
    by_path: dict[str, list[NewBinding]] = {}
    for new in added:
        by_path.setdefault(new.owner.config_path, []).append(new)
    edits = []
    for path, bindings in by_path.items():
        content = workshop.files.read(path)
        draft = Draft(path, content)
        for new in bindings:
            environment = new.owner.environment
            keys: tuple[Key, ...] = () if environment is None else ("env", environment)
            draft.append(keys, BindingKind.SERVICE.value, _item(new))
        edits += [_narrowed(content, edit) for edit in draft.edits()]
    return edits


def _item(new: NewBinding) -> Mapping[str, str]:
    item = {"binding": new.name, "service": new.service}
    return item | ({"entrypoint": new.entrypoint} if new.entrypoint else {})


def _narrowed(content: bytes, edit: Edit) -> Edit:
    """``edit`` without the text that it has in common with what it replaces.

    So other repairs may touch the rest of these lines.
    """
    old, new = content[edit.span.start : edit.span.end].decode(), edit.text
    head = _common_length(old, new)
    tail = _common_length(old[head:][::-1], new[head:][::-1])
    start = edit.span.start + len(old[:head].encode())
    end = edit.span.end - len(old[len(old) - tail :].encode())
    return replace(
        edit, span=replace(edit.span, start=start, end=end), text=new[head : len(new) - tail]
    )


def _common_length(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _declared(deployment: Deployment) -> set[str]:
    return {
        *(binding.name for binding in deployment.bindings),
        *(variable.name for variable in deployment.variables),
        *(binding.name for binding in deployment.other_bindings),
    }


def is_service_worker(worker: Worker) -> bool:
    """Whether a Worker is of the service worker format, where bindings are global names."""
    default = worker.default_export
    return default is not None and default.form is ExportForm.SERVICE_WORKER


def _is_plain_object(worker: Worker) -> bool:
    default = worker.default_export
    return default is not None and default.kind is ExportKind.OBJECT


def _upper_snake(name: str) -> str:
    words = _NOT_A_NAME.sub("_", name).strip("_").upper()
    return f"WORKER_{words}" if not words or words[0].isdigit() else words
