"""Repairs that need no choice of strategy: every module of this package serves one rule.

It is named after the rule's module and has

- ``propose(workshop, finding)``: the ``Fix`` of one finding of that rule, its strategy None, or the
  ``Refusal`` that says why there is none. The finding stands all the same.
- or, where repairs meet in one place, ``propose_all(workshop, findings)``: that of each of the
  rule's findings, in their order.
- or, where a repair copies what others may change, ``propose_last(workshop, findings, others)``:
  the same, when all other repairs are known.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from types import ModuleType

from codemod.errors import EditError
from codemod.model import Finding, Fix
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.scanner.ignored import Ignored

_Propose = Callable[[Workshop, Finding], Fix | Refusal]
_ProposeAll = Callable[[Workshop, Sequence[Finding]], Sequence[Fix | Refusal]]
_ProposeLast = Callable[[Workshop, Sequence[Finding], Sequence[Fix]], Sequence[Fix | Refusal]]


def repair(workshop: Workshop, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those whose rule has a repair here with their fix or why they have none."""
    unwritable = _Unwritable(workshop)
    repaired = list(findings)
    by_rule: dict[str, list[int]] = {}
    for index, finding in enumerate(repaired):
        if finding.stands and finding.rule in _names():
            by_rule.setdefault(finding.rule, []).append(index)
    for rule in sorted(by_rule, key=lambda rule: hasattr(_module(rule), "propose_last")):
        indexes = by_rule[rule]
        others = [finding.fix for finding in repaired if finding.fix]
        made = _proposed(workshop, rule, [repaired[index] for index in indexes], others)
        for index, outcome in zip(indexes, made, strict=True):
            repaired[index] = _repaired(unwritable, repaired[index], outcome)
    return repaired


def _proposed(
    workshop: Workshop, rule: str, findings: Sequence[Finding], others: Sequence[Fix]
) -> Sequence[Fix | Refusal]:
    """What comes of each finding of ``rule``."""
    module = _module(rule)
    if hasattr(module, "propose_last"):
        propose_last: _ProposeLast = module.propose_last
        return propose_last(workshop, findings, others)
    if hasattr(module, "propose_all"):
        propose_all: _ProposeAll = module.propose_all
        return propose_all(workshop, findings)
    return [_tried(module.propose, workshop, finding) for finding in findings]


def _tried(propose: _Propose, workshop: Workshop, finding: Finding) -> Fix | Refusal:
    try:
        return propose(workshop, finding)
    except EditError as error:
        return Refusal(str(error), None)


def _repaired(unwritable: _Unwritable, finding: Finding, made: Fix | Refusal) -> Finding:
    if isinstance(made, Fix):
        made = unwritable.refusal(made) or made
    if isinstance(made, Refusal):
        return replace(finding, no_fix=made.sentence)
    return replace(finding, fix=made)


class _Unwritable:
    """The files that no repair may touch, since something else writes them."""

    def __init__(self, workshop: Workshop) -> None:
        self._ignored = Ignored(workshop.files)
        self._generated = {
            worker.config_path for worker in workshop.project.workers if worker.generated
        }

    def refusal(self, fix: Fix) -> Refusal | None:
        """Why ``fix`` is not made, None where it may be."""
        for path in sorted({edit.path for edit in fix.edits}):
            if (
                path in self._generated
                or "node_modules" in PurePosixPath(path).parts
                or self._ignored.covers(path)
            ):
                return Refusal(f"{path} is generated, installed or ignored: mend its source", None)
        return None


@cache
def _names() -> frozenset[str]:
    """The rules that have a repair here."""
    return frozenset(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


@cache
def _module(rule: str) -> ModuleType:
    return import_module(f"{__name__}.{rule.replace('-', '_')}")
