"""Object literals that have a type of the environment: one more binding, and they lack it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from tree_sitter import Node

from codemod.model import Location, Unknown
from codemod.planner.fixes.workers_dev_fetch.types import (
    Declared,
    Written,
    annotation_of,
    member_type,
    resolve,
)
from codemod.scanner.modules import Modules
from codemod.scanner.tracking.definitions import key_name
from codemod.syntax import typescript
from codemod.syntax.scopes import FUNCTIONS
from codemod.syntax.typescript import Source, children_of_type, text, unwrap

_TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
_TYPED = frozenset(
    {
        "optional_parameter",
        "public_field_definition",
        "required_parameter",
        "variable_declarator",
    }
)
_SKIPPED = frozenset({"node_modules", "dist", "build"})
# A package has fewer; where it has not, what is said is not all.
_MAX_FOLDERS = 512
_MAX_MEMBERS = 64

_Typed = tuple[Node, Node]
"""An expression, and the type that it is declared with."""


def without_binding(modules: Modules, folder: str, type_: Declared, name: str) -> list[Location]:
    """The literals of a type, in the TypeScript below ``folder``, that lack the property ``name``.

    Those that variables, parameters, fields and results of functions are declared with, and
    members of such literals. What is passed to a function is not looked at.
    """
    named = _name_of(type_)
    if named is None:
        return []
    found = []
    for path in _modules_below(modules, folder):
        content = modules.content(path)
        if isinstance(content, Unknown) or named.encode() not in content:
            continue
        source = modules.source(path)
        if not isinstance(source, Unknown):
            found += [source.location(node) for node in _of_type(modules, source, type_, name)]
    return found


def _name_of(type_: Declared) -> str | None:
    """The name that code has for a type, None for one that is written in its only place."""
    node = type_.body.parent
    while node is not None and node.type not in ("interface_declaration", "type_alias_declaration"):
        node = node.parent
    named = node.child_by_field_name("name") if node is not None else None
    return text(named) if named is not None else None


def _modules_below(modules: Modules, folder: str) -> Iterator[str]:
    pending = [folder]
    for current in pending:
        try:
            entries = modules.files.entries(current)
        except OSError:
            continue
        for name, is_folder in entries:
            path = posixpath.join(current, name)
            if not is_folder and name.endswith(_TYPESCRIPT):
                yield path
            elif is_folder and name not in _SKIPPED and not name.startswith("."):
                pending += [path] if len(pending) < _MAX_FOLDERS else []


def _of_type(modules: Modules, source: Source, type_: Declared, name: str) -> Iterator[Node]:
    for value, declared in _typed(source):
        found = resolve(modules, Written(source, declared))
        is_same = found is not None and (found.source.path, found.body.start_byte) == (
            type_.source.path,
            type_.body.start_byte,
        )
        if is_same and found is not None and not found.is_partial and not _has(value, name):
            yield value


def _typed(source: Source) -> Iterator[_Typed]:
    """The object literals of a module that have a type, those inside others included."""
    pending = [pair for node in typescript.walk(source.root) for pair in _declared(node)]
    for value, type_ in pending:
        literal = unwrap(value)
        if literal.type != "object":
            continue
        yield literal, type_
        if type_.type == "object_type":
            pending += _members(literal, type_)


def _declared(node: Node) -> Iterator[_Typed]:
    if node.type in _TYPED:
        value, type_ = node.child_by_field_name("value"), annotation_of(node)
        if value is not None and type_ is not None:
            yield value, type_
    elif node.type == "satisfies_expression" and len(node.named_children) > 1:
        yield node.named_children[0], node.named_children[1]
    elif node.type in FUNCTIONS:
        yield from _results(node)


def _results(function: Node) -> Iterator[_Typed]:
    """What a function with a declared result returns, where it does nothing else at its end."""
    result = function.child_by_field_name("return_type")
    body = function.child_by_field_name("body")
    if result is None or body is None or not result.named_children:
        return
    type_ = result.named_children[0]
    if body.type != "statement_block":
        yield body, type_
    for statement in children_of_type(body, "return_statement"):
        for value in statement.named_children[:1]:
            yield value, type_


def _members(value: Node, type_: Node) -> Iterator[_Typed]:
    for pair in list(children_of_type(value, "pair"))[:_MAX_MEMBERS]:
        key, inner = key_name(pair.child_by_field_name("key")), pair.child_by_field_name("value")
        declared = member_type(type_, key) if key is not None else None
        if inner is not None and declared is not None:
            yield inner, declared


def _has(literal: Node, name: str) -> bool:
    """Whether an object literal has a property, or may have it from what is spread in it."""
    for part in literal.named_children:
        if part.type == "spread_element":
            return True
        key = part.child_by_field_name("key") or part.child_by_field_name("name") or part
        if key_name(key) == name:
            return True
    return False
