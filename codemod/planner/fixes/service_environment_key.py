"""The deployed name of an environment in the place of a service and its ``environment``."""

from __future__ import annotations

from codemod.model import Binding, Edit, Finding, Fix, Project, Safety
from codemod.planner.groups import lead_of
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules.service_environment_key import deployed_name
from codemod.rules.unknown_service import Names
from codemod.syntax.tree import Mapping, Scalar, mapping_at

_KEY = "environment"
# What the API calls the environment of a Worker that has no environments.
_ONLY_ONE = "production"


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    """Writes ``<service>-<environment>`` as the service, and takes ``environment`` out."""
    binding = lead_of(workshop.project, finding).binding
    path, name = binding.location.path, deployed_name(workshop.project, binding)
    document = workshop.document(path)
    table = mapping_at(document.root, binding.location.span)
    safety, reason = _judged(workshop.project, binding)
    renaming: tuple[Edit, ...] = ()
    if name != binding.service:
        renaming = (document.replace_scalar(path, _service(table), name),)
    return Fix(
        strategy=None,
        safety=safety,
        title=f'name the service "{name}", without "{_KEY}"',
        reasons=(reason,),
        edits=(
            *renaming,
            document.remove_member(path, table, _KEY),
        ),
    )


def _service(table: Mapping) -> Scalar:
    value = table.get("service")
    assert isinstance(value, Scalar)
    return value


def _judged(project: Project, binding: Binding) -> tuple[Safety, str]:
    name = deployed_name(project, binding)
    if binding.service_environment == _ONLY_ONE and name != binding.service:
        return Safety.UNSAFE, f'"{_ONLY_ONE}" may stand for {binding.service} itself'
    if name in Names(project):
        return Safety.SAFE, "a Worker here is deployed under that name"
    return Safety.UNSAFE, "no Worker here is deployed under that name"
