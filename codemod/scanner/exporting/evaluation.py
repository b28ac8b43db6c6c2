"""What an expression evaluates to, as far as the code says it: classes, functions, objects.

Nothing is executed. A call of a function of the repository is read as what the function returns,
its parameters standing for the arguments, so that factories and mixins give the class they make.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tree_sitter import Node

from codemod.model import ExportKind, Unknown
from codemod.scanner.exporting.linking import Definition, Foreign, Linker, Lost, Namespace, Target
from codemod.scanner.exporting.names import Declared, Names
from codemod.scanner.modules import External
from codemod.scanner.resolving import platform
from codemod.syntax import flow, typescript
from codemod.syntax.changes import Changes, changes
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Declaration, Scopes
from codemod.syntax.typescript import children_of_type, property_name, string_value, text

_MAX_DEPTH = 40
_MAX_STEPS = 2000
_MAX_BASES = 32

_PLAIN = frozenset(
    {
        "array",
        "false",
        "jsx_element",
        "jsx_self_closing_element",
        "null",
        "number",
        "regex",
        "string",
        "template_string",
        "true",
        "unary_expression",
        "undefined",
        "update_expression",
    }
)
_CHOICES = frozenset({"||", "&&", "??"})
_PASSING_OBJECT_METHODS = frozenset({"freeze", "seal", "preventExtensions"})
_DECLARED_PLAIN = frozenset({"enum_declaration", "internal_module", "module"})
# What TypeScript and esbuild make of the decorators of a class.
_DECORATING = re.compile(r"(?:^|\.)__decorate(?:Class)?$")
_HANDLER_TYPE = re.compile(r"ExportedHandler\b(?!\.)")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A call under which a function's body is read. ``outer`` is the frame around the function."""

    function: Node
    arguments: tuple[Node, ...]
    caller: Site
    outer: Frame | None


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Where an expression is read: its module, and the calls around it."""

    names: Names
    frame: Frame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue:
    site: Site
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    site: Site
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class ObjectValue:
    """An object literal. ``node`` is None where only the type shows that there is an object.

    ``changes`` are later assignments to members; ``open`` is why there may be other members.
    """

    site: Site
    node: Node | None
    changes: tuple[Node, ...] = ()
    open: Unknown | None = None


@dataclass(frozen=True, slots=True, eq=False)
class InstanceValue:
    """``new`` of something."""

    of: Value
    site: Site
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class ForeignValue:
    """An export of a module outside; ``name`` holds dots for members of it, ``*`` for all."""

    external: External
    name: str

    @property
    def key(self) -> tuple[str, str]:
        """The package and the name, as the tables of ``platform`` have them."""
        return self.external.package, self.name

    def __str__(self) -> str:
        return f"{self.name} from {self.external.specifier}"


@dataclass(frozen=True, slots=True, eq=False)
class GlobalValue:
    """A name that nothing in the module declares."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class NamespaceValue:
    """All exports of a module of the repository, as one object."""

    names: Names


@dataclass(frozen=True, slots=True, eq=False)
class PlainValue:
    """A string, number, enum and the like: neither class nor function nor handlers."""


@dataclass(frozen=True, slots=True, eq=False)
class ResultValue:
    """What a call gives whose function cannot be seen."""

    callee: Value


@dataclass(frozen=True, slots=True, eq=False)
class WrappedValue:
    """What a known wrapper gives for ``inner``; ``kind`` is set where it takes one kind alone."""

    inner: Value
    kind: ExportKind | None
    callee: ForeignValue | GlobalValue


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """A value that cannot be told, and why."""

    unknown: Unknown


Value = (
    ClassValue
    | FunctionValue
    | ObjectValue
    | InstanceValue
    | ForeignValue
    | GlobalValue
    | NamespaceValue
    | PlainValue
    | ResultValue
    | WrappedValue
    | Opaque
)


class Evaluator:
    """Evaluates expressions of the modules that ``linker`` joins.

    Chains of definitions longer than a bound, circles among them, end as ``Opaque``.
    """

    def __init__(self, linker: Linker) -> None:
        self.linker = linker
        self._steps = 0

    def value_of(self, target: Target) -> Value:
        """What a name that was followed to ``target`` stands for."""
        self._steps = 0
        return self._of_target(target, 0)

    def value_at(self, site: Site, node: Node) -> Value:
        """What the expression ``node`` stands for where it is read at ``site``."""
        self._steps = 0
        return self._evaluate(site, node, 0)

    def bases(self, value: ClassValue) -> tuple[list[ClassValue], Value | None]:
        """A class with the classes it extends, and what the last of these extends."""
        classes = [value]
        while len(classes) <= _MAX_BASES:
            last = classes[-1]
            expression = typescript.superclass(last.node)
            damage = _damage_of_head(last.node, expression)
            if damage is not None:
                return classes, _opaque(last.site, damage, "the head of its class does not parse")
            if expression is None:
                return classes, None
            base = self.value_at(last.site, expression)
            while isinstance(base, WrappedValue):
                base = base.inner
            if not isinstance(base, ClassValue):
                return classes, base
            if any(known.node == base.node for known in classes) and base.site.frame is None:
                return classes, _opaque(last.site, expression, "it leads back to itself")
            classes.append(base)
        return classes, _opaque(value.site, value.node, "its base classes lead on without end")

    # --- Names ------------------------------------------------------------------------------

    def _of_target(self, target: Target, depth: int) -> Value:
        match target:
            case Definition(names, node, declared, expression):
                site = Site(names)
                if declared is not None:
                    return self._of_declared(site, declared, depth)
                return self._evaluate(site, expression or node, depth)
            case Foreign(external, name):
                return ForeignValue(external, name) if external.has_code else PlainValue()
            case Namespace(path):
                whole = self.linker.names(path)
                return Opaque(whole) if isinstance(whole, Unknown) else NamespaceValue(whole)
            case Lost(unknown):
                return Opaque(unknown)
            case _:
                return Opaque(Unknown("it is a type alone"))

    def _of_declared(self, site: Site, declared: Declared, depth: int) -> Value:
        node = declared.node
        if node.type in CLASSES:
            return ClassValue(site, node)
        if node.type in FUNCTIONS:
            return FunctionValue(site, node)
        if node.type in _DECLARED_PLAIN:
            return PlainValue()
        value = self._of_variable(site, node, declared.part, declared.key, depth)
        if not isinstance(value, ObjectValue) and typescript.is_constant(node):
            return value
        declaration = self.scopes_of(site.names).top_level(declared.name)
        return self._changed(site, value, declaration, depth) if declaration is not None else value

    def _of_variable(
        self, site: Site, declarator: Node, part: Node | None, key: str | None, depth: int
    ) -> Value:
        expression = declarator.child_by_field_name("value")
        if expression is None:
            return _opaque(site, declarator, "its value is given elsewhere")
        value = self._evaluate(site, expression, depth + 1)
        if part is not None:
            if key is None:
                return _opaque(site, part, "it is taken out of a value by a pattern")
            return self._member(value, key, depth + 1)
        annotation = declarator.child_by_field_name("type")
        return _typed(site, value, annotation) if annotation is not None else value

    def _name(self, site: Site, identifier: Node, depth: int) -> Value:
        name = text(identifier)
        if site.frame is not None:
            declaration = self.scopes_of(site.names).declaration(identifier)
            if declaration is not None and not declaration.at_top_level:
                return self._nested(site, declaration, depth)
        if name not in site.names.declared and name not in site.names.imported:
            return GlobalValue(name)
        return self._of_target(self.linker.local(site.names, name), depth)

    def _nested(self, site: Site, declaration: Declaration, depth: int) -> Value:
        owner = declaration.owner
        if owner.type in CLASSES:
            return ClassValue(site, owner)
        pattern = owner.child_by_field_name("name") or owner.child_by_field_name("pattern")
        is_whole = pattern is None or pattern == declaration.node
        key = None if is_whole or pattern is None else _key_in(pattern, declaration.node)
        if owner.type == "variable_declarator":
            part = None if is_whole else declaration.node
            value = self._of_variable(site, owner, part, key, depth)
            return self._changed(site, value, declaration, depth)
        if owner.type in FUNCTIONS and owner.child_by_field_name("parameter") != declaration.node:
            return FunctionValue(site, owner)
        argument = self._argument(site, owner, depth)
        if is_whole or argument is None:
            return argument or _opaque(site, owner, f"{declaration.name} is given by the caller")
        if key is None:
            return _opaque(site, owner, "it is taken out of an argument by a pattern")
        return self._member(argument, key, depth)

    def _changed(self, site: Site, value: Value, declaration: Declaration, depth: int) -> Value:
        """The value of a name with what the module does to it after its declaration."""
        found = changes(self.scopes_of(site.names), declaration)
        deferred = self._assigned_once(site, value, declaration, found, depth)
        if found.reassigned and deferred is None:
            reason = f"{declaration.name} is assigned to in several places"
            return _opaque(site, declaration.node, reason)
        value = deferred or value
        if not isinstance(value, ObjectValue):
            return value
        doubt = value.open
        if found.elsewhere is not None and doubt is None:
            location = site.names.source.location(found.elsewhere)
            doubt = Unknown("its members may change after it is made", location)
        return replace(value, changes=(*value.changes, *found.members), open=doubt)

    def _assigned_once(
        self, site: Site, value: Value, declaration: Declaration, found: Changes, depth: int
    ) -> Value | None:
        """What the only assignment to a name gives it: its first value, or its class decorated."""
        right = found.assignment.child_by_field_name("right") if found.assignment else None
        if right is None or declaration.owner.type != "variable_declarator":
            return None
        if declaration.owner.child_by_field_name("value") is None:
            return self._evaluate(site, right, depth + 1)
        function, arguments = right.child_by_field_name("function"), _arguments(right)
        if not isinstance(value, ClassValue) or function is None or not arguments:
            return None
        decorates = _DECORATING.search(text(function)) is not None
        return value if decorates and text(arguments[-1]) == declaration.name else None

    def _argument(self, site: Site, parameter: Node, depth: int) -> Value | None:
        """What a parameter stands for in the calls around ``site``; None where no call is seen."""
        function, index = _parameter_place(parameter)
        frame = site.frame
        while frame is not None and frame.function != function:
            frame = frame.outer
        if frame is None:
            return None
        if index < len(frame.arguments):
            return self._evaluate(frame.caller, frame.arguments[index], depth + 1)
        default = parameter.child_by_field_name("value")
        return self._evaluate(site, default, depth + 1) if default is not None else None

    def scopes_of(self, names: Names) -> Scopes:
        """The scopes of a module."""
        return self.linker.scopes(names)

    # --- Expressions ------------------------------------------------------------------------

    def _evaluate(self, site: Site, node: Node, depth: int) -> Value:
        self._steps += 1
        if depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return _opaque(site, node, "its definition leads in a circle, or too far")
        expression = typescript.unwrap(node)
        value = self._unwrapped(site, expression, depth + 1)
        while node != expression and isinstance(value, ResultValue | Opaque):
            value = _typed(site, value, node)
            node = typescript.operand(node) or expression
        return value

    def _unwrapped(self, site: Site, node: Node, depth: int) -> Value:
        kind = node.type
        if kind in _PLAIN:
            return PlainValue()
        if kind in CLASSES:
            return ClassValue(site, node)
        if kind in FUNCTIONS:
            return FunctionValue(site, node)
        match kind:
            case "object":
                return ObjectValue(site, node)
            case "identifier" | "shorthand_property_identifier":
                return self._name(site, node, depth)
            case "member_expression" | "subscript_expression":
                return self._access(site, node, depth)
            case "call_expression":
                return self._call(site, node, depth)
            case "new_expression":
                return self._new(site, node, depth)
            case _:
                return self._composed(site, node, depth)

    def _new(self, site: Site, node: Node, depth: int) -> Value:
        constructor = node.child_by_field_name("constructor")
        if constructor is None:
            return _opaque(site, node, "it is made by an expression that does not parse")
        maker = self._evaluate(site, constructor, depth)
        arguments = _arguments(node)
        if isinstance(maker, GlobalValue) and maker.name == "Proxy" and arguments:
            return WrappedValue(self._evaluate(site, arguments[0], depth), None, maker)
        return InstanceValue(maker, site, node)

    def _composed(self, site: Site, node: Node, depth: int) -> Value:
        """An expression whose value is that of an operand."""
        operands: list[Node | None] = []
        operator = node.child_by_field_name("operator")
        if node.type in ("await_expression", "sequence_expression"):
            operands = [node.named_children[-1]] if node.named_children else []
        elif node.type == "assignment_expression":
            operands = [node.child_by_field_name("right")]
        elif node.type == "ternary_expression":
            operands = [node.child_by_field_name(name) for name in ("consequence", "alternative")]
        elif node.type == "binary_expression" and operator is not None:
            if operator.type not in _CHOICES:
                return PlainValue()
            operands = [node.child_by_field_name(name) for name in ("left", "right")]
        values = [self._evaluate(site, operand, depth) for operand in operands if operand]
        return self._one_of(site, node, values)

    def _one_of(self, site: Site, node: Node, values: list[Value]) -> Value:
        if len(values) == 1:
            return values[0]
        if values and all(isinstance(value, ObjectValue | InstanceValue) for value in values):
            reason = "it is one of several objects"
            return ObjectValue(site, None, open=Unknown(reason, site.names.source.location(node)))
        if values and all(isinstance(value, PlainValue) for value in values):
            return PlainValue()
        return _opaque(site, node, "it is an expression whose value cannot be told")

    def _access(self, site: Site, node: Node, depth: int) -> Value:
        name = _accessed_name(node)
        target = node.child_by_field_name("object")
        if name is None or target is None:
            return _opaque(site, node, "it is a member with a computed name")
        value = self._evaluate(site, target, depth)
        return self._member(value, name, depth)

    # --- Calls ------------------------------------------------------------------------------

    def _call(self, site: Site, node: Node, depth: int) -> Value:
        function = node.child_by_field_name("function")
        arguments = _arguments(node)
        if function is None or arguments is None:
            return _opaque(site, node, "it is what a tagged template gives")
        built_in = _object_method(site, function)
        if built_in is not None and arguments:
            return self._of_object_method(site, built_in, arguments, depth)
        app = self._chained_app(site, node, depth)
        if app is not None:
            return app
        if self._is_plain_method(site, function, depth):
            return PlainValue()
        callee = self._evaluate(site, function, depth)
        if isinstance(callee, FunctionValue):
            return self._returned(site, callee, arguments, depth)
        if isinstance(callee, ForeignValue) and callee.key in platform.WRAPPERS:
            wrapper = platform.WRAPPERS[callee.key]
            if wrapper.argument < len(arguments):
                inner = self._evaluate(site, arguments[wrapper.argument], depth)
                return WrappedValue(inner, wrapper.kind, callee)
        if isinstance(callee, GlobalValue) and callee.name in platform.PLAIN_FUNCTIONS:
            return PlainValue()
        return ResultValue(callee)

    def _is_plain_method(self, site: Site, function: Node, depth: int) -> bool:
        """Whether a string's or an array's method is called that gives one again."""
        owner = function.child_by_field_name("object")
        if owner is None or _accessed_name(function) not in platform.PLAIN_METHODS:
            return False
        return isinstance(self._evaluate(site, owner, depth), PlainValue)

    def _chained_app(self, site: Site, call: Node, depth: int) -> Value | None:
        """The app whose methods are called, which they give back: ``new Hono().get(…).post(…)``."""
        root = call
        while root.type == "call_expression":
            function = root.child_by_field_name("function")
            owner = function.child_by_field_name("object") if function is not None else None
            if owner is None:
                break
            root = typescript.unwrap(owner)
        if root == call:
            return None
        value = self._evaluate(site, root, depth)
        return value if is_app(value) else None

    def _of_object_method(
        self, site: Site, method: str, arguments: tuple[Node, ...], depth: int
    ) -> Value:
        value = self._evaluate(site, arguments[0], depth)
        if method in _PASSING_OBJECT_METHODS:
            return value
        if method == "assign" and isinstance(value, ObjectValue):
            location = site.names.source.location(arguments[0])
            return ObjectValue(site, None, open=Unknown("Object.assign makes it", location))
        return _opaque(site, arguments[0], f"it is what Object.{method} gives")

    def _returned(
        self, site: Site, callee: FunctionValue, arguments: tuple[Node, ...], depth: int
    ) -> Value:
        frame = Frame(callee.node, arguments, site, callee.site.frame)
        inside = Site(callee.site.names, frame)
        body = callee.node.child_by_field_name("body")
        if body is None or flow.is_generator(callee.node):
            return _opaque(callee.site, callee.node, "it is what a generator gives")
        if body.type != "statement_block":
            return self._evaluate(inside, body, depth)
        values = [self._evaluate(inside, node, depth) for node in returned_expressions(body)]
        return self._one_of(callee.site, callee.node, values)

    # --- Members ----------------------------------------------------------------------------

    def _member(self, value: Value, name: str, depth: int) -> Value:
        match value:
            case NamespaceValue(names):
                return self._of_target(self.linker.exported(names, name), depth)
            case ForeignValue(external, whole):
                return ForeignValue(external, name if whole == "*" else f"{whole}.{name}")
            case ObjectValue():
                return self._property(value, name, depth)
            case ClassValue():
                return self._class_member(value, name, depth, static=True)
            case InstanceValue(ClassValue() as of):
                return self._class_member(of, name, depth, static=False)
            case Opaque():
                return value
            case _:
                return Opaque(Unknown(f"{name} is a member of a value that cannot be told"))

    def _property(self, value: ObjectValue, name: str, depth: int) -> Value:
        if value.open is not None:
            return Opaque(value.open)
        for change in reversed(value.changes):
            right = change.child_by_field_name("right")
            if right is not None and _target_text(change).partition(".")[2] == name:
                return self._evaluate(value.site, right, depth)
        for member in reversed(value.node.named_children) if value.node is not None else ():
            if member.type == "spread_element":
                spread = self._evaluate(value.site, member.named_children[-1], depth)
                found = self._member(spread, name, depth)
                if not isinstance(found, PlainValue):
                    return found
            elif object_key(member) == name:
                return self._of_property(value.site, member, depth)
        return PlainValue()

    def _of_property(self, site: Site, member: Node, depth: int) -> Value:
        """What reading a member of an object literal or a class gives."""
        if member.type == "method_definition":
            function = FunctionValue(site, member)
            is_getter = any(child.type == "get" for child in member.children)
            return self._returned(site, function, (), depth) if is_getter else function
        value = member.child_by_field_name("value")
        if member.type == "public_field_definition" and value is None:
            return _opaque(site, member, "its value is given elsewhere")
        return self._evaluate(site, value or member, depth)

    def _class_member(self, value: ClassValue, name: str, depth: int, *, static: bool) -> Value:
        for _ in range(_MAX_BASES):
            found = _own_member(value, name, static=static)
            if found is not None:
                return self._of_property(value.site, found, depth)
            expression = typescript.superclass(value.node)
            if expression is None:
                break
            base = self._evaluate(value.site, expression, depth + 1)
            if not isinstance(base, ClassValue):
                return self._member(base, name, depth)
            value = base
        return _opaque(value.site, value.node, f"no class declares {name}")


def _damage_of_head(node: Node, base: Node | None) -> Node | None:
    """What keeps the base of a class from being seen, or from being what it seems."""
    for child in node.children:
        if child.type == "ERROR" or (child.type == "class_heritage" and base is None):
            return child if child.has_error else None
    return base if base is not None and base.has_error else None


def is_app(value: Value) -> bool:
    """Whether a value is made by a web framework that serves ``fetch``."""
    maker = value.of if isinstance(value, InstanceValue) else None
    if isinstance(value, ResultValue):
        maker = value.callee
    return isinstance(maker, ForeignValue) and maker.key in platform.APPS


def object_key(member: Node) -> str | None:
    """The name of a member of an object literal; None: computed or spread."""
    if member.type == "shorthand_property_identifier":
        return text(member)
    field = "name" if member.type == "method_definition" else "key"
    key = member.child_by_field_name(field)
    return property_name(key) if key is not None else None


def is_static(member: Node) -> bool:
    """Whether a member of a class is static."""
    return any(child.type == "static" for child in member.children)


def returned_expressions(body: Node) -> Iterator[Node]:
    """What the ``return`` statements of a function give, nested functions left aside."""
    pending = [body]
    while pending:
        node = pending.pop()
        if node.type == "return_statement":
            yield from [child for child in node.named_children if child.type != "comment"][:1]
        elif node.type not in FUNCTIONS and node.type not in CLASSES:
            pending.extend(reversed(node.named_children))


def _opaque(site: Site, node: Node, reason: str) -> Opaque:
    return Opaque(Unknown(reason, site.names.source.location(node)))


def _typed(site: Site, value: Value, typed: Node) -> Value:
    """``value`` in the light of the type that ``typed`` gives it."""
    types = [
        child for child in typed.named_children if child.type in ("generic_type", "type_identifier")
    ]
    if typed.type == "type_assertion":
        types = list(typed.named_children[0].named_children)
    if not isinstance(value, ResultValue | Opaque):
        return value
    if any(_HANDLER_TYPE.match(text(node)) for node in types):
        reason = "only the type ExportedHandler is known of it"
        return ObjectValue(site, None, open=Unknown(reason, site.names.source.location(typed)))
    return value


def _target_text(change: Node) -> str:
    left = change.child_by_field_name("left")
    return text(left) if left is not None else ""


def _accessed_name(node: Node) -> str | None:
    if node.type == "member_expression":
        accessed = node.child_by_field_name("property")
        return text(accessed) if accessed is not None else None
    index = node.child_by_field_name("index")
    return string_value(index) if index is not None else None


def _arguments(call: Node) -> tuple[Node, ...] | None:
    """The arguments before the first spread one; None for a tagged template."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments":
        return None
    found = []
    for argument in arguments.named_children:
        if argument.type == "spread_element":
            break
        if argument.type != "comment":
            found.append(argument)
    return tuple(found)


def _object_method(site: Site, function: Node) -> str | None:
    """The method of the global ``Object`` that is called."""
    owner, _, method = text(function).partition(".")
    return method if owner == "Object" and "Object" not in site.names.declared else None


def _parameter_place(parameter: Node) -> tuple[Node | None, int]:
    """The function that a parameter belongs to, and its position."""
    if parameter.type in FUNCTIONS:
        return parameter, 0
    parameters = parameter.parent
    if parameters is None:
        return None, 0
    return parameters.parent, _position(parameter, parameters.named_children)


def _position(parameter: Node, among: Iterable[Node]) -> int:
    before = (node for node in among if node.start_byte < parameter.start_byte)
    return sum(1 for node in before if node.type.endswith("_parameter"))


def _key_in(pattern: Node, name: Node) -> str | None:
    """The key under which an object pattern takes ``name`` out."""
    for part in pattern.named_children:
        if part == name:
            return text(name)
        value = part.child_by_field_name("value")
        key = part.child_by_field_name("key")
        if part.type == "pair_pattern" and value == name and key is not None:
            return property_name(key)
    return None


def _own_member(value: ClassValue, name: str, *, static: bool) -> Node | None:
    body = value.node.child_by_field_name("body")
    members = children_of_type(body, "method_definition", "public_field_definition") if body else ()
    for member in members:
        key = member.child_by_field_name("name")
        if key is None or key.type == "private_property_identifier":
            continue
        if property_name(key) == name and is_static(member) is static:
            return member
    return None
