"""Plans made by hand, in a folder of files."""

import hashlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from codemod.model import (
    Deployment,
    Edit,
    Evidence,
    Exports,
    Finding,
    Fix,
    Language,
    Location,
    Mark,
    Plan,
    Project,
    Related,
    Safety,
    Span,
    Strategy,
    Unreadable,
    Usages,
    Worker,
)
from codemod.syntax.lines import LineIndex

CONFIGURATION = b"""{
  "name": "caller",
  "services": [
    { "binding": "API", "service": "api" }
  ]
}
"""
OBJECT = b'{ "binding": "API", "service": "api" }'


def worker(config_path: str) -> Worker:
    location = Location(config_path, 1, 1, Span(0, 0))
    return Worker(
        config_path=config_path,
        name=config_path,
        language=Language.JAVASCRIPT,
        main=None,
        exports=Exports(None, ()),
        usages=Usages(),
        deployments=(Deployment(None, config_path, location),),
    )


@pytest.fixture
def place():
    """The location of the first ``marked`` bytes of ``content``, all of it where none are given."""

    def place(path: str, content: bytes, marked: bytes | None = None) -> Location:
        start = content.index(marked) if marked else 0
        end = start + len(marked) if marked else len(content)
        return LineIndex(content).location(path, Span(start, end))

    return place


@pytest.fixture
def finding(place):
    """A finding on the binding of ``CONFIGURATION`` in ``w/wrangler.json``, changed as asked."""
    location = place("w/wrangler.json", CONFIGURATION, OBJECT)
    fetched = Location("w/index.ts", 2, 3, Span(10, 19))
    given = Finding(
        rule="poisoned-binding",
        worker="caller",
        environment=None,
        binding="API",
        target="api",
        location=location,
        message="API: it breaks",
        evidence=Evidence(Mark.REPORTED, "an article"),
        locations=(Related("binding", location), Related("API is fetched", fetched)),
    )
    return lambda **changes: replace(given, **changes)


@pytest.fixture
def fix(place):
    """A safe fix that gives the binding an entrypoint, changed as asked."""
    end = place("w/wrangler.json", CONFIGURATION, OBJECT).span.end - 2
    edit = Edit("w/wrangler.json", Span(end, end), ', "entrypoint": "default"')
    given = Fix(Strategy.ENTRYPOINT, Safety.SAFE, "add it", ("it is so",), (edit,))
    return lambda **changes: replace(given, **changes)


@pytest.fixture
def plan(tmp_path):
    """A plan with these findings over these files, written and read; by default the one's."""

    def plan(
        *findings: Finding,
        files: dict[str, bytes] | None = None,
        unreadable: tuple[Unreadable, ...] = (),
        **project: object,
    ) -> Plan:
        files = {"w/wrangler.json": CONFIGURATION} if files is None else files
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(content)
        read = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        workers = tuple(worker(path) for path in files if path.endswith("wrangler.json"))
        return Plan(
            Project(tmp_path, workers, unreadable=unreadable, read=read, **project), findings, ()
        )

    return plan


@pytest.fixture(scope="session")
def schemas() -> SimpleNamespace:
    folder = Path(__file__).parent / "schemas"
    return SimpleNamespace(sarif=folder / "sarif-schema-2.1.0.json", junit=folder / "junit-10.xsd")
