"""The parts of ``wfix verify``, and of ``plan`` and ``apply``, that concern the proof."""

from __future__ import annotations

import math
import time
from pathlib import Path

from codemod import api
from codemod.cli.modes import Verify
from codemod.cli.output import say
from codemod.cli.plan_files import open_plan_file, plan_file_among
from codemod.cli.session import Request, Session, planned, start
from codemod.errors import NoProof, Refused, UsageError
from codemod.model import Plan, Proof
from codemod.planner import Accept
from codemod.report.progress import shown
from codemod.report.proof import text
from codemod.runtime import judgement
from codemod.runtime.workerd import HOW_TO_GET, Workerd
from codemod.settings import Settings

_ACTIVITY = "making the calls on the runtime"


def to_prove(request: Request) -> tuple[Session, Plan]:
    """What ``wfix verify`` is asked about: the plan of a file, or one made now."""
    file = plan_file_among(request)
    if file:
        opened = open_plan_file(file, no_cache=request.no_cache)
        return opened.session, opened.plan
    session = start(request)
    return session, planned(session)


def prove(plan: Plan, settings: Settings, explicit: Path | None, seconds: float) -> Proof:
    """The proof of ``plan``. Raises ``NoProof`` where there is none to be had."""
    if not 0 < seconds < math.inf:
        raise UsageError("--timeout takes a number of seconds above 0")
    started = time.monotonic()
    runtime = _runtime(plan, explicit, seconds)
    if runtime is None:
        raise NoProof(HOW_TO_GET)
    with shown(_ACTIVITY):
        proof = api.prove(plan, settings, runtime, seconds - (time.monotonic() - started))
    _note(proof)
    return proof


def proved(
    session: Session, plan: Plan, accept: Accept | None, verify: Verify
) -> api.Proved | None:
    """``plan`` without the repairs that the proof is against; None where no proof is made.

    The proof is told. Raises ``NoProof`` where one is asked for and there is none to be had.
    """
    if verify is Verify.NEVER or not plan.changes:
        return None
    try:
        runtime = _runtime(plan, None)
        if runtime is None and verify is Verify.ALWAYS:
            raise NoProof(HOW_TO_GET)
        if runtime is None:
            return None
        with shown(_ACTIVITY):
            made = api.proved(plan, session.settings, accept, runtime, cache=session.cache)
    except NoProof as error:
        if verify is Verify.ALWAYS:
            raise
        say(f"note: nothing is proved on the runtime: {error}")
        return None
    tell(made.plan, made.proof)
    return made


def require_proved(session: Session, plan: Plan, accept: Accept, verify: Verify) -> None:
    """Raises ``Refused`` where the proof is against a plan that is to be made as it stands."""
    made = proved(session, plan, accept, verify)
    if made and made.withheld:
        reasons = "; ".join(dict.fromkeys(made.withheld.values()))
        raise Refused(f"a repair of the plan file must not be made: {reasons}; plan again")


def tell(plan: Plan, proof: Proof) -> None:
    """Says what the proof shows of what ``plan`` concerns."""
    for line in text.lines(proof, judgement.concerned(plan, proof)):
        say(line)
    _note(proof)


def _note(proof: Proof) -> None:
    for note in proof.notes:
        say(f"note: {note}")


def _runtime(
    plan: Plan, explicit: Path | None, seconds: float = api.PROOF_SECONDS
) -> Workerd | None:
    runtime = api.runtime_of(plan.project, explicit, seconds)
    for reason in runtime.passed_over if runtime else ():
        say(f"note: {reason}")
    return runtime
