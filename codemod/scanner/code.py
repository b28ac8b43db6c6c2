"""What Workers export and how they use their environment, each module read once.

Several configurations may name one module. What one of them says of it (a class is bound as a
Durable Object) holds for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from codemod.model import (
    BindingKind,
    Exports,
    Language,
    LifecycleAction,
    Unknown,
    Usages,
)
from codemod.scanner import exports, usages
from codemod.scanner.configuration.entry import Entry
from codemod.scanner.exports import ClassHints
from codemod.scanner.modules import Modules
from codemod.scanner.wrangler import Configuration

_LIVE = frozenset(
    {
        LifecycleAction.CREATED,
        LifecycleAction.CREATED_SQLITE,
        LifecycleAction.RENAMED,
        LifecycleAction.TRANSFERRED_IN,
        LifecycleAction.EXPECTING_TRANSFER,
    }
)


@dataclass(frozen=True, slots=True)
class Start:
    """One Worker's configuration and the modules that its code starts from.

    A Pages project has many of these, and no entry module.
    """

    configuration: Configuration
    entry: Entry
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """What the code of one Worker shows."""

    exports: Exports | Unknown
    usages: Usages


def read(starts: Iterable[Start], modules: Modules) -> Mapping[str, Code]:
    """The code of every Worker, by the path of its configuration."""
    starts = tuple(starts)
    hints = _hints(start.configuration for start in starts)
    groups: dict[object, list[Start]] = {}
    for start in starts:
        alias = tuple(sorted(start.configuration.alias.items()))
        tsconfig = start.configuration.tsconfig
        groups.setdefault((start.roots, alias, tsconfig), []).append(start)
    found = {}
    for group in groups.values():
        code = _read_group(group, hints, modules)
        for start in group:
            found[start.configuration.path] = _code_of(start, code)
    return found


def _read_group(group: list[Start], hints: Mapping[str, ClassHints], modules: Modules) -> Code:
    """The code of all that start from the same modules and resolve specifiers alike."""
    first = group[0]
    modules = modules.governed_by(first.configuration.tsconfig)
    alias = first.configuration.alias
    deployments = [deployment for start in group for deployment in start.configuration.deployments]
    names = {binding.name for deployment in deployments for binding in deployment.bindings}
    variables = [
        {variable.name: variable.value for variable in deployment.variables}
        for deployment in deployments
    ]
    exported: Exports | Unknown = Unknown("no module is read")
    if first.entry.module:
        own = [hints[start.configuration.path] for start in group]
        merged = ClassHints(
            frozenset().union(*(item.durable_objects for item in own)),
            frozenset().union(*(item.workflows for item in own)),
        )
        exported = exports.collect(modules, first.entry.module, merged, alias)
    namespaces = {
        binding.name
        for deployment in deployments
        for binding in deployment.of_kind(BindingKind.DURABLE_OBJECT)
    }
    used = usages.collect(modules, first.roots, names, variables, alias, namespaces)
    return Code(exported, used)


def _code_of(start: Start, shared: Code) -> Code:
    """What the shared reading means for one Worker, and what of it cannot be known."""
    gaps = [
        Unknown(f"env.{name} runs a module of its own, {main.value}", main.location)
        for name, main in start.configuration.environment_mains.items()
    ]
    unknown = start.entry.unknown
    has_code = start.configuration.language is not Language.ASSETS
    if unknown and not start.roots and has_code:
        gaps.append(unknown)
    return Code(
        unknown or shared.exports,
        replace(shared.usages, open=(*shared.usages.open, *gaps)),
    )


def _hints(configurations: Iterable[Configuration]) -> Mapping[str, ClassHints]:
    """The classes that configurations take for Durable Objects or Workflows, by their Worker."""
    durable_objects: dict[str, set[str]] = {}
    workflows: dict[str, set[str]] = {}
    paths = []
    for configuration in configurations:
        paths.append(configuration.path)
        workflows.setdefault(configuration.path, set()).update(configuration.workflow_classes)
        for deployment in configuration.deployments:
            durable_objects.setdefault(configuration.path, set()).update(
                step.class_name for step in deployment.lifecycle if step.action in _LIVE
            )
            for binding in deployment.bindings:
                if binding.class_name is None or isinstance(binding.target, Unknown):
                    continue
                is_workflow = binding.kind is BindingKind.WORKFLOW
                classes = workflows if is_workflow else durable_objects
                classes.setdefault(binding.target.config_path, set()).add(binding.class_name)
    return {
        path: ClassHints(
            frozenset(durable_objects.get(path, ())), frozenset(workflows.get(path, ()))
        )
        for path in paths
    }
