from dataclasses import dataclass
from pathlib import Path

import pytest

CONVERSIONS = Path(__file__).parent / "conversions"
_BESIDE = ("after.", "before.")


@dataclass(frozen=True)
class Case:
    """A folder of ``conversions``: a Worker's module before and after, and what it imports."""

    folder: Path

    @property
    def before(self) -> Path:
        return next(self.folder.glob("before.*"))

    @property
    def after(self) -> Path:
        return self.folder / f"after{self.before.suffix}"

    @property
    def others(self) -> dict[str, str]:
        files = (path for path in self.folder.iterdir() if not path.name.startswith(_BESIDE))
        return {path.name: path.read_text() for path in files}


CASES = [Case(path) for path in sorted(CONVERSIONS.iterdir()) if path.is_dir()]


def pytest_generate_tests(metafunc):
    if "case" in metafunc.fixturenames:
        params = [pytest.param(case, id=case.folder.name) for case in CASES]
        metafunc.parametrize("case", params)


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    return CASES
