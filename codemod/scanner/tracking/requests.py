"""What a fetch over a binding is given beside its URL: a signal, a body that is spent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from tree_sitter import Node

from codemod.model import KeysRead, Location, Usage, UsageKind
from codemod.scanner.tracking.definitions import key_name
from codemod.scanner.tracking.functions import arguments_of, called, outside_casts
from codemod.scanner.tracking.program import Module, Place, Program, accessed_name
from codemod.syntax.scopes import is_operand
from codemod.syntax.typescript import Source, string_value, text, unwrap

_LISTING = frozenset(
    {
        "Object.entries",
        "Object.getOwnPropertyNames",
        "Object.keys",
        "Object.values",
        "Reflect.ownKeys",
    }
)
_READING_BODY = frozenset({"arrayBuffer", "blob", "bytes", "formData", "json", "text"})
_STRINGS = frozenset({"string", "template_string"})
_MAYBE_PATH = re.compile(rb"[\"'`](?=[/\\])")
# Between an expression and its statement these decide nothing: what is inside them is evaluated.
_EVALUATED = frozenset(
    {
        "arguments",
        "array",
        "as_expression",
        "assignment_expression",
        "await_expression",
        "call_expression",
        "expression_statement",
        "lexical_declaration",
        "member_expression",
        "new_expression",
        "non_null_expression",
        "object",
        "pair",
        "parenthesized_expression",
        "satisfies_expression",
        "variable_declaration",
        "variable_declarator",
    }
)


# One suffices for the call to fail; each of thousands of calls would be given all those before it.
_MAX_BODY_READS = 8


def with_request(usage: Usage, program: Program) -> Usage:
    """``usage``, where it is a fetch, with what is known of its request."""
    module = program.module(usage.location.path) if usage.kind is UsageKind.FETCH else None
    if module is None:
        return usage
    span = usage.location.span
    node = module.source.root.descendant_for_byte_range(span.start, span.end)
    arguments = arguments_of(node) if node is not None and node.type == "call_expression" else []
    if node is None or not arguments:
        return usage
    call = Place(module, node)
    return replace(
        usage,
        has_signal=_has_signal(call, arguments),
        body_reads=tuple(islice(_body_reads(call, arguments[0]), _MAX_BODY_READS)),
    )


def keys_read(program: Program, reads: Mapping[Place, str | None]) -> Iterator[KeysRead]:
    """The calls of ``Object.keys`` and the like that are given a binding."""
    for place, name in reads.items():
        scopes = place.module.scopes
        listed = scopes.parent(outside_casts(place).node)
        call = scopes.parent(listed) if listed is not None else None
        callee = called(call) if call is not None and call.type == "call_expression" else None
        if call is None or name is None or callee is None or text(callee) not in _LISTING:
            continue
        yield KeysRead(name, text(callee), place.at(call).location)


def paths(program: Program) -> set[str]:
    """The strings of a program that begin with a slash: what it may route by."""
    return {
        value
        for path in program.paths
        if _MAYBE_PATH.search(program.content(path)) and (source := program.source(path))
        for node in _strings(source)
        if (value := string_value(node)) is not None and value.startswith("/")
    }


def _strings(source: Source) -> Iterator[Node]:
    """The strings outside types that may begin with a slash."""
    for match in _MAYBE_PATH.finditer(source.content):
        node = source.root.descendant_for_byte_range(match.start(), match.start() + 1)
        node = node.parent if node is not None and not node.is_named else node
        if node is not None and node.type in _STRINGS and is_operand(node):
            yield node


def _has_signal(call: Place, arguments: list[Node]) -> bool | None:
    """Whether something ends the call that takes too long; None where that cannot be told."""
    if _is_raced(call):
        return True
    if len(arguments) > 1:
        options = unwrap(arguments[1])
        return _gives_signal(options) if options.type == "object" else None
    target = unwrap(arguments[0])
    if target.type in _STRINGS:
        return False
    made = called(target) if target.type == "new_expression" else None
    if made is None:
        return None
    given = arguments_of(target)
    if text(made) == "URL":
        return False
    is_plain = text(made) == "Request" and len(given) == 1 and unwrap(given[0]).type in _STRINGS
    return False if is_plain else None


def _gives_signal(options: Node) -> bool | None:
    names = set()
    for part in options.named_children:
        if part.type == "spread_element":
            return None
        is_pair = part.type == "pair"
        names.add(key_name(part.child_by_field_name("key")) if is_pair else text(part))
    return "signal" in names


def _is_raced(call: Place) -> bool:
    """Whether the call is an element of the array that ``Promise.race`` is given."""
    scopes = call.module.scopes
    around = [node for node, _ in zip(scopes.ancestors(call.node), range(3), strict=False)]
    if [node.type for node in around] != ["array", "arguments", "call_expression"]:
        return False
    racing = called(around[2])
    return racing is not None and text(racing) == "Promise.race"


def _body_reads(call: Place, request: Node) -> Iterator[Location]:
    """Where the body of ``request`` has been read by the time the call is made, on every way."""
    scopes = call.module.scopes
    request = unwrap(request)
    declaration = scopes.declaration(request) if request.type == "identifier" else None
    if declaration is None:
        return
    references = sorted(scopes.references(declaration), key=lambda node: node.start_byte)
    if any(_is_assigned(call.module, reference) for reference in references):
        return
    for reference in references:
        reading = _reading(call.module, reference)
        if reading is not None and _comes_before(call.module, reading, call.node):
            yield call.at(reading).location


def _is_assigned(module: Module, name: Node) -> bool:
    around = module.scopes.parent(name)
    return around is not None and around.child_by_field_name("left") == name


def _reading(module: Module, request: Node) -> Node | None:
    """The call that reads the body of ``request``, or sends it; a clone does neither."""
    around = module.scopes.parent(request)
    call = module.scopes.parent(around) if around is not None else None
    if around is None or call is None or call.type != "call_expression":
        return None
    if around.type == "arguments":
        callee = called(call)
        is_sent = callee is not None and (accessed_name(callee) or text(callee)) == "fetch"
        return call if is_sent and arguments_of(call)[0] == request else None
    is_called = call.child_by_field_name("function") == around
    return call if is_called and accessed_name(around) in _READING_BODY else None


def _comes_before(module: Module, first: Node, second: Node) -> bool:
    """Whether ``first`` is evaluated whenever ``second`` is, and before it.

    So it is where it stands in a statement of a block that ``second`` is in too, further down, in
    the same function.
    """
    scopes = module.scopes
    if first.start_byte > second.start_byte:
        return False
    if scopes.enclosing_function(first) != scopes.enclosing_function(second):
        return False
    current, around = first, scopes.parent(first)
    while around is not None and around.type in _EVALUATED:
        current, around = around, scopes.parent(around)
    if around is None or around.type != "statement_block":
        return False
    return current.end_byte <= second.start_byte and second.end_byte <= around.end_byte
