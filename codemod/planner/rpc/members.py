"""The properties of the default object as the functions that they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tree_sitter import Node

from codemod.planner.refusal import Refusal
from codemod.planner.rpc.subject import Literal
from codemod.scanner.handlers import ENTRYPOINT_HANDLERS
from codemod.syntax.typescript import property_name, text

_FUNCTIONS = frozenset({"arrow_function", "function_expression"})
_REFERENCES = frozenset({"identifier", "member_expression"})
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_NOT_CALLED = {"get": "a getter", "set": "a setter", "*": "a generator"}


class Role(StrEnum):
    """What a property is for.

    ``REMOTE`` functions are called over RPC; ``HELPER`` ones only by the object's own functions.
    """

    HANDLER = "handler"
    HELPER = "helper"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class Member:
    """A property of the default object: ``function`` itself, or a ``reference`` to one."""

    name: str
    node: Node
    key: Node
    function: Node | None
    reference: Node | None

    @property
    def is_handler(self) -> bool:
        return self.name in ENTRYPOINT_HANDLERS


def read(literal: Literal) -> tuple[Member, ...] | Refusal:
    """The properties in order. Refused where one is no function that a method can stand for."""
    members: dict[str, Member] = {}
    for node in literal.node.named_children:
        if node.type == "comment":
            continue
        member = _member(node)
        if not isinstance(member, Member):
            return Refusal(member, literal.module.source.location(node))
        if member.name in members:
            reason = f"{member.name} stands twice in the default object"
            return Refusal(reason, literal.module.source.location(node))
        members[member.name] = member
    if not members:
        return Refusal("the default object is empty", literal.location)
    return tuple(members.values())


def _member(node: Node) -> Member | str:
    """The member that a property is, or in words why it is none."""
    if node.type == "shorthand_property_identifier":
        return Member(text(node), node, node, None, node)
    if node.type == "spread_element":
        return "the default object spreads another one"
    key = node.child_by_field_name("name") or node.child_by_field_name("key")
    if key is None or key.type == "computed_property_name":
        return "the default object has a computed key"
    name = property_name(key) or ""
    if not _IDENTIFIER.fullmatch(name) or name == "constructor":
        return f"{text(key)} cannot be the name of a method"
    if node.type == "method_definition":
        marks = [_NOT_CALLED[child.type] for child in node.children if child.type in _NOT_CALLED]
        return f"{name} is {marks[0]}" if marks else Member(name, node, key, node, None)
    value = node.child_by_field_name("value")
    if value is not None and value.type in _FUNCTIONS:
        return Member(name, node, key, value, None)
    reference = _bound(value) if value is not None else None
    if reference is not None and reference.type in _REFERENCES:
        return Member(name, node, key, None, reference)
    return f"{name} is neither a function nor the name of one"


def _bound(value: Node) -> Node:
    """``app.fetch`` for ``app.fetch.bind(app)``; any other expression as it is."""
    callee, arguments = (
        value.child_by_field_name("function"),
        value.child_by_field_name("arguments"),
    )
    if value.type != "call_expression" or callee is None or arguments is None:
        return value
    method, accessed = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    if method is None or accessed is None or text(accessed) != "bind":
        return value
    owner = method.child_by_field_name("object")
    given = [text(argument) for argument in arguments.named_children]
    return method if owner is not None and given == [text(owner)] else value
