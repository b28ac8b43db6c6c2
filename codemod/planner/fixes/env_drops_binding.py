"""The service bindings of the top level that an environment lacks, repeated there."""

from __future__ import annotations

from collections.abc import Sequence as SequenceType

from codemod.errors import EditError
from codemod.model import Binding, Deployment, Edit, Finding, Fix, Project, Safety, Worker
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules.env_drops_binding import dropped
from codemod.syntax.draft import Draft
from codemod.syntax.edits import apply_edits
from codemod.syntax.tree import Mapping, Node, Plain, Scalar, Sequence

_KEY = "services"
_TARGET_KEYS = ("service", "environment")
_REASON = "the environment may leave the binding out on purpose, or mean another Worker by it"


def propose_last(
    workshop: Workshop, findings: SequenceType[Finding], others: SequenceType[Fix]
) -> list[Fix | Refusal]:
    """Repeats what is missing, all of one configuration at once; unsafe, since it is a guess.

    A copy says what the binding of the top level says after its own repairs, ``others``, but leads
    to its target's environment of the same name where there is one.
    """
    edits = [edit for fix in others for edit in fix.edits]
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.location.path, []).append(finding)
    made = {path: _repair(workshop, path, group, edits) for path, group in by_path.items()}
    return [made[finding.location.path] for finding in findings]


def _repair(
    workshop: Workshop, path: str, findings: list[Finding], edits: list[Edit]
) -> Fix | Refusal:
    worker = workshop.project.worker(path)
    assert worker is not None
    draft = Draft(path, workshop.files.read(path))
    titles = []
    try:
        for finding in findings:
            deployment, binding = _dropped(worker, finding)
            copy = _copy(workshop, deployment, binding, edits)
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


def _copy(
    workshop: Workshop, deployment: Deployment, binding: Binding, edits: list[Edit]
) -> dict[str, Plain]:
    target = _target(workshop.project, deployment, binding)
    copy: dict[str, Plain] = {}
    for member in _repaired(workshop, binding, edits).members:
        if member.key == "service" and target is not None:
            copy["service"] = target
        elif target is None or member.key not in _TARGET_KEYS:
            copy[member.key] = _plain(member.value)
    return copy


def _repaired(workshop: Workshop, binding: Binding, edits: list[Edit]) -> Mapping:
    """The table of the binding as it is after ``edits``."""
    path = binding.location.path
    content = workshop.files.read(path)
    mended = apply_edits(content, (edit for edit in edits if edit.path == path))
    tables = zip(_services(path, content), _services(path, mended), strict=False)
    for before, after in tables:
        if before.span == binding.location.span and isinstance(after, Mapping):
            return after
    raise EditError(f"{path}: another repair takes the binding from where it stands")


def _services(path: str, content: bytes) -> SequenceType[Node]:
    """The services of the top level."""
    listed = Draft(path, content).node(_KEY)
    return listed.items if isinstance(listed, Sequence) else ()


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
