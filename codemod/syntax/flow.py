"""Whether the paths through a function return a value.

The analysis errs towards ``UNKNOWN``: a ``switch`` without ``default`` may cover every case, and a
call of ``assertNever`` may never come back. ``return undefined`` returns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tree_sitter import Node

from codemod.model import Returns
from codemod.syntax import typescript

_NEVER_RETURNS = re.compile(
    r"never|unreachable|exhausti|fail|throw|panic|abort|bail|exit|raise", re.IGNORECASE
)
_LOOPS = frozenset({"while_statement", "do_statement", "for_statement", "for_in_statement"})
_MAX_DEPTH = 100


@dataclass(frozen=True, slots=True)
class _Ways:
    """How control may leave a statement. An exception leaves no trace: it is no path's end.

    ``unsure`` and ``may_fall`` are ``nothing`` and ``falls`` where that cannot be told.
    """

    value: bool = False
    nothing: bool = False
    unsure: bool = False
    falls: bool = False
    may_fall: bool = False
    breaks: frozenset[str] = frozenset()

    def __or__(self, other: _Ways) -> _Ways:
        return _Ways(
            self.value or other.value,
            self.nothing or other.nothing,
            self.unsure or other.unsure,
            self.falls or other.falls,
            self.may_fall or other.may_fall,
            self.breaks | other.breaks,
        )

    @property
    def goes_on(self) -> bool:
        return self.falls or self.may_fall

    def then(self, following: _Ways) -> _Ways:
        """The ways of this statement followed by another."""
        if not self.goes_on:
            return self
        if not self.falls:
            following = following.doubted()
        return replace(self, falls=False, may_fall=False) | following

    def doubted(self) -> _Ways:
        """The same ways where it is not sure that control comes here at all."""
        return _Ways(
            value=self.value,
            unsure=self.unsure or self.nothing or bool(self.breaks),
            may_fall=self.goes_on,
        )

    def past(self, label: str) -> _Ways:
        """With ``break`` out of the statement called ``label`` as going on."""
        if label not in self.breaks:
            return self
        return replace(self, falls=True, breaks=self.breaks - {label})


_FALLS = _Ways(falls=True)
_UNTOLD = _Ways(unsure=True, may_fall=True)


def returns(function: Node) -> Returns:
    """Whether the paths through ``function`` (any kind, a method too) return a value."""
    body = function.child_by_field_name("body")
    if body is None or typescript.is_damaged(function) or is_generator(function):
        return Returns.UNKNOWN
    if body.type != "statement_block":
        return Returns.NEVER if _is_nothing(body) else Returns.ALWAYS
    ways = _sequence(body.named_children, 0)
    if ways.nothing or ways.falls:
        return Returns.SOMETIMES if ways.value else Returns.NEVER
    return Returns.UNKNOWN if ways.unsure or ways.may_fall else Returns.ALWAYS


def is_generator(function: Node) -> bool:
    """Whether a call of ``function`` gives an iterator."""
    return function.type.startswith("generator") or any(c.type == "*" for c in function.children)


def _sequence(statements: Iterable[Node], depth: int) -> _Ways:
    ways = _FALLS
    for statement in statements:
        if not ways.goes_on:
            break
        ways = ways.then(_ways(statement, depth))
    return ways


def _ways(statement: Node, depth: int) -> _Ways:
    kind = statement.type
    if depth > _MAX_DEPTH:
        return _UNTOLD
    if kind == "return_statement":
        value = next((child for child in statement.named_children if child.type != "comment"), None)
        returned = value is not None and not _is_nothing(value)
        return _Ways(value=returned, nothing=not returned)
    if kind in ("throw_statement", "continue_statement"):
        return _Ways()
    if kind == "break_statement":
        label = statement.child_by_field_name("label")
        return _Ways(breaks=frozenset({typescript.text(label) if label else ""}))
    if kind == "expression_statement":
        return _Ways(may_fall=True) if _may_never_return(statement) else _FALLS
    return _compound(statement, depth + 1)


def _compound(statement: Node, depth: int) -> _Ways:
    kind = statement.type
    if kind == "statement_block":
        return _sequence(statement.named_children, depth)
    if kind == "if_statement":
        return _if(statement, depth)
    if kind == "switch_statement":
        return _switch(statement, depth)
    if kind == "try_statement":
        return _try(statement, depth)
    if kind in _LOOPS:
        return _loop(statement, depth)
    if kind == "labeled_statement":
        label = statement.child_by_field_name("label")
        return _body(statement, depth).past(typescript.text(label) if label else "")
    if kind == "with_statement":
        return _body(statement, depth)
    return _FALLS


def _body(statement: Node, depth: int) -> _Ways:
    body = statement.child_by_field_name("body")
    return _ways(body, depth) if body is not None else _FALLS


def _if(statement: Node, depth: int) -> _Ways:
    ways = _Ways()
    branch: Node | None = statement
    while branch is not None and branch.type == "if_statement":
        consequence = branch.child_by_field_name("consequence")
        ways |= _ways(consequence, depth) if consequence is not None else _FALLS
        alternative = branch.child_by_field_name("alternative")
        branch = alternative.named_children[-1] if alternative is not None else None
    return ways | (_ways(branch, depth) if branch is not None else _FALLS)


def _switch(statement: Node, depth: int) -> _Ways:
    body = statement.child_by_field_name("body")
    cases = list(typescript.children_of_type(body, "switch_case", "switch_default")) if body else []
    ways, following = _Ways(), _FALLS
    for case in reversed(cases):
        following = _sequence(case.children_by_field_name("body"), depth).then(following)
        ways |= following
    if not any(case.type == "switch_default" for case in cases):
        ways |= _Ways(may_fall=True)
    return ways.past("")


def _try(statement: Node, depth: int) -> _Ways:
    ways = _body(statement, depth)
    handler = statement.child_by_field_name("handler")
    if handler is not None:
        ways |= _body(handler, depth)
    finalizer = statement.child_by_field_name("finalizer")
    if finalizer is None:
        return ways
    finally_ways = _body(finalizer, depth)
    if not finally_ways.goes_on:
        return finally_ways
    return ways | replace(finally_ways, falls=False, may_fall=False)


def _loop(statement: Node, depth: int) -> _Ways:
    body = _body(statement, depth)
    left = replace(body, falls=False, may_fall=False).past("")
    if _is_endless(statement):
        return left
    if statement.type == "do_statement" and not body.falls:
        return left | _Ways(may_fall=True)
    return left | _FALLS


def _is_endless(loop: Node) -> bool:
    condition = loop.child_by_field_name("condition")
    if condition is None:
        return False
    if condition.type == "empty_statement":
        return True
    return typescript.text(typescript.unwrap(condition)).rstrip(";").strip() in ("true", "1")


def _is_nothing(expression: Node) -> bool:
    expression = typescript.unwrap(expression)
    while expression.type == "sequence_expression" and expression.named_children:
        expression = typescript.unwrap(expression.named_children[-1])
    if expression.type == "unary_expression":
        operator = expression.child_by_field_name("operator")
        return operator is not None and operator.type == "void"
    return expression.type == "undefined"


def _may_never_return(statement: Node) -> bool:
    call = next(iter(statement.named_children), statement)
    if call.type == "await_expression" and call.named_children:
        call = call.named_children[-1]
    function = call.child_by_field_name("function")
    if call.type != "call_expression" or function is None:
        return False
    name = function.child_by_field_name("property") or function
    return _NEVER_RETURNS.search(typescript.text(name)) is not None
