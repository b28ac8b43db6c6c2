"""``WorkerEntrypoint`` in a module."""

from __future__ import annotations

from codemod.planner.free_names import first_free, names_in
from codemod.planner.layout import Layout
from codemod.planner.rewrite import Rewrite
from codemod.planner.runtime_import import runtime_export
from codemod.syntax.typescript import Source

_NAME = "WorkerEntrypoint"
_ALIASES = ("BaseEntrypoint", "RuntimeEntrypoint")


def base_class(rewrite: Rewrite, source: Source, layout: Layout) -> str:
    """The expression for the base class, made available by an edit where it is not yet."""
    taken = names_in(source)
    local = _NAME if _NAME not in taken else first_free(_ALIASES, taken)
    return runtime_export(rewrite, source, layout, _NAME, local)
