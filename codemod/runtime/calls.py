"""Which calls show how a binding fares: those that the code makes, or one that tries it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DeploymentRef,
    Export,
    ExportKind,
    Exports,
    Handler,
    Language,
    Location,
    MethodKind,
    Parameter,
    ParameterRole,
    Project,
    Returns,
    Unknown,
    Usage,
    UsageKind,
    Usages,
    Worker,
)
from codemod.rules.relative_binding_url import is_relative

URL = "https://wfix.invalid/"
"""Given to a ``fetch`` whose own URL is not a constant: the host plays no part in the routing."""

DEFAULT = "default"

_NO_CALL = {
    BindingKind.WORKFLOW: "Workflows are not run",
    BindingKind.TAIL_CONSUMER: "no events are sent to tail consumers",
}
_SERVING = frozenset({ExportKind.OBJECT, ExportKind.WORKER_ENTRYPOINT})
_NOT_MADE = {
    "connect": "connections are not opened",
    "queue": "whether its messages suit cannot be told",
    "scheduled": "whether its event suits cannot be told",
}
"""Methods that a binding has of itself, and that take values of certain types."""
_STUB = ".get(id)"
_CLASSES = frozenset({ExportKind.DURABLE_OBJECT, ExportKind.WORKER_ENTRYPOINT})
_NOT_GIVEN = frozenset({ParameterRole.ENV, ParameterRole.CONTEXT})


class Detour(StrEnum):
    """A path through a ``fetch`` on which it fails, as its code shows: not every request does."""

    DEAD_END = "gives no Response"
    PARAMETERS = "uses env or ctx, which a class is not given"


@dataclass(frozen=True, slots=True)
class Fetch:
    """``.fetch(url)``; ``detour`` asks the target to take such a path."""

    url: str = URL
    detour: Detour | None = None


@dataclass(frozen=True, slots=True)
class Rpc:
    """A method called with so many arguments; None where it may be read alone, or these spread."""

    method: str
    arguments: int | None


@dataclass(frozen=True, slots=True)
class Bind:
    """No call: the binding is there, and the runtime has nothing against it."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call over a binding. ``text`` is the call in words, ``uses`` where the code makes it.

    ``obstacle`` is why it is not made; ``assumes`` what had to be taken for true. ``is_trial``
    marks a call that the code is not seen to make.
    """

    action: Fetch | Rpc | Bind
    text: str
    uses: tuple[Location, ...] = ()
    obstacle: str | None = None
    assumes: str | None = None
    is_trial: bool = False


@dataclass(frozen=True, slots=True)
class BoundCalls:
    """The calls over one binding of one deployment.

    ``is_declared`` is False where the deployment lacks the binding, which its code uses.
    """

    worker: Worker
    deployment: Deployment
    binding: Binding
    calls: tuple[Call, ...]
    is_declared: bool = True

    @property
    def reference(self) -> DeploymentRef:
        return DeploymentRef(self.worker.config_path, self.deployment.environment)


def of_project(project: Project, covers: Callable[[str | None], bool]) -> tuple[BoundCalls, ...]:
    """The calls over every binding of the environments that ``covers`` says yes to."""
    return tuple(
        BoundCalls(worker, deployment, binding, tuple(_calls(project, worker, binding)))
        for worker in project.in_use
        for deployment in worker.deployments
        if covers(deployment.environment)
        for binding in deployment.bindings
    )


def _calls(project: Project, worker: Worker, binding: Binding) -> Iterator[Call]:
    obstacle = _obstacle(project, binding)
    if obstacle:
        yield Call(Bind(), _NAMES[binding.kind], obstacle=obstacle)
        return
    target = project.resolve(binding.target)
    assert target
    entry = Entry.of(*target, binding)
    if binding.kind is BindingKind.DURABLE_OBJECT:
        fetches = [use for use in worker.usages.stub_fetches if use.binding == binding.name]
        yield from _of_durable_object(fetches, entry)
    else:
        yield from _of_service(worker.usages, binding.name, entry)


_NAMES = {
    BindingKind.SERVICE: "any",
    BindingKind.DURABLE_OBJECT: "any",
    BindingKind.WORKFLOW: "workflow",
    BindingKind.TAIL_CONSUMER: "events",
}


def _obstacle(project: Project, binding: Binding) -> str | None:
    """Why no call over ``binding`` can show anything."""
    if binding.kind in _NO_CALL:
        return _NO_CALL[binding.kind]
    if binding.remote:
        return "it leads to the deployed Worker (remote)"
    if isinstance(binding.target, Unknown):
        return binding.target.reason
    target = project.resolve(binding.target)
    if target is None:
        return "its target is not among the Workers read"
    worker = target[0]
    if worker.language is Language.ASSETS:
        is_plain = binding.kind is BindingKind.SERVICE and binding.entrypoint is None
        return None if is_plain else "its target has nothing but static assets"
    return worker.exports.reason if isinstance(worker.exports, Unknown) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a binding leads to: an export, as far as it can be seen.

    ``export`` is None where no such export is seen. ``doubt`` is why there may be more than is
    seen: the export itself, its handlers or its members.
    """

    export: Export | None
    doubt: str | None

    @classmethod
    def of(cls, worker: Worker, deployment: Deployment, binding: Binding) -> Entry:
        if not isinstance(worker.exports, Exports):
            return cls(None, "static assets answer")
        name = binding.class_name or binding.entrypoint or DEFAULT
        export = worker.exports.get(name)
        if export is None:
            unknown = next(iter(worker.exports.open), None)
            return cls(
                None, f"its export {name} is not seen: {unknown.reason}" if unknown else None
            )
        if export.kind is ExportKind.UNKNOWN:
            return cls(export, f"what its export {name} is cannot be told: {export.because}")
        if export.open_members:
            return cls(
                export, f"not all of its export {name} is seen: {export.open_members.reason}"
            )
        if deployment.has_assets and name == DEFAULT and export.handler("fetch") is None:
            return cls(export, "static assets may answer")
        return cls(export, None)

    @property
    def fetch(self) -> Handler | None:
        return self.export.handler("fetch") if self.export else None

    @property
    def ends(self) -> tuple[Location, ...]:
        """The places that make every fetch fail, since no path through it gives a value."""
        if self.fetch is None or self.fetch.returns is not Returns.NEVER:
            return ()
        return tuple(end.location for end in self.fetch.dead_ends)

    def assumed(self, action: Fetch | Rpc | Bind) -> str | None:
        """What has to be taken for true for the call to reach something."""
        if self.doubt is None or self._shows(action):
            return None
        match action:
            case Fetch():
                return f"assumed to answer: {self.doubt}"
            case Rpc(method):
                return f"assumed to have {method}: {self.doubt}"
            case Bind():
                return f"assumed to be there: {self.doubt}"

    def _shows(self, action: Fetch | Rpc | Bind) -> bool:
        if self.export is None or self.export.kind is ExportKind.UNKNOWN:
            return False
        match action:
            case Fetch():
                return self.fetch is not None
            case Rpc(method):
                names = {member.name for member in self.export.members}
                return method in names or self.export.handler(method) is not None
            case Bind():
                return True


def _of_service(usages: Usages, name: str, entry: Entry) -> Iterator[Call]:
    uses = usages.of(name)
    certain = [use for use in uses if not usages.others_at(use)]
    calls = tuple(_seen(certain, entry))
    yield from calls
    fetches = any(isinstance(call.action, Fetch) for call in calls)
    is_passed_on = any(use.kind is UsageKind.PASSED_ON for use in uses)
    if not calls or ((is_passed_on or len(certain) < len(uses)) and not fetches):
        yield from _trial(entry, is_needed=not calls)
        fetches = fetches or entry.fetch is not None
    if fetches:
        yield from _detours(entry)


def _seen(uses: Iterable[Usage], entry: Entry, on: str = "") -> Iterator[Call]:
    """The calls that the code makes, each once; ``on`` is what they are made on, in words."""
    places: dict[Fetch | Rpc, tuple[str, list[Location]]] = {}
    for use in uses:
        made = _made(use)
        if made:
            action, text = made
            places.setdefault(action, (text, []))[1].append(use.location)
    for action, (text, locations) in places.items():
        yield Call(
            action,
            f"{on}{text}",
            (*locations, *(entry.ends if isinstance(action, Fetch) else ())),
            obstacle=_NOT_MADE.get(action.method) if isinstance(action, Rpc) else None,
            assumes=entry.assumed(action),
        )


def _made(use: Usage) -> tuple[Fetch | Rpc, str] | None:
    """The call that a use makes, and its text."""
    match use.kind:
        case UsageKind.FETCH if use.url is not None:
            return Fetch(use.url), f'.fetch("{use.url}")'
        case UsageKind.FETCH if use.url_start and is_relative(use):
            return Fetch(use.url_start), f'.fetch("{use.url_start}…")'
        case UsageKind.FETCH:
            return Fetch(), ".fetch()"
        case UsageKind.RPC:
            count = use.argument_count
            return Rpc(use.method or "", count), f".{use.method}({_arguments(count)})"
        case UsageKind.CONNECT:
            return Rpc("connect", None), ".connect()"
    return None


def _arguments(count: int | None) -> str:
    if count is None:
        return "…"
    if not count:
        return ""
    return f"{count} argument" if count == 1 else f"{count} arguments"


def _trial(entry: Entry, *, is_needed: bool) -> Iterator[Call]:
    """A call that the code is not seen to make, where what is bound may answer it."""
    if entry.fetch or entry.doubt or _reaches_nothing(entry):
        assumes = entry.assumed(Fetch())
        yield Call(Fetch(), ".fetch()", entry.ends, assumes=assumes, is_trial=True)
    elif is_needed:
        yield Call(Bind(), "bound")


def _reaches_nothing(entry: Entry) -> bool:
    return entry.export is None or entry.export.kind not in _SERVING


def not_given(handler: Handler) -> tuple[Parameter, ...]:
    """The parameters that a handler relies on though the runtime gives a class none of them."""
    return tuple(
        parameter
        for parameter in handler.parameters
        if parameter.role in _NOT_GIVEN and parameter.relied_on
    )


def _detours(entry: Entry, on: str = "") -> Iterator[Call]:
    """Fetches that take a path which is seen to fail."""
    if entry.fetch is None or entry.export is None:
        return
    if entry.fetch.dead_ends and not entry.ends:
        first, *_ = entry.fetch.dead_ends
        places = tuple(end.location for end in entry.fetch.dead_ends)
        yield Call(
            Fetch(detour=Detour.DEAD_END), f"{on}.fetch() where it gives {first.given}", places
        )
    missing = not_given(entry.fetch) if entry.export.kind in _CLASSES else ()
    if missing:
        names = " and ".join(parameter.name or parameter.role for parameter in missing)
        places = tuple(
            place for parameter in missing for place in (parameter.location, *parameter.relied_on)
        )
        yield Call(Fetch(detour=Detour.PARAMETERS), f"{on}.fetch() where it uses {names}", places)


def _of_durable_object(fetches: Iterable[Usage], entry: Entry) -> Iterator[Call]:
    """The fetches that the code makes of the binding's objects, or a call that tries one out."""
    calls = tuple(_seen(fetches, entry, _STUB)) or (_trial_of_object(entry),)
    yield from calls
    if any(isinstance(call.action, Fetch) for call in calls):
        yield from _detours(entry, _STUB)


def _trial_of_object(entry: Entry) -> Call:
    method = _first_method(entry.export)
    if entry.export is None or entry.export.kind is ExportKind.UNKNOWN or entry.fetch:
        text = f"{_STUB}.fetch()"
        return Call(Fetch(), text, entry.ends, assumes=entry.assumed(Fetch()), is_trial=True)
    if method:
        return Call(Rpc(method, 0), f"{_STUB}.{method}()", is_trial=True)
    return Call(Bind(), "bound", assumes=entry.assumed(Bind()))


def _first_method(export: Export | None) -> str | None:
    """A method that can be called over RPC: a class has to say what it extends for that."""
    if export is None or export.kind is not ExportKind.DURABLE_OBJECT:
        return None
    return next((item.name for item in export.members if item.kind is MethodKind.METHOD), None)
