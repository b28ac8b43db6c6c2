"""Reads what is not known from an earlier scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codemod.model import Suppression
from codemod.scanner import code, outline, suppressions
from codemod.scanner.cache.memory import Recalled
from codemod.scanner.cache.reading import Reading
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.scanner.parts import Done, Outline
from codemod.scanner.tracing import Trace


@dataclass(frozen=True, slots=True)
class Completed:
    """A whole scan, and what its outline and each of its tasks rest on."""

    reading: Reading
    outline: Trace
    tasks: tuple[Trace, ...]


def complete(
    recalled: Recalled,
    root: Path,
    paths: Sequence[Path],
    exclude: Sequence[str],
    changed: Mapping[str, bytes | None],
    processes: int,
) -> Completed:
    """The scan that ``recalled`` has parts of. The rest is as in ``scan``, errors included."""
    files = Files(root, changed, suppressions.WORD)
    modules = Modules(files)
    known = recalled.outline
    if known is None:
        with files.recorder.apart() as trace:
            known = (outline.read(files, modules, paths, exclude), trace)
        modules.release()
    found, outline_trace = known
    done = _done(found, recalled, modules, changed, processes)
    traces = tuple(item.trace for item in done)
    reading = Reading.of(
        found,
        [item.code for item in done],
        _suppressions(files, modules, found, recalled),
        Trace(parts=dict.fromkeys([outline_trace, *traces])),
    )
    return Completed(reading, outline_trace, traces)


def _done(
    found: Outline,
    recalled: Recalled,
    modules: Modules,
    changed: Mapping[str, bytes | None],
    processes: int,
) -> list[Done]:
    """The results of all tasks, those that are known taken over."""
    missing = [task for task in found.tasks if task not in recalled.done]
    new = dict(zip(missing, code.read(missing, modules, changed, processes), strict=True))
    return [new.get(task) or recalled.done[task] for task in found.tasks]


def _suppressions(
    files: Files, modules: Modules, found: Outline, recalled: Recalled
) -> list[Suppression]:
    new = suppressions.find(files, modules, found.configurations)
    old = [item for item in recalled.suppressions if item.location.path not in files.hashes]
    return sorted([*old, *new], key=lambda item: item.location)
