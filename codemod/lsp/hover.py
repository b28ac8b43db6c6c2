"""What a binding leads to, in a few lines: its target, what that exports, the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsprotocol.types import Hover, MarkupContent, MarkupKind

from codemod.lsp.analysis import Analysis
from codemod.lsp.symbols import Symbol, reached
from codemod.model import (
    Export,
    ExportKind,
    Location,
    Method,
    MethodKind,
    Unknown,
    Worker,
)
from codemod.planner.verdicts import Subject, Verdict
from codemod.report import explanation
from codemod.report.display import Display, printable
from codemod.report.inert import code

_SYNTAX = re.compile(r"[\\`*_\[\]<>~&$!|#]")
_CALLABLE = frozenset({MethodKind.METHOD, MethodKind.GETTER})


def hover(analysis: Analysis, symbol: Symbol) -> Hover | None:
    """About the bindings of ``symbol``, as Markdown where the editor takes it."""
    text = analysis.texts.get(symbol.location.path)
    if text is None:
        return None
    if analysis.client.markdown:
        parts = ["\n".join(_lines(analysis, subject)) for subject in symbol.subjects]
        content = MarkupContent(MarkupKind.Markdown, "\n\n---\n\n".join(parts))
    else:
        explained = (
            explanation.render(analysis.plan, subject, Display()) for subject in symbol.subjects
        )
        content = MarkupContent(MarkupKind.PlainText, "\n".join(explained))
    return Hover(content, text.range(symbol.location.span))


def _lines(analysis: Analysis, subject: Subject) -> Iterator[str]:
    binding = subject.binding
    name = code(f"{subject.worker}.{binding.name}")
    yield f"{name} {_literal(explanation.role(binding))}"
    yield ""
    resolved = analysis.plan.project.resolve(binding.target)
    if resolved is None:
        reason = binding.target.reason if isinstance(binding.target, Unknown) else ""
        yield f"Its target is unknown: {_literal(reason)}"
    else:
        worker, deployment = resolved
        environment = (
            f", environment {code(deployment.environment)}" if deployment.environment else ""
        )
        place = _link(analysis, deployment.location)
        yield f"Target: {code(worker.name_of(deployment))}{environment} in {place}"
        yield ""
        yield from _exports(analysis, worker, reached(worker, binding))
    if subject.verdict:
        yield ""
        yield from _verdict(analysis, subject.verdict)


def _exports(analysis: Analysis, worker: Worker, meant: Export | None) -> Iterator[str]:
    """What ``worker`` exports, the export that is ``meant`` in bold."""
    exports = worker.exports
    if isinstance(exports, Unknown):
        yield f"What it exports is unknown: {_literal(exports.reason)}"
        return
    yield from (
        _export(analysis, export, is_meant=export == meant)
        for export in (exports.default, *exports.named)
        if export
    )
    if exports.default is None:
        yield "- no default export"
    yield from (f"- it may export more: {_literal(unknown.reason)}" for unknown in exports.open)


def _export(analysis: Analysis, export: Export, *, is_meant: bool) -> str:
    kind = export.form if export.kind is ExportKind.OBJECT else export.kind
    name = f"**{code(export.name)}**" if is_meant else code(export.name)
    handlers = [code(handler.name) for handler in export.handlers]
    methods = [_method(member) for member in export.members if member.kind in _CALLABLE]
    having = ", ".join(dict.fromkeys((*handlers, *methods)))
    more = " and more" if export.open_members else ""
    listed = f": {having}{more}" if having else ""
    return f"- {name}, {kind}{listed} ({_link(analysis, export.location)})"


def _method(member: Method) -> str:
    return code(member.name if member.kind is MethodKind.GETTER else f"{member.name}()")


def _verdict(analysis: Analysis, verdict: Verdict) -> Iterator[str]:
    reason = f" ({_literal(verdict.reason)})" if verdict.reason else ""
    yield f"Verdict: **{verdict.status}**{reason}"
    yield ""
    for finding in explanation.findings_about(analysis.plan, verdict):
        evidence = f"{finding.evidence.mark}, {finding.evidence.source}"
        yield f"- {code(finding.rule)}: {_literal(finding.message)}"
        yield f"  - evidence: {_literal(evidence)}"
        if finding.skipped:
            yield f"  - skipped: {_literal(finding.skipped)}"
        if finding.fix:
            yield f"  - {finding.fix.safety} fix: {_literal(finding.fix.title)}"


def _link(analysis: Analysis, location: Location) -> str:
    uri = analysis.snapshot.uri_of(location.path)
    return f"[{_literal(location.path)}:{location.line}](<{uri}#L{location.line}>)"


def _literal(text: str) -> str:
    """``text`` as Markdown that shows it: nothing of a repository is markup."""
    return _SYNTAX.sub(r"\\\g<0>", printable(text))
