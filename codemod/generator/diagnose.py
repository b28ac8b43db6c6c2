"""``diagnose``: what comes of calling each binding, and why where it fails (article, Step 5).

What the module says of an error is the table of ``codemod.diagnosis``: that a plain binding to a
Worker which exports Durable Object classes fails is one reported cause, after the measured one.
"""

from __future__ import annotations

from collections.abc import Sequence

from codemod.generator import causes, module
from codemod.generator.addition import Addition, Order
from codemod.generator.bindings import Reached
from codemod.generator.entry import Entry
from codemod.generator.module import Draft
from codemod.generator.wiring import Route
from codemod.planner.refusal import Refusal

PATH = "/__wfix/diagnose"

_STEPS = (
    f"the answer names the Workers behind this one: let nobody ask for {PATH} whom you do not "
    "know (Cloudflare Access, or a secret in a header)",
)


def make(order: Order) -> Addition | Refusal:
    """The module ``diagnose-bindings``, answering at ``PATH`` where it is wired."""
    return module.make(order, _draft, _route, _STEPS)


def _draft(reached: Sequence[Reached], place: Entry) -> Draft | Refusal:
    if not reached:
        return Refusal("it binds no other Worker and no Durable Object: nothing to diagnose", None)
    holes = {
        "bindings": module.rows(reached, place, is_detailed=True),
        "causes": causes.rendered(is_typed=place.is_typescript),
    }
    return Draft("diagnose-bindings", "diagnose", module.wanted(reached), holes)


def _route(specifier: str) -> Route:
    return Route(PATH, "handleDiagnose", specifier)
