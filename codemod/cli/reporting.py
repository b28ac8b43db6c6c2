"""What `wfix check` reports: in which format, where to, and whether in colours."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from codemod.cli.output import emit, write_file
from codemod.model import Plan
from codemod.report.display import Display
from codemod.report.terminal import takes_colours


def report(plan: Plan, output_format: str, display: Display, output: Path | None) -> None:
    """Prints the findings, or writes them to ``output``.

    ``output_format`` is a module of ``codemod.report``. Raises ``UsageError`` where ``output``
    cannot be written.
    """
    if output_format == "text" and output is None and takes_colours(sys.stdout):
        from codemod.report import colours, text

        emit(colours.painted(text.lines(plan, display)))
        return
    _write(import_module(f"codemod.report.{output_format}").render(plan, display), output)


def report_statistics(plan: Plan, output_format: str, output: Path | None) -> None:
    """The same for the counts by rule, which are ``text`` or ``json``."""
    from codemod.report import statistics

    render = statistics.render_json if output_format == "json" else statistics.render
    _write(render(plan), output)


def _write(content: str, output: Path | None) -> None:
    if output is None:
        emit(content)
        return
    write_file(output, content)
