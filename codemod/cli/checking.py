"""What `wfix check` does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from codemod.cli import reporting
from codemod.cli.modes import OutputFormat
from codemod.cli.output import say, write_file
from codemod.cli.session import Request, Session, finish, planned, start
from codemod.errors import UsageError, WfixError
from codemod.model import Plan
from codemod.planner import plan as make_plan
from codemod.report.sharing import joined
from codemod.scanner.files import UnreadableFile, read_regular

DEFAULT_REASON = "known when wfix was introduced"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of ``check`` alone."""

    output_format: OutputFormat = OutputFormat.TEXT
    output_file: Path | None = None
    statistics: bool = False
    exit_zero: bool = False
    baseline: Path | None = None
    write_baseline: bool = False
    add_ignores: bool = False
    reason: str | None = None


def check(request: Request, wanted: Wanted) -> NoReturn:
    """Lists the findings, and ends the program.

    Raises ``UsageError`` for options that do not go together.
    """
    _require_fitting(wanted)
    session = start(request)
    made = planned(session)
    if wanted.write_baseline and wanted.baseline:
        write_baseline(made, wanted.baseline)
    if wanted.baseline:
        made = with_baseline(made, wanted.baseline)
    if wanted.add_ignores:
        left = add_ignores(session, made, wanted.reason or DEFAULT_REASON)
        finish(made.project, 1 if left and not wanted.exit_zero else 0)
    # Programs look for a deployment's own findings.
    shown = made if wanted.output_format is OutputFormat.JSON else joined(made)
    if wanted.statistics:
        reporting.report_statistics(shown, wanted.output_format, wanted.output_file)
    else:
        reporting.report(shown, wanted.output_format, session.display, wanted.output_file)
    found = any(finding.stands for finding in made.findings)
    finish(made.project, 1 if found and not wanted.exit_zero else 0)


def _require_fitting(wanted: Wanted) -> None:
    if wanted.write_baseline and wanted.baseline is None:
        raise UsageError("--write-baseline needs the file: --baseline FILE")
    if wanted.reason is not None and not wanted.add_ignores:
        raise UsageError("--reason belongs to --add-ignores")
    if wanted.statistics and wanted.output_format not in {OutputFormat.TEXT, OutputFormat.JSON}:
        raise UsageError(f"--statistics is printed as text or json, not as {wanted.output_format}")


def with_baseline(plan: Plan, path: Path) -> Plan:
    """``plan`` with the findings that the file at ``path`` lists marked as known.

    Raises ``UsageError`` where the file cannot be read or is no baseline.
    """
    from codemod.planner import baseline as baselines

    try:
        content = read_regular(path)
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; --write-baseline makes it") from None
    except UnreadableFile as error:
        raise UsageError(f"{path} {error}") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    marked, gone = baselines.with_known(plan, baselines.decode(content))
    if gone:
        noun, them = ("finding is", "it") if gone == 1 else ("findings are", "them")
        say(f"note: {gone} {noun} in {path} and no longer here; --write-baseline drops {them}")
    return marked


def write_baseline(plan: Plan, path: Path) -> None:
    """Writes the findings of ``plan`` to ``path``. Raises ``UsageError`` where it cannot."""
    from codemod.planner import baseline as baselines

    write_file(path, baselines.encode(plan))
    known = sum(finding.stands for finding in plan.findings)
    say(f"wrote {path}: {known} {'finding' if known == 1 else 'findings'}")


def add_ignores(session: Session, plan: Plan, reason: str) -> bool:
    """Writes a comment with ``reason`` above each finding: all of them, or none.

    Says which findings stand all the same, and whether there are any. Raises ``UsageError`` for a
    reason of more or less than one line, ``RolledBack`` where a comment would silence nothing.
    """
    from codemod.planner import ignoring
    from codemod.writer import transaction

    if not reason.strip() or not reason.isprintable() or "*/" in reason:
        raise UsageError("--reason takes one line of text")
    changes = ignoring.comments(plan, reason.strip())
    if not changes:
        say("nothing to ignore")
        return _tell_left(session, plan)
    commented = {edit.edit.path for change in changes for edit in change.edits}
    before = _standing(plan, commented)
    after = plan

    def require_silence() -> None:
        nonlocal after
        after = make_plan(session.scan(), session.settings, cache=session.cache)
        if _standing(after, commented) >= before:
            raise WfixError("the comments would silence nothing")

    transaction.apply(session.root, changes, require_silence)
    for change in changes:
        say(f"{session.display.path(change.path)}: {len(change.edits)} added")
    return _tell_left(session, after)


def _standing(plan: Plan, paths: set[str]) -> int:
    return sum(finding.stands and finding.location.path in paths for finding in plan.findings)


def _tell_left(session: Session, plan: Plan) -> bool:
    """Says of each finding that stands why a comment does not silence it."""
    from codemod.planner import ignoring

    left = [finding for finding in plan.findings if finding.stands]
    for finding in left:
        why = ignoring.obstacle(plan, finding) or "a comment there is not read"
        place = session.display.place(finding.location)
        say(f"{place}: {finding.rule} has no comment: {why}")
    return bool(left)
