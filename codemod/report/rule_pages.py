"""A page for each rule, and the index of them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from codemod.model import Safety
from codemod.rules import Rule

_FIXES = {
    Safety.SAFE: "safe",
    Safety.UNSAFE: "unsafe (`--unsafe-fixes`)",
    Safety.MANUAL: "manual (`--strategy split`)",
}


def page(rule: Rule) -> str:
    """The rule's page in Markdown, ending in a newline."""
    summary, _, rest = rule.documentation.partition("\n\n")
    return (
        f"# {rule.name}\n\n{summary}\n\n"
        f"Runs {_when(rule)}. Evidence: {rule.evidence.mark}. Repair: {_repair(rule)}.\n\n{rest}\n"
    )


def line(rule: Rule) -> str:
    """The rule in one line of text."""
    fixes = "/".join(rule.fixes) or "no"
    runs = "on by default" if rule.default else "opt-in"
    return f"{rule.name} ({runs}, {rule.evidence.mark}, {fixes} fix): {rule.summary}\n"


def pages(rules: Iterable[Rule]) -> Mapping[str, str]:
    """The files of the folder ``docs/rules``, by their names."""
    every = tuple(rules)
    return {"README.md": _index(every)} | {f"{rule.name}.md": page(rule) for rule in every}


def _index(rules: tuple[Rule, ...]) -> str:
    rows = "".join(
        f"| [{rule.name}]({rule.name}.md) | {rule.summary} | {rule.evidence.mark} "
        f"| {', '.join(rule.fixes) or 'none'} | {'' if rule.default else 'opt-in'} |\n"
        for rule in rules
    )
    return (
        "# Rules\n\n"
        "Each page says what a rule finds, on what evidence, and how to mend it by hand. A *safe*\n"
        "fix keeps the meaning wherever it was proved, an *unsafe* one is made only with\n"
        "`--unsafe-fixes`, a *manual* one only where it is asked for by name.\n\n"
        f"| rule | finds | evidence | fix | |\n|---|---|---|---|---|\n{rows}"
    )


def _when(rule: Rule) -> str:
    return "by default" if rule.default else "only where it is selected"


def _repair(rule: Rule) -> str:
    return ", or ".join(_FIXES[item] for item in rule.fixes) or "none"
