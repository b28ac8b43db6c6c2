"""A clone's settings, its plan, what it proposes, and what the runtime makes of that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from codemod import api
from codemod import settings as settings_module
from codemod.bot import groups
from codemod.bot.groups import Proposal
from codemod.errors import NoProof, UsageError
from codemod.model import Finding, Fix, Plan, Proof
from codemod.runtime import judgement
from codemod.runtime.workerd import Workerd
from codemod.scanner import scan
from codemod.settings import FILE_NAME, Settings


@dataclass(frozen=True, slots=True)
class Planned:
    """A repository as it is: ``plan`` accepts no repair, ``proposals`` hold them by groups."""

    settings: Settings
    plan: Plan
    proposals: tuple[Proposal, ...]
    is_configured: bool


@dataclass(frozen=True, slots=True)
class Refuted:
    """A proposal that the runtime speaks against, and how."""

    proposal: Proposal
    reason: str


@dataclass(slots=True)
class Proofs:
    """What the runtime said: proofs by group, what they are against, why there is none."""

    by_group: dict[str, Proof] = field(default_factory=dict)
    refuted: list[Refuted] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan(root: Path) -> Planned:
    """Raises ``UsageError`` where ``wfix.toml`` cannot be used."""
    configuration = root / FILE_NAME
    if configuration.is_symlink():
        raise UsageError(f"{FILE_NAME} is a link: a plain file is expected")
    settings = settings_module.load(root)
    made = api.plan(scan(root, exclude=settings.exclude), settings, _accept_nothing)
    proposals = groups.proposals(made, settings.bot)
    return Planned(settings, made, proposals, configuration.exists())


def prove(proposals: Iterable[Proposal], settings: Settings, runtime: Workerd | None) -> Proofs:
    """Proves each proposal alone; nothing where there is no ``runtime``."""
    proofs = Proofs()
    for proposal in proposals if runtime else ():
        try:
            proof = api.prove(proposal.plan, settings, runtime)
        except NoProof as error:
            proofs.notes.append(f"{proposal.branch}: nothing is proved: {error}")
            continue
        proofs.by_group[proposal.group] = proof
        against = judgement.disproved(proposal.plan, proof)
        if against:
            proofs.refuted.append(Refuted(proposal, next(iter(against.values()))))
    return proofs


def _accept_nothing(_finding: Finding, _fix: Fix) -> bool:
    """Leaves every repair with its finding, also where two touch the same bytes."""
    return False
