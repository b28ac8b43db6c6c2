"""The types of the environment that a new binding has to be declared in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Unknown
from codemod.planner.fixes.workers_dev_fetch import receivers
from codemod.planner.fixes.workers_dev_fetch.receivers import Receiver
from codemod.scanner.modules import Modules, imports
from codemod.scanner.tracking.functions import arguments_of, called, calls_of_function
from codemod.scanner.tracking.program import Place, Program
from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS, PARAMETERS, parameters
from codemod.syntax.typescript import Source, children_of_type, text, unwrap

# Types of types beyond this are not worth following; the bound also ends cycles.
_MAX_STEPS = 12
_MAX_PLACES = 64
_SAME_TYPE = frozenset({"NonNullable", "Partial", "Readonly", "Required"})
_CASTS = frozenset({"as_expression", "satisfies_expression"})
_STATEMENTS = frozenset({"export_statement", "expression_statement", "return_statement"})
_DECLARATIONS = frozenset({"interface_declaration", "type_alias_declaration"})
_RUNTIME_TYPE = "Env"
_TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
_GENERATED_FILE = "worker-configuration.d.ts"
_GENERATED_MARK = b"enerated by Wrangler"
_HEAD = 400  # bytes at the start of a file, where a generator says that it wrote it


@dataclass(frozen=True, slots=True)
class Declared:
    """A type that is written out: ``body`` is an interface's body, or an object type."""

    source: Source
    body: Node

    @property
    def is_generated(self) -> bool:
        is_named = posixpath.basename(self.source.path) == _GENERATED_FILE
        return is_named or _GENERATED_MARK in self.source.content[:_HEAD]

    def has(self, name: str) -> bool:
        members = children_of_type(self.body, "property_signature", "method_signature")
        return any(
            typescript.property_name(key) == name
            for member in members
            if (key := member.child_by_field_name("name")) is not None
        )


@dataclass(frozen=True, slots=True)
class Written:
    """A type as code writes it, at a node of a module; ``name`` alone for a global one."""

    source: Source
    node: Node | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Types:
    """The declarations that tell what the environment of a call holds.

    ``complete`` says whether they are all of them.
    """

    declared: tuple[Declared, ...] = ()
    complete: bool = True


def types_of(modules: Modules, program: Program, call: Place, receiver: Receiver | None) -> Types:
    """The types of ``receiver``, and of what callers pass for it; none in JavaScript.

    Without a receiver, those of the ``env`` that the runtime exports.
    """
    source = call.module.source
    imported = [Written(source, None, _RUNTIME_TYPE)] if is_typescript(source) else []
    found: dict[tuple[str, int], Declared] = {}
    complete = True
    for written in _written(program, receiver) if receiver is not None else imported:
        type_ = _resolve(modules, written, _MAX_STEPS)
        if type_ is None or typescript.is_damaged(type_.body):
            complete = False
        else:
            found[type_.source.path, type_.body.start_byte] = type_
    return Types(tuple(found.values()), complete)


def is_typescript(source: Source) -> bool:
    return source.path.lower().endswith(_TYPESCRIPT)


def _written(program: Program, receiver: Receiver) -> Iterator[Written]:
    pending = [receiver]
    seen: set[tuple[str, int, str]] = set()
    while pending and len(seen) < _MAX_PLACES:
        current = pending.pop()
        key = current.owner.module.path, current.owner.node.start_byte, current.expression
        if key in seen:
            continue
        seen.add(key)
        yield from _type_of(program, current)
        pending += _given(program, current)


def _type_of(program: Program, receiver: Receiver) -> Iterator[Written]:
    """What the code says of the type of a receiver, nothing in JavaScript."""
    owner = receiver.owner
    source = owner.module.source
    if not is_typescript(source):
        return
    node = owner.node
    if node.type == "import_specifier":
        yield Written(source, None, _RUNTIME_TYPE)
    elif node.type in CLASSES:
        given = _heritage_argument(node)
        yield Written(source, given, "" if given is not None else _RUNTIME_TYPE)
    elif receiver.is_held:
        yield from _of_context(program, owner)
    elif (annotation := _annotation(node)) is not None:
        pattern = node.child_by_field_name("pattern")
        is_whole = pattern is None or pattern.type != "object_pattern"
        yield Written(source, annotation if is_whole else _first_argument(annotation))
    elif node.type in PARAMETERS or node.type in FUNCTIONS:
        around = _contextual(node)
        if around is not None:
            yield Written(source, _first_argument(around))
        elif not list(_given(program, receiver)):
            yield Written(source, None)
    elif node.type == "variable_declarator":
        yield from _of_value(program, receiver)


def _of_context(program: Program, owner: Place) -> Iterator[Written]:
    """The type of ``env`` in a context: Hono's, or that of a Pages Function."""
    source = owner.module.source
    annotation = _annotation(owner.node) or _contextual(owner.node)
    if annotation is not None:
        yield Written(source, _first_argument(annotation))
        return
    scopes = owner.module.scopes
    is_lone = owner.node.type in FUNCTIONS
    function = owner.node if is_lone else scopes.enclosing_function(owner.node)
    around = scopes.parent(function) if function is not None else None
    call = scopes.parent(around) if around is not None and around.type == "arguments" else None
    callee = called(call) if call is not None else None
    made = receivers.application(program, owner.at(callee)) if callee is not None else None
    arguments = made.node.child_by_field_name("type_arguments") if made is not None else None
    first = arguments.named_children[0] if arguments is not None else None
    yield Written(made.module.source if made is not None else source, first)


def _of_value(program: Program, receiver: Receiver) -> Iterator[Written]:
    """The type of the constant that is given ``c.env``, ``this.env`` or the environment."""
    value = receiver.owner.node.child_by_field_name("value")
    inner = _as_receiver(receiver.owner.at(unwrap(value))) if value is not None else None
    if inner is not None:
        yield from _type_of(program, inner)
    else:
        yield Written(receiver.owner.module.source, None)


def _as_receiver(place: Place) -> Receiver | None:
    """The expression at ``place`` as a receiver: a name, ``this.<field>`` or ``<name>.env``."""
    scopes = place.module.scopes
    root = place.node.child_by_field_name("object") or place.node
    if root.type == "this":
        owner = scopes.class_of_instance(root)
        return Receiver(text(place.node), place.at(owner)) if owner is not None else None
    declaration = scopes.declaration(root)
    return Receiver(text(place.node), place.at(declaration.owner)) if declaration else None


def _given(program: Program, receiver: Receiver) -> Iterator[Receiver]:
    """The receivers that calls pass where ``receiver`` is a parameter, or made a field of one."""
    owner = receiver.owner
    scopes = owner.module.scopes
    function = scopes.enclosing_function(owner.node) if owner.node.type in PARAMETERS else None
    if function is None or receiver.is_held or owner.node not in parameters(function):
        return
    index = parameters(function).index(owner.node)
    for call in calls_of_function(program, owner.at(function)):
        listed = arguments_of(call.node) if call is not None else []
        if call is None or len(listed) <= index:
            continue
        passed = _as_receiver(call.at(unwrap(listed[index])))
        if passed is not None:
            yield passed


def _annotation(node: Node) -> Node | None:
    annotation = node.child_by_field_name("type")
    return annotation.named_children[0] if annotation is not None else None


def _heritage_argument(owner: Node) -> Node | None:
    for heritage in children_of_type(owner, "class_heritage"):
        for clause in children_of_type(heritage, "extends_clause"):
            for arguments in children_of_type(clause, "type_arguments"):
                return arguments.named_children[0]
    return None


def _first_argument(node: Node) -> Node | None:
    arguments = node.child_by_field_name("type_arguments")
    return arguments.named_children[0] if arguments is not None else None


def _contextual(node: Node) -> Node | None:
    """The type that the code around a parameter says of what its function is part of."""
    current = node.parent
    while current is not None and current.type not in _STATEMENTS:
        if current.type in _CASTS:
            return current.named_children[-1]
        if current.type == "variable_declarator":
            return _annotation(current)
        if current.type in CLASSES or current.type == "arguments":
            return None
        current = current.parent
    return None


def _resolve(modules: Modules, written: Written, steps: int) -> Declared | None:
    """The declaration behind a type, None where it is not one that is written out."""
    node, source = written.node, written.source
    if steps <= 0 or (node is None and not written.name):
        return None
    if node is None:
        return _global(modules, source, written.name)
    if node.type == "object_type":
        bindings = _member_type(node, "Bindings")
        return (
            _resolve(modules, Written(source, bindings), steps - 1)
            if bindings is not None
            else Declared(source, node)
        )
    if node.type == "interface_body":
        return Declared(source, node)
    if node.type in ("intersection_type", "parenthesized_type", "readonly_type"):
        parts = (
            _resolve(modules, Written(source, part), steps - 1) for part in node.named_children
        )
        return next(filter(None, parts), None)
    if node.type == "generic_type":
        name = node.child_by_field_name("name")
        first = _first_argument(node)
        if name is not None and text(name) in _SAME_TYPE and first is not None:
            return _resolve(modules, Written(source, first), steps - 1)
        return None
    if node.type == "nested_type_identifier":
        return _global(modules, source, text(node).rpartition(".")[2])
    if node.type != "type_identifier":
        return None
    return _named(modules, source, text(node), steps - 1)


def _named(modules: Modules, source: Source, name: str, steps: int) -> Declared | None:
    """The type called ``name`` in a module: its own, an imported one, or a global one."""
    if steps <= 0:
        return None
    found = _declaration(source.root, name)
    if found is not None:
        body = found.child_by_field_name("body") or found.child_by_field_name("value")
        return _resolve(modules, Written(source, body), steps) if body is not None else None
    imported = imports(source).get(name)
    if imported is None:
        return _global(modules, source, name)
    return _exported(modules, source, imported.specifier, imported.imported, steps)


def _exported(
    modules: Modules, importer: Source, specifier: str, name: str, steps: int
) -> Declared | None:
    target = modules.resolve(specifier, importer.path)
    source = modules.source(target) if isinstance(target, str) else None
    if steps <= 0 or source is None or isinstance(source, Unknown):
        return None
    if _declaration(source.root, name) is not None or name in imports(source):
        return _named(modules, source, name, steps)
    for statement in children_of_type(source.root, "export_statement"):
        forwarded = statement.child_by_field_name("source")
        inner = typescript.string_value(forwarded) if forwarded is not None else None
        local = _forwarded_name(statement, name)
        if inner is not None and local is not None:
            found = _exported(modules, source, inner, local, steps - 1)
            if found is not None:
                return found
    return None


def _forwarded_name(statement: Node, name: str) -> str | None:
    """The name in the other module of what a re-export gives as ``name``."""
    clauses = list(children_of_type(statement, "export_clause"))
    if not clauses:
        return name
    for specifier in children_of_type(clauses[0], "export_specifier"):
        local, alias = (specifier.child_by_field_name(field) for field in ("name", "alias"))
        if local is not None and text(alias or local) == name:
            return text(local)
    return None


def _member_type(body: Node, name: str) -> Node | None:
    for member in children_of_type(body, "property_signature"):
        key = member.child_by_field_name("name")
        if key is not None and typescript.property_name(key) == name:
            return _annotation(member)
    return None


def _declaration(root: Node, name: str) -> Node | None:
    for statement in typescript.statements(root):
        for node in (statement, statement.child_by_field_name("declaration")):
            if node is None or node.type not in _DECLARATIONS:
                continue
            named = node.child_by_field_name("name")
            if named is not None and text(named) == name:
                return node
    return None


def _global(modules: Modules, source: Source, name: str) -> Declared | None:
    """The interface ``name`` in the declaration files beside a module or above it.

    In the file that ``wrangler types`` writes, and in those that extend the same interface.
    """
    folder = posixpath.dirname(source.path)
    while True:
        for path in _declaration_files(modules, folder):
            found = modules.source(path)
            node = None if isinstance(found, Unknown) else _ambient(found.root, name)
            if node is not None and not isinstance(found, Unknown):
                return Declared(found, node)
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def _declaration_files(modules: Modules, folder: str) -> list[str]:
    try:
        entries = modules.files.entries(folder)
    except OSError:
        return []
    names = [name for name, is_folder in entries if name.endswith(".d.ts") and not is_folder]
    return [posixpath.join(folder, name) for name in sorted(names, key=_GENERATED_FILE.__ne__)]


def _ambient(root: Node, name: str) -> Node | None:
    """The body of the interface ``name`` that a file declares, in whatever namespace."""
    for node in typescript.walk(root):
        if node.type != "interface_declaration":
            continue
        named = node.child_by_field_name("name")
        if named is not None and text(named) == name:
            return node.child_by_field_name("body")
    return None
