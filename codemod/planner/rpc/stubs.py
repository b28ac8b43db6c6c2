"""Methods over RPC for the routes that callers fetch: each hands on to the class's ``fetch``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from codemod.model import BindingKind, Project, UsageKind, Worker
from codemod.planner.free_names import first_free
from codemod.planner.layout import Layout
from codemod.planner.rpc.roles import is_same_module
from codemod.scanner.handlers import HANDLERS, NO_RPC_METHODS

_WORD = re.compile(r"[A-Za-z0-9]+")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_REQUEST = re.compile(r"Request(<(?s:.*)>)?")

# What a class or a binding means by a name already: the runtime's own, those that every object
# inherits, ``then`` that makes a promise of an object, and the methods that bindings had before
# the flag fetcher_no_get_put_delete.
_RESERVED = (HANDLERS | NO_RPC_METHODS) | {
    "delete",
    "get",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "put",
    "then",
    "toLocaleString",
    "toString",
    "valueOf",
}


@dataclass(frozen=True, slots=True)
class Stub:
    """A method ``name`` for the route ``path``, its query included; ``url`` is what it fetches."""

    name: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """How the class takes a request: whether ``fetch`` has a parameter, and that one's type."""

    takes_request: bool
    request_type: str | None

    @property
    def init_type(self) -> str | None:
        """The type of what a request is made with; None where ``fetch`` takes no plain request."""
        found = _REQUEST.fullmatch(self.request_type or "Request")
        if found is None:
            return None
        return "RequestInit<any>" if found.group(1) else "RequestInit"


def methods(project: Project, worker: Worker, taken: Collection[str]) -> tuple[Stub, ...]:
    """A method for each distinct route that callers of ``worker`` fetch by a constant URL.

    They stand in the order of their paths, and are called nothing that is in ``taken``.
    """
    used = _RESERVED | set(taken)
    found = []
    for path in sorted(set(_paths(project, worker))):
        name = _name(path)
        name = first_free((name, f"{name}Route"), used)
        used = used | {name}
        found.append(Stub(name, path, f"http://{_host(worker)}{path}"))
    return tuple(found)


def render(
    stubs: tuple[Stub, ...], fetch: Fetch, layout: Layout, outer: str, unit: str, *, typed: bool
) -> str:
    """The methods for the body of a class that ``outer`` stands before, a blank line between.

    Neither a line break before nor one after them; nothing where ``fetch`` takes no plain request.
    """
    init_type = fetch.init_type
    if init_type is None:
        return ""
    parameter = f"init?: {init_type}" if typed else "init"
    result = ": Promise<Response>" if typed else ""
    inner = outer + unit
    written = []
    for stub in stubs:
        request = f"new Request({_quoted(stub.url, layout.quote)}, init)"
        given = request if fetch.takes_request else ""
        lines = (
            f"{inner}async {stub.name}({parameter if given else ''}){result} {{",
            f"{inner}{unit}return this.fetch({given}){layout.end}",
            f"{inner}}}",
        )
        written.append(layout.line_break.join(lines))
    return (layout.line_break * 2).join(written)


def _paths(project: Project, worker: Worker) -> Iterator[str]:
    for caller, _, binding in project.bindings(BindingKind.SERVICE):
        resolved = project.resolve(binding.target)
        if resolved is None or not is_same_module(resolved[0], worker):
            continue
        if binding.entrypoint not in (None, "default"):
            continue
        for usage in caller.usages.of(binding.name):
            path = _path(usage.url) if usage.kind is UsageKind.FETCH and usage.url else None
            if path is not None:
                yield path


def _path(url: str) -> str | None:
    """Path and query of an absolute URL; None for any other string."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    query = f"?{parts.query}" if parts.query else ""
    path = f"{parts.path or '/'}{query}"
    return path if path.isprintable() else None


def _name(path: str) -> str:
    """``v1Health`` for ``/v1/health``; ``root`` where the path has no words."""
    first, *others = _WORD.findall(unquote(path)) or ["root"]
    first = first.lower() if first.isupper() else first[0].lower() + first[1:]
    name = "".join([first, *(word[0].upper() + word[1:] for word in others)])
    return f"route{name}" if name[0].isdigit() else name


def _host(worker: Worker) -> str:
    """The Worker's name where that can be a host: a binding leads to it whatever the host is."""
    name = worker.name or ""
    return name if _HOST.fullmatch(name) else "worker"


def _quoted(value: str, quote: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{escaped}{quote}"
