"""``health``: 200 where every binding answers, else 503 (article, Example 5 and Rule 5)."""

from __future__ import annotations

from collections.abc import Sequence

from codemod.generator import module
from codemod.generator.addition import Addition, Order
from codemod.generator.bindings import Reached
from codemod.generator.entry import Entry
from codemod.generator.module import Draft
from codemod.generator.wiring import Route
from codemod.planner.refusal import Refusal

PATH = "/health/bindings"

_STEPS = (
    "for people and monitoring alone: each request makes one to every binding, and what it tells "
    "may help an attacker",
)


def make(order: Order) -> Addition | Refusal:
    """The module ``binding-health``, answering at ``PATH`` where it is wired."""
    return module.make(order, _draft, _route, _STEPS)


def _draft(reached: Sequence[Reached], place: Entry) -> Draft | Refusal:
    if not reached:
        return Refusal("it binds no other Worker and no Durable Object: nothing to check", None)
    holes = {"bindings": module.rows(reached, place, is_detailed=False)}
    return Draft("binding-health", "health", module.wanted(reached), holes)


def _route(specifier: str) -> Route:
    return Route(PATH, "bindingHealth", specifier)
