"""A route in the entry module that answers with what a generated module gives."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from codemod.generator import sites
from codemod.generator.entry import Entry
from codemod.generator.environment import Environment
from codemod.generator.sites import App, Handler, Typing
from codemod.generator.writing import quoted, restyled
from codemod.model import Edit, ExportForm, ExportKind, Span, Worker
from codemod.planner.free_names import first_free, names_in
from codemod.planner.layout import end_of_line
from codemod.planner.refusal import Refusal
from codemod.planner.rewrite import Rewrite
from codemod.planner.runtime_import import after_header
from codemod.planner.workshop import Workshop
from codemod.syntax.text import indentation, line_break_at, skip_blanks


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` is answered by the function that ``specifier`` exports as ``function``."""

    path: str
    function: str
    specifier: str


@dataclass(frozen=True, slots=True)
class Types:
    """The type of the environment that the new module is given, and the bindings it reads."""

    environment: Environment | None
    wanted: Container[str]

    def fit(self, typing: Typing) -> bool:
        """Whether what a site has by ``typing`` can be given to the new module."""
        if typing is not Typing.NAMED or self.environment is None:
            return typing is Typing.OPEN
        # A type without any of the members would be refused as having nothing in common.
        is_near = any(name in self.wanted for name in self.environment.members)
        return self.environment.written is not None or is_near


def by_hand(worker: Worker, place: Entry, route: Route) -> tuple[str, str]:
    """The two lines that wire ``route``, for what the entry has: a ``fetch``, or an app."""
    lines = (_import(route, route.function), _answer(worker, route))
    first, second = (_styled(place, f"{line}\n", "") for line in lines)
    return first, second


def _answer(worker: Worker, route: Route) -> str:
    default = worker.default_export
    if default is not None and default.form is ExportForm.APP:
        return f"{default.local_name or 'app'}.{_route_call(route, route.function)};"
    is_class = default is not None and default.kind is ExportKind.WORKER_ENTRYPOINT
    environment = "this.env" if is_class else "env"
    return f"if ({_condition('request', route)}) return {route.function}({environment});"


def wire(
    workshop: Workshop, worker: Worker, place: Entry, route: Route, types: Types
) -> tuple[Edit, ...] | Refusal:
    """The edits of the entry that make it answer ``route``, or why they are not proved safe."""
    if route.path in worker.usages.paths:
        return Refusal(f"its code knows {route.path} already", None)
    sharing = next(_sharing(workshop, worker), None)
    if sharing:
        return Refusal(f"{sharing.config_path} has the same entry module", None)
    site = sites.find(workshop, worker, place)
    if isinstance(site, Refusal):
        return site
    if place.is_typescript and not types.fit(site.typing):
        return Refusal(
            "whether its environment has the type of the new module's is not known", None
        )
    rewrite = Rewrite(place.source)
    local = first_free([route.function], names_in(place.source))
    _add_import(rewrite, place, _import(route, local))
    if isinstance(site, App):
        _add_route(rewrite, place, site, route, local)
    else:
        _add_condition(rewrite, place, site, route, local)
    return rewrite.edits()


def _sharing(workshop: Workshop, worker: Worker) -> Iterator[Worker]:
    """The other Workers that would be wired with this one."""
    for other in workshop.project.in_use:
        if other.config_path != worker.config_path and other.main == worker.main:
            yield other


# --- The edits ------------------------------------------------------------------------------


def _import(route: Route, local: str) -> str:
    item = route.function if local == route.function else f"{route.function} as {local}"
    return f"import {{ {item} }} from {quoted(route.specifier)};"


def _route_call(route: Route, local: str) -> str:
    return f"get({quoted(route.path)}, (c) => {local}(c.env))"


def _add_route(rewrite: Rewrite, place: Entry, site: App, route: Route, local: str) -> None:
    call = _styled(place, f"{_route_call(route, local)};\n", "").removesuffix(";")
    if site.name is None:
        rewrite.insert(site.point, f"{site.before}.{call}")
        return
    # Other code in the same line is parted from it in any style.
    end = place.layout.end if site.before == place.layout.line_break else ";"
    rewrite.insert(site.point, f"{site.before}{site.name}.{call}{end}")


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


def _add_condition(rewrite: Rewrite, place: Entry, site: Handler, route: Route, local: str) -> None:
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
