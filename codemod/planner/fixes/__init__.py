"""Repairs that need no choice of strategy: every module of this package serves one rule.

It is named after the rule's module and has

- ``propose(workshop, finding)``: the ``Fix`` of one finding of that rule, its strategy None, or the
  ``Refusal`` that says why there is none. The finding stands all the same.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath

from codemod.errors import EditError
from codemod.model import Finding, Fix
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.scanner.ignored import Ignored

_Propose = Callable[[Workshop, Finding], Fix | Refusal]


def repair(workshop: Workshop, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those whose rule has a repair here with their fix or why they have none."""
    ignored = Ignored(workshop.files)
    return [_repaired(workshop, ignored, finding) for finding in findings]


def _repaired(workshop: Workshop, ignored: Ignored, finding: Finding) -> Finding:
    propose = _proposals().get(finding.rule)
    if propose is None or finding.skipped or finding.suppressed:
        return finding
    try:
        made = propose(workshop, finding)
    except EditError as error:
        made = Refusal(str(error), None)
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
def _proposals() -> dict[str, _Propose]:
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name.replace("_", "-"): import_module(f"{__name__}.{name}").propose for name in names}
