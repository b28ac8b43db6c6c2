"""The text of a pull request: what breaks, on what evidence, and what the repair does to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codemod.bot import marks, texts
from codemod.bot.groups import Proposal
from codemod.model import Finding, Plan, Proof, ProofRow, Result, Safety, Strategy
from codemod.planner.verdicts import verdicts
from codemod.report import inert
from codemod.report.binding_map import graph, mermaid
from codemod.report.counts import amount
from codemod.report.display import Display
from codemod.runtime import judgement
from codemod.settings import GroupBy, Settings

_DISPLAY = Display()
_SHOWN = 20
_LONGEST_NAME = 200
_BINDINGS = "| binding | leads to | repair | safety |\n|---|---|---|---|\n"
_CALLS = "| binding | call | before | after | message |\n|---|---|---|---|---|\n"
_BACK = (
    "give all of it back to wfix, which drops the commits of others and their edits of its texts"
)
_RISKS = {
    Safety.SAFE: "",
    Safety.UNSAFE: (
        "\n**These repairs carry a risk**: what they change was not proved to keep its meaning. "
        "Read the reasons before you merge.\n"
    ),
    Safety.MANUAL: (
        "\n**Merging alone does not finish these repairs**: deploys have to follow in the order "
        "below, and stored data is at stake.\n"
    ),
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a pull request's text draws on beside its proposal.

    ``whole`` is the plan of all proposals; ``base`` the branch that the pull request goes to.
    """

    whole: Plan
    settings: Settings
    base: str


def title(proposal: Proposal, settings: Settings) -> str:
    """One line, without Markdown."""
    about = texts.quiet(inert.plain(proposal.about))
    match settings.bot.group_by:
        case GroupBy.TARGET:
            text = f"Repair the calls around {about}"
        case GroupBy.RULE:
            text = f"Repair what {about} finds"
        case GroupBy.REPOSITORY:
            text = "Repair the calls between Workers"
    return texts.title(f"{text} ({proposal.awaits})" if proposal.awaits else text)


def commit_message(proposal: Proposal, settings: Settings) -> str:
    """The title, then what each repair does; nothing in it is acted on by a forge."""
    titles = dict.fromkeys(
        texts.quiet(inert.plain(item.fix.title)) for item in proposal.plan.findings if item.fix
    )
    return "\n".join([title(proposal, settings), "", *(f"- {item}" for item in titles), ""])


def render(
    proposal: Proposal, context: Context, proof: Proof | None, room: int = texts.LIMIT
) -> str:
    """Below ``room`` characters, whatever the proposal holds; what is too long is left out."""
    parts = _parts(proposal, context, proof)
    return texts.body(_opening(proposal), parts, _closing(proposal, context), room)


def _opening(proposal: Proposal) -> str:
    findings = proposal.plan.findings
    files = len(proposal.plan.changes)
    safety = max((item.fix.safety for item in findings if item.fix), key=[*Safety].index)
    return (
        f"wfix found {amount(len(findings), 'fault', 'faults')} in how Workers call each other "
        f"here, and repairs {'it' if len(findings) == 1 else 'them'} in "
        f"{amount(files, 'file', 'files')}. It read the code and ran none of it.\n{_RISKS[safety]}"
    )


def _parts(proposal: Proposal, context: Context, proof: Proof | None) -> Iterator[str]:
    findings = proposal.plan.findings
    yield from _steps(findings)
    yield "\n### What breaks\n\n"
    yield from texts.in_portions(map(_fault, findings), _SHOWN, "more faults")
    yield from _bindings(findings)
    if proof:
        yield from _proof(proposal.plan, proof)
    yield _map(context)


def _steps(findings: Iterable[Finding]) -> Iterator[str]:
    every = dict.fromkeys(item.fix.steps for item in findings if item.fix and item.fix.steps)
    for steps in every:
        numbered = (f"{number}. {inert.text(step)}\n" for number, step in enumerate(steps, 1))
        yield f"\n### What is left to you, in this order\n\n{''.join(numbered)}"


def _fault(finding: Finding) -> str:
    environment = f" (environment {inert.code(finding.environment)})" if finding.environment else ""
    lines = [
        f"- {inert.code(_DISPLAY.place(finding.location))} {inert.code(finding.rule)}: "
        f"{inert.text(finding.message)}{environment}",
        f"  - evidence: {finding.evidence.mark}, {inert.text(finding.evidence.source)}",
    ]
    if finding.fix:
        lines.append(f"  - repair: {inert.text(finding.fix.title)}")
        lines += [f"  - because: {inert.text(reason)}" for reason in finding.fix.reasons]
    return "".join(f"{line}\n" for line in lines)


def _bindings(findings: Iterable[Finding]) -> Iterator[str]:
    bound = [item for item in findings if item.binding]
    if not bound:
        return
    yield f"\n### Bindings\n\n{_BINDINGS}"
    # A row below a fold would be no row of the table: what has no room is left out.
    yield from dict.fromkeys(map(_binding, bound))


def _binding(finding: Finding) -> str:
    fix = finding.fix
    target = inert.code(finding.target) if finding.target else ""
    how = inert.text(fix.strategy or fix.title) if fix else ""
    name = inert.code(f"{finding.worker}.{finding.binding}")
    return inert.row(name, target, how, fix.safety if fix else "")


def _proof(plan: Plan, proof: Proof) -> Iterator[str]:
    yield (
        f"\n### Proof\n\nTwins of the Workers, of the same shape and without their code, made "
        f"these calls on the runtime ({inert.text(proof.runtime)}).\n\n{_CALLS}"
    )
    yield from map(_call, judgement.concerned(plan, proof))


def _call(row: ProofRow) -> str:
    telling = row.telling
    said = telling.expected or telling.message
    return inert.row(
        inert.code(f"{row.worker}.{row.binding}"),
        inert.code(row.call),
        _outcome(row.before),
        _outcome(row.after),
        inert.text(said),
    )


def _outcome(result: Result | None) -> str:
    if result is None:
        return "-"
    return f"{result.outcome} (expected locally)" if result.expected else result.outcome


def _map(context: Context) -> str:
    plan = context.whole
    drawn = graph.build(plan, verdicts(plan.project), context.settings, _DISPLAY)
    chart = inert.block(mermaid.render(drawn), "mermaid")
    return texts.folded("The Workers and their bindings, as they are now", chart)


def _closing(proposal: Proposal, context: Context) -> str:
    rules = ", ".join(sorted({inert.code(item.rule) for item in proposal.plan.findings}))
    base = inert.code(context.base)
    return (
        "\n### If this is not what you want\n\n"
        f"- Leave it for good: close this pull request. It stays closed until the plan changes.\n"
        f"- Leave one place as it is: put `wfix-ignore RULE: reason` into a comment above the line "
        f"on {base}; the rules here are {rules}.\n"
        f"{_strategy(proposal)}"
        f"- Change it: commit to this branch, and wfix leaves it to you. Edit the title or this "
        f"text, and that stays too, as does what you write above or below.\n\n"
        f"{marks.rebuild_box(_BACK)}"
    )


def _strategy(proposal: Proposal) -> str:
    target = next(
        (item.target for item in proposal.plan.findings if item.fix and item.fix.strategy), None
    )
    if target is None or len(target) > _LONGEST_NAME:
        return ""
    names = ", ".join(f"`{item}`" for item in Strategy if item is not Strategy.REMOVE)
    return (
        f"- Repair {inert.code(target)} another way: set `strategy` below "
        f"{inert.code(f'[targets.{target}]')} in `wfix.toml` to one of {names}.\n"
    )
