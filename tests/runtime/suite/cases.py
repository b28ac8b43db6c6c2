"""The cases of the runtime suite: Workers, the calls between them, and what is said of the calls.

A case is a TOML file in ``cases/<group>/``::

    title = "default + DO classes, plain binding"
    says = 'BROKEN — "Callback returned incorrect type"'
    runs = ["workerd", "together"]

    [workers.target]
    code = '''
    export default { async fetch() { return new Response("hello"); } };
    '''

    [bindings]
    X = "target"

    [[calls]]
    does = 'env.X.fetch("http://target/")'
    claimed = "throws"
    outcome = "200 hello"

- ``title``: what is called how. ``says``: what the article says of it, in its words; left out where
  it says nothing. ``remark``: what a reader needs to know beside the outcome.
- ``production``: why nothing but a deployment could settle the case. Such a case may go without
  calls.
- ``workers``: each has its ``code``, an ES module, and may have a compatibility ``date``, ``flags``
  and ``bindings``. The Worker ``caller`` is made of the case's own ``date``, ``flags`` and
  ``bindings``; it makes the calls, one after the other.
- ``bindings``: ``"worker"`` or ``{ service, entrypoint }``; ``{ durable_object, of }``, the class
  and the Worker that exports it (the Worker itself, unless named); ``{ workflow }``, a class of the
  Worker itself; ``{ text }``.
- ``calls``: ``does`` is a JavaScript expression; its ``env`` is the caller's. Its ``outcome`` is a
  response's status and body, ``throws`` and the error, or the value as JSON. The outcome of a case
  whose Workers do not run at all is ``does not start:`` and the reason. ``claimed`` is how the
  outcome begins if the article is right, a regular expression.
- ``commands``: ``does`` is a command line, given to each wrangler, or to the TypeScript compiler,
  in the folder that holds the Workers' folders; its ``outcome`` is what of the output matches
  ``shows``. ``files`` are written there first.
- ``runs``: where the calls are made, see :class:`Kind`; by default on workerd.
- An ``outcome`` that is not the same everywhere is a table by kind, or by kind and release:
  ``{ workerd = "…", "workerd 1.20240404" = "…" }``; the longer key goes first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CASES = Path(__file__).parent / "cases"
CALLER = "caller"
DATE = "2024-04-03"  # the first with RPC, and one that every release knows
EVERYWHERE = ""


class Kind(StrEnum):
    """Where the calls of a case are made."""

    WORKERD = "workerd"
    TOGETHER = "together"  # one `wrangler dev -c … -c …` with all Workers
    APART = "apart"  # each Worker in a `wrangler dev` of its own
    PAGES = "pages"  # the caller is a Pages Function in `wrangler pages dev`
    COMMAND = "command"  # no call is made: wrangler is given command lines


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """A kind, on one release of its tool."""

    kind: Kind
    release: str


@dataclass(frozen=True, slots=True)
class Service:
    worker: str
    entrypoint: str | None = None


@dataclass(frozen=True, slots=True)
class DurableObject:
    class_name: str
    worker: str


@dataclass(frozen=True, slots=True)
class Workflow:
    class_name: str


@dataclass(frozen=True, slots=True)
class Text:
    value: str


Binding = Service | DurableObject | Workflow | Text


@dataclass(frozen=True, slots=True)
class Worker:
    name: str
    code: str
    date: str
    flags: tuple[str, ...]
    bindings: Mapping[str, Binding]


@dataclass(frozen=True, slots=True)
class Step:
    """A call or a command: what it does, what the article has it do, and what it does in truth."""

    does: str
    claimed: str | None
    outcomes: Mapping[str, str]
    shows: str

    def outcome(self, run: Run) -> str:
        """What is stated for a run; raises KeyError where the case states nothing."""
        for key in (f"{run.kind} {run.release}", str(run.kind)):
            if key in self.outcomes:
                return self.outcomes[key]
        return self.outcomes[EVERYWHERE]

    def agrees(self, outcome: str) -> bool:
        return self.claimed is not None and re.match(self.claimed, outcome) is not None


@dataclass(frozen=True, slots=True)
class Case:
    path: Path
    title: str
    says: str
    remark: str
    production: str
    kinds: tuple[Kind, ...]
    workers: tuple[Worker, ...]
    files: Mapping[str, str]
    calls: tuple[Step, ...]
    commands: tuple[Step, ...]

    @property
    def name(self) -> str:
        return self.path.relative_to(CASES).with_suffix("").as_posix()

    @property
    def caller(self) -> Worker:
        return self.workers[-1]

    def steps(self, kind: Kind) -> tuple[Step, ...]:
        return self.commands if kind is Kind.COMMAND else self.calls

    def durable_objects(self, worker: Worker) -> list[str]:
        """The classes of a Worker that some binding of the case leads to."""
        bindings = [binding for other in self.workers for binding in other.bindings.values()]
        found = [
            binding.class_name
            for binding in bindings
            if isinstance(binding, DurableObject) and binding.worker == worker.name
        ]
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Group:
    """A folder of cases: a chapter of the page."""

    title: str
    text: str
    cases: tuple[Case, ...]


def read_groups() -> list[Group]:
    return [_group(path) for path in sorted(CASES.glob("*/group.toml"))]


def all_cases() -> Iterator[Case]:
    for group in read_groups():
        yield from group.cases


def _group(path: Path) -> Group:
    content = tomllib.loads(path.read_text("utf-8"))
    others = [other for other in path.parent.glob("*.toml") if other != path]
    cases = [_case(other) for other in sorted(others, key=lambda other: other.stem)]
    return Group(content["title"], content["text"].strip(), tuple(cases))


def _case(path: Path) -> Case:
    content = tomllib.loads(path.read_text("utf-8"))
    workers = [_worker(name, worker) for name, worker in content.pop("workers", {}).items()]
    caller = {key: content.pop(key) for key in ("date", "flags", "bindings") if key in content}
    commands = tuple(_step(step) for step in content.pop("commands", ()))
    calls = tuple(_step(step) for step in content.pop("calls", ()))
    kinds = [Kind.COMMAND] * bool(commands)
    kinds += [Kind(kind) for kind in content.pop("runs", ["workerd"] if calls else [])]
    case = Case(
        path,
        content.pop("title"),
        content.pop("says", ""),
        content.pop("remark", ""),
        content.pop("production", ""),
        tuple(kinds),
        (*workers, _worker(CALLER, {"code": "", **caller})),
        content.pop("files", {}),
        calls,
        commands,
    )
    if content:
        raise ValueError(f"{path}: unknown keys {sorted(content)}")
    return case


def _worker(name: str, content: dict[str, object]) -> Worker:
    bindings = {key: _binding(value, name) for key, value in content.get("bindings", {}).items()}
    flags = tuple(content.get("flags", ()))
    return Worker(name, content["code"], content.get("date", DATE), flags, bindings)


def _binding(value: str | dict[str, str], owner: str) -> Binding:
    match value:
        case str():
            return Service(value)
        case {"service": service, "entrypoint": entrypoint}:
            return Service(service, entrypoint)
        case {"durable_object": class_name}:
            return DurableObject(class_name, value.get("of", owner))
        case {"workflow": class_name}:
            return Workflow(class_name)
        case {"text": text}:
            return Text(text)
    raise ValueError(f"not a binding: {value}")


def _step(content: dict[str, object]) -> Step:
    outcome = content["outcome"]
    outcomes = {EVERYWHERE: outcome} if isinstance(outcome, str) else outcome
    return Step(content["does"], content.get("claimed"), outcomes, content.get("shows", ""))
