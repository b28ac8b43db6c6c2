"""Repairs of one rule's own: where they may be made, and what becomes of a finding without one."""

from types import SimpleNamespace

import pytest

from codemod.errors import EditError
from codemod.model import Edit, Evidence, Finding, Fix, Location, Mark, Project, Safety, Span
from codemod.planner import fixes
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.scanner import scan
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.settings import Settings

HERE = Location("src/index.ts", 3, 1, Span(20, 30))


def finding(**facts) -> Finding:
    evidence = Evidence(Mark.MEASURED, "here")
    return Finding("a-rule", "worker", None, None, None, HERE, "it fails", evidence, **facts)


def fix(path: str) -> Fix:
    return Fix(None, Safety.SAFE, "mend it", (), (Edit(path, Span(0, 0), "x"),))


@pytest.fixture
def workshop(tmp_path) -> Workshop:
    (tmp_path / ".gitignore").write_text("build/\n")
    output = tmp_path / "dist"
    output.mkdir()
    (output / "wrangler.json").write_text('{"name": "built"}')
    project: Project = scan(tmp_path)
    files = Files(tmp_path)
    return Workshop(project, Settings(), files, Modules(files))


@pytest.fixture
def proposed(workshop, monkeypatch):
    """The finding after a rule's module has answered (or raised) ``answer``."""

    def repaired(answer: Fix | Refusal | EditError, before: Finding) -> Finding:
        def propose(_workshop, _finding):
            if isinstance(answer, EditError):
                raise answer
            return answer

        module = SimpleNamespace(propose=propose)
        monkeypatch.setattr(fixes, "_names", lambda: frozenset({"a-rule"}))
        monkeypatch.setattr(fixes, "_module", lambda _rule: module)
        (after,) = fixes.repair(workshop, [before])
        return after

    return repaired


def test_a_proposed_fix_is_taken(proposed):
    assert proposed(fix("src/index.ts"), finding()).fix == fix("src/index.ts")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Refusal("it is wrapped", HERE), "it is wrapped (src/index.ts:3)"),
        (Refusal("nothing is near", None), "nothing is near"),
        (EditError("no member stands there"), "no member stands there"),
        (fix("build/index.js"), "build/index.js is generated, installed or ignored"),
        (fix("node_modules/a/index.js"), "node_modules/a/index.js is generated, installed"),
        (fix("dist/wrangler.json"), "dist/wrangler.json is generated, installed or ignored"),
    ],
)
def test_without_a_fix_the_fault_stands_and_says_why(proposed, answer, expected):
    after = proposed(answer, finding())

    assert after.no_fix is not None
    assert after.no_fix.startswith(expected)
    assert after.fix is None
    assert after.skipped is None


def test_a_claim_that_is_not_made_gets_no_fix(proposed):
    skipped = finding(skipped="its exports cannot be told")

    assert proposed(fix("src/index.ts"), skipped) == skipped


def test_every_repair_belongs_to_a_rule():
    from codemod.rules import all_rules

    assert fixes._names() <= {rule.name for rule in all_rules()}
