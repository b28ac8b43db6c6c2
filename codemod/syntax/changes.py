"""What happens to the value of a name after its declaration."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.syntax.scopes import Declaration, Scopes
from codemod.syntax.typescript import TRANSPARENT, operand

_ASSIGNMENTS = frozenset(
    {"assignment_expression", "augmented_assignment_expression", "for_in_statement"}
)
_ACCESSES = frozenset({"member_expression", "subscript_expression"})
# What an assignment takes apart into, each inside another.
_PATTERNS = TRANSPARENT | {
    "array_pattern",
    "assignment_pattern",
    "object_assignment_pattern",
    "object_pattern",
    "pair_pattern",
    "rest_pattern",
}


@dataclass(frozen=True, slots=True)
class Changes:
    """How a name's value changes.

    ``reassigned`` says whether the name itself is assigned to; ``assignment`` is the one
    ``name = …`` at the top level of the module where there is no other. ``members`` are the
    assignments ``name.member = …`` at the top level of the module, in order; ``elsewhere`` is a
    place that may change members in another way, by passing the value to a function for one.
    """

    reassigned: bool = False
    members: tuple[Node, ...] = ()
    elsewhere: Node | None = None
    assignment: Node | None = None


def is_assigned(scopes: Scopes, use: Node) -> bool:
    """Whether an identifier, or a property, is given a new value where it stands.

    It is where it stands in a pattern that a value is taken apart into, too.
    """
    node, parent = use, scopes.parent(use)
    while parent is not None and parent.type in _PATTERNS:
        node, parent = parent, scopes.parent(parent)
    if parent is None:
        return False
    if parent.type == "update_expression":
        return True
    return parent.type in _ASSIGNMENTS and parent.child_by_field_name("left") == node


def changes(scopes: Scopes, declaration: Declaration) -> Changes:
    """The changes that the references to ``declaration`` show."""
    assignments: list[Node] = []
    members: list[Node] = []
    elsewhere: Node | None = None
    for reference in sorted(scopes.references(declaration), key=lambda node: node.start_byte):
        parent = _parent(scopes, reference)
        if parent is None:
            continue
        if parent.type == "update_expression" or _is_assigned(parent, reference):
            assignments.append(parent)
        if parent.type == "arguments":
            elsewhere = elsewhere or parent
        if parent.type not in _ACCESSES or not _holds(parent, "object", reference):
            continue
        changing = _changing(scopes, parent)
        if changing is not None and _is_plain(scopes, parent, changing):
            members.append(changing)
        elif changing is not None:
            elsewhere = elsewhere or changing
    only = assignments[0] if len(assignments) == 1 else None
    if only is not None and not _is_statement(scopes, only):
        only = None
    return Changes(bool(assignments), tuple(members), elsewhere, only)


def _parent(scopes: Scopes, node: Node) -> Node | None:
    """The node around ``node``, parentheses and casts passed over."""
    parent = scopes.parent(node)
    while parent is not None and parent.type in TRANSPARENT:
        parent = scopes.parent(parent)
    return parent


def _holds(parent: Node, field: str, node: Node) -> bool:
    held = parent.child_by_field_name(field)
    while held is not None and held != node:
        held = operand(held)
    return held is not None


def _is_assigned(parent: Node, node: Node) -> bool:
    return parent.type in _ASSIGNMENTS and _holds(parent, "left", node)


def _changing(scopes: Scopes, access: Node) -> Node | None:
    """What changes a member of the value that ``access`` reads from, however deep."""
    parent = _parent(scopes, access)
    while parent is not None and parent.type in _ACCESSES and _holds(parent, "object", access):
        access, parent = parent, _parent(scopes, parent)
    if parent is None:
        return None
    if parent.type == "update_expression" or _is_assigned(parent, access):
        return parent
    is_delete = parent.type == "unary_expression" and parent.children[0].type == "delete"
    return parent if is_delete else None


def _is_plain(scopes: Scopes, access: Node, changing: Node) -> bool:
    """Whether a change is the statement ``name.member = …`` at the top level."""
    if access.type != "member_expression" or not _is_statement(scopes, changing):
        return False
    return changing.child_by_field_name("left") == access


def _is_statement(scopes: Scopes, change: Node) -> bool:
    """Whether a change is an assignment that is a statement at the top level."""
    statement = scopes.parent(change)
    outer = scopes.parent(statement) if statement is not None else None
    is_top = outer is not None and outer.type == "program"
    return is_top and change.type == "assignment_expression"
