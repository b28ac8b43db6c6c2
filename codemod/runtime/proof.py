"""Proves a plan: every call between the Workers, made on the runtime before it and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from codemod.model import (
    BindingKind,
    Deployment,
    DeploymentRef,
    Location,
    Project,
    Proof,
    ProofRow,
    Result,
    UsageKind,
)
from codemod.runtime import calls, running
from codemod.runtime.calls import Bind, BoundCalls, Call, Fetch
from codemod.runtime.configuration import is_lowered
from codemod.runtime.running import Deadline
from codemod.runtime.workerd import Workerd

_CALLED = frozenset({UsageKind.FETCH, UsageKind.RPC})

_Place = tuple[DeploymentRef, str]


@dataclass(frozen=True, slots=True)
class _Made:
    """A call with what came of it on one side."""

    bound: BoundCalls
    call: Call
    result: Result

    @property
    def place(self) -> _Place:
        return self.bound.reference, self.bound.binding.name


def prove(
    workerd: Workerd,
    before: Project,
    after: Project,
    covers: Callable[[str | None], bool],
    seconds: float,
) -> Proof:
    """What comes of the calls over the bindings of the environments that ``covers`` says yes to.

    One process is run for each side, one for both where ``after`` is ``before``. Raises
    ``NoProof`` where the runtime gives no answer within ``seconds``.
    """
    deadline = Deadline.after(seconds)
    planned = calls.of_project(before, covers)
    if after is before:
        made = _made(workerd, before, planned, deadline)
        rows = tuple(_row(item, item) for item in made)
        return Proof(str(workerd), rows, tuple(_lowered(workerd, before, planned)))
    planned_after = tuple(_with_detours(calls.of_project(after, covers), planned))
    planned = (*planned, *_lacking(before, planned, planned_after))
    return Proof(
        str(workerd),
        tuple(
            _row(old, new)
            for old, new in _pairs(
                _made(workerd, before, planned, deadline),
                _made(workerd, after, planned_after, deadline),
            )
        ),
        tuple(_lowered(workerd, before, planned)),
    )


def _lowered(workerd: Workerd, project: Project, planned: Iterable[BoundCalls]) -> Iterator[str]:
    """A note for each compatibility date of callers and targets that is too late to be had."""
    ends: dict[DeploymentRef, Deployment] = {}
    for bound in planned:
        ends.setdefault(bound.reference, bound.deployment)
        target = project.resolve(bound.binding.target)
        if target:
            reference = DeploymentRef(target[0].config_path, target[1].environment)
            ends.setdefault(reference, target[1])
    for reference, deployment in ends.items():
        configured = deployment.compatibility_date
        if is_lowered(configured, workerd.latest):
            where = f" ({reference.environment})" if reference.environment else ""
            yield (
                f"{reference.config_path}{where}: the compatibility date {configured} is later "
                f"than the runtime takes: its calls are made with {workerd.latest.isoformat()}"
            )


def _made(
    workerd: Workerd, project: Project, planned: Sequence[BoundCalls], deadline: Deadline
) -> list[_Made]:
    results = running.results(workerd, project, planned, deadline)
    return [
        _Made(bound, call, result)
        for bound, row in zip(planned, results, strict=True)
        for call, result in zip(bound.calls, row, strict=True)
    ]


def _with_detours(
    planned: Iterable[BoundCalls], before: Iterable[BoundCalls]
) -> Iterator[BoundCalls]:
    """``planned`` with the requests for paths that were seen to fail ``before``.

    So a path that a repair has mended is seen to work.
    """
    detours = {
        (bound.reference, bound.binding.name): [
            call
            for call in bound.calls
            if isinstance(call.action, Fetch) and call.action.detour is not None
        ]
        for bound in before
    }
    for bound in planned:
        texts = {call.text for call in bound.calls}
        more = detours.get((bound.reference, bound.binding.name), [])
        missing = tuple(call for call in more if call.text not in texts)
        if any(call.obstacle for call in bound.calls):
            missing = ()
        yield replace(bound, calls=(*bound.calls, *missing))


def _lacking(
    project: Project, planned: Iterable[BoundCalls], after: Iterable[BoundCalls]
) -> Iterator[BoundCalls]:
    """Calls that the code makes over bindings which only the plan declares."""
    declared = {(bound.reference, bound.binding.name) for bound in planned}
    for bound in after:
        known = project.resolve(bound.reference)
        if (bound.reference, bound.binding.name) in declared or known is None:
            continue
        worker, deployment = known
        names = {item.name for item in deployment.variables}
        names |= {item.name for item in deployment.other_bindings}
        uses = [use for use in worker.usages.of(bound.binding.name) if use.kind in _CALLED]
        if not uses or bound.binding.kind is not BindingKind.SERVICE or bound.binding.name in names:
            continue
        # Such a call reaches nothing: its caller stands for the target.
        binding = replace(bound.binding, location=deployment.location, target=bound.reference)
        made = tuple(replace(call, assumes=None) for call in bound.calls)
        yield BoundCalls(worker, deployment, binding, made, is_declared=False)


# --- Rows -----------------------------------------------------------------------------------


def _pairs(
    before: Iterable[_Made], after: Iterable[_Made]
) -> Iterator[tuple[_Made | None, _Made | None]]:
    """The calls of both sides, each beside its like: the order is that before, then that after.

    A call that is no longer made stands beside the one that has come in its place, where as many
    have come as have gone.
    """
    old, new = _by_place(before), _by_place(after)
    for place in {**old, **new}:
        here, there = old.get(place, []), new.get(place, [])
        partners = _partners(here, there)
        yield from ((item, partners.get(index)) for index, item in enumerate(here))
        taken = {id(item) for item in partners.values()}
        yield from ((None, item) for item in there if id(item) not in taken)


def _by_place(made: Iterable[_Made]) -> dict[_Place, list[_Made]]:
    places: dict[_Place, list[_Made]] = {}
    for item in made:
        places.setdefault(item.place, []).append(item)
    return places


def _partners(here: Sequence[_Made], there: Sequence[_Made]) -> dict[int, _Made]:
    """For each call before, by its index, the one after that it corresponds to."""
    left = list(there)
    found: dict[int, _Made] = {}
    for index, item in enumerate(here):
        like = next((other for other in left if other.call.text == item.call.text), None)
        if like:
            found[index] = like
            left.remove(like)
    gone = [index for index in range(len(here)) if index not in found]
    if len(gone) == len(left) and all(
        _is_alike(here[index].call, other.call) for index, other in zip(gone, left, strict=True)
    ):
        found.update(zip(gone, left, strict=True))
    return found


def _is_alike(one: Call, other: Call) -> bool:
    if isinstance(one.action, Fetch) and isinstance(other.action, Fetch):
        return one.action.detour == other.action.detour
    return type(one.action) is type(other.action) or Bind in (type(one.action), type(other.action))


def _row(old: _Made | None, new: _Made | None) -> ProofRow:
    shown = old or new
    assert shown
    return ProofRow(
        worker=shown.bound.worker.name_of(shown.bound.deployment),
        deployment=shown.bound.reference,
        binding=shown.bound.binding.name,
        kind=shown.bound.binding.kind,
        target=_target(new or shown),
        location=shown.bound.binding.location,
        call=_text(old, new),
        before=old.result if old else None,
        after=new.result if new else None,
        uses=_uses(shown),
        is_trial=all(item.call.is_trial for item in (old, new) if item),
    )


def _target(made: _Made) -> str | None:
    """The deployed name; a Durable Object or Workflow without one is the Worker's own."""
    return made.bound.binding.service or made.bound.deployment.name


def _text(old: _Made | None, new: _Made | None) -> str:
    texts = dict.fromkeys(item.call.text for item in (old, new) if item)
    return " → ".join(texts)


def _uses(made: _Made) -> tuple[Location, ...]:
    return tuple(dict.fromkeys(made.call.uses))
