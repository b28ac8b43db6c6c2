"""How a target's classes came to be, in each of its deployments, and how they change hands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Lifecycle,
    LifecycleAction,
    Location,
)
from codemod.planner.refusal import Refusal
from codemod.planner.split.target import Target
from codemod.scanner.configuration.tables import Scope, present
from codemod.syntax.tree import Mapping, Scalar, Sequence


class Means(Enum):
    """The key of the configuration that tells of classes: never both, in wrangler's own words."""

    MIGRATIONS = "migrations"
    EXPORTS = "exports"


class Storage(Enum):
    """A class's storage, by the words of the ``exports`` map."""

    SQLITE = "sqlite"
    KEY_VALUE = "legacy-kv"
    UNKNOWN = "unknown"


_CREATED = {
    LifecycleAction.CREATED: Storage.KEY_VALUE,
    LifecycleAction.CREATED_SQLITE: Storage.SQLITE,
    LifecycleAction.TRANSFERRED_IN: Storage.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Owner:
    """A deployment of the target that has a name, and the classes that live in it.

    ``scope`` is its part of the configuration; ``has_own_lifecycle`` says that this tells of the
    classes itself and does not inherit what the top level says.
    """

    deployment: Deployment
    name: str
    scope: Scope
    classes: dict[str, Storage]
    has_own_lifecycle: bool

    @property
    def environment(self) -> str | None:
        return self.deployment.environment

    @property
    def keys(self) -> tuple[str, ...]:
        """What leads to the deployment's table in the configuration."""
        return () if self.environment is None else ("env", self.environment)

    @property
    def own_bindings(self) -> list[Binding]:
        """The bindings to classes of the Worker itself."""
        bindings = self.deployment.of_kind(BindingKind.DURABLE_OBJECT)
        return [item for item in bindings if item.service in (None, self.name)]


@dataclass(frozen=True, slots=True)
class Lifecycles:
    """By which means the classes of a Worker live, and where they do."""

    means: Means
    owners: tuple[Owner, ...]

    @property
    def classes(self) -> dict[str, Storage]:
        """All classes that live somewhere, with their storage there."""
        return {name: kind for owner in self.owners for name, kind in owner.classes.items()}


def read(target: Target, *, fresh: bool) -> Lifecycles | Refusal:
    """The lives of the classes of ``target``, or why they cannot change hands."""
    scopes = [(item, _scope(target, item)) for item in target.worker.deployments]
    means = {kind for _, scope in scopes for kind in _means(scope)}
    if not means:
        return Refusal("neither migrations nor an exports map creates its classes", target.place)
    if len(means) > 1:
        return Refusal("it has both migrations and an exports map", target.place)
    found = Lifecycles(
        means.pop(),
        tuple(_owner(item, item.name, scope) for item, scope in scopes if item.name is not None),
    )
    if not found.owners:
        return Refusal("it has no name to transfer its classes from", target.place)
    refusals = chain(
        _of_lives(target, found), _of_transfer(found), _of_creation(found) if fresh else ()
    )
    if fresh or found.means is Means.EXPORTS:
        return next(refusals, None) or found
    return next(chain(refusals, _of_history(found)), None) or found


def _scope(target: Target, deployment: Deployment) -> Scope:
    root = target.root
    environments = root.get("env")
    own = None
    if isinstance(environments, Mapping) and deployment.environment is not None:
        own = environments.get(deployment.environment)
    return Scope(deployment.environment, own if isinstance(own, Mapping) else root, root)


def _means(scope: Scope) -> Iterator[Means]:
    migrations = present(scope.holder("migrations"), "migrations")
    if isinstance(migrations, Sequence) and migrations.items:
        yield Means.MIGRATIONS
    exports = present(scope.holder("exports"), "exports")
    for member in exports.members if isinstance(exports, Mapping) else ():
        kind = member.value.get("type") if isinstance(member.value, Mapping) else None
        if isinstance(kind, Scalar) and kind.value == "durable-object":
            yield Means.EXPORTS


def _owner(deployment: Deployment, name: str, scope: Scope) -> Owner:
    own = any(present(scope.own, key) is not None for key in ("migrations", "exports"))
    return Owner(deployment, name, scope, _classes(deployment.lifecycle), own)


def _classes(steps: Iterable[Lifecycle]) -> dict[str, Storage]:
    """The classes that live after ``steps``."""
    found: dict[str, Storage] = {}
    for step in steps:
        match step.action:
            case LifecycleAction.RENAMED:
                before = found.pop(step.previous_name or "", None)
                found[step.class_name] = before or found.get(step.class_name, Storage.UNKNOWN)
            case LifecycleAction.DELETED | LifecycleAction.TRANSFERRED_OUT:
                found.pop(step.class_name, None)
            case _:
                found[step.class_name] = _CREATED.get(step.action, Storage.UNKNOWN)
    return found


def _of_lives(target: Target, found: Lifecycles) -> Iterator[Refusal]:
    """What configuration and code do not say alike."""
    for owner in found.owners:
        for name in owner.classes:
            if name not in target.classes:
                reason = f"its {found.means.value} create {name}, which its entry does not export"
                yield Refusal(reason, _step(owner, name))
        for binding in owner.own_bindings:
            if binding.class_name not in target.classes:
                reason = f"{binding.name} is bound to {binding.class_name}, which is not exported"
                yield Refusal(reason, binding.location)
            elif binding.class_name not in owner.classes:
                reason = f"neither migrations nor an exports map creates {binding.class_name}"
                yield Refusal(reason, binding.location)
    if not found.classes:
        reason = "none of the classes that it exports is created by its configuration"
        yield Refusal(reason, target.place)


def _of_transfer(found: Lifecycles) -> Iterator[Refusal]:
    for owner in found.owners:
        for step in owner.deployment.lifecycle:
            if step.action is LifecycleAction.EXPECTING_TRANSFER:
                reason = f"{step.class_name} is itself expected from {step.other_script}"
                yield Refusal(reason, step.location)


def _of_creation(found: Lifecycles) -> Iterator[Refusal]:
    """Classes that ``--fresh`` cannot create anew."""
    for owner in found.owners:
        for name, storage in owner.classes.items():
            if storage is Storage.UNKNOWN:
                reason = (
                    f"{name} came from another Worker, so it was deployed: --fresh is not for it"
                )
                yield Refusal(reason, _step(owner, name))
            elif storage is Storage.KEY_VALUE and found.means is Means.EXPORTS:
                reason = f"an exports map cannot create {name} anew: its storage is legacy-kv"
                yield Refusal(reason, _step(owner, name))


def _of_history(found: Lifecycles) -> Iterator[Refusal]:
    """Migrations that stay and that nothing but the class or a binding makes bearable locally.

    For a class that migrations create and no binding names, ``wrangler dev`` looks in the entry
    module; without it, nothing starts (measured, wrangler 4.164).
    """
    for owner in found.owners:
        bindings = owner.deployment.of_kind(BindingKind.DURABLE_OBJECT)
        bound = {binding.class_name for binding in bindings}
        for name in owner.classes:
            if name not in bound:
                reason = (
                    f"no binding of {owner.name} names {name}, which its migrations create: "
                    "wrangler dev would not start there without the class"
                )
                yield Refusal(reason, _step(owner, name))


def _step(owner: Owner, name: str) -> Location:
    """Where the life of a class is told last."""
    steps = [item.location for item in owner.deployment.lifecycle if item.class_name == name]
    return steps[-1] if steps else owner.deployment.location
