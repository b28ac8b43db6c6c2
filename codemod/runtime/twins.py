"""Shape twins: modules that export what a Worker exports, and hold none of its code.

A twin has the same names and kinds of exports, the same handlers and members. What the runtime
makes of a call depends on nothing else: every function of a twin answers at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from codemod.model import (
    Export,
    ExportKind,
    Exports,
    FunctionForm,
    Handler,
    Method,
    MethodKind,
    Returns,
    Unknown,
)
from codemod.runtime.calls import URL, Bind, Call, Detour, Fetch, Rpc, not_given

DETOUR = "wfix-detour"
"""The header that asks a twin to take a path on which its original fails."""

CALL_SECONDS = 10
"""How long one call may take before the next is made. A twin answers at once or never."""

UNTOLD = "…"
"""The property that a twin reads of a parameter: its original reads another."""

_LONGEST_MESSAGE = 2000
_BASES = {
    ExportKind.DURABLE_OBJECT: "runtime.DurableObject",
    ExportKind.WORKER_ENTRYPOINT: "runtime.WorkerEntrypoint",
    ExportKind.RPC_TARGET: "runtime.RpcTarget",
    # Releases before the autumn of 2024 know no Workflows.
    ExportKind.WORKFLOW: "(runtime.WorkflowEntrypoint ?? Object)",
}
_CLASSES = frozenset({*_BASES, ExportKind.CLASS})
_NO_STATIC_NAMES = frozenset({"prototype"})
_RESPONSE = 'return new Response("twin");'


@dataclass(frozen=True, slots=True)
class Needs:
    """What callers use of an export that cannot be seen whole: taken to be there.

    ``kind`` is what the export is taken for where that cannot be told.
    """

    kind: ExportKind
    fetch: bool
    methods: frozenset[str]


def module(exports: Exports | Unknown, needs: Mapping[str, Needs], calls: str = "") -> str:
    """The twin of a Worker, with ``calls`` (see ``calling``) as one more export.

    Exports that are neither functions nor classes nor objects are left out, and so are those of
    an unknown kind that nobody needs.
    """
    lines = ['import * as runtime from "cloudflare:workers";']
    known = {export.name: export for export in _listed(exports)}
    values = {name: _value(export, needs.get(name)) for name, export in known.items()}
    values |= {name: _assumed(need) for name, need in needs.items() if not values.get(name)}
    for position, (name, value) in enumerate(values.items()):
        if value and _is_text(name):
            lines.append(f"const export{position} = {value};")
            lines.append(f"export {{ export{position} as {quoted(name)} }};")
    if calls:
        name = "wfix_calls"
        while name in values:
            name += "_"
        lines.append(f"const calls = {calls};\nexport {{ calls as {name} }};")
    return "\n".join(lines) + "\n"


def calling(calls: Iterable[tuple[int, str, bool, Call]], token: str, end: int) -> str:
    """An object whose ``test`` makes the calls in order, and prints a line about each.

    A call is given with its number, the name of the binding in ``env``, and whether that is a
    Durable Object namespace. A line is ``token`` and a JSON array: the number and what was thrown,
    null where nothing was; ``end`` with null after the last. Arguments are URLs: on a caller of
    before 2024-03-26 methods called ``get``, ``put`` and ``delete`` are requests.
    """
    listed = ",\n".join(
        f"[{number}, (env) => {_expression(binding, call, is_namespace=is_namespace)}]"
        for number, binding, is_namespace, call in calls
    )
    return (
        f"{{ async test(_controller, env) {{\n"
        f"const report = (number, thrown) =>"
        f" console.log({quoted(token)} + JSON.stringify([number, thrown]));\n"
        f"for (const [number, call] of [\n{listed}\n]) {{\n"
        f"let timer;\n"
        f"const late = new Promise((_resolve, reject) => {{ timer = setTimeout(() =>"
        f' reject(new Error("no answer within {CALL_SECONDS} seconds")), {CALL_SECONDS}000); }});\n'
        f"try {{ await Promise.race([call(env), late]); report(number, null); }}\n"
        f"catch (error) {{ report(number, String(error).slice(0, {_LONGEST_MESSAGE})); }}\n"
        f"finally {{ clearTimeout(timer); }}\n"
        f"}}\nreport({end}, null);\n}} }}"
    )


def quoted(text: str) -> str:
    """``text`` as a string literal of JavaScript, in ASCII."""
    return json.dumps(text)


def _expression(binding: str, call: Call, *, is_namespace: bool) -> str:
    bound = f"env[{quoted(binding)}]"
    if is_namespace and not isinstance(call.action, Bind):
        bound = f'{bound}.get({bound}.idFromName("twin"))'
    match call.action:
        case Fetch(url, detour) if detour:
            headers = f"{{ {quoted(DETOUR)}: {quoted(detour)} }}"
            return f"{bound}.fetch({quoted(url)}, {{ headers: {headers} }})"
        case Fetch(url):
            return f"{bound}.fetch({quoted(url)})"
        case Rpc(method, count):
            arguments = "" if count is None else f"({', '.join([quoted(URL)] * count)})"
            return f"{bound}[{quoted(method)}]{arguments}"
        case Bind():
            return bound


def _is_text(name: str) -> bool:
    """Whether a name can be exported: not so where it holds half of a surrogate pair."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


# --- Exports --------------------------------------------------------------------------------


def _listed(exports: Exports | Unknown) -> Iterator[Export]:
    if isinstance(exports, Exports):
        if exports.default:
            yield exports.default
        yield from exports.named


def _value(export: Export, needs: Needs | None) -> str | None:
    """The export as an expression; None where the twin does without it."""
    handlers, members = list(export.handlers), list(export.members)
    if needs and export.kind is not ExportKind.UNKNOWN:
        handlers, members = _with_needs(export, needs)
    if export.kind is ExportKind.OBJECT:
        return _object(handlers, members)
    if export.kind in _CLASSES:
        return _class(export.kind, handlers, members)
    return "function () {}" if export.kind is ExportKind.FUNCTION else None


def _with_needs(export: Export, needs: Needs) -> tuple[list[Handler], list[Method]]:
    seen = {member.name for member in export.members} | {item.name for item in export.handlers}
    handlers, members = list(export.handlers), list(export.members)
    if needs.fetch and export.handler("fetch") is None:
        handlers.append(_handler(export))
    members += [
        Method(name, MethodKind.METHOD, export.location) for name in sorted(needs.methods - seen)
    ]
    return handlers, members


def _handler(export: Export) -> Handler:
    return Handler("fetch", FunctionForm.METHOD, True, (), Returns.ALWAYS, export.location)


def _assumed(needs: Needs) -> str:
    """A class with all that callers use of an export that cannot be seen."""
    fetch = [f"async fetch() {{ {_RESPONSE} }}"] if needs.fetch else []
    methods = [f"[{quoted(name)}]() {{ return 0; }}" for name in sorted(needs.methods)]
    return f"class extends {_BASES[needs.kind]} {{ {' '.join((*fetch, *methods))} }}"


def _object(handlers: Iterable[Handler], members: Iterable[Method]) -> str:
    own = [f"{_function(handler)}," for handler in handlers]
    inherited = []
    for member in members:
        key = f"[{quoted(member.name)}]"
        if member.kind is MethodKind.INHERITED:
            inherited.append(f"{key}() {{ return 0; }},")
        elif member.kind is MethodKind.PROPERTY:
            own.append(f"{key}: 0,")
        else:
            own.append(f"{key}() {{ return 0; }},")
    literal = f"{{ {' '.join(own)} }}"
    if not inherited:
        return literal
    return f"Object.setPrototypeOf({literal}, {{ {' '.join(inherited)} }})"


def _class(kind: ExportKind, handlers: Iterable[Handler], members: Iterable[Method]) -> str:
    base = f" extends {_BASES[kind]}" if kind in _BASES else ""
    parts = [_member(position, member) for position, member in enumerate(members)]
    parts += [
        _function(handler)
        if handler.form is FunctionForm.METHOD
        else f"[{quoted(handler.name)}] = {_arrow(handler)};"
        for handler in handlers
    ]
    return f"class{base} {{ {' '.join(parts)} }}"


def _member(position: int, member: Method) -> str:
    key = f"[{quoted(member.name)}]"
    match member.kind:
        case MethodKind.METHOD if member.name == "constructor":
            return ""
        case MethodKind.METHOD | MethodKind.INHERITED:
            return f"{key}() {{ return 0; }}"
        case MethodKind.GETTER:
            return f"get {key}() {{ return () => 0; }}"
        case MethodKind.PROPERTY:
            return f"{key} = () => 0;"
        case MethodKind.STATIC:
            return "" if member.name in _NO_STATIC_NAMES else f"static {key}() {{}}"
        case MethodKind.PRIVATE:
            return f"#member{position}() {{}}"


# --- Handlers -------------------------------------------------------------------------------


def _function(handler: Handler) -> str:
    return f"{_async(handler)}[{quoted(handler.name)}](request, env) {{ {_body(handler)} }}"


def _arrow(handler: Handler) -> str:
    return f"{_async(handler)}(request, env) => {{ {_body(handler)} }}"


def _async(handler: Handler) -> str:
    return "" if handler.is_async is False else "async "


def _body(handler: Handler) -> str:
    """What a handler does. Where no path of a ``fetch`` gives a value, nothing."""
    if handler.name != "fetch" or handler.returns is Returns.NEVER:
        return ""
    parts = [_RESPONSE]
    if handler.dead_ends:
        nothing = "Promise.resolve()" if handler.dead_ends[0].in_promise else "undefined"
        parts.insert(0, f"{_if_asked(Detour.DEAD_END)} return {nothing};")
    if not_given(handler):
        parts.insert(0, f"{_if_asked(Detour.PARAMETERS)} env[{quoted(UNTOLD)}];")
    return " ".join(parts)


def _if_asked(detour: Detour) -> str:
    return f"if (request.headers.get({quoted(DETOUR)}) === {quoted(detour)})"
