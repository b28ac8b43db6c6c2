"""Runs a program and measures it: time, and the memory of it and all that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY_SECONDS = 0.02
_PROC = Path("/proc")
# An installed program finds its modules compiled.
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: wall time, and the processor time of all its processes.

    ``peak`` is in MiB, None where the system does not tell (it has no ``/proc``).
    """

    seconds: float
    processor: float
    peak: float | None


def measure(command: Sequence[str], environment: Mapping[str, str], accepted: set[int]) -> Measured:
    """Runs ``command``; raises ``CalledProcessError`` for another exit code than ``accepted``.

    A traceback counts as failure too: its exit code is that of findings.
    """
    begin = time.perf_counter()
    before = os.times()
    process = subprocess.Popen(  # noqa: S603 -- programs that the benchmark names
        command,
        env={**_ENVIRONMENT, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    watched = _Watched(process.pid)
    watched.start()
    _, errors = process.communicate()
    seconds = time.perf_counter() - begin
    after = os.times()
    watched.stop()
    if process.returncode not in accepted or b"Traceback" in errors:
        failed = subprocess.CalledProcessError(process.returncode, command)
        failed.add_note(errors.decode("utf-8", "replace"))
        raise failed
    processor = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    return Measured(seconds, processor, watched.peak)


class _Watched(threading.Thread):
    """Looks at a process and its descendants now and then, and keeps the most that they held."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.peak: float | None = None
        self._process = process
        self._ended = threading.Event()

    def run(self) -> None:
        while _PROC.is_dir() and not self._ended.wait(_EVERY_SECONDS):
            held = sum(_held(process) for process in _tree(self._process)) / 1024
            self.peak = max(self.peak or 0.0, held)

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _tree(process: int) -> list[int]:
    found = [process]
    for each in found:
        try:
            tasks = (_PROC / str(each) / "task").iterdir()
            for task in tasks:
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _held(process: int) -> int:
    """KiB of a process, what it shares with others counted in parts."""
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
