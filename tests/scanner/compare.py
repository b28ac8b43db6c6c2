"""Prints what a scan knows of each repository given, and what it could not resolve and why.

Run by hand on checked-out repositories: ``python tests/scanner/compare.py FOLDER...``
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from codemod import scan
from codemod.model import BindingKind, Exports, Project, Unknown


def bindings(project: Project) -> Iterator[str]:
    for kind in (BindingKind.SERVICE, BindingKind.DURABLE_OBJECT):
        found = [binding for _, _, binding in project.bindings(kind)]
        unknown = Counter(b.target.reason for b in found if isinstance(b.target, Unknown))
        yield f"  {kind}: {len(found)}, {len(found) - unknown.total()} resolved"
        yield from (f"    {count} x {reason}" for reason, count in unknown.most_common())


def exports(project: Project) -> Iterator[str]:
    known = [worker.exports for worker in project.workers if isinstance(worker.exports, Exports)]
    kinds = Counter(export.kind for item in known for export in item.named)
    defaults = Counter(item.default.form if item.default else "none" for item in known)
    yield f"  classes and other exports: {shown(kinds)}"
    yield f"  default exports: {shown(defaults)}"
    unknown = Counter(
        worker.exports.reason for worker in project.workers if isinstance(worker.exports, Unknown)
    )
    unknown.update(unknown_exports(known))
    yield from (f"    {count} x {reason}" for reason, count in unknown.most_common())


def unknown_exports(known: list[Exports]) -> Iterator[str]:
    for item in known:
        yield from (f"open: {gap.reason}" for gap in item.open)
        for export in (item.default, *item.named):
            if export and export.kind == "unknown":
                yield f"{export.name}: {export.because}"


def usages(project: Project) -> Iterator[str]:
    used = unused = 0
    for worker, _, binding in project.bindings(BindingKind.SERVICE):
        seen = bool(worker.usages.of(binding.name))
        used += seen
        unused += not seen
    gaps = Counter(gap.reason for worker in project.workers for gap in worker.usages.open)
    yield f"  service bindings with a use: {used}, without: {unused}"
    yield from (f"    open: {count} x {reason}" for reason, count in gaps.most_common())


def shown(counts: Counter) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.most_common()) or "none"


def main() -> None:
    for folder in map(Path, sys.argv[1:]):
        project = scan(folder)
        deployments = sum(len(worker.deployments) for worker in project.workers)
        print(f"{folder.name}: {len(project.workers)} Workers, {deployments} deployments")
        for part in (bindings, exports, usages):
            print("\n".join(part(project)))
        for item in project.unreadable:
            print(f"  unreadable: {item.path}: {item.reason}")


if __name__ == "__main__":
    main()
