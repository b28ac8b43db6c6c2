"""The vocabulary of wfix: what a repository of Workers is, what is found in it, what is changed.

Everything here is immutable and free of behaviour beyond look-ups. Paths are POSIX, relative to
the project's root, without ``.`` or ``..``. A fact that cannot be known is an ``Unknown`` with
its reason: it is never evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath

# --- Places ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of byte offsets in a file."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A span of a file. ``line`` and ``column`` are 1-based; columns count code points."""

    path: str
    line: int
    column: int
    span: Span


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that cannot be known from the repository, why, and where that shows."""

    reason: str
    location: Location | None = None


# --- What a module exports ------------------------------------------------------------------


class ExportKind(StrEnum):
    """What the runtime makes of an export.

    A class is what its prototype chain says; a class with no base that the runtime knows, and an
    exported function, count as Durable Object classes (measured, workerd 2024 to 2026).
    """

    OBJECT = "object"
    DURABLE_OBJECT = "durable-object"
    WORKER_ENTRYPOINT = "worker-entrypoint"
    WORKFLOW = "workflow"
    RPC_TARGET = "rpc-target"
    CLASS = "class"
    FUNCTION = "function"
    VALUE = "value"
    UNKNOWN = "unknown"


class ExportForm(StrEnum):
    """How an export is written, as far as a repair or a message cares."""

    OBJECT_LITERAL = "object literal"
    INSTANCE = "instance"
    APP = "app"
    MEMBER = "member"
    WRAPPED = "wrapped by a call"
    DESTRUCTURED = "destructured from a call"
    CLASS = "class"
    FUNCTION = "function"
    SERVICE_WORKER = "service worker"
    COMMONJS = "export ="
    OTHER = "expression"


class ParameterRole(StrEnum):
    """What the runtime passes at a handler's position on a plain object."""

    EVENT = "event"
    ENV = "env"
    CONTEXT = "ctx"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A handler's parameter. ``name`` is None where it is destructured.

    ``relied_on`` are the places that need it to be given: none where it has a default, is given
    another value, or is asked for whether it is there. One that is destructured relies on itself.
    """

    role: ParameterRole
    name: str | None
    location: Location
    relied_on: tuple[Location, ...] = ()


class Returns(StrEnum):
    """Whether the paths through a function return a value."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"
    UNKNOWN = "unknown"


class FunctionForm(StrEnum):
    METHOD = "method"
    FUNCTION = "function"
    ARROW = "arrow"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A path through a ``fetch`` that gives neither a Response nor a Promise.

    ``given`` is what it gives instead, in words. ``location`` is that value, the ``return``
    without one, or the last statement before the end of the body (the body, where it has none).
    ``in_promise`` says that an async function gives it, so that a Promise resolves to it.
    """

    given: str
    location: Location
    in_promise: bool


@dataclass(frozen=True, slots=True)
class Handler:
    """A handler (``fetch``, ``scheduled``, …) of an exported object or class.

    ``is_async`` is None, and ``parameters`` and ``returns`` are empty and unknown, where the
    function cannot be seen. ``dead_ends`` are those of a ``fetch`` that are certain.
    """

    name: str
    form: FunctionForm
    is_async: bool | None
    parameters: tuple[Parameter, ...]
    returns: Returns
    location: Location
    dead_ends: tuple[DeadEnd, ...] = ()


class MethodKind(StrEnum):
    """Whether a member can be called over RPC: only the first two can (measured, workerd 2026).

    Of a class these are what its prototype has, and a ``PROPERTY`` is of each instance. Of an
    object they are its own functions: a ``PROPERTY`` holds something else, which can be read, and
    an ``INHERITED`` member is one of the class that the object is an instance of.
    """

    METHOD = "method"
    GETTER = "getter"
    PROPERTY = "property"
    STATIC = "static"
    PRIVATE = "private"
    INHERITED = "inherited"


@dataclass(frozen=True, slots=True)
class Method:
    """A member of a class, inherited ones included, or of an object. ``name`` has no ``#``."""

    name: str
    kind: MethodKind
    location: Location


@dataclass(frozen=True, slots=True)
class Export:
    """One export of a Worker's entry module, the default export included (name ``default``).

    ``location`` is the declaration, in whichever file it stands: the class, function or variable
    declarator, the name in a pattern, the statement that exports a bare expression, or what names
    an export of a package. ``local_name`` is the name it is declared under in that file, None
    where it has none. ``via`` are the export and re-export statements that lead from the entry
    module to it, outermost first; a declaration that itself says ``export`` is not among them.
    ``because`` says in words what ``kind`` rests on. ``members`` are a class's members, handlers
    included, or an object's that are no handlers. ``handlers`` and ``members`` are complete where
    ``open_members`` is None.
    """

    name: str
    kind: ExportKind
    form: ExportForm
    because: str
    location: Location
    via: tuple[Location, ...] = ()
    local_name: str | None = None
    handlers: tuple[Handler, ...] = ()
    members: tuple[Method, ...] = ()
    open_members: Unknown | None = None

    def handler(self, name: str) -> Handler | None:
        return next((handler for handler in self.handlers if handler.name == name), None)


@dataclass(frozen=True, slots=True)
class Exports:
    """What an entry module exports at run time: types, interfaces and the like are left out.

    ``open`` holds why more names may be exported than are listed (``export *`` from a package).
    """

    default: Export | None
    named: tuple[Export, ...]
    open: tuple[Unknown, ...] = ()

    def get(self, name: str) -> Export | None:
        if name == "default":
            return self.default
        return next((export for export in self.named if export.name == name), None)


# --- How code uses its environment ----------------------------------------------------------


class UsageKind(StrEnum):
    FETCH = "fetch"
    RPC = "rpc"
    CONNECT = "connect"
    PASSED_ON = "passed on"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Usage:
    """One use of ``env.<binding>`` in a Worker's code.

    ``method`` and ``argument_count`` belong to RPC calls; the count is None where an argument is
    spread. ``url`` is the first argument of a ``fetch`` where it is a constant string, and
    ``url_location`` where the call itself spells it out. ``url_start`` is as much of its start as
    is constant, None where nothing is. ``has_signal`` says whether something ends a ``fetch`` that
    takes too long, None where that cannot be told; ``body_reads`` are where the body of the
    Request that it is given has been read, or sent, by then. ``is_caught`` says that a call stands
    in a ``try`` with a ``catch``.
    """

    binding: str
    kind: UsageKind
    location: Location
    method: str | None = None
    argument_count: int | None = None
    url: str | None = None
    url_location: Location | None = None
    url_start: str | None = None
    has_signal: bool | None = None
    body_reads: tuple[Location, ...] = ()
    is_caught: bool = False


@dataclass(frozen=True, slots=True)
class KeysRead:
    """A call of ``Object.keys`` or the like, ``function``, that is given ``env.<binding>``."""

    binding: str
    function: str
    location: Location


@dataclass(frozen=True, slots=True)
class DeclaredType:
    """The type that code declares for a binding in an interface or type (``Fetcher``, …).

    ``optional`` says that the binding need not be there (``API?: Fetcher``).
    """

    binding: str
    type: str
    location: Location
    optional: bool = False


@dataclass(frozen=True, slots=True)
class GlobalFetch:
    """A call of the global ``fetch``. ``url`` is as much of its start as is constant, or empty.

    ``complete`` says whether ``url`` is all of it. ``vars`` are the names of configuration
    variables that the value was read through, and ``values`` what they are then: a call has a
    ``GlobalFetch`` for each URL that deployments give it. ``handed_on`` says that the code passes
    ``fetch`` and the URL to another function, which is the call that ``location`` tells. ``chosen``
    says that conditions in the code decide on the URL: there is a ``GlobalFetch`` for each.
    """

    url: str
    complete: bool
    location: Location
    vars: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    handed_on: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Usages:
    """All uses of the environment in the modules that a Worker's entry reaches.

    ``open`` holds why there may be more (``env[name]``, a module that cannot be read).
    ``modules`` are the paths of those modules, and of those that only types come from.
    ``stub_fetches`` are fetches of Durable Objects: their bindings are the namespaces that gave
    the stubs. ``paths`` are the strings in the code that begin with a slash.
    """

    uses: tuple[Usage, ...] = ()
    declared_types: tuple[DeclaredType, ...] = ()
    global_fetches: tuple[GlobalFetch, ...] = ()
    open: tuple[Unknown, ...] = ()
    modules: tuple[str, ...] = ()
    stub_fetches: tuple[Usage, ...] = ()
    keys_read: tuple[KeysRead, ...] = ()
    paths: tuple[str, ...] = ()

    def of(self, binding: str) -> tuple[Usage, ...]:
        return tuple(usage for usage in self.uses if usage.binding == binding)

    def others_at(self, usage: Usage) -> tuple[str, ...]:
        """The other bindings that may be what is used at the same place: one of them is."""
        names = (other.binding for other in self.uses if other.location == usage.location)
        return tuple(dict.fromkeys(name for name in names if name != usage.binding))


# --- Configuration --------------------------------------------------------------------------


class BindingKind(StrEnum):
    """The bindings that name another Worker, after their keys in the configuration."""

    SERVICE = "services"
    DURABLE_OBJECT = "durable_objects"
    WORKFLOW = "workflows"
    TAIL_CONSUMER = "tail_consumers"


@dataclass(frozen=True, slots=True)
class DeploymentRef:
    """Names a ``Deployment`` of the project: its configuration file and environment."""

    config_path: str
    environment: str | None


Target = DeploymentRef | Unknown


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding of one deployment that leads to a Worker.

    ``name`` is the property of ``env`` (for a tail consumer, the service's name); ``service`` the
    deployed name it points at, None where a Durable Object or Workflow is the Worker's own.
    ``service_environment`` is the deprecated ``environment`` key. ``location`` is the whole
    object or table, ``service_location`` and ``entrypoint_location`` the values.
    """

    kind: BindingKind
    name: str
    service: str | None
    target: Target
    location: Location
    service_location: Location | None = None
    entrypoint: str | None = None
    entrypoint_location: Location | None = None
    class_name: str | None = None
    service_environment: str | None = None
    remote: bool = False


class LifecycleAction(StrEnum):
    """What ``migrations`` or ``exports`` say of a Durable Object class."""

    CREATED = "created"
    CREATED_SQLITE = "created with SQLite"
    RENAMED = "renamed"
    DELETED = "deleted"
    TRANSFERRED_IN = "transferred from another Worker"
    TRANSFERRED_OUT = "transferred to another Worker"
    EXPECTING_TRANSFER = "expecting transfer"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """One step in the life of a Durable Object class.

    ``previous_name`` is the name before a rename, or in the Worker that it is transferred from;
    ``other_script`` the deployed name at the other end of a transfer.
    """

    class_name: str
    action: LifecycleAction
    location: Location
    previous_name: str | None = None
    other_script: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """An entry of ``vars``; ``value`` is None where it is not a string."""

    name: str
    value: str | None
    location: Location


@dataclass(frozen=True, slots=True)
class OtherBinding:
    """A binding that leads to no Worker: KV, R2, D1, queues, AI, … by its configuration key."""

    key: str
    name: str
    location: Location


@dataclass(frozen=True, slots=True)
class Route:
    """An entry of ``routes``: a pattern of URLs, or the host of a Custom Domain."""

    pattern: str
    custom_domain: bool
    location: Location


@dataclass(frozen=True, slots=True)
class Deployment:
    """What ``wrangler deploy`` with one ``--env`` would upload, inheritance applied.

    ``environment`` is None for the top level. ``name`` is the deployed name (``<name>-<env>``
    unless the environment has its own), None where no name is configured. ``location`` is the
    environment's table, or the whole file. ``has_assets`` says that static assets may answer
    before the module's ``fetch`` is asked, ``on_workers_dev`` that a deploy gives it an address
    on `workers.dev`.
    """

    environment: str | None
    name: str | None
    location: Location
    bindings: tuple[Binding, ...] = ()
    lifecycle: tuple[Lifecycle, ...] = ()
    variables: tuple[Variable, ...] = ()
    other_bindings: tuple[OtherBinding, ...] = ()
    compatibility_date: str | None = None
    compatibility_flags: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    has_assets: bool = False
    on_workers_dev: bool = True

    def of_kind(self, kind: BindingKind) -> tuple[Binding, ...]:
        return tuple(binding for binding in self.bindings if binding.kind is kind)

    def variable(self, name: str) -> Variable | None:
        return next((item for item in self.variables if item.name == name), None)


class Language(StrEnum):
    """What a Worker is written in, or made of."""

    JAVASCRIPT = "javascript"
    PYTHON = "python"
    RUST = "rust"
    ASSETS = "assets"
    PAGES = "pages"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Worker:
    """One configuration file with the module it names.

    ``name`` is the top level's. ``shadowed_by`` is the file in the same folder that wrangler
    reads instead (``wrangler.json`` before ``.jsonc`` before ``.toml``). ``generated`` says that
    a build step writes the file, or that it is a link: it is read, never edited. ``tsconfig`` is
    the file that it names for all of its modules.
    """

    config_path: str
    name: str | None
    language: Language
    main: str | None
    exports: Exports | Unknown
    usages: Usages
    deployments: tuple[Deployment, ...]
    shadowed_by: str | None = None
    generated: bool = False
    tsconfig: str | None = None

    @property
    def default_export(self) -> Export | None:
        """The default export; None where there is none, or nobody knows the exports."""
        return self.exports.default if isinstance(self.exports, Exports) else None

    def name_of(self, deployment: Deployment) -> str:
        """A deployment's name for people: the deployed name, else the configuration's path."""
        return deployment.name or self.config_path

    def deployment(self, environment: str | None) -> Deployment | None:
        return next((item for item in self.deployments if item.environment == environment), None)


@dataclass(frozen=True, slots=True)
class DevelopmentEvidence:
    """A sign that several Workers run together on a developer's machine.

    ``workers`` are the configuration files known to be run; empty where that cannot be told, and
    then every Worker below the folder of ``location`` may be meant. ``location`` is None where
    no file but the user says so.
    """

    description: str
    location: Location | None
    workers: tuple[str, ...] = ()

    def may_concern(self, config_paths: Collection[str]) -> bool:
        """Whether one of the Workers with these configuration files may be run."""
        if self.workers:
            return not set(config_paths).isdisjoint(self.workers)
        if self.location is None:
            return True
        folder = PurePosixPath(self.location.path).parent
        return any(PurePosixPath(path).is_relative_to(folder) for path in config_paths)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, and why. Line and column stand in the reason."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A fact worth a line to the user that is neither a finding nor a failure."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that says of findings that they are known.

    It covers findings of ``rules`` in the same file whose location starts on ``line`` (1-based):
    the line that it stands on, or the next with code where it stands alone; or on those up to
    ``last_line``, between which no comment could stand. It also covers those whose location is one
    of ``elements``: the object or table of a configuration that it stands in, or at the end of.
    ``location`` is the comment's, ``reason`` None where none is given.
    """

    rules: tuple[str, ...]
    reason: str | None
    location: Location
    line: int
    last_line: int
    elements: frozenset[Span] = frozenset()

    def covers(self, rule: str, location: Location) -> bool:
        """Whether a finding of ``rule`` at ``location`` is known, for a reason that is given."""
        if self.reason is None or rule not in self.rules or location.path != self.location.path:
            return False
        return self.line <= location.line <= self.last_line or location.span in self.elements


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that the scanner knows of the repository at ``root`` (absolute).

    ``scope`` are the paths that the search for configurations was limited to, empty for the whole
    root. ``read`` maps every file that a fact rests on to the SHA-256 (hex) of the bytes read.
    ``overlay`` are the files that were taken to hold these bytes, or with None not to be there,
    whatever stands in the folder. ``digest`` is the same for scans of one root that found the same,
    whatever else the files read hold; None where it is not known.
    """

    root: Path
    workers: Sequence[Worker]
    development: tuple[DevelopmentEvidence, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    notes: tuple[Note, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    overlay: Mapping[str, bytes | None] = field(default_factory=dict, repr=False, compare=False)
    digest: str | None = field(default=None, repr=False, compare=False)
    _by_path: dict[str, Worker] = field(init=False, repr=False, compare=False, default_factory=dict)

    def worker(self, config_path: str) -> Worker | None:
        # Scans give Workers that are worked out when they are first looked at.
        if not self._by_path:
            self._by_path.update({item.config_path: item for item in reversed(self.workers)})
        return self._by_path.get(config_path)

    def resolve(self, target: Target) -> tuple[Worker, Deployment] | None:
        """The Worker and deployment that ``target`` names, None for an ``Unknown``."""
        if isinstance(target, Unknown):
            return None
        worker = self.worker(target.config_path)
        deployment = worker.deployment(target.environment) if worker else None
        return (worker, deployment) if worker and deployment else None

    @property
    def in_use(self) -> tuple[Worker, ...]:
        """The Workers whose configuration wrangler reads: none that another one shadows."""
        return tuple(worker for worker in self.workers if not worker.shadowed_by)

    def bindings(self, kind: BindingKind) -> Iterator[tuple[Worker, Deployment, Binding]]:
        """Every binding of ``kind`` with the Worker and deployment that declare it."""
        return _bindings(self.workers, kind)

    def bindings_in_use(self, kind: BindingKind) -> Iterator[tuple[Worker, Deployment, Binding]]:
        """``bindings`` of the Workers ``in_use``."""
        return _bindings(self.in_use, kind)

    def local_development(self, config_paths: Collection[str]) -> tuple[DevelopmentEvidence, ...]:
        """The evidence that one of these Workers runs together with others locally."""
        return tuple(item for item in self.development if item.may_concern(config_paths))


def _bindings(
    workers: Iterable[Worker], kind: BindingKind
) -> Iterator[tuple[Worker, Deployment, Binding]]:
    for worker in workers:
        for deployment in worker.deployments:
            for binding in deployment.of_kind(kind):
                yield worker, deployment, binding


# --- Judgement ------------------------------------------------------------------------------


class Mark(StrEnum):
    """How well a claim is founded."""

    MEASURED = "measured"
    DOCUMENTED = "documented"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a claim rests on: its mark, the source in words, and the claim's limits."""

    mark: Mark
    source: str


class Safety(StrEnum):
    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


class Strategy(StrEnum):
    """How a target's bindings are repaired. ``remove`` takes a needless entrypoint out; nobody
    asks for it.
    """

    ENTRYPOINT = "entrypoint"
    NAMED = "named"
    RPC = "rpc"
    SPLIT = "split"
    LEAVE = "leave"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the bytes ``span`` of the file ``path`` by ``text`` (encoded as UTF-8)."""

    path: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that a repair creates; nothing is at ``path`` before."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair of one finding: its edits, how safe it is, and the reasons for choosing it.

    ``strategy`` is None where the rule has one repair of its own. Findings about one target share
    their edits where the repair is of the target. ``steps`` say in words what a person has to do
    with the result, in order.
    """

    strategy: Strategy | None
    safety: Safety
    title: str
    reasons: tuple[str, ...]
    edits: tuple[Edit, ...]
    new_files: tuple[NewFile, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """A place that a finding also rests on, with what it shows."""

    label: str
    location: Location


@dataclass(frozen=True, slots=True)
class FindingKey:
    """What a finding is about, the same after other repairs; findings of one rule may share it."""

    rule: str
    worker: str
    environment: str | None
    binding: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A judgement of one rule about one place.

    ``suppressed`` is set where a comment or a baseline says that the finding is known.
    ``skipped`` is why no claim is made, or why a report is not acted on: such a finding informs
    and fails nothing. ``no_fix`` is why a fault that stands has no repair.
    ``worker`` and ``target`` are names for people: the deployed name, else the file's path.
    ``also`` are, where findings are shown, those of other deployments that say the same.
    """

    rule: str
    worker: str
    environment: str | None
    binding: str | None
    target: str | None
    location: Location
    message: str
    evidence: Evidence
    locations: tuple[Related, ...] = ()
    fix: Fix | None = None
    no_fix: str | None = None
    skipped: str | None = None
    suppressed: bool = False
    also: tuple[FindingKey, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it is a claim that nobody has called known: such a one fails ``check``."""
        return not (self.skipped or self.suppressed)

    @property
    def key(self) -> FindingKey:
        return FindingKey(self.rule, self.worker, self.environment, self.binding)


# --- Change ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlannedEdit:
    """An edit with the finding's rule and the fix's strategy, safety and reasons behind it."""

    edit: Edit
    rule: str
    strategy: Strategy | None
    safety: Safety
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file as the plan found it and as it leaves it. ``before`` is None for a new file."""

    path: str
    before: bytes | None
    after: bytes
    edits: tuple[PlannedEdit, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Findings with their chosen repairs, and the file changes that these make together.

    ``changes`` hold the fixes that the options let through; a finding may carry a fix that is
    shown and not among them (an unsafe one). ``postponed`` are the findings whose repair touches
    the same bytes as one among them, and can be made once that is.
    """

    project: Project
    findings: tuple[Finding, ...]
    changes: tuple[FileChange, ...]
    postponed: frozenset[FindingKey] = frozenset()


# --- Proof ----------------------------------------------------------------------------------


class Outcome(StrEnum):
    """What came of a call on the runtime; ``NOT_RUN`` where it was not made."""

    PASSED = "pass"
    FAILED = "fail"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one call on one side of a plan.

    ``message`` is what the runtime says of a failure, why the call was not made, or what had to be
    assumed for it; empty where there is nothing to say. ``cause`` is what a failure comes from,
    where that is known. ``expected`` is set where a failure is the local runtime's alone: it says
    how the call fares once deployed.
    """

    outcome: Outcome
    message: str = ""
    cause: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A call over a binding, and what came of it before and after a plan.

    ``before`` and ``after`` are None where that side has no such call. ``target`` is the deployed
    name that the binding leads to, ``location`` the binding's. ``call`` is the call in words,
    ``uses`` the places in the code that make it, or that make it fail; none where wfix only tries
    out whether the binding leads anywhere. Places are those before the plan, where the binding was
    there then. ``is_trial`` marks a call that the code is not seen to make.
    """

    worker: str
    deployment: DeploymentRef
    binding: str
    kind: BindingKind
    target: str | None
    location: Location
    call: str
    before: Result | None
    after: Result | None
    uses: tuple[Location, ...] = ()
    is_trial: bool = False

    @property
    def environment(self) -> str | None:
        return self.deployment.environment

    @property
    def telling(self) -> Result:
        """The result whose message counts: a failure, else the newer one."""
        results = [result for result in (self.after, self.before) if result]
        return next((item for item in results if item.outcome is Outcome.FAILED), results[0])


@dataclass(frozen=True, slots=True)
class Proof:
    """What the runtime makes of every call between the Workers of a project.

    ``runtime`` names the program and its release. ``notes`` say where the calls are made otherwise
    than configured.
    """

    runtime: str
    rows: tuple[ProofRow, ...]
    notes: tuple[str, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many calls have this outcome after the plan."""
        return sum(row.after is not None and row.after.outcome is outcome for row in self.rows)

    @property
    def fails(self) -> bool:
        return self.count(Outcome.FAILED) > 0
