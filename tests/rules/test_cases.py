"""Every folder ``<rule>/<case>`` beside this file is a case.

``before`` is a repository, ``after`` what its plan makes of it (absent: nothing may change).
``case.toml`` says why, lists the findings, and may set what ``wfix.toml`` and the command line can.
"""

import shutil
import tomllib
from pathlib import Path

import pytest

from codemod import apply, plan, scan
from codemod.model import Finding, Safety, Strategy
from codemod.rules import all_rules, ignore_comment
from codemod.settings import Settings

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/case.toml"))


def settings_of(case: dict, rule: str) -> Settings:
    return Settings(
        select=tuple(case.get("select", (rule,))),
        external_services=tuple(case.get("external-services", ())),
        environments=tuple(case["environments"]) if "environments" in case else None,
        strategy=Strategy(case["strategy"]) if "strategy" in case else None,
        unsafe_fixes=case.get("unsafe-fixes", False),
    )


def shown(finding: Finding) -> str:
    outcome = "no fix"
    if finding.suppressed:
        outcome = "suppressed"
    elif finding.skipped:
        outcome = "skipped"
    elif finding.fix:
        outcome = f"{finding.fix.strategy or 'fix'}, {finding.fix.safety}"
    return f"{finding.worker}.{finding.binding} -> {finding.target}: {outcome}"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".wfix" not in path.parts
    }


@pytest.mark.parametrize(
    "folder", [pytest.param(case, id=f"{case.parent.name}/{case.name}") for case in CASES]
)
def test_case(folder, tmp_path):
    case = tomllib.loads((folder / "case.toml").read_text())
    settings = settings_of(case, folder.parent.name.replace("_", "-"))
    root = tmp_path / "repository"
    shutil.copytree(folder / "before", root)

    made = plan(scan(root), settings)

    assert sorted(map(shown, made.findings)) == sorted(case["findings"]), case["why"]
    apply(made, settings)
    after = folder / "after"
    assert tree(root) == tree(after if after.exists() else folder / "before"), case["why"]
    assert plan(scan(root), settings).changes == ()


def test_rules_have_the_fixes_that_they_declare():
    seen: dict[str, set[str]] = {rule.name: set() for rule in all_rules()}
    for folder in CASES:
        for line in tomllib.loads((folder / "case.toml").read_text())["findings"]:
            safety = line.rpartition(", ")[2]
            if safety in set(Safety):
                seen[folder.parent.name.replace("_", "-")].add(safety)

    # Its cases show the repairs of the rule that a comment fails to silence. A split, the only
    # manual repair, is seen in tests/planner/split.
    seen[ignore_comment.NAME].clear()
    declared = {rule.name: set(rule.fixes) - {Safety.MANUAL} for rule in all_rules()}
    assert seen == declared
