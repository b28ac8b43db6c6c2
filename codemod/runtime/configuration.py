"""The runtime's own configuration: the services of a run, written in Cap'n Proto's text format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

OUTSIDE = "internet"
"""The service that the runtime sends requests to which no handler takes."""

END = "wfix-end"
"""The service whose test runs last, since services are tested in their order."""

NO_HANDLER = "no handler of the target takes the call"
"""What a request says that goes to ``OUTSIDE``."""

# Of the flags in workerd's src/workerd/io/compatibility-date.capnp those that bear on how a call
# over a binding is made or taken. A flag that a release does not know is no hindrance to it.
RELEVANT_FLAGS = frozenset(
    {
        "durable_object_fetch_allows_relative_url",
        "durable_object_fetch_requires_full_url",
        "fetch_legacy_url",
        "fetch_refuses_unknown_protocols",
        "fetch_standard_url",
        "fetch_treats_unknown_protocols_as_http",
        "fetcher_has_get_put_delete",
        "fetcher_no_get_put_delete",
        "js_rpc",
        "no_rpc",
        "rpc",
        "service_binding_extra_handlers",
        "url_original",
        "url_standard",
    }
)

_ESCAPES = {
    byte: f"\\x{byte:02x}" for byte in range(256) if not 0x20 <= byte < 0x7F or byte in b'"\\'
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class ServiceBinding:
    """A binding to ``entrypoint`` of ``service``, None for its default export."""

    name: str
    service: str
    entrypoint: str | None


@dataclass(frozen=True, slots=True)
class NamespaceBinding:
    """A binding to the Durable Object class ``class_name`` of ``service``."""

    name: str
    service: str
    class_name: str


@dataclass(frozen=True, slots=True)
class Service:
    """A Worker as the runtime runs it. ``classes`` are the Durable Object classes to be bound."""

    name: str
    module: str
    compatibility_date: date
    compatibility_flags: tuple[str, ...] = ()
    bindings: tuple[ServiceBinding | NamespaceBinding, ...] = ()
    classes: tuple[str, ...] = ()


def render(services: Iterable[Service], latest: date, token: str) -> str:
    """The configuration: ``services``, nothing that opens a port, and nothing that leads outside.

    The last test prints ``token`` and an empty JSON array. ``latest`` is the compatibility date of
    what is added.
    """
    outside = f'export default {{ fetch() {{ throw new Error("{NO_HANDLER}"); }} }};'
    end = (
        "export default {};\n"
        f"export const end = {{ test() {{ console.log({quoted(token)} + '[]'); }} }};"
    )
    listed = (Service(OUTSIDE, outside, latest), *services, Service(END, end, latest))
    written = ",\n".join(
        f"(name = {quoted(item.name)}, worker = {_worker(item)})" for item in listed
    )
    return (
        'using Workerd = import "/workerd/workerd.capnp";\n'
        f"const config :Workerd.Config = (services = [\n{written}\n]);\n"
    )


def compatibility_date(configured: str | None, latest: date) -> date:
    """The date to run with: the runtime takes none that is newer than itself.

    Without a date, or with one that is none, the newest: so do wrangler's local runs.
    """
    if configured is None or not _DATE.fullmatch(configured):
        return latest
    try:
        return min(date.fromisoformat(configured), latest)
    except ValueError:
        return latest


def is_lowered(configured: str | None, latest: date) -> bool:
    """Whether a Worker's compatibility date is later than the runtime takes."""
    if configured is None or not _DATE.fullmatch(configured):
        return False
    return configured > latest.isoformat()


def relevant_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """Those of a Worker's compatibility flags that bear on calls."""
    return tuple(flag for flag in dict.fromkeys(flags) if flag in RELEVANT_FLAGS)


def quoted(text: str) -> str:
    """``text`` as a literal of Cap'n Proto, in ASCII: what is no letter of it byte by byte."""
    data = text.encode("utf-8", "replace")
    return f'"{data.decode("latin-1").translate(_ESCAPES)}"'


def _worker(service: Service) -> str:
    return f"({', '.join(_parts(service))})"


def _parts(service: Service) -> Iterator[str]:
    yield f'modules = [(name = "worker", esModule = {quoted(service.module)})]'
    yield f'compatibilityDate = "{service.compatibility_date.isoformat()}"'
    if service.compatibility_flags:
        yield f"compatibilityFlags = {_list(map(quoted, service.compatibility_flags))}"
    if service.bindings:
        yield f"bindings = {_list(map(_binding, service.bindings))}"
    if service.classes:
        names = (_namespace(service.name, class_name) for class_name in service.classes)
        yield f"durableObjectNamespaces = {_list(names)}"
        yield "durableObjectStorage = (inMemory = void)"


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _binding(binding: ServiceBinding | NamespaceBinding) -> str:
    if isinstance(binding, NamespaceBinding):
        leads_to = (
            f"durableObjectNamespace = (className = {quoted(binding.class_name)}, "
            f"serviceName = {quoted(binding.service)})"
        )
    elif binding.entrypoint is None:
        leads_to = f"service = {quoted(binding.service)}"
    else:
        leads_to = (
            f"service = (name = {quoted(binding.service)}, "
            f"entrypoint = {quoted(binding.entrypoint)})"
        )
    return f"(name = {quoted(binding.name)}, {leads_to})"


def _namespace(service: str, class_name: str) -> str:
    key = quoted(f"{service} {class_name}")
    return f"(className = {quoted(class_name)}, uniqueKey = {key})"
