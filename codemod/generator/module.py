"""A module beside the entry that calls the Worker's bindings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from codemod.generator import bindings, entry, environment, wiring, writing
from codemod.generator.addition import Addition, Order
from codemod.generator.bindings import Manner, Reached
from codemod.generator.entry import Entry
from codemod.generator.wiring import Route, Types
from codemod.generator.writing import access, is_identifier, quoted
from codemod.model import NewFile
from codemod.planner.refusal import Refusal

BINDING_TYPE = "object"
"""What a binding is to a generated module, which looks for itself whether it can be fetched."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A module to be: its file's stem, its template's, and what its holes hold.

    ``wanted`` are the members of the environment that it reads, with their types.
    """

    stem: str
    template: str
    wanted: Mapping[str, str]
    holes: Mapping[str, str]


def make(
    order: Order,
    draft: Callable[[Sequence[Reached], Entry], Draft | Refusal],
    answering: Callable[[str], Route],
    steps: Sequence[str],
) -> Addition | Refusal:
    """The module of ``draft``, and the route of ``answering`` that the entry gives it.

    ``answering`` is given the specifier of the module.
    """
    place = entry.with_environment(order.workshop.modules, order.worker)
    if isinstance(place, Refusal):
        return place
    drafted = draft(_reached(order), place)
    if isinstance(drafted, Refusal):
        return drafted
    file = new_file(order, place, drafted)
    route = answering(place.specifier(file.path))
    taken = place.lookalikes(drafted.stem)
    first, second = wiring.by_hand(order.worker, place, route)
    if not order.wire:
        told = (f"in {place.path}: {first}", f"where it takes requests: {second}")
        return Addition((file,), (*told, *steps), taken_by=taken)
    found = environment.find(order.workshop.modules, place)
    types = Types(found, drafted.wanted)
    edits = wiring.wire(order.workshop, order.worker, place, route, types)
    if isinstance(edits, Refusal):
        by_hand = f"leave --wire out and add by hand: `{first}` and `{second}`"
        return Refusal(f"it cannot be wired: {edits.sentence}; {by_hand}", None)
    return Addition((file,), tuple(steps), edits, taken)


def new_file(order: Order, place: Entry, draft: Draft) -> NewFile:
    """The file of a draft."""
    found = environment.find(order.workshop.modules, place)
    typed = environment.declared(found, draft.wanted, is_typed=place.is_typescript)
    template = f"{draft.template}.{'ts' if place.is_typescript else 'js'}"
    holes = {**draft.holes, "environment": typed}
    return NewFile(place.beside(draft.stem), writing.render(template, holes, place.layout))


def rows(reached: Sequence[Reached], place: Entry, *, is_detailed: bool) -> str:
    """The function ``bindingsOf``: a row for each binding, with its value."""
    if place.is_typescript:
        lines = ["function bindingsOf(env: Bindings): Binding[] {"]
    else:
        lines = [
            "/**",
            " * @param {Bindings} env",
            " * @returns {Binding[]}",
            " */",
            "function bindingsOf(env) {",
        ]
    lines.append("  return [")
    for item in reached:
        lines += _row(item, is_detailed=is_detailed)
    return "\n".join((*lines, "  ];", "}", ""))


def wanted(reached: Sequence[Reached]) -> dict[str, str]:
    """The bindings as members of the environment."""
    return {item.name: BINDING_TYPE for item in reached}


def _reached(order: Order) -> tuple[Reached, ...]:
    return bindings.reached(order.workshop.project, order.workshop.settings, order.worker)


def _row(item: Reached, *, is_detailed: bool) -> list[str]:
    lines = [f"      // {_remark(item)}"] if item.manner is not Manner.HTTP else []
    members = [f"name: {quoted(item.name)}"]
    if is_detailed:
        members += [f"kind: {quoted(item.manner)}", f"leadsTo: {quoted(item.leads_to)}"]
    members.append(f"value: {access('env', item.name)}")
    if item.manner is Manner.HTTP:
        members.append(f"url: {quoted(item.origin + item.path)}")
    if item.only_in:
        members.append(f"onlyIn: {quoted(', '.join(item.only_in))}")
    return ["    {", *lines, *(f"      {member}," for member in members), "    },"]


def _remark(item: Reached) -> str:
    if item.manner is Manner.DURABLE_OBJECT:
        return "A namespace of Durable Objects: a call would make an object."
    methods = ", ".join(filter(is_identifier, item.methods))
    return f"RPC only{f': {methods}' if methods else ''}."
