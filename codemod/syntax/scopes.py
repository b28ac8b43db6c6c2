"""Lexical scopes: which declaration each name of a module refers to.

Types have names of their own and are left out, so is everything under ``declare``: an ambient
name is a global one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from tree_sitter import Node

from codemod.syntax import typescript
from codemod.syntax.typescript import text

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)
CLASSES = frozenset({"abstract_class_declaration", "class", "class_declaration"})
PARAMETERS = frozenset({"optional_parameter", "required_parameter"})

_NAMED_OUTSIDE = frozenset(
    {
        "abstract_class_declaration",
        "class_declaration",
        "enum_declaration",
        "function_declaration",
        "generator_function_declaration",
        "internal_module",
    }
)
_NAMED_INSIDE = frozenset({"class", "function_expression", "generator_function"})
_BLOCKS = frozenset(
    {
        "catch_clause",
        "class",
        "class_static_block",
        "for_in_statement",
        "for_statement",
        "statement_block",
        "switch_body",
    }
)
_IMPORT_PARTS = frozenset(
    {"import_clause", "import_require_clause", "import_specifier", "namespace_import"}
)
_TYPES = frozenset(
    {
        "abstract_method_signature",
        "adding_type_annotation",
        "ambient_declaration",
        "asserts_annotation",
        "extends_type_clause",
        "function_signature",
        "implements_clause",
        "interface_declaration",
        "method_signature",
        "namespace_export",
        "omitting_type_annotation",
        "opting_type_annotation",
        "type_alias_declaration",
        "type_annotation",
        "type_arguments",
        "type_parameters",
        "type_predicate_annotation",
    }
)
_CLASS_PARTS = frozenset({"class_static_block", "public_field_definition"})
_PATTERN_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_REFERENCES = _PATTERN_NAMES | {"shorthand_property_identifier"}
# The nodes that make a scope or declare a name.
_DECLARING = (
    FUNCTIONS
    | PARAMETERS
    | _NAMED_OUTSIDE
    | _NAMED_INSIDE
    | _BLOCKS
    | _IMPORT_PARTS
    | {"assignment_expression", "variable_declarator"}
)
# Those that have named children which are no operands, beside types.
_PARTLY_CODE = frozenset(
    {
        "as_expression",
        "export_specifier",
        "export_statement",
        "import_specifier",
        "satisfies_expression",
        "type_assertion",
    }
)
_KEPT = 16
_LEAVES = frozenset(
    {
        "comment",
        "escape_sequence",
        "identifier",
        "number",
        "property_identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "string_fragment",
        "this",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """A name's declaration: the identifier, and the construct that it is declared by.

    ``owner`` is the function, class, parameter, variable declarator, import specifier and so on.
    A name declared twice in a scope (``var``, overloads) has one ``Declaration``, the first.
    """

    name: str
    node: Node
    owner: Node
    at_top_level: bool


@dataclass(slots=True)
class _Scope:
    parent: _Scope | None
    hoists: bool
    declared: dict[str, Declaration] = field(default_factory=dict)

    found: dict[str, Declaration | None] = field(default_factory=dict)

    def lookup(self, name: str) -> Declaration | None:
        """What ``name`` means here, once everything is declared.

        Every few scopes outwards the answer is kept, so that code which nests deeply and names
        the same thing everywhere is not gone through from everywhere.
        """
        passed: list[_Scope] = []
        scope: _Scope | None = self
        declaration = None
        while scope is not None:
            if name in scope.declared:
                declaration = scope.declared[name]
                break
            if name in scope.found:
                declaration = scope.found[name]
                break
            passed.append(scope)
            scope = scope.parent
        for number in range(_KEPT - 1, len(passed), _KEPT):
            passed[number].found[name] = declaration
        return declaration


class Scopes:
    """The scopes of one module, and the parent of each of its named nodes outside types."""

    def __init__(self, root: Node) -> None:
        self._parents: dict[int, Node] = {}
        self._mentions: list[tuple[Node, _Scope]] = []
        self._declarations: dict[int, Declaration] = {}
        self._references: dict[int, list[Node]] = {}
        self._globals: dict[str, list[Node]] = {}
        self._declaring: dict[int, tuple[Node, _Scope]] = {}
        self._nodes: dict[str, list[Node]] = defaultdict(list)
        self._inside: dict[int, _Scope] = {}
        self._instances: dict[int, list[Node]] | None = None
        self._top = _Scope(None, hoists=True)
        self._read(root)
        self._resolve()

    def parent(self, node: Node) -> Node | None:
        return self._parents.get(node.id)

    def ancestors(self, node: Node) -> Iterator[Node]:
        """The nodes around ``node``, innermost first."""
        parent = self.parent(node)
        while parent is not None:
            yield parent
            parent = self.parent(parent)

    def of_type(self, *types: str) -> Iterator[Node]:
        """The nodes of these types outside types, in no particular order."""
        return chain.from_iterable(self._nodes.get(kind, ()) for kind in types)

    def enclosing_function(self, node: Node) -> Node | None:
        return next((around for around in self.ancestors(node) if around.type in FUNCTIONS), None)

    def class_of_instance(self, this: Node) -> Node | None:
        """The class that ``this`` is an instance of; None in functions and static members."""
        for around in self.ancestors(this):
            if around.type == "arrow_function":
                continue
            if around.type in FUNCTIONS or around.type in _CLASS_PARTS:
                body = self.parent(around)
                is_member = body is not None and body.type == "class_body"
                return self.parent(body) if body and is_member and not _is_static(around) else None
        return None

    def instances(self, owner: Node) -> tuple[Node, ...]:
        """The ``this`` expressions that stand for an instance of the class ``owner``."""
        if self._instances is None:
            self._instances = {}
            for this in self.of_type("this"):
                around = self.class_of_instance(this)
                if around is not None:
                    self._instances.setdefault(around.id, []).append(this)
        return tuple(self._instances.get(owner.id, ()))

    def declaration(self, identifier: Node) -> Declaration | None:
        """What ``identifier`` declares or refers to; None where it is global, or no name."""
        return self._declarations.get(identifier.id)

    def references(self, declaration: Declaration) -> tuple[Node, ...]:
        """The identifiers that refer to ``declaration``, as operands or as assignment targets."""
        return tuple(self._references.get(declaration.node.id, ()))

    def visible(self, name: str, at: Node) -> Declaration | None:
        """What ``name`` refers to where ``at`` stands; None where it is a global name there."""
        around = (self._inside[node.id] for node in self.ancestors(at) if node.id in self._inside)
        return next(around, self._top).lookup(name)

    def global_references(self, name: str) -> tuple[Node, ...]:
        """The identifiers called ``name`` that nothing in the module declares."""
        return tuple(self._globals.get(name, ()))

    def top_level(self, name: str) -> Declaration | None:
        """The declaration of ``name`` in the module's outermost scope, imports included."""
        return self._top.declared.get(name)

    def _read(self, root: Node) -> None:
        # Most of the time that a module takes is spent here, once for each of its nodes.
        parents, nodes, mentions = self._parents, self._nodes, self._mentions
        pending: list[tuple[Node, str, _Scope]] = [(root, root.type, self._top)]
        while pending:
            node, kind, scope = pending.pop()
            nodes[kind].append(node)
            if kind in _REFERENCES:
                mentions.append((node, scope))
            if kind in _LEAVES:
                continue
            inner = scope
            if kind in _DECLARING:
                inner = self._enter(node, kind, scope)
                if inner is not scope:
                    self._inside[node.id] = inner
            children = _operands(node) if kind in _PARTLY_CODE else node.named_children
            for child in children:
                child_kind = child.type
                if child_kind not in _TYPES:
                    parents[child.id] = node
                    pending.append((child, child_kind, inner))

    def _enter(self, node: Node, kind: str, scope: _Scope) -> _Scope:
        """Declares what ``node`` declares and gives the scope of what is inside it."""
        if kind in _NAMED_OUTSIDE:
            self._declare(node.child_by_field_name("name"), node, scope)
        inner = scope
        if kind in FUNCTIONS:
            inner = _Scope(scope, hoists=True)
            self._declare(node.child_by_field_name("parameter"), node, inner)
        elif kind in _BLOCKS:
            inner = _Scope(scope, hoists=False)
        if kind in _NAMED_INSIDE:
            self._declare(node.child_by_field_name("name"), node, inner)
        self._declare_patterns(node, kind, inner)
        return inner

    def _declare_patterns(self, node: Node, kind: str, scope: _Scope) -> None:
        if kind == "variable_declarator":
            parent = self.parent(node)
            hoisted = parent is not None and parent.type == "variable_declaration"
            self._declare(node.child_by_field_name("name"), node, scope, hoisted=hoisted)
        elif kind in PARAMETERS:
            self._declare(node.child_by_field_name("pattern"), node, scope)
        elif kind == "catch_clause":
            self._declare(node.child_by_field_name("parameter"), node, scope)
        elif kind == "for_in_statement":
            keyword = node.child_by_field_name("kind")
            if keyword is not None:
                hoisted = keyword.type == "var"
                self._declare(node.child_by_field_name("left"), node, scope, hoisted=hoisted)
        elif kind == "assignment_expression" and node.children[0].type == "using":
            self._declare(node.child_by_field_name("left"), node, scope)
        elif kind in _IMPORT_PARTS:
            self._declare_import(node, scope)

    def _declare_import(self, part: Node, scope: _Scope) -> None:
        if part.type == "import_specifier":
            local = part.child_by_field_name("alias") or part.child_by_field_name("name")
            self._declare(local, part, scope)
            return
        for name in typescript.children_of_type(part, "identifier"):
            self._declare(name, part, scope)

    def _declare(
        self, pattern: Node | None, owner: Node, scope: _Scope, *, hoisted: bool = False
    ) -> None:
        while hoisted and not scope.hoists and scope.parent is not None:
            scope = scope.parent
        for node in names_of_pattern(pattern) if pattern is not None else ():
            name = text(node)
            declaration = Declaration(name, node, owner, at_top_level=scope.parent is None)
            scope.declared.setdefault(name, declaration)
            self._declaring[node.id] = (node, scope)

    def _resolve(self) -> None:
        for node, scope in self._declaring.values():
            self._declarations[node.id] = scope.declared[text(node)]
        for node, scope in self._mentions:
            if node.id in self._declaring:
                continue
            name = text(node)
            declaration = scope.lookup(name)
            if declaration is None:
                self._globals.setdefault(name, []).append(node)
                continue
            self._declarations[node.id] = declaration
            self._references.setdefault(declaration.node.id, []).append(node)


def names_of_pattern(pattern: Node) -> Iterator[Node]:
    """The identifiers that a binding pattern gives values to; defaults and keys are passed over."""
    pending = [pattern]
    while pending:
        node = pending.pop()
        if node.type in _PATTERN_NAMES or node.type == "type_identifier":
            yield node
        elif node.type in ("object_pattern", "array_pattern", "rest_pattern"):
            pending.extend(reversed(node.named_children))
        elif node.type in ("assignment_pattern", "object_assignment_pattern"):
            pending.extend(filter(None, [node.child_by_field_name("left")]))
        elif node.type == "pair_pattern":
            pending.extend(filter(None, [node.child_by_field_name("value")]))


def parameters(function: Node) -> list[Node]:
    """The parameters of a function, TypeScript's ``this`` left out; a lone name as it stands."""
    only = function.child_by_field_name("parameter")
    if only is not None:
        return [only]
    listed = function.child_by_field_name("parameters")
    if listed is None:
        return []
    found = typescript.children_of_type(listed, *PARAMETERS)
    return [node for node in found if not _is_this(node)]


def is_operand(node: Node) -> bool:
    """Whether a node is among those that scopes know: code, and not part of a type."""
    parent = node.parent
    while parent is not None:
        if all(child.id != node.id for child in _operands(parent)):
            return False
        node, parent = parent, parent.parent
    return True


def _is_this(parameter: Node) -> bool:
    pattern = parameter.child_by_field_name("pattern")
    return pattern is not None and pattern.type == "this"


def _is_static(member: Node) -> bool:
    return any(child.type == "static" for child in member.children)


def _operands(node: Node) -> list[Node]:
    """The named children that are code: no types, no names in export lists of other modules."""
    children = node.named_children
    if node.type in ("as_expression", "satisfies_expression"):
        return [child for child in children if child.type != "comment"][:1]
    if node.type == "type_assertion":
        return children[-1:]
    if node.type == "export_statement" and node.child_by_field_name("source") is not None:
        return []
    if node.type in ("export_specifier", "import_specifier"):
        local = node.child_by_field_name("name")
        if node.type == "import_specifier":
            local = node.child_by_field_name("alias") or local
        return [local] if local is not None else []
    return [child for child in children if child.type not in _TYPES]
