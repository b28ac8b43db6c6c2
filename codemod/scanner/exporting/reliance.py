"""Where a function needs that a parameter is given."""

from __future__ import annotations

from tree_sitter import Node

from codemod.syntax.scopes import Scopes
from codemod.syntax.typescript import TRANSPARENT

_CONDITIONS = frozenset({"if_statement", "ternary_expression", "while_statement"})
_COMPARING = frozenset({"==", "===", "!=", "!==", "??", "||", "&&", "instanceof"})
_TESTING = frozenset({"!", "typeof"})
_ASSIGNING = frozenset(
    {"assignment_expression", "augmented_assignment_expression", "for_in_statement"}
)


def relied_on(scopes: Scopes, pattern: Node) -> tuple[Node, ...]:
    """The uses of the parameter ``pattern``, or the pattern where it takes the value apart.

    None at all where one of them asks whether it is there, or sets it. What a method only passes
    on to the method that it overrides is not used by it.
    """
    around = scopes.parent(pattern)
    if around is not None and around.child_by_field_name("value") is not None:
        return ()
    if pattern.type in ("object_pattern", "array_pattern"):
        return (pattern,)
    declaration = scopes.declaration(pattern)
    if pattern.type != "identifier" or declaration is None:
        return ()
    uses = scopes.references(declaration)
    if any(_is_asked_for(scopes, use) for use in uses):
        return ()
    return tuple(use for use in uses if not _is_passed_to_super(scopes, use))


def _is_asked_for(scopes: Scopes, use: Node) -> bool:
    """Whether code reckons with it at ``use`` that the value may not be there."""
    node, around = use, scopes.parent(use)
    while around is not None and around.type in TRANSPARENT:
        node, around = around, scopes.parent(around)
    if around is None:
        return False
    if around.type in _CONDITIONS:
        return around.child_by_field_name("condition") == node
    if around.type in _ASSIGNING:
        return around.child_by_field_name("left") == node
    operator = around.child_by_field_name("operator")
    if around.type == "unary_expression":
        return operator is not None and operator.type in _TESTING
    if around.type == "binary_expression":
        return operator is not None and operator.type in _COMPARING
    return any(child.type == "optional_chain" for child in around.children)


def _is_passed_to_super(scopes: Scopes, use: Node) -> bool:
    listed = scopes.parent(use)
    call = scopes.parent(listed) if listed is not None and listed.type == "arguments" else None
    callee = call.child_by_field_name("function") if call is not None else None
    owner = callee.child_by_field_name("object") if callee is not None else None
    return owner is not None and owner.type == "super"
