"""The binding map before it has a format: Workers, the services they reach, and the arrows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DeploymentRef,
    Export,
    ExportKind,
    Exports,
    Finding,
    Plan,
    Project,
    Unknown,
    Unreadable,
    Worker,
)
from codemod.planner.verdicts import Status, Verdict
from codemod.report.display import Display
from codemod.settings import Settings

EXPORT_WORDS = {
    ExportKind.OBJECT: "object",
    ExportKind.DURABLE_OBJECT: "Durable Object",
    ExportKind.WORKER_ENTRYPOINT: "WorkerEntrypoint",
    ExportKind.WORKFLOW: "Workflow",
    ExportKind.RPC_TARGET: "RpcTarget",
    ExportKind.CLASS: "class",
    ExportKind.FUNCTION: "function",
    ExportKind.VALUE: "value",
    ExportKind.UNKNOWN: "unknown",
}
_BINDING_WORDS = {
    BindingKind.SERVICE: "service",
    BindingKind.DURABLE_OBJECT: "Durable Object",
    BindingKind.WORKFLOW: "Workflow",
    BindingKind.TAIL_CONSUMER: "tail consumer",
}
_COUNTED = {
    Status.NEEDS_FIX: ("needs a fix", "need a fix"),
    Status.FIXED: ("fixed", "fixed"),
    Status.WORKS: ("works", "work"),
    Status.UNKNOWN: ("unknown", "unknown"),
}


class NodeKind(StrEnum):
    """A deployment read; a service that no Worker read has the name of; one that cannot be told."""

    WORKER = "worker"
    EXTERNAL = "external"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the map.

    ``id`` is a letter and digits, unique in the map. ``name`` is the deployed name, else the
    configuration's path. ``path`` is that of the configuration, None for what is no Worker read.
    ``exports`` begin with the default export. ``reason`` is why the exports, or what the service
    is, cannot be known, empty where they can; ``open`` is why there may be more exports.
    """

    id: str
    kind: NodeKind
    name: str
    environment: str | None = None
    path: str | None = None
    exports: tuple[Export, ...] = ()
    reason: str = ""
    open: str = ""

    def lines(self) -> Iterator[str]:
        """What its box says, where a format has no better way than lines of text."""
        yield self.name
        if self.environment:
            yield f"environment {self.environment}"
        for export in self.exports:
            yield f"{export.name}: {EXPORT_WORDS[export.kind]}"
        if self.kind is NodeKind.WORKER and self.reason:
            yield f"exports unknown: {self.reason}"
        if self.open:
            yield f"may export more: {self.open}"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A binding of one node that leads to another, or to itself.

    ``verdict`` is None for all but service bindings, which alone are judged.
    """

    source: Node
    target: Node
    binding: Binding
    verdict: Verdict | None

    @property
    def status(self) -> Status | None:
        return self.verdict.status if self.verdict else None

    @property
    def word(self) -> str:
        """The verdict, or the kind of a binding that has none."""
        return str(self.status).lower() if self.status else _BINDING_WORDS[self.binding.kind]

    @property
    def entrypoint(self) -> str | None:
        """The export that the binding names: an entrypoint, or a class."""
        return self.binding.entrypoint or self.binding.class_name

    @property
    def label(self) -> str:
        return f"{self.binding.name}: {self.entrypoint}" if self.entrypoint else self.binding.name


@dataclass(frozen=True, slots=True)
class Graph:
    """What every format of the map shows.

    ``title`` is the name of the root's folder. ``findings`` are those of the environments that
    are drawn.
    """

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    findings: tuple[Finding, ...]
    unreadable: tuple[Unreadable, ...]
    display: Display

    @property
    def workers(self) -> tuple[Node, ...]:
        return self._of_kind(NodeKind.WORKER)

    @property
    def external(self) -> tuple[Node, ...]:
        return self._of_kind(NodeKind.EXTERNAL)

    @property
    def unknown(self) -> tuple[Node, ...]:
        return self._of_kind(NodeKind.UNKNOWN)

    @property
    def rows(self) -> tuple[Verdict, ...]:
        """The verdicts, in the order of the files."""
        return tuple(arrow.verdict for arrow in self.arrows if arrow.verdict)

    def _of_kind(self, kind: NodeKind) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.kind is kind)


def build(plan: Plan, rows: Sequence[Verdict], settings: Settings, display: Display) -> Graph:
    """The map of the environments that ``settings`` cover, and of what they lead to.

    A deployment of another environment is drawn where a binding leads to it, without its own
    bindings. ``rows`` are the verdicts of ``plan``.
    """
    project = plan.project
    judged = {(row.deployment, row.binding): row for row in rows}
    nodes = _Nodes(project)
    for worker, deployment in _deployments(project):
        if settings.covers(deployment.environment):
            nodes.of(_reference(worker, deployment))
    arrows = []
    for worker, deployment in _deployments(project):
        reference = _reference(worker, deployment)
        for binding in deployment.bindings:
            if settings.covers(deployment.environment) and _leads_on(binding, reference):
                verdict = judged.get((reference, binding))
                arrows.append(Arrow(nodes.of(reference), nodes.target(binding), binding, verdict))
    return Graph(
        title=project.root.name or "this repository",
        nodes=nodes.all(),
        arrows=tuple(arrows),
        findings=tuple(item for item in plan.findings if settings.covers(item.environment)),
        unreadable=project.unreadable,
        display=display,
    )


def summary(graph: Graph) -> str:
    """The map in one sentence: how many Workers and bindings, and how these are judged."""
    workers, services = len(graph.workers), len(graph.rows)
    found = Counter(row.status for row in graph.rows)
    counts = [
        f"{found[status]} {one if found[status] == 1 else more}"
        for status, (one, more) in _COUNTED.items()
        if found[status]
    ]
    return (
        f"{workers} {'Worker' if workers == 1 else 'Workers'}, "
        f"{services or 'no'} service {'binding' if services == 1 else 'bindings'}"
        f"{': ' if counts else ''}{', '.join(counts)}"
    )


class _Nodes:
    """The boxes of a project, made when they are first asked for."""

    def __init__(self, project: Project) -> None:
        self._deployments = {_reference(*pair): pair for pair in _deployments(project)}
        self._names = {deployment.name for _, deployment in self._deployments.values()}
        self._made: dict[object, Node] = {}

    def all(self) -> tuple[Node, ...]:
        return tuple(self._made.values())

    def of(self, reference: DeploymentRef) -> Node:
        if reference not in self._made:
            self._made[reference] = self._worker(*self._deployments[reference])
        return self._made[reference]

    def target(self, binding: Binding) -> Node:
        if isinstance(binding.target, DeploymentRef) and binding.target in self._deployments:
            return self.of(binding.target)
        reason = "the target is not among the Workers read"
        if isinstance(binding.target, Unknown):
            reason = binding.target.reason
        name = _deployed_name(binding)
        return self._made.setdefault((name, reason), self._service(name, reason))

    def _worker(self, worker: Worker, deployment: Deployment) -> Node:
        return Node(
            id=self._next_id(),
            kind=NodeKind.WORKER,
            name=worker.name_of(deployment),
            environment=deployment.environment,
            path=worker.config_path,
            reason="" if isinstance(worker.exports, Exports) else worker.exports.reason,
            exports=_exports(worker),
            open=_open(worker),
        )

    def _service(self, name: str | None, reason: str) -> Node:
        kind = NodeKind.UNKNOWN if name in self._names or name is None else NodeKind.EXTERNAL
        return Node(self._next_id(), kind, name or "?", reason=reason)

    def _next_id(self) -> str:
        return f"n{len(self._made) + 1}"


def _deployments(project: Project) -> Iterator[tuple[Worker, Deployment]]:
    for worker in project.workers:
        for deployment in worker.deployments:
            yield worker, deployment


def _reference(worker: Worker, deployment: Deployment) -> DeploymentRef:
    return DeploymentRef(worker.config_path, deployment.environment)


def _leads_on(binding: Binding, owner: DeploymentRef) -> bool:
    """A Worker's own Durable Objects and Workflows are exports of it, not arrows."""
    return binding.kind is BindingKind.SERVICE or (
        binding.service is not None and binding.target != owner
    )


def _deployed_name(binding: Binding) -> str | None:
    if binding.service and binding.service_environment:
        return f"{binding.service}-{binding.service_environment}"
    return binding.service


def _exports(worker: Worker) -> tuple[Export, ...]:
    if not isinstance(worker.exports, Exports):
        return ()
    default = worker.exports.default
    return (default, *worker.exports.named) if default else worker.exports.named


def _open(worker: Worker) -> str:
    if not isinstance(worker.exports, Exports):
        return ""
    return "; ".join(unknown.reason for unknown in worker.exports.open)
