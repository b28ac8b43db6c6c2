"""What a proof says of the repairs that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from codemod.model import Edit, Finding, FindingKey, Mark, Outcome, Plan, Proof, ProofRow


def disproved(plan: Plan, proof: Proof) -> dict[FindingKey, str]:
    """The findings whose repairs ``plan`` makes though the proof is against it, and why.

    A repair is disproved where a call works before it and fails after it, and where a call that
    it is to mend fails all the same, be it in another way. A failure that is expected of the local
    runtime alone counts for nothing. What one repair mends together is disproved together.
    """
    made = tuple(_repaired(plan))
    reasons: dict[int, str] = {}
    for row in proof.rows:
        for finding in _against(row, made, plan, proof):
            reasons.setdefault(id(finding), _reason(row))
    edits = {
        finding.fix.edits: reasons[id(finding)]
        for finding in made
        if finding.fix and id(finding) in reasons
    }
    return {
        finding.key: edits[finding.fix.edits]
        for finding in made
        if finding.fix and finding.fix.edits in edits
    }


def concerned(plan: Plan, proof: Proof) -> tuple[ProofRow, ...]:
    """The rows that a reader of ``plan`` looks for: of what it repairs, and all that fail."""
    about = {(finding.location, finding.environment) for finding in _repaired(plan)}
    return tuple(
        row
        for row in proof.rows
        if (row.location, row.environment) in about
        or row.before is None
        or row.after is None
        or row.telling.outcome is Outcome.FAILED
    )


def _repaired(plan: Plan) -> Iterator[Finding]:
    """The findings whose repairs are among the changes."""
    edits: set[Edit] = {planned.edit for change in plan.changes for planned in change.edits}
    for finding in plan.findings:
        if finding.fix and not finding.suppressed and edits.issuperset(finding.fix.edits):
            yield finding


def _against(row: ProofRow, made: Sequence[Finding], plan: Plan, proof: Proof) -> Iterator[Finding]:
    """The repairs that ``row`` speaks against."""
    if not row.after or row.after.outcome is not Outcome.FAILED or row.after.expected:
        return
    about = [finding for finding in made if _is_about(finding, row, proof)]
    if row.before and row.before.outcome is Outcome.PASSED:
        yield from about or _touching(made, row, plan)
        return
    if not row.before or row.before.outcome is not Outcome.FAILED or row.before.expected:
        return
    # Where another fault of the same call stands, that one may be what is left.
    if not any(_stands(finding, made, row, proof) for finding in plan.findings):
        yield from (item for item in about if _mends_nothing(item, row, proof))


def _stands(finding: Finding, made: Sequence[Finding], row: ProofRow, proof: Proof) -> bool:
    """Whether a measured fault of the call of ``row`` is left as it is."""
    return (
        finding.evidence.mark is Mark.MEASURED
        and not finding.skipped
        and finding not in made
        and _is_about(finding, row, proof)
    )


def _mends_nothing(finding: Finding, row: ProofRow, proof: Proof) -> bool:
    """Whether a repair is to mend the call of ``row``, which fails before it and after it.

    A finding that does not name its calls is about its binding. Where another call over that is
    mended, what fails in another way now has a fault beside it.
    """
    if finding.evidence.mark is not Mark.MEASURED:
        return False
    if row.before == row.after or _names(finding, row):
        return True
    return not any(_is_mended(other) for other in proof.rows if _is_about(finding, other, proof))


def _names(finding: Finding, row: ProofRow) -> bool:
    places = {finding.location, *(place.location for place in finding.locations)}
    return not places.isdisjoint(row.uses)


def _is_mended(row: ProofRow) -> bool:
    return (
        row.before is not None
        and row.before.outcome is Outcome.FAILED
        and row.after is not None
        and (row.after.outcome is Outcome.PASSED or bool(row.after.expected))
    )


def _is_about(finding: Finding, row: ProofRow, proof: Proof) -> bool:
    """Whether a finding is about the call of ``row``: by its place, or by its binding's."""
    if finding.location in row.uses:
        return True
    if (finding.location, finding.environment) != (row.location, row.environment):
        return False
    related = {place.location for place in finding.locations}
    named = [
        other
        for other in proof.rows
        if (other.location, other.environment) == (row.location, row.environment)
        and not related.isdisjoint(other.uses)
    ]
    return not named or row in named


def _touching(made: Iterable[Finding], row: ProofRow, plan: Plan) -> Iterator[Finding]:
    """Repairs that edit a file of the caller or of its target."""
    files: set[str] = set()
    for worker in plan.project.workers:
        names = {deployment.name for deployment in worker.deployments}
        if worker.config_path == row.deployment.config_path or row.target in names:
            files.update((worker.config_path, worker.main or "", *worker.usages.modules))
    for finding in made:
        if finding.fix and any(edit.path in files for edit in finding.fix.edits):
            yield finding


def _reason(row: ProofRow) -> str:
    said = row.after.message if row.after else ""
    how = "works before it and fails after it" if _worked(row) else "fails after it as before"
    return f"its proof fails: {row.worker}.{row.binding}{row.call} {how}: {said}"


def _worked(row: ProofRow) -> bool:
    return row.before is not None and row.before.outcome is Outcome.PASSED
