"""The rules: every module of this package is one, named after its file.

A rule's module has a docstring, which is its documentation (first line: the summary), and

- ``EVIDENCE``: the strongest evidence that its claim stands on,
- ``DEFAULT``: whether it runs unless selected,
- ``FIXES``: how safe its repairs can be; empty where it has none,
- ``check(project)``: yields its findings.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from codemod.errors import UsageError
from codemod.model import Evidence, Finding, Project, Safety
from codemod.spelling import hint

ALL = "all"
"""What stands for every rule where rules are named."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the rest of wfix sees it."""

    name: str
    summary: str
    documentation: str
    evidence: Evidence
    default: bool
    fixes: tuple[Safety, ...]
    check: Callable[[Project], Iterator[Finding]]


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(_load(name) for name in names)


def select_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules named by ``select`` (none: the default ones) without those named by ``ignore``.

    ``all`` stands for every rule. Raises ``UsageError`` for a name that no rule has.
    """
    selected, ignored = _known(select), _known(ignore)
    return tuple(
        rule
        for rule in all_rules()
        if rule.name not in ignored and (rule.name in selected if selected else rule.default)
    )


def _load(module_name: str) -> Rule:
    module = import_module(f"{__name__}.{module_name}")
    documentation = inspect.getdoc(module) or ""
    return Rule(
        name=module_name.replace("_", "-"),
        summary=documentation.partition("\n")[0],
        documentation=documentation,
        evidence=module.EVIDENCE,
        default=module.DEFAULT,
        fixes=module.FIXES,
        check=module.check,
    )


def unknown_name(name: str) -> str | None:
    """Why no rule is meant by ``name``, None where one is."""
    every = [rule.name for rule in all_rules()]
    if name in every:
        return None
    return f'no rule is called "{name}"{hint(name, every, "`wfix rules` lists them")}'


def _known(names: Iterable[str]) -> set[str]:
    chosen: set[str] = set()
    for name in names:
        if name == ALL:
            chosen |= {rule.name for rule in all_rules()}
            continue
        wrong = unknown_name(name)
        if wrong:
            raise UsageError(wrong)
        chosen.add(name)
    return chosen
