"""The types of the environment that a new binding has to be declared in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tree_sitter import Node

from codemod.model import Unknown
from codemod.planner.fixes.workers_dev_fetch import receivers
from codemod.planner.fixes.workers_dev_fetch.receivers import Receiver
from codemod.scanner.modules import Modules, imports
from codemod.scanner.tracking.functions import arguments_of, calls_of_function
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
_NAMESPACES = frozenset({"internal_module", "module"})
_PARTIAL = "Partial"
_UNTYPED = frozenset({"ExportedHandler", "PagesFunction"})
_RUNTIME_TYPE = "Cloudflare.Env"
_TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
_GENERATED_FILE = "worker-configuration.d.ts"
_GENERATED_MARK = b"enerated by Wrangler"
_HEAD = 400  # bytes at the start of a file, where a generator says that it wrote it


@dataclass(frozen=True, slots=True)
class Written:
    """A type as code writes it, at a node of a module; ``name`` alone for a global one.

    ``untyped`` is what says nothing of its environment: ``ExportedHandler`` without a type
    argument, or the ``Hono`` of an application, as ``is_application`` says.
    """

    source: Source
    node: Node | None
    name: str = ""
    untyped: Node | None = None
    is_application: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """A type that is written out: ``body`` is an interface's body, or an object type.

    ``others`` are the types that it extends, or is intersected with. ``is_partial`` says that the
    code has it as ``Partial<…>``.
    """

    source: Source
    body: Node
    others: tuple[Written, ...] = ()
    is_partial: bool = False

    @property
    def is_generated(self) -> bool:
        is_named = posixpath.basename(self.source.path) == _GENERATED_FILE
        return is_named or _GENERATED_MARK in self.source.content[:_HEAD]

    def member(self, name: str) -> Node | None:
        """The property ``name`` that the body declares itself."""
        for member in children_of_type(self.body, "property_signature", "method_signature"):
            key = member.child_by_field_name("name")
            if key is not None and typescript.property_name(key) == name:
                return member
        return None


@dataclass(frozen=True, slots=True)
class Member:
    """The declaration of a binding in a type, at a node of ``declared``."""

    declared: Declared
    node: Node

    @property
    def may_lack(self) -> bool:
        """Whether the binding need not be there: ``API?: Fetcher``, ``API: Fetcher | null``."""
        annotation = self.node.child_by_field_name("type")
        is_nullable = annotation is not None and receivers.is_nullable(annotation)
        return is_nullable or any(child.type == "?" for child in self.node.children)


@dataclass(frozen=True, slots=True)
class Types:
    """The declarations that tell what the environment of a call holds.

    ``untyped`` are those that could have an environment, and say nothing of it. ``complete`` says
    whether there are no others. ``is_imported`` says that it is the global ``Cloudflare.Env``,
    which the runtime's own ``env`` is of.
    """

    declared: tuple[Declared, ...] = ()
    untyped: tuple[Written, ...] = ()
    complete: bool = True
    is_imported: bool = False


def types_of(modules: Modules, program: Program, call: Place, receiver: Receiver | None) -> Types:
    """The types of ``receiver``, and of what callers pass for it; none in JavaScript.

    Without a receiver, those of the ``env`` that the runtime exports.
    """
    source = call.module.source
    imported = [Written(source, None, _RUNTIME_TYPE)] if is_typescript(source) else []
    found: dict[tuple[str, int], Declared] = {}
    untyped: list[Written] = []
    complete = True
    for written in _written(program, receiver) if receiver is not None else imported:
        if written.node is not None and text(written.node) == "any":
            continue
        if written.untyped is not None:
            untyped.append(written)
            continue
        type_ = resolve(modules, written)
        if type_ is None or typescript.is_damaged(type_.body):
            complete = False
        else:
            key = type_.source.path, type_.body.start_byte
            is_partial = type_.is_partial or (key in found and found[key].is_partial)
            found[key] = replace(type_, is_partial=is_partial)
    for written in _beside(program, receiver) if receiver is not None else ():
        type_ = resolve(modules, written)
        if type_ is not None and not typescript.is_damaged(type_.body):
            found.setdefault((type_.source.path, type_.body.start_byte), type_)
    is_imported = receiver is None or receiver.owner.node.type == "import_specifier"
    return Types(tuple(found.values()), tuple(untyped), complete, is_imported)


def member_of(modules: Modules, type_: Declared, name: str) -> Member | None:
    """The declaration of the binding ``name`` in a type, or in those that it is made of."""
    pending = [type_]
    for current in pending:
        node = current.member(name)
        if node is not None:
            return Member(current, node)
        for written in current.others if len(pending) < _MAX_PLACES else ():
            found = resolve(modules, written)
            pending += [found] if found is not None and found not in pending else []
    return None


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
        given = heritage_argument(node)
        yield Written(source, given, "" if given is not None else _RUNTIME_TYPE)
    elif receiver.is_held:
        yield from _of_context(program, owner)
    elif (annotation := annotation_of(node)) is not None:
        yield Written(source, annotation)
    elif node.type in PARAMETERS or node.type in FUNCTIONS:
        around = contextual(node)
        if around is not None:
            yield _argument(source, around)
        elif not list(_given(program, receiver)):
            yield Written(source, None)
    elif node.type == "variable_declarator":
        yield from _of_value(program, receiver)


def _of_context(program: Program, owner: Place) -> Iterator[Written]:
    """The type of ``env`` in a context: Hono's, or that of a Pages Function."""
    source = owner.module.source
    annotation = annotation_of(owner.node)
    if annotation is not None and annotation.type == "object_type":
        yield Written(source, member_type(annotation, "env"))
        return
    annotation = annotation or contextual(owner.node)
    if annotation is not None:
        yield _argument(source, annotation)
        return
    made = list(_applications(program, owner))
    yield from map(_of_application, made)
    if not made:
        yield Written(source, None)


def _applications(program: Program, owner: Place) -> Iterator[Place]:
    is_lone = owner.node.type in FUNCTIONS
    function = owner.node if is_lone else owner.module.scopes.enclosing_function(owner.node)
    if function is not None:
        yield from receivers.applications(program, owner.at(function))


def _of_application(made: Place) -> Written:
    source = made.module.source
    constructor = made.node.child_by_field_name("constructor")
    arguments = made.node.child_by_field_name("type_arguments")
    if arguments is not None or not is_typescript(source):
        return Written(source, arguments.named_children[0] if arguments is not None else None)
    return Written(source, None, untyped=constructor, is_application=True)


def _argument(source: Source, type_: Node) -> Written:
    """The first type argument, which the types of handlers have for the environment."""
    first = first_argument(type_)
    if first is None and text(type_) in _UNTYPED:
        return Written(source, None, untyped=type_)
    return Written(source, first)


def _beside(program: Program, receiver: Receiver) -> Iterator[Written]:
    """The types that have to go with that of ``receiver``.

    That of the handlers around a parameter with a type of its own: ``satisfies
    ExportedHandler<…>``, or of the application that a function is a route of. That of the base of a
    class, which a constructor hands its parameter to, and that of the parameter which ``this.env``
    of the base comes from.
    """
    owner = receiver.owner
    source, node = owner.module.source, owner.node
    if not is_typescript(source):
        return
    scopes = owner.module.scopes
    if node.type in CLASSES:
        for parameter in _of_constructor(node):
            yield Written(source, annotation_of(parameter))
        return
    if node.type not in PARAMETERS or annotation_of(node) is None:
        return
    around = contextual(node)
    if around is not None:
        yield Written(source, first_argument(around))
    if receiver.is_held:
        yield from map(_of_application, _applications(program, owner))
    function = scopes.enclosing_function(node)
    body = scopes.parent(function) if function is not None else None
    class_ = scopes.parent(body) if body is not None else None
    if class_ is not None and class_.type in CLASSES and node in _of_constructor(class_):
        yield Written(source, heritage_argument(class_))


def _of_constructor(class_: Node) -> list[Node]:
    """The second parameter of the constructor of a class, if there is one."""
    body = class_.child_by_field_name("body")
    for method in children_of_type(body, "method_definition") if body is not None else ():
        name = method.child_by_field_name("name")
        if name is not None and text(name) == "constructor":
            return parameters(method)[1:2]
    return []


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
    if declaration is None:
        return None
    owner = declaration.owner
    pattern = owner.child_by_field_name("pattern")
    is_part = pattern is not None and pattern.type == "object_pattern"
    is_held = is_part or root != place.node
    return Receiver(text(place.node), place.at(owner), is_held=is_held)


def _given(program: Program, receiver: Receiver) -> Iterator[Receiver]:
    """The receivers that calls pass where ``receiver`` is a parameter, or made a field of one.

    For a context that holds the environment, these are contexts that do.
    """
    owner = receiver.owner
    scopes = owner.module.scopes
    function = scopes.enclosing_function(owner.node) if owner.node.type in PARAMETERS else None
    if function is None or owner.node not in parameters(function):
        return
    index = parameters(function).index(owner.node)
    for call in calls_of_function(program, owner.at(function)):
        listed = arguments_of(call.node) if call is not None else []
        if call is None or len(listed) <= index:
            continue
        passed = _as_receiver(call.at(unwrap(listed[index])))
        if passed is None:
            continue
        if not receiver.is_held:
            yield passed
        elif passed.owner.node.type in PARAMETERS:
            yield replace(passed, is_held=True)


def annotation_of(node: Node) -> Node | None:
    """The type that a parameter, a variable or a property is declared with."""
    annotation = node.child_by_field_name("type")
    return annotation.named_children[0] if annotation is not None else None


def heritage_argument(owner: Node) -> Node | None:
    """The first type argument of the base of a class."""
    for heritage in children_of_type(owner, "class_heritage"):
        for clause in children_of_type(heritage, "extends_clause"):
            for arguments in children_of_type(clause, "type_arguments"):
                return arguments.named_children[0]
    return None


def first_argument(node: Node) -> Node | None:
    """The first type argument of a type, or of the one that it is a list of."""
    inner = node.named_children[0] if node.type == "array_type" else node
    arguments = inner.child_by_field_name("type_arguments")
    return arguments.named_children[0] if arguments is not None else None


def contextual(node: Node) -> Node | None:
    """The type that the code around a parameter says of what its function is part of."""
    current = node.parent
    while current is not None and current.type not in _STATEMENTS:
        if current.type in _CASTS:
            return current.named_children[-1]
        if current.type == "variable_declarator":
            return annotation_of(current)
        if current.type in CLASSES or current.type == "arguments":
            return None
        current = current.parent
    return None


def resolve(modules: Modules, written: Written, steps: int = _MAX_STEPS) -> Declared | None:
    """The declaration behind a type, None where it is not one that is written out."""
    node, source = written.node, written.source
    if steps <= 0 or (node is None and not written.name):
        return None
    if node is None:
        return _global(modules, source, written.name)
    if node.type == "object_type":
        bindings = member_type(node, "Bindings")
        return (
            resolve(modules, Written(source, bindings), steps - 1)
            if bindings is not None
            else Declared(source, node)
        )
    if node.type in ("intersection_type", "parenthesized_type", "readonly_type", "union_type"):
        return _of_parts(modules, source, node, steps - 1)
    if node.type == "generic_type":
        name = node.child_by_field_name("name")
        first = first_argument(node)
        if name is None or text(name) not in _SAME_TYPE or first is None:
            return None
        found = resolve(modules, Written(source, first), steps - 1)
        is_partial = found is not None and text(name) == _PARTIAL
        return replace(found, is_partial=True) if found is not None and is_partial else found
    if node.type == "nested_type_identifier":
        return _global(modules, source, text(node))
    if node.type != "type_identifier":
        return None
    return _named(modules, source, text(node), steps - 1)


def _of_parts(modules: Modules, source: Source, node: Node, steps: int) -> Declared | None:
    """The first part of a type that is written out, with the others that it is intersected with."""
    parts = [Written(source, part) for part in receivers.values_of(node)]
    if node.type == "union_type" and len(parts) > 1:
        return None
    for index, part in enumerate(parts):
        found = resolve(modules, part, steps)
        if found is not None:
            others = parts[:index] + parts[index + 1 :]
            return replace(found, others=(*found.others, *others))
    return None


def _named(modules: Modules, source: Source, name: str, steps: int) -> Declared | None:
    """The type called ``name`` in a module: its own, an imported one, or a global one."""
    if steps <= 0:
        return None
    found = _declaration(source.root, name)
    if found is not None:
        body = found.child_by_field_name("body")
        if body is not None:
            return Declared(source, body, tuple(_extended(source, found)))
        value = found.child_by_field_name("value")
        return resolve(modules, Written(source, value), steps) if value is not None else None
    imported = imports(source).get(name)
    if imported is None:
        return _global(modules, source, name)
    return _exported(modules, source, imported.specifier, imported.imported, steps)


def _extended(source: Source, interface: Node) -> Iterator[Written]:
    for clause in children_of_type(interface, "extends_type_clause"):
        for type_ in clause.named_children:
            yield Written(source, type_)


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


def member_type(body: Node, name: str) -> Node | None:
    """The type of the property ``name`` of an object type."""
    for member in children_of_type(body, "property_signature"):
        key = member.child_by_field_name("name")
        if key is not None and typescript.property_name(key) == name:
            return annotation_of(member)
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

    In the file that ``wrangler types`` writes, and in those that extend the same interface. A name
    with a dot is one in a namespace.
    """
    folder = posixpath.dirname(source.path)
    while True:
        for path in _declaration_files(modules, folder):
            found = modules.source(path)
            node = None if isinstance(found, Unknown) else _ambient(found.root, name)
            if node is not None and not isinstance(found, Unknown):
                body = node.child_by_field_name("body") or node
                return Declared(found, body, tuple(_extended(found, node)))
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
    """The interface ``name`` that a file declares; without a dot, in whatever namespace."""
    namespace, _, own = name.rpartition(".")
    namespace = namespace.rpartition(".")[2]
    for node in typescript.walk(root):
        if node.type != "interface_declaration":
            continue
        named = node.child_by_field_name("name")
        if named is None or text(named) != own:
            continue
        if not namespace or _is_in_namespace(node, namespace):
            return node
    return None


def _is_in_namespace(node: Node, namespace: str) -> bool:
    around = node.parent
    while around is not None:
        named = around.child_by_field_name("name") if around.type in _NAMESPACES else None
        if named is not None and text(named) == namespace:
            return True
        around = around.parent
    return False
