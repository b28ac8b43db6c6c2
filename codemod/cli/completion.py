"""What a shell offers for the values of options."""

from __future__ import annotations


def rules(incomplete: str) -> list[str]:
    """The names of rules; of several with commas between them the last is completed."""
    from codemod.rules import all_rules

    before, comma, name = incomplete.rpartition(",")
    names = [rule.name for rule in all_rules()]
    return [f"{before}{comma}{known}" for known in names if known.startswith(name)]


def strategies(incomplete: str) -> list[str]:
    """The names that ``--strategy`` takes."""
    from codemod.settings import strategy_names

    return [name for name in strategy_names() if name.startswith(incomplete)]
