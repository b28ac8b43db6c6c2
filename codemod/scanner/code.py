"""What Workers export and how they use their environment, each module read once.

Several configurations may name one module. What one of them says of it (a class is bound as a
Durable Object) holds for all.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

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
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.scanner.suppressions import WORD
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


# Starting a process costs as much as reading this many Workers.
_GROUPS_A_PROCESS = 40
_PART = 20
_MOST_HELD = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Start:
    """One Worker's configuration and the modules that its code starts from.

    A Pages project has many of these, and no entry module.
    """

    configuration: Configuration
    entry: Entry
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Workers that start from the same modules and resolve specifiers alike."""

    starts: tuple[Start, ...]
    hints: ClassHints


@dataclass(frozen=True, slots=True)
class Code:
    """What the code of one Worker shows."""

    exports: Exports | Unknown
    usages: Usages


def read(
    starts: Iterable[Start],
    modules: Modules,
    changed: Mapping[str, bytes],
    processes: int,
) -> Mapping[str, Code]:
    """The code of every Worker, by the path of its configuration.

    ``changed`` is what the files of ``modules`` are made with. Where there is enough to do for
    more than one of them, ``processes`` share the work.
    """
    starts = tuple(starts)
    hints = _hints(start.configuration for start in starts)
    by_modules: dict[object, list[Start]] = {}
    for start in starts:
        alias = tuple(sorted(start.configuration.alias.items()))
        tsconfig = start.configuration.tsconfig
        by_modules.setdefault((start.roots, alias, tsconfig), []).append(start)
    groups = [
        _Group(tuple(group), _merged(hints[start.configuration.path] for start in group))
        for group in by_modules.values()
    ]
    processes = min(processes, len(groups) // _GROUPS_A_PROCESS)
    if processes > 1:
        shared = _read_apart(groups, modules.files, changed, processes)
    else:
        shared = _read_here(groups, modules)
    return {
        start.configuration.path: _code_of(start, code)
        for group, code in zip(groups, shared, strict=True)
        for start in group.starts
    }


def _read_here(groups: Iterable[_Group], modules: Modules) -> list[Code]:
    read = []
    for group in groups:
        read.append(_read_group(group, modules))
        if modules.files.held_bytes > _MOST_HELD:
            modules.release()
    return read


# --- Several processes ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """What another process has read: the code of some groups, and the files that it rests on."""

    code: list[Code]
    hashes: Mapping[str, str]
    failures: Mapping[str, str]
    holding: Mapping[str, None]


def _read_apart(
    groups: list[_Group], files: Files, changed: Mapping[str, bytes], processes: int
) -> list[Code]:
    parts = [groups[start : start + _PART] for start in range(0, len(groups), _PART)]
    read: list[Code] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context) as executor:
        for part in executor.map(_read_part, parts, repeat(files.root), repeat(changed)):
            files.add(part.hashes, part.failures, part.holding)
            read += part.code
    return read


def _read_part(groups: list[_Group], root: Path, changed: Mapping[str, bytes]) -> _Read:
    files = Files(root, changed, WORD)
    code = _read_here(groups, Modules(files))
    return _Read(code, files.hashes, files.failures, files.holding)


# --- One group ------------------------------------------------------------------------------


def _read_group(group: _Group, modules: Modules) -> Code:
    first = group.starts[0]
    modules = modules.governed_by(first.configuration.tsconfig)
    alias = first.configuration.alias
    deployments = [
        deployment for start in group.starts for deployment in start.configuration.deployments
    ]
    names = {binding.name for deployment in deployments for binding in deployment.bindings}
    variables = [
        {variable.name: variable.value for variable in deployment.variables}
        for deployment in deployments
    ]
    exported: Exports | Unknown = Unknown("no module is read")
    if first.entry.module:
        exported = exports.collect(modules, first.entry.module, group.hints, alias)
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


def _merged(hints: Iterable[ClassHints]) -> ClassHints:
    own = tuple(hints)
    return ClassHints(
        frozenset().union(*(item.durable_objects for item in own)),
        frozenset().union(*(item.workflows for item in own)),
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
