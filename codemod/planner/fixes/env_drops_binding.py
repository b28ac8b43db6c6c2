"""The service bindings of the top level that an environment lacks, repeated there."""

from __future__ import annotations

from collections.abc import Sequence as SequenceType

from codemod.errors import EditError
from codemod.model import Binding, Deployment, Finding, Fix, Project, Safety, Worker
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules.env_drops_binding import dropped
from codemod.syntax.draft import Draft
from codemod.syntax.tree import Mapping, Node, Plain, Scalar, Sequence, mapping_at

_KEY = "services"
_TARGET_KEYS = ("service", "environment")
_REASON = "the environment may leave the binding out on purpose, or mean another Worker by it"


def propose_all(workshop: Workshop, findings: SequenceType[Finding]) -> list[Fix | Refusal]:
    """Repeats what is missing, all of one configuration at once; unsafe, since it is a guess.

    A copy says what the binding of the top level says, but leads to its target's environment of the
    same name where there is one.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.location.path, []).append(finding)
    made = {path: _repair(workshop, path, group) for path, group in by_path.items()}
    return [made[finding.location.path] for finding in findings]


def _repair(workshop: Workshop, path: str, findings: list[Finding]) -> Fix | Refusal:
    worker = workshop.project.worker(path)
    assert worker is not None
    draft = Draft(path, workshop.files.read(path))
    titles = []
    try:
        for finding in findings:
            deployment, binding = _dropped(worker, finding)
            copy = _copy(workshop, deployment, binding)
            draft.append(("env", deployment.environment or ""), _KEY, copy)
            titles.append(f"{binding.name} ({copy['service']}) in env.{deployment.environment}")
    except EditError as error:
        return Refusal(str(error), None)
    return Fix(
        strategy=None,
        safety=Safety.UNSAFE,
        title=f"repeat {', '.join(titles)}",
        reasons=(_REASON,),
        edits=draft.edits(),
    )


def _dropped(worker: Worker, finding: Finding) -> tuple[Deployment, Binding]:
    """The environment that ``finding`` is about, and the binding of the top level."""
    return next(
        (deployment, binding)
        for deployment in worker.deployments
        if deployment.environment == finding.environment
        for binding in dropped(worker, deployment)
        if binding.name == finding.binding
    )


def _copy(workshop: Workshop, deployment: Deployment, binding: Binding) -> dict[str, Plain]:
    document = workshop.document(binding.location.path)
    table = mapping_at(document.root, binding.location.span)
    target = _target(workshop.project, deployment, binding)
    copy: dict[str, Plain] = {}
    for member in table.members:
        if member.key == "service" and target is not None:
            copy["service"] = target
        elif target is None or member.key not in _TARGET_KEYS:
            copy[member.key] = _plain(member.value)
    return copy


def _target(project: Project, deployment: Deployment, binding: Binding) -> str | None:
    """The deployed name of the target's environment of the same name."""
    resolved = project.resolve(binding.target)
    own = resolved[0].deployment(deployment.environment) if resolved else None
    return own.name if own else None


def _plain(node: Node) -> Plain:
    """What a value of ``props`` or another key of a binding is, without its place."""
    if isinstance(node, Mapping):
        return {member.key: _plain(member.value) for member in node.members}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return _scalar(node)


def _scalar(node: Scalar) -> Plain:
    if isinstance(node.value, str | bool | int):
        return node.value
    raise EditError(f"a value that cannot be copied: {node.value!r}")
