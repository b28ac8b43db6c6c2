"""Chooses a strategy for each target and gives its findings their fixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DevelopmentEvidence,
    Finding,
    Fix,
    Project,
    Safety,
    Strategy,
    Worker,
)
from codemod.planner import entrypoint
from codemod.scanner.files import Files
from codemod.settings import Settings

_REPAIRED_BY_STRATEGY = frozenset({"poisoned-binding"})


@dataclass(frozen=True, slots=True)
class Choice:
    """The strategy for one target, how safe it is there, and why it was chosen."""

    strategy: Strategy
    safety: Safety
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """A finding with the facts that its repair rests on."""

    finding: Finding
    caller: Worker
    binding: Binding
    target: Worker
    deployment: Deployment


def repair(
    project: Project, settings: Settings, files: Files, findings: Iterable[Finding]
) -> list[Finding]:
    """The findings, those that a strategy can repair with their fix or why they have none."""
    findings = list(findings)
    cases = _cases(project, findings)
    choices = {
        path: _choose_for(project, settings, group) for path, group in _by_target(cases).items()
    }
    return [
        _repaired(files, cases[index], choices[cases[index].target.config_path])
        if index in cases
        else finding
        for index, finding in enumerate(findings)
    ]


def _choose_for(project: Project, settings: Settings, cases: list[_Case]) -> Choice:
    callers = [case.caller for case in cases]
    return choose(project, settings, cases[0].target, cases[0].deployment.name, callers)


def choose(
    project: Project,
    settings: Settings,
    target: Worker,
    deployed_name: str | None,
    callers: Iterable[Worker],
) -> Choice:
    """The strategy for the plain bindings of ``callers`` to ``target``.

    The order is: what the command line says, what ``wfix.toml`` says of the target, and then
    ``"entrypoint": "default"``. That is safe only where nothing shows that the Workers run
    together locally, since it is measured to fail there.
    """
    callers = list(callers)
    asked = _asked_for(settings, target, deployed_name)
    if asked and asked[0] is Strategy.LEAVE:
        return Choice(Strategy.LEAVE, Safety.SAFE, (asked[1],))
    reasons = [asked[1]] if asked else []
    paths = {target.config_path, *(caller.config_path for caller in callers)}
    risks = [_said(item) for item in project.local_development(paths)]
    if any(caller.config_path == target.config_path for caller in callers):
        risks.append(
            "the Worker is bound to itself: wrangler dev of it alone does not start (measured)"
        )
    if risks:
        return Choice(Strategy.ENTRYPOINT, Safety.UNSAFE, (*reasons, *risks))
    reasons.append("no local development of several Workers is in evidence")
    return Choice(Strategy.ENTRYPOINT, Safety.SAFE, tuple(reasons))


def _said(evidence: DevelopmentEvidence) -> str:
    place = evidence.location
    where = f" ({place.path}:{place.line})" if place else ""
    return f"local development of several Workers: {evidence.description}{where}"


def _asked_for(
    settings: Settings, target: Worker, deployed_name: str | None
) -> tuple[Strategy, str] | None:
    if settings.strategy:
        return settings.strategy, f"--strategy {settings.strategy}"
    for name in (deployed_name, target.name):
        if name and name in settings.targets:
            return settings.targets[name], f"wfix.toml asks for it: [targets.{name}]"
    return None


def _cases(project: Project, findings: Iterable[Finding]) -> dict[int, _Case]:
    """The repairable findings' cases, by the finding's place among ``findings``."""
    bindings = {
        (binding.location, deployment.environment): (caller, binding)
        for caller, deployment, binding in project.bindings(BindingKind.SERVICE)
    }
    cases = {}
    for index, finding in enumerate(findings):
        if finding.rule not in _REPAIRED_BY_STRATEGY or finding.skipped:
            continue
        caller, binding = bindings[finding.location, finding.environment]
        resolved = project.resolve(binding.target)
        if resolved:
            cases[index] = _Case(finding, caller, binding, *resolved)
    return cases


def _by_target(cases: Mapping[int, _Case]) -> dict[str, list[_Case]]:
    grouped: dict[str, list[_Case]] = {}
    for case in cases.values():
        grouped.setdefault(case.target.config_path, []).append(case)
    return grouped


def _repaired(files: Files, case: _Case, choice: Choice) -> Finding:
    finding = case.finding
    if choice.strategy is Strategy.LEAVE:
        return replace(finding, skipped=f"left as it is: {choice.reasons[0]}")
    if case.caller.generated:
        message = f"{finding.message}; its configuration is generated: mend what generates it"
        return replace(finding, message=message)
    fix = Fix(
        strategy=choice.strategy,
        safety=choice.safety,
        title=f'add "entrypoint": "default" to {case.binding.name}',
        reasons=choice.reasons,
        edits=entrypoint.edits(files, case.binding),
    )
    return replace(finding, fix=fix)
