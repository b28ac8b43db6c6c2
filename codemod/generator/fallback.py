"""``fallback``: a call over a binding that goes to a Custom Domain where it fails (Example 3).

Which failures count, and which methods are sent again, the head of the template says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from codemod.generator import bindings, entry, module
from codemod.generator.addition import Addition, Order
from codemod.generator.bindings import Manner, Reached
from codemod.generator.entry import Entry
from codemod.generator.module import Draft
from codemod.generator.writing import access, is_identifier, quoted
from codemod.planner.free_names import first_free
from codemod.planner.refusal import Refusal

STEM = "fetch-with-fallback"

_WORD = re.compile(r"[A-Za-z0-9]+")
_OWN_NAMES = ("fetchWithFallback",)


def make(order: Order) -> Addition | Refusal:
    """The module ``fetch-with-fallback``, with a function for each binding that takes requests."""
    if order.wire:
        return Refusal(
            "which calls may take a second way is yours to say: there is no --wire", None
        )
    place = entry.with_environment(order.workshop.modules, order.worker)
    if isinstance(place, Refusal):
        return place
    everything = bindings.reached(order.workshop.project, order.workshop.settings, order.worker)
    reached = [item for item in everything if item.manner is Manner.HTTP]
    if not reached:
        return Refusal("it has no service binding that takes requests: nothing to fall back", None)
    names = dict(zip(_functions(reached), reached, strict=True))
    draft = Draft(
        STEM,
        "fallback",
        {**module.wanted(reached), **{_variable(item.name): "string" for item in reached}},
        {"functions": "\n".join(_lines(names.items(), place))},
    )
    file = module.new_file(order, place, draft)
    return Addition((file,), tuple(_steps(names.items())), taken_by=place.lookalikes(STEM))


def _variable(binding: str) -> str:
    """The variable that holds the address: ``<BINDING>_URL``, made an identifier."""
    if is_identifier(binding):
        return f"{binding}_URL"
    return "_".join((*_WORD.findall(binding.upper()), "URL"))


def _functions(reached: Sequence[Reached]) -> list[str]:
    """A name for the function of each binding: ``API_MOM`` -> ``fetchApiMom``."""
    names: list[str] = []
    for item in reached:
        words = "".join(word.capitalize() for word in _WORD.findall(item.name))
        names.append(first_free([f"fetch{words or 'Binding'}"], (*_OWN_NAMES, *names)))
    return names


def _lines(functions: Iterable[tuple[str, Reached]], place: Entry) -> Iterator[str]:
    for number, (name, item) in enumerate(functions):
        if number:
            yield ""
        told = f"Calls {quoted(item.leads_to)}, at the domain in {_variable(item.name)} if need be."
        yield from _typed(name, told) if place.is_typescript else _untyped(name, told)
        ways = (
            f"name: {quoted(item.name)}",
            f"binding: {access('env', item.name)}",
            f"domain: {access('env', _variable(item.name))}",
        )
        yield "  return fetchWithFallback("
        yield "    {"
        yield from (f"      {way}," for way in ways)
        yield "    },"
        yield f"    requestFor({quoted(item.origin)}, input, init),"
        yield "    options,"
        yield "  );"
        yield "}"
    yield ""


def _typed(name: str, told: str) -> Iterator[str]:
    yield f"/** {told} */"
    yield f"export async function {name}("
    yield "  env: Bindings,"
    yield "  input: Request | string,"
    yield "  init?: RequestInit,"
    yield "  options?: FallbackOptions,"
    yield "): Promise<Response> {"


def _untyped(name: str, told: str) -> Iterator[str]:
    yield "/**"
    yield f" * {told}"
    yield " * @param {Bindings} env"
    yield " * @param {Request | string} input"
    yield " * @param {RequestInit} [init]"
    yield " * @param {FallbackOptions} [options]"
    yield " * @returns {Promise<Response>}"
    yield " */"
    yield f"export async function {name}(env, input, init, options) {{"


def _steps(functions: Iterable[tuple[str, Reached]]) -> Iterator[str]:
    for name, item in functions:
        known = f"https://{item.domains[0]}" if item.domains else "a Custom Domain of the target"
        yield (
            f"{item.name}: call {name}(env, request) in place of {access('env', item.name)}"
            f".fetch(request), and put {known} into the variable {_variable(item.name)} of each "
            "environment"
        )
    yield (
        "a binding is known to come from you; a domain is not: the targets have to ask who calls "
        "them there"
    )
