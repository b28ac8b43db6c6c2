"""Adds ``return`` where the last statement on a path makes the answer and drops it.

That is guessed from what the statement calls, so the repair is unsafe. A path that ends in
anything else is a person's: what it should answer does not show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codemod.model import (
    DeadEnd,
    Edit,
    Exports,
    Finding,
    Fix,
    Handler,
    Project,
    Safety,
    Span,
    Unknown,
)
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.scanner.exporting.evaluation import (
    Evaluator,
    FunctionValue,
    Site,
    returned_expressions,
)
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.exporting.responses import NOTHING, value_of_name
from codemod.syntax.typescript import text, unwrap

_GLOBALS = frozenset({"Response", "fetch"})
# The methods of bindings, stubs and routers that answer a request.
_SERVING = frozenset({"fetch", "handle"})
_SAME_RESULT = frozenset({"catch", "finally"})
_RESPONSE = re.compile(r"new\s+Response\b|Response\.\w+\(")


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    evaluator = Evaluator(Linker(workshop.modules))
    edits = []
    for end in _dead_ends(workshop.project, finding):
        edit = _with_return(evaluator, end)
        if isinstance(edit, Refusal):
            return edit
        edits.append(edit)
    return Fix(
        strategy=None,
        safety=Safety.UNSAFE,
        title="return what the last statement makes",
        reasons=("the statement makes a Response and nothing uses it",),
        edits=tuple(edits),
    )


def _dead_ends(project: Project, finding: Finding) -> tuple[DeadEnd, ...]:
    """The dead ends of the handler that ``finding`` is about."""
    return next(
        handler.dead_ends
        for handler in _handlers(project)
        if handler.dead_ends and handler.dead_ends[0].location == finding.location
    )


def _handlers(project: Project) -> Iterator[Handler]:
    for worker in project.workers:
        if isinstance(worker.exports, Exports):
            for export in filter(None, (worker.exports.default, *worker.exports.named)):
                yield from export.handlers


def _with_return(evaluator: Evaluator, end: DeadEnd) -> Edit | Refusal:
    names = evaluator.linker.names(end.location.path)
    if isinstance(names, Unknown):
        return Refusal(names.reason, end.location)
    statement = _statement_at(names.source.root, end.location.span)
    if statement is None or statement.type != "expression_statement" or end.given != NOTHING:
        reason = f"what to answer where a path gives {end.given} is for a person to say"
        return Refusal(reason, end.location)
    expression = statement.named_children[0]
    if not _makes_response(evaluator, Site(names), expression):
        return Refusal("its last statement is not seen to make a Response", end.location)
    return Edit(end.location.path, Span(expression.start_byte, expression.start_byte), "return ")


def _statement_at(root: Node, at: Span) -> Node | None:
    """The outermost node of a place: without a semicolon a statement is as long as what it runs."""
    found = root.named_descendant_for_byte_range(at.start, at.end)
    while (
        found is not None
        and found.type != "expression_statement"
        and found.parent is not None
        and (found.parent.start_byte, found.parent.end_byte) == (at.start, at.end)
    ):
        found = found.parent
    return found


def _makes_response(evaluator: Evaluator, site: Site, expression: Node) -> bool:
    """Whether an expression visibly gives a Response, or a Promise of one."""
    made = unwrap(expression)
    if made.type == "await_expression":
        made = unwrap(made.named_children[-1])
    maker, owner, method = _called(made)
    while owner is not None and method in _SAME_RESULT:
        maker, owner, method = _called(unwrap(owner))
    if maker is None:
        return False
    if owner is not None:
        return text(owner) == "Response" or method in _SERVING
    if text(maker) in _GLOBALS and evaluator.scopes_of(site.names).declaration(maker) is None:
        return True
    value = value_of_name(evaluator, site, maker) if maker.type == "identifier" else None
    return isinstance(value, FunctionValue) and _gives_response(value.node)


def _called(call: Node) -> tuple[Node | None, Node | None, str]:
    """What a call calls or makes; where it is a method, its object and name too."""
    maker = call.child_by_field_name("constructor") or call.child_by_field_name("function")
    maker = unwrap(maker) if maker is not None else None
    accessed = maker.child_by_field_name("property") if maker is not None else None
    owner = maker.child_by_field_name("object") if maker is not None else None
    return maker, owner, text(accessed) if accessed is not None else ""


def _gives_response(function: Node) -> bool:
    declared = function.child_by_field_name("return_type")
    if declared is not None:
        return "Response" in text(declared)
    body = function.child_by_field_name("body")
    if body is None:
        return False
    values = [body] if body.type != "statement_block" else returned_expressions(body)
    return any(_RESPONSE.match(text(value)) for value in values)
