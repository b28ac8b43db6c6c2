"""First contact: one pull request that adds ``wfix.toml`` and shows what would follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from codemod.bot import body, fingerprint, texts
from codemod.bot.groups import ONBOARDING, Proposal
from codemod.model import FileChange, Plan
from codemod.report import inert, starter
from codemod.report.counts import amount
from codemod.settings import FILE_NAME, Settings

TITLE = "Configure wfix"
MESSAGE = f"{TITLE}\n\nAdd {FILE_NAME}, so that repairs are proposed as pull requests.\n"

_FOLLOWS = "| pull request | faults | files | asked for first |\n|---|---|---|---|\n"


def proposal(plan: Plan, following: Sequence[Proposal]) -> Proposal:
    """The file as a proposal; its identity depends on what would follow, since its text does."""
    content = starter.render(plan.project)
    added = FileChange(FILE_NAME, None, content.encode(), ())
    known = "\n".join([content, *(f"{item.group} {item.fingerprint}" for item in following)])
    return Proposal(
        group=ONBOARDING,
        about=FILE_NAME,
        fingerprint=fingerprint.of_text(known),
        plan=replace(plan, findings=(), changes=(added,)),
    )


def render(following: Sequence[Proposal], settings: Settings, room: int = texts.LIMIT) -> str:
    """The bot's part of the pull request's body, below ``room`` characters."""
    head = (
        "wfix finds what breaks when one Cloudflare Worker calls another, and proposes the "
        "repairs as pull requests. It reads the code of this repository, runs none of it, and "
        "merges nothing.\n\n"
        f"This pull request adds `{FILE_NAME}`, in which every key is explained. Merge it, and "
        "what is listed here follows. Close it, and wfix stays away.\n"
    )
    return texts.body(head, _following(following, settings), "", room)


def _following(following: Sequence[Proposal], settings: Settings) -> Iterator[str]:
    if not following:
        yield "\nNothing needs a repair now.\n"
        return
    limits = settings.bot
    yield (
        f"\n### What would follow\n\n"
        f"At most {amount(limits.pull_requests_per_hour, 'pull request', 'pull requests')} an "
        f"hour, and {limits.pull_requests_at_once} open at once.\n\n{_FOLLOWS}"
    )
    for item in following:
        yield inert.row(
            inert.text(body.title(item, settings)),
            str(len(item.plan.findings)),
            str(len(item.plan.changes)),
            f"yes: {item.awaits}" if item.awaits else "",
        )
