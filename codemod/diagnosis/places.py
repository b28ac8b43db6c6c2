"""From a recognised message to the places of a repository that may produce it.

The rules of a message's causes find them. What the message names (a method, a binding, a service)
tells those that fit from those that would say it of another name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from codemod.diagnosis.messages import MESSAGES, Cause, Leads, Message, Parts, Sight
from codemod.diagnosis.recognition import Recognised, recognise
from codemod.model import (
    Binding,
    BindingKind,
    DevelopmentEvidence,
    Export,
    ExportForm,
    Finding,
    Fix,
    Location,
    Project,
    Safety,
    Strategy,
    Unknown,
    Usage,
)
from codemod.planner import plan
from codemod.rules import all_rules
from codemod.rules.missing_entrypoint import ENTRYPOINT_KINDS, export_of
from codemod.settings import Settings

_SEEN_LOCALLY = DevelopmentEvidence("the message comes from the local runtime", None)
_FOR_LOCAL_RUNS = (Strategy.RPC, Strategy.NAMED)
_LEFT_OUT = "wfix.toml leaves this rule out here"


@dataclass(frozen=True, slots=True)
class Place:
    """A finding of a cause's rule.

    ``fits`` is false where the message names something else than is there. ``command`` makes the
    fix; None where there is no fix, or, as ``no_command`` says, no command.
    """

    finding: Finding
    fits: bool
    command: str | None = None
    no_command: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A cause and its places, those that fit first.

    ``undecided`` are findings that make no claim, each with its reason in ``skipped``.
    """

    cause: Cause
    places: tuple[Place, ...]
    undecided: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Blind:
    """Something that could not be seen, behind which more places may lie."""

    what: str
    reason: str
    location: Location


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A message, its causes with their places in the table's order, and what stayed unseen."""

    recognised: Recognised
    answers: tuple[Answer, ...]
    unseen: tuple[Blind, ...]


class Survey:
    """A repository as diagnoses look at it: once for all messages, and only where one asks.

    What the settings ignore is looked at all the same, since the message says that it happens.
    """

    def __init__(self, project: Project, settings: Settings) -> None:
        named = {rule for item in MESSAGES for cause in item.causes for rule in cause.rules}
        select = tuple(rule.name for rule in all_rules() if rule.name in named)
        self.project = project
        self.settings = settings
        self._usual = replace(settings, select=select, external_services=())
        self._full = replace(self._usual, ignore=(), per_file_ignores={})
        self._uses: dict[Location, list[Usage]] = {}
        self._bindings: dict[Location, list[Binding]] = {}
        for worker in project.workers:
            for use in worker.usages.uses:
                self._uses.setdefault(use.location, []).append(use)
            for deployment in worker.deployments:
                for binding in deployment.bindings:
                    self._bindings.setdefault(binding.location, []).append(binding)

    @cached_property
    def usual(self) -> tuple[Finding, ...]:
        """What ``wfix apply`` would find with the user's settings."""
        return plan(self.project, self._usual).findings

    @cached_property
    def full(self) -> tuple[Finding, ...]:
        """What there is to find, ignored or not."""
        if self._full == self._usual:
            return self.usual
        return plan(self.project, self._full).findings

    @cached_property
    def local(self) -> tuple[Finding, ...]:
        """What there is to find where the Workers do run together on one machine."""
        evidence = (_SEEN_LOCALLY, *self.project.development)
        project = replace(self.project, development=evidence)
        found = {_key(finding): finding for finding in self.full}
        for strategy in _FOR_LOCAL_RUNS:
            for finding in plan(project, replace(self._full, strategy=strategy)).findings:
                known = found.get(_key(finding))
                if known is None or (finding.fix and not known.fix):
                    found[_key(finding)] = finding
        return tuple(found.values())

    def uses(self, finding: Finding) -> list[Usage]:
        """The uses of bindings that stand where ``finding`` points."""
        return [use for spot in _spots(finding) for use in self._uses.get(spot, ())]

    def bindings(self, finding: Finding) -> list[Binding]:
        """The bindings that are declared where ``finding`` points."""
        return [item for spot in _spots(finding) for item in self._bindings.get(spot, ())]


def _key(finding: Finding) -> tuple[str, str | None, str | None, Location]:
    return finding.rule, finding.environment, finding.binding, finding.location


def diagnose(recognised: Recognised, survey: Survey) -> Diagnosis:
    """The causes of a message with their places in the surveyed repository."""
    local = recognised.message.local
    findings = survey.local if local else survey.full
    answers = tuple(
        _answer(cause, recognised, findings, survey) for cause in recognised.message.causes
    )
    told = {finding.location for answer in answers for finding in answer.undecided}
    unseen = dict.fromkeys(
        item for item in _unseen(survey, recognised) if item.location not in told
    )
    return Diagnosis(recognised, answers, tuple(unseen))


def _answer(cause: Cause, asked: Recognised, findings: Sequence[Finding], survey: Survey) -> Answer:
    concerned = [
        (_likeness(finding, asked.parts, survey), finding)
        for finding in findings
        if _is_of(finding, cause, asked.message, survey)
    ]
    concerned.sort(key=lambda pair: _order(pair[0]))
    return Answer(
        cause,
        tuple(
            _place(finding, survey, fits=_fits(likeness))
            for likeness, finding in concerned
            if not finding.skipped
        ),
        tuple(finding for likeness, finding in concerned if finding.skipped and _fits(likeness)),
    )


def _is_of(finding: Finding, cause: Cause, message: Message, survey: Survey) -> bool:
    if finding.rule not in cause.rules:
        return False
    if cause.leads_to and not finding.skipped and _leads_to(finding, survey) != cause.leads_to:
        return False
    quoted = recognise(finding.message)
    return quoted is None or quoted.message.name == (cause.quoted or message.name)


def _leads_to(finding: Finding, survey: Survey) -> Leads | None:
    for binding in survey.bindings(finding):
        export = export_of(survey.project, binding)
        if export is None:
            return Leads.NOTHING
        if isinstance(export, Export):
            return _role(export)
    return None


def _role(export: Export) -> Leads:
    if export.kind not in ENTRYPOINT_KINDS:
        return Leads.NO_ENTRYPOINT
    if export.form is ExportForm.SERVICE_WORKER:
        return Leads.SERVICE_WORKER
    return Leads.ENTRYPOINT


# --- Commands -------------------------------------------------------------------------------


def _place(finding: Finding, survey: Survey, *, fits: bool) -> Place:
    fix = finding.fix
    if fix is None:
        return Place(finding, fits)
    if finding in survey.usual:
        return Place(finding, fits, _command(finding.rule, fix))
    if finding in survey.full:
        return Place(finding, fits, no_command=_LEFT_OUT)
    return Place(finding, fits, _local_command(finding.rule, fix))


def _command(rule: str, fix: Fix) -> str:
    command = f"wfix apply --select {rule}"
    match fix.safety:
        case Safety.SAFE:
            return command
        case Safety.UNSAFE:
            return f"{command} --unsafe-fixes"
        case Safety.MANUAL:
            return f"{command} --strategy {fix.strategy}"


def _local_command(rule: str, fix: Fix) -> str:
    """The command for what only a local run shows: its strategy says that there are such runs.

    Nobody can ask for ``remove``, which takes the place of any other where it suffices.
    """
    strategy = Strategy.NAMED if fix.strategy is Strategy.REMOVE else fix.strategy
    return f"wfix apply --select {rule} --strategy {strategy}"


# --- What the message names -----------------------------------------------------------------


def _order(likeness: tuple[bool | None, ...]) -> tuple[bool, int]:
    return not _fits(likeness), -likeness.count(True)


def _fits(likeness: tuple[bool | None, ...]) -> bool:
    return False not in likeness


def _likeness(finding: Finding, parts: Parts, survey: Survey) -> tuple[bool | None, ...]:
    """For each part, whether the finding is about it; None where one of them does not say."""
    uses = survey.uses(finding)
    called = {use.method or use.kind for use in uses}
    entrypoints = {item.entrypoint or item.class_name for item in survey.bindings(finding)}
    urls = {use.url for use in uses if use.url}
    about = {finding.binding} | called if uses else set()
    return (
        _is_among(parts.method, called),
        True
        if parts.member and parts.member == finding.binding
        else _is_among(parts.member, about),
        _is_among(parts.binding, {finding.binding}),
        _is_among(parts.service, {finding.target}),
        _is_among(parts.worker, {finding.worker}),
        _is_among(parts.entrypoint, entrypoints),
        _is_among(parts.path, urls),
    )


def _is_among(part: str | None, known: set[str | None] | set[str]) -> bool | None:
    facts = known - {None}
    return part in facts if part and facts else None


def _spots(finding: Finding) -> Iterator[Location]:
    yield from dict.fromkeys((finding.location, *(item.location for item in finding.locations)))


# --- What could not be seen -----------------------------------------------------------------


def _unseen(survey: Survey, recognised: Recognised) -> Iterator[Blind]:
    rests_on, parts = recognised.message.rests_on, recognised.parts
    if Sight.TARGETS in rests_on:
        yield from _unseen_targets(survey, parts)
    if Sight.CALLS in rests_on:
        yield from _unseen_calls(survey.project)


def _unseen_targets(survey: Survey, parts: Parts) -> Iterator[Blind]:
    for _, deployment, binding in survey.project.bindings_in_use(BindingKind.SERVICE):
        if not survey.settings.covers(deployment.environment):
            continue
        reason = _hidden(survey.project, binding) if _concerns(binding, parts) else None
        if reason:
            what = f"what {binding.name} leads to ({binding.service})"
            yield Blind(what, reason, binding.location)


def _unseen_calls(project: Project) -> Iterator[Blind]:
    for worker in project.in_use:
        if not worker.usages.open:
            continue
        first, *more = worker.usages.open
        reason = f"{first.reason} (and {len(more)} more reasons)" if more else first.reason
        what = f"all that {worker.name or worker.config_path} calls"
        yield Blind(what, reason, first.location or worker.deployments[0].location)


def _concerns(binding: Binding, parts: Parts) -> bool:
    return parts.binding in (None, binding.name) and parts.service in (None, binding.service)


def _hidden(project: Project, binding: Binding) -> str | None:
    export = export_of(project, binding)
    return export.reason if isinstance(export, Unknown) else None
