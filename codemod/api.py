"""wfix as a library: ``scan`` a folder, ``plan`` its repairs, ``prove`` and ``apply`` them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from codemod.errors import NoProof, WfixError
from codemod.model import FileChange, Finding, FindingKey, Fix, Plan, Project, Proof
from codemod.planner import Accept, plan
from codemod.runtime import judgement, proof, workerd
from codemod.runtime.workerd import Workerd
from codemod.scanner import scan
from codemod.settings import Settings
from codemod.writer import transaction

__all__ = ["apply", "plan", "prove", "scan"]

PROOF_SECONDS = 60.0
"""How long the runtime may take for both sides of a plan."""


def apply(plan_: Plan, settings: Settings | None = None) -> None:
    """Writes the changes of a plan made with ``settings``: all of them, or none.

    The result is scanned and planned again, and must need no change but those that the plan
    postponed. Raises ``RolledBack`` where it does, or where writing fails; ``StalePlan`` where a
    file changed since; ``Refused`` where another run is writing. Whether the work tree is clean is
    the caller's to ask.
    """
    write(plan_, settings or Settings())


def write(
    plan_: Plan, settings: Settings, accept: Accept | None = None, cache: Path | None = None
) -> None:
    """``apply`` for a plan that was made with ``settings`` and ``accept``.

    ``cache`` is as in ``scan``.
    """
    if not plan_.changes:
        return
    unreadable = {item.path for item in plan_.project.unreadable}

    def accept_now(finding: Finding, fix: Fix) -> bool:
        return finding.key not in plan_.postponed and (accept is None or accept(finding, fix))

    def require_settled() -> None:
        result = _scanned(plan_.project, settings, cache=cache)
        broken = [item for item in result.unreadable if item.path not in unreadable]
        if broken:
            raise WfixError(f"{broken[0].path} could not be read afterwards: {broken[0].reason}")
        pending = plan(result, settings, accept_now, cache).changes
        if pending:
            raise WfixError(f"{pending[0].path} would need another change afterwards")

    transaction.apply(plan_.project.root, plan_.changes, require_settled)


# --- Proof ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proved:
    """A plan without the repairs that its proof is against, and the proof of what is left.

    ``withheld`` are the findings that such repairs are of, with the reasons; in ``plan`` they have
    no fix any more, and it was made with ``accept``.
    """

    plan: Plan
    proof: Proof
    accept: Accept
    withheld: Mapping[FindingKey, str] = field(default_factory=dict)


def runtime_of(
    project: Project, explicit: Path | None = None, seconds: float = PROOF_SECONDS
) -> Workerd | None:
    """The runtime that proofs are made on, None where there is none (see ``workerd.find``)."""
    folders = [(project.root / worker.config_path).parent for worker in project.workers]
    return workerd.find(explicit, project.root, folders, os.environ, seconds)


def prove(
    plan_: Plan,
    settings: Settings | None = None,
    runtime: Workerd | None = None,
    seconds: float = PROOF_SECONDS,
    cache: Path | None = None,
) -> Proof:
    """What the runtime makes of the calls between the Workers, before ``plan_`` and after it.

    None of their code is run: see ``runtime.twins``. ``cache`` is as in ``scan``. Raises
    ``NoProof`` where there is no runtime, or it gives no answer in time.
    """
    settings = settings or Settings()
    runtime = runtime or runtime_of(plan_.project)
    if runtime is None:
        raise NoProof(workerd.HOW_TO_GET)
    before = plan_.project
    after = _scanned(before, settings, plan_.changes, cache) if plan_.changes else before
    return proof.prove(runtime, before, after, settings.covers, seconds)


def proved(
    plan_: Plan,
    settings: Settings,
    accept: Accept | None,
    runtime: Workerd,
    seconds: float = PROOF_SECONDS,
    cache: Path | None = None,
) -> Proved:
    """``plan_``, made with ``settings`` and ``accept``, without the repairs that it is wrong in.

    Raises as ``prove`` does.
    """
    withheld: dict[FindingKey, str] = {}

    def accept_proved(finding: Finding, fix: Fix) -> bool:
        return finding.key not in withheld and (accept is None or accept(finding, fix))

    while True:
        made = prove(plan_, settings, runtime, seconds, cache)
        new = judgement.disproved(plan_, made).items() - withheld.items()
        if not new:
            return Proved(_without(plan_, withheld), made, accept_proved, withheld)
        withheld.update(new)
        again = _scanned(plan_.project, settings, cache=cache)
        plan_ = plan(again, settings, accept_proved, cache)


def _without(plan_: Plan, withheld: Mapping[FindingKey, str]) -> Plan:
    return replace(
        plan_,
        findings=tuple(
            replace(finding, fix=None, no_fix=withheld[finding.key])
            if finding.fix and finding.key in withheld
            else finding
            for finding in plan_.findings
        ),
    )


def _scanned(
    project: Project,
    settings: Settings,
    changes: Sequence[FileChange] = (),
    cache: Path | None = None,
) -> Project:
    """``project`` read again, as if ``changes`` were made."""
    scope = [project.root / path for path in project.scope]
    changed = {**project.overlay, **{change.path: change.after for change in changes}}
    return scan(project.root, scope, settings.exclude, changed, cache=cache)
