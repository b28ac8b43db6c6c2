"""Which modules a Worker is made of: those that its entry module loads, directly or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from codemod.model import Unknown
from codemod.scanner.modules import External, Modules
from codemod.syntax.lines import LineIndex
from codemod.syntax.outline import Named
from codemod.syntax.typescript import SUFFIXES

# By Vite's convention; the code in such a module is most often the repository's own.
_MADE_UP = "virtual:"


@dataclass(frozen=True, slots=True)
class Reach:
    """The paths of the modules that run, of those that only types come from, and the gaps.

    A gap is an import that leads to no module, or a module that cannot be read: one for each
    reason, where it shows first.
    """

    modules: tuple[str, ...]
    type_modules: tuple[str, ...]
    gaps: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    path: str
    type_only: bool


def reachable(
    modules: Modules, roots: Sequence[str], alias: Mapping[str, str] | None = None
) -> Reach:
    """Follows imports, re-exports, ``import()`` and ``require`` from ``roots``; not into packages.

    What is imported for its types alone is followed too, and leaves no gap.
    """
    gaps: dict[str, Unknown] = {}
    pending = [_Step(root, type_only=False) for root in reversed(roots)]
    seen: dict[_Step, None] = {}
    while pending:
        step = pending.pop()
        if step in seen:
            continue
        outline = modules.outline(step.path)
        if isinstance(outline, Unknown):
            if not step.type_only:
                gaps.setdefault(outline.reason, outline)
            continue
        seen[step] = None
        for found in _imported(modules, step.path, outline.specifiers, alias):
            if isinstance(found, _Step):
                pending.append(_Step(found.path, found.type_only or step.type_only))
            elif not step.type_only:
                gaps.setdefault(found.reason, found)
    run = tuple(step.path for step in seen if not step.type_only)
    types = dict.fromkeys(step.path for step in seen if step.type_only)
    return Reach(run, tuple(path for path in types if path not in set(run)), tuple(gaps.values()))


def _imported(
    modules: Modules, path: str, specifiers: Iterable[Named], alias: Mapping[str, str] | None
) -> Iterator[_Step | Unknown]:

    @cache
    def lines() -> LineIndex:
        return LineIndex(modules.files.read(path))

    for specifier in specifiers:
        target = modules.resolve(specifier.value, path, alias)
        if isinstance(target, str) and target.endswith(SUFFIXES):
            yield _Step(target, specifier.type_only)
        elif specifier.type_only:
            continue
        elif isinstance(target, Unknown):
            yield Unknown(target.reason, lines().location(path, specifier.span))
        elif isinstance(target, External) and target.specifier.startswith(_MADE_UP):
            reason = f"a bundler makes up the module {target.specifier}"
            yield Unknown(reason, lines().location(path, specifier.span))
