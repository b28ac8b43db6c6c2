"""``this.env`` and ``this.ctx`` in the place of parameters that a class's handler is not given.

The parameters are undefined as it is, so that a body which gets them from ``this`` only gains.
"""

from __future__ import annotations

from tree_sitter import Node

from codemod.model import Exports, Finding, Fix, Handler, Project, Safety, Unknown
from codemod.planner.layout import layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.rewrite import Rewrite
from codemod.planner.rpc.annotations import is_typescript
from codemod.planner.rpc.from_this import FromThis, problem
from codemod.planner.rpc.parameters import handed
from codemod.planner.workshop import Workshop
from codemod.rules.class_handler_parameters import relied_on
from codemod.scanner.exporting.evaluation import ClassValue, Evaluator, ForeignValue, Site, Value
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.exporting.names import Names
from codemod.scanner.resolving import platform
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Scopes
from codemod.syntax.typescript import (
    children_of_type,
    is_damaged,
    property_name,
    superclass,
    text,
)

_OWN = frozenset({"ctx", "env"})
_MEMBERS = ("method_definition", "public_field_definition")


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    evaluator = Evaluator(Linker(workshop.modules))
    handler = _handler(workshop.project, finding)
    names = evaluator.linker.names(handler.location.path)
    if isinstance(names, Unknown):
        return Refusal(names.reason, names.location)
    span = handler.location.span
    member = names.source.root.named_descendant_for_byte_range(span.start, span.end)
    function = _function(member) if member is not None else None
    owner = _class_of(member) if member is not None else None
    if member is None or function is None or owner is None:
        return Refusal("its function stands apart from the class", handler.location)
    if is_damaged(owner):
        return Refusal("its class does not parse", names.source.location(owner))
    classes, base = evaluator.bases(ClassValue(Site(names), owner))
    scopes = evaluator.scopes_of(names)
    reason = (
        _problem_of_classes(classes, base)
        or _problem_of_calls(scopes, handler.name)
        or problem(scopes, function)
    )
    if reason:
        return Refusal(f"{handler.name} {reason}", handler.location)
    rewrite = Rewrite(names.source)
    if len(classes) == 1 and isinstance(base, ForeignValue) and base.key[0] == platform.RUNTIME:
        _pass_type_on(rewrite, names, owner, function)
    FromThis(names.source, scopes, layout_of(names.source), rewrite).change(member, function)
    return Fix(
        strategy=None,
        safety=Safety.SAFE,
        title="read env and ctx from this",
        reasons=("the parameters are undefined as it is; the base class has both as properties",),
        edits=rewrite.edits(),
    )


def _handler(project: Project, finding: Finding) -> Handler:
    """The handler that ``finding`` is about."""
    return next(
        handler
        for worker in project.workers
        if isinstance(worker.exports, Exports)
        for export in filter(None, (worker.exports.default, *worker.exports.named))
        for handler in export.handlers
        if any(parameter.location == finding.location for parameter in relied_on(handler))
    )


def _function(member: Node) -> Node | None:
    """The function that a member of a class is or holds."""
    if member.type == "method_definition":
        return member
    value = member.child_by_field_name("value")
    return value if value is not None and value.type in FUNCTIONS else None


def _class_of(member: Node) -> Node | None:
    body = member.parent
    owner = body.parent if body is not None else None
    return owner if owner is not None and owner.type in CLASSES else None


def _problem_of_classes(classes: list[ClassValue], base: Value | None) -> str | None:
    """Why ``this`` may not have what the base class of the runtime gives it."""
    if not isinstance(base, ForeignValue) or base.key not in platform.CLASSES:
        return "may have no this.env: its class is not seen to extend one that has it"
    for value in classes:
        body = value.node.child_by_field_name("body")
        for member in children_of_type(body, *_MEMBERS) if body is not None else ():
            name = member.child_by_field_name("name")
            if name is not None and property_name(name) in _OWN:
                return f"is of a class with a member {text(name)} of its own"
    return None


def _problem_of_calls(scopes: Scopes, name: str) -> str | None:
    """Whether the module itself calls the method with something for the parameters."""
    for call in scopes.of_type("call_expression"):
        callee, listed = (call.child_by_field_name(field) for field in ("function", "arguments"))
        owner = callee.child_by_field_name("object") if callee is not None else None
        called = callee.child_by_field_name("property") if callee is not None else None
        if owner is None or called is None or owner.type not in ("this", "super"):
            continue
        if text(called) == name and listed is not None and len(listed.named_children) > 1:
            return f"is called on {owner.type} with other arguments"
    return None


def _pass_type_on(rewrite: Rewrite, names: Names, owner: Node, function: Node) -> None:
    """Gives the base class the type of ``env`` that the parameter had, where it has none."""
    first = next(iter(handed(function)))
    declared = first.node.child_by_field_name("type")
    base = superclass(owner)
    if declared is None or base is None or not is_typescript(names.source.path):
        return
    clause = base.parent
    is_typed = clause is not None and any(children_of_type(clause, "type_arguments"))
    if not is_typed:
        rewrite.insert(base.end_byte, f"<{text(declared).removeprefix(':').strip()}>")
