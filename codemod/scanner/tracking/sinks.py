"""What the code around an expression does with the expression's value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tree_sitter import Node

from codemod.scanner.tracking import arguments, constants, elements, results
from codemod.scanner.tracking.definitions import key_name
from codemod.scanner.tracking.functions import arguments_of, call_of
from codemod.scanner.tracking.program import DefaultExpression, Place, Program, accessed_name
from codemod.scanner.tracking.receivers import given, stored
from codemod.scanner.tracking.values import (
    ELEMENT,
    Awaited,
    Bound,
    Called,
    Compared,
    Environment,
    Goes,
    Lost,
    Method,
    Reads,
    Step,
    Stored,
    Value,
    Written,
)
from codemod.syntax.typescript import TRANSPARENT, text

Sink = Callable[[Program, Place, Place, Value], Iterator[Step]]
"""What becomes of a value: of the program, the expression, the node around it, and the value."""

_COMPARING = frozenset({"!=", "!==", "&&", "==", "===", "in", "instanceof"})
_TESTING = frozenset({"!", "delete", "typeof", "void"})
_OF_FUNCTIONS = frozenset({"apply", "bind", "call"})
# Methods that every object has are no bindings.
_INHERITED = frozenset({"hasOwnProperty", "toString"})


def next_steps(program: Program, place: Place, value: Value) -> Iterator[Step]:
    """What becomes of ``value``, which the expression at ``place`` has."""
    node, parent = place.node, place.module.scopes.parent(place.node)
    while parent is not None and _passes_through(parent, node):
        if isinstance(value, Method) and _reads(place.at(parent)):
            yield Awaited(place.at(parent), value)
            return
        if isinstance(value, Bound) and _has_alternative(parent, node):
            yield Compared(place.at(node), value)
        node, parent = parent, place.module.scopes.parent(parent)
    if parent is not None:
        sink = _SINKS.get(parent.type, _lose)
        yield from sink(program, place.at(node), place.at(parent), value)


def _passes_through(parent: Node, node: Node) -> bool:
    """Whether the value of ``node`` can be the value of ``parent``."""
    if parent.type in TRANSPARENT or parent.type == "await_expression":
        return True
    if parent.type == "ternary_expression":
        return parent.child_by_field_name("condition") != node
    if parent.type == "sequence_expression":
        return parent.named_children[-1] == node
    if parent.type == "binary_expression":
        operator = _operator(parent)
        is_last = parent.child_by_field_name("right") == node
        return operator in ("||", "??") or (operator == "&&" and is_last)
    return False


def _has_alternative(parent: Node, node: Node) -> bool:
    """Whether another value stands in for that of ``node`` where it is missing."""
    is_choice = parent.type == "binary_expression" and _operator(parent) in ("||", "??")
    return is_choice and parent.child_by_field_name("left") == node


def _reads(around: Place) -> bool:
    """Whether the node is an ``await`` of a value, not the callee that the grammar takes it for."""
    if around.node.type != "await_expression":
        return False
    call = around.module.scopes.parent(around.node)
    return call is None or call.child_by_field_name("function") != around.node


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def _access(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    if around.node.child_by_field_name("object") != here.node:
        yield Lost(here, value, "is used as a key")
        return
    name = accessed_name(around.node)
    if isinstance(value, Method) and name in _OF_FUNCTIONS:
        yield from _by_function(here, around, name, value)
    elif isinstance(value, Method):
        yield Goes(around, Method(value.bound, value.name, within=True))
    elif isinstance(value, Bound):
        if any(child.type == "optional_chain" for child in around.node.children):
            yield Compared(here, value)
        yield Goes(around, Method(value, name))
    elif isinstance(value, Stored):
        yield from _stored(program, here, around, value)
    elif name is None:
        yield from _computed(program, around, value)
    elif name == "hasOwnProperty":
        yield from arguments.asked_for(program, call_of(around), value)
    elif name not in _INHERITED:
        yield Goes(around, Bound(name, value.certain))


def _by_function(here: Place, access: Place, name: str, value: Method) -> Iterator[Step]:
    """What ``call``, ``apply`` or ``bind`` of a method does."""
    call = call_of(access)
    listed = tuple(arguments_of(call.node)) if call is not None else ()
    if call is None or (name == "bind" and len(listed) > 1):
        yield Lost(here, value, "is taken without a call")
    elif name == "bind":
        yield Goes(call, value)
    elif name == "call":
        yield Called(call, value, listed[1:])
    else:
        yield Called(call, value, elements.written_out(listed[1:]))


def _stored(program: Program, here: Place, access: Place, value: Stored) -> Iterator[Step]:
    name = accessed_name(access.node)
    index = access.node.child_by_field_name("index")
    if value.key == ELEMENT and name is not None:
        yield from elements.of_method(program, access, name, value)
        return
    if index is not None and index.type == "number":
        name = text(index) if value.key != ELEMENT else None
    # A computed key may be any, so that the stored value may be what is read.
    if name is None or name == value.key:
        yield Goes(access, value.value)
    elif value.key.isdigit() and name in elements.METHODS:
        yield Lost(here, value, f"is in an array whose {name} is called")


def _computed(program: Program, access: Place, value: Environment) -> Iterator[Step]:
    index = access.node.child_by_field_name("index")
    names = constants.strings(program, access.at(index)) if index is not None else None
    start = constants.start(program, access.at(index)) if index is not None else None
    if names is not None:
        for name in names:
            yield Goes(access, Bound(name, value.certain))
    elif start:
        yield Reads(access, value, start)
    else:
        yield Lost(access, value, "is read under a computed name")


def _call(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    if isinstance(value, Method):
        yield Called(around, value, tuple(arguments_of(around.node)))
    elif isinstance(value, Bound):
        yield Lost(here, value, "is called")


def _declarator(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    pattern = around.node.child_by_field_name("name")
    if pattern is not None:
        yield from given(program, here.at(pattern), value)


def _assignment(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    target = around.node.child_by_field_name("left")
    if target == here.node and isinstance(value, Bound):
        yield Written(here, value)
    if target is None or target == here.node:
        return
    yield from given(program, here.at(target), value)
    user = here.module.scopes.parent(around.node)
    if user is not None and user.type != "expression_statement":
        yield Goes(around, value)


def _default(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    target = around.node.child_by_field_name("left") or around.node.child_by_field_name("pattern")
    if target is not None and target != here.node:
        yield from given(program, here.at(target), value)


def _pair(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    literal = here.module.scopes.parent(around.node)
    key = key_name(around.node.child_by_field_name("key"))
    kept = stored(key, value) if key is not None and not isinstance(value, Method) else None
    if literal is None or kept is None:
        yield Lost(here, value, "is stored where it cannot be followed")
    else:
        yield Goes(here.at(literal), kept)


def _shorthand(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    kept = stored(text(here.node), value)
    yield Goes(around, kept) if kept else Lost(here, value, "is stored too deeply")


def _spread(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    literal = here.module.scopes.parent(around.node)
    call = here.module.scopes.parent(literal) if literal is not None else None
    if literal is not None and literal.type == "arguments" and call is not None:
        yield from arguments.spread(program, around, here.at(call), value)
        return
    kept = _spread_in(literal.type if literal is not None else "", value)
    if literal is not None and kept:
        if isinstance(value, Environment):
            yield from _written_beside(here.at(literal), value)
        yield Goes(here.at(literal), value)
    else:
        yield Lost(here, value, "is spread")


def _written_beside(literal: Place, value: Environment) -> Iterator[Step]:
    """The bindings that an object literal, which ``value`` is spread in, sets itself."""
    for part in literal.node.named_children:
        key = part.child_by_field_name("key" if part.type == "pair" else "name")
        is_named = part.type in ("pair", "method_definition")
        name = text(part) if part.type == "shorthand_property_identifier" else None
        name = key_name(key) if is_named else name
        if name is not None:
            yield Written(literal.at(part), Bound(name, value.certain))


def _spread_in(literal: str, value: Value) -> bool:
    """Whether a literal that ``value`` is spread in holds what it holds."""
    if isinstance(value, Stored) and value.key == ELEMENT:
        return literal == "array"
    return literal == "object" and isinstance(value, Environment | Stored)


def _element(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    kept = stored(ELEMENT, value) if not isinstance(value, Method) else None
    yield Goes(around, kept) if kept else Lost(here, value, "is stored in an array")


def _loop(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    target = around.node.child_by_field_name("left")
    array = value if isinstance(value, Stored) and value.key == ELEMENT else None
    if array is None or target is None or _operator(around.node) != "of":
        yield Lost(here, value, "is looped over")
    else:
        yield from given(program, here.at(target), array.value)


def _field(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    name = around.node.child_by_field_name("name")
    if name is not None and around.node.child_by_field_name("value") == here.node:
        yield from given(program, here.at(name), value)


def _argument(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    call = here.module.scopes.parent(around.node)
    if call is not None:
        yield from arguments.passed_on(program, here, here.at(call), value)


def _result(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    return results.returned(program, here, value)


def _arrow(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    if around.node.child_by_field_name("body") == here.node:
        yield from results.returned(program, here, value)


def _export(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    # Whatever imports an exported name is among the references to the name.
    found = here.module.scopes.declaration(here.node) is not None
    for reference in program.default_references(DefaultExpression(here.module.path, here.node)):
        found = True
        yield Goes(reference, value)
    if not found:
        yield Lost(here, value, "is exported")


def _binary(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    operator = _operator(around.node)
    left = around.node.child_by_field_name("left")
    if operator == "in" and isinstance(value, Environment) and left is not None:
        for name in constants.strings(program, here.at(left)) or ():
            yield Compared(around, Bound(name, value.certain))
    elif operator in _COMPARING:
        yield Compared(here, value)
    else:
        yield Lost(here, value, "is computed with")


def _unary(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    if _operator(around.node) in _TESTING:
        yield Compared(here, value)
    else:
        yield Lost(here, value, "is computed with")


def _compare(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    yield Compared(here, value)


def _template(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    if not isinstance(value, Environment):
        yield Lost(here, value, "is put in a string")


def _attribute(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    attribute = here.module.scopes.parent(around.node)
    name = attribute.named_children[0] if attribute is not None else here.node
    yield Lost(here, Stored(text(name), value), "is passed to a component")


def _ignore(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    return iter(())


def _lose(program: Program, here: Place, around: Place, value: Value) -> Iterator[Step]:
    yield Lost(here, value, "is used where it cannot be followed")


_SINKS: Mapping[str, Sink] = {
    "arguments": _argument,
    "array": _element,
    "array_pattern": _ignore,
    "arrow_function": _arrow,
    "assignment_expression": _assignment,
    "assignment_pattern": _default,
    "augmented_assignment_expression": _assignment,
    "binary_expression": _binary,
    "call_expression": _call,
    "do_statement": _compare,
    "export_specifier": _ignore,
    "export_statement": _export,
    "expression_statement": _compare,
    "extends_clause": _ignore,
    "for_in_statement": _loop,
    "for_statement": _compare,
    "if_statement": _compare,
    "jsx_expression": _attribute,
    "member_expression": _access,
    "object": _shorthand,
    "object_assignment_pattern": _default,
    "object_pattern": _ignore,
    "optional_parameter": _default,
    "pair": _pair,
    "pair_pattern": _ignore,
    "public_field_definition": _field,
    "required_parameter": _default,
    "rest_pattern": _ignore,
    "return_statement": _result,
    "spread_element": _spread,
    "subscript_expression": _access,
    "switch_case": _compare,
    "switch_statement": _compare,
    "template_substitution": _template,
    "ternary_expression": _compare,
    "unary_expression": _unary,
    "variable_declarator": _declarator,
    "while_statement": _compare,
}
