"""What must hold for the class to do what the object does. Each condition is one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from codemod.planner.refusal import Refusal
from codemod.planner.rpc.members import Member
from codemod.planner.rpc.parameters import (
    Handed,
    handed,
    has_same_this,
    is_redeclared,
    names_taken_by_body,
    parameters,
    pattern_of,
)
from codemod.planner.rpc.roles import Method, self_calls
from codemod.planner.rpc.subject import Literal
from codemod.scanner.exporting.evaluation import (
    ClassValue,
    Evaluator,
    ForeignValue,
    FunctionValue,
    InstanceValue,
    ObjectValue,
    Opaque,
    PlainValue,
    ResultValue,
    Site,
    Value,
)
from codemod.syntax import typescript
from codemod.syntax.changes import is_assigned
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Scopes
from codemod.syntax.typescript import TRANSPARENT, text, unwrap

_BINDS_THIS = CLASSES | (FUNCTIONS - {"arrow_function"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object literal and what its functions would become."""

    literal: Literal
    methods: tuple[Method, ...]
    evaluator: Evaluator

    @property
    def scopes(self) -> Scopes:
        return self.literal.module.scopes

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(method.member for method in self.methods)

    def functions(self) -> Iterator[tuple[Method, Node]]:
        """The methods whose functions are written in the object."""
        for method in self.methods:
            if method.member.function is not None:
                yield method, method.member.function

    def refuse(self, reason: str, node: Node) -> Refusal:
        return Refusal(reason, self.literal.module.source.location(node))


Condition = Callable[[Candidate], Refusal | None]


def is_used_by_export_alone(candidate: Candidate) -> Refusal | None:
    """The object's name stands in exports and before helpers that its own functions call."""
    declaration = candidate.literal.declaration
    if declaration is None:
        return None
    functions = [function for _, function in candidate.functions()]
    calls = {
        call.receiver.id
        for call in self_calls(candidate.literal, candidate.members)
        if any(has_same_this(candidate.scopes, call.receiver, function) for function in functions)
    }
    for use in candidate.scopes.references(declaration):
        if use.id not in calls and not _is_exported(candidate.scopes, use):
            return candidate.refuse(f"{declaration.name} is used here as an object", use)
    for node in typescript.walk(candidate.literal.module.source.root):
        if node.type == "type_query" and _queried(node) == declaration.name:
            return candidate.refuse(f"{declaration.name} is used here for its type", node)
    return None


def has_no_this(candidate: Candidate) -> Refusal | None:
    """No function's own ``this``, ``arguments``, ``super`` or ``new.target`` is used.

    Calls of helpers through ``this`` are, but not in an arrow function: it has none.
    """
    calls = {call.receiver.id for call in self_calls(candidate.literal, candidate.members)}
    for method, function in candidate.functions():
        is_arrow = function.type == "arrow_function"
        for node in own_nodes(function):
            special = _special(candidate.scopes, node)
            if special and (is_arrow or node.id not in calls):
                return candidate.refuse(f"{method.member.name} uses {special}", node)
    return None


def has_simple_parameters(candidate: Candidate) -> Refusal | None:
    """``env`` and ``ctx`` are names or object patterns that nothing but the body refers to."""
    for method, function in candidate.functions():
        if not method.takes_environment:
            continue
        for position, node in enumerate(parameters(function)):
            if pattern_of(node).type == "rest_pattern":
                return candidate.refuse(f"{method.member.name} has a rest parameter", node)
            if position > 2:
                return candidate.refuse(f"{method.member.name} has a fourth parameter", node)
        for parameter in handed(function):
            problem = problem_of_handed(candidate.scopes, function, parameter)
            if problem:
                return candidate.refuse(f"{method.member.name} {problem}", parameter.node)
    return None


def has_patterns_apart_from_bodies(candidate: Candidate) -> Refusal | None:
    """No pattern that moves into a body evaluates a name that the body gives another meaning."""
    for method, function in candidate.functions():
        for parameter in handed(function) if method.takes_environment else ():
            for name in names_taken_by_body(candidate.scopes, function, parameter.pattern):
                reason = (
                    f"{method.member.name} uses {text(name)} among its parameters "
                    "and declares it in its body"
                )
                return candidate.refuse(reason, name)
    return None


def has_no_name_of_its_own(candidate: Candidate) -> Refusal | None:
    """No function expression calls itself by the name that it has inside alone."""
    for method, function in candidate.functions():
        name = function.child_by_field_name("name")
        declaration = candidate.scopes.declaration(name) if name is not None else None
        if function.type == "function_expression" and declaration is not None:
            for use in candidate.scopes.references(declaration):
                return candidate.refuse(f"{method.member.name} calls itself by a name", use)
    return None


def refers_to_functions(candidate: Candidate) -> Refusal | None:
    """What a handler refers to is a function, declared here and never reassigned."""
    for member in candidate.members:
        reference = member.reference
        if reference is None:
            continue
        problem = _problem_of_reference(candidate, reference)
        if problem:
            return candidate.refuse(f"{member.name} {problem}", member.node)
    return None


def refers_to_functions_without_this(candidate: Candidate) -> Refusal | None:
    """What a handler refers to does the same whatever object it is called on.

    The object's handlers are called on the object; a method of the class calls ``app.fetch`` on
    ``app``, and a function on nothing. ``fetch`` of what a package makes is taken to be bound,
    as that of the known frameworks is.
    """
    for member in candidate.members:
        reference = member.reference
        problem = _problem_of_this(candidate, reference) if reference is not None else None
        if problem:
            return candidate.refuse(f"{member.name} {problem}", member.node)
    return None


def has_no_names_made_at_run_time(candidate: Candidate) -> Refusal | None:
    """Nothing in a function finds names that cannot be seen: no direct ``eval``, no ``with``."""
    for method, function in candidate.functions():
        for node in typescript.walk(function):
            found = finds_names(candidate.scopes, node)
            if found:
                return candidate.refuse(f"{method.member.name} uses {found}", node)
    return None


CONDITIONS: tuple[Condition, ...] = (
    is_used_by_export_alone,
    has_no_this,
    has_simple_parameters,
    has_patterns_apart_from_bodies,
    has_no_name_of_its_own,
    has_no_names_made_at_run_time,
    refers_to_functions,
    refers_to_functions_without_this,
)


def first_refusal(candidate: Candidate) -> Refusal | None:
    """The first condition that does not hold, in the order of ``CONDITIONS``."""
    return next(filter(None, (condition(candidate) for condition in CONDITIONS)), None)


def referred(candidate: Candidate, reference: Node) -> FunctionValue | None:
    """The function that a handler refers to, None where it cannot be seen."""
    value = _value(candidate, reference)
    return value if isinstance(value, FunctionValue) else None


def _value(candidate: Candidate, reference: Node) -> Value:
    return candidate.evaluator.value_at(Site(candidate.literal.module.names), reference)


def outermost(scopes: Scopes, node: Node) -> Node:
    """The expression with all the casts and parentheses around it."""
    parent = scopes.parent(node)
    while parent is not None and parent.type in TRANSPARENT:
        node, parent = parent, scopes.parent(parent)
    return node


def own_nodes(function: Node) -> Iterator[Node]:
    """The nodes of a function that have its ``this``: those of inner arrow functions too."""
    pending = list(reversed(function.children))
    while pending:
        node = pending.pop()
        yield node
        children = node.children
        if node.type in _BINDS_THIS:
            children = [child for child in children if child.type == "computed_property_name"]
        pending.extend(reversed(children))


def _special(scopes: Scopes, node: Node) -> str | None:
    if node.type in ("this", "super"):
        return node.type
    if node.type == "meta_property" and text(node).startswith("new"):
        return "new.target"
    is_name = node.type in ("identifier", "shorthand_property_identifier")
    if is_name and text(node) == "arguments" and scopes.declaration(node) is None:
        return "arguments"
    return None


def _is_exported(scopes: Scopes, use: Node) -> bool:
    parent = scopes.parent(outermost(scopes, use))
    return parent is not None and parent.type in ("export_specifier", "export_statement")


def _queried(query: Node) -> str:
    """The first name after ``typeof`` in a type."""
    return text(query).removeprefix("typeof").replace("[", ".").split(".")[0].strip()


def problem_of_handed(scopes: Scopes, function: Node, parameter: Handed) -> str | None:
    """Why a handler's ``env`` or ``ctx`` cannot be read from ``this``, in words after its name."""
    name = parameter.property
    if parameter.node.child_by_field_name("value") is not None:
        return f"has a default value for {name}"
    if parameter.pattern.type not in ("identifier", "object_pattern"):
        return f"takes {name} apart as something else than an object"
    body = function.child_by_field_name("body")
    for declaration in parameter.declarations(scopes):
        if is_redeclared(scopes, function, declaration):
            return f"declares {declaration.name} again"
        for use in scopes.references(declaration):
            inside = body is not None and body.start_byte <= use.start_byte < body.end_byte
            own = parameter.node.start_byte <= use.start_byte < parameter.node.end_byte
            if not inside and not own:
                return f"uses {declaration.name} among its parameters"
    return None


def _problem_of_reference(candidate: Candidate, reference: Node) -> str | None:
    scopes = candidate.scopes
    root = reference
    while root.type == "member_expression":
        if any(child.type == "optional_chain" for child in root.children):
            return "may be undefined"
        root = root.child_by_field_name("object") or reference
    if root.type not in ("identifier", "shorthand_property_identifier"):
        return "is no name of a function"
    declaration = scopes.declaration(root)
    if declaration is None:
        return f"refers to {text(root)}, which the module does not declare"
    for use in scopes.references(declaration):
        if is_assigned(scopes, use) or _is_property_assigned(scopes, use, text(reference)):
            return f"refers to {text(reference)}, which is assigned again"
    return _problem_of_value(_value(candidate, reference), reference)


def _is_property_assigned(scopes: Scopes, use: Node, name: str) -> bool:
    access = scopes.parent(use)
    while access is not None and access.type == "member_expression":
        if text(access) == name and is_assigned(scopes, access):
            return True
        access = scopes.parent(access)
    return False


def _problem_of_value(value: Value, reference: Node) -> str | None:
    if isinstance(value, ClassValue | ObjectValue | PlainValue):
        return f"refers to {text(reference)}, which is no function"
    if not isinstance(value, FunctionValue):
        return None
    if any(child.type == "*" for child in value.node.children):
        return f"refers to {text(reference)}, which is a generator"
    return None


def _problem_of_this(candidate: Candidate, reference: Node) -> str | None:
    value = _value(candidate, reference)
    name = text(reference)
    if isinstance(value, FunctionValue):
        special = _special_of(value)
        is_kept = special in ("this", "super") and _is_bound(candidate.scopes, reference)
        return f"refers to {name}, which uses {special}" if special and not is_kept else None
    if reference.type != "member_expression" or _is_bound(candidate.scopes, reference):
        return None
    if _is_fetch_of_package(candidate, reference):
        return None
    because = f": {value.unknown.reason}" if isinstance(value, Opaque) else ""
    return f"refers to {name}, which may use this and cannot be read{because}"


def _is_bound(scopes: Scopes, reference: Node) -> bool:
    """Whether a reference is ``app.fetch`` in ``app.fetch.bind(app)``."""
    parent = scopes.parent(reference)
    return parent is not None and parent.type == "member_expression"


def _is_fetch_of_package(candidate: Candidate, reference: Node) -> bool:
    """Whether it is ``fetch`` of an object that a package's class or function makes."""
    owner, accessed = (reference.child_by_field_name(name) for name in ("object", "property"))
    if owner is None or accessed is None or text(accessed) != "fetch":
        return False
    value = _value(candidate, owner)
    maker: Value | None = None
    if isinstance(value, InstanceValue):
        maker = value.of
    elif isinstance(value, ResultValue):
        maker = value.callee
    if isinstance(maker, ClassValue):
        maker = candidate.evaluator.bases(maker)[1]
    return isinstance(maker, ForeignValue)


def _special_of(function: FunctionValue) -> str | None:
    """What a function uses that depends on how it is called, or that cannot be seen."""
    if function.node.type == "arrow_function":
        return None
    scopes = Scopes(function.site.names.source.root)
    for node in own_nodes(function.node):
        special = _special(scopes, node) or finds_names(scopes, node)
        if special:
            return special
    return None


def finds_names(scopes: Scopes, node: Node) -> str | None:
    """``eval`` or ``with``, where ``node`` reads names of its surroundings that it makes up."""
    if node.type == "with_statement":
        return "with"
    callee = node.child_by_field_name("function") if node.type == "call_expression" else None
    if callee is None or any(child.type == "?." for child in node.children):
        return None
    callee = unwrap(callee)
    is_eval = callee.type == "identifier" and text(callee) == "eval"
    return "eval" if is_eval and scopes.declaration(callee) is None else None
