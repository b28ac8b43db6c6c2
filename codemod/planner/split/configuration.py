"""The configuration of the new Worker: what the classes need of the target's, and their lives."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.model import Binding, BindingKind, LifecycleAction, Span
from codemod.planner.refusal import Refusal
from codemod.planner.split.destination import Destination
from codemod.planner.split.lifecycle import Lifecycles, Means, Owner, Storage
from codemod.planner.split.needs import Needs
from codemod.planner.split.target import Target
from codemod.scanner.configuration.tables import Scope, entries, present
from codemod.syntax.printing import Value, json_like, toml_like, value_of
from codemod.syntax.tree import Mapping, Node, Scalar, Sequence

_KEPT = frozenset(
    {
        "account_id",
        "alias",
        "compatibility_date",
        "compatibility_flags",
        "compliance_region",
        "define",
        "jsx_factory",
        "jsx_fragment",
        "keep_names",
        "keep_vars",
        "limits",
        "logpush",
        "minify",
        "node_compat",
        "observability",
        "placement",
        "preserve_file_names",
        "preview_urls",
        "rules",
        "send_metrics",
        "tsconfig",
        "upload_source_maps",
        "usage_model",
        "workers_dev",
    }
)
"""What the code of the classes runs under, and how it is built and deployed."""

FIRST_TAG = "v1"
"""The tag of the new Worker's first migration."""

_CREATIONS = frozenset({LifecycleAction.CREATED, LifecycleAction.CREATED_SQLITE})
_MAX_DEPTH = 3
_WHOLE = frozenset({"streaming_tail_consumers", "tail_consumers"})
_ASSETS = frozenset({"assets", "site"})
_BLOBS = frozenset({"data_blobs", "text_blobs", "wasm_modules"})
_UNMOVED = {
    "base_dir": "modules that are uploaded beside its own do not come along",
    "build": "a build of its own runs before it is deployed",
    "containers": "a container that belongs to a class does not move",
    "find_additional_modules": "modules that are uploaded beside its own do not come along",
    "no_bundle": "its modules are uploaded as they are, so that none from elsewhere can be added",
}


def refusals(target: Target, lives: Lifecycles, needs: Needs) -> Iterator[Refusal]:
    """Settings of the target that a second Worker cannot have as well."""
    for scope in _scopes(target, lives):
        for member in entries(scope.own):
            reason = _UNMOVED.get(member.key)
            if member.key == "main" and scope.environment is not None:
                reason = f"env.{scope.environment} has a main of its own"
            if reason and not _is_off(member.value):
                yield Refusal(f"{member.key}: {reason}", target.location(member.span))
    for owner in lives.owners:
        for item in owner.deployment.other_bindings:
            if item.key in _ASSETS and needs.has(item.name):
                reason = f"the classes may use {item.name}, files that are deployed with the target"
                yield Refusal(reason, item.location)
            elif item.key in _BLOBS and needs.has(item.name):
                yield Refusal(f"the classes may use {item.name}, of {item.key}", item.location)


def _scopes(target: Target, lives: Lifecycles) -> Iterator[Scope]:
    """The parts of the configuration, each once."""
    yield Scope(None, target.root, target.root)
    yield from (owner.scope for owner in lives.owners if owner.environment is not None)


def _is_off(node: Node) -> bool:
    if isinstance(node, Mapping):
        return present(node, "command") is None
    return not (node.value if isinstance(node, Scalar) else node.items)


def text(
    target: Target, lives: Lifecycles, destination: Destination, needs: Needs, *, fresh: bool
) -> str:
    """The new configuration, in the language and style of the target's."""
    table = _Maker(target, lives, destination, needs, fresh).whole()
    if destination.configuration.endswith(".toml"):
        return toml_like(target.document, table)
    return json_like(target.document, table)


@dataclass(frozen=True, slots=True)
class _Maker:
    target: Target
    lives: Lifecycles
    destination: Destination
    needs: Needs
    fresh: bool

    def whole(self) -> dict[str, Value]:
        named = {"name": self.destination.name, "main": self.destination.main}
        found: dict[str, Value] = {}
        owners = {owner.environment: owner for owner in self.lives.owners}
        for member in entries(self.target.root):
            if member.key == "$schema":
                found["$schema"] = self._moved_path(value_of(member.value))
            elif named.get(member.key):
                found[member.key] = named[member.key]
            elif member.key == "env":
                tables: dict[str, Value] = {
                    name: self._table(owner, owner.scope.own)
                    for name, owner in owners.items()
                    if name is not None
                }
                found.update({"env": tables} if tables else {})
            else:
                found.update(self._member(owners.get(None), member.key, member.value))
        found.setdefault("main", self.destination.main)
        return found

    def _table(self, owner: Owner, own: Mapping) -> dict[str, Value]:
        """The table of one environment."""
        found: dict[str, Value] = {}
        name = self.destination.written.get(owner.environment or "")
        if name:
            found["name"] = name
        for member in entries(own):
            found.update(self._member(owner, member.key, member.value))
        if not self.fresh and not owner.has_own_lifecycle:
            found[self.lives.means.value] = self._lifecycle(owner, None)
        return found

    def _member(self, owner: Owner | None, key: str, node: Node) -> dict[str, Value]:
        """What the new Worker has of one setting of the target: the setting, or nothing."""
        if key in _KEPT:
            return {key: self._setting(key, node)}
        if owner is None:
            return {}
        if key == self.lives.means.value:
            return {key: self._lifecycle(owner, node)}
        found = self._bindings(owner, key, node)
        return {key: found} if found else {}

    def _setting(self, key: str, node: Node) -> Value:
        value = value_of(node)
        if key == "tsconfig":
            return self._moved_path(value)
        if key == "alias" and isinstance(value, dict):
            return {name: self._moved_specifier(item) for name, item in value.items()}
        return value

    def _bindings(self, owner: Owner, key: str, node: Node) -> Value:
        if key == "durable_objects" and isinstance(node, Mapping):
            return self._durable_objects(owner, node)
        if key == "vars" and isinstance(node, Mapping):
            return {
                member.key: value_of(member.value)
                for member in entries(node)
                if self.needs.has(member.key)
            }
        if key == "secrets" and isinstance(node, Mapping):
            return self._secrets(node)
        if key in _WHOLE:
            return value_of(node)
        found = _kept(node, self._needed(owner, key))
        if key == "d1_databases":
            self._move_migrations(found)
        return found

    def _needed(self, owner: Owner, key: str) -> frozenset[Span]:
        """Where the tables of the needed bindings stand that ``key`` holds."""
        deployment = owner.deployment
        named = [
            *((item.name, item.location) for item in deployment.bindings if item.kind.value == key),
            *((item.name, item.location) for item in deployment.other_bindings if item.key == key),
        ]
        return frozenset(location.span for name, location in named if self.needs.has(name))

    def _durable_objects(self, owner: Owner, node: Mapping) -> Value:
        found = {
            member.key: value_of(member.value)
            for member in entries(node)
            if member.key != "bindings"
        }
        bindings: list[Value] = []
        foreign = self._needed(owner, BindingKind.DURABLE_OBJECT.value)
        own = {item.location.span: item for item in owner.own_bindings}
        items = present(node, "bindings")
        for item in items.items if isinstance(items, Sequence) else ():
            if item.span in own:
                bindings += self._own_binding(own[item.span])
            elif item.span in foreign:
                bindings.append(value_of(item))
        return {**found, "bindings": bindings} if bindings else {}

    def _own_binding(self, binding: Binding) -> list[Value]:
        """The binding to a class that moves; none while its transfer is expected.

        Until it has arrived nothing of it is there to be bound (documented by the order of
        deploys that Cloudflare recommends for the ``exports`` map).
        """
        if self.lives.means is Means.EXPORTS and not self.fresh:
            return []
        return [{"name": binding.name, "class_name": binding.class_name}]

    def _secrets(self, node: Mapping) -> Value:
        required = present(node, "required")
        names: list[Value] = [
            item.value
            for item in (required.items if isinstance(required, Sequence) else ())
            if isinstance(item, Scalar) and self.needs.has(str(item.value))
        ]
        return {"required": names} if names else {}

    def _lifecycle(self, owner: Owner, node: Node | None) -> Value:
        """The classes' lives: taken over from the target, or begun anew."""
        if self.lives.means is Means.EXPORTS:
            return {name: self._exported(owner, storage) for name, storage in owner.classes.items()}
        if not self.fresh:
            return [{"tag": FIRST_TAG, "transferred_classes": _transfers(owner)}]
        actions = {step.action for step in owner.deployment.lifecycle}
        if node is not None and actions <= _CREATIONS:
            return value_of(node)
        return [{"tag": FIRST_TAG, **_creations(owner)}]

    def _exported(self, owner: Owner, storage: Storage) -> Value:
        if self.fresh:
            return {"type": "durable-object", "storage": storage.value}
        return {
            "type": "durable-object",
            "state": "expecting-transfer",
            "storage": storage.value,
            "transfer_from": owner.name,
        }

    def _moved_path(self, value: Value) -> Value:
        """A path as it is written from the new folder."""
        if not isinstance(value, str) or "://" in value or value.startswith("/"):
            return value
        folder = posixpath.dirname(self.target.worker.config_path)
        return self.destination.from_folder(posixpath.normpath(posixpath.join(folder, value)))

    def _moved_specifier(self, value: Value) -> Value:
        if not isinstance(value, str) or not value.startswith(("./", "../")):
            return value
        return self._moved_path(value)

    def _move_migrations(self, databases: Value) -> None:
        for database in databases if isinstance(databases, list) else ():
            if isinstance(database, dict) and "migrations_dir" in database:
                database["migrations_dir"] = self._moved_path(database["migrations_dir"])


def _kept(node: Node, wanted: frozenset[Span], depth: int = 0) -> Value:
    """What is left of a setting that holds bindings: those ``wanted``, and what leads to them."""
    if isinstance(node, Mapping) and node.span in wanted:
        return value_of(node)
    if depth == _MAX_DEPTH:
        return None
    if isinstance(node, Sequence):
        items = [_kept(item, wanted, depth + 1) for item in node.items]
        return [item for item in items if item] or None
    if isinstance(node, Mapping):
        members = {item.key: _kept(item.value, wanted, depth + 1) for item in entries(node)}
        return {key: value for key, value in members.items() if value} or None
    return None


def _transfers(owner: Owner) -> list[Value]:
    return [{"from": name, "from_script": owner.name, "to": name} for name in owner.classes]


def _creations(owner: Owner) -> dict[str, Value]:
    """The lists of new classes, by their storage."""
    kinds = (("new_classes", Storage.KEY_VALUE), ("new_sqlite_classes", Storage.SQLITE))
    lists: dict[str, list[Value]] = {
        key: [name for name, storage in owner.classes.items() if storage is kind]
        for key, kind in kinds
    }
    return {key: names for key, names in lists.items() if names}
