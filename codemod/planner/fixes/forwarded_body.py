"""The repair of ``forwarded-body``: what reads the body before the call reads that of a clone."""

from __future__ import annotations

from tree_sitter import Node

from codemod.model import Edit, Finding, Fix, Location, Safety, Span, Unknown
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.scanner.tracking.functions import arguments_of
from codemod.syntax.typescript import unwrap

_REASON = "a clone has the same body; it costs memory until both have been read"


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    """Safe: calls that threw do not, and the others do what they did."""
    reads = [item.location for item in finding.locations if item.location != finding.location]
    edits = []
    for read in reads:
        request = _request(workshop, read)
        if request is None:
            return Refusal("what reads the body is not found in its file", read)
        end = request.end_byte
        edits.append(Edit(read.path, Span(end, end), ".clone()"))
    title = "read a clone of the Request before it is forwarded"
    return Fix(None, Safety.SAFE, title, (_REASON,), tuple(edits))


def _request(workshop: Workshop, read: Location) -> Node | None:
    """The Request in ``request.json()`` or ``fetch(request)``."""
    source = workshop.modules.source(read.path)
    if isinstance(source, Unknown):
        return None
    call = source.root.descendant_for_byte_range(read.span.start, read.span.end)
    callee = call.child_by_field_name("function") if call is not None else None
    if call is None or callee is None:
        return None
    given = arguments_of(call)
    if given and unwrap(given[0]).type == "identifier":
        return unwrap(given[0])
    return callee.child_by_field_name("object")
