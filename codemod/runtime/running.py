"""Runs the calls of one side of a plan in one process, and reads what came of each."""

from __future__ import annotations

import json
import re
import secrets
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from codemod.diagnosis.messages import Leads
from codemod.diagnosis.messages import message as known_message
from codemod.diagnosis.recognition import recognise
from codemod.model import (
    Binding,
    BindingKind,
    ExportKind,
    Exports,
    Outcome,
    Project,
    Result,
    Unknown,
)
from codemod.rules import missing_entrypoint, not_an_entrypoint
from codemod.rules.missing_entrypoint import export_of
from codemod.runtime import configuration, services
from codemod.runtime.calls import DEFAULT, BoundCalls, Call, Detour, Fetch
from codemod.runtime.configuration import NO_HANDLER
from codemod.runtime.services import Numbered, Run
from codemod.runtime.workerd import Workerd, watched

EXPECTED = (
    "the local runtime knows no entrypoint of that name; once deployed the call works (reported)"
)

_CONFIG = "config.capnp"
_FAULT = re.compile(r"""Worker "(?P<service>[^"]*)"'s binding "(?P<binding>[^"]*)" .*""")
_INTERNAL = re.compile(r"Error: internal error(?:; reference = \w+)?")
_TEST = "[ TEST ]"
"""What the runtime logs before the tests of a service: what it logs before that is of its start."""
_LOGGED = re.compile(r"(?:failed|error): (?P<detail>(?!e = ).*)")
_MARKS = re.compile(r"(?:remote\.)?(?:broken\.ignored|worker_do_not_log); ")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time by which everything has to be done."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        return self.at - time.monotonic()


@dataclass(slots=True)
class _Heard:
    """What the runtime said.

    ``thrown`` are the reports by their numbers, ``logged`` what it logged before some of them,
    ``faults`` what it has against bindings, by the names of service and binding, and
    ``complaints`` what else it has against services.
    """

    thrown: dict[int, str | None] = field(default_factory=dict)
    logged: dict[int, str] = field(default_factory=dict)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    complaints: dict[str, str] = field(default_factory=dict)
    is_over: bool = False


def results(
    workerd: Workerd, project: Project, planned: Sequence[BoundCalls], deadline: Deadline
) -> list[list[Result]]:
    """What comes of the calls of ``planned``, in their order. Raises ``NoProof`` (see ``watched``).

    No process is started where nothing can be called. What fails for an entrypoint that only the
    deployed runtime knows is called without it as well: whether the call works once deployed shows
    there.
    """
    plain = {
        index: _without_entrypoint(bound)
        for index, bound in enumerate(planned)
        if _is_expected(project, bound.binding)
    }
    found = _results(workerd, project, (*planned, *plain.values()), deadline)
    deployed = dict(zip(plain, found[len(planned) :], strict=True))
    return [
        list(map(_as_deployed, row, deployed[index])) if index in deployed else row
        for index, row in enumerate(found[: len(planned)])
    ]


def _without_entrypoint(bound: BoundCalls) -> BoundCalls:
    """The same calls over a binding to the default export, which goes by a name of its own."""
    name = f"{bound.binding.name}, as deployed"
    return replace(bound, binding=replace(bound.binding, name=name, entrypoint=None))


def _results(
    workerd: Workerd, project: Project, planned: Sequence[BoundCalls], deadline: Deadline
) -> list[list[Result]]:
    token = f"wfix {secrets.token_hex(8)} "
    run = services.of_calls(project, planned, workerd.latest, token)
    heard = _carried_out(workerd, run, token, deadline) if run.calls else _Heard()
    made = {(id(item.bound), id(item.call)): _result(project, item, heard) for item in run.calls}
    return [
        [made.get((id(bound), id(call))) or _not_run(call.obstacle or "") for call in bound.calls]
        for bound in planned
    ]


def _as_deployed(local: Result, plain: Result) -> Result:
    """``local``, expected only where the same call works without the entrypoint."""
    if not local.expected or plain.outcome is not Outcome.FAILED:
        return local
    cause = f"once deployed the call fails too: {plain.message}"
    return replace(local, cause=cause, expected=None)


def _carried_out(workerd: Workerd, run: Run, token: str, deadline: Deadline) -> _Heard:
    text = configuration.render(run.services, workerd.latest, token)
    with tempfile.TemporaryDirectory(prefix="wfix-") as folder:
        config = Path(folder) / _CONFIG
        config.write_text(text, encoding="ascii")
        with watched(workerd, config, deadline.left) as lines:
            return _listen(lines, run, token)


def _listen(lines: Iterable[str], run: Run, token: str) -> _Heard:
    """Reads until every caller has reported, or cannot since its service does not start."""
    heard = _Heard()
    names = [service.name for service in run.services]
    logged = ""
    for line in lines:
        _, found, report = line.partition(token)
        if found:
            _note_report(report, logged, heard)
            logged = ""
        elif _TEST in line:
            logged = ""
        else:
            logged = logged or _detail(line)
            _note_complaint(line, names, heard)
        if heard.is_over and all(
            number in heard.thrown or service in heard.complaints
            for number, service in run.ends.items()
        ):
            break
    return heard


def _note_report(report: str, logged: str, heard: _Heard) -> None:
    match json.loads(report):
        case [int(number), thrown]:
            heard.thrown[number] = thrown
            heard.logged[number] = logged
        case []:
            heard.is_over = True


def _detail(line: str) -> str:
    """What a line of the log says of an error."""
    match = _LOGGED.search(line)
    return _MARKS.sub("", match["detail"]) if match else ""


def _note_complaint(line: str, services_: Sequence[str], heard: _Heard) -> None:
    fault = _FAULT.search(line)
    if fault:
        heard.faults.setdefault((fault["service"], fault["binding"]), fault[0])
        return
    for name in services_ if line.startswith("service ") else ():
        prefix = f"service {name}: "
        if line.startswith(prefix):
            heard.complaints.setdefault(name, line[len(prefix) :])


# --- Results --------------------------------------------------------------------------------


def _not_run(reason: str) -> Result:
    return Result(Outcome.NOT_RUN, reason)


def _result(project: Project, item: Numbered, heard: _Heard) -> Result:
    fault = heard.faults.get((item.service, item.binding))
    if fault:
        expected = EXPECTED if _is_expected(project, item.bound.binding) else None
        return Result(Outcome.FAILED, fault, _cause(fault), expected)
    for service in (item.service, item.target):
        complaint = heard.complaints.get(service, "")
        if complaint.startswith("Uncaught") or item.number not in heard.thrown:
            return _not_run(f"the twin of {service} does not start: {complaint}")
    thrown = heard.thrown[item.number]
    if thrown is None:
        return Result(Outcome.PASSED, item.call.assumes or "")
    return _failed(project, item, thrown, heard.logged[item.number])


def _failed(project: Project, item: Numbered, thrown: str, logged: str) -> Result:
    if NO_HANDLER in thrown:
        message = f"Error: internal error ({NO_HANDLER}: the runtime sends it to the network)"
        return Result(Outcome.FAILED, message, _cause_of_silence(project, item.bound.binding))
    if not _INTERNAL.fullmatch(thrown):
        return Result(Outcome.FAILED, thrown, _cause_of_detour(item.call) or _cause(thrown))
    message = f"Error: internal error ({logged})" if logged else "Error: internal error"
    is_service = item.bound.binding.kind is BindingKind.SERVICE
    return Result(
        Outcome.FAILED, message, _cause(logged) or (_cause(thrown) if is_service else None)
    )


def _cause(message: str) -> str | None:
    """What a message comes from: the best founded of its causes."""
    recognised = recognise(message)
    return recognised.message.causes[0].summary if recognised else None


def _cause_of_silence(project: Project, binding: Binding) -> str | None:
    """Why a binding leads to nothing that could answer, as far as its target's exports show it."""
    export = export_of(project, binding)
    if isinstance(export, Unknown) or (export and export.kind is ExportKind.VALUE):
        return None
    leads = Leads.NOTHING if export is None else Leads.NO_ENTRYPOINT
    rule = missing_entrypoint.NAME if binding.entrypoint else not_an_entrypoint.NAME
    causes = known_message("internal-error").causes
    return next((c.summary for c in causes if rule in c.rules and c.leads_to is leads), None)


def _cause_of_detour(call: Call) -> str | None:
    """Why a path fails that is known to: the message alone would leave it open."""
    if not isinstance(call.action, Fetch) or call.action.detour is not Detour.PARAMETERS:
        return None
    return f"the target's fetch {call.action.detour}: use this.env and this.ctx"


def _is_expected(project: Project, binding: Binding) -> bool:
    """Whether a binding names the default export as only the deployed runtime lets it."""
    if binding.kind is not BindingKind.SERVICE or binding.entrypoint != DEFAULT:
        return False
    target = project.resolve(binding.target)
    exports = target[0].exports if target else None
    return isinstance(exports, Exports) and (exports.default is not None or bool(exports.open))
