"""All cases on all releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from programs import Programs
from suite import workerd, wranglers
from suite.cases import Case, Kind, Run

AT_ONCE = 2

Measured = Mapping[tuple[str, Run], list[str]]  # the outcomes of a case, by its name, in a run


@dataclass(frozen=True)
class Releases:
    """What is measured, the oldest first: ``1.20240404`` of workerd, ``3.99.0`` of wrangler."""

    workerd: tuple[str, ...]
    wrangler: tuple[str, ...]

    def runs(self, case: Case) -> list[Run]:
        return [Run(kind, release) for kind in case.kinds for release in self._of(kind)]

    def stated(self, cases: Iterable[Case]) -> Measured:
        """The outcomes that the cases themselves state."""
        return {
            (case.name, run): [step.outcome(run) for step in case.steps(run.kind)]
            for case in cases
            for run in self.runs(case)
        }

    def _of(self, kind: Kind) -> tuple[str, ...]:
        return self.workerd if kind is Kind.WORKERD else self.wrangler


@dataclass(frozen=True)
class Bench:
    """What cases are measured with, by release: workerd's program, wrangler's in a given home."""

    workerd: Mapping[str, Path]
    wrangler: Mapping[str, Callable[[Path], Programs]]

    def measure(self, case: Case, run: Run, folder: Path) -> list[str]:
        """The outcomes of a case in one run; ``folder`` is written to."""
        if run.kind is Kind.WORKERD:
            return workerd.measure(case, self.workerd[run.release], folder)
        place = folder / "case"
        place.mkdir()
        programs = self.wrangler[run.release](folder / "home")
        return wranglers.measure(case, run.kind, programs, place)

    def measure_all(self, cases: Iterable[Case], releases: Releases, folder: Path) -> Measured:
        wanted = [(case, run) for case in cases for run in releases.runs(case)]
        places = [folder / str(number) for number in range(len(wanted))]
        for place in places:
            place.mkdir()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = pool.map(lambda what, place: self.measure(*what, place), wanted, places)
            return {
                (case.name, run): outcomes
                for (case, run), outcomes in zip(wanted, found, strict=True)
            }
