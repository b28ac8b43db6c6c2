from pathlib import Path

import pytest

from codemod.model import DevelopmentEvidence, Location, Project, Span


def evidence(path: str, *workers: str) -> DevelopmentEvidence:
    return DevelopmentEvidence("runs them", Location(path, 1, 1, Span(0, 1)), workers)


A, B, C = "apps/a/wrangler.jsonc", "apps/b/wrangler.jsonc", "other/c/wrangler.jsonc"


@pytest.mark.parametrize(
    ("found", "asked", "concerns"),
    [
        pytest.param(evidence("package.json", A, B), [A, B], True, id="both are run together"),
        pytest.param(evidence("package.json", A, C), [A, B], True, id="one of them is run"),
        pytest.param(evidence("package.json", C), [A, B], False, id="only others are run"),
        pytest.param(evidence("package.json"), [A, B], True, id="unknown which, from the root"),
        pytest.param(evidence("apps/package.json"), [A, C], True, id="unknown which, above one"),
        pytest.param(evidence("other/package.json"), [A, B], False, id="unknown which, elsewhere"),
        pytest.param(
            evidence("app/package.json"), [A, B], False, id="a folder's name begins alike"
        ),
    ],
)
def test_evidence_counts_where_it_may_mean_one_of_the_workers(found, asked, concerns):
    project = Project(Path("/"), (), development=(found,))
    assert project.local_development(asked) == ((found,) if concerns else ())
