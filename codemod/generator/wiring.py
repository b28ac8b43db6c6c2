"""A route in the entry module that answers with what a generated module gives.

Only where it is certain to be asked before anything else and to change nothing else: an async
``fetch`` of a default object literal or of a WorkerEntrypoint class, or a plain Hono app.
"""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.generator.entry import Entry
from codemod.generator.writing import quoted, restyled
from codemod.model import (
    Edit,
    Export,
    ExportForm,
    ExportKind,
    Exports,
    FunctionForm,
    Location,
    Span,
    Worker,
)
from codemod.planner.free_names import first_free, names_in
from codemod.planner.layout import end_of_line
from codemod.planner.refusal import Refusal
from codemod.planner.rewrite import Rewrite
from codemod.planner.runtime_import import after_header
from codemod.planner.workshop import Workshop
from codemod.scanner.modules import imports
from codemod.syntax import typescript
from codemod.syntax.scopes import FUNCTIONS, Scopes, parameters
from codemod.syntax.text import indentation, line_break_at, skip_blanks
from codemod.syntax.typescript import string_value, text, unwrap

_FORMS = frozenset({ExportForm.OBJECT_LITERAL, ExportForm.CLASS})
_GLOBAL = "URL"
_HONO = ("hono", "hono/quick", "hono/tiny")
_GUARD = "use"
_ROUTING = frozenset({"all", "get", "mount", "on", "route"})


@dataclass(frozen=True, slots=True)
class Route:
    """GET ``path`` is answered by the function that ``specifier`` exports as ``function``."""

    path: str
    function: str
    specifier: str


@dataclass(frozen=True, slots=True)
class _Handler:
    """The body of a ``fetch``, and the expressions for the request and the environment in it."""

    body: Node
    request: str
    environment: str


@dataclass(frozen=True, slots=True)
class _App:
    """A Hono app by its name, and the statement that the route goes behind."""

    name: str
    statement: Node


def by_hand(place: Entry, route: Route) -> tuple[str, str]:
    """The two lines that wire ``route``, for the ``fetch`` of an object."""
    answer = f"if ({_condition('request', route)}) return {route.function}(env);"
    return _styled(place, f"{_import(route, route.function)}\n", ""), _styled(
        place, f"{answer}\n", ""
    )


def wire(
    workshop: Workshop, worker: Worker, place: Entry, route: Route
) -> tuple[Edit, ...] | Refusal:
    """The edits of the entry that make it answer ``route``, or why they are not proved safe."""
    site = _site(workshop, worker, place)
    if isinstance(site, Refusal):
        return site
    rewrite = Rewrite(place.source)
    local = first_free([route.function], names_in(place.source))
    _add_import(rewrite, place, _import(route, local))
    if isinstance(site, _App):
        line = f"{site.name}.get({quoted(route.path)}, (c) => {local}(c.env));\n"
        point, is_free = end_of_line(place.source, site.statement)
        if not is_free:
            return Refusal("other code stands behind it in its line", _at(place, site.statement))
        rewrite.insert(point, place.layout.line_break + _styled(place, line, ""))
    else:
        _add_condition(rewrite, place, site, route, local)
    return rewrite.edits()


# --- Where it goes --------------------------------------------------------------------------


def _site(workshop: Workshop, worker: Worker, place: Entry) -> _Handler | _App | Refusal:
    default = worker.exports.default if isinstance(worker.exports, Exports) else None
    if default is None:
        return Refusal("it has no default export that can be seen", None)
    if default.form is ExportForm.APP:
        return _app(workshop, place, default)
    return _handler(workshop, place, default)


def _handler(workshop: Workshop, place: Entry, default: Export) -> _Handler | Refusal:
    handler = default.handler("fetch")
    if default.form not in _FORMS or handler is None:
        reason = "its default export is no object literal or class with a fetch that can be seen"
        return Refusal(f"{reason} ({default.because})", default.location)
    if handler.location.path != place.path:
        return Refusal("its fetch stands in another module", handler.location)
    if handler.form is FunctionForm.REFERENCE:
        return Refusal("its fetch refers to a function elsewhere", handler.location)
    function = _function(place, handler.location.span)
    body = function.child_by_field_name("body") if function is not None else None
    if function is None or body is None or typescript.is_damaged(function):
        return Refusal("its fetch does not parse", handler.location)
    if not handler.is_async or any(child.type == "*" for child in function.children):
        return Refusal("its fetch is not async", handler.location)
    if body.type != "statement_block":
        return Refusal("its fetch is an expression, without a body", handler.location)
    names = list(map(_plain_name, parameters(function)))
    is_class = default.kind is ExportKind.WORKER_ENTRYPOINT
    if default.kind not in (ExportKind.OBJECT, ExportKind.WORKER_ENTRYPOINT):
        return Refusal("its default export is no entrypoint", default.location)
    needed = names[:1] if is_class else names[:2]
    if len(needed) < (1 if is_class else 2) or None in needed:
        reason = "its fetch does not take the request" + ("" if is_class else " and env")
        return Refusal(f"{reason} as plain parameters", handler.location)
    if _is_declared(workshop.modules.scopes(place.source), body):
        return Refusal(f"{_GLOBAL} is a name of its own there", handler.location)
    environment = "this.env" if is_class else needed[1] or ""
    return _Handler(body, needed[0] or "", environment)


def _function(place: Entry, at: Span) -> Node | None:
    """The function of a member of an object or class that stands at ``at``."""
    node = place.source.root.descendant_for_byte_range(at.start, at.end)
    if node is not None and node.type == "pair":
        node = node.child_by_field_name("value")
    node = unwrap(node) if node is not None else None
    return node if node is not None and node.type in FUNCTIONS else None


def _plain_name(parameter: Node) -> str | None:
    """The name of a parameter that is always given; None where it is a pattern or optional."""
    if parameter.type == "identifier":
        return text(parameter)
    pattern = parameter.child_by_field_name("pattern")
    is_plain = parameter.type == "required_parameter" and (
        parameter.child_by_field_name("value") is None
    )
    if pattern is None or pattern.type != "identifier" or not is_plain:
        return None
    return text(pattern)


def _is_declared(scopes: Scopes, body: Node) -> bool:
    inner = next(iter(body.named_children), None)
    return scopes.visible(_GLOBAL, inner if inner is not None else body) is not None


# --- Hono -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of a method of the app, by itself or in a chain, in a statement of the module."""

    statement: Node
    node: Node
    method: str


def _app(workshop: Workshop, place: Entry, default: Export) -> _App | Refusal:
    """The app, behind its last middleware: what guards its other routes guards the new one."""
    source, name = place.source, default.local_name or ""
    scopes = workshop.modules.scopes(source)
    declaration = scopes.top_level(name)
    if default.location.path != place.path or declaration is None:
        return Refusal("its default export is an app of another module", default.location)
    statement = declaration.owner.parent
    if statement is None or not _is_hono(place, declaration.owner):
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
        return Refusal("it does not parse there", _at(place, last))
    return _App(name, last)


def _is_hono(place: Entry, declarator: Node) -> bool:
    value = declarator.child_by_field_name("value")
    value = unwrap(value) if value is not None else None
    made = value.child_by_field_name("constructor") if value is not None else None
    imported = imports(place.source).get(text(made)) if made is not None else None
    is_new = value is not None and value.type == "new_expression"
    return is_new and imported is not None and imported.specifier in _HONO


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


# --- The edits ------------------------------------------------------------------------------


def _import(route: Route, local: str) -> str:
    item = route.function if local == route.function else f"{route.function} as {local}"
    return f"import {{ {item} }} from {quoted(route.specifier)};"


def _condition(request: str, route: Route) -> str:
    return f"new URL({request}.url).pathname === {quoted(route.path)}"


def _add_import(rewrite: Rewrite, place: Entry, statement: str) -> None:
    source, line_break = place.source, place.layout.line_break
    line = _styled(place, f"{statement}\n", "")
    last = None
    for node in source.root.named_children:
        if node.type == "import_statement":
            last = node
    if last is None:
        rewrite.insert(after_header(source), f"{line}{line_break}{line_break}")
        return
    point, is_free = end_of_line(source, last)
    rewrite.insert(point, f"{line_break}{line}" if is_free else f" {line}")


def _add_condition(
    rewrite: Rewrite, place: Entry, site: _Handler, route: Route, local: str
) -> None:
    content, layout = place.source.content, place.layout
    start = site.body.start_byte + 1
    outer = indentation(content, site.body.start_byte)
    inner = outer + layout.indent
    lines = (
        f"if ({_condition(site.request, route)}) {{\n  return {local}({site.environment});\n}}\n"
    )
    written = layout.line_break + _styled(place, lines, inner)
    following = skip_blanks(content, start)
    if line_break_at(content, following) is None:
        is_empty = content[following : following + 1] == b"}"
        written += layout.line_break + (outer if is_empty else inner)
        rewrite.replace(Span(start, following), written)
    else:
        rewrite.insert(start, written)


def _styled(place: Entry, lines: str, indent: str) -> str:
    """``lines`` in the entry's style, each indented, without the last line break."""
    written = restyled(lines, place.path, place.layout).removesuffix(place.layout.line_break)
    return place.layout.line_break.join(
        indent + line for line in written.split(place.layout.line_break)
    )


def _at(place: Entry, node: Node) -> Location:
    return place.source.location(node)
