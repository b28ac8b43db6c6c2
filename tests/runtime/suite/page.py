"""The page ``docs/what-we-measured.md``: what is claimed beside what was measured."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from suite.cases import Case, Group, Kind, Run, Step
from suite.measuring import Measured

PAGE = Path(__file__).parents[3] / "docs" / "what-we-measured.md"
NAMES = {
    Kind.WORKERD: "workerd",
    Kind.TOGETHER: "one `wrangler dev`",
    Kind.APART: "separate `wrangler dev`",
    Kind.PAGES: "`wrangler pages dev`",
    Kind.COMMAND: "wrangler",
}
INTRODUCTION = """\
# What we measured

wfix rests on what Cloudflare's runtime does, and on what users say of it; above all on an article
of April 2026 on service bindings to Workers that export Durable Object classes. This page holds the
two side by side: each claim in the article's words, and what came of it when it was run.

It is generated, by `python -m pytest tests/runtime/suite -m slow --write-page`, from what is
measured then; the tests fail where it is out of date. Each row is a case in
`tests/runtime/suite/cases`: a few small Workers, their bindings, and the calls that one of them,
the caller, makes. The cases are run on

| | releases |
|---|---|
| **workerd**, the open-source runtime, by itself | {workerd} |
| **one `wrangler dev`**: all Workers of a case in `wrangler dev -c … -c …` | {wrangler} |
| **separate `wrangler dev`**: each Worker in one of its own | {wrangler} |
| **`wrangler pages dev`**: the caller is a Pages Function | {wrangler} |
| **wrangler**: a command line | {wrangler} |

and where a cell names no release, the outcome was the same on all of them. An outcome is a
response's status and body, what was thrown, or the value that a call returned. The Workers have the
compatibility date 2024-04-03 unless a case says otherwise. Nothing leaves the machine: the
network is a stand-in that answers with what it was asked for.

What is measured is the runtime and the tools, not Cloudflare's network, and no deployment was
made. *Does not hold* therefore means: not on these releases. What only a deployment could settle
is marked as such.
"""


class Verdict(StrEnum):
    HOLDS = "holds"
    IN_PART = "holds in part"
    FAILS = "does not hold"
    PRODUCTION = "only production can tell"


def render(groups: Iterable[Group], measured: Measured) -> str:
    """The page as text."""
    groups = list(groups)
    runs = sorted({run for _, run in measured})
    workerd = ", ".join(run.release for run in runs if run.kind is Kind.WORKERD)
    wrangler = ", ".join(run.release for run in runs if run.kind is Kind.COMMAND)
    parts = [
        INTRODUCTION.format(workerd=workerd, wrangler=wrangler),
        _summary(groups, measured),
        _differences(groups, measured),
        *(_chapter(group, measured) for group in groups),
    ]
    return "\n".join(parts)


def _summary(groups: list[Group], measured: Measured) -> str:
    lines = [
        "## The article's claims, counted\n",
        f"| | {' | '.join(Verdict)} |",
        f"|---|{'---|' * len(Verdict)}",
    ]
    for group in groups:
        verdicts = Counter(_verdict_of(case, measured) for case in group.cases if case.says)
        if verdicts:
            counts = " | ".join(str(verdicts[verdict]) for verdict in Verdict)
            lines.append(f"| {group.title} | {counts} |")
    return "\n".join(lines) + "\n"


def _differences(groups: list[Group], measured: Measured) -> str:
    lines = ["## What differs between releases\n"]
    for group in groups:
        for case in group.cases:
            kinds = [NAMES[kind] for kind in case.kinds if _differs(case, kind, measured)]
            if kinds:
                lines.append(f"- {_link(case)}: {', '.join(kinds)}")
    return "\n".join(lines) + "\n"


def _differs(case: Case, kind: Kind, measured: Measured) -> bool:
    runs = [run for name, run in measured if (name, run.kind) == (case.name, kind)]
    return len({tuple(measured[case.name, run]) for run in runs}) > 1


def _chapter(group: Group, measured: Measured) -> str:
    claimed = any(case.says for case in group.cases)
    columns = ["case", "the article", "call", "measured", "verdict"]
    if not claimed:
        columns = ["case", "call", "measured", "remark"]
    lines = [f"## {group.title}\n", f"{group.text}\n", _row(columns), "|---" * len(columns) + "|"]
    for case in group.cases:
        lines += [_row(cells) for cells in _cells(case, measured, claimed=claimed)]
    return "\n".join(lines) + "\n"


def _cells(case: Case, measured: Measured, *, claimed: bool) -> list[list[str]]:
    """A row for each step of a case; title, claim and remark stand in the first one."""
    rows = []
    for step, outcomes in _steps(case, measured):
        verdict = _verdict(case, step, outcomes)
        rows.append(["", "", _code(step.does), _outcomes(outcomes), verdict])
    rows = rows or [["", "", "", "", Verdict.PRODUCTION]]
    first = rows[0]
    first[0], first[1] = _link(case), case.says
    first[4] = "<br>".join(filter(None, [first[4], case.production, case.remark]))
    return rows if claimed else [[cells[0], *cells[2:]] for cells in rows]


def _steps(case: Case, measured: Measured) -> list[tuple[Step, dict[Run, str]]]:
    """What came of each step, in each run that takes it."""
    runs = [run for name, run in measured if name == case.name]
    found = []
    for steps, is_command in ((case.calls, False), (case.commands, True)):
        taking = [run for run in runs if (run.kind is Kind.COMMAND) == is_command]
        for number, step in enumerate(steps):
            found.append((step, {run: measured[case.name, run][number] for run in taking}))
    return found


def _verdict_of(case: Case, measured: Measured) -> Verdict:
    verdicts = {
        verdict
        for step, outcomes in _steps(case, measured)
        if (verdict := _verdict(case, step, outcomes))
    }
    if case.production or not verdicts:
        return Verdict.PRODUCTION
    return verdicts.pop() if len(verdicts) == 1 else Verdict.IN_PART


def _verdict(case: Case, step: Step, outcomes: Mapping[Run, str]) -> Verdict | str:
    if case.production:
        return Verdict.PRODUCTION
    if step.claimed is None:
        return ""
    agreeing = sum(step.agrees(outcome) for outcome in outcomes.values())
    if agreeing in (0, len(outcomes)):
        return Verdict.HOLDS if agreeing else Verdict.FAILS
    return Verdict.IN_PART


def _outcomes(outcomes: Mapping[Run, str]) -> str:
    texts = dict.fromkeys(outcomes.values())
    return "<br>".join(
        f"{_where([run for run in outcomes if outcomes[run] == text], outcomes)}: {_code(text)}"
        for text in texts
    )


def _where(runs: list[Run], all_runs: Iterable[Run]) -> str:
    """Names runs: a kind by its name, with releases where it is not all of them."""
    releases, everything = _by_kind(runs), _by_kind(all_runs)
    return "; ".join(
        NAMES[kind] if found == everything[kind] else f"{NAMES[kind]} {', '.join(found)}"
        for kind, found in releases.items()
    )


def _by_kind(runs: Iterable[Run]) -> dict[Kind, list[str]]:
    releases: dict[Kind, list[str]] = {}
    for run in runs:
        releases.setdefault(run.kind, []).append(run.release)
    return releases


def _link(case: Case) -> str:
    path = os.path.relpath(case.path, PAGE.parent)
    return f"[{case.title}]({Path(path).as_posix()})"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"
