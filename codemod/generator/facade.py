"""``facade``: a Worker of its own that forwards every request to another (article, Pattern 3).

It exports no classes, so that callers of it cannot be poisoned by any. The article forwards over
a Custom Domain; here it goes over a service binding, which is measured to work locally and needs
no domain. That binding is one more to the same target: where it is reported to fail as the others
do, it gets the repair that the plan has for it, and where that lies in the target itself, no
facade is made.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codemod.generator import entry, writing
from codemod.generator.addition import Addition, Order
from codemod.generator.bindings import CALLABLE
from codemod.generator.entry import Entry
from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DeploymentRef,
    Edit,
    NewFile,
    Project,
    UsageKind,
    Worker,
)
from codemod.planner.layout import Layout
from codemod.planner.refusal import Refusal
from codemod.rules import poisoned_binding
from codemod.scanner.configuration.tables import entries, present
from codemod.scanner.resolving.packages import joined
from codemod.syntax.printing import Value, json_like, toml_like, value_of
from codemod.syntax.tree import Document, Scalar, mapping_at, walk
from codemod.syntax.tree import Mapping as Table

BINDING = "TARGET"

_SUFFIX = "facade"
_KEPT = ("account_id", "compatibility_date", "observability")
_CLOSED: dict[str, Value] = {"workers_dev": False, "preview_urls": False}
_OWN_STYLE = Layout(quote='"', end=";", line_break="\n", indent="  ")
_FETCHES = frozenset({UsageKind.FETCH})
_PLAIN = (None, "default")


@dataclass(frozen=True, slots=True)
class _Facade:
    """The new Worker: its files, and the deployed name of it for each of the target's."""

    configuration: str
    main: str
    deployed: Mapping[str | None, str]

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.configuration)


@dataclass(frozen=True, slots=True)
class _Caller:
    """A binding to the target: whose it is, and why it cannot go to the facade, if it cannot."""

    worker: Worker
    deployment: Deployment
    binding: Binding
    obstacle: str | None


def make(order: Order) -> Addition | Refusal:
    """The facade of the Worker, with its callers bound to it where wiring is asked for."""
    target, project = order.worker, order.workshop.project
    owners = [item for item in target.deployments if item.name]
    if not owners:
        return Refusal("it has no name that a binding could lead to", None)
    if not all((item.name or "").isprintable() for item in owners):
        return Refusal("its name is none that a folder could have", None)
    if _takes_no_requests(target):
        return Refusal("it has no fetch: a facade passes on nothing else", None)
    document = order.workshop.document(target.config_path)
    if not isinstance(document.root, Table):
        return Refusal("its configuration is no table", None)
    place = entry.read(order.workshop.modules, target)
    style = place if isinstance(place, Entry) else None
    facade = _facade(target, document.root, style)
    taken = {item.name for worker in project.workers for item in worker.deployments}
    clash = next((name for name in facade.deployed.values() if name in taken), None)
    if clash:
        return Refusal(f'there is a Worker called "{clash}" already', None)
    new_files = (
        NewFile(facade.configuration, _configuration(target, document, document.root, facade)),
        NewFile(joined(facade.folder, facade.main), _module(facade, style)),
    )
    callers = list(_callers(project, target))
    edits = tuple(_rebound(order, facade, callers)) if order.wire else ()
    return Addition(
        new_files,
        tuple(_steps(order, facade, callers)),
        edits,
        taken_by=(facade.folder,),
        spoiled_by=(poisoned_binding.NAME,),
        remedy="a facade changes nothing about that: repair the target with `wfix apply` first",
    )


def _takes_no_requests(target: Worker) -> bool:
    default = target.default_export
    if default is None or default.open_members or default.kind not in CALLABLE:
        return False
    return default.handler("fetch") is None


# --- The new Worker -------------------------------------------------------------------------


def _facade(target: Worker, root: Table, style: Entry | None) -> _Facade:
    """A folder beside the target's; where that is the root, one in it under the facade's name."""
    deployed = {
        item.environment: f"{item.name}-{_SUFFIX}"
        if item.environment is None or _spells_its_name(root, item.environment)
        else f"{target.name}-{_SUFFIX}-{item.environment}"
        for item in target.deployments
        if item.name
    }
    beside = posixpath.dirname(target.config_path)
    name = next(iter(deployed.values())).replace("/", "-")
    folder = f"{beside}-{_SUFFIX}" if beside else name
    kind = posixpath.splitext(target.config_path)[1]
    suffix = style.suffix if style else ".ts"
    return _Facade(joined(folder, f"wrangler{kind}"), f"src/index{suffix}", deployed)


def _spells_its_name(root: Table, environment: str) -> bool:
    table = _environment_table(root, environment)
    return table is not None and present(table, "name") is not None


def _environment_table(root: Table, environment: str) -> Table | None:
    tables = present(root, "env")
    table = present(tables, environment) if isinstance(tables, Table) else None
    return table if isinstance(table, Table) else None


def _configuration(target: Worker, document: Document, root: Table, facade: _Facade) -> str:
    """The facade's configuration, in the language and style of the target's."""
    members = {item.key: value_of(item.value) for item in entries(root)}
    found: dict[str, Value] = {}
    if "$schema" in members:
        found["$schema"] = _moved(target, facade, members["$schema"])
    if facade.deployed.get(None):
        found["name"] = facade.deployed[None]
    found["main"] = facade.main
    found |= {key: value for key, value in members.items() if key in _KEPT} | _CLOSED
    for owner in target.deployments:
        if owner.environment is None and owner.name:
            found["services"] = [_service(owner)]
    tables: dict[str, Value] = {
        owner.environment: _table(root, facade, owner)
        for owner in target.deployments
        if owner.environment is not None and owner.name
    }
    if tables:
        found["env"] = tables
    write = toml_like if facade.configuration.endswith(".toml") else json_like
    return write(document, found)


def _table(root: Table, facade: _Facade, owner: Deployment) -> dict[str, Value]:
    """The table of one environment."""
    name = owner.environment or ""
    is_spelled = _spells_its_name(root, name)
    named: dict[str, Value] = {"name": facade.deployed[owner.environment]} if is_spelled else {}
    return {**named, "services": [_service(owner)]}


def _service(owner: Deployment) -> dict[str, Value]:
    return {"binding": BINDING, "service": owner.name}


def _moved(target: Worker, facade: _Facade, value: Value) -> Value:
    """A path of the target's configuration as it is written in the facade's."""
    if not isinstance(value, str) or "://" in value or value.startswith("/"):
        return value
    path = posixpath.join(posixpath.dirname(target.config_path), value)
    return posixpath.relpath(posixpath.normpath(path), facade.folder)


def _module(facade: _Facade, style: Entry | None) -> str:
    is_typed = facade.main.endswith("ts")
    layout = style.layout if style else _OWN_STYLE
    return writing.render(f"facade.{'ts' if is_typed else 'js'}", {}, layout)


# --- Its callers ----------------------------------------------------------------------------


def _callers(project: Project, target: Worker) -> Iterator[_Caller]:
    """The service bindings of other Workers to the target."""
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        reference = binding.target
        is_of_target = isinstance(reference, DeploymentRef) and (
            reference.config_path == target.config_path
        )
        if is_of_target and worker.config_path != target.config_path:
            yield _Caller(worker, deployment, binding, _obstacle(worker, binding))


def _obstacle(worker: Worker, binding: Binding) -> str | None:
    """Why a binding must stay with the target; None where all that goes over it is requests."""
    if binding.entrypoint not in _PLAIN:
        return f"it is bound to the entrypoint {binding.entrypoint}"
    if worker.generated:
        return "a build writes its configuration"
    if binding.service_environment:
        return 'it has the deprecated key "environment"'
    uses = {use.kind for use in worker.usages.of(binding.name)}
    if UsageKind.RPC in uses:
        return "methods are called over it, which no facade passes on"
    if worker.usages.open or not uses or not uses <= _FETCHES:
        return "what goes over it cannot be told"
    return None


def _rebound(order: Order, facade: _Facade, callers: list[_Caller]) -> Iterator[Edit]:
    seen = set()
    for caller in callers:
        place, reference = caller.binding.service_location, caller.binding.target
        if caller.obstacle or place is None or place in seen:
            continue
        seen.add(place)
        path = caller.worker.config_path
        document = order.workshop.document(path)
        scalars = (node for node in walk(document.root) if isinstance(node, Scalar))
        scalar = next((node for node in scalars if node.span == place.span), None)
        if scalar is None or not isinstance(reference, DeploymentRef):
            continue
        yield document.replace_scalar(path, scalar, facade.deployed[reference.environment])
        if caller.binding.entrypoint is not None:
            # The facade has no classes that the default export would have to be told from.
            table = mapping_at(document.root, caller.binding.location.span)
            yield document.remove_member(path, table, "entrypoint")


def _steps(order: Order, facade: _Facade, callers: list[_Caller]) -> Iterator[str]:
    name = next(iter(facade.deployed.values()))
    yield (
        f"deploy {name} ({facade.configuration}) before its callers: it has no address of its own "
        "and is reached over bindings alone"
    )
    for caller in callers:
        binding = f"{caller.worker.name_of(caller.deployment)}.{caller.binding.name}"
        reference = caller.binding.target
        if caller.obstacle:
            yield f"{binding} stays bound to {caller.binding.service}: {caller.obstacle}"
        elif isinstance(reference, DeploymentRef):
            new = facade.deployed[reference.environment]
            kept = caller.binding.entrypoint
            without = f', without "entrypoint": "{kept}"' if kept is not None else ""
            told = f"{binding} is bound to {new}" if order.wire else f"bind {binding} to {new}"
            yield f"{told}{without}"
    yield (
        "what changes: one more Worker in each call; only fetch comes through, no RPC, and the "
        "target's own routes, cron triggers and queues stay where they are"
    )
    yield "meant to be temporary: bind the callers to the target again once it is repaired"
