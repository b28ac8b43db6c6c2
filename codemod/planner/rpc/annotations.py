"""The types that a class needs to be told: in an object they came from ``ExportedHandler``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tree_sitter import Node

from codemod.planner.refusal import Refusal
from codemod.planner.rpc import jsdoc
from codemod.planner.rpc.parameters import Access, Handed, access, handed, parameters
from codemod.planner.rpc.proof import Candidate, outermost, referred
from codemod.planner.rpc.roles import Method
from codemod.planner.rpc.stubs import Fetch
from codemod.planner.rpc.subject import Module
from codemod.scanner.exporting.evaluation import FunctionValue, Site
from codemod.syntax import typescript
from codemod.syntax.typescript import TRANSPARENT, children_of_type, text

_TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
_EXPORTED_HANDLER = "ExportedHandler"
_TS_CHECK = re.compile(rb"^//\s*@ts-check\b", re.MULTILINE)
_CONTEXT_PROPS = re.compile(r"ExecutionContext\s*<(?s:(.*))>")

EVENTS = {
    "connect": ("socket", "Socket"),
    "email": ("message", "ForwardableEmailMessage"),
    "fetch": ("request", "Request"),
    "queue": ("batch", "MessageBatch"),
    "scheduled": ("controller", "ScheduledController"),
    "tail": ("events", "TraceItem[]"),
    "tailStream": ("event", "TailStream.TailEvent<TailStream.Onset>"),
    "test": ("controller", "TestController"),
    "trace": ("traces", "TraceItem[]"),
}
"""The usual name and the type of each handler's first parameter (@cloudflare/workers-types)."""


@dataclass(frozen=True, slots=True)
class Types:
    """What the object's types say of its environment, and of the events of its handlers.

    The first four are the arguments of ``ExportedHandler``, None where nothing tells. ``gives``
    says that parameters without annotation took their types from the object's; ``overrides`` that
    the compiler wants ``override`` before what the base class declares.
    """

    environment: str | None = None
    message: str | None = None
    host: str | None = None
    props: str | None = None
    gives: bool = False
    overrides: bool = False

    @property
    def arguments(self) -> str:
        """The type arguments of ``WorkerEntrypoint``."""
        if self.environment is None:
            return ""
        return f"<{', '.join(filter(None, (self.environment, self.props)))}>"


def is_typescript(path: str) -> bool:
    return path.lower().endswith(_TYPESCRIPT)


def types_of(candidate: Candidate) -> Types | Refusal:
    """The types that the class needs. In JavaScript only those that a checker would miss.

    Refused where functions take the environment for different types, and where its type is used
    and cannot be told.
    """
    source = candidate.literal.module.source
    if not is_typescript(source.path):
        is_checked = _TS_CHECK.search(source.content) is not None
        return Types(gives=is_checked and jsdoc.find(candidate.literal) is not None)
    types = cast_types(_casts(candidate))
    for written, node in _annotated(candidate, "env"):
        if types.environment in (None, "any"):
            types = replace(types, environment=written)
        elif written not in (types.environment, "any"):
            reason = f"env is of type {written} here and of type {types.environment} elsewhere"
            return candidate.refuse(reason, node)
    if types.props is None:
        props = (_CONTEXT_PROPS.fullmatch(written) for written, _ in _annotated(candidate, "ctx"))
        types = replace(types, props=next((found.group(1) for found in props if found), None))
    return _completed(candidate, types)


def _completed(candidate: Candidate, types: Types) -> Types | Refusal:
    """With ``any`` for an environment that is used without a type, unless a hidden one counts."""
    untyped = next(_untyped_uses(candidate), None)
    if types.gives and _lacks_global_types(candidate):
        reason = "the types of its parameters come from an import, and would need others"
        return Refusal(reason, candidate.literal.location)
    if types.environment is not None or untyped is None:
        return types
    if not types.gives:
        return replace(types, environment="any")
    if [text(node) for node in _casts(candidate)] == [_EXPORTED_HANDLER]:
        return types
    return candidate.refuse("the type of env cannot be told", untyped.node)


def event_type(types: Types, handler: str, function: Node) -> str | None:
    """The annotation that the first parameter of a handler in the object needs; None: none."""
    given = parameters(function)
    if not types.gives or not given or handler not in EVENTS:
        return None
    first = given[0]
    if first.child_by_field_name("type") or first.child_by_field_name("value"):
        return None
    return _event_type(types, handler, reads_cf=_reads_cf(function))


def reference_type(types: Types, handler: str, module: Module, found: FunctionValue | None) -> str:
    """The annotation for the first parameter of a method that only calls a function."""
    given = parameters(found.node) if found is not None else ()
    annotation = given[0].child_by_field_name("type") if given else None
    if found is not None and annotation is not None and _means_the_same(annotation, found, module):
        return _written(annotation)
    return _event_type(types, handler, reads_cf=False)


def fetch_of(candidate: Candidate, types: Types) -> Fetch | None:
    """How the class's ``fetch`` takes a request; None where the object has none."""
    method = next((item for item in candidate.methods if item.member.name == "fetch"), None)
    found = _function(candidate, method) if method is not None else None
    if method is None:
        return None
    if method.member.function is None:
        module = candidate.literal.module
        return Fetch(
            found is None or bool(parameters(found.node)),
            reference_type(types, "fetch", module, found),
        )
    given = parameters(method.member.function)
    annotation = given[0].child_by_field_name("type") if given else None
    written = _written(annotation) if annotation is not None else None
    return Fetch(bool(given), written or event_type(types, "fetch", method.member.function))


def environment_of(found: FunctionValue, module: Module) -> str | None:
    """The type that a function gives its ``env`` parameter, if ``module`` can name it."""
    for parameter in handed(found.node):
        annotation = parameter.node.child_by_field_name("type")
        if parameter.property == "env" and annotation is not None:
            return _written(annotation) if _means_the_same(annotation, found, module) else None
    return None


def cast_types(casts: list[Node]) -> Types:
    """What the types around an expression say."""
    named = [text(node) for node in casts]
    types = Types(gives=any(name not in ("any", "const", "unknown") for name in named))
    for node in casts:
        name = node.child_by_field_name("name")
        if node.type == "generic_type" and name is not None and text(name) == _EXPORTED_HANDLER:
            listed = next(children_of_type(node, "type_arguments"), node)
            given = [_line(item) for item in listed.named_children if item.type != "comment"]
            told = [None if item == "unknown" else item for item in given[1:]]
            message, host, props = (*told, None, None, None)[:3]
            return Types(given[0], message, host, props, gives=True)
    return types


def casts_of(value: Node) -> Iterator[Node]:
    """The types that an expression is cast to or checked against."""
    while value.type in TRANSPARENT:
        parts = [child for child in value.named_children if child.type != "comment"]
        if value.type == "type_assertion":
            yield from parts[0].named_children[:1]
            value = parts[-1]
            continue
        yield from parts[1:2]
        value = parts[0]


def _casts(candidate: Candidate) -> list[Node]:
    """The types that the object is declared, written or exported with."""
    literal = candidate.literal
    declared = [
        annotation.named_children[-1]
        for declarator in children_of_type(literal.statement, "variable_declarator")
        if (annotation := declarator.child_by_field_name("type")) is not None
    ]
    uses = candidate.scopes.references(literal.declaration) if literal.declaration else ()
    exported = [cast for use in uses for cast in casts_of(outermost(candidate.scopes, use))]
    return [*declared, *casts_of(literal.value), *exported]


def _annotated(candidate: Candidate, name: str) -> Iterator[tuple[str, Node]]:
    """The types that functions give the parameter for ``env`` or ``ctx``, with the handler."""
    module = candidate.literal.module
    for method in candidate.methods:
        found = _function(candidate, method) if method.takes_environment else None
        for parameter in handed(found.node) if found is not None else ():
            annotation = parameter.node.child_by_field_name("type")
            if found is None or parameter.property != name or annotation is None:
                continue
            if _means_the_same(annotation, found, module):
                yield _written(annotation), method.member.node


def _function(candidate: Candidate, method: Method) -> FunctionValue | None:
    """The function of a method, in the object or wherever it is."""
    member = method.member
    if member.function is not None:
        return FunctionValue(Site(candidate.literal.module.names), member.function)
    return referred(candidate, member.reference) if member.reference is not None else None


def _untyped_uses(candidate: Candidate) -> Iterator[Handed]:
    for method, function in candidate.functions():
        for parameter in handed(function) if method.takes_environment else ():
            is_env = parameter.property == "env"
            is_used = access(candidate.scopes, function, parameter) is not Access.NONE
            if is_env and is_used and parameter.node.child_by_field_name("type") is None:
                yield parameter


def _lacks_global_types(candidate: Candidate) -> bool:
    """Whether ``ExportedHandler`` is imported, and a parameter would need a type like it."""
    if _EXPORTED_HANDLER not in candidate.literal.module.names.imported:
        return False
    return any(
        method.takes_environment
        and any(node.child_by_field_name("type") is None for node in parameters(function)[:1])
        for method, function in candidate.functions()
    )


def _event_type(types: Types, handler: str, *, reads_cf: bool) -> str:
    if handler == "fetch" and (reads_cf or types.host):
        properties = f"IncomingRequestCfProperties{f'<{types.host}>' if types.host else ''}"
        return f"Request<{types.host or 'unknown'}, {properties}>"
    if handler == "queue" and types.message:
        return f"MessageBatch<{types.message}>"
    return EVENTS[handler][1]


def _reads_cf(function: Node) -> bool:
    """Whether the body asks for ``cf``: only an incoming request's is known to have its fields."""
    return any(
        text(node) == "cf"
        for node in typescript.walk(function)
        if node.type in ("property_identifier", "shorthand_property_identifier_pattern")
    )


def _means_the_same(annotation: Node, found: FunctionValue, module: Module) -> bool:
    """Whether a type means in ``module`` what it means where the function is written.

    It does in the same module, and where the other one neither declares nor imports it.
    """
    names = found.site.names
    if names.source.path == module.path:
        return True
    own = names.types | names.declared.keys() | names.imported.keys()
    used = (text(node) for node in typescript.walk(annotation) if node.type == "type_identifier")
    return own.isdisjoint(used)


def _written(annotation: Node) -> str:
    """The type that an annotation gives."""
    return _line(annotation.named_children[-1])


def _line(type_: Node) -> str:
    return " ".join(text(type_).split())
