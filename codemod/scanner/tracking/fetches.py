"""The calls of the global ``fetch``, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from codemod.model import GlobalFetch, Usage
from codemod.scanner.tracking.environment import GLOBAL_OBJECTS
from codemod.scanner.tracking.folding import Folder
from codemod.scanner.tracking.functions import arguments_of, called
from codemod.scanner.tracking.liveness import Liveness
from codemod.scanner.tracking.program import Module, Place, accessed_name
from codemod.syntax.typescript import text


def global_fetches(module: Module, folder: Folder, liveness: Liveness) -> Iterator[GlobalFetch]:
    """The calls of ``fetch`` in a module whose URL is known at least at its start."""
    for call in _calls(module):
        arguments = arguments_of(call)
        if not arguments:
            continue
        place = Place(module, call)
        if not liveness.runs(place):
            continue
        url = folder.fold(place.at(arguments[0]))
        if url.start:
            yield GlobalFetch(url.start, url.complete, place.location, url.vars)


def with_url(usage: Usage, target: Place | None, folder: Folder) -> Usage:
    """The fetch ``usage`` with the URL that ``target`` gives, where all of it is constant.

    A value of the configuration may differ between environments, and is no constant.
    """
    url = folder.fold(target) if target is not None else None
    if url is None or not url.complete or url.vars:
        return usage
    return replace(usage, url=url.start)


def _calls(module: Module) -> Iterator[Node]:
    scopes = module.scopes
    for call in scopes.of_type("call_expression"):
        callee = called(call)
        if callee is None:
            continue
        if callee.type == "member_expression" and accessed_name(callee) == "fetch":
            holder = callee.child_by_field_name("object")
            if holder is None or text(holder) not in GLOBAL_OBJECTS:
                continue
            callee = holder
        elif text(callee) != "fetch":
            continue
        if callee.type == "identifier" and scopes.declaration(callee) is None:
            yield call
