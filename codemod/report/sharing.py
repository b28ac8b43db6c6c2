"""Findings that say the same of several deployments: shown once, with all of these.

Code runs in every environment of its Worker, and may be that of several Workers, so that a rule
finds one call once for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from codemod.model import Finding, FindingKey, Plan


def joined(plan: Plan) -> Plan:
    """``plan`` with one finding in place of those that are alike."""
    return replace(plan, findings=tuple(join(plan.findings)))


def join(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first of each that are alike but for their deployments and what they rest on there."""
    groups: dict[Finding, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_without_deployment(finding), []).append(finding)
    for first, *others in groups.values():
        yield _with_others(first, others) if others else first


def _without_deployment(finding: Finding) -> Finding:
    return replace(finding, worker="", environment=None, locations=())


def _with_others(first: Finding, others: list[Finding]) -> Finding:
    keys = dict.fromkeys(finding.key for finding in others)
    places = dict.fromkeys(place for each in (first, *others) for place in each.locations)
    return replace(first, also=tuple(_other(first.key, keys)), locations=tuple(places))


def _other(first: FindingKey, keys: Iterable[FindingKey]) -> Iterator[FindingKey]:
    return (key for key in keys if key != first)
