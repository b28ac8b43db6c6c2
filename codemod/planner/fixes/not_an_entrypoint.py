"""``extends WorkerEntrypoint`` for a default class that extends nothing."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    Export,
    ExportForm,
    ExportKind,
    Finding,
    Fix,
    MethodKind,
    Safety,
    UsageKind,
    Usages,
    Worker,
)
from codemod.planner.groups import lead_of
from codemod.planner.refusal import Refusal
from codemod.planner.rpc import extension
from codemod.planner.rpc.roles import remote_calls
from codemod.planner.workshop import Workshop
from codemod.scanner.handlers import ENTRYPOINT_HANDLERS

_CALLABLE = frozenset({MethodKind.METHOD, MethodKind.GETTER})
_CALLS = frozenset({UsageKind.FETCH, UsageKind.RPC})


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    """Unsafe where it opens methods to callers that none of them uses."""
    lead = lead_of(workshop.project, finding)
    binding = lead.binding
    resolved = workshop.project.resolve(binding.target)
    default = resolved[0].default_export if resolved else None
    if resolved is None or default is None or binding.entrypoint:
        return Refusal(f"what {binding.service} should export is for a person to say", None)
    if default.kind is not ExportKind.CLASS or default.form is not ExportForm.CLASS:
        reason = f"what {binding.service} should answer is for a person to say"
        return Refusal(reason, default.location)
    lacking = _lacking(lead.caller.usages, binding, default)
    if lacking:
        reason = f"the class has no {lacking} that an entrypoint could be asked for"
        return Refusal(reason, default.location)
    edits = extension.propose(workshop.modules, default)
    if isinstance(edits, Refusal):
        return edits
    opened = ", ".join(_opened(workshop, resolved[0]))
    reason = (
        f"every bound Worker can call {opened} then" if opened else "nothing else is made of it"
    )
    return Fix(
        strategy=None,
        safety=Safety.UNSAFE if opened else Safety.SAFE,
        title=f"let the default class of {binding.service} extend WorkerEntrypoint",
        reasons=(reason,),
        edits=edits,
    )


def _lacking(usages: Usages, binding: Binding, default: Export) -> str | None:
    """What the caller uses and the class would lack as an entrypoint too."""
    if default.open_members:
        return None
    had = {member.name for member in default.members if member.kind in _CALLABLE}
    had |= {handler.name for handler in default.handlers}
    for use in usages.of(binding.name):
        name = "fetch" if use.kind is UsageKind.FETCH else use.method
        if use.kind in _CALLS and name and name not in had and not usages.others_at(use):
            return name
    return None


def _opened(workshop: Workshop, target: Worker) -> Iterator[str]:
    """The methods that can be called over RPC afterwards, though no caller is seen to do so."""
    called = remote_calls(workshop.project, target).arguments
    default = target.default_export
    for member in default.members if default else ():
        if member.kind in _CALLABLE and member.name not in (*called, *ENTRYPOINT_HANDLERS):
            yield member.name
