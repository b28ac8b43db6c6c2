"""The edits of configurations that stay: bindings follow the classes, and their lives are told."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import Binding, BindingKind, DeploymentRef, Edit, Project, Worker
from codemod.planner.refusal import Refusal
from codemod.planner.split.destination import Destination
from codemod.planner.split.lifecycle import Lifecycles, Means, Owner
from codemod.planner.split.target import Target
from codemod.scanner.configuration.tables import present
from codemod.scanner.files import Files
from codemod.syntax import documents
from codemod.syntax.draft import Draft
from codemod.syntax.printing import value_of
from codemod.syntax.tree import Mapping, Plain, Scalar, Sequence, walk


def refusals(project: Project, target: Target, lives: Lifecycles) -> Iterator[Refusal]:
    """Bindings that would have to follow and cannot."""
    for worker, binding in followers(project, target):
        if worker.generated:
            reason = f"{worker.config_path} binds {binding.class_name}, and a build writes it"
            yield Refusal(reason, binding.location)
    for binding in _all_bindings(project, target, lives):
        if binding.service_environment:
            reason = f'the binding {binding.name} has the deprecated key "environment"'
            yield Refusal(reason, binding.location)
    for owner in lives.owners:
        if owner.environment is not None and lives.means is Means.EXPORTS:
            yield from _of_inherited(target, owner)


def _all_bindings(project: Project, target: Target, lives: Lifecycles) -> Iterator[Binding]:
    yield from (binding for _, binding in followers(project, target))
    for owner in lives.owners:
        yield from owner.own_bindings


def _of_inherited(target: Target, owner: Owner) -> Iterator[Refusal]:
    exports = present(target.root, "exports")
    if not owner.has_own_lifecycle and exports is not None and _plain_exports(target) is None:
        reason = (
            f"env.{owner.environment} inherits an exports map with more than classes, "
            "and needs one of its own to name its own Worker"
        )
        yield Refusal(reason, target.location(exports.span))


def followers(project: Project, target: Target) -> Iterator[tuple[Worker, Binding]]:
    """The bindings of other Workers to classes that move, each place once."""
    seen = set()
    for worker, _, binding in project.bindings(BindingKind.DURABLE_OBJECT):
        reference = binding.target
        if (
            worker.config_path != target.worker.config_path
            and isinstance(reference, DeploymentRef)
            and reference.config_path == target.worker.config_path
            and binding.class_name in target.classes
            and binding.location not in seen
        ):
            seen.add(binding.location)
            yield worker, binding


def edits_elsewhere(
    files: Files, project: Project, target: Target, destination: Destination
) -> Iterator[Edit]:
    """The edits that make other Workers' ``script_name`` follow."""
    for worker, binding in followers(project, target):
        reference = binding.target
        if not isinstance(reference, DeploymentRef) or binding.service_location is None:
            continue
        path = worker.config_path
        document = documents.parse(path, files.read(path))
        place = binding.service_location.span
        scalars = (node for node in walk(document.root) if isinstance(node, Scalar))
        scalar = next(node for node in scalars if node.span == place)
        yield document.replace_scalar(path, scalar, destination.deployed[reference.environment])


def edits(
    files: Files, target: Target, lives: Lifecycles, destination: Destination, *, fresh: bool
) -> tuple[Edit, ...]:
    """The edits of the target's own configuration.

    Its ``migrations`` stay as they are where they may have been applied; for what was never
    deployed they go, since a deploy refuses to create a class that the entry does not export.
    """
    path = target.worker.config_path
    draft = Draft(path, files.read(path))
    for owner in lives.owners:
        _bind(draft, owner, destination.deployed[owner.environment])
        if fresh and owner.has_own_lifecycle:
            _forget(draft, lives.means, owner)
        elif lives.means is Means.EXPORTS and not fresh:
            _hand_over(draft, target, owner, destination.deployed[owner.environment])
    return draft.edits()


def _bind(draft: Draft, owner: Owner, name: str) -> None:
    own = {binding.location.span for binding in owner.own_bindings}
    keys = (*owner.keys, "durable_objects", "bindings")
    items = present(owner.scope.own, "durable_objects")
    bindings = present(items, "bindings") if isinstance(items, Mapping) else None
    for index, item in enumerate(bindings.items if isinstance(bindings, Sequence) else ()):
        if item.span not in own:
            continue
        if isinstance(item, Mapping) and item.member("script_name"):
            draft.replace((*keys, index, "script_name"), name)
        else:
            draft.insert((*keys, index), "script_name", name)


def _forget(draft: Draft, means: Means, owner: Owner) -> None:
    """Takes the classes out of what creates them."""
    exports = draft.node(*owner.keys, means.value)
    others = (
        {member.key for member in exports.members} - owner.classes.keys()
        if isinstance(exports, Mapping)
        else None
    )
    if not others:
        draft.remove(owner.keys, means.value)
        return
    for name in owner.classes:
        draft.remove((*owner.keys, means.value), name)


def _hand_over(draft: Draft, target: Target, owner: Owner, name: str) -> None:
    """Says in the ``exports`` map to whom the classes go."""
    if not owner.has_own_lifecycle:
        plain = _plain_exports(target) or {}
        gone = {
            item: {"type": "durable-object", "state": "transferred", "transferred_to": name}
            for item in owner.classes
        }
        draft.insert(owner.keys, Means.EXPORTS.value, {**plain, **gone})
        return
    for item in owner.classes:
        keys = (*owner.keys, Means.EXPORTS.value, item)
        if draft.node(*keys, "state") is None:
            draft.insert(keys, "state", "transferred")
        else:
            draft.replace((*keys, "state"), "transferred")
        draft.insert(keys, "transferred_to", name)
        draft.remove(keys, "storage")


def _plain_exports(target: Target) -> dict[str, dict[str, Plain]] | None:
    """The target's ``exports`` map, None where it holds more than strings in tables."""
    exports = present(target.root, "exports")
    found: dict[str, dict[str, Plain]] = {}
    for member in exports.members if isinstance(exports, Mapping) else ():
        value = value_of(member.value)
        if not isinstance(value, dict):
            return None
        found[member.key] = {key: item for key, item in value.items() if isinstance(item, str)}
        if len(found[member.key]) < len(value):
            return None
    return found
