"""Where the paths through a function end, and whether they return a value.

The analysis errs towards ``UNKNOWN``: a ``switch`` without ``default`` may cover every case, and a
call of ``assertNever`` may never come back. ``return undefined`` returns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from codemod.model import Returns
from codemod.syntax import typescript
from codemod.syntax.typescript import text, unwrap

_NEVER_RETURNS = re.compile(
    r"never|unreachable|exhausti|fail|throw|panic|abort|bail|exit|raise|reject|redirect|"
    r"not_?found|forbid|unauthori[sz]ed|^error$",
    re.IGNORECASE,
)
# How TypeScript is made to check that every case was met before.
_PROVEN_NEVER = re.compile(r"(?::|\bas|\bsatisfies)\s+never\b")
_SIMPLE = frozenset({"expression_statement", "lexical_declaration"})
_LOOPS = frozenset({"while_statement", "do_statement", "for_statement", "for_in_statement"})
_NOT_RUN = frozenset(
    {
        "comment",
        "empty_statement",
        "function_declaration",
        "generator_function_declaration",
        "interface_declaration",
        "type_alias_declaration",
    }
)
_CONSTANTS = frozenset({"false", "null", "number", "string", "true"})
_MAX_DEPTH = 100
_OPPOSITES = {"===": "!==", "!==": "===", "==": "!=", "!=": "==", "<": ">=", ">=": "<"}
_OPPOSITES |= {">": "<=", "<=": ">"}
# What any string may be the value of, so that no cases cover it.
_ANY_TEXT = re.compile(
    r"(?:\w+\.)*(?:pathname|hostname|host|search|hash|href)|(?:req|request)\.(?:method|url)"
)

_Predicate = Callable[[Node], bool]


@dataclass(frozen=True, slots=True)
class Ends:
    """Where those paths through a function end that nothing seems to forbid, in text order.

    ``values`` are the expressions that ``return`` statements give, ``nothing`` the statements that
    give nothing, and ``falls`` the last statements on the paths that run off the body's end; the
    body itself where there is none. An arrow function's expression is the one or the other.
    """

    returns: Returns
    values: tuple[Node, ...] = ()
    nothing: tuple[Node, ...] = ()
    falls: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ways:
    """How control may leave a statement. An exception leaves no trace: it is no path's end.

    ``last`` are the statements that paths come out of at the end. ``any_value``, ``unsure`` and
    ``may_fall`` are ``values``, ``nothing`` and ``falls`` where that cannot be told.
    """

    values: frozenset[Node] = frozenset()
    nothing: frozenset[Node] = frozenset()
    falls: bool = False
    last: frozenset[Node] = frozenset()
    any_value: bool = False
    unsure: bool = False
    may_fall: bool = False
    breaks: frozenset[str] = frozenset()

    def __or__(self, other: _Ways) -> _Ways:
        return _Ways(
            self.values | other.values,
            self.nothing | other.nothing,
            self.falls or other.falls,
            self.last | other.last,
            self.any_value or other.any_value,
            self.unsure or other.unsure,
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
        elif following.falls and not following.last:
            following = replace(following, last=self.last)
        return self.left() | following

    def left(self) -> _Ways:
        """The same ways without going on."""
        return replace(self, falls=False, may_fall=False, last=frozenset())

    def doubted(self) -> _Ways:
        """The same ways where it is not sure that control comes here at all."""
        return _Ways(
            any_value=self.any_value or bool(self.values),
            unsure=self.unsure or bool(self.nothing) or bool(self.breaks),
            may_fall=self.goes_on,
        )

    def past(self, label: str, statement: Node) -> _Ways:
        """With ``break`` out of ``statement``, which is called ``label``, as going on."""
        if label not in self.breaks:
            return self
        return replace(self, breaks=self.breaks - {label}) | _falls_from(statement)


_FALLS = _Ways(falls=True)
_UNTOLD = _Ways(unsure=True, may_fall=True)


def _any_of(ways: Sequence[_Ways]) -> _Ways:
    """All of ``ways`` together, joined two by two: so what thousands hold is not copied often."""
    while len(ways) > 1:
        pairs = zip(ways[::2], [*ways[1::2], _Ways()], strict=False)
        ways = [one | other for one, other in pairs]
    return ways[0]


def _falls_from(statement: Node) -> _Ways:
    return _Ways(falls=True, last=frozenset({statement}))


def _from(statement: Node, ways: _Ways) -> _Ways:
    """``ways`` that come out of ``statement`` itself where they come out of none inside it."""
    return ways | _falls_from(statement) if ways.falls and not ways.last else ways


def returns(function: Node) -> Returns:
    """Whether the paths through ``function`` (any kind, a method too) return a value."""
    return ends(function).returns


def ends(function: Node, never_returns: _Predicate | None = None) -> Ends:
    """Where the paths through ``function`` end.

    ``never_returns`` says of a call whether it may be one that never comes back; without it, the
    called name has to show that.
    """
    body = function.child_by_field_name("body")
    if body is None or typescript.is_damaged(function) or is_generator(function):
        return Ends(Returns.UNKNOWN)
    if body.type != "statement_block":
        if _is_nothing(body):
            return Ends(Returns.NEVER, nothing=(body,))
        return Ends(Returns.ALWAYS, (body,))
    ways = _Reader(never_returns or sounds_final).sequence(body.named_children, 0)
    falls = ways.last or ({body} if ways.falls else ())
    return Ends(_returns(ways), _sorted(ways.values), _sorted(ways.nothing), _sorted(falls))


def sounds_final(call: Node) -> bool:
    """Whether the name that is called sounds like that of a function that never comes back."""
    function = call.child_by_field_name("function")
    if function is None or text(function).startswith("console."):
        return False
    name = function.child_by_field_name("property") or function
    return _NEVER_RETURNS.search(text(name)) is not None


def is_generator(function: Node) -> bool:
    """Whether a call of ``function`` gives an iterator."""
    return function.type.startswith("generator") or any(c.type == "*" for c in function.children)


def _returns(ways: _Ways) -> Returns:
    if ways.nothing or ways.falls:
        return Returns.SOMETIMES if ways.values or ways.any_value else Returns.NEVER
    return Returns.UNKNOWN if ways.unsure or ways.may_fall else Returns.ALWAYS


def _sorted(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(nodes, key=lambda node: node.start_byte))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the ways out of statements; ``never_returns`` as in ``ends``."""

    never_returns: _Predicate

    def sequence(self, statements: Iterable[Node], depth: int) -> _Ways:
        ways = _FALLS
        tested: set[str] = set()
        contrary: set[str] = set()
        for statement in statements:
            if not ways.goes_on:
                break
            here = self._ways(statement, depth)
            condition = _only_condition(statement)
            if condition is not None:
                words, negated = _words(condition), _negated(condition)
                if words in contrary or negated in tested:
                    here = here.left() | _Ways(may_fall=True)
                tested.add(words)
                contrary.add(negated)
            ways = ways.then(here)
        return ways

    def _ways(self, statement: Node, depth: int) -> _Ways:
        kind = statement.type
        if depth > _MAX_DEPTH:
            return _UNTOLD
        if kind == "return_statement":
            given = (child for child in statement.named_children if child.type != "comment")
            value = next(given, None)
            if value is None or _is_nothing(value):
                return _Ways(nothing=frozenset({statement}))
            return _Ways(values=frozenset({value}))
        if kind in ("throw_statement", "continue_statement"):
            return _Ways()
        if kind == "break_statement":
            label = statement.child_by_field_name("label")
            return _Ways(breaks=frozenset({text(label) if label else ""}))
        if kind in _NOT_RUN:
            return _FALLS
        if kind in _SIMPLE and self._may_never_return(statement):
            return _Ways(may_fall=True)
        return self._compound(statement, depth + 1)

    def _compound(self, statement: Node, depth: int) -> _Ways:
        kind = statement.type
        if kind == "statement_block":
            return _from(statement, self.sequence(statement.named_children, depth))
        if kind == "if_statement":
            return self._if(statement, depth)
        if kind == "switch_statement":
            return self._switch(statement, depth)
        if kind == "try_statement":
            return self._try(statement, depth)
        if kind in _LOOPS:
            return self._loop(statement, depth)
        if kind == "labeled_statement":
            label = statement.child_by_field_name("label")
            return self._body(statement, depth).past(text(label) if label else "", statement)
        if kind == "with_statement":
            return self._body(statement, depth)
        return _falls_from(statement)

    def _body(self, statement: Node, depth: int) -> _Ways:
        body = statement.child_by_field_name("body")
        return self._ways(body, depth) if body is not None else _FALLS

    def _if(self, statement: Node, depth: int) -> _Ways:
        ways: list[_Ways] = []
        branch: Node | None = statement
        while branch is not None and branch.type == "if_statement":
            consequence = branch.child_by_field_name("consequence")
            ways.append(self._ways(consequence, depth) if consequence is not None else _FALLS)
            alternative = branch.child_by_field_name("alternative")
            branch = alternative.named_children[-1] if alternative is not None else None
        last = self._ways(branch, depth) if branch is not None else _falls_from(statement)
        return _any_of([*ways, last])

    def _switch(self, statement: Node, depth: int) -> _Ways:
        body = statement.child_by_field_name("body")
        kinds = ("switch_case", "switch_default")
        cases = list(typescript.children_of_type(body, *kinds)) if body else []
        ways, following = _Ways(), _FALLS
        for case in reversed(cases):
            inside = self.sequence(case.children_by_field_name("body"), depth)
            following = inside.then(following)
            ways |= following
        if not any(case.type == "switch_default" for case in cases):
            value = statement.child_by_field_name("value")
            is_any = value is not None and _ANY_TEXT.fullmatch(text(unwrap(value)))
            ways |= _falls_from(statement) if is_any else _Ways(may_fall=True)
        return _from(statement, ways).past("", statement)

    def _try(self, statement: Node, depth: int) -> _Ways:
        ways = self._body(statement, depth)
        handler = statement.child_by_field_name("handler")
        if handler is not None and not _returns_at_once(statement):
            ways |= self._body(handler, depth)
        finalizer = statement.child_by_field_name("finalizer")
        if finalizer is None:
            return ways
        finally_ways = self._body(finalizer, depth)
        if not finally_ways.goes_on:
            return finally_ways
        return ways | finally_ways.left()

    def _loop(self, statement: Node, depth: int) -> _Ways:
        body = self._body(statement, depth)
        left = body.left().past("", statement)
        if _is_endless(statement):
            return left
        if statement.type == "do_statement" and not body.falls:
            return left | _Ways(may_fall=True)
        return left | _falls_from(statement)

    def _may_never_return(self, statement: Node) -> bool:
        if _PROVEN_NEVER.search(text(statement)):
            return True
        call = next(iter(statement.named_children), statement)
        if call.type == "await_expression" and call.named_children:
            call = call.named_children[-1]
        if call.type == "new_expression":
            # A Promise whose settling is in the hands of the function that it is given.
            return text(call.child_by_field_name("constructor") or call) == "Promise"
        return call.type == "call_expression" and self.never_returns(call)


def _returns_at_once(statement: Node) -> bool:
    """Whether a ``try`` block begins with a ``return`` that cannot throw: its ``catch`` never runs.

    Nothing that it makes looks at more than a text.
    """
    body = statement.child_by_field_name("body")
    first = next((c for c in body.named_children if c.type != "comment"), None) if body else None
    if first is None or first.type != "return_statement":
        return False
    value = next((c for c in first.named_children if c.type != "comment"), None)
    if value is None or unwrap(value).type in _CONSTANTS:
        return True
    made = unwrap(value)
    maker, arguments = (made.child_by_field_name(name) for name in ("constructor", "arguments"))
    if maker is None or text(maker) != "Response":
        return False
    given = arguments.named_children if arguments is not None else []
    return not given or (len(given) == 1 and given[0].type in _CONSTANTS)


def _only_condition(statement: Node) -> Node | None:
    """The condition of an ``if`` that has no ``else``."""
    if statement.type != "if_statement" or statement.child_by_field_name("alternative"):
        return None
    condition = statement.child_by_field_name("condition")
    return unwrap(condition) if condition is not None else None


def _words(node: Node) -> str:
    return " ".join(text(node).split())


def _negated(condition: Node) -> str:
    """The contrary of a condition, as it is usually written."""
    operator = condition.child_by_field_name("operator")
    argument = condition.child_by_field_name("argument")
    if condition.type == "unary_expression" and operator and operator.type == "!" and argument:
        return _words(unwrap(argument))
    left, right = condition.child_by_field_name("left"), condition.child_by_field_name("right")
    if left and right and operator and operator.type in _OPPOSITES:
        return f"{_words(left)} {_OPPOSITES[operator.type]} {_words(right)}"
    return f"!{_words(condition)}"


def _is_endless(loop: Node) -> bool:
    condition = loop.child_by_field_name("condition")
    if condition is None:
        return False
    if condition.type == "empty_statement":
        return True
    return text(unwrap(condition)).rstrip(";").strip() in ("true", "1")


def _is_nothing(expression: Node) -> bool:
    expression = unwrap(expression)
    while expression.type == "sequence_expression" and expression.named_children:
        expression = unwrap(expression.named_children[-1])
    if expression.type == "unary_expression":
        operator = expression.child_by_field_name("operator")
        return operator is not None and operator.type == "void"
    return expression.type == "undefined"
