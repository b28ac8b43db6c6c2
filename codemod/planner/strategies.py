"""Chooses a strategy for each target and gives the findings about its bindings their fixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from codemod.model import ExportKind, Finding, Fix, Mark, Project, Safety, Strategy
from codemod.planner.groups import Group, gather
from codemod.planner.repairs import Repair, carry_out
from codemod.planner.workshop import Workshop
from codemod.rules import default_entrypoint_in_dev, rpc_on_object
from codemod.rules.poisoned_binding import Judgement, Shape
from codemod.settings import Settings

_KEEPS_DEFAULT = frozenset({Strategy.ENTRYPOINT, Strategy.LEAVE})
_NEEDS_RPC = "a caller makes an RPC that a plain object cannot take: not with one argument"
_ALONE = "no local development of several Workers is in evidence"


@dataclass(frozen=True, slots=True)
class Choice:
    """A strategy that may serve a group, how safe it is there, and why it is thought of."""

    strategy: Strategy
    safety: Safety
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    strategy: Strategy
    reason: str


def repair(workshop: Workshop, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those about a binding with their fix or the reason why they have none."""
    repaired = list(findings)
    for group in gather(workshop.project, repaired):
        for index, finding in _repaired(workshop, group):
            repaired[index] = finding
    return repaired


def choices(group: Group, project: Project, settings: Settings) -> tuple[Choice, ...]:
    """The strategies for the target of ``group``, in the order in which they are tried.

    What the command line or ``wfix.toml`` asks for stands alone. ``rpc`` comes first where a caller
    makes calls that a plain object cannot take. A target that exports nothing beside its default
    needs no key at all. Else: ``entrypoint`` where nothing shows that the Workers run together
    locally; then what works on both sides, ``rpc`` where the conversion is proved and ``named``;
    and at last ``entrypoint`` all the same, as unsafe, since it is measured to fail locally.
    """
    risks = tuple(_risks(group, project))
    asked = _asked_for(settings, group)
    judgement = group.judgement(project)
    match judgement.shape:
        case Shape.UNKNOWN:
            return tuple(_choices_for_calls(group, asked))
        case Shape.CLEAN:
            return _choices_for_clean(group, risks, asked)
        case Shape.POISONED:
            return _choices_for_poisoned(group, risks, asked, _advice(group, project, judgement))


def _choices_for_clean(
    group: Group, risks: tuple[str, ...], asked: _Asked | None
) -> tuple[Choice, ...]:
    if asked and asked.strategy in _KEEPS_DEFAULT:
        return (Choice(asked.strategy, _safety(asked.strategy, risks), (asked.reason, *risks)),)
    first = tuple(_choices_for_calls(group, asked))
    if group.of_rule(default_entrypoint_in_dev.NAME):
        needless = f"{group.name} exports no class beside its default: a plain binding serves"
        return (*first, Choice(Strategy.REMOVE, Safety.SAFE, (needless, *risks)))
    if risks:
        return (*first, Choice(Strategy.LEAVE, Safety.SAFE, risks))
    return (*first, Choice(Strategy.ENTRYPOINT, Safety.SAFE, (_ALONE,)))


def _choices_for_calls(group: Group, asked: _Asked | None) -> Iterator[Choice]:
    """What mends calls that a plain object cannot take, unless something else is asked for."""
    if group.of_rule(rpc_on_object.NAME) and (asked is None or asked.strategy is Strategy.RPC):
        yield Choice(Strategy.RPC, Safety.SAFE, (asked.reason if asked else _NEEDS_RPC,))


def _choices_for_poisoned(
    group: Group, risks: tuple[str, ...], asked: _Asked | None, advice: tuple[str, ...]
) -> tuple[Choice, ...]:
    if asked:
        return (Choice(asked.strategy, _safety(asked.strategy, risks), (asked.reason, *risks)),)
    alone = (_ALONE, *advice)
    risks = (*risks, *advice) if risks else ()
    first = (Choice(Strategy.RPC, Safety.SAFE, (_NEEDS_RPC,)),) if group.needs_rpc else ()
    if not risks:
        return (*first, Choice(Strategy.ENTRYPOINT, Safety.SAFE, alone))
    return (
        *first,
        Choice(Strategy.RPC, Safety.SAFE, risks),
        Choice(Strategy.NAMED, Safety.SAFE, risks),
        Choice(Strategy.ENTRYPOINT, Safety.UNSAFE, risks),
    )


def _advice(group: Group, project: Project, judgement: Judgement) -> tuple[str, ...]:
    """When a split is worth a thought: a person's decision, so it is only said."""
    if not any(export.kind is ExportKind.DURABLE_OBJECT for export in judgement.classes):
        return ()
    callers = {lead.caller.config_path for lead in group.leads}
    if group.hosts_objects_for_others:
        why = "other Workers use its Durable Objects"
    elif len(callers) > 1:
        why = f"{len(callers)} Workers call it"
    else:
        return ()
    return (f"worth a thought: --strategy split, since {why}; stored data moves then",)


def _safety(strategy: Strategy, risks: tuple[str, ...]) -> Safety:
    if strategy is Strategy.SPLIT:
        return Safety.MANUAL
    return Safety.UNSAFE if strategy is Strategy.ENTRYPOINT and risks else Safety.SAFE


def _risks(group: Group, project: Project) -> Iterator[str]:
    for evidence in group.local_development(project):
        place = evidence.location
        if place:
            where = f"{place.path}:{place.line}"
            yield f"local development of several Workers: {evidence.description} ({where})"
    if group.is_bound_to_itself:
        yield "the Worker is bound to itself: wrangler dev of it alone does not start (measured)"


def _asked_for(settings: Settings, group: Group) -> _Asked | None:
    if settings.strategy:
        return _Asked(settings.strategy, f"--strategy {settings.strategy}")
    for name in (*group.deployed_names, group.target.name):
        if name and name in settings.targets:
            return _Asked(settings.targets[name], f"wfix.toml asks for it: [targets.{name}]")
    return None


def _repaired(workshop: Workshop, group: Group) -> Iterator[tuple[int, Finding]]:
    refused: list[str] = []
    for choice in choices(group, workshop.project, workshop.settings):
        made = carry_out(workshop, group, choice.strategy)
        if isinstance(made, Repair):
            for index, finding in group.findings.items():
                if finding.rule == rpc_on_object.NAME and index not in made.edits:
                    yield index, replace(finding, no_fix=_why_not_rpc(workshop, group, refused))
                else:
                    yield index, _with_fix(group, finding, index, _after(choice, refused), made)
            return
        refused.append(f"{choice.strategy} is not possible: {made.sentence}")
    for index, finding in group.findings.items():
        yield index, _without_fix(finding, _why_nothing(workshop, group, refused))


def _why_not_rpc(workshop: Workshop, group: Group, refused: list[str]) -> str:
    asked = _asked_for(workshop.settings, group)
    if asked and asked.strategy is not Strategy.RPC:
        return f"only the strategy rpc mends it: {asked.reason}"
    return "; ".join(refused)


def _why_nothing(workshop: Workshop, group: Group, refused: list[str]) -> str:
    if group.of_rule(rpc_on_object.NAME):
        return _why_not_rpc(workshop, group, refused)
    return "; ".join(refused) or "what else its target exports cannot be told"


def _without_fix(finding: Finding, reason: str) -> Finding:
    """A report that cannot be acted on informs; a measured fault stands without a repair."""
    if finding.evidence.mark is Mark.REPORTED:
        return replace(finding, skipped=reason)
    return replace(finding, no_fix=reason)


def _after(choice: Choice, refused: list[str]) -> Choice:
    return replace(choice, reasons=(*choice.reasons, *refused))


def _with_fix(group: Group, finding: Finding, index: int, choice: Choice, made: Repair) -> Finding:
    edits = made.edits.get(index)
    if index in made.obstacles:
        return _without_fix(finding, f"cannot be edited: {made.obstacles[index]}")
    if edits is None:
        return replace(finding, skipped=f"left as it is: {'; '.join(choice.reasons)}")
    if group.lead(finding).caller.generated and finding.rule != rpc_on_object.NAME:
        message = (
            f"{finding.message}; its configuration is generated or a link: mend where it comes from"
        )
        return replace(finding, message=message)
    fix = Fix(
        strategy=choice.strategy,
        safety=choice.safety,
        title=made.title,
        reasons=choice.reasons,
        edits=edits,
        new_files=made.new_files,
        steps=made.steps,
    )
    return replace(finding, fix=fix)
