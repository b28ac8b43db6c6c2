"""One run over one repository: what is there is made what it should be.

The order of a run: the repository is cloned and planned; the bot's pull requests are looked at;
its branches are looked at, and the run begins anew where the base has moved meanwhile, so that a
pull request that was just merged is not opened once more; then all is decided at once and carried
out one by one; the dashboard comes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from codemod.bot import (
    body,
    carrying,
    dashboard,
    marks,
    observing,
    onboarding,
    planning,
    scratch,
    telling,
)
from codemod.bot.carrying import Desk, Done, Texts, What
from codemod.bot.decisions import Action, Allowance, Open, Rebuild, Seen, Wait, decide
from codemod.bot.dry_run import DryRun
from codemod.bot.forge import (
    Conflict,
    Forge,
    Invalid,
    Issue,
    NotFound,
    PermissionLost,
    Repository,
    State,
)
from codemod.bot.groups import PREFIX, Proposal
from codemod.bot.marks import IssueKind, Step
from codemod.bot.observing import ONBOARDING_BRANCH, View
from codemod.bot.planning import Planned, Proofs
from codemod.errors import UsageError
from codemod.runtime.cloning import Clone, Limits
from codemod.runtime.workerd import Workerd
from codemod.scanner import scan

_ATTEMPTS = 3
_QUIET = (What.KEPT, What.LEFT, What.WAITING, What.FAILED)
"""What says of a branch that nothing was done to it."""
_ONE = Allowance(1, 1)


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    DRY_RUN = "nothing was changed"
    ARCHIVED = "the repository is archived"
    EMPTY = "the repository is empty"
    NO_WORKERS = "no Worker is in it"
    DISABLED = "its wfix.toml switches the bot off"
    BROKEN_CONFIGURATION = "its wfix.toml cannot be used"
    ONBOARDING = "its wfix.toml waits to be merged"
    LATER = "first contact waits"
    DECLINED = "the pull request of first contact was closed, or its wfix.toml removed"


@dataclass(frozen=True, slots=True)
class Operator:
    """What whoever runs the bot decides, for all repositories.

    ``runtime`` proves what is proposed; it is never looked for in the repository. ``per_owner``
    limits the pull requests opened within an hour in all repositories of an owner. Without
    ``onboarding`` a repository that has no ``wfix.toml`` is taken as one whose is empty.
    """

    runtime: Workerd | None = None
    limits: Limits = field(default_factory=Limits)
    per_owner: int | None = None
    onboarding: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: ``done`` line by line, ``notes`` what is worth knowing beside.

    ``base`` is the commit that it stood on, None where it came to none. In a dry run ``done`` is
    what would be done.
    """

    repository: str
    outcome: Outcome
    base: str | None = None
    done: tuple[Done, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[Done, ...]:
        """What the forge refused for one branch alone."""
        return _refused(self.done)


def reconcile(
    forge: Forge,
    name: str,
    operator: Operator | None = None,
    dry_run: DryRun | None = None,
    now: datetime | None = None,
) -> Report:
    """Brings the bot's branches, pull requests and issues in the repository ``name`` up to date.

    May be killed anywhere: the next run finishes. Two at once on one repository do no harm to
    branches, but may write an issue or a comment twice. Raises ``ForgeError`` where the forge
    cannot be worked with now (``RateLimited`` says for how long, ``Unavailable`` and ``Conflict``
    that it is worth another try), and ``scratch.BeyondLimits``. Where something changed under a
    run it begins anew, once, before that is told.
    """
    operator = operator or Operator()
    repository = forge.repository(name)
    if repository.is_archived:
        return Report(repository.name, Outcome.ARCHIVED)
    if not repository.may_write and dry_run is None:
        raise PermissionLost(f"{repository.name}: the bot may not write there")
    now = now or datetime.now(UTC)
    earlier: Sequence[Done] = ()
    is_last = False
    for attempt in range(1, _ATTEMPTS + 1):
        is_last = is_last or attempt == _ATTEMPTS
        with scratch.folder() as folder:
            run = _Run(forge, repository, operator, dry_run, now, folder, is_last)
            try:
                report = run.report()
            except _BaseMoved:
                if is_last:
                    raise
            except Conflict as error:
                if is_last:
                    raise
                is_last = True
                earlier = error.done if isinstance(error, _ChangedMeanwhile) else ()
            else:
                return replace(report, done=_together(earlier, report.done))
    raise AssertionError


class _BaseMoved(Conflict):
    """The base has another commit than the one that the run stands on."""


class _ChangedMeanwhile(Conflict):
    """Something is not as it was seen any more: ``done`` is what was done so far."""

    def __init__(self, message: str, done: Sequence[Done]) -> None:
        super().__init__(message)
        self.done = done


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What stands on the forge: the bot's branches and pull requests, and its dashboard."""

    seen: Mapping[str, Seen]
    board: Issue | None


class _Run:
    """One attempt, in its own scratch folder."""

    def __init__(
        self,
        forge: Forge,
        repository: Repository,
        operator: Operator,
        dry_run: DryRun | None,
        now: datetime,
        folder: Path,
        is_last: bool,
    ) -> None:
        self._forge = forge
        self._repository = repository
        self._operator = operator
        self._dry_run = dry_run
        self._now = now
        self._folder = folder
        self._is_last = is_last
        self._remote = forge.remote(repository)
        self._base: str | None = None
        self._notes: list[str] = []

    def report(self) -> Report:
        heads = self._heads()
        if self._repository.default_branch not in heads:
            return self._ended(Outcome.EMPTY)
        clone = self._cloned()
        if self._dry_run is DryRun.SCAN:
            return self._scanned(clone.root)
        try:
            planned = planning.plan(clone.root)
        except UsageError as error:
            return self._broken(str(error))
        if self._dry_run is DryRun.PLAN:
            return self._proposed(planned)
        issues = observing.issues(self._view(clone))
        if not self._dry_run:
            known = issues.get(IssueKind.CONFIGURATION)
            telling.withdraw(self._forge, self._repository.name, known)
        if not planned.settings.bot.enabled:
            return self._ended(Outcome.DISABLED)
        if self._operator.onboarding and not planned.is_configured:
            return self._contacted(clone, planned)
        board = issues.get(IssueKind.DASHBOARD)
        seen = self._seen(clone, planned.proposals, heads.keys())
        return self._reconciled(clone, planned, _Surroundings(seen, board))

    def _reconciled(self, clone: Clone, planned: Planned, around: _Surroundings) -> Report:
        board, ticked = self._asked_for(planned, around)
        allowance = observing.allowance(
            self._view(clone),
            around.seen,
            planned.settings.bot,
            self._now,
            self._operator.per_owner,
        )
        actions = decide(planned.proposals, around.seen, ticked, allowance)
        written = [item.proposal for item in actions if isinstance(item, (Open, Rebuild))]
        proofs = planning.prove(written, planned.settings, self._operator.runtime)
        self._notes += proofs.notes
        actions = tuple(item for item in actions if not _is_refuted(item, proofs))
        done = self._carried_out(self._desk(clone, planned, proofs), actions)
        if not self._dry_run and planned.settings.bot.dashboard:
            self._show(planned, board, actions, proofs, done)
        return self._ended(Outcome.DONE, done)

    def _contacted(self, clone: Clone, planned: Planned) -> Report:
        if not planned.plan.project.workers:
            return self._ended(Outcome.NO_WORKERS)
        proposal = onboarding.proposal(planned.plan, planned.proposals)
        seen = self._seen(clone, [proposal], ())
        first = seen.get(ONBOARDING_BRANCH, Seen(ONBOARDING_BRANCH)).pull_request
        if first and first.state is not State.OPEN and not _was_closed_by_bot(first.body):
            return self._ended(Outcome.DECLINED)
        made = observing.of_owner(self._view(clone), self._now, self._operator.per_owner)
        allowed = _ONE if made is None else Allowance(min(1, made), 1)
        actions = decide([proposal], seen, frozenset(), allowed)
        done = self._carried_out(self._desk_of_contact(clone, planned), actions)
        waits = any(isinstance(action, Wait) for action in actions)
        return self._ended(Outcome.LATER if waits else Outcome.ONBOARDING, done)

    def _asked_for(
        self, planned: Planned, around: _Surroundings
    ) -> tuple[Issue | None, frozenset[str]]:
        """The dashboard, and the groups whose ticks on it count: none that cannot be cleared."""
        board = around.board
        if board is None or not board.is_open or not planned.settings.bot.dashboard:
            return board, frozenset()
        latest = {
            branch.removeprefix(PREFIX): seen.pull_request.number
            for branch, seen in around.seen.items()
            if seen.pull_request
        }
        if self._dry_run:
            board = replace(board, body=marks.with_ticks_taken(board.body, latest))
        else:
            try:
                board = telling.take_ticks(self._forge, self._repository.name, board, latest)
            except (NotFound, Invalid) as error:
                self._note(f"no box on the dashboard counts, since it cannot be cleared: {error}")
                return board, frozenset()
        taken = marks.taken(board.body)
        return board, frozenset(group for group in taken if latest.get(group, 0) <= taken[group])

    # --- What is there -----------------------------------------------------------------------

    def _view(self, clone: Clone) -> View:
        return View(self._forge, self._repository, clone.commit)

    def _heads(self) -> dict[str, str]:
        """The commits of the default branch and of the bot's own, by name."""
        default = self._repository.default_branch
        return scratch.heads(self._remote, default, self._folder, self._operator.limits)

    def _cloned(self) -> Clone:
        branch = self._repository.default_branch
        made = scratch.clone(self._remote, branch, self._folder, self._operator.limits)
        self._base = made.commit
        return made

    def _seen(
        self, clone: Clone, proposals: Sequence[Proposal], known: Iterable[str]
    ) -> dict[str, Seen]:
        """The branches of ``proposals``, and those ``known`` to be there before, as they stand.

        Raises ``_BaseMoved``.
        """
        default = self._repository.default_branch
        branches = {*known, *(item.branch for item in proposals)} - {default}
        pulls = observing.pull_requests(self._view(clone), branches)
        heads = self._heads()
        if heads.get(default) != clone.commit:
            raise _BaseMoved(f"{self._repository.name}: its default branch moves: try again")
        there = {name: heads[name] for name in branches & heads.keys()}
        return observing.see(self._view(clone), there, pulls, proposals)

    # --- Doing -------------------------------------------------------------------------------

    def _carried_out(self, desk: Desk, actions: Sequence[Action]) -> list[Done]:
        if self._dry_run:
            return [carrying.foreseen(action) for action in actions]
        done = []
        conflict = None
        for action in actions:
            try:
                done.append(carrying.carry_out(desk, action))
            except Invalid as error:
                done.append(carrying.failed(action, error))
            except Conflict as error:
                done.append(carrying.failed(action, error))
                conflict = error
        if conflict and not self._is_last:
            raise _ChangedMeanwhile(str(conflict), done)
        return done

    def _desk(self, clone: Clone, planned: Planned, proofs: Proofs) -> Desk:
        settings = planned.settings
        context = body.Context(planned.plan, settings, self._repository.default_branch)

        def texts(made: Proposal) -> Texts:
            return Texts(
                body.title(made, settings),
                lambda room: body.render(made, context, proofs.by_group.get(made.group), room),
                body.commit_message(made, settings),
            )

        return Desk(self._forge, self._repository, clone, settings.bot, texts)

    def _desk_of_contact(self, clone: Clone, planned: Planned) -> Desk:
        settings = planned.settings

        def texts(_made: Proposal) -> Texts:
            return Texts(
                onboarding.TITLE,
                lambda room: onboarding.render(planned.proposals, settings, room),
                onboarding.MESSAGE,
            )

        return Desk(self._forge, self._repository, clone, settings.bot, texts)

    # --- Telling -----------------------------------------------------------------------------

    def _show(
        self,
        planned: Planned,
        board: Issue | None,
        actions: Sequence[Action],
        proofs: Proofs,
        done: Sequence[Done],
    ) -> None:
        plan = planned.plan
        overview = dashboard.Overview(
            actions, proofs.refuted, plan.findings, plan.project.unreadable, _refused(done)
        )
        is_wanted = board.is_open if board else overview.is_worth_an_issue
        if not is_wanted:
            return
        said = dashboard.render(overview, lambda item: body.title(item, planned.settings))
        self._note(telling.show(self._forge, self._repository.name, board, said))

    def _broken(self, reason: str) -> Report:
        self._notes.append(reason)
        if not self._dry_run:
            known = observing.issues(View(self._forge, self._repository, self._base or ""))
            self._note(
                telling.complain(
                    self._forge, self._repository.name, known.get(IssueKind.CONFIGURATION), reason
                )
            )
        return self._ended(Outcome.BROKEN_CONFIGURATION)

    def _note(self, note: str | None) -> None:
        if note:
            self._notes.append(note)

    def _scanned(self, root: Path) -> Report:
        project = scan(root)
        self._notes += [f"{item.config_path}: {item.name or '?'}" for item in project.workers]
        self._notes += [f"cannot read {item.path}: {item.reason}" for item in project.unreadable]
        return self._ended(Outcome.DRY_RUN if project.workers else Outcome.NO_WORKERS)

    def _proposed(self, planned: Planned) -> Report:
        done = [
            Done(What.OPENED, item.branch, detail=f"{body.title(item, planned.settings)}")
            for item in planned.proposals
        ]
        return self._ended(Outcome.DRY_RUN, done)

    def _ended(self, outcome: Outcome, done: Sequence[Done] = ()) -> Report:
        if self._dry_run and outcome is Outcome.DONE:
            outcome = Outcome.DRY_RUN
        return Report(self._repository.name, outcome, self._base, tuple(done), tuple(self._notes))


def _together(earlier: Sequence[Done], later: Sequence[Done]) -> tuple[Done, ...]:
    """What two attempts did: the later one finds as it should be what the earlier one did."""
    told = {item.branch for item in later if item.what not in _QUIET}
    before = [item for item in earlier if item.what not in _QUIET and item.branch not in told]
    known = {item.branch for item in before}
    return (*before, *(item for item in later if item.branch not in known))


def _refused(done: Iterable[Done]) -> tuple[Done, ...]:
    return tuple(item for item in done if item.what is What.FAILED)


def _was_closed_by_bot(text: str) -> bool:
    mark = marks.of_pull_request(text)
    return mark is not None and mark.step is Step.CLOSED


def _is_refuted(action: Action, proofs: Proofs) -> bool:
    refuted = {item.proposal.group for item in proofs.refuted}
    return isinstance(action, (Open, Rebuild)) and action.proposal.group in refuted
