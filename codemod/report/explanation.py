"""What a binding leads to and why it is judged as it is: the chain of facts, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemod.model import (
    Binding,
    BindingKind,
    Export,
    ExportKind,
    Exports,
    Finding,
    Location,
    Plan,
    Unknown,
    UsageKind,
    Worker,
)
from codemod.planner.verdicts import Subject, Verdict
from codemod.report.display import Display, printable

_USED = {
    UsageKind.FETCH: "fetched",
    UsageKind.RPC: "called over RPC",
    UsageKind.CONNECT: "connected to",
    UsageKind.PASSED_ON: "passed on",
    UsageKind.COMPARED: "asked for",
}


_CLASSES = {BindingKind.DURABLE_OBJECT: "Durable Object", BindingKind.WORKFLOW: "Workflow"}


def render(plan: Plan, subject: Subject, display: Display) -> str:
    """The facts about one binding, then its verdict if it has one; ends in a newline."""
    return "".join(f"{printable(line)}\n" for line in _lines(plan, subject, display))


def _lines(plan: Plan, subject: Subject, display: Display) -> Iterator[str]:
    binding = subject.binding
    caller = plan.project.worker(subject.deployment.config_path)
    yield f"{subject.worker}.{binding.name}"
    yield _fact(display, binding.location, role(binding))
    yield from _target(plan, binding, display)
    if caller and binding.kind is not BindingKind.TAIL_CONSUMER:
        yield from _uses(binding, caller, display)
    if subject.verdict:
        yield from _verdict(plan, subject.verdict)


def role(binding: Binding) -> str:
    """What the configuration binds, after the binding's name."""
    if binding.kind is BindingKind.TAIL_CONSUMER:
        return f'its events go to "{binding.service}"'
    if binding.kind in _CLASSES:
        owner = f'"{binding.service}"' if binding.service else "the same Worker"
        return f"is bound to the {_CLASSES[binding.kind]} {binding.class_name} of {owner}"
    entrypoint = f' with the entrypoint "{binding.entrypoint}"' if binding.entrypoint else ""
    return f'is bound to "{binding.service}"{entrypoint}'


def _target(plan: Plan, binding: Binding, display: Display) -> Iterator[str]:
    target = binding.target
    resolved = plan.project.resolve(target)
    if resolved is None:
        yield f"  its target is unknown: {target.reason if isinstance(target, Unknown) else ''}"
        return
    worker, deployment = resolved
    environment = f", environment {deployment.environment}" if deployment.environment else ""
    yield _fact(display, deployment.location, f'deploys "{deployment.name}"{environment}')
    if isinstance(worker.exports, Unknown):
        yield _unknown("what it exports is unknown", worker.exports, display)
    elif binding.class_name:
        yield from _class(binding.class_name, worker.exports, display)
    else:
        yield from _exports(worker.exports, display)


def _class(name: str, exports: Exports, display: Display) -> Iterator[str]:
    export = exports.get(name)
    if export:
        yield from _export(f"export {name}", export, display)
        return
    yield f"  no export {name} is seen"
    for unknown in exports.open:
        yield _unknown("it may export more", unknown, display)


def _exports(exports: Exports, display: Display) -> Iterator[str]:
    if exports.default:
        yield from _export("default export", exports.default, display)
    else:
        yield "  it has no default export"
    for export in exports.named:
        yield from _export(f"export {export.name}", export, display)
    for unknown in exports.open:
        yield _unknown("it may export more", unknown, display)


def _export(label: str, export: Export, display: Display) -> Iterator[str]:
    kind = export.form if export.kind is ExportKind.OBJECT else export.kind
    handlers = ", ".join(handler.name for handler in export.handlers)
    having = f" with {handlers}" if handlers else ""
    yield _fact(display, export.location, f"{label}, {kind}{having}: {export.because}")
    for step in export.via:
        yield f"    {_fact(display, step, 'exports it').strip()}"


def _uses(binding: Binding, caller: Worker, display: Display) -> Iterator[str]:
    uses = caller.usages.of(binding.name)
    for use in uses:
        method = f" ({use.method})" if use.method else ""
        how = _USED[use.kind] if binding.kind is BindingKind.SERVICE else "used"
        yield _fact(display, use.location, f"{binding.name} is {how}{method}")
    if not uses:
        yield f"  no use of {binding.name} is seen in its code"
    for unknown in caller.usages.open:
        yield _unknown("it may be used elsewhere", unknown, display)


def _verdict(plan: Plan, verdict: Verdict) -> Iterator[str]:
    yield f"  verdict: {verdict.status}{f' ({verdict.reason})' if verdict.reason else ''}"
    for finding in findings_about(plan, verdict):
        yield f"  {finding.rule}: {finding.message}"
        yield f"    evidence: {finding.evidence.mark}, {finding.evidence.source}"
        if finding.skipped:
            yield f"    skipped: {finding.skipped}"
        if finding.no_fix:
            yield f"    no fix: {finding.no_fix}"
        if finding.fix:
            yield f"    {finding.fix.safety} fix: {finding.fix.title}"
            yield from (f"    because: {reason}" for reason in finding.fix.reasons)


def findings_about(plan: Plan, verdict: Verdict) -> Sequence[Finding]:
    """The findings of ``plan`` that rest on the binding of ``verdict``."""
    return [
        finding
        for finding in plan.findings
        if finding.worker == verdict.worker
        if verdict.binding.location
        in (
            finding.location,
            *(related.location for related in finding.locations),
        )
    ]


def _fact(display: Display, location: Location, text: str) -> str:
    return f"  {display.place(location)}: {text}"


def _unknown(label: str, unknown: Unknown, display: Display) -> str:
    where = f"{display.place(unknown.location)}: " if unknown.location else ""
    return f"  {where}{label}: {unknown.reason}"
