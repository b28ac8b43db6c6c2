"""Where an entry module takes requests, and can be given one more route.

Only where that is certain to be asked before anything else, and to change nothing else: an async
``fetch`` of a default object literal or of a WorkerEntrypoint class, or a plain Hono app.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from tree_sitter import Node

from codemod.generator.entry import Entry
from codemod.model import (
    Export,
    ExportForm,
    ExportKind,
    FunctionForm,
    Location,
    Span,
    Worker,
)
from codemod.model import Handler as ExportedHandler
from codemod.planner.layout import end_of_line
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.scanner.modules import imports
from codemod.syntax import typescript
from codemod.syntax.scopes import CLASSES, FUNCTIONS, Scopes, parameters
from codemod.syntax.typescript import children_of_type, string_value, text, unwrap

_FORMS = frozenset({ExportForm.OBJECT_LITERAL, ExportForm.CLASS})
_KINDS = frozenset({ExportKind.OBJECT, ExportKind.WORKER_ENTRYPOINT})
_GLOBAL = "URL"
_HANDLER_TYPE = b"ExportedHandler"
_HONO = ("hono", "hono/quick", "hono/tiny")
_GUARD = "use"
_KEEPING = frozenset(
    {"delete", "get", "notFound", "onError", "options", "patch", "post", "put", _GUARD}
)
_ROUTING = frozenset({"all", "get", "mount", "on", "route"})
_FIELDS = frozenset({"field_definition", "pair", "public_field_definition"})


class Typing(Enum):
    """What the code says of the type of the environment: a type, nothing at all, or too little."""

    NAMED = auto()
    OPEN = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Handler:
    """The body of a ``fetch``, and the expressions for the request and the environment in it."""

    body: Node
    request: str
    environment: str
    typing: Typing


@dataclass(frozen=True, slots=True)
class App:
    """A Hono app by its name, and where the route goes, with what stands before it there.

    ``name`` is None where the app has none and the route is one more call in its chain.
    """

    name: str | None
    point: int
    before: str
    typing: Typing


def find(workshop: Workshop, worker: Worker, place: Entry) -> Handler | App | Refusal:
    """Where the entry takes requests, or why nothing can be put there."""
    default = worker.default_export
    if default is None:
        return Refusal("it has no default export that can be seen", None)
    if default.form is ExportForm.APP:
        return _app(workshop, place, default)
    handler = default.handler("fetch")
    if default.form not in _FORMS or default.kind not in _KINDS or handler is None:
        reason = "its default export is no object or entrypoint class with a fetch that can be seen"
        return Refusal(f"{reason} ({default.because})", default.location)
    if handler.location.path != place.path:
        return Refusal("its fetch stands in another module", handler.location)
    if handler.form is FunctionForm.REFERENCE:
        return Refusal("its fetch refers to a function elsewhere", handler.location)
    return _handler(workshop, place, default.kind, handler)


# --- Handlers -------------------------------------------------------------------------------


def _handler(
    workshop: Workshop, place: Entry, kind: ExportKind, handler: ExportedHandler
) -> Handler | Refusal:
    function = _function(place, handler.location.span)
    body = function.child_by_field_name("body") if function is not None else None
    if function is None:
        return Refusal("its fetch is no function that is written there", handler.location)
    if body is None or typescript.is_damaged(function):
        return Refusal("its fetch does not parse", handler.location)
    if not handler.is_async or any(child.type == "*" for child in function.children):
        return Refusal("its fetch is not async", handler.location)
    if body.type != "statement_block":
        return Refusal("its fetch is an expression, without a body", handler.location)
    if _is_declared(workshop.modules.scopes(place.source), body):
        return Refusal(f"{_GLOBAL} is a name of its own there", handler.location)
    given = parameters(function)
    request, environment, *_ = (*map(_plain_name, given), None, None)
    if kind is ExportKind.WORKER_ENTRYPOINT and request is not None:
        return Handler(body, request, "this.env", _typing_of_class(function))
    if kind is ExportKind.OBJECT and request is not None and environment is not None:
        return Handler(body, request, environment, _typing_of_parameter(place, given[1]))
    return Refusal("its fetch does not take what it needs as plain parameters", handler.location)


def _function(place: Entry, at: Span) -> Node | None:
    """The function of a member of an object or class that stands at ``at``."""
    node = place.source.root.descendant_for_byte_range(at.start, at.end)
    if node is not None and node.type in _FIELDS:
        node = node.child_by_field_name("value")
    node = unwrap(node) if node is not None else None
    return node if node is not None and node.type in FUNCTIONS else None


def _plain_name(parameter: Node) -> str | None:
    """The name of a parameter that is always given; None where it is a pattern or optional."""
    pattern = parameter.child_by_field_name("pattern")
    has_default = parameter.child_by_field_name("value") is not None
    if parameter.type != "required_parameter" or has_default or pattern is None:
        return None
    return text(pattern) if pattern.type == "identifier" else None


def _is_declared(scopes: Scopes, body: Node) -> bool:
    inner = next(iter(body.named_children), None)
    return scopes.visible(_GLOBAL, inner if inner is not None else body) is not None


def _typing_of_parameter(place: Entry, parameter: Node) -> Typing:
    annotation = parameter.child_by_field_name("type")
    if annotation is not None:
        return Typing.OPEN if text(annotation).lstrip(": ") == "any" else Typing.NAMED
    return Typing.NAMED if _HANDLER_TYPE in place.source.content else Typing.OPEN


def _typing_of_class(method: Node) -> Typing:
    around = method.parent
    while around is not None and around.type not in CLASSES:
        around = around.parent
    for heritage in children_of_type(around, "class_heritage") if around is not None else ():
        for clause in children_of_type(heritage, "extends_clause"):
            if next(children_of_type(clause, "type_arguments"), None) is not None:
                return Typing.NAMED
    return Typing.UNKNOWN


# --- Hono -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of a method of the app, by itself or in a chain, in a statement of the module."""

    statement: Node
    node: Node
    method: str


def _app(workshop: Workshop, place: Entry, default: Export) -> App | Refusal:
    """The app, behind its last middleware: what guards its other routes guards the new one."""
    if default.location.path != place.path:
        return Refusal("its default export is an app of another module", default.location)
    if default.local_name is None:
        return _exported_chain(place, default)
    source, name = place.source, default.local_name
    scopes = workshop.modules.scopes(source)
    declaration = scopes.top_level(name)
    statement = declaration.owner.parent if declaration is not None else None
    if declaration is None or statement is None or not _is_hono(place, _value(declaration.owner)):
        return Refusal("its default export is no plain `new Hono()`", default.location)
    calls: list[_Call] = []
    for reference in scopes.references(declaration):
        chain = _chain(scopes, reference)
        if not chain and not _is_exported(scopes, reference):
            return Refusal(f"{name} is used in more ways than to add routes", _at(place, reference))
        calls += chain
    last = max(
        (call.statement for call in calls if call.method == _GUARD),
        key=lambda node: node.start_byte,
        default=statement,
    )
    for call in calls:
        if call.statement.start_byte <= last.start_byte and _may_answer(call):
            reason = f"{name}.{call.method}(…) may answer before its last middleware"
            return Refusal(reason, _at(place, call.statement))
    if typescript.is_damaged(last):
        return Refusal("the statement that the route goes behind does not parse", _at(place, last))
    point, ends_line = end_of_line(source, last)
    before = place.layout.line_break if ends_line else " "
    return App(name, point, before, _typing_of_app(unwrap(_value(declaration.owner))))


def _exported_chain(place: Entry, default: Export) -> App | Refusal:
    """The app of ``export default new Hono().get(…)``, which has no name."""
    span = default.location.span
    statement = place.source.root.descendant_for_byte_range(span.start, span.end)
    exported = statement.child_by_field_name("value") if statement is not None else None
    if statement is None or exported is None or typescript.is_damaged(statement):
        return Refusal("its default export is no plain `new Hono()`", default.location)
    calls: list[_Call] = []
    node = unwrap(exported)
    while node.type == "call_expression":
        function = node.child_by_field_name("function")
        method = function.child_by_field_name("property") if function is not None else None
        inner = function.child_by_field_name("object") if function is not None else None
        if method is None or inner is None or text(method) not in _KEEPING | _ROUTING:
            return Refusal("its default export is no plain `new Hono()`", default.location)
        calls.append(_Call(statement, node, text(method)))
        node = inner
    if not _is_hono(place, node):
        return Refusal("its default export is no plain `new Hono()`", default.location)
    guards = [call for call in calls if call.method == _GUARD]
    last = guards[0].node if guards else node
    for call in calls:
        if call.node.end_byte < last.end_byte and _may_answer(call):
            reason = f"{call.method}(…) may answer before the last middleware"
            return Refusal(reason, _at(place, call.node))
    return App(None, last.end_byte, _break_behind(place, last), _typing_of_app(node))


def _break_behind(place: Entry, node: Node) -> str:
    """What parts the next call of a chain from this one: a line break with blanks, or nothing."""
    content, end = place.source.content, node.end_byte
    dot = content.find(b".", end)
    between = content[end:dot] if dot >= 0 else b""
    return between.decode() if between.isspace() else ""


def _typing_of_app(made: Node) -> Typing:
    typed = next(children_of_type(made, "type_arguments"), None)
    return Typing.UNKNOWN if typed is None else Typing.NAMED


def _is_hono(place: Entry, made_by: Node) -> bool:
    value = unwrap(made_by)
    made = value.child_by_field_name("constructor")
    imported = imports(place.source).get(text(made)) if made is not None else None
    is_new = value.type == "new_expression"
    return is_new and imported is not None and imported.specifier in _HONO


def _value(declarator: Node) -> Node:
    """The value that a declarator gives its name, the declarator itself where it gives none."""
    return declarator.child_by_field_name("value") or declarator


def _chain(scopes: Scopes, reference: Node) -> list[_Call]:
    """The calls ``app.a().b()`` that begin with ``reference``, none where they are no statement."""
    found: list[tuple[Node, str]] = []
    node, parent = reference, scopes.parent(reference)
    while parent is not None and parent.type == "member_expression":
        method = parent.child_by_field_name("property")
        call = scopes.parent(parent)
        if method is None or call is None or call.type != "call_expression":
            return []
        found.append((call, text(method)))
        node, parent = call, scopes.parent(call)
    if parent is not None and parent.type == "variable_declarator":
        parent = scopes.parent(parent)
    is_top = parent is not None and parent.parent is not None and parent.parent.type == "program"
    if parent is None or node == reference or not is_top:
        return []
    return [_Call(parent, call, method) for call, method in found]


def _is_exported(scopes: Scopes, reference: Node) -> bool:
    parent = scopes.parent(reference)
    return parent is not None and parent.type in ("export_statement", "export_specifier")


def _may_answer(call: _Call) -> bool:
    """Whether a route may match any path: one with a wildcard or parameter, or none to be seen."""
    if call.method not in _ROUTING:
        return False
    listed = call.node.child_by_field_name("arguments")
    given = listed.named_children if listed is not None else []
    paths = [string_value(node) for node in given[:2]]
    path = next((item for item in paths if item is not None and item.startswith("/")), None)
    return path is None or "*" in path or ":" in path


def _at(place: Entry, node: Node) -> Location:
    return place.source.location(node)
