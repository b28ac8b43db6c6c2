"""Measures wfix beside ripgrep's walk and ast-grep: ``python benchmarks --workers 10 100``.

Each number is the median of some runs of this one call, so that only their ratios tell anything.
"""

from __future__ import annotations

import argparse
import compileall
import math
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring import Measured, measure
from repository import Size, edit, write

import codemod

_RULES = Path(__file__).parent / "rules.yml"
_REFERENCE = "ast-grep scan"
# Findings (1) are what a check is for.
_ACCEPTED = {0, 1}


@dataclass(frozen=True, slots=True)
class Contender:
    """A program with its arguments.

    ``cold`` says that what it kept of earlier runs is removed, ``edits`` that a module of one
    Worker is changed before.
    """

    name: str
    command: tuple[str, ...]
    cold: bool = False
    edits: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The medians of one contender's runs on one repository, and the most memory of any."""

    workers: int
    name: str
    seconds: float
    processor: float
    peak: float | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Generates each size in turn, measures on it, and prints the table."""
    options = _options(arguments)
    compileall.compile_dir(codemod.__path__[0], quiet=1)
    rows: list[Row] = []
    print(
        f"{'Workers':>7}  {'run':24}{'wall s':>9}{'/ast-grep':>10}{'processor s':>12}"
        f"{'/ast-grep':>10}{'peak MiB':>9}"
    )
    for workers in options.workers:
        with tempfile.TemporaryDirectory(prefix="wfix-benchmark-") as folder:
            root = Path(folder) / "repository"
            write(root, Size(workers, options.files))
            contenders = [each for each in _contenders(root) if each.name not in options.without]
            found = list(_rows(workers, root, contenders, Path(folder) / "cache", options.runs))
        reference = next((row for row in found if row.name == _REFERENCE), None)
        for row in found:
            print(_line(row, reference), flush=True)
        rows += found
    for line in _growth(rows):
        print(line)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[10, 100], help="the sizes of the repositories"
    )
    parser.add_argument("--files", type=int, default=20, help="TypeScript files a Worker has")
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured")
    parser.add_argument(
        "--without", nargs="+", default=[], metavar="RUN", help="the runs that are left out"
    )
    return parser.parse_args(arguments)


def _rows(
    workers: int, root: Path, contenders: Sequence[Contender], cache: Path, runs: int
) -> Iterator[Row]:
    environment = {"XDG_CACHE_HOME": str(cache)}
    # Files that are a moment old prove nothing by their times: see codemod/scanner/cache/facts.py.
    time.sleep(3)
    measured: dict[str, list[Measured]] = {each.name: [] for each in contenders}
    # One after the other, again and again: what else the machine does meets all alike.
    for number in range(runs):
        for each in contenders:
            if each.cold:
                shutil.rmtree(cache, ignore_errors=True)
            if each.edits:
                edit(root, number)
            measured[each.name].append(measure(each.command, environment, _ACCEPTED))
    for name, found in measured.items():
        peaks = [each.peak for each in found if each.peak is not None]
        seconds = statistics.median(each.seconds for each in found)
        processor = statistics.median(each.processor for each in found)
        yield Row(workers, name, seconds, processor, max(peaks, default=None))


def _contenders(root: Path) -> Iterator[Contender]:
    wfix = (sys.executable, "-m", "codemod")
    yield Contender("python", (sys.executable, "-c", ""))
    yield Contender("wfix --version", (*wfix, "--version"))
    ripgrep, ast_grep = shutil.which("rg"), shutil.which("ast-grep")
    if ripgrep:
        yield Contender("rg --files", (ripgrep, "--files", str(root)))
    if ast_grep:
        yield Contender(
            _REFERENCE, (ast_grep, "scan", "--rule", str(_RULES), "--json=stream", str(root))
        )
    for command in ("check", "plan"):
        asked = (*wfix, command, str(root))
        yield Contender(f"wfix {command}, cold", asked, cold=True)
        yield Contender(f"wfix {command}, warm", asked)
        yield Contender(f"wfix {command}, one edited", asked, edits=True)


def _line(row: Row, reference: Row | None) -> str:
    wall = f"{row.seconds / reference.seconds:.3f}" if reference else "-"
    processor = f"{row.processor / reference.processor:.3f}" if reference else "-"
    peak = f"{row.peak:.0f}" if row.peak is not None else "-"
    return (
        f"{row.workers:>7}  {row.name:24}{row.seconds:>9.3f}{wall:>10}"
        f"{row.processor:>12.3f}{processor:>10}{peak:>9}"
    )


def _growth(rows: Sequence[Row]) -> Iterator[str]:
    """The exponent with which each processor time grows between the two largest sizes."""
    sizes = sorted({row.workers for row in rows})[-2:]
    if len(sizes) < 2:
        return
    times = {(row.workers, row.name): row.processor for row in rows}
    small, large = sizes
    for name in dict.fromkeys(row.name for row in rows):
        if not times.get((small, name)) or not times.get((large, name)):
            continue
        if name == "python" or name.endswith("--version"):
            continue
        grown = math.log(times[large, name] / times[small, name]) / math.log(large / small)
        yield f"{name}: exponent {grown:.2f} from {small} to {large} Workers"


if __name__ == "__main__":
    main()
