"""One reconcile as a process of its own: it may be killed, and takes what it used with it.

Ordered and answered in a line of JSON each. Who the bot is comes from the environment.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from codemod.bot import github, sign_in
from codemod.bot.forge import (
    Conflict,
    ForgeError,
    RateLimited,
    SignInFailed,
    Unavailable,
)
from codemod.bot.github import Patience
from codemod.bot.reconcile import Operator, Report, reconcile
from codemod.bot.scratch import BeyondLimits
from codemod.bot.service.jobs import LONGEST_PROBLEM, Ended, Result
from codemod.errors import NoProof, UsageError
from codemod.report.display import printable
from codemod.runtime import children, workerd
from codemod.runtime.cloning import Limits

MODULE = "codemod.bot.service.child"
_PATIENCE = Patience(for_limits=5.0)
_SHARE_OF_GIT = 0.5
"""What git may take of a run's seconds: so the run is there yet to say that it was git."""
_WORTH_ANOTHER_TRY = (Unavailable, Conflict, SignInFailed, NoProof)


@dataclass(frozen=True, slots=True)
class Rules:
    """What whoever runs the workers decides, for all repositories.

    ``clone_bytes`` and ``clone_entries`` (files and folders) limit one clone, ``workerd`` names the
    runtime that proves.
    """

    clone_bytes: int = 2 * 1024 * 1024 * 1024
    clone_entries: int = 200_000
    onboarding: bool = True
    per_owner: int | None = None
    workerd: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A repository to run over, in ``seconds`` at most: then the run is cut off, without a word."""

    repository: str
    rules: Rules
    seconds: float


def main() -> None:
    """Does what is ordered on standard input, and says on standard output how it ended."""
    order = msgspec.json.decode(children.orders(), type=Order)
    how = _run(order)
    # A line that fills the pipe would wait for a reader who waits for its end.
    how = replace(how, problem=how.problem[:LONGEST_PROBLEM])
    sys.stdout.buffer.write(msgspec.json.encode(how) + b"\n")
    sys.stdout.buffer.flush()


def _run(order: Order) -> Ended:
    name = order.repository
    try:
        client = github.connect(sign_in.from_environment(os.environ), name, _PATIENCE)
        report = reconcile(client, name, _operator(order))
    except RateLimited as limit:
        return Ended(Result.LIMITED, str(limit), limit.retry_after)
    except _WORTH_ANOTHER_TRY as error:
        return Ended(Result.RETRIED, str(error))
    except (ForgeError, BeyondLimits, UsageError) as error:
        return Ended(Result.FAILED, str(error))
    _tell(report)
    if report.failures:
        refused = "; ".join(f"{item.branch}: {item.detail}" for item in report.failures)
        return Ended(Result.FAILED, refused)
    return Ended(Result.DONE)


def _operator(order: Order) -> Operator:
    rules = order.rules
    runtime = workerd.find(Path(rules.workerd), Path("/"), (), {}) if rules.workerd else None
    limits = Limits(order.seconds * _SHARE_OF_GIT, rules.clone_bytes, rules.clone_entries)
    return Operator(runtime, limits, rules.per_owner, rules.onboarding)


def _tell(report: Report) -> None:
    lines = [f"{done.branch}: {done.what}" for done in report.done]
    lines += [f"note: {note}" for note in report.notes]
    for line in lines:
        sys.stderr.write(f"{report.repository}: {printable(line)}\n")


if __name__ == "__main__":
    main()
