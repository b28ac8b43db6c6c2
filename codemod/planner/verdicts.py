"""One line of judgement for every service binding: what the map and its table say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from codemod.errors import UsageError
from codemod.model import (
    Binding,
    BindingKind,
    DeploymentRef,
    ExportKind,
    Exports,
    Finding,
    Location,
    Project,
    Unknown,
    Worker,
)
from codemod.rules import (
    default_entrypoint_in_dev,
    missing_entrypoint,
    not_an_entrypoint,
    poisoned_binding,
    rpc_compatibility,
    rpc_method_missing,
    rpc_on_object,
)
from codemod.spelling import hint

DEFAULT_ENTRYPOINT = default_entrypoint_in_dev.DEFAULT_ENTRYPOINT
# What is measured to fail wherever it runs.
_FAULTS = (
    missing_entrypoint.check,
    not_an_entrypoint.check,
    rpc_compatibility.check,
    rpc_method_missing.check,
    rpc_on_object.check,
)


class Status(StrEnum):
    """The words of the article's table, and one for what cannot be known."""

    FIXED = "Fixed"
    NEEDS_FIX = "Needs fix"
    WORKS = "Works"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of one service binding. ``worker`` is the deployed name, else the file's path.

    ``deployment`` is the one that declares the binding. ``needs_default`` says whether its
    target's exports call for ``"entrypoint": "default"``; ``reason`` is why the status is unknown,
    or what limits it.
    """

    worker: str
    deployment: DeploymentRef
    binding: Binding
    status: Status
    needs_default: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A binding that leads to a Worker, of the deployment that declares it.

    ``worker`` is the deployed name, else the file's path. ``verdict`` is None for all but service
    bindings, which alone are judged.
    """

    worker: str
    deployment: DeploymentRef
    binding: Binding
    verdict: Verdict | None


def verdicts(project: Project) -> tuple[Verdict, ...]:
    """A verdict for every service binding of every deployment, in the order of the files.

    It does not depend on which rules are selected or ignored. Configurations that wrangler does
    not read, since another one stands beside them, are left out.
    """
    found = _by_binding(poisoned_binding.check(project))
    failing_locally = _by_binding(default_entrypoint_in_dev.check(project))
    failing = _faults(project)
    rows = []
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        judgement = poisoned_binding.judge(project, binding)
        status, reason = _status(project, binding, judgement)
        finding = found.get((binding.location, deployment.environment))
        fault = failing.get((binding.location, deployment.environment))
        if fault:
            status, reason = Status.NEEDS_FIX, f"measured to fail: {fault}"
        elif status is Status.NEEDS_FIX and finding is None:
            status = Status.WORKS
        elif finding and finding.skipped:
            status, reason = Status.UNKNOWN, finding.skipped
        elif (binding.location, deployment.environment) in failing_locally:
            reason = "once deployed; locally its Workers do not start together"
        if status is Status.WORKS and _is_unused(worker, binding):
            reason = "no use is seen"
        needs_default = judgement.shape is poisoned_binding.Shape.POISONED
        reference = DeploymentRef(worker.config_path, deployment.environment)
        name = worker.name_of(deployment)
        rows.append(Verdict(name, reference, binding, status, needs_default, reason))
    return tuple(rows)


def _by_binding(
    findings: Iterable[Finding],
) -> dict[tuple[Location, str | None], Finding]:
    return {(finding.location, finding.environment): finding for finding in findings}


def _faults(project: Project) -> dict[tuple[Location, str | None], str]:
    """What is measured to fail, by the binding; of several faults the first one."""
    faults: dict[tuple[Location, str | None], str] = {}
    for check in _FAULTS:
        for finding in check(project):
            for related in finding.locations if not finding.skipped else ():
                text = finding.message.removeprefix(f"{finding.binding}: ")
                faults.setdefault((related.location, finding.environment), text)
    return faults


def named(subject: str, project: Project) -> list[Subject]:
    """The bindings that ``WORKER.BINDING`` names. Raises ``UsageError`` where there is none."""
    every: dict[str, list[Subject]] = {}
    for item in subjects(project):
        every.setdefault(f"{item.worker}.{item.binding.name}", []).append(item)
    if subject not in every:
        meant = hint(subject, every, "`wfix map` lists the bindings")
        raise UsageError(f'no binding is called "{subject}"{meant}')
    return every[subject]


def subjects(project: Project) -> Iterator[Subject]:
    """Every binding that leads to a Worker, of configurations that wrangler reads."""
    judged = {(row.deployment, row.binding): row for row in verdicts(project)}
    for kind in BindingKind:
        for worker, deployment, binding in project.bindings_in_use(kind):
            reference = DeploymentRef(worker.config_path, deployment.environment)
            verdict = judged.get((reference, binding))
            yield Subject(worker.name_of(deployment), reference, binding, verdict)


def _is_unused(worker: Worker, binding: Binding) -> bool:
    return not worker.usages.open and not worker.usages.of(binding.name)


def _status(
    project: Project, binding: Binding, judgement: poisoned_binding.Judgement
) -> tuple[Status, str]:
    if binding.entrypoint == DEFAULT_ENTRYPOINT:
        return Status.FIXED, ""
    if binding.entrypoint:
        return _status_of_named(project, binding)
    match judgement.shape:
        case poisoned_binding.Shape.POISONED:
            return Status.NEEDS_FIX, ""
        case poisoned_binding.Shape.CLEAN:
            return Status.WORKS, ""
        case poisoned_binding.Shape.UNKNOWN:
            return Status.UNKNOWN, judgement.reason


def _status_of_named(project: Project, binding: Binding) -> tuple[Status, str]:
    if isinstance(binding.target, Unknown):
        return Status.UNKNOWN, binding.target.reason
    resolved = project.resolve(binding.target)
    exports = resolved[0].exports if resolved else None
    if not isinstance(exports, Exports):
        return Status.UNKNOWN, exports.reason if exports else "its target is not among those read"
    export = exports.get(binding.entrypoint or "")
    if export and export.kind in (ExportKind.WORKER_ENTRYPOINT, ExportKind.OBJECT):
        return Status.WORKS, ""
    return Status.UNKNOWN, f"no entrypoint {binding.entrypoint} is seen among its target's exports"
