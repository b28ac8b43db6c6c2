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
    ignored = Ignored(workshop.files)
    repaired = list(findings)
    by_rule: dict[str, list[int]] = {}
    for index, finding in enumerate(repaired):
        if finding.stands:
            by_rule.setdefault(finding.rule, []).append(index)
    for rule in sorted(by_rule, key=_last_proposals().__contains__):
        indexes = by_rule[rule]
        others = [finding.fix for finding in repaired if finding.fix]
        made = _proposed(workshop, rule, [repaired[index] for index in indexes], others)
        for index, outcome in zip(indexes, made, strict=False):
            repaired[index] = _repaired(workshop, ignored, repaired[index], outcome)
    return repaired


def _proposed(
    workshop: Workshop, rule: str, findings: Sequence[Finding], others: Sequence[Fix]
) -> Sequence[Fix | Refusal]:
    """What comes of each finding; nothing at all where the rule has no repair here."""
    propose_last = _last_proposals().get(rule)
    if propose_last is not None:
        return propose_last(workshop, findings, others)
    propose_all = _joint_proposals().get(rule)
    if propose_all is not None:
        return propose_all(workshop, findings)
    propose = _proposals().get(rule)
    if propose is None:
        return ()
    return [_tried(propose, workshop, finding) for finding in findings]


def _tried(propose: _Propose, workshop: Workshop, finding: Finding) -> Fix | Refusal:
    try:
        return propose(workshop, finding)
    except EditError as error:
        return Refusal(str(error), None)


def _repaired(
    workshop: Workshop, ignored: Ignored, finding: Finding, made: Fix | Refusal
) -> Finding:
    if isinstance(made, Fix):
        made = _writable(workshop, ignored, made)
    if isinstance(made, Refusal):
        return replace(finding, no_fix=made.sentence)
    return replace(finding, fix=made)


def _writable(workshop: Workshop, ignored: Ignored, fix: Fix) -> Fix | Refusal:
    generated = {item.config_path for item in workshop.project.workers if item.generated}
    for path in sorted({edit.path for edit in fix.edits}):
        if path in generated or "node_modules" in PurePosixPath(path).parts or ignored.covers(path):
            return Refusal(f"{path} is generated, installed or ignored: mend its source", None)
    return fix


@cache
def _modules() -> dict[str, ModuleType]:
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name.replace("_", "-"): import_module(f"{__name__}.{name}") for name in names}


@cache
def _proposals() -> dict[str, _Propose]:
    return {
        rule: module.propose for rule, module in _modules().items() if hasattr(module, "propose")
    }


@cache
def _joint_proposals() -> dict[str, _ProposeAll]:
    return {
        rule: module.propose_all
        for rule, module in _modules().items()
        if hasattr(module, "propose_all")
    }


@cache
def _last_proposals() -> dict[str, _ProposeLast]:
    return {
        rule: module.propose_last
        for rule, module in _modules().items()
        if hasattr(module, "propose_last")
    }
