"""Which findings are known: a comment beside them says so, with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from codemod.model import Finding, Project, Suppression
from codemod.rules import Rule, ignore_comment, unknown_name


def suppress(
    project: Project, findings: Iterable[Finding], rules: Iterable[Rule]
) -> Iterator[Finding]:
    """The findings of ``rules``, the known ones marked; and what is wrong with the comments.

    A comment is called unused only where its rule was asked, and the whole root was read.
    """
    covering: set[tuple[Suppression, str]] = set()
    for finding in findings:
        known = [
            item for item in project.suppressions if item.covers(finding.rule, finding.location)
        ]
        covering.update((item, finding.rule) for item in known)
        yield replace(finding, suppressed=True) if known else finding
    checked = frozenset(rule.name for rule in rules)
    if ignore_comment.NAME in checked:
        for suppression in project.suppressions:
            yield from _faults(project, suppression, covering, checked)


def _faults(
    project: Project,
    suppression: Suppression,
    covering: set[tuple[Suppression, str]],
    checked: frozenset[str],
) -> Iterator[Finding]:
    for name in suppression.rules:
        wrong = unknown_name(name)
        if wrong:
            yield ignore_comment.finding(project, suppression, wrong)
        elif (
            suppression.reason is not None
            and name in checked
            and not project.scope
            and (suppression, name) not in covering
        ):
            idle = f"nothing here for it to ignore of {name}: remove it"
            yield ignore_comment.finding(project, suppression, idle)
