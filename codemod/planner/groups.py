"""Findings about service bindings, gathered by the target that their repair concerns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DeploymentRef,
    DevelopmentEvidence,
    Finding,
    Location,
    Project,
    Worker,
)
from codemod.rules import bare_binding, default_entrypoint_in_dev, poisoned_binding, rpc_on_object
from codemod.rules.poisoned_binding import Judgement

_ABOUT_BINDINGS = frozenset(
    {
        poisoned_binding.NAME,
        default_entrypoint_in_dev.NAME,
        bare_binding.NAME,
        rpc_on_object.NAME,
    }
)


@dataclass(frozen=True, slots=True)
class Lead:
    """A service binding that leads to the target, with the deployment that declares it."""

    caller: Worker
    deployment: Deployment
    binding: Binding


@dataclass(frozen=True, slots=True)
class Group:
    """A target, every binding that leads to it, and the findings about these.

    ``deployed_names`` are those of the target that the bindings name. ``findings`` are keyed by
    their place in the list that they were gathered from. ``hosts_objects_for_others`` says that
    another Worker binds a Durable Object class of the target.
    """

    target: Worker
    deployed_names: tuple[str, ...]
    leads: tuple[Lead, ...]
    findings: dict[int, Finding]
    hosts_objects_for_others: bool
    _by_location: dict[Location, Lead]

    def of_rule(self, rule: str) -> list[int]:
        return [index for index, finding in self.findings.items() if finding.rule == rule]

    def lead(self, finding: Finding) -> Lead:
        """The binding that ``finding`` is about."""
        return self._by_location[finding.location]

    @property
    def name(self) -> str:
        """The target for people: its deployed name, else the configuration's path."""
        return self.deployed_names[0] or self.target.config_path

    @property
    def is_bound_to_itself(self) -> bool:
        return any(lead.caller.config_path == self.target.config_path for lead in self.leads)

    def local_development(self, project: Project) -> tuple[DevelopmentEvidence, ...]:
        """The evidence that the target or one of its callers runs together with others locally."""
        callers = {lead.caller.config_path for lead in self.leads}
        return project.local_development({self.target.config_path, *callers})

    def judgement(self, project: Project) -> Judgement:
        """What the target's exports mean for plain bindings to it."""
        return poisoned_binding.judge(project, self.leads[0].binding)

    @property
    def needs_rpc(self) -> bool:
        """Whether a caller makes an RPC that a plain object cannot take: not with one argument."""
        return any(
            usage
            for lead in self.leads
            if not lead.binding.entrypoint
            for usage in rpc_on_object.wrong_calls(lead.caller, lead.deployment, lead.binding)
        )


def lead_of(project: Project, finding: Finding) -> Lead:
    """The service binding that stands where ``finding`` is located, in its environment."""
    return next(
        Lead(caller, deployment, binding)
        for caller in filter(None, [project.worker(finding.location.path)])
        for deployment in caller.deployments
        for binding in deployment.of_kind(BindingKind.SERVICE)
        if binding.location == finding.location and deployment.environment == finding.environment
    )


def gather(project: Project, findings: Iterable[Finding]) -> list[Group]:
    """The groups of all findings that are about a binding and may be mended by a strategy."""
    leads: dict[str, list[Lead]] = {}
    names: dict[str, dict[str, None]] = {}
    targets: dict[tuple[object, object], str] = {}
    for caller, deployment, binding in project.bindings(BindingKind.SERVICE):
        resolved = project.resolve(binding.target)
        if resolved is None:
            continue
        path = resolved[0].config_path
        leads.setdefault(path, []).append(Lead(caller, deployment, binding))
        names.setdefault(path, {})[resolved[1].name or ""] = None
        targets[binding.location, deployment.environment] = path
    by_target: dict[str, dict[int, Finding]] = {}
    for index, finding in enumerate(findings):
        is_open = finding.stands and not finding.no_fix
        if finding.rule in _ABOUT_BINDINGS and is_open:
            path = targets[finding.location, finding.environment]
            by_target.setdefault(path, {})[index] = finding
    hosts = _hosts_for_others(project)
    return [
        Group(
            worker,
            tuple(names[path]),
            tuple(leads[path]),
            found,
            path in hosts,
            {lead.binding.location: lead for lead in reversed(leads[path])},
        )
        for path, found in by_target.items()
        if (worker := project.worker(path))
    ]


def _hosts_for_others(project: Project) -> set[str]:
    """The configurations of the Workers whose Durable Object classes other Workers bind."""
    return {
        binding.target.config_path
        for worker, _, binding in project.bindings(BindingKind.DURABLE_OBJECT)
        if isinstance(binding.target, DeploymentRef)
        and binding.target.config_path != worker.config_path
    }
