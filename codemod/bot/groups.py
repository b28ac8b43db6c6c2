"""A plan as proposals: which repairs share a pull request, and how its branch is called."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from codemod.bot import fingerprint
from codemod.model import Edit, FileChange, Finding, Fix, Plan, Safety
from codemod.planner.changes import Changes
from codemod.scanner.files import Files
from codemod.settings import BotSettings, GroupBy

PREFIX = "wfix/"
ONBOARDING = "configure"
"""The group that is no group: the pull request of first contact has its branch."""

_LONGEST = 60
_UNSAFE_IN_REFS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Repairs that go into one pull request.

    ``group`` is safe in refs and in addresses, ``about`` what it stands for in words. ``plan`` has
    the group's findings alone, and their changes. ``awaits`` is set where somebody has to ask for
    such repairs first, and says what they are.
    """

    group: str
    about: str
    fingerprint: str
    plan: Plan
    awaits: Safety | None = None

    @property
    def branch(self) -> str:
        return f"{PREFIX}{self.group}"


@dataclass(frozen=True, slots=True)
class _Key:
    """What repairs have in common that share a pull request."""

    name: str
    awaits: Safety | None


def proposals(plan: Plan, settings: BotSettings) -> tuple[Proposal, ...]:
    """The proposals that ``plan`` holds, by their groups.

    ``plan`` is one in which no repair is accepted yet. In a proposal, repairs that touch the same
    bytes as one before them have given way, as in any plan.
    """
    gathered: dict[_Key, list[Finding]] = {}
    keys: dict[tuple[Edit, ...], _Key] = {}
    for finding, fix in _repairs(plan):
        # What one repair mends together stays together, whatever each finding alone is about.
        key = keys.setdefault(fix.edits, _key(finding, fix, settings))
        gathered.setdefault(key, []).append(finding)
    files = Files(plan.project.root)
    made = [_proposal(plan, key, findings, files) for key, findings in gathered.items()]
    return tuple(sorted((item for item in made if item.plan.changes), key=lambda item: item.group))


def as_ref(name: str) -> str:
    """``name`` as a part of a ref: itself where it is safe there, else like it and unique."""
    safe = _UNSAFE_IN_REFS.sub("-", name.lower()).strip("-")[:_LONGEST].strip("-")
    if safe and safe == name and name != ONBOARDING:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}-{digest}" if safe else digest


def _repairs(plan: Plan) -> Iterator[tuple[Finding, Fix]]:
    for finding in plan.findings:
        if finding.fix and finding.stands:
            yield finding, finding.fix


def _key(finding: Finding, fix: Fix, settings: BotSettings) -> _Key:
    allowed = {
        Safety.SAFE: True,
        Safety.UNSAFE: settings.unsafe_fixes,
        Safety.MANUAL: settings.manual_fixes,
    }
    name = _NAMES[settings.group_by](finding)
    return _Key(name, None if allowed[fix.safety] else fix.safety)


_NAMES: dict[GroupBy, Callable[[Finding], str]] = {
    GroupBy.TARGET: lambda finding: finding.target or finding.worker,
    GroupBy.RULE: lambda finding: finding.rule,
    GroupBy.REPOSITORY: lambda _: "repository",
}


def _proposal(plan: Plan, key: _Key, findings: list[Finding], files: Files) -> Proposal:
    changes = Changes(plan.project, files)
    taken = tuple(item for item in findings if item.fix and changes.add(item, item.fix))
    made: tuple[FileChange, ...] = tuple(changes.files())
    name = f"{key.name} ({key.awaits})" if key.awaits else key.name
    return Proposal(
        group=as_ref(name),
        about=key.name,
        fingerprint=fingerprint.of_repairs(taken, made, files),
        plan=replace(plan, findings=taken, changes=made),
        awaits=key.awaits,
    )
