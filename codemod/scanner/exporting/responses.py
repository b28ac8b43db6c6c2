"""The paths through a ``fetch`` that give neither a Response nor a Promise.

Only what the code shows counts: a path that may lead nowhere (``assertNever``, a function of a
package, a ``switch`` over every case), a value of unknown making and a function that cannot be
read are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from codemod.model import DeadEnd
from codemod.scanner.exporting.evaluation import Evaluator, FunctionValue, Site, Value, object_key
from codemod.syntax import flow
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Declaration, Scopes, parameters
from codemod.syntax.typescript import is_constant, text, unwrap

NOTHING = "nothing"

_MAX_STEPS = 4
# A handler that lets its request pass to the origin on an error may count on one.
_PASSES_ON = b"passThroughOnException"
_LITERALS = {
    "array": "an array",
    "false": "a boolean",
    "null": "null",
    "number": "a number",
    "regex": "a regular expression",
    "string": "a string",
    "template_string": "a string",
    "true": "a boolean",
    "update_expression": "a number",
}
_OF_OPERATOR = {
    **dict.fromkeys(("!", "delete", "<", "<=", ">", ">=", "==", "===", "!=", "!=="), "a boolean"),
    **dict.fromkeys(("in", "instanceof"), "a boolean"),
    **dict.fromkeys(("-", "~", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>"), "a number"),
    "+": "a number or a string",
    "typeof": "a string",
}
_CALLS = {
    "JSON.stringify": "a string",
    "String": "a string",
    "Number": "a number",
    "Boolean": "a boolean",
    "encodeURIComponent": "a string",
}
_INSTANCES = frozenset(
    {
        "Array",
        "ArrayBuffer",
        "Blob",
        "Date",
        "Error",
        "FormData",
        "Headers",
        "Map",
        "Object",
        "ReadableStream",
        "Request",
        "Set",
        "TypeError",
        "URL",
        "URLSearchParams",
        "Uint8Array",
    }
)


def dead_ends(evaluator: Evaluator, function: FunctionValue) -> tuple[DeadEnd, ...]:
    """The dead ends of ``function``, or of the function that it gives all that it gets to."""
    in_promise = False
    for _ in range(_MAX_STEPS):
        node = function.node
        if _PASSES_ON in (node.text or b"") or _is_decorated(node):
            return ()
        in_promise = in_promise or is_async(node)
        ends = flow.ends(node, _never_returns(evaluator, function.site))
        following = _delegate(evaluator, function, ends)
        if following is None:
            found = _found(evaluator.scopes_of(function.site.names), ends)
            source = function.site.names.source
            return tuple(DeadEnd(given, source.location(at), in_promise) for given, at in found)
        function = following
    return ()


def is_async(function: Node) -> bool:
    return any(child.type == "async" for child in function.children)


def value_of_name(evaluator: Evaluator, site: Site, name: Node) -> Value | None:
    """What the identifier ``name`` stands for; None where a caller gives it, or it may change."""
    declaration = evaluator.scopes_of(site.names).declaration(name)
    if declaration is None or declaration.at_top_level:
        return evaluator.value_at(site, name)
    owner = declaration.owner
    if owner.type == "function_declaration":
        return FunctionValue(site, owner)
    value = _constant(declaration)
    return (
        evaluator.value_at(site, value) if value is not None and value.type in FUNCTIONS else None
    )


def _found(scopes: Scopes, ends: flow.Ends) -> Iterator[tuple[str, Node]]:
    for node in (*ends.nothing, *ends.falls):
        yield NOTHING, node
    for node in ends.values:
        given = _words(scopes, node, _MAX_STEPS)
        if given:
            yield given, node


def _is_decorated(function: Node) -> bool:
    before = function.prev_named_sibling
    return before is not None and before.type == "decorator"


def _delegate(
    evaluator: Evaluator, function: FunctionValue, ends: flow.Ends
) -> FunctionValue | None:
    """The function that is returned the result of, called with what ``function`` was given."""
    if len(ends.values) != 1 or ends.nothing or ends.falls:
        return None
    call = _awaited(ends.values[0])
    callee, arguments = (call.child_by_field_name(name) for name in ("function", "arguments"))
    if callee is None or callee.type != "identifier" or arguments is None:
        return None
    scopes = evaluator.scopes_of(function.site.names)
    own = parameters(function.node)
    for argument in arguments.named_children:
        declaration = scopes.declaration(argument)
        if declaration is None or declaration.owner not in (*own, function.node):
            return None
    value = value_of_name(evaluator, function.site, callee)
    return value if isinstance(value, FunctionValue) else None


def _awaited(node: Node) -> Node:
    node = unwrap(node)
    while node.type == "await_expression" and node.named_children:
        node = unwrap(node.named_children[-1])
    return node


def _never_returns(evaluator: Evaluator, site: Site) -> Callable[[Node], bool]:
    def never_returns(call: Node) -> bool:
        callee = call.child_by_field_name("function")
        if callee is None or flow.sounds_final(call):
            return True
        callee = unwrap(callee)
        if callee.type != "identifier":
            return False
        if evaluator.scopes_of(site.names).declaration(callee) is None:
            return False
        value = value_of_name(evaluator, site, callee)
        return not isinstance(value, FunctionValue) or not _comes_back(value.node)

    return never_returns


def _comes_back(function: Node) -> bool:
    """Whether a function may be seen to return; an async one does, with a Promise."""
    declared = function.child_by_field_name("return_type")
    if declared is not None and "never" in text(declared):
        return False
    ends = flow.ends(function)
    return bool(ends.values or ends.nothing or ends.falls)


# --- Values ---------------------------------------------------------------------------------


def _words(scopes: Scopes, node: Node, steps: int) -> str | None:
    """What an expression visibly gives, in words; None where it may be a Response or a Promise."""
    node = _awaited(node)
    kind = node.type
    if steps <= 0:
        return None
    if kind in _LITERALS:
        return _LITERALS[kind]
    if kind in FUNCTIONS:
        return "a function"
    if kind in CLASSES:
        return "a class"
    match kind:
        case "object":
            return "an object" if _is_plain(node) else None
        case "unary_expression" | "binary_expression":
            operator = node.child_by_field_name("operator")
            return _OF_OPERATOR.get(operator.type) if operator is not None else None
        case "ternary_expression":
            branches = map(node.child_by_field_name, ("consequence", "alternative"))
            given = [_words(scopes, each, steps - 1) if each else None for each in branches]
            return given[0] if all(given) else None
        case "identifier":
            declaration = scopes.declaration(node)
            value = _constant(declaration) if declaration is not None else None
            return _words(scopes, value, steps - 1) if value is not None else None
        case "call_expression" | "new_expression":
            return _made(scopes, node)
    return None


def _is_plain(literal: Node) -> bool:
    """Whether an object literal shows all of its keys, and is no Promise by ``then``."""
    members = [member for member in literal.named_children if member.type != "comment"]
    return all(object_key(member) not in (None, "then") for member in members)


def _made(scopes: Scopes, node: Node) -> str | None:
    """What a call of a global function or class gives."""
    maker = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if maker is None:
        return None
    root = maker.child_by_field_name("object") or maker
    if scopes.declaration(root) is not None:
        return None
    name = text(maker)
    if node.type == "call_expression":
        return _CALLS.get(name)
    article = "an" if name[0] in "AEO" else "a"
    return f"{article} {name}" if name in _INSTANCES else None


def _constant(declaration: Declaration) -> Node | None:
    """The expression that a name stands for which is declared with ``const``."""
    owner = declaration.owner
    if owner.type != "variable_declarator" or not is_constant(owner):
        return None
    if owner.child_by_field_name("name") != declaration.node:
        return None
    value = owner.child_by_field_name("value")
    return unwrap(value) if value is not None else None
