"""What a baseline is made of, where names are not what they should be."""

import pytest

from codemod.model import Evidence, Finding, Location, Mark, Plan, Project, Span
from codemod.planner import baseline


@pytest.mark.parametrize("name", ["plain", "half \ud800", "a file's \udc80", "日本", ""])
def test_any_name_can_be_written_and_is_known_again(tmp_path, name):
    location = Location(f"{name}/wrangler.json", 1, 1, Span(0, 1))
    evidence = Evidence(Mark.REPORTED, "an article")
    finding = Finding("a-rule", name, None, name, name, location, "it breaks", evidence)
    plan = Plan(Project(tmp_path, ()), (finding,), ())
    read = baseline.decode(baseline.encode(plan))
    marked, gone = baseline.with_known(plan, read)
    assert [found.suppressed for found in marked.findings] == [True]
    assert gone == 0
