"""What the documents show is what the program does."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from codemod import cli
from codemod.report.rule_pages import pages
from codemod.rules import all_rules

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def wfix(*arguments: str, folder: Path = ROOT) -> str:
    command = [sys.executable, "-m", "codemod", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_readmes_diff_is_what_plan_prints():
    [shown] = [block for block in blocks(README, "console") if "wfix plan" in block]
    command, _, diff = shown.partition("\n")
    assert command == "$ wfix plan examples/atlas"
    assert diff == wfix("plan", "examples/atlas")


@pytest.mark.parametrize("example", ["atlas", "workspace"])
def test_an_examples_readme_shows_what_plan_prints_there(example):
    folder = ROOT / "examples" / example
    [shown] = blocks((folder / "README.md").read_text(), "diff")
    assert shown == wfix("plan", folder=folder)


def test_the_readme_names_every_command():
    listed = set(re.findall(r"^\| `wfix ([a-z]+)", README, re.MULTILINE))
    helped = set(re.findall(r"^  ([a-z]+)  ", wfix("--help"), re.MULTILINE))
    assert listed == helped
    assert "plan" in helped


def test_the_readme_names_every_exit_code_of_an_error():
    listed = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}
    assert listed == {0, 1, 7, cli.USAGE, *cli.EXIT_CODES.values()}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_rule_says_what_it_finds_and_on_what_evidence(rule):
    assert rule.summary.endswith(".")
    assert len(rule.summary) < 120
    for heading in ("## Evidence", "## Example", "## By hand"):
        assert heading in rule.documentation
    assert rule.evidence.mark.capitalize() in rule.documentation.split("## Evidence")[1]


def test_the_pages_of_the_rules_are_those_that_the_rules_give():
    folder = ROOT / "docs/rules"
    written = {path.name: path.read_text() for path in folder.iterdir()}
    assert written == pages(all_rules()), "run python docs/write_rules.py"


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("Decision tree", 5),
        ("Fix matrix", 13),
        ("Solutions", 5),
        ("Rules of architecture", 5),
        ("Patterns", 4),
        ("Examples", 8),
        ("Anti-patterns", 12),
    ],
)
def test_every_row_of_the_article_is_covered_and_shown_by_a_test(heading, rows):
    text = (ROOT / "docs/coverage.md").read_text()
    section = text.split(f"\n## {heading}\n")[1].partition("\n## ")[0]
    listed = section.strip().splitlines()[2:]
    assert len(listed) == rows
    for row in listed:
        assert "](../tests/" in row.split(" | ")[2], row


_COLLECTED = """
import sys, pytest

class Plugin:
    def pytest_collection_finish(self, session):
        for item in session.items:
            print("test", item.path, "slow" if item.get_closest_marker("slow") else "everyday")

options = ["-q", "--collect-only", "-n", "0", "-m", "slow or not slow"]
sys.exit(pytest.main([*options, *sys.argv[1:]], plugins=[Plugin()]))
"""


@pytest.mark.slow
def test_the_counts_of_the_promises_are_those_of_their_tests():
    document = ROOT / "docs/reliability.md"
    rows = re.findall(r"^\| .* \| (\d*) \| (\d*) \|$", document.read_text(), re.MULTILINE)
    lines = [line for line in document.read_text().splitlines() if "](../tests/" in line]
    assert len(rows) == len(lines) > 8
    linked = [
        [(document.parent / link).resolve() for link in re.findall(r"\]\(([^)]*)\)", line)]
        for line in lines
    ]
    files = [path for row in linked for path in row]
    assert len(files) == len(set(files)), "a file is counted twice"
    ran = subprocess.run(
        [sys.executable, "-c", _COLLECTED, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tests = Counter(re.findall(r"^test (.*) (slow|everyday)$", ran.stdout, re.MULTILINE))
    counted = [
        tuple(str(sum(tests[str(path), kind] for path in row)) for kind in ("everyday", "slow"))
        for row in linked
    ]
    assert rows == counted


def test_the_links_of_the_documents_lead_somewhere():
    dead = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert dead == []


def test_no_document_names_a_machine_or_a_registry():
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    forbidden = re.compile(r'"resolved":|registry\.npmjs|pypi\.org|files\.pythonhosted|/root/')
    named = [
        path
        for path in tracked
        if path
        and path != os.path.relpath(__file__, ROOT)
        and (ROOT / path).is_file()
        and forbidden.search((ROOT / path).read_text("utf-8", "replace"))
    ]
    assert named == []
