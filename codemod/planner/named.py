"""The strategy ``named``: the target's default object is exported under a name as well.

Callers then bind with ``"entrypoint": "<Name>"``. Whatever value is exported by default serves:
an object, an instance, what a wrapper gives (measured on workerd: the same handlers run with the
same three arguments).
"""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Edit, Export, ExportForm, ExportKind, Exports, Span, Unknown, Worker
from codemod.planner.free_names import first_free, names_in, pascal_case
from codemod.planner.layout import end_of_line, layout_of
from codemod.planner.refusal import Refusal
from codemod.planner.rewrite import Rewrite
from codemod.scanner.exporting import names as module_names
from codemod.scanner.exporting.names import Expression, Forwarded
from codemod.scanner.modules import Modules, names_of_specifier
from codemod.syntax import typescript
from codemod.syntax.text import has_line_break, indentation
from codemod.syntax.typescript import Source, children_of_type, span, text, unwrap

_EXPORTED = ("Http", "HttpHandler", "FetchHandler")
_LOCAL = ("handler", "worker", "defaultHandler", "entry")


@dataclass(frozen=True, slots=True)
class Naming:
    """The name that the default object is exported under, and the edits that make it so."""

    name: str
    edits: tuple[Edit, ...]


def propose(modules: Modules, worker: Worker) -> Naming | Refusal:
    """The name for a Worker's default object; without edits where it is exported by one already."""
    exports = worker.exports
    if isinstance(exports, Unknown):
        return Refusal(f"its exports cannot be known: {exports.reason}", exports.location)
    default = exports.default
    refusal = _refusal(exports, default)
    if refusal or default is None:
        return refusal or Refusal("it has no default export", None)
    named = _known_name(exports, default)
    if named:
        return Naming(named, ())
    source = modules.source((default.via or (default.location,))[0].path)
    if isinstance(source, Unknown):
        return Refusal(source.reason, source.location)
    return _naming(source, worker, exports)


def _refusal(exports: Exports, default: Export | None) -> Refusal | None:
    """Why the default export cannot be named, as far as that can be told without its module."""
    if default is None:
        return Refusal("it has no default export", None)
    if default.form is ExportForm.SERVICE_WORKER:
        return Refusal("it is written in the service worker format", default.location)
    if default.form is ExportForm.COMMONJS:
        return Refusal("it exports the CommonJS way", default.location)
    if default.kind is not ExportKind.OBJECT:
        reason = f"its default export is no plain object: {default.because}"
        return Refusal(reason, default.location)
    if exports.open:
        reason = f"it may export more names than can be known: {exports.open[0].reason}"
        return Refusal(reason, exports.open[0].location)
    return None


def _known_name(exports: Exports, default: Export) -> str | None:
    """The name under which the same declaration is exported already.

    What comes from a package has no declaration: there a location says nothing.
    """
    if default.form is ExportForm.OTHER:
        return None
    same = (
        export.name
        for export in exports.named
        if export.location == default.location and export.kind is default.kind
    )
    return next(same, None)


def _naming(source: Source, worker: Worker, exports: Exports) -> Naming | Refusal:
    names = module_names.read(source)
    exported = names.exported.get("default")
    statement = exported.statement if exported else None
    if exported is None or statement is None:
        location = source.location(source.root)
        return Refusal(f"{source.path} does not say what it exports by default", location)
    if _is_damaged(statement):
        return Refusal("its default export does not parse", source.location(statement))
    taken = names_in(source) | names.exported.keys() | {item.name for item in exports.named}
    own = pascal_case(worker.name or "")
    name = first_free((*_EXPORTED, f"{own}Http", f"{own}Handler"), taken)
    rewrite = Rewrite(source)
    if isinstance(exported, Expression):
        _name_expression(rewrite, source, exported, name, taken)
    elif isinstance(exported, Forwarded) and exported.imported == "*":
        reason = "its default export is the namespace of a module"
        return Refusal(reason, source.location(statement))
    else:
        _add_specifier(rewrite, source, statement, name)
    return Naming(name, rewrite.edits())


def _is_damaged(statement: Node) -> bool:
    around = statement.parent
    return typescript.is_damaged(statement) or around is None or around.type != "program"


def _name_expression(
    rewrite: Rewrite, source: Source, exported: Expression, name: str, taken: frozenset[str]
) -> None:
    """``export default <value>``: a value that has no name yet gets one first."""
    layout = layout_of(source)
    value = unwrap(exported.value)
    added = []
    if value.type == "identifier":
        local = text(value)
    else:
        local = first_free(_LOCAL, taken | {name})
        keyword = next(child for child in exported.statement.children if child.type == "default")
        start = exported.statement.start_byte
        rewrite.replace(Span(start, keyword.end_byte), f"const {local} =")
        added.append(f"export default {local}")
    added.append(f"export {{ {local} as {name} }}")
    point, ends_line = end_of_line(source, exported.statement)
    end = layout.end if ends_line else ";"
    is_long = len(added) > 1 and has_line_break(source.content, span(exported.statement))
    gap = layout.line_break if is_long else ""
    rewrite.insert(point, gap + "".join(f"{layout.line_break}{line}{end}" for line in added))


def _add_specifier(rewrite: Rewrite, source: Source, statement: Node, name: str) -> None:
    """``export { x as default }``, from another module or not: one more specifier after it."""
    specifier = next(
        item
        for clause in children_of_type(statement, "export_clause")
        for item in children_of_type(clause, "export_specifier")
        if names_of_specifier(item)[1] == "default"
    )
    before = Span(statement.start_byte, specifier.start_byte)
    separator = " "
    if has_line_break(source.content, before):
        separator = layout_of(source).line_break
        separator += indentation(source.content, specifier.start_byte)
    local = specifier.child_by_field_name("name") or specifier
    rewrite.insert(span(specifier).end, f",{separator}{text(local)} as {name}")
