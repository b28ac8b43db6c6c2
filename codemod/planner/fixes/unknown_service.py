"""The name of a Worker here in the place of one that is the same but for a slip."""

from __future__ import annotations

from codemod.model import Binding, Deployment, Finding, Fix, Project, Safety
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules.unknown_service import Names
from codemod.syntax.tree import Scalar, mapping_at


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    """Names the Worker here, unsafe since one of the other name may be deployed from elsewhere."""
    deployment, binding = _binding_of(workshop.project, finding)
    hint = Names(workshop.project).hint(binding.service or "", deployment)
    if hint is None or hint.environment is not None:
        return Refusal("whether the Worker lacks an environment is for a person to say", None)
    path = binding.location.path
    document = workshop.document(path)
    value = mapping_at(document.root, binding.location.span).get("service")
    assert isinstance(value, Scalar)
    return Fix(
        strategy=None,
        safety=Safety.UNSAFE,
        title=f'name the service "{hint.name}"',
        reasons=("a Worker here has that name, and the two differ by no more than a slip",),
        edits=(document.replace_scalar(path, value, hint.name),),
    )


def _binding_of(project: Project, finding: Finding) -> tuple[Deployment, Binding]:
    """The binding or tail consumer that ``finding`` is about."""
    return next(
        (deployment, binding)
        for worker in project.workers
        for deployment in worker.deployments
        for binding in deployment.bindings
        if binding.location == finding.location and deployment.environment == finding.environment
    )
